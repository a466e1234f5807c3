//! The command line: every window action that makes a file has a headless twin here.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::cpu::precision::Precision;
use crate::error::Result;
use crate::gpu::DeviceChoice;
use crate::session::Start;
use crate::session::saved::SavedSession;
use crate::stimulus::StimulusSpec;
use crate::stimulus::illusion::catalogue;

pub mod bench;
pub mod check;
pub mod doctor;
mod illusion_files;
mod illusion_measure;
mod illusion_null;
pub mod illusions;
mod line;
pub mod models;
pub mod planned;
mod report;
pub mod run;
mod setting;
pub mod train;

/// Watch a predictive network see visual illusions.
#[derive(Debug, Parser)]
#[command(name = "percept", version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to open the window.
    #[command(flatten)]
    pub window: WindowArgs,
    /// With how many digits a network on the CPU multiplies; said wherever the device is named.
    #[arg(long, value_enum, global = true, default_value_t)]
    pub precision: Precision,
}

/// What percept does without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a network on a video or an illusion and write time courses, figure, tensors and video.
    Run(Box<run::RunArgs>),
    /// List, show and render illusions.
    Illusions(illusions::IllusionsArgs),
    /// Say whether a video, pictures or an illusion is safe to look at: flashes, saturated red, stripes.
    Check(check::CheckArgs),
    /// List, show, run and score networks.
    Models(models::ModelsArgs),
    /// Say what this machine has, what is missing, and what to do about it.
    Doctor(doctor::DoctorArgs),
    /// Measure how long everything takes here.
    Bench(bench::BenchArgs),
    /// Train a network on your own video, after a recipe.
    Train(train::TrainArgs),
    /// What is to come.
    #[command(flatten)]
    Planned(planned::Planned),
}

/// How the window opens.
#[derive(Debug, clap::Args)]
pub struct WindowArgs {
    /// A video, a picture, a folder of pictures, an illusion's name, a network's file, a recipe, or the folder of a
    /// training.
    pub input: Option<PathBuf>,
    /// Where the network runs.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// A shipped network's name or a weights file.
    #[arg(long)]
    pub model: Option<String>,
    /// Size of the network's input, WIDTHxHEIGHT.
    #[arg(long)]
    pub size: Option<crate::units::PixelSize>,
    /// Save a picture of the window and close it.
    #[arg(long, hide = true)]
    pub screenshot: Option<PathBuf>,
    /// Seconds until that picture is taken.
    #[arg(long, hide = true, default_value_t = 5.0)]
    pub screenshot_after: f64,
    /// Width and height of the window in points, WIDTHxHEIGHT.
    #[arg(long, hide = true)]
    pub window: Option<crate::units::PixelSize>,
    /// Close the window after so many seconds and print how it kept up.
    #[arg(long, hide = true)]
    pub soak: Option<f64>,
}

/// Carries out a command that needs no window.
///
/// # Errors
/// Whatever went wrong, ready to be printed.
pub fn run(command: &Command) -> Result<()> {
    match command {
        Command::Run(args) => run::run(args),
        Command::Illusions(args) => illusions::run(args),
        Command::Check(args) => check::run(args),
        Command::Models(args) => models::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Train(args) => train::run(args),
        Command::Planned(planned) => Err(planned.refusal()),
    }
}

/// An illusion's name where there is no such file, else the file.
pub fn stimulus(input: &Path) -> StimulusSpec {
    match input.to_str() {
        Some(name) if !input.exists() && catalogue::load().0.iter().any(|illusion| illusion.slug == name) => {
            StimulusSpec::Illusion(name.to_owned())
        }
        Some(name) if name.starts_with("/dev/video") => StimulusSpec::Camera(name.to_owned()),
        // A word without a dot or slash was meant as an illusion: let the catalogue say what there is.
        Some(name) if !input.exists() && !name.contains(['/', '.', '\\']) => {
            StimulusSpec::Illusion(name.to_owned())
        }
        _ => StimulusSpec::File(input.to_path_buf()),
    }
}

/// A shipped model's name as it is; a file's path made absolute, so that a saved session finds it again.
pub fn model(name: &str) -> String {
    let path = Path::new(name);
    let absolute = path.is_file().then(|| std::path::absolute(path).ok()).flatten();
    absolute.and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_else(|| name.to_owned())
}

/// A session on the first illusion, as the program opens without arguments.
pub fn usual_start() -> Start {
    SavedSession::default().start
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_input_is_an_illusion_or_a_file() {
        assert_eq!(stimulus(Path::new("rotating_snakes")), StimulusSpec::Illusion("rotating_snakes".into()));
        assert_eq!(stimulus(Path::new("clips/walk.mp4")), StimulusSpec::File("clips/walk.mp4".into()));
        assert_eq!(stimulus(Path::new("/dev/video0")), StimulusSpec::Camera("/dev/video0".into()));
    }
}
