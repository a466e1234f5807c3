//! What the export dialog asks for, and the job that does it on another thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use parking_lot::Mutex;

use crate::error::Error;
use crate::figure::timecourse::Choice;
use crate::model::Probe;
use crate::provenance::Provenance;
use crate::readout::Unit;
use crate::readout::timecourse::Recording;
use crate::session::{Session, Start};

/// Which files are wanted, and how large.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "one tick box each")]
pub struct ExportChoices {
    /// Time courses as CSV.
    pub csv: bool,
    /// The time-course figure as SVG.
    pub svg: bool,
    /// The same as PNG.
    pub png: bool,
    /// The same as PDF.
    pub pdf: bool,
    /// Width and height of the figure in millimetres.
    pub figure_mm: [f64; 2],
    /// Actual and prediction as they are now, as PNG.
    pub picture: bool,
    /// Every probe of a new run, as NPZ.
    pub npz: bool,
    /// Actual, prediction and error of a new run, as MP4.
    pub mp4: bool,
    /// Steps of the new run.
    pub frames: u32,
}

impl Default for ExportChoices {
    fn default() -> Self {
        Self {
            csv: true,
            svg: true,
            png: false,
            pdf: false,
            figure_mm: [180.0, 120.0],
            picture: false,
            npz: false,
            mp4: false,
            frames: 120,
        }
    }
}

impl ExportChoices {
    /// Whether anything is wanted.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.csv || self.figure() || self.picture || self.rerun()
    }

    /// Whether the figure is wanted in any format.
    #[must_use]
    pub const fn figure(&self) -> bool {
        self.svg || self.png || self.pdf
    }

    /// Whether the stimulus has to be run again from its start.
    #[must_use]
    pub const fn rerun(&self) -> bool {
        self.npz || self.mp4
    }
}

/// One export: everything that is needed to make the files without the window.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// Folder for the files; made where it is missing.
    pub folder: PathBuf,
    /// Beginning of every file's name.
    pub stem: String,
    /// Which files, how large.
    pub choices: ExportChoices,
    /// Title of the figure.
    pub title: String,
    /// What the figure shows.
    pub figure: Choice,
    /// Columns of the recording that the figure leaves out.
    pub hidden: Vec<String>,
    /// What a new run starts from.
    pub start: Start,
    /// Units that were picked.
    pub units: Vec<Unit>,
    /// Probes of the model.
    pub probes: Arc<Vec<Probe>>,
    /// What was recorded in the window, for time courses and figure.
    pub recording: Recording,
    /// How the run is described in a file.
    pub provenance: Provenance,
    /// The running session, which saves the picture.
    pub session: Session,
}

/// What the window calls to have an export made: starts the work on a thread of its own and returns at once.
pub type Exporter = Box<dyn Fn(ExportRequest) -> Job + Send + Sync>;

/// What came of a job.
#[derive(Debug)]
pub struct Exported {
    /// The files that were written, whole.
    pub files: Vec<PathBuf>,
    /// What became of the other files that were asked for.
    pub rest: Rest,
}

/// What became of the files that an export did not get to.
#[derive(Debug)]
pub enum Rest {
    /// There are none.
    Done,
    /// The user stopped the export.
    Stopped,
    /// Something went wrong.
    Failed(Error),
}

/// A running export: progress and cancel, shared by window and worker. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub struct Job {
    shared: Arc<JobState>,
}

#[derive(Debug, Default)]
struct JobState {
    permille: AtomicU32,
    cancelled: AtomicBool,
    doing: Mutex<String>,
    outcome: Mutex<Option<Exported>>,
}

impl Job {
    /// A job that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how far the work is, 0..1, and what is being done.
    pub fn report(&self, part: f32, doing: &str) {
        self.shared.permille.store((part.clamp(0.0, 1.0) * 1000.0) as u32, Ordering::Relaxed);
        let mut known = self.shared.doing.lock();
        if *known != doing {
            doing.clone_into(&mut known);
        }
    }

    /// How far the work is, 0..1.
    #[must_use]
    pub fn progress(&self) -> f32 {
        self.shared.permille.load(Ordering::Relaxed) as f32 / 1000.0
    }

    /// What is being done.
    #[must_use]
    pub fn doing(&self) -> String {
        self.shared.doing.lock().clone()
    }

    /// Asks the worker to stop; it leaves no half-written file.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the worker should stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Relaxed)
    }

    /// Ends the job with the files that were written, or with what went wrong.
    pub fn finish(&self, outcome: Exported) {
        *self.shared.outcome.lock() = Some(outcome);
    }

    /// What came of it, once.
    #[must_use]
    pub fn take_outcome(&self) -> Option<Exported> {
        self.shared.outcome.lock().take()
    }
}

/// A file name made of a stimulus's name: letters, digits, `-` and `_` only, never empty.
#[must_use]
pub fn stem_of(name: &str) -> String {
    let clean: String =
        name.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect();
    let clean = clean.trim_matches('_');
    if clean.is_empty() { "percept".to_owned() } else { clean.chars().take(80).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reports_and_ends_once() {
        let job = Job::new();
        let worker = job.clone();
        worker.report(0.25, "frame 3 of 12");
        assert_eq!((job.progress(), job.doing().as_str()), (0.25, "frame 3 of 12"));
        job.cancel();
        assert!(worker.is_cancelled());
        worker.finish(Exported { files: vec!["a.csv".into()], rest: Rest::Done });
        assert!(job.take_outcome().is_some());
        assert!(job.take_outcome().is_none());
    }

    #[test]
    fn a_stem_is_always_a_file_name() {
        assert_eq!(stem_of("walk hero/7.mp4"), "walk_hero_7_mp4");
        assert_eq!(stem_of("../.."), "percept");
        assert_eq!(stem_of("Käfig"), "Käfig");
    }
}
