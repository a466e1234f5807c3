//! `percept models import`: weights of another program, checked and written as safetensors.

use std::path::PathBuf;

use super::export::{bytes, contents, half_note, precision};
use super::written::write;
use crate::error::{Error, Kind, Result};
use crate::model::shipped;
use crate::model::weights::Format;

/// Arguments of `percept models import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// A Keras HDF5, `PyTorch`, burn or safetensors file; its content decides, not its name.
    pub file: PathBuf,
    /// File to write, .safetensors.
    #[arg(short, long)]
    pub output: PathBuf,
    /// Write half precision: half the size, eleven significant bits.
    #[arg(long)]
    pub half: bool,
}

/// Reads the file, says what it was and what was done to it, and writes it.
pub(super) fn run(args: &ImportArgs) -> Result<()> {
    let format = Format::of_ending(&args.output)?;
    // a path, even where a shipped network has the same name
    let path = std::path::absolute(&args.file).unwrap_or_else(|_| args.file.clone());
    let name = path.to_str().ok_or_else(|| {
        Error::new(Kind::Unreadable, "the file's name is no text").at(&path).advise("Rename it")
    })?;
    let (card, config, file) = shipped::weights(name)?;
    println!("{}: {}", args.file.display(), contents(&config, &file));
    println!("  read as {}, sha256 {}", file.format, file.sha256);
    for note in &file.notes {
        println!("  {note}");
    }
    let bytes = bytes(&card, &file, format, precision(args.half))?;
    let told = write(&args.output, &path, &card, &bytes)?;
    println!("{}: written as {format}{}", args.output.display(), half_note(args.half));
    for line in told {
        println!("{line}");
    }
    Ok(())
}
