//! A folder for files that are written only to be timed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Context as _, Kind, Result};

/// A new folder among the system's temporary ones; goes away with its files when it is dropped.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder.
    ///
    /// # Errors
    /// [`Kind::Write`] when it cannot be made.
    pub(super) fn new() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("percept-bench-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).context(Kind::Write, "no temporary folder can be made")?;
        Ok(Self(path))
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(cause) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!("{} is left over: {cause}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_away_with_what_is_in_it() {
        let (first, second) = (Scratch::new().unwrap(), Scratch::new().unwrap());
        assert_ne!(first.0, second.0);
        std::fs::write(first.file("a"), "b").unwrap();
        let path = first.0.clone();
        drop(first);
        assert!(!path.exists() && second.0.exists());
    }
}
