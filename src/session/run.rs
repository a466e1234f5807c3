//! The same session with no window: every frame in turn, none dropped, results into files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::Tensor;

use super::Start;
use super::describe;
use super::filmstrip::Filmstrip;
use super::looker::{Looker, Question};
use super::second::{Both, PREFIX, load_pair, say_size};
use super::stage::{Advance, Kit, Setting, Stage, StageFrame};
use crate::error::{Error, Kind, Result};
use crate::export::mp4::Mp4Writer;
use crate::export::npz::NpzWriter;
use crate::export::responses::write_responses;
use crate::figure::Figure;
use crate::figure::paper::PaperSize;
use crate::figure::timecourse::{Choice, time_course_figure};
use crate::gpu::{Compute, Gpu};
use crate::model::Role;
use crate::provenance::Provenance;
use crate::readout::Unit;
use crate::readout::responses::answers;
use crate::readout::stats::host_values;
use crate::readout::timecourse::Recording;
use crate::stimulus::illusion::catalogue;

/// Most frames of a run whose end is not known and not asked for.
pub const USUAL_FRAMES: u64 = 100;

/// A run to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSpec {
    /// Stimulus, model, size, sampling, lesions.
    pub start: Start,
    /// Frames to look at; `None` is the whole stimulus, or [`USUAL_FRAMES`] where it has no end.
    pub frames: Option<u64>,
    /// Units to record beside the means.
    pub units: Vec<Unit>,
    /// Probes whose tensors go into the NPZ file, by name; "all" is every probe.
    pub probes: Vec<String>,
    /// Files to write, by extension: csv, npz, svg, png, pdf, json, mp4.
    pub files: Vec<String>,
    /// Folder for the files.
    pub out: PathBuf,
    /// Beginning of the file names; `None` names each file after what is in it.
    pub stem: Option<String>,
    /// Width of the figure in millimetres; below 120 its type is that of one column.
    pub figure_width_mm: f64,
    /// Height of the figure in millimetres; `None` is what its panels need.
    pub figure_height_mm: Option<f64>,
    /// From this step on, for so many steps, the network is given its own prediction instead of the frame.
    pub extrapolate: Option<(u64, u32)>,
    /// The command line that makes the run again.
    pub command: String,
}

impl RunSpec {
    /// The figure's size, for so many panels.
    pub fn paper(&self, panels: usize) -> PaperSize {
        let usual = if self.figure_width_mm < 120.0 {
            PaperSize::single_column(panels)
        } else {
            PaperSize::double_column(panels)
        };
        let height_mm = self.figure_height_mm.unwrap_or(usual.height_mm);
        PaperSize { width_mm: self.figure_width_mm, height_mm, ..usual }
    }
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct RunResult {
    /// Files written.
    pub files: Vec<PathBuf>,
    /// Steps taken.
    pub steps: u64,
    /// Mean squared error of the prediction and of copying the last frame, over all steps but the first three.
    pub squared_error: Option<(f64, f64)>,
    /// Name of the second network and mean squared error of its prediction, where two were compared.
    pub second: Option<(String, f64)>,
    /// What was assumed or repaired in the source.
    pub notes: Vec<String>,
}

/// Steps at the start that are left out of the mean error: the network has seen no motion yet.
const UNSCORED_STEPS: usize = 3;

/// Makes a run. `progress` is told the steps done and the steps expected, and stops the run by saying
/// false. Files appear whole at the end, or not at all.
///
/// # Errors
/// When the stimulus or model cannot be had, a frame cannot be made, or a file cannot be written.
pub fn run(
    spec: &RunSpec,
    gpu: Option<Gpu>,
    compute: Compute,
    progress: &mut dyn FnMut(u64, Option<u64>) -> bool,
) -> Result<RunResult> {
    let mut bench = Bench::new(spec, gpu, compute)?;
    let mut taken = 0;
    while spec.frames.is_none_or(|frames| taken < frames) {
        let expected = spec.frames.or_else(|| bench.expected());
        if spec.frames.is_none() && bench.stage.duration_s().is_none() && taken >= USUAL_FRAMES {
            break;
        }
        if !progress(taken, expected) {
            return Err(Error::new(Kind::Usage, "the run was stopped; nothing was written"));
        }
        match bench.stage.advance(None, Duration::from_millis(200), &bench.setting, &bench.kit) {
            Advance::Frame(frame) => {
                bench.take(*frame)?;
                taken += 1;
            }
            Advance::NotYet | Advance::Early(_) => {}
            Advance::End => break,
            Advance::Failed(error) if taken == 0 => return Err(error),
            Advance::Failed(error) => {
                bench.notes.push(error.to_string());
                break;
            }
        }
    }
    if taken == 0 {
        return Err(Error::new(Kind::Empty, "the stimulus has no frames")
            .advise("Choose another file, or one that starts earlier"));
    }
    bench.finish(taken)
}

/// A run under way.
struct Bench<'a> {
    spec: &'a RunSpec,
    kit: Kit,
    setting: Setting,
    stage: Stage,
    looker: Looker,
    second: Option<Looker>,
    provenance: Provenance,
    recording: Recording,
    npz: Option<NpzWriter>,
    film: Option<Filmstrip>,
    notes: Vec<String>,
    files: Vec<PathBuf>,
}

impl<'a> Bench<'a> {
    fn new(spec: &'a RunSpec, gpu: Option<Gpu>, compute: Compute) -> Result<Self> {
        let start = &spec.start;
        let mut kit = Kit { gpu, compute, size: crate::units::PixelSize::new(80, 64) };
        let name = start.model.as_deref().unwrap_or(crate::model::shipped::DEFAULT);
        let (looker, second) = match &start.second {
            Some(second) => {
                let lesions = [&start.lesions[..], &start.second_lesions];
                let (first, second) = load_pair([name, second], lesions, start.size, &kit)?;
                (first, Some(second))
            }
            None => (Looker::load(name, start.size, &start.lesions, &kit)?, None),
        };
        kit.size = looker.size();
        let setting = Setting {
            showing: start.showing.clone(),
            fit: start.fit,
            sampling: start.sampling,
            model_rate_hz: looker.card.frame_rate_hz,
        };
        let illusions = catalogue::load().0;
        let stage = Stage::open(&start.stimulus, &illusions, &setting, &kit)?;
        let mut values =
            stage.illusion().map_or_else(Vec::new, |illusion| describe::values(illusion, &setting.showing));
        values.extend(second.as_ref().map(describe::second));
        let notes = second.is_some().then(|| say_size(looker.size(), start.size?)).flatten();
        let mut provenance =
            describe::provenance(&start.stimulus, &looker, &setting, values, &kit.compute.name);
        provenance.command.clone_from(&spec.command);
        if let Some((from, count)) = spec.extrapolate {
            provenance
                .settings
                .push(format!("its own prediction fed back from step {from} for {count} steps"));
        }
        let mut bench = Self {
            spec,
            kit,
            setting,
            stage,
            looker,
            second,
            provenance,
            recording: Recording::default(),
            npz: None,
            film: None,
            notes: notes.into_iter().collect(),
            files: Vec::new(),
        };
        bench.check_names()?;
        bench.open_files()?;
        Ok(bench)
    }

    /// A wrong probe or unit is told before the run, not after it.
    fn check_names(&self) -> Result<()> {
        let known = |name: &str| self.looker.probes.iter().any(|probe| probe.name == name);
        let names = self.spec.units.iter().map(|unit| unit.probe.as_str());
        for name in names.chain(self.spec.probes.iter().map(String::as_str)) {
            if name != "all" && !known(name) {
                let all: Vec<_> = self.looker.probes.iter().map(|probe| probe.name.as_str()).collect();
                return Err(Error::new(Kind::Usage, format!("there is no probe \"{name}\""))
                    .advise(format!("This model has: {}", all.join(", "))));
            }
        }
        Ok(())
    }

    fn wants(&self, extension: &str) -> bool {
        self.spec.files.iter().any(|file| file == extension)
    }

    fn path(&mut self, name: &str, extension: &str) -> PathBuf {
        let stem = self.spec.stem.as_deref().unwrap_or(name);
        let path = self.spec.out.join(format!("{stem}.{extension}"));
        self.files.push(path.clone());
        path
    }

    /// Files that grow with the run are opened before it, so that a bad folder is told at once.
    fn open_files(&mut self) -> Result<()> {
        let probe = crate::atomic::Pending::new(&self.spec.out.join("percept-was-here"))?;
        drop(probe);
        if self.wants("npz") {
            let path = self.path("probes", "npz");
            self.npz = Some(NpzWriter::create(&path)?);
        }
        Ok(())
    }

    fn expected(&self) -> Option<u64> {
        self.stage
            .duration_s()
            .map(|length_s| (length_s / self.stage.interval_s(&self.setting)).round() as u64)
    }

    fn take(&mut self, frame: StageFrame) -> Result<()> {
        let step = self.looker.step;
        if let Some((from, count)) = self.spec.extrapolate
            && step == from
        {
            self.looker.extrapolating = count;
            self.second.iter_mut().for_each(|second| second.extrapolating = count);
        }
        let input = (self.looker.extrapolating == 0).then(|| frame.input.clone());
        if let Some(second) = &mut self.second {
            second.look(frame.time_s, frame.input.clone())?;
        }
        self.looker.look(frame.time_s, frame.input)?;
        let question = Question { picks: self.spec.units.clone(), ..Question::default() };
        let seen = Both::ask(&self.looker, self.second.as_ref(), &question)?;
        let row = seen.row(&self.looker, self.second.as_ref(), &self.spec.units);
        let Some(row) = row else { return Ok(()) };
        let before_s = self.recording.time_s.last().map_or(-1e-9, |&last| last);
        let marks = self.stage.marks(&self.setting.showing, before_s + 1e-9, frame.time_s + 1e-9);
        self.recording.append(frame.time_s, frame.number, &row);
        self.recording.marks.extend(marks);
        self.write_tensors(step)?;
        self.film_step(input)
    }

    fn write_tensors(&mut self, step: u64) -> Result<()> {
        let Some(npz) = &mut self.npz else { return Ok(()) };
        let both = std::iter::once(("", &self.looker)).chain(self.second.iter().map(|b| (PREFIX, b)));
        for (prefix, looker) in both {
            let Some(response) = looker.response() else { continue };
            for (probe, part) in looker.probes.iter().zip(&response.activities) {
                if self.spec.probes.iter().any(|name| name == "all" || *name == probe.name) {
                    let shape =
                        [probe.channels as u64, u64::from(probe.size.height), u64::from(probe.size.width)];
                    npz.add(
                        &format!("{prefix}t{step}.{}{}", probe.symbol, probe.layer),
                        &shape,
                        &host_values(part.tensor())?,
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Without an input, the network was given its own prediction.
    fn film_step(&mut self, input: Option<Tensor<4>>) -> Result<()> {
        if !self.wants("mp4") {
            return Ok(());
        }
        if self.film.is_none() {
            let path = self.path("video", "mp4");
            let rate_hz = 1.0 / self.stage.interval_s(&self.setting);
            let create = |size| Mp4Writer::create(&path, size, rate_hz, &self.provenance.pairs());
            let beside = self.second.as_ref().map(|second| second.card.name.as_str());
            self.film = Some(Filmstrip::new(self.looker.size(), beside, &self.provenance, create)?);
        }
        let (Some(film), Some(response)) = (&mut self.film, self.looker.response()) else { return Ok(()) };
        let probes = &self.looker.probes;
        let expected = probes.iter().position(|probe| probe.is_picture() && probe.role == Role::Prediction);
        match input.or_else(|| response.tensor(expected?)) {
            Some(got) => {
                let theirs = self.second.as_ref().and_then(Looker::prediction);
                film.push(&got, probes, response, theirs.as_ref())
            }
            None => Ok(()),
        }
    }

    fn finish(mut self, steps: u64) -> Result<RunResult> {
        if let Some(info) = self.stage.info() {
            self.notes.extend(info.notes);
        }
        let beyond = self.stage.beyond(&self.setting, self.kit.size);
        self.notes.extend(beyond.into_iter().map(|one| format!("{}: {}", one.param, one.what)));
        if let Some((from, _)) = self.spec.extrapolate.filter(|(from, _)| *from >= steps) {
            self.notes.push(format!("Nothing was extrapolated: the run ended before step {from}"));
        }
        if let Some(mut npz) = self.npz.take() {
            let times: Vec<f32> = self.recording.time_s.iter().map(|&time_s| time_s as f32).collect();
            npz.add("time_s", &[times.len() as u64], &times)?;
            for (key, value) in self.provenance.pairs() {
                npz.add_text(key, &value)?;
            }
            npz.finish()?;
        }
        if let Some(film) = self.film.take() {
            let made = film.finish()?;
            let named = self.files.iter_mut().find(|file| file.extension() == made.extension());
            if let Some(file) = named.filter(|file| **file != made) {
                let what = "The film flashes beyond what is safe for everyone, and is named so";
                self.notes.push(format!("{what}: {}", made.display()));
                *file = made;
            }
        }
        if self.wants("csv") {
            let path = self.path("timecourses", "csv");
            crate::export::csv::write_time_courses(
                &path,
                &self.recording,
                &self.looker.probes,
                &self.provenance,
            )?;
            let answers = answers(&self.recording);
            if !answers.is_empty() {
                let name = self.spec.stem.as_ref().map_or_else(String::new, |stem| format!("{stem}-"));
                let path = self.spec.out.join(format!("{name}responses.csv"));
                self.files.push(path.clone());
                write_responses(&path, &answers, &self.looker.probes, &self.provenance)?;
            }
        }
        self.write_figures()?;
        let squared_error = self.mean("mse_prediction").zip(self.mean("mse_copy"));
        let second = self.second.as_ref().map(|second| second.card.name.clone());
        let second = second.zip(self.mean(&format!("{PREFIX}mse_prediction")));
        Ok(RunResult { files: self.files, steps, squared_error, second, notes: self.notes })
    }

    fn write_figures(&mut self) -> Result<()> {
        let title = title_of(&self.spec.start, &self.looker, self.second.as_ref());
        let names = |second: &Looker| [&self.looker, second].map(|looker| looker.card.name.clone());
        let choice = Choice { names: self.second.as_ref().map(names), ..Choice::default() };
        let mut figure: Figure =
            time_course_figure(&self.recording, &self.looker.probes, &self.provenance, &title, &choice);
        figure.notes.extend(self.notes.iter().cloned());
        let paper = self.spec.paper(figure.panels.len());
        for extension in ["svg", "png", "pdf", "json"] {
            if self.wants(extension) {
                let path = self.path("timecourses", extension);
                crate::export::write_figure(&path, &figure, paper, crate::export::DEFAULT_DPI)?;
            }
        }
        Ok(())
    }

    /// Mean of a column over the steps that are scored.
    fn mean(&self, name: &str) -> Option<f64> {
        let column = self.recording.values.get(name)?;
        let scored: Vec<f64> =
            column.iter().skip(UNSCORED_STEPS).filter(|v| v.is_finite()).map(|&v| f64::from(v)).collect();
        (!scored.is_empty()).then(|| scored.iter().sum::<f64>() / scored.len() as f64)
    }
}

/// For example "walk.mp4 seen by first-light", or "… by first-light and copy-last-frame".
fn title_of(start: &Start, looker: &Looker, second: Option<&Looker>) -> String {
    let name = describe::name_of(&start.stimulus);
    let short =
        Path::new(&name).file_name().map_or_else(|| name.clone(), |file| file.to_string_lossy().into_owned());
    let beside = second.map_or_else(String::new, |second| format!(" and {}", second.card.name));
    format!("{short} seen by {}{beside}", looker.card.name)
}
