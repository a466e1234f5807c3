//! The numbers behind a figure as JSON, with where they come from. A value that is not finite is `null`.

use serde_json::json;

use crate::error::{Context as _, Kind, Result};
use crate::figure::Figure;
use crate::figure::paper::PaperSize;

/// The file's bytes: `{"format", "figure": {title, panels: [{title, x, y, series, marks}], notes, provenance}}`.
///
/// # Errors
/// [`Kind::Internal`] when the figure cannot be written as JSON.
pub fn bytes(figure: &Figure, _size: PaperSize, _dpi: f64) -> Result<Vec<u8>> {
    let value = json!({ "format": "percept-figure-1", "figure": figure });
    serde_json::to_vec_pretty(&value).context(Kind::Internal, "the figure cannot be written as JSON")
}
