//! `percept run INPUT --out DIR`: the headless twin of the window.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::setting::{seed, set_all};
use crate::error::{Error, Kind, Result};
use crate::gpu::{Compute, DeviceChoice, Gpu, pipelines};
use crate::readout::Unit;
use crate::session::run::{RunResult, RunSpec};
use crate::session::{Sampling, Start};
use crate::stimulus::StimulusSpec;
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::{Showing, catalogue};
use crate::units::PixelSize;

/// Arguments of `percept run`.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// A video, a picture, a folder of pictures or an illusion's name.
    pub input: PathBuf,
    /// Folder for the results; made where it is missing.
    #[arg(long)]
    pub out: PathBuf,
    /// A shipped network's name or a weights file.
    #[arg(long)]
    pub model: Option<String>,
    /// A second network beside the first: a shipped network's name or a weights file. It looks at the same frames.
    #[arg(long, value_name = "MODEL")]
    pub beside: Option<String>,
    /// Frames to look at; without it the whole video, or one cycle of an illusion.
    #[arg(long)]
    pub frames: Option<u64>,
    /// Size of the network's input, WIDTHxHEIGHT; without it the network's own.
    #[arg(long)]
    pub size: Option<PixelSize>,
    /// Steps a second; without it one step per frame (videos) or the network's own rate (illusions).
    #[arg(long)]
    pub fps: Option<f64>,
    /// A parameter of the illusion, NAME=VALUE; may be given again.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The illusion's control condition.
    #[arg(long)]
    pub control: bool,
    /// Left and right exchanged.
    #[arg(long)]
    pub mirror: bool,
    /// Seed of everything random in the illusion.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = seed)]
    pub seed: u32,
    /// A lesion that is on, for example feedback; may be given again.
    #[arg(long = "lesion", value_name = "NAME")]
    pub lesions: Vec<String>,
    /// From step FROM on (counted from 0), give the network its own prediction for N steps.
    #[arg(long, value_name = "FROM:N", value_parser = from_and_count)]
    pub extrapolate: Option<(u64, u32)>,
    /// How a picture is brought to the network's aspect.
    #[arg(long, value_enum, default_value_t)]
    pub fit: Fit,
    /// A unit to record, `PROBE[cCHANNEL,xX,yY]`; may be given again.
    #[arg(long = "unit", value_name = "UNIT")]
    pub units: Vec<Unit>,
    /// Probes whose tensors go into the NPZ file, or all.
    #[arg(long, value_delimiter = ',', default_value = "a0,a_hat0,e0")]
    pub probes: Vec<String>,
    /// Files to write.
    #[arg(long, value_delimiter = ',', default_value = "csv,npz,svg,png,pdf,mp4")]
    pub files: Vec<String>,
    /// Width of the figure in millimetres.
    #[arg(long, default_value_t = 183.0)]
    pub figure_width_mm: f64,
    /// Height of the figure in millimetres; without it what its panels need.
    #[arg(long)]
    pub figure_height_mm: Option<f64>,
    /// Where the network runs.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Print the result as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// What a run can write.
const FILES: [&str; 7] = ["csv", "npz", "svg", "png", "pdf", "json", "mp4"];

/// Makes the run and prints where its files are.
///
/// # Errors
/// When something of the run cannot be had or written.
pub fn run(args: &RunArgs) -> Result<()> {
    let spec = spec(args)?;
    let folder = pipelines::usual_folder();
    let gpu = Gpu::headless().ok().map(|gpu| gpu.keeping_pipelines(folder.as_deref()));
    let compute = Compute::choose(args.device, gpu.as_ref())?;
    if let Some(banner) = &compute.banner {
        tracing::warn!("{banner}");
    }
    let bar = progress_bar();
    let result = crate::session::run::run(&spec, gpu.clone(), compute, &mut |done, expected| {
        if let Some(expected) = expected {
            bar.set_length(expected);
        }
        bar.set_position(done);
        true
    })?;
    bar.finish_and_clear();
    gpu.iter().for_each(Gpu::keep_pipelines);
    print(&result, args.json);
    Ok(())
}

fn spec(args: &RunArgs) -> Result<RunSpec> {
    if let Some(wrong) = args.files.iter().find(|file| !FILES.contains(&file.as_str())) {
        return Err(Error::new(Kind::Usage, format!("\"{wrong}\" is not a kind of file that a run writes"))
            .advise(format!("Choose among {}", FILES.join(", "))));
    }
    if args.frames == Some(0) || args.fps.is_some_and(|fps| !(0.01..=1000.0).contains(&fps)) {
        return Err(Error::new(Kind::Usage, "frames must be at least 1 and fps between 0.01 and 1000"));
    }
    if let (Some((from, _)), Some(frames)) = (args.extrapolate, args.frames)
        && from >= frames
    {
        let what = format!("step {from}, from which to extrapolate, is not among the {frames} of the run");
        return Err(Error::new(Kind::Usage, what).advise("Steps are counted from 0"));
    }
    let stimulus = super::stimulus(&args.input);
    let showing = showing(args, &stimulus)?;
    Ok(RunSpec {
        start: Start {
            stimulus,
            showing,
            model: args.model.clone(),
            size: args.size,
            sampling: args.fps.map_or(Sampling::EveryFrame, Sampling::FixedHz),
            fit: args.fit,
            lesions: args.lesions.clone(),
            second: args.beside.clone(),
            second_lesions: Vec::new(),
        },
        frames: args.frames,
        units: args.units.clone(),
        probes: args.probes.clone(),
        files: args.files.clone(),
        out: args.out.clone(),
        stem: None,
        figure_width_mm: args.figure_width_mm,
        figure_height_mm: args.figure_height_mm,
        extrapolate: args.extrapolate,
        command: super::line::given(),
    })
}

/// Reads `FROM:N`. The network has to see a frame before it can go on alone.
fn from_and_count(text: &str) -> std::result::Result<(u64, u32), String> {
    text.split_once(':')
        .and_then(|(from, count)| Some((from.parse().ok()?, count.parse().ok()?)))
        .filter(|&(from, count)| from > 0 && count > 0)
        .ok_or_else(|| "write FROM:N, two whole numbers from 1, for example 40:20".to_owned())
}

/// The parameters that were set, checked against the illusion.
fn showing(args: &RunArgs, stimulus: &StimulusSpec) -> Result<Showing> {
    let mut showing =
        Showing { control: args.control, mirror: args.mirror, seed: args.seed, ..Showing::default() };
    let StimulusSpec::Illusion(slug) = stimulus else {
        if args.set.is_empty() && !args.control {
            return Ok(showing);
        }
        return Err(Error::new(Kind::Usage, "only illusions have parameters and a control")
            .at(&args.input)
            .advise("Leave out --set and --control"));
    };
    let illusions = catalogue::load().0;
    let illusion = catalogue::find(&illusions, slug)?;
    set_all(&mut showing.values, &illusion.card.params, &args.set)?;
    Ok(showing)
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} frames, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

#[allow(clippy::print_stdout, reason = "printing is what this command is for")]
fn print(result: &RunResult, json: bool) {
    if json {
        let files: Vec<_> = result.files.iter().map(|file| file.display().to_string()).collect();
        let (mse, copy) = result.squared_error.unzip();
        println!(
            "{}",
            serde_json::json!({ "steps": result.steps, "mse": mse, "copy_last_frame_mse": copy,
                "second_model": result.second.as_ref().map(|second| &second.0),
                "second_mse": result.second.as_ref().map(|second| second.1),
                "files": files, "notes": result.notes })
        );
        return;
    }
    for note in &result.notes {
        println!("note: {note}");
    }
    if let Some((mse, copy)) = result.squared_error {
        println!(
            "{} frames; squared error of the prediction {mse:.5}, of copying the last frame {copy:.5} (ratio {:.2})",
            result.steps,
            mse / copy.max(f64::MIN_POSITIVE)
        );
    }
    if let (Some((name, mse)), Some((_, copy))) = (&result.second, result.squared_error) {
        println!("beside it {name}: squared error {mse:.5} (ratio {:.2})", mse / copy.max(f64::MIN_POSITIVE));
    }
    for file in &result.files {
        println!("{}", file.display());
    }
}
