//! A figure as SVG: faces and provenance are part of the file.

use crate::error::Result;
use crate::figure::paper::PaperSize;
use crate::figure::{Figure, svg};

/// The file's bytes.
///
/// # Errors
/// Never; the signature is that of all formats.
#[allow(clippy::unnecessary_wraps, reason = "one signature for all figure formats")]
pub fn bytes(figure: &Figure, size: PaperSize, _dpi: f64) -> Result<Vec<u8>> {
    Ok(svg::to_svg(figure, size).into_bytes())
}
