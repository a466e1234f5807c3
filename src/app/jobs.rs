//! Making exports on a thread of their own: what was recorded is written, what needs tensors is run again.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::app::export::{ExportRequest, Exported, Exporter, Job, Rest};
use crate::error::{Error, Kind, Result};
use crate::export::responses::write_responses;
use crate::export::{DEFAULT_DPI, csv, write_figure};
use crate::figure::Figure;
use crate::figure::paper::PaperSize;
use crate::figure::timecourse::time_course_figure;
use crate::gpu::{Compute, Gpu};
use crate::readout::responses::answers;
use crate::session::Command;
use crate::session::run::{RunSpec, run};
use crate::threads::Helper;

/// The graphics adapter, where there is one, and the device of the network.
type Devices = (Option<Gpu>, Compute);

/// Where exports that run the network again run it; set once the window has its device.
#[derive(Clone, Default)]
pub struct JobKit {
    devices: Arc<Mutex<Option<Devices>>>,
}

impl std::fmt::Debug for JobKit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobKit").field("is_set", &self.devices.lock().is_some()).finish()
    }
}

impl JobKit {
    /// Says where.
    pub fn set(&self, gpu: Option<Gpu>, compute: Compute) {
        *self.devices.lock() = Some((gpu, compute));
    }
}

/// What the window calls, and the kit that is still to be set.
#[must_use]
pub fn exporter() -> (Exporter, JobKit) {
    let kit = JobKit::default();
    let theirs = kit.clone();
    let export: Exporter = Box::new(move |request| {
        let job = Job::new();
        let (mine, devices) = (job.clone(), theirs.devices.lock().clone());
        let spawned =
            Helper::start("percept-export", move || mine.finish(export_all(&request, devices, &mine)));
        match spawned {
            Ok(helper) => helper.leave(),
            Err(cause) => {
                let error = Error::new(Kind::Internal, format!("the export cannot be started: {cause}"));
                job.finish(Exported { files: Vec::new(), rest: Rest::Failed(error) });
            }
        }
        job
    });
    (export, kit)
}

fn export_all(request: &ExportRequest, devices: Option<Devices>, job: &Job) -> Exported {
    let mut files = Vec::new();
    let numbered = ExportRequest { stem: free_stem(request), ..request.clone() };
    let rest = match write_all(&numbered, devices, job, &mut files) {
        Ok(true) => Rest::Done,
        Ok(false) => Rest::Stopped,
        Err(error) => Rest::Failed(error),
    };
    Exported { files, rest }
}

/// The stem, or with the first number that no wanted file of this folder has: nothing is written over.
fn free_stem(request: &ExportRequest) -> String {
    let choices = &request.choices;
    let wanted = [
        (choices.csv, ".csv"),
        (choices.svg, ".svg"),
        (choices.png, ".png"),
        (choices.pdf, ".pdf"),
        (choices.npz, ".npz"),
        (choices.mp4, ".mp4"),
        (choices.picture, PICTURE),
    ];
    let taken = |stem: &str| {
        wanted.iter().any(|(wanted, end)| *wanted && request.folder.join(format!("{stem}{end}")).exists())
    };
    let numbered = |number: u32| match number {
        1 => request.stem.clone(),
        _ => format!("{}-{number}", request.stem),
    };
    (1..10_000).map(numbered).find(|stem| !taken(stem)).unwrap_or_else(|| request.stem.clone())
}

/// End of the name of the picture.
const PICTURE: &str = "_picture.png";

/// Makes every file that is wanted; `false` when the user stopped it.
fn write_all(
    request: &ExportRequest,
    devices: Option<Devices>,
    job: &Job,
    files: &mut Vec<PathBuf>,
) -> Result<bool> {
    if request.choices.picture {
        let path = request.folder.join(format!("{}{PICTURE}", request.stem));
        if !request.session.send(Command::SavePicture(None, path.clone())) {
            let busy = Error::new(Kind::Internal, "the network is too busy to save the picture").at(path);
            return Err(busy.advise("Pause and export again"));
        }
    }
    if !write_recorded(request, job, files)? {
        return Ok(false);
    }
    if !request.choices.rerun() {
        return Ok(true);
    }
    let (gpu, compute) = devices.ok_or_else(|| Error::new(Kind::Internal, "the window has no device yet"))?;
    run_again(request, gpu, compute, job, files)
}

/// Time courses and figure of what was recorded in the window.
fn write_recorded(request: &ExportRequest, job: &Job, files: &mut Vec<PathBuf>) -> Result<bool> {
    let choices = &request.choices;
    let path = |ending: &str| request.folder.join(format!("{}.{ending}", request.stem));
    if choices.csv {
        job.report(0.0, "Writing time courses");
        let path = path("csv");
        csv::write_time_courses(&path, &request.recording, &request.probes, &request.provenance)?;
        files.push(path);
        let answers = answers(&request.recording);
        if !answers.is_empty() {
            let path = request.folder.join(format!("{}-responses.csv", request.stem));
            write_responses(&path, &answers, &request.probes, &request.provenance)?;
            files.push(path);
        }
    }
    if !choices.figure() {
        return Ok(!job.is_cancelled());
    }
    let figure = figure_of(request);
    let [width_mm, height_mm] = choices.figure_mm;
    let usual = if width_mm < 120.0 { PaperSize::single_column(1) } else { PaperSize::double_column(1) };
    let paper = PaperSize { width_mm, height_mm, ..usual };
    for (wanted, ending) in [(choices.svg, "svg"), (choices.png, "png"), (choices.pdf, "pdf")] {
        if job.is_cancelled() {
            return Ok(false);
        }
        if wanted {
            job.report(0.0, "Drawing the figure");
            let path = path(ending);
            write_figure(&path, &figure, paper, DEFAULT_DPI)?;
            files.push(path);
        }
    }
    Ok(true)
}

/// The figure of what is plotted on screen.
fn figure_of(request: &ExportRequest) -> Figure {
    let mut shown = request.recording.clone();
    shown.columns.retain(|column| !request.hidden.contains(column));
    shown.values.retain(|column, _| !request.hidden.contains(column));
    time_course_figure(&shown, &request.probes, &request.provenance, &request.title, &request.figure)
}

/// Tensors and film need every frame: the stimulus is run again from its start, none dropped.
fn run_again(
    request: &ExportRequest,
    gpu: Option<Gpu>,
    compute: Compute,
    job: &Job,
    files: &mut Vec<PathBuf>,
) -> Result<bool> {
    let choices = &request.choices;
    let wanted = [(choices.npz, "npz"), (choices.mp4, "mp4")];
    let spec = RunSpec {
        start: request.start.clone(),
        frames: Some(u64::from(choices.frames.max(1))),
        units: request.units.clone(),
        probes: vec!["all".to_owned()],
        files: wanted.iter().filter(|file| file.0).map(|file| file.1.to_owned()).collect(),
        out: request.folder.clone(),
        stem: Some(request.stem.clone()),
        figure_width_mm: choices.figure_mm[0],
        figure_height_mm: Some(choices.figure_mm[1]),
        extrapolate: None,
        command: String::new(),
    };
    let mut stopped = false;
    let result = run(&spec, gpu, compute, &mut |done, expected| {
        let expected = expected.unwrap_or(spec.frames.unwrap_or(1)).max(1);
        job.report(done as f32 / expected as f32, &format!("Frame {done} of {expected}"));
        stopped = job.is_cancelled();
        !stopped
    });
    if stopped {
        return Ok(false);
    }
    files.extend(result?.files);
    Ok(true)
}
