//! Opening a weights file of any kind, and the bytes of one.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::model::weights::{
    NamedShapes, NamedTensors, Precision, WeightsFile, burnpack, hdf5, keras, pytorch, safetensors,
};
use crate::safety::limits::MAX_HELD_WEIGHTS_BYTES;

/// A kind of weights file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Names, shapes and numbers, nothing else: percept's own choice.
    Safetensors,
    /// HDF5 as Keras writes it; read only.
    Keras,
    /// A state dict as `torch.save` writes it.
    PyTorch,
    /// burn's own record, a burnpack.
    Burnpack,
}

impl Format {
    /// What a file is, by its first bytes. What is nothing else is taken for safetensors, which has no
    /// signature and says itself what is wrong with it.
    #[must_use]
    pub fn of(start: &[u8]) -> Self {
        if start.starts_with(hdf5::SIGNATURE) {
            Self::Keras
        } else if start.starts_with(pytorch::SIGNATURE) || start.starts_with(pytorch::LEGACY_SIGNATURE) {
            Self::PyTorch
        } else if start.starts_with(&burnpack::SIGNATURE) {
            Self::Burnpack
        } else {
            Self::Safetensors
        }
    }

    /// What a file to be written is meant to be, by its ending.
    ///
    /// # Errors
    /// [`Kind::Usage`] with the endings that there are.
    pub fn of_ending(path: &Path) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "safetensors" => Ok(Self::Safetensors),
            "pt" | "pth" => Ok(Self::PyTorch),
            "bpk" => Ok(Self::Burnpack),
            _ => Err(Error::new(Kind::Usage, "weights are written as .safetensors, .pt or .bpk")
                .at(path)
                .advise("Choose a name with one of these endings")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safetensors => "safetensors",
            Self::Keras => "Keras HDF5",
            Self::PyTorch => "PyTorch",
            Self::Burnpack => "burnpack",
        })
    }
}

/// Reads a weights file of any kind.
///
/// # Errors
/// Those of [`safetensors::read`], for every kind.
pub fn read(path: &Path) -> Result<WeightsFile> {
    read_if(path, |_| Ok(()))
}

/// As [`read`], after `fits` has agreed to the names and shapes that the file declares.
///
/// # Errors
/// As [`read`], and those of `fits`.
pub fn read_if(path: &Path, fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    match held(path).map_err(|error| error.at(path))? {
        Some(bytes) => parse_if(bytes, fits).map_err(|error| error.at(path)),
        None => safetensors::read_if(path, fits),
    }
}

/// Reads weights of any kind from memory.
///
/// # Errors
/// As [`read`], with no path.
pub fn parse(bytes: Vec<u8>) -> Result<WeightsFile> {
    parse_if(bytes, |_| Ok(()))
}

/// As [`parse`], after `fits` has agreed to the names and shapes.
///
/// # Errors
/// As [`parse`], and those of `fits`.
pub fn parse_if(bytes: Vec<u8>, fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    match Format::of(&bytes) {
        Format::Safetensors => safetensors::parse_if(&bytes, fits),
        Format::Keras => keras::parse(&bytes, fits),
        Format::Burnpack => burnpack::parse(bytes, fits),
        Format::PyTorch if bytes.starts_with(pytorch::LEGACY_SIGNATURE) => {
            pytorch::parse_legacy(&bytes, fits)
        }
        Format::PyTorch => pytorch::parse(&bytes, fits),
    }
}

/// The bytes of a weights file.
///
/// # Errors
/// [`Kind::Usage`] for a kind that is only read, [`Kind::NotFinite`] for a value that `precision` cannot hold,
/// [`Kind::Internal`].
pub fn to_bytes(
    format: Format,
    tensors: &NamedTensors,
    notes: &[(&str, String)],
    precision: Precision,
) -> Result<Vec<u8>> {
    match format {
        Format::Safetensors => safetensors::to_bytes_as(tensors, notes, precision),
        Format::PyTorch => pytorch::to_bytes(tensors, precision),
        Format::Burnpack => burnpack::to_bytes(tensors, notes, precision),
        Format::Keras => Err(Error::new(Kind::Usage, "Keras files are read and not written")
            .advise("Write .safetensors or .pt")),
    }
}

/// The whole of a file that has to be held in memory as it is; `None` for safetensors, which has not.
fn held(path: &Path) -> Result<Option<Vec<u8>>> {
    let metadata = std::fs::metadata(path);
    // what is no file is left to the reader that explains it
    let Some(length) = metadata.ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len()) else {
        return Ok(None);
    };
    let cannot = |cause: std::io::Error| {
        Error::new(Kind::Unreadable, format!("the file cannot be read ({cause})"))
            .advise("Check that you may read it")
    };
    let mut file = File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    file.by_ref().take(pytorch::LEGACY_SIGNATURE.len() as u64).read_to_end(&mut bytes).map_err(cannot)?;
    let format = Format::of(&bytes);
    if format == Format::Safetensors {
        return Ok(None);
    }
    if length > MAX_HELD_WEIGHTS_BYTES {
        let what = format!(
            "the file has {length} bytes; of {format} files at most {MAX_HELD_WEIGHTS_BYTES} are read"
        );
        return Err(Error::new(Kind::TooLarge, what).advise("Save the network's weights alone"));
    }
    file.take(MAX_HELD_WEIGHTS_BYTES).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(Format::of(b"\x89HDF\r\n\x1a\n\0\0"), Format::Keras);
        assert_eq!(Format::of(b"PK\x03\x04\0\0"), Format::PyTorch);
        assert_eq!(Format::of(b"NRUB\x01\0"), Format::Burnpack);
        for other in [&b"\x80\0\0\0\0\0\0\0{"[..], b"", b"\x89PNG"] {
            assert_eq!(Format::of(other), Format::Safetensors);
        }
    }

    #[test]
    fn an_ending_decides_what_is_written() {
        assert_eq!(Format::of_ending(Path::new("a/b.PT")).unwrap(), Format::PyTorch);
        let error = Format::of_ending(Path::new("a/b.h5")).unwrap_err();
        assert!(error.to_string().contains(".safetensors, .pt or .bpk"), "{error}");
    }
}
