//! Making exports on a thread of their own: what was recorded is written, what needs tensors is run again.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::app::export::{ExportRequest, Exporter, Job};
use crate::error::{Error, Kind, Result};
use crate::export::{DEFAULT_DPI, csv, write_figure};
use crate::figure::paper::PaperSize;
use crate::figure::timecourse::{Choice, time_course_figure};
use crate::gpu::{Compute, Gpu};
use crate::session::run::{RunSpec, run};

/// The graphics adapter, where there is one, and the device of the network.
type Devices = (Option<Gpu>, Compute);

/// Where exports that run the network again run it; set once the window has its device.
#[derive(Clone, Default)]
pub(super) struct JobKit {
    devices: Arc<Mutex<Option<Devices>>>,
}

impl JobKit {
    /// Says where.
    pub(super) fn set(&self, gpu: Option<Gpu>, compute: Compute) {
        *self.devices.lock() = Some((gpu, compute));
    }
}

/// What the window calls, and the kit that is still to be set.
pub(super) fn exporter() -> (Exporter, JobKit) {
    let kit = JobKit::default();
    let theirs = kit.clone();
    let export: Exporter = Box::new(move |request| {
        let job = Job::new();
        let (mine, devices) = (job.clone(), theirs.devices.lock().clone());
        let spawned = std::thread::Builder::new()
            .name("percept-export".to_owned())
            .spawn(move || mine.finish(export_all(&request, devices, &mine)));
        if let Err(cause) = spawned {
            job.finish(Err(Error::new(Kind::Internal, format!("the export cannot be started: {cause}"))));
        }
        job
    });
    (export, kit)
}

fn export_all(request: &ExportRequest, devices: Option<Devices>, job: &Job) -> Result<Vec<PathBuf>> {
    let mut files = write_recorded(request, job)?;
    if request.choices.rerun() {
        let (gpu, compute) =
            devices.ok_or_else(|| Error::new(Kind::Internal, "the window has no device yet"))?;
        files.extend(run_again(request, gpu, compute, job)?);
    }
    Ok(files)
}

/// Time courses and figure of what was recorded in the window.
fn write_recorded(request: &ExportRequest, job: &Job) -> Result<Vec<PathBuf>> {
    let choices = &request.choices;
    let mut files = Vec::new();
    let mut path = |ending: &str| {
        let path = request.folder.join(format!("{}.{ending}", request.stem));
        files.push(path.clone());
        path
    };
    if choices.csv {
        job.report(0.0, "Writing time courses");
        csv::write_time_courses(&path("csv"), &request.recording, &request.probes, &request.provenance)?;
    }
    let title = format!("{} seen by {}", request.stem, request.provenance.model);
    let figure = time_course_figure(
        &request.recording,
        &request.probes,
        &request.provenance,
        &title,
        &Choice::default(),
    );
    let [width_mm, height_mm] = choices.figure_mm;
    let usual = if width_mm < 120.0 { PaperSize::single_column(1) } else { PaperSize::double_column(1) };
    let paper = PaperSize { width_mm, height_mm, ..usual };
    for (wanted, ending) in [(choices.svg, "svg"), (choices.png, "png"), (choices.pdf, "pdf")] {
        if wanted {
            job.report(0.0, "Drawing the figure");
            write_figure(&path(ending), &figure, paper, DEFAULT_DPI)?;
        }
    }
    Ok(files)
}

/// Tensors and film need every frame: the stimulus is run again from its start, none dropped.
fn run_again(request: &ExportRequest, gpu: Option<Gpu>, compute: Compute, job: &Job) -> Result<Vec<PathBuf>> {
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
    let result = run(&spec, gpu, compute, &mut |done, expected| {
        let expected = expected.unwrap_or(spec.frames.unwrap_or(1)).max(1);
        job.report(done as f32 / expected as f32, &format!("Frame {done} of {expected}"));
        !job.is_cancelled()
    })?;
    Ok(result.files)
}
