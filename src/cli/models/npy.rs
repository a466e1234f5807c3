//! Reading one array of 32-bit floats from a `.npy` file, as `numpy.save` writes it. Every length is checked
//! before memory is asked for.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Context as _, Error, Kind, Result};
use crate::safety::limits::MAX_ARRAY_BYTES;

/// Longest header; numpy's own have 128 bytes.
const MAX_HEADER: usize = 64 * 1024;

/// An array of four axes, row-major.
#[derive(Debug)]
pub(super) struct Array {
    pub(super) shape: [u64; 4],
    pub(super) values: Vec<f32>,
}

/// Reads a file.
///
/// # Errors
/// [`Kind::Missing`], [`Kind::Unreadable`], [`Kind::Empty`], [`Kind::TooLarge`], [`Kind::Damaged`] for what
/// is no whole `.npy` file, and [`Kind::Mismatch`] for other numbers, order or axes.
pub(super) fn read(path: &Path) -> Result<Array> {
    let metadata = std::fs::metadata(path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::Missing, "there is no such file"),
        _ => Error::new(Kind::Unreadable, format!("the file cannot be read ({cause})")),
    })?;
    if !metadata.is_file() {
        return Err(Error::new(Kind::Unreadable, "this is not a regular file"));
    }
    if metadata.len() == 0 {
        return Err(Error::new(Kind::Empty, "the file is empty"));
    }
    if metadata.len() > MAX_ARRAY_BYTES {
        return Err(Error::new(Kind::TooLarge, format!("the file has more than {MAX_ARRAY_BYTES} bytes")));
    }
    let file = File::open(path).context(Kind::Unreadable, "the file cannot be read")?;
    parse(file, metadata.len())
}

/// Reads from anything that is `length` bytes long.
pub(super) fn parse(mut reader: impl Read, length: u64) -> Result<Array> {
    let header = header(&mut reader)?;
    let field = |name: &str| header.split_once(name).map(|(_, rest)| rest.trim_start());
    let damaged = || Error::new(Kind::Damaged, "the header of the .npy file is damaged");
    let kind = field("'descr':").ok_or_else(damaged)?;
    if !kind.starts_with("'<f4'") {
        let kind = kind.split(',').next().unwrap_or_default();
        return Err(Error::new(Kind::Mismatch, format!("the array holds {kind} numbers, not '<f4'")));
    }
    if !field("'fortran_order':").ok_or_else(damaged)?.starts_with("False") {
        return Err(Error::new(Kind::Mismatch, "the array is in Fortran order"));
    }
    let shape =
        field("'shape':").and_then(|rest| rest.strip_prefix('(')).and_then(|rest| rest.split_once(')'));
    let axes = shape.ok_or_else(damaged)?.0.split(',').map(str::trim).filter(|axis| !axis.is_empty());
    let axes: Vec<u64> = axes.map(str::parse).collect::<Result<_, _>>().map_err(|_| damaged())?;
    let &[time, channels, rows, columns] = axes.as_slice() else {
        return Err(Error::new(Kind::Mismatch, format!("the array is shaped {axes:?}")));
    };
    let shape = [time, channels, rows, columns];
    let bytes = shape.iter().try_fold(4_u64, |all, &axis| all.checked_mul(axis));
    let Some(bytes) = bytes.filter(|&bytes| bytes <= length) else {
        return Err(Error::new(Kind::Damaged, format!("the file is too short for an array of {shape:?}")));
    };
    let mut raw = Vec::new();
    raw.try_reserve_exact(bytes as usize).context(Kind::TooLarge, "there is not enough memory")?;
    reader.take(bytes).read_to_end(&mut raw).context(Kind::Unreadable, "the file cannot be read")?;
    if raw.len() as u64 != bytes {
        return Err(Error::new(Kind::Damaged, "the file ends too early"));
    }
    let values = raw.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Ok(Array { shape, values })
}

/// The Python dictionary at the start of the file.
fn header(reader: &mut impl Read) -> Result<String> {
    let damaged = |what: &str| Error::new(Kind::Damaged, what.to_owned());
    let mut next = |count: usize| {
        let mut bytes = vec![0; count];
        reader.read_exact(&mut bytes).map_err(|_| damaged("this is not a whole .npy file"))?;
        Ok(bytes)
    };
    let start = next(8)?;
    let length = match start.strip_prefix(b"\x93NUMPY") {
        Some([1, _]) => next(2)?,
        Some([2 | 3, _]) => next(4)?,
        _ => return Err(damaged("this is not a .npy file")),
    };
    let length = length.iter().rev().fold(0, |all, &byte| 256 * all + usize::from(byte));
    if length > MAX_HEADER {
        return Err(damaged("the header of the .npy file is too long"));
    }
    String::from_utf8(next(length)?).map_err(|_| damaged("the header of the .npy file is damaged"))
}
