//! A command's report on standard output: in words, or as one JSON object.

use std::io::Write as _;

use crate::error::{Context as _, Error, Kind, Result};

/// Prints it. A reader that has gone is no error.
///
/// # Errors
/// [`Kind::Write`] when standard output cannot be written.
pub(super) fn print<T: serde::Serialize>(report: &T, json: bool, words: impl Fn(&T) -> String) -> Result<()> {
    let text = if json {
        serde_json::to_string_pretty(report)
            .context(Kind::Internal, "the report cannot be written as JSON")?
    } else {
        words(report)
    };
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Write, format!("standard output cannot be written ({cause})")))
        }
        _ => Ok(()),
    }
}
