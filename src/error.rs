//! One error for the whole program: what happened, to which file, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// What sort of thing went wrong; decides nothing but lets callers and tests tell errors apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such file, illusion, model or probe.
    Missing,
    /// The file exists but has nothing in it.
    Empty,
    /// The file or folder cannot be read (permission, not a regular file).
    Unreadable,
    /// The content is of a kind that percept does not take.
    Unsupported,
    /// The content is damaged or ends too early.
    Damaged,
    /// A size, count or time is above `safety::limits`.
    TooLarge,
    /// Names or shapes do not fit the network.
    Mismatch,
    /// NaN or infinity where a number must be.
    NotFinite,
    /// An illusion's WGSL or front matter is wrong.
    Illusion,
    /// No adapter, device lost, memory exhausted.
    Gpu,
    /// A file could not be written.
    Write,
    /// What is shown flashes beyond the limits of `safety`.
    Flashes,
    /// The command line or a setting makes no sense.
    Usage,
    /// A fault of the program itself.
    Internal,
}

/// An error as the user reads it: what, which file, why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The sort of error.
    pub kind: Kind,
    /// What happened, in plain words, without a full stop.
    pub what: String,
    /// The file or folder it happened to.
    pub path: Option<PathBuf>,
    /// What to do now, in plain words; empty when there is nothing to do.
    pub advice: String,
}

/// `Result` with percept's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A new error with no file and no advice yet.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), path: None, advice: String::new() }
    }

    /// Names the file or folder.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.path = Some(path.as_ref().to_path_buf());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(self.what.trim_end())?;
        if !self.advice.is_empty() {
            // After a table the advice has a line of its own.
            let end = if self.what.trim_end().contains('\n') { "\n" } else { ". " };
            write!(f, "{end}{}", self.advice)?;
        }
        Ok(())
    }
}

impl Error {
    /// The same as a sentence of the window: with a capital, unless it begins with a file's name.
    #[must_use]
    pub fn sentence(&self) -> String {
        let text = self.to_string();
        if self.path.is_some() {
            return text;
        }
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

impl std::error::Error for Error {}

/// Turns any error into ours, with words of our own before it.
pub trait Context<T> {
    /// Wraps the error as `kind`, saying `what` went wrong before the cause's own words.
    fn context(self, kind: Kind, what: &str) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, kind: Kind, what: &str) -> Result<T> {
        self.map_err(|cause| Error::new(kind, format!("{what}: {cause}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_which_file_what_and_what_to_do() {
        let error =
            Error::new(Kind::Empty, "the file is empty").at("/tmp/a.mp4").advise("Choose another video");
        assert_eq!(error.to_string(), "/tmp/a.mp4: the file is empty. Choose another video");
        assert_eq!(error.sentence(), error.to_string());
        assert_eq!(Error::new(Kind::Empty, "nothing is there").sentence(), "Nothing is there");
        let table = Error::new(Kind::Mismatch, "these differ:\n  a: 3\n").advise("Save it again");
        assert_eq!(table.to_string(), "these differ:\n  a: 3\nSave it again");
    }
}
