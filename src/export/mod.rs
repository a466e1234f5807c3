//! Files that leave the program: one file per format, all written to a temporary name and renamed.
//!
//! A new figure format is one file with `fn bytes(figure, size, dpi) -> Result<Vec<u8>>` and one line in
//! `FORMATS`.

use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::figure::Figure;
use crate::figure::paper::PaperSize;

pub mod caption;
pub mod csv;
mod flashes;
pub mod gif;
pub mod json;
pub mod mp4;
pub mod npz;
pub mod pdf;
pub mod picture;
pub mod png;
pub mod responses;
pub mod svg;

/// A format that figures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureFormat {
    /// Scalable vector graphics, faces embedded.
    Svg,
    /// Pixels at a chosen resolution.
    Png,
    /// Vector PDF with real text.
    Pdf,
    /// The numbers behind the figure.
    Json,
}

type Bytes = fn(&Figure, PaperSize, f64) -> Result<Vec<u8>>;

/// Every figure format with its file ending, its name for people and what makes it.
const FORMATS: [(FigureFormat, &str, &str, Bytes); 4] = [
    (FigureFormat::Svg, "svg", "SVG (vector)", svg::bytes),
    (FigureFormat::Png, "png", "PNG (pixels)", png::bytes),
    (FigureFormat::Pdf, "pdf", "PDF (vector)", pdf::bytes),
    (FigureFormat::Json, "json", "JSON (numbers)", json::bytes),
];

/// Resolution of pixel formats where none is asked for: what journals ask for.
pub const DEFAULT_DPI: f64 = 300.0;

impl FigureFormat {
    /// All formats, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// File ending without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.row().map_or("", |row| row.1)
    }

    /// Name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().map_or("", |row| row.2)
    }

    /// The format that a file name asks for by its ending.
    ///
    /// # Errors
    /// [`Kind::Usage`] for any other ending; the message lists those there are.
    pub fn from_path(path: &Path) -> Result<Self> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let row = FORMATS.iter().find(|row| ending.as_deref() == Some(row.1));
        row.map(|row| row.0).ok_or_else(|| {
            let endings: Vec<_> = FORMATS.iter().map(|row| format!(".{}", row.1)).collect();
            Error::new(Kind::Usage, "a figure cannot be written in this format")
                .at(path)
                .advise(format!("End the name with one of: {}", endings.join(", ")))
        })
    }

    fn row(self) -> Option<&'static (Self, &'static str, &'static str, Bytes)> {
        FORMATS.iter().find(|row| row.0 == self)
    }
}

/// Writes a figure in the format that the file name asks for. `dpi` is for PNG alone.
///
/// # Errors
/// [`Kind::Usage`] for an unknown ending, [`Kind::TooLarge`] for more pixels than are allowed,
/// [`Kind::Write`] when the file cannot be written; an older file of that name is kept then.
pub fn write_figure(path: &Path, figure: &Figure, size: PaperSize, dpi: f64) -> Result<()> {
    let format = FigureFormat::from_path(path)?;
    let row = format.row().ok_or_else(|| Error::new(Kind::Internal, "a format has no writer"))?;
    let bytes = (row.3)(figure, size, dpi).map_err(|error| error.at(path))?;
    crate::atomic::write(path, &bytes)
}
