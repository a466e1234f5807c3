//! Pickles, read and never carried out: a stack machine that knows containers, numbers, texts and the few
//! constructors of tensors. Whatever else a pickle would call is refused by its name.
//!
//! Values lie in one list and refer to one another by place, so that a pickle can nest or contain itself
//! without a stack to overflow, and its memory is bounded by its length.

use std::collections::HashMap;

use super::globals::{self, Call};
use crate::error::{Error, Kind, Result};
use crate::model::weights::cursor::{Cursor, damaged};
use crate::safety::limits::MAX_PICKLE_VALUES;

/// Longest name of a storage in bytes.
const MAX_KEY: usize = 64;

/// The place of a value.
pub(super) type Ref = usize;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// `None`, and what is of no use here.
    Nothing,
    /// `True`, `False` and whole numbers.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes,
    /// A tuple or a list.
    List(Vec<Ref>),
    /// A dictionary.
    Dict(Vec<(Ref, Ref)>),
    /// A class or function, by name.
    Global(Call),
    /// What the archive keeps outside the pickle, with its key.
    Storage(Storage),
    /// A tensor.
    Tensor(Tensor),
}

/// Numbers kept outside the pickle.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Storage {
    /// What the numbers are.
    pub(super) number: globals::StorageType,
    /// Name in the archive.
    pub(super) key: String,
    /// How many.
    pub(super) count: i64,
}

/// A view of a storage.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor {
    /// The numbers.
    pub(super) storage: Storage,
    /// The first of them.
    pub(super) offset: i64,
    /// Extents.
    pub(super) shape: Vec<i64>,
    /// Numbers from one place to the next along each axis.
    pub(super) strides: Vec<i64>,
}

/// A pickle that has been read.
#[derive(Debug)]
pub(super) struct Pickle {
    values: Vec<Value>,
    root: Ref,
}

impl Pickle {
    /// The outermost value.
    pub(super) fn root(&self) -> &Value {
        self.get(self.root)
    }

    /// All storages that are named.
    pub(super) fn storages(&self) -> impl Iterator<Item = &Storage> {
        self.values.iter().filter_map(|value| match value {
            Value::Storage(storage) => Some(storage),
            _ => None,
        })
    }

    /// The value at a place.
    pub(super) fn get(&self, place: Ref) -> &Value {
        self.values.get(place).unwrap_or(&Value::Nothing)
    }
}

/// Reads one pickle and leaves `cursor` after it.
///
/// # Errors
/// [`Kind::Damaged`]; [`Kind::Unsupported`] for what would call code, with its name.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Pickle> {
    let mut machine = Machine::default();
    loop {
        let code = cursor.u8()?;
        if code == b'.' {
            let root = machine.pop()?;
            return Ok(Pickle { values: machine.values, root });
        }
        machine.step(code, cursor)?;
    }
}

#[derive(Debug, Default)]
struct Machine {
    values: Vec<Value>,
    stack: Vec<Ref>,
    marks: Vec<usize>,
    memo: HashMap<u32, Ref>,
}

impl Machine {
    fn step(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<()> {
        match code {
            0x80 => check_protocol(cursor.u8()?),
            // a frame only says how much to read ahead
            0x95 => cursor.take(8).map(|_| ()),
            b'(' => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            b'0' => self.pop().map(|_| ()),
            b'1' => self.pop_to_mark().map(|_| ()),
            b'N' | b')' | b']' | b'}' | 0x88 | 0x89 => self.constant(code),
            b'J' | b'K' | b'M' | 0x8a | b'G' => self.number(code, cursor),
            b'X' | 0x8c | 0x8d | b'T' | b'U' | b'B' | b'C' => self.text(code, cursor),
            b't' | b'l' | b'd' | 0x85..=0x87 => self.gather(code),
            b'a' | b'e' | b's' | b'u' => self.append(code),
            b'q' | b'r' | 0x94 | b'h' | b'j' | b'2' => self.memo(code, cursor),
            b'c' | 0x93 => self.global(code, cursor),
            b'Q' => self.storage(),
            b'R' => self.reduce(),
            b'b' => self.build(),
            0x81 | 0x92 | b'i' | b'o' => Err(would_call("a class")),
            _ => Err(Error::new(Kind::Unsupported, format!("the pickle has the instruction {code:#04x}"))
                .advise("Save the state_dict with torch.save")),
        }
    }

    fn push(&mut self, value: Value) -> Result<()> {
        if self.values.len() >= MAX_PICKLE_VALUES {
            let what = format!("its pickle has more than {MAX_PICKLE_VALUES} values");
            return Err(Error::new(Kind::TooLarge, what).advise("Save the state_dict alone"));
        }
        self.stack.push(self.values.len());
        self.values.push(value);
        Ok(())
    }

    fn constant(&mut self, code: u8) -> Result<()> {
        self.push(match code {
            b')' | b']' => Value::List(Vec::new()),
            b'}' => Value::Dict(Vec::new()),
            0x88 => Value::Int(1),
            0x89 => Value::Int(0),
            _ => Value::Nothing,
        })
    }

    fn number(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<()> {
        let value = match code {
            b'J' => Value::Int(i64::from(cursor.u32()?.cast_signed())),
            b'K' => Value::Int(i64::from(cursor.u8()?)),
            b'M' => Value::Int(i64::from(cursor.u16()?)),
            b'G' => Value::Float(f64::from_be_bytes(cursor.array()?)),
            _ => {
                let length = usize::from(cursor.u8()?);
                long(cursor.take(length)?)
            }
        };
        self.push(value)
    }

    fn text(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<()> {
        let length = match code {
            0x8c | b'U' | b'C' => u64::from(cursor.u8()?),
            0x8d => cursor.u64()?,
            _ => u64::from(cursor.u32()?),
        };
        let bytes = cursor.take_long(length)?;
        let text = if matches!(code, b'B' | b'C') { None } else { str::from_utf8(bytes).ok() };
        self.push(text.map_or(Value::Bytes, |text| Value::Text(text.to_owned())))
    }

    fn gather(&mut self, code: u8) -> Result<()> {
        let items = match code {
            b't' | b'l' | b'd' => self.pop_to_mark()?,
            _ => {
                let count = usize::from(code - 0x84);
                let from = self.stack.len().checked_sub(count).filter(|&from| from >= self.floor());
                self.stack.split_off(from.ok_or_else(underflow)?)
            }
        };
        let value = if code == b'd' { Value::Dict(pairs(&items)?) } else { Value::List(items) };
        self.push(value)
    }

    fn append(&mut self, code: u8) -> Result<()> {
        let items = match code {
            b'a' => vec![self.pop()?],
            b's' => {
                let value = self.pop()?;
                vec![self.pop()?, value]
            }
            _ => self.pop_to_mark()?,
        };
        let top = self.top()?;
        match (self.values.get_mut(top), code) {
            (Some(Value::List(list)), b'a' | b'e') => list.extend(items),
            (Some(Value::Dict(dict)), b's' | b'u') => dict.extend(pairs(&items)?),
            _ => return Err(damaged("the pickle adds to what is no container")),
        }
        Ok(())
    }

    fn memo(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<()> {
        match code {
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
            }
            b'q' | b'r' | 0x94 => {
                let key = match code {
                    b'q' => u32::from(cursor.u8()?),
                    b'r' => cursor.u32()?,
                    _ => self.memo.len() as u32,
                };
                let top = self.top()?;
                self.memo.insert(key, top);
            }
            _ => {
                let key = if code == b'h' { u32::from(cursor.u8()?) } else { cursor.u32()? };
                let kept =
                    self.memo.get(&key).ok_or_else(|| damaged("the pickle recalls what it never kept"))?;
                self.stack.push(*kept);
            }
        }
        Ok(())
    }

    fn global(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<()> {
        let (module, name) = if code == b'c' {
            (line(cursor)?, line(cursor)?)
        } else {
            let (name, module) = (self.pop()?, self.pop()?);
            (self.take_text(module)?, self.take_text(name)?)
        };
        let call = globals::find(&module, &name).ok_or_else(|| would_call(&format!("{module}.{name}")))?;
        self.push(Value::Global(call))
    }

    /// A reference to a storage: `("storage", its type, its key, where it was, how many numbers)`.
    fn storage(&mut self) -> Result<()> {
        let place = self.pop()?;
        let wrong = || damaged("the pickle refers to numbers in an unknown way");
        let Some(Value::List(parts)) = self.values.get(place) else { return Err(wrong()) };
        // old files add of what it is a part
        let &[_kind, number, key, _device, count, ..] = parts.as_slice() else { return Err(wrong()) };
        let part = |place: Ref| self.values.get(place);
        let (Some(Value::Global(Call::Storage(number))), Some(Value::Text(key)), Some(Value::Int(count))) =
            (part(number), part(key), part(count))
        else {
            return Err(wrong());
        };
        if key.len() > MAX_KEY {
            return Err(wrong());
        }
        let storage = Storage { number: *number, key: key.clone(), count: *count };
        self.push(Value::Storage(storage))
    }

    fn reduce(&mut self) -> Result<()> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let (Some(Value::Global(call)), Some(Value::List(arguments))) =
            (self.values.get(callee), self.values.get(arguments))
        else {
            return Err(would_call("what is no function"));
        };
        let value = globals::apply(*call, arguments, &self.values)?;
        self.push(value)
    }

    /// Attributes of a dictionary (`PyTorch`'s `_metadata`) are dropped; nothing else has any.
    fn build(&mut self) -> Result<()> {
        self.pop()?;
        let top = self.top()?;
        match self.values.get(top) {
            Some(Value::Dict(_)) => Ok(()),
            _ => Err(would_call("a class")),
        }
    }

    /// The length of the stack at the last mark: what is below is not for taking.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Result<Ref> {
        self.stack.last().copied().ok_or_else(underflow)
    }

    fn pop(&mut self) -> Result<Ref> {
        if self.stack.len() <= self.floor() {
            return Err(underflow());
        }
        self.stack.pop().ok_or_else(underflow)
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Ref>> {
        let mark = self.marks.pop().filter(|&mark| mark <= self.stack.len()).ok_or_else(underflow)?;
        Ok(self.stack.split_off(mark))
    }

    fn take_text(&self, place: Ref) -> Result<String> {
        match self.values.get(place) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => Err(damaged("the pickle names something by what is no text")),
        }
    }
}

/// A whole number of any length, least byte first; what does not fit 64 bits is of no use here.
fn long(bytes: &[u8]) -> Value {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    if bytes.len() > 8 {
        return Value::Nothing;
    }
    let start = if negative { -1 } else { 0 };
    Value::Int(bytes.iter().rev().fold(start, |all, &byte| (all << 8) | i64::from(byte)))
}

fn check_protocol(version: u8) -> Result<()> {
    if version > 5 { Err(damaged(format!("a pickle of protocol {version}"))) } else { Ok(()) }
}

fn pairs(items: &[Ref]) -> Result<Vec<(Ref, Ref)>> {
    let (pairs, rest) = items.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(damaged("a dictionary in the pickle has a key without a value"));
    }
    Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect())
}

/// A line of text, without its end.
fn line(cursor: &mut Cursor<'_>) -> Result<String> {
    let end = cursor.rest().iter().take(512).position(|&byte| byte == b'\n');
    let bytes = cursor.take(end.ok_or_else(|| damaged("a name in the pickle has no end"))?)?;
    cursor.take(1)?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

fn underflow() -> Error {
    damaged("the pickle takes what it never put")
}

fn would_call(what: &str) -> Error {
    Error::new(Kind::Unsupported, format!("the pickle would call {what} in Python; it was not called"))
        .advise("Save numbers alone: torch.save(net.state_dict(), \"net.pt\")")
}
