//! Any picture as a stimulus: it stands, trembles as the fixating eye does, drifts or is flashed, and is measured as
//! illusions are.

use std::path::Path;

use crate::error::Result;
use crate::gpu::photos;
use crate::stimulus::illusion::{Illusion, Origin, parse};
use crate::stimulus::picture;

const TEXT: &str = include_str!("../../../shaders/own_picture.wgsl");
/// What the file's name takes the place of.
const NAME: &str = "PICTURE";
/// Longest side that is kept: more than a window shows of it.
const LONGEST_PX: u32 = 1280;

/// The stimulus that a picture file makes.
///
/// # Errors
/// Those of [`picture::load`], with the file.
pub fn of(path: &Path) -> Result<Illusion> {
    let shown = picture::shrunk(picture::load(path)?, LONGEST_PX);
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    // Into a TOML string within a comment: nothing that could end either.
    let plain = |one: char| if one.is_control() || matches!(one, '"' | '\\' | '*' | '/') { ' ' } else { one };
    let name: String = name.chars().map(plain).take(60).collect();
    let name = if name.trim().is_empty() { "Your picture" } else { name.trim() };
    let mark = photos::keep(&shown);
    let number: String = mark.chars().filter(char::is_ascii_digit).collect();
    let text = format!("{}{mark}", TEXT.replacen(NAME, name, 1));
    parse::parse(&format!("picture_{number}"), &text, Origin::BuiltIn)
}
