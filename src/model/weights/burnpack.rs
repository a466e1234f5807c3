//! burn's own record, the burnpack (`.bpk`): a header, an index in CBOR, then the numbers. burn 0.22 saves
//! modules in it.
//!
//! burn's own reader is used on bytes in memory, where all it can ask for is bounded by the index's length;
//! places that overlap, which it takes, are refused here.

use burn_pack::{Bytes, DType, Reader, Tensor, Writer};

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::weights::collect::{Declared, collect, strip_prefix};
use crate::model::weights::cursor::{Cursor, cut_short, damaged};
use crate::model::weights::number::{ByteOrder, Number, Precision};
use crate::model::weights::{Format, NamedShapes, NamedTensors, WeightsFile, sha256_hex};
use crate::safety::limits::{MAX_AXES, MAX_INDEX_BYTES};

/// The first bytes of every burnpack.
pub(super) const SIGNATURE: [u8; 4] = burn_pack::MAGIC_NUMBER.to_le_bytes();

/// Where the index's length stands.
const LENGTH_AT: std::ops::Range<usize> = 6..10;

/// Reads a burnpack after `fits` has agreed to the shapes it declares.
///
/// # Errors
/// [`Kind::Damaged`], [`Kind::TooLarge`], [`Kind::Unsupported`], [`Kind::NotFinite`], and those of `fits`.
pub(super) fn parse(bytes: Vec<u8>, fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    let sha256 = sha256_hex(&bytes);
    check_index(&bytes)?;
    let broken = "the burnpack is damaged";
    let advise = |error: Error| error.advise("Fetch or save the weights again");
    let reader = Reader::from_bytes(Bytes::from_bytes_vec(bytes));
    let arrays = reader.and_then(Reader::into_tensors).context(Kind::Damaged, broken).map_err(advise)?;
    let mut declared = Vec::new();
    for array in arrays {
        let name = array.name.clone();
        let shape: Vec<usize> = array.shape.iter().copied().collect();
        if shape.len() > MAX_AXES {
            return Err(damaged(format!("{name} has {} axes", shape.len())));
        }
        let number = number(&name, array.dtype)?;
        let raw = array.into_bytes().context(Kind::Damaged, &name).map_err(advise)?;
        declared.push(Declared { name, shape, place: (number, raw) });
    }
    check_overlaps(&declared)?;
    let mut notes = Vec::new();
    notes.extend(strip_prefix(&mut declared));
    let tensors = collect(&declared, fits, |array| {
        let (number, raw) = &array.place;
        Ok(number.decode(ByteOrder::Little, raw))
    })?;
    Ok(WeightsFile { tensors, sha256, format: Format::Burnpack, notes })
}

/// The bytes of a burnpack with these arrays.
///
/// # Errors
/// [`Kind::NotFinite`] for a value that `precision` cannot hold, [`Kind::Internal`].
pub(super) fn to_bytes(
    tensors: &NamedTensors,
    notes: &[(&str, String)],
    precision: Precision,
) -> Result<Vec<u8>> {
    let dtype = match precision {
        Precision::Single => DType::F32,
        Precision::Half => DType::F16,
    };
    let arrays = tensors.iter().map(|(name, tensor)| {
        let raw = Bytes::from_bytes_vec(precision.encode(name, &tensor.values)?);
        Ok(Tensor::new(name.clone(), dtype, tensor.shape.clone(), None, raw))
    });
    let mut writer = Writer::new(arrays.collect::<Result<_>>()?);
    for (key, value) in notes {
        writer = writer.with_metadata(key, value);
    }
    Ok(writer.into_bytes().context(Kind::Internal, "the weights cannot be written")?.to_vec())
}

fn check_index(bytes: &[u8]) -> Result<()> {
    let length = Cursor::new(bytes.get(LENGTH_AT).ok_or_else(cut_short)?).u32()? as usize;
    if length > MAX_INDEX_BYTES {
        let what = format!("its index says it has {length} bytes; at most {MAX_INDEX_BYTES} are read");
        return Err(Error::new(Kind::TooLarge, what).advise("Choose a smaller network"));
    }
    Ok(())
}

fn number(name: &str, dtype: DType) -> Result<Number> {
    match dtype {
        DType::F16 => Ok(Number::F16),
        DType::BF16 => Ok(Number::Bf16),
        DType::F32 | DType::Flex32 => Ok(Number::F32),
        DType::F64 => Ok(Number::F64),
        other => Err(Error::new(Kind::Unsupported, format!("{name} holds {other:?} numbers"))
            .advise("Save the weights as f32, f16 or bf16")),
    }
}

/// Refuses arrays that share bytes. The arrays are views of one memory, so their addresses tell.
fn check_overlaps(declared: &[Declared<(Number, Bytes)>]) -> Result<()> {
    let mut places: Vec<_> =
        declared.iter().map(|array| (array.place.1.as_ptr_range(), &array.name)).collect();
    places.retain(|(place, _)| !place.is_empty());
    places.sort_by_key(|(place, _)| place.start);
    match places.array_windows().find(|[first, second]| second.0.start < first.0.end) {
        None => Ok(()),
        Some([first, second]) => Err(damaged(format!("{} and {} share bytes", first.1, second.1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::weights::HostTensor;

    #[test]
    fn what_is_written_is_read_back() {
        let values = vec![0.1, -2.5, 3e-7, 4.0, 5.0, 6.0];
        let tensors = NamedTensors::from([
            ("layer_a_0.bias".to_owned(), HostTensor { shape: vec![2, 3], values: values.clone() }),
            ("layer_i_0.bias".to_owned(), HostTensor { shape: vec![6], values }),
        ]);
        let bytes = to_bytes(&tensors, &[("made_by", "a test".to_owned())], Precision::Single).unwrap();
        assert!(bytes.starts_with(&SIGNATURE));
        assert_eq!(parse(bytes, |_| Ok(())).unwrap().tensors, tensors);
    }
}
