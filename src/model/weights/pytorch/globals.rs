//! The few names that a pickle of numbers needs. Everything else stays a name and is refused.

use super::pickle::{Ref, Tensor, Value};
use crate::error::Result;
use crate::model::weights::cursor::damaged;
use crate::model::weights::number::Number;

/// Most axes of a tensor in a pickle. (A network's arrays have four.)
const MAX_TENSOR_AXES: usize = 8;

/// What a storage's class says of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StorageType {
    /// Numbers that are read.
    Number(Number),
    /// Whole numbers, truth values and the like, of so many bytes.
    Other(&'static str, usize),
}

impl StorageType {
    /// Bytes of one number.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Number(number) => number.bytes(),
            Self::Other(_, bytes) => bytes,
        }
    }
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A storage's class.
    Storage(StorageType),
    /// Makes a tensor of a storage.
    Tensor,
    /// Makes a parameter of a tensor.
    Parameter,
    /// Makes a dictionary.
    Dict,
    /// Makes extents of a tuple.
    Size,
    /// Makes what is of no use here.
    Nothing,
}

/// What `module.name` stands for, if it is known and harmless.
pub(super) fn find(module: &str, name: &str) -> Option<Call> {
    use StorageType::{Number as Of, Other};
    Some(match (module, name) {
        ("torch._utils", "_rebuild_tensor_v2") => Call::Tensor,
        ("torch._utils", "_rebuild_parameter") => Call::Parameter,
        ("collections", "OrderedDict") => Call::Dict,
        ("torch", "Size") => Call::Size,
        ("torch", "device") => Call::Nothing,
        ("torch", "FloatStorage") => Call::Storage(Of(Number::F32)),
        ("torch", "HalfStorage") => Call::Storage(Of(Number::F16)),
        ("torch", "BFloat16Storage") => Call::Storage(Of(Number::Bf16)),
        ("torch", "DoubleStorage") => Call::Storage(Of(Number::F64)),
        ("torch", "LongStorage") => Call::Storage(Other("int64", 8)),
        ("torch", "IntStorage") => Call::Storage(Other("int32", 4)),
        ("torch", "ShortStorage") => Call::Storage(Other("int16", 2)),
        ("torch", "CharStorage") => Call::Storage(Other("int8", 1)),
        ("torch", "ByteStorage") => Call::Storage(Other("uint8", 1)),
        ("torch", "BoolStorage") => Call::Storage(Other("bool", 1)),
        _ => return None,
    })
}

/// What a call gives, computed here and not in Python.
///
/// # Errors
/// [`crate::error::Kind::Damaged`] for arguments that do not fit.
pub(super) fn apply(call: Call, arguments: &[Ref], values: &[Value]) -> Result<Value> {
    let argument = |number: usize| arguments.get(number).and_then(|&place| values.get(place));
    match call {
        Call::Tensor => tensor(argument(0), argument(1), [argument(2), argument(3)], values),
        Call::Parameter => match argument(0) {
            Some(Value::Tensor(tensor)) => Ok(Value::Tensor(tensor.clone())),
            _ => Err(damaged("a parameter in the pickle is no tensor")),
        },
        // filled by later instructions; one made of a list is of no use here
        Call::Dict => Ok(Value::Dict(Vec::new())),
        Call::Size => match argument(0) {
            Some(Value::List(items)) if items.len() <= MAX_TENSOR_AXES => Ok(Value::List(items.clone())),
            _ => Err(damaged("a size in the pickle is no list of extents")),
        },
        Call::Nothing => Ok(Value::Nothing),
        Call::Storage(_) => Err(damaged("the pickle makes a storage of its own")),
    }
}

fn tensor(
    storage: Option<&Value>,
    offset: Option<&Value>,
    lists: [Option<&Value>; 2],
    values: &[Value],
) -> Result<Value> {
    let [Some(shape), Some(strides)] = lists.map(|list| whole_numbers(list?, values)) else {
        return Err(damaged("a tensor in the pickle has no shape"));
    };
    match (storage, offset) {
        (Some(Value::Storage(storage)), Some(&Value::Int(offset))) => {
            Ok(Value::Tensor(Tensor { storage: storage.clone(), offset, shape, strides }))
        }
        _ => Err(damaged("a tensor in the pickle has no numbers")),
    }
}

fn whole_numbers(list: &Value, values: &[Value]) -> Option<Vec<i64>> {
    let Value::List(items) = list else { return None };
    let number = |place: &Ref| match values.get(*place) {
        Some(Value::Int(number)) => Some(*number),
        _ => None,
    };
    (items.len() <= MAX_TENSOR_AXES).then(|| items.iter().map(number).collect())?
}
