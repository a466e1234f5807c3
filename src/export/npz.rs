//! Arrays of any probe as NPZ: one `.npy` per array in a zip, as `numpy.load` reads it. Written as it comes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use npyz::WriterBuilder as _;
use npyz::zip::CompressionMethod;
use npyz::zip::result::ZipError;
use npyz::zip::write::FileOptions;

use crate::atomic::{Pending, cannot_write};
use crate::error::{Error, Kind, Result};

/// Members above this are written with 64-bit sizes.
const ZIP64_ABOVE: u64 = 3 << 30;

/// An NPZ file that is being made. Until [`NpzWriter::finish`] an older file of that name is untouched;
/// dropped, it leaves nothing.
pub struct NpzWriter {
    // Before `pending`, so that the file is closed before its temporary name is removed.
    archive: npyz::npz::NpzWriter<BufWriter<File>>,
    pending: Pending,
    target: PathBuf,
    names: BTreeSet<String>,
}

impl std::fmt::Debug for NpzWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NpzWriter")
            .field("target", &self.target)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl NpzWriter {
    /// Starts the file, so that a bad folder is told before the work and not after it.
    ///
    /// # Errors
    /// [`Kind::Write`] when the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let pending = Pending::new(path)?;
        let file = File::create(pending.path()).map_err(|cause| cannot_write(path, &cause))?;
        let archive = npyz::npz::NpzWriter::new(BufWriter::new(file));
        Ok(Self { archive, pending, target: path.to_path_buf(), names: BTreeSet::new() })
    }

    /// Adds an array of 32-bit floats in C order.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the name is taken or `values` do not fill `shape`; [`Kind::Write`] when the
    /// disk is full.
    pub fn add(&mut self, name: &str, shape: &[u64], values: &[f32]) -> Result<()> {
        let expected = shape.iter().try_fold(1u64, |all, &side| all.checked_mul(side));
        if expected != Some(values.len() as u64) {
            let what = format!("array \"{name}\" has {} values, which do not fill {shape:?}", values.len());
            return Err(Error::new(Kind::Internal, what).at(&self.target));
        }
        let options = self.member(name, 4 * values.len() as u64)?;
        let array = self.archive.array::<f32>(name, options);
        array
            .and_then(|array| array.default_dtype().shape(shape).begin_nd())
            .and_then(|mut writer| {
                writer.extend(values.iter().copied())?;
                writer.finish()
            })
            .map_err(|cause| cannot_write(&self.target, &bare(cause)))
    }

    /// Adds a text, for example metadata as JSON; `str(file[name])` gives it back in Python.
    ///
    /// # Errors
    /// As [`NpzWriter::add`].
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<()> {
        // numpy drops zero characters at the end of a text.
        let text = text.trim_end_matches('\0');
        let length = text.chars().count().max(1) as u64;
        let options = self.member(name, 4 * length)?;
        let dtype = npyz::DType::Plain(format!("<U{length}").parse().map_err(|cause| {
            Error::new(Kind::Internal, format!("the text's type cannot be written: {cause}")).at(&self.target)
        })?);
        let array = self.archive.array::<str>(name, options);
        array
            .and_then(|array| array.dtype(dtype).shape(&[]).begin_nd())
            .and_then(|mut writer| {
                writer.push(text)?;
                writer.finish()
            })
            .map_err(|cause| cannot_write(&self.target, &bare(cause)))
    }

    /// Closes the file and gives it its name.
    ///
    /// # Errors
    /// [`Kind::Write`] when the disk is full; an older file of that name is kept then.
    pub fn finish(mut self) -> Result<()> {
        let closed =
            self.archive.zip_writer().finish().map_err(std::io::Error::from).and_then(|mut out| out.flush());
        closed.map_err(|cause| cannot_write(&self.target, &bare(cause)))?;
        self.pending.commit()
    }

    fn member(&mut self, name: &str, bytes: u64) -> Result<FileOptions> {
        let plain =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-[],".contains(c));
        if !plain || name.starts_with('.') || !self.names.insert(name.to_owned()) {
            let what = format!("\"{name}\" cannot be the name of an array, or is taken");
            return Err(Error::new(Kind::Internal, what).at(&self.target));
        }
        let options = FileOptions::default().compression_method(CompressionMethod::Deflated);
        Ok(options.compression_level(Some(1)).large_file(bytes > ZIP64_ABOVE))
    }
}

/// The cause under the zip library's own error, which says whether the disk is full.
fn bare(cause: std::io::Error) -> std::io::Error {
    match cause.downcast::<ZipError>() {
        Ok(ZipError::Io(cause)) | Err(cause) => cause,
        Ok(other) => other.into(),
    }
}
