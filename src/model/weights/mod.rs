//! Weights on the host: named arrays, read and written one file per format.
//!
//! What a file is, is decided by its content. Every reader says names and shapes first, so that a file of
//! another network is refused before its numbers are read; every size is held against `safety::limits`; no
//! reader carries anything out.

use std::collections::BTreeMap;

use crate::error::{Error, Kind, Result};

mod burnpack;
mod collect;
mod cursor;
mod file;
mod hdf5;
mod keras;
mod number;
mod pytorch;
pub mod safetensors;

pub use file::{Format, parse, parse_if, read, read_if, to_bytes};
pub use number::Precision;
pub use pytorch::archive as zip_archive;

/// An array of numbers with its shape, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct HostTensor {
    /// Extents, slowest first; kernels are (out, in, row, column).
    pub shape: Vec<usize>,
    /// Values, as many as the shape says.
    pub values: Vec<f32>,
}

/// Arrays by name.
pub type NamedTensors = BTreeMap<String, HostTensor>;

/// Shapes by name: what a file declares, or what a network needs.
pub type NamedShapes = BTreeMap<String, Vec<usize>>;

/// A weights file as read.
#[derive(Clone, Debug)]
pub struct WeightsFile {
    /// The arrays.
    pub tensors: NamedTensors,
    /// SHA-256 of the file's bytes in hexadecimal.
    pub sha256: String,
    /// What kind of file it was.
    pub format: Format,
    /// What was found, turned, renamed or left aside on the way, one sentence each.
    pub notes: Vec<String>,
}

impl WeightsFile {
    /// Names and shapes.
    #[must_use]
    pub fn shapes(&self) -> NamedShapes {
        self.tensors.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect()
    }

    /// How many numbers there are in all arrays.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.tensors.values().map(|tensor| tensor.values.len()).sum()
    }
}

/// Compares shapes with what a network needs and lists everything that is missing, extra or different.
///
/// # Errors
/// [`Kind::Mismatch`] with one line per difference.
pub fn compare(found: &NamedShapes, wanted: &NamedShapes, network: &str) -> Result<()> {
    let mut lines = Vec::new();
    for (name, shape) in wanted {
        match found.get(name) {
            None => lines.push(format!("  missing    {name} {shape:?}")),
            Some(other) if other != shape => {
                lines.push(format!("  different  {name} {other:?}, needs {shape:?}"));
            }
            Some(_) => {}
        }
    }
    for (name, shape) in found.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
        lines.push(format!("  extra      {name} {shape:?}"));
    }
    if lines.is_empty() {
        return Ok(());
    }
    let what = format!("the weights do not fit a {network}:\n{}\n", lines.join("\n"));
    Err(Error::new(Kind::Mismatch, what).advise("Save the network again with the names and shapes it needs"))
}

/// SHA-256 of bytes in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        if write!(text, "{byte:02x}").is_err() {
            tracing::error!("a string could not be written");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_listed_at_once() {
        let shapes =
            |all: &[(&str, usize)]| all.iter().map(|(name, n)| ((*name).to_owned(), vec![*n])).collect();
        let found: NamedShapes = shapes(&[("a", 1), ("b", 2), ("d", 4)]);
        let wanted: NamedShapes = shapes(&[("a", 1), ("b", 3), ("c", 3)]);
        let text = compare(&found, &wanted, "PredNet").unwrap_err().to_string();
        for part in ["different  b [2], needs [3]", "missing    c [3]", "extra      d [4]"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains(" a ["), "{text}");
        assert!(compare(&found, &found, "PredNet").is_ok());
    }

    #[test]
    fn the_hash_is_the_standard_one() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex(b""), empty);
    }
}
