//! The safetensors format: an 8-byte length, a JSON header with names, types, shapes and places, then the
//! numbers. Read with every length checked before memory is asked for.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::weights::collect::{common_prefix, prefix_note};
use crate::model::weights::number::{ByteOrder, Number, Precision, check_finite};
use crate::model::weights::{Format, HostTensor, NamedShapes, NamedTensors, WeightsFile, sha256_hex};
use crate::safety::limits::{MAX_HEADER_BYTES, MAX_WEIGHTS_BYTES};

const LENGTH_BYTES: u64 = 8;
/// What to do with a file that is none of this kind.
const CHOOSE: &str = "Choose a safetensors, Keras HDF5, PyTorch or burnpack file, or fetch it again";

/// Reads a weights file: `f64`, `f32`, `f16` or `bf16` arrays, all as `f32`.
///
/// # Errors
/// [`Kind::Missing`], [`Kind::Unreadable`], [`Kind::Empty`], [`Kind::TooLarge`], [`Kind::Damaged`],
/// [`Kind::Unsupported`] or [`Kind::NotFinite`], each with the file and, where there is one, the array.
pub fn read(path: &Path) -> Result<WeightsFile> {
    read_if(path, |_| Ok(()))
}

/// Reads a weights file after `fits` has agreed to the shapes it declares, so that a file of another network
/// is refused before its numbers are read.
///
/// # Errors
/// As [`read`], and those of `fits`.
pub fn read_if(path: &Path, fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    read_file(path, fits).map_err(|error| error.at(path))
}

fn read_file(path: &Path, fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    let metadata = std::fs::metadata(path).map_err(|cause| cannot_read(&cause))?;
    if !metadata.is_file() {
        return Err(
            Error::new(Kind::Unreadable, "this is not a regular file").advise("Choose a weights file")
        );
    }
    let length = metadata.len();
    check_length(length)?;
    let mut file = File::open(path).map_err(|cause| cannot_read(&cause))?;
    let mut head = [0; LENGTH_BYTES as usize];
    file.read_exact(&mut head).map_err(|_| cut_short())?;
    let header_length = check_header_length(u64::from_le_bytes(head), length)?;
    let mut bytes = head.to_vec();
    read_to(&mut file, &mut bytes, header_length)?;
    let header = parse_header(bytes.get(LENGTH_BYTES as usize..).unwrap_or_default())?;
    let data_length = length - LENGTH_BYTES - header_length;
    check_data_length(&header, data_length)?;
    fits(&shapes(&header))?;
    read_to(&mut file, &mut bytes, data_length)?;
    decode(&header, &bytes, (LENGTH_BYTES + header_length) as usize)
}

/// Reads weights from memory, with the checks of [`read`].
///
/// # Errors
/// As [`read`], with no path.
pub fn parse(bytes: &[u8]) -> Result<WeightsFile> {
    parse_if(bytes, |_| Ok(()))
}

/// As [`parse`], after `fits` has agreed to the names and shapes.
///
/// # Errors
/// As [`parse`], and those of `fits`.
pub fn parse_if(bytes: &[u8], fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    let length = bytes.len() as u64;
    check_length(length)?;
    let head = bytes.first_chunk::<{ LENGTH_BYTES as usize }>().ok_or_else(cut_short)?;
    let header_length = check_header_length(u64::from_le_bytes(*head), length)?;
    let start = (LENGTH_BYTES + header_length) as usize;
    let header = parse_header(bytes.get(LENGTH_BYTES as usize..start).ok_or_else(cut_short)?)?;
    check_data_length(&header, length - start as u64)?;
    fits(&shapes(&header))?;
    decode(&header, bytes, start)
}

/// The bytes of a safetensors file with these arrays as `f32` and `notes` in its metadata.
///
/// # Errors
/// [`Kind::Internal`] when an array's shape does not fit its values.
pub fn to_bytes(tensors: &NamedTensors, notes: &[(&str, String)]) -> Result<Vec<u8>> {
    to_bytes_as(tensors, notes, Precision::Single)
}

/// As [`to_bytes`], as `f32` or `f16`.
///
/// # Errors
/// As [`to_bytes`], and [`Kind::NotFinite`] for a value that `precision` cannot hold.
pub fn to_bytes_as(
    tensors: &NamedTensors,
    notes: &[(&str, String)],
    precision: Precision,
) -> Result<Vec<u8>> {
    use safetensors::tensor::TensorView;
    let dtype = match precision {
        Precision::Single => Dtype::F32,
        Precision::Half => Dtype::F16,
    };
    let raw =
        tensors.iter().map(|(name, tensor)| Ok((name, tensor, precision.encode(name, &tensor.values)?)));
    let raw: Vec<(&String, &HostTensor, Vec<u8>)> = raw.collect::<Result<_>>()?;
    let views: Result<Vec<_>> = raw
        .iter()
        .map(|(name, tensor, bytes)| {
            let view = TensorView::new(dtype, tensor.shape.clone(), bytes);
            Ok((name.as_str(), view.context(Kind::Internal, name)?))
        })
        .collect();
    let notes = notes.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let bytes = safetensors::serialize(views?, Some(notes));
    steady(bytes.context(Kind::Internal, "the weights cannot be written")?)
}

/// The same file with the names in its header in order: the notes come in a random one, and the same weights should
/// make the same file.
fn steady(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let length = bytes.first_chunk().map_or(0, |head| u64::from_le_bytes(*head));
    let start = LENGTH_BYTES as usize;
    let header = bytes.get_mut(start..start + length as usize).ok_or_else(cut_short)?;
    let names: serde_json::Value =
        serde_json::from_slice(header).context(Kind::Internal, "the header cannot be read")?;
    let mut ordered = names.to_string().into_bytes();
    if ordered.len() <= header.len() {
        ordered.resize(header.len(), b' ');
        header.copy_from_slice(&ordered);
    }
    Ok(bytes)
}

fn check_length(length: u64) -> Result<()> {
    if length == 0 {
        return Err(Error::new(Kind::Empty, "the file is empty").advise("Fetch the weights again"));
    }
    if length > MAX_WEIGHTS_BYTES {
        let what = format!("the file has {length} bytes; at most {MAX_WEIGHTS_BYTES} are read");
        return Err(Error::new(Kind::TooLarge, what).advise("Choose a smaller network"));
    }
    Ok(())
}

fn check_header_length(header: u64, file: u64) -> Result<u64> {
    if header > file.saturating_sub(LENGTH_BYTES) {
        return Err(cut_short());
    }
    if header > MAX_HEADER_BYTES {
        let what = format!("its header says it has {header} bytes; at most {MAX_HEADER_BYTES} are read");
        return Err(Error::new(Kind::TooLarge, what).advise(CHOOSE));
    }
    Ok(header)
}

fn parse_header(bytes: &[u8]) -> Result<Metadata> {
    serde_json::from_slice(bytes)
        .context(Kind::Damaged, "this is not a safetensors file, or its header is damaged")
        .map_err(|error| error.advise(CHOOSE))
}

fn check_data_length(header: &Metadata, found: u64) -> Result<()> {
    let said = header.data_len() as u64;
    if said > found {
        return Err(cut_short());
    }
    if said < found {
        let what = format!("{} bytes lie after the last array", found - said);
        return Err(Error::new(Kind::Damaged, what).advise("Fetch the weights again"));
    }
    Ok(())
}

fn shapes(header: &Metadata) -> NamedShapes {
    let prefix = prefix(header).unwrap_or_default();
    let own = |name: String| name.strip_prefix(&prefix).map(str::to_owned).unwrap_or(name);
    header.tensors().into_iter().map(|(name, info)| (own(name), info.shape.clone())).collect()
}

fn prefix(header: &Metadata) -> Option<String> {
    common_prefix(header.tensors().keys().map(String::as_str))
}

fn decode(header: &Metadata, bytes: &[u8], start: usize) -> Result<WeightsFile> {
    let data = bytes.get(start..).unwrap_or_default();
    let prefix = prefix(header);
    let mut tensors = NamedTensors::new();
    let mut named: Vec<_> = header.tensors().into_iter().collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, info) in named {
        let name = prefix.as_ref().and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(&name).to_owned();
        let values = numbers(&name, info, data)?;
        check_finite(&name, &values)?;
        if tensors.insert(name.clone(), HostTensor { shape: info.shape.clone(), values }).is_some() {
            return Err(Error::new(Kind::Damaged, format!("{name} is there twice"))
                .advise("Save each network in a file of its own"));
        }
    }
    let notes = prefix.iter().map(|prefix| prefix_note(prefix)).collect();
    Ok(WeightsFile { tensors, sha256: sha256_hex(bytes), format: Format::Safetensors, notes })
}

fn numbers(name: &str, info: &TensorInfo, data: &[u8]) -> Result<Vec<f32>> {
    let raw = data.get(info.data_offsets.0..info.data_offsets.1).ok_or_else(cut_short)?;
    let number = match info.dtype {
        Dtype::F16 => Number::F16,
        Dtype::BF16 => Number::Bf16,
        Dtype::F32 => Number::F32,
        Dtype::F64 => Number::F64,
        other => {
            return Err(Error::new(Kind::Unsupported, format!("{name} holds {other:?} numbers"))
                .advise("Save the weights as f32, f16 or bf16"));
        }
    };
    Ok(number.decode(ByteOrder::Little, raw))
}

fn read_to(file: &mut File, bytes: &mut Vec<u8>, length: u64) -> Result<()> {
    bytes
        .try_reserve_exact(length as usize)
        .context(Kind::TooLarge, "there is not enough memory for the weights")?;
    let read = file.take(length).read_to_end(bytes).map_err(|cause| cannot_read(&cause))?;
    if (read as u64) < length { Err(cut_short()) } else { Ok(()) }
}

fn cut_short() -> Error {
    Error::new(Kind::Damaged, "the file ends too early or is not a safetensors file").advise(CHOOSE)
}

fn cannot_read(cause: &std::io::Error) -> Error {
    match cause.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(Kind::Missing, "there is no such file").advise("Check the name")
        }
        _ => Error::new(Kind::Unreadable, format!("the file cannot be read ({cause})"))
            .advise("Check that you may read it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_weights_make_the_same_file() {
        let tensor = HostTensor { shape: vec![2], values: vec![1.0, -2.5] };
        let tensors: NamedTensors = ["b", "a"].map(|name| (name.to_owned(), tensor.clone())).into();
        let notes = ["one", "two", "three", "four"].map(|name| (name, format!("\"{name}\"\n")));
        let first = to_bytes(&tensors, &notes).unwrap();
        assert!((0..20).all(|_| to_bytes(&tensors, &notes).unwrap() == first));
        assert_eq!(parse(&first).unwrap().tensors, tensors);
    }
}
