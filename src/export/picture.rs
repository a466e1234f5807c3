//! Any picture as PNG, with where it comes from.

use std::path::Path;

use crate::atomic;
use crate::error::{Error, Kind, Result};
use crate::export::png;
use crate::frame::Picture;
use crate::provenance::Provenance;

/// Writes `picture` as a PNG file with provenance in text chunks.
///
/// # Errors
/// [`Kind::Write`] when the file cannot be written; an older file of that name is kept then.
pub fn write_picture(path: &Path, picture: &Picture, provenance: &Provenance) -> Result<()> {
    let (width, height) = (picture.size.width, picture.size.height);
    if picture.size.area() == 0 {
        return Err(Error::new(Kind::Empty, "there is no picture yet")
            .at(path)
            .advise("Wait for the first frame"));
    }
    let bytes = png::encode(&picture.rgb, width, height, None, provenance).map_err(|error| error.at(path))?;
    atomic::write(path, &bytes)
}
