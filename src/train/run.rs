//! A training from a recipe to a model file: checkpoints and a log on the way, stopped and resumed at will.

use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::card;
use super::checkpoint::Checkpoint;
use super::diet::Diet;
use super::feed::Feed;
use super::hardware::Hardware;
use super::hold::Held;
use super::kept::Kept;
use super::log::{Log, Row};
use super::moment::Moment;
use super::recipe::Recipe;
use super::trainer::{Report, Trainer};
use super::warning::Warning;
use crate::atomic;
use crate::error::{Error, Kind, Result};
use crate::model::weights::safetensors;

/// Time between two checkpoints.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_mins(2);
/// Frames between two lines of the log.
pub(super) const LOGGED_FRAMES: u64 = 4000;

/// Names of files that do not depend on the recipe.
pub(super) const CHECKPOINT: &str = "checkpoint.safetensors";
pub(super) const LOG: &str = "log.jsonl";
pub(super) const PREVIEW: &str = "preview.png";

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The recipe.
    pub recipe: Recipe,
    /// Folder that the recipe's files are relative to.
    pub data: PathBuf,
    /// Folder for checkpoint, log, model and card.
    pub out: PathBuf,
    /// Whether to go on from the checkpoint there.
    pub resume: bool,
    /// Where the network runs; one thread more makes what it sees.
    pub hardware: Hardware,
    /// Frames after which to stop for now, counted from this start.
    pub most_frames: Option<u64>,
}

/// How a training stands, told after every batch.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Frames done.
    pub frames: u64,
    /// Frames of the whole training.
    pub all_frames: u64,
    /// Frames a second since the start.
    pub frames_per_s: f64,
    /// Means since the last line of the log.
    pub report: Report,
    /// This batch alone.
    pub batch: Report,
    /// The line that the log has just got.
    pub row: Option<Row>,
    /// What is wrong, where a line was written and something is.
    pub warning: Option<Warning>,
    /// The last frame, and what was expected of it.
    pub moment: Option<&'a Moment>,
    /// Whether a checkpoint has just been written.
    pub saved: bool,
}

/// The files of a training.
#[derive(Clone, Debug)]
pub struct Files {
    /// Weights and optimiser.
    pub checkpoint: PathBuf,
    /// One JSON object per line.
    pub log: PathBuf,
    /// The network as it is.
    pub model: PathBuf,
    /// Its card.
    pub card: PathBuf,
    /// A frame beside its prediction, as it was at the last checkpoint or line of the log.
    pub preview: PathBuf,
}

impl Files {
    /// In a folder, for a recipe.
    #[must_use]
    pub fn of(out: &Path, recipe: &Recipe) -> Self {
        Self {
            checkpoint: out.join(CHECKPOINT),
            log: out.join(LOG),
            model: out.join(format!("{}.safetensors", recipe.name)),
            card: out.join(format!("{}.toml", recipe.name)),
            preview: out.join(PREVIEW),
        }
    }
}

/// Trains until the recipe's end or until `stop` is set, telling every batch to `tell`; says whether it is done.
///
/// # Errors
/// When a file is missing or cannot be written, a checkpoint of the folder would be overwritten, another training runs
/// there, or the loss is no number any more.
pub fn run(plan: &Plan, stop: &AtomicBool, tell: &mut dyn FnMut(&Standing<'_>)) -> Result<bool> {
    let recipe = &plan.recipe;
    let files = Files::of(&plan.out, recipe);
    // Where nothing can be seen, no folder is made for it.
    let early = plan.out.is_dir().then(|| Held::take(&plan.out)).transpose()?;
    let from = start(plan, &files)?;
    let diet = Arc::new(Diet::open(&recipe.diet, &plan.data, recipe.network.size)?);
    diet.notes.iter().for_each(|note| tracing::info!("{note}"));
    let _held = early.map_or_else(|| Held::take(&plan.out), Ok)?;
    let mut trainer = Trainer::new(recipe, from, &plan.data, &plan.hardware)?;
    let mut log = Log::open(&files.log, trainer.progress().frames)?;
    Kept { data: plan.data.clone(), recipe: recipe.clone() }.write(&plan.out)?;
    let mut feed = Feed::start(recipe, &diet, trainer.progress().batches, 1)?;
    let (began, first_frame) = (Instant::now(), trainer.progress().frames);
    let (mut saved, mut logged) = (Instant::now(), first_frame);
    let mut mean = Mean::default();
    let mut warned = None;
    let most = plan.most_frames.map_or(u64::MAX, |most| first_frame.saturating_add(most));
    while !trainer.is_done() && trainer.progress().frames < most && !stop.load(Ordering::Relaxed) {
        let batch = trainer.learn(&feed.take()?)?;
        if mean.count == 0 && logged == first_frame {
            picture(&trainer, &files)?;
        }
        mean.add(&batch);
        let frames = trainer.progress().frames;
        let frames_per_s = (frames - first_frame) as f64 / began.elapsed().as_secs_f64().max(1e-9);
        let mut standing = Standing {
            frames,
            all_frames: recipe.training.frames,
            frames_per_s,
            report: mean.report(),
            batch,
            row: None,
            warning: None,
            moment: trainer.moment(),
            saved: false,
        };
        if frames - logged >= LOGGED_FRAMES || trainer.is_done() {
            let row = Row::new(&trainer, &standing);
            log.write(&row)?;
            picture(&trainer, &files)?;
            standing.row = Some(row);
            standing.warning = warning(&row, recipe, &mut warned);
            (logged, mean) = (frames, Mean::default());
        }
        if saved.elapsed() >= BETWEEN_CHECKPOINTS {
            save(&trainer, &files, recipe, &plan.hardware)?;
            standing.saved = true;
            saved = Instant::now();
        }
        tell(&standing);
    }
    save(&trainer, &files, recipe, &plan.hardware)?;
    Ok(trainer.is_done())
}

/// The checkpoint to go on from; refuses to overwrite one.
fn start(plan: &Plan, files: &Files) -> Result<Option<Checkpoint>> {
    match (plan.resume, files.checkpoint.exists()) {
        (true, true) => {
            let checkpoint = Checkpoint::read(&files.checkpoint, &plan.recipe)?;
            let (done, asked) = (checkpoint.progress.frames, plan.recipe.training.frames);
            // A training that is over may say so again; one cannot be made shorter than it was.
            if done >= asked.saturating_add(most_of_a_batch(&plan.recipe)) {
                let what =
                    format!("{done} frames are done already, more than the {asked} that are asked for");
                return Err(Error::new(Kind::Usage, what)
                    .at(&files.checkpoint)
                    .advise("Ask for more frames, or leave --frames out"));
            }
            Ok(Some(checkpoint))
        }
        (false, true) => Err(Error::new(Kind::Usage, "there is a training in this folder already")
            .at(&plan.out)
            .advise("Go on with --resume, or choose another folder with --out")),
        (_, false) => Ok(None),
    }
}

/// The last batch ends with its sequences, which may be beyond the frames that were asked for.
fn most_of_a_batch(recipe: &Recipe) -> u64 {
    let longest = recipe.training.lengths.iter().copied().max().unwrap_or_default();
    (longest * recipe.training.batch) as u64
}

fn save(trainer: &Trainer, files: &Files, recipe: &Recipe, hardware: &Hardware) -> Result<()> {
    trainer.checkpoint().write(&files.checkpoint, recipe)?;
    let notes = [("format", "percept".to_owned()), ("frames", trainer.progress().frames.to_string())];
    let bytes = safetensors::to_bytes(&trainer.tensors(), &notes)?;
    atomic::write(&files.model, &bytes)?;
    atomic::write(&files.card, card::text(recipe, trainer.progress(), hardware.words(), &bytes)?.as_bytes())?;
    picture(trainer, files)
}

/// The prediction beside its target, for those who follow.
fn picture(trainer: &Trainer, files: &Files) -> Result<()> {
    match trainer.moment() {
        Some(moment) => atomic::write(&files.preview, &moment.to_png()?),
        None => Ok(()),
    }
}

/// What is wrong; it is said aloud when it begins, and not with every line of the log.
fn warning(row: &Row, recipe: &Recipe, warned: &mut Option<Discriminant<Warning>>) -> Option<Warning> {
    let warning = Warning::of(row, recipe.training.frames);
    let kind = warning.as_ref().map(discriminant);
    if let Some(warning) = warning.as_ref().filter(|_| *warned != kind) {
        tracing::warn!("{warning}");
    }
    *warned = kind;
    warning
}

/// Running mean of reports.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sums: Report,
    last: Report,
    count: u32,
}

impl Mean {
    fn add(&mut self, report: &Report) {
        self.sums.error += report.error;
        self.sums.copy_error += report.copy_error;
        self.sums.loss += report.loss;
        self.last = *report;
        self.count += 1;
    }

    fn report(&self) -> Report {
        let count = f64::from(self.count.max(1));
        let Report { error, copy_error, loss, .. } = self.sums;
        Report { error: error / count, copy_error: copy_error / count, loss: loss / count, ..self.last }
    }
}
