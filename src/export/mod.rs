//! Files that leave the program: one file per format, all written to a temporary name and renamed.
//!
//! A new figure format is one file with `fn bytes(figure, size, dpi) -> Result<Vec<u8>>` and one line in
//! [`FORMATS`].

use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::figure::Figure;
use crate::figure::paper::PaperSize;

pub mod atomic;

                .advise(format!("End the name with one of: {}", endings.join(", ")))
                .at(path)
            Error::new(Kind::Usage, "a figure cannot be written in this format")
            let endings: Vec<_> = FORMATS.iter().map(|row| format!(".{}", row.1)).collect();
        FORMATS.iter().find(|row| row.0 == self)
        FORMATS.iter().map(|(format, ..)| *format)
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let row = FORMATS.iter().find(|row| ending.as_deref() == Some(row.1));
        row.map(|row| row.0).ok_or_else(|| {
        self.row().map_or("", |row| row.1)
        self.row().map_or("", |row| row.2)
        })
    #[must_use]
    (FigureFormat::Json, "json", "JSON (numbers)", json::bytes),
    (FigureFormat::Pdf, "pdf", "PDF (vector)", pdf::bytes),
    (FigureFormat::Png, "png", "PNG (pixels)", png::bytes),
    (FigureFormat::Svg, "svg", "SVG (vector)", svg::bytes),
    ///
    /// # Errors
    /// All formats, in the order in which they are offered.
    /// File ending without the dot.
    /// Name for people.
    /// Pixels at a chosen resolution.
    /// Scalable vector graphics, faces embedded.
    /// The format that a file name asks for by its ending.
    /// The numbers behind the figure.
    /// Vector PDF with real text.
    /// [`Kind::Usage`] for any other ending; the message lists those there are.
    Json,
    Pdf,
    Png,
    Svg,
    atomic::write(path, &bytes)
    fn row(self) -> Option<&'static (Self, &'static str, &'static str, Bytes)> {
    let bytes = (row.3)(figure, size, dpi).map_err(|error| error.at(path))?;
    let format = FigureFormat::from_path(path)?;
    let row = format.row().ok_or_else(|| Error::new(Kind::Internal, "a format has no writer"))?;
    pub fn all() -> impl Iterator<Item = Self> {
    pub fn extension(self) -> &'static str {
    pub fn from_path(path: &Path) -> Result<Self> {
    pub fn label(self) -> &'static str {
    }
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
///
/// # Errors
/// A format that figures are written in.
/// Every figure format with its file ending, its name for people and what makes it.
/// Resolution of pixel formats where none is asked for: what journals ask for.
/// Writes a figure in the format that the file name asks for. `dpi` is for PNG alone.
/// [`Kind::Usage`] for an unknown ending, [`Kind::TooLarge`] for more pixels than are allowed,
/// [`Kind::Write`] when the file cannot be written; an older file of that name is kept then.
];
const FORMATS: [(FigureFormat, &str, &str, Bytes); 4] = [
impl FigureFormat {
pub const DEFAULT_DPI: f64 = 300.0;
pub enum FigureFormat {
pub fn write_figure(path: &Path, figure: &Figure, size: PaperSize, dpi: f64) -> Result<()> {
pub mod caption;
pub mod csv;
pub mod gif;
pub mod json;
pub mod mp4;
pub mod npz;
pub mod pdf;
pub mod picture;
pub mod png;
pub mod svg;
type Bytes = fn(&Figure, PaperSize, f64) -> Result<Vec<u8>>;
}
