//! `percept models export`: a network's weights as a file that other programs read.

use std::path::{Path, PathBuf};

use super::written::write;
use crate::error::Result;
use crate::model::prednet::config::Config;
use crate::model::weights::{self, Format, Precision, WeightsFile};
use crate::model::{ModelCard, shipped};

/// Arguments of `percept models export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// A shipped network's name or a weights file.
    pub model: String,
    /// File to write: .safetensors, .pt (`PyTorch`) or .bpk (burn).
    #[arg(short, long)]
    pub output: PathBuf,
    /// Write half precision: half the size, eleven significant bits.
    #[arg(long)]
    pub half: bool,
}

/// Writes the file and says what it holds.
pub(super) fn run(args: &ExportArgs) -> Result<()> {
    let format = Format::of_ending(&args.output)?;
    let (card, config, file) = shipped::weights(&args.model)?;
    let bytes = bytes(&card, &file, format, precision(args.half))?;
    let told = write(&args.output, Path::new(&args.model), &card, &bytes)?;
    println!("{}: {}", args.output.display(), contents(&config, &file));
    println!("  written as {format}{}, {} bytes", half_note(args.half), bytes.len());
    for line in told {
        println!("{line}");
    }
    Ok(())
}

/// The precision that a switch asks for.
pub(super) fn precision(half: bool) -> Precision {
    if half { Precision::Half } else { Precision::Single }
}

/// What is said of the precision.
pub(super) fn half_note(half: bool) -> &'static str {
    if half { " in half precision" } else { "" }
}

/// Architecture, widths, and how much there is.
pub(super) fn contents(config: &Config, file: &WeightsFile) -> String {
    let widths: Vec<String> = config.widths.iter().map(usize::to_string).collect();
    let (arrays, parameters) = (file.tensors.len(), file.parameters());
    format!("PredNet ({}), {arrays} arrays, {parameters} parameters", widths.join(", "))
}

/// The file's bytes, with where the weights came from in its metadata.
pub(super) fn bytes(
    card: &ModelCard,
    file: &WeightsFile,
    format: Format,
    precision: Precision,
) -> Result<Vec<u8>> {
    let notes = [
        ("format", "percept".to_owned()),
        ("made_by", format!("percept {}", env!("CARGO_PKG_VERSION"))),
        ("name", card.name.clone()),
        ("source_sha256", file.sha256.clone()),
        ("source_format", file.format.to_string()),
        ("source_notes", file.notes.join("; ")),
    ];
    weights::to_bytes(format, &file.tensors, &notes, precision)
}
