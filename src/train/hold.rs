//! One training at a time in a folder: while it runs, it holds a lock there, which goes with the process, however that
//! ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::atomic::cannot_write;
use crate::error::{Error, Kind, Result};

const NAME: &str = ".training.lock";
/// Those who only look hold the lock for a moment: so often is it tried, so far apart.
const TRIES: u32 = 25;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// A folder that is held by this training.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

impl Held {
    /// Takes a folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`Kind::Usage`] when another training has it, [`Kind::Write`] when nothing can be written there.
    pub(super) fn take(out: &Path) -> Result<Self> {
        std::fs::create_dir_all(out).map_err(|cause| cannot_write(out, &cause))?;
        let path = out.join(NAME);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|cause| cannot_write(&path, &cause))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::Error(cause)) => {
                    // Some network drives have no locks: two trainings in one folder are then the user's affair.
                    tracing::debug!("{}: cannot be locked: {cause}", path.display());
                    return Ok(Self { _file: file });
                }
            }
        }
        Err(Error::new(Kind::Usage, "a training is running in this folder")
            .at(out)
            .advise("Stop it first, or choose another folder"))
    }
}

/// Whether a training has this folder now; `None` where it takes no lock (an older percept) or the drive has none.
pub(super) fn is_held(out: &Path) -> Option<bool> {
    match File::open(out.join(NAME)).ok()?.try_lock_shared() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_until_it_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new");
        assert_eq!(is_held(&out), None);
        let held = Held::take(&out).unwrap();
        assert_eq!(is_held(&out), Some(true));
        let error = Held::take(&out).unwrap_err();
        assert!(error.kind == Kind::Usage && error.path.as_deref() == Some(&out), "{error}");
        drop(held);
        assert_eq!(is_held(&out), Some(false));
        Held::take(&out).unwrap();
    }
}
