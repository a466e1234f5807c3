//! Writing whole files or none: a temporary name beside the target, then a rename.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

/// A file that is being made. Until [`Pending::commit`] the target is untouched; dropped, it leaves nothing.
#[derive(Debug)]
pub struct Pending {
    temporary: Option<PathBuf>,
    target: PathBuf,
}

impl Pending {
    /// Claims a temporary name beside `target` and checks that it can be written, so that a bad folder is
    /// told before the work and not after it. Makes the folder where it is missing.
    ///
    /// # Errors
    /// [`Kind::Write`] when the folder cannot be made or written.
    pub fn new(target: &Path) -> Result<Self> {
        let folder =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|cause| cannot_write(folder, &cause))?;
        let name = target.file_name().ok_or_else(|| {
            Error::new(Kind::Write, "this is not a file name").at(target).advise("Choose a name for the file")
        })?;
        let mut hidden = std::ffi::OsString::from(format!(".percept-{}-", std::process::id()));
        hidden.push(name);
        let temporary = folder.join(hidden);
        std::fs::File::create(&temporary).map_err(|cause| cannot_write(target, &cause))?;
        Ok(Self { temporary: Some(temporary), target: target.to_path_buf() })
    }

    /// The temporary file to write to.
    pub fn path(&self) -> &Path {
        self.temporary.as_deref().unwrap_or(&self.target)
    }

    /// The name that the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives it another name in the same folder, which is decided only once it is made.
    pub fn rename(&mut self, target: &Path) {
        self.target = target.to_path_buf();
    }

    /// Makes the file safe on disk and gives it its name.
    ///
    /// # Errors
    /// [`Kind::Write`] when the disk is full or the name cannot be taken; the old target is kept.
    pub fn commit(mut self) -> Result<()> {
        let Some(temporary) = self.temporary.take() else { return Ok(()) };
        let done = std::fs::File::open(&temporary)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&temporary, &self.target));
        done.map_err(|cause| {
            self.temporary = Some(temporary);
            cannot_write(&self.target, &cause)
        })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary
            && let Err(cause) = std::fs::remove_file(temporary)
        {
            tracing::warn!("{}: the temporary file is left over: {cause}", temporary.display());
        }
    }
}

/// Writes `bytes` as a whole file or not at all.
///
/// # Errors
/// [`Kind::Write`] with the file and what to do.
pub fn write(target: &Path, bytes: &[u8]) -> Result<()> {
    let pending = Pending::new(target)?;
    let wrote = std::fs::File::create(pending.path()).and_then(|mut file| file.write_all(bytes));
    wrote.map_err(|cause| cannot_write(target, &cause))?;
    pending.commit()
}

/// The error of a write that failed, with what to do about its cause.
pub fn cannot_write(target: &Path, cause: &std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let advice = match cause.kind() {
        Io::StorageFull | Io::QuotaExceeded => "Free some space or choose another disk; nothing is lost",
        Io::PermissionDenied | Io::ReadOnlyFilesystem => {
            "Choose a folder that you may write to; nothing is lost"
        }
        _ => "Choose another folder; nothing is lost",
    };
    Error::new(Kind::Write, format!("the file cannot be written ({cause})")).at(target).advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_file_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        write(&target, b"old").unwrap();
        let pending = Pending::new(&target).unwrap();
        std::fs::write(pending.path(), b"half").unwrap();
        drop(pending);
        assert_eq!(std::fs::read(&target).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_full_disk_is_told_with_what_to_do() {
        let error = write(Path::new("/dev/full/x"), b"x").unwrap_err();
        assert_eq!(error.kind, Kind::Write);
        assert!(error.to_string().contains("nothing is lost"), "{error}");
    }
}
