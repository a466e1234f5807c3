//! The safetensors format: an 8-byte length, a JSON header with names, types, shapes and places, then the
//! numbers. Read with every length checked before memory is asked for.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use burn::tensor::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::weights::{HostTensor, NamedShapes, NamedTensors, WeightsFile, sha256_hex};
use crate::safety::limits::{MAX_HEADER_BYTES, MAX_WEIGHTS_BYTES};

const LENGTH_BYTES: u64 = 8;

/// Reads a weights file: `f32`, `f16` or `bf16` arrays, all as `f32`.
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
            Error::new(Kind::Unreadable, "this is not a regular file").advise("Choose a .safetensors file")
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
    let length = bytes.len() as u64;
    check_length(length)?;
    let head = bytes.first_chunk::<{ LENGTH_BYTES as usize }>().ok_or_else(cut_short)?;
    let header_length = check_header_length(u64::from_le_bytes(*head), length)?;
    let start = (LENGTH_BYTES + header_length) as usize;
    let header = parse_header(bytes.get(LENGTH_BYTES as usize..start).ok_or_else(cut_short)?)?;
    check_data_length(&header, length - start as u64)?;
    decode(&header, bytes, start)
}

/// The bytes of a safetensors file with these arrays as `f32` and `notes` in its metadata.
///
/// # Errors
/// [`Kind::Internal`] when an array's shape does not fit its values.
pub fn to_bytes(tensors: &NamedTensors, notes: &[(&str, String)]) -> Result<Vec<u8>> {
    use safetensors::tensor::TensorView;
    let raw: Vec<(&String, &HostTensor, Vec<u8>)> = tensors
        .iter()
        .map(|(name, tensor)| (name, tensor, tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let views: Result<Vec<_>> = raw
        .iter()
        .map(|(name, tensor, bytes)| {
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes);
            Ok((name.as_str(), view.context(Kind::Internal, name)?))
        })
        .collect();
    let notes = notes.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    safetensors::serialize(views?, Some(notes)).context(Kind::Internal, "the weights cannot be written")
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
        return Err(Error::new(Kind::TooLarge, what).advise("Choose a .safetensors file"));
    }
    Ok(header)
}

fn parse_header(bytes: &[u8]) -> Result<Metadata> {
    serde_json::from_slice(bytes)
        .context(Kind::Damaged, "this is not a safetensors file, or its header is damaged")
        .map_err(|error| error.advise("Choose a .safetensors file, or fetch it again"))
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
    header.tensors().into_iter().map(|(name, info)| (name, info.shape.clone())).collect()
}

fn decode(header: &Metadata, bytes: &[u8], start: usize) -> Result<WeightsFile> {
    let data = bytes.get(start..).unwrap_or_default();
    let mut tensors = NamedTensors::new();
    let mut named: Vec<_> = header.tensors().into_iter().collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, info) in named {
        let values = numbers(&name, info, data)?;
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            let what = format!("{name} holds {} at place {place}", values.get(place).unwrap_or(&f32::NAN));
            return Err(Error::new(Kind::NotFinite, what)
                .advise("The training went wrong or the file is damaged: choose an earlier checkpoint"));
        }
        tensors.insert(name, HostTensor { shape: info.shape.clone(), values });
    }
    Ok(WeightsFile { tensors, sha256: sha256_hex(bytes) })
}

fn numbers(name: &str, info: &TensorInfo, data: &[u8]) -> Result<Vec<f32>> {
    let raw = data.get(info.data_offsets.0..info.data_offsets.1).ok_or_else(cut_short)?;
    match info.dtype {
        Dtype::F32 => Ok(chunks(raw, f32::from_le_bytes)),
        Dtype::F16 => Ok(chunks(raw, |bytes| f16::from_le_bytes(bytes).to_f32())),
        Dtype::BF16 => Ok(chunks(raw, |bytes| bf16::from_le_bytes(bytes).to_f32())),
        other => Err(Error::new(Kind::Unsupported, format!("{name} holds {other:?} numbers"))
            .advise("Save the weights as f32, f16 or bf16")),
    }
}

fn chunks<const N: usize>(raw: &[u8], convert: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    raw.as_chunks::<N>().0.iter().map(|bytes| convert(*bytes)).collect()
}

fn read_to(file: &mut File, bytes: &mut Vec<u8>, length: u64) -> Result<()> {
    bytes
        .try_reserve_exact(length as usize)
        .context(Kind::TooLarge, "there is not enough memory for the weights")?;
    let read = file.take(length).read_to_end(bytes).map_err(|cause| cannot_read(&cause))?;
    if (read as u64) < length { Err(cut_short()) } else { Ok(()) }
}

fn cut_short() -> Error {
    Error::new(Kind::Damaged, "the file ends too early or is not a safetensors file")
        .advise("Fetch the weights again")
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
