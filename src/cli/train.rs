//! `percept train RECIPE`: a network of your own, on your own video.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::line;
use crate::cpu::team::usual_threads;
use crate::error::{Context as _, Kind, Result};
use crate::export::picture::write_picture;
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::provenance::Provenance;
use crate::train::diet::Diet;
use crate::train::hardware::Hardware;
use crate::train::preview::sheet;
use crate::train::recipe::Recipe;
use crate::train::run::{Files, Plan, Standing, run as train};

/// Arguments of `percept train`.
#[derive(Debug, clap::Args)]
pub struct TrainArgs {
    /// The recipe, a TOML file; assets/models/recipes has examples.
    pub recipe: PathBuf,
    /// Folder for checkpoint, log, model and card; without it a folder named after the model.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Folder that the recipe's files are relative to; without it the recipe's own.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Go on from the checkpoint in the folder.
    #[arg(long)]
    pub resume: bool,
    /// Seed instead of the recipe's.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Name of the model instead of the recipe's.
    #[arg(long)]
    pub name: Option<String>,
    /// Frames until the end instead of the recipe's.
    #[arg(long)]
    pub frames: Option<u64>,
    /// Stop for now after so many frames; --resume goes on.
    #[arg(long)]
    pub most_frames: Option<u64>,
    /// Threads of the network; one more makes what it sees.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Where the network runs: a graphics card where there is one, else the processor
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Only write a picture of what would be seen, sequences in rows, and stop.
    #[arg(long, value_name = "FILE.png")]
    pub preview: Option<PathBuf>,
}

/// Trains until the recipe's end or Ctrl-C.
///
/// # Errors
/// When the recipe or a file of it cannot be had, or nothing can be written.
pub fn run(args: &TrainArgs) -> Result<()> {
    let plan = plan(args)?;
    if let Some(file) = &args.preview {
        return preview(&plan, file);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .context(Kind::Internal, "Ctrl-C cannot be caught")?;
    let bar = bar(plan.recipe.training.frames);
    let done = train(&plan, &stop, &mut |standing| show(&bar, standing))?;
    bar.finish_and_clear();
    let files = Files::of(&plan.out, &plan.recipe);
    if done {
        println!("{}\n{}\n{}", files.model.display(), files.card.display(), files.log.display());
    } else {
        println!("stopped; go on with the same command and --resume ({})", files.checkpoint.display());
    }
    Ok(())
}

fn preview(plan: &Plan, file: &Path) -> Result<()> {
    let diet = Diet::open(&plan.recipe.diet, &plan.data, plan.recipe.network.size)?;
    diet.notes.iter().for_each(|note| println!("{note}"));
    let provenance = Provenance {
        command: line::given(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: plan.recipe.training.seed,
        ..Provenance::default()
    };
    write_picture(file, &sheet(&plan.recipe, &diet, 24, 10), &provenance)?;
    println!("{}", file.display());
    Ok(())
}

fn plan(args: &TrainArgs) -> Result<Plan> {
    let mut recipe = Recipe::read(&args.recipe)?;
    if let Some(seed) = args.seed {
        recipe.training.seed = seed;
        recipe.title = format!("{}, seed {seed}", recipe.title);
    }
    recipe.training.frames = args.frames.unwrap_or(recipe.training.frames);
    recipe.name = args.name.clone().unwrap_or(recipe.name);
    recipe.check()?;
    let beside = args.recipe.parent().map(PathBuf::from).unwrap_or_default();
    Ok(Plan {
        data: args.data.clone().unwrap_or(beside),
        out: args.out.clone().unwrap_or_else(|| PathBuf::from(&recipe.name)),
        resume: args.resume,
        hardware: Hardware { threads: args.threads.unwrap_or_else(usual_threads), device: device(args)? },
        most_frames: args.most_frames,
        recipe,
    })
}

/// The graphics device that was asked for; `None` for the CPU engine, which is faster than a device in software.
fn device(args: &TrainArgs) -> Result<Option<burn::tensor::Device>> {
    // The picture alone needs no network.
    if args.device == DeviceChoice::Cpu || args.preview.is_some() {
        return Ok(None);
    }
    let gpu = Gpu::headless().ok();
    let compute = Compute::choose(args.device, gpu.as_ref())?;
    tracing::info!("trains on {}", compute.name);
    Ok(compute.on_gpu.then_some(compute.burn))
}

fn bar(frames: u64) -> ProgressBar {
    let bar = ProgressBar::new(frames);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} frames, {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, standing: &Standing<'_>) {
    let message = message(standing);
    if bar.is_hidden() && standing.row.is_some() {
        // No terminal: a line for every line of the log.
        eprintln!("{}/{} frames, {message}", standing.frames, standing.all_frames);
    }
    bar.set_message(message);
    bar.set_position(standing.frames);
}

/// What is said beside the bar. The time left is by the speed since this start: a resumed training had done the rest in
/// another.
fn message(standing: &Standing<'_>) -> String {
    let report = &standing.report;
    let (error, copy_error, loss) = (report.error, report.copy_error, report.loss);
    let left = standing.all_frames.saturating_sub(standing.frames);
    let left = match standing.frames_per_s {
        speed if speed > 0.0 => HumanDuration(Duration::from_secs_f64(left as f64 / speed)).to_string(),
        _ => "?".to_owned(),
    };
    // Of most networks it is the same as the error, but for the frames that count.
    let loss = if (loss - error).abs() > 0.1 * error { format!("loss {loss:.4}, ") } else { String::new() };
    format!(
        "{loss}error {error:.4} (copying {copy_error:.4}, ratio {:.2}), {:.0} frames/s, {left} left",
        error / copy_error.max(1e-9),
        standing.frames_per_s
    )
}
