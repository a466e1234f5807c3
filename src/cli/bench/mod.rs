//! `percept bench`: how long every stretch of the way from a file to the window takes on this machine.
//!
//! Nothing is hidden in a single number: each figure comes with its spread, the machine, the build and the
//! load it was measured under. What cannot be measured here is named, with the reason.

use std::path::PathBuf;

use crate::error::Result;
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::model::shipped;
use crate::units::PixelSize;

mod arithmetic;
mod gallery;
mod latency;
mod media;
mod network;
mod output;
mod place;
mod print;
mod scaling;
mod scene;
mod scratch;
mod spread;
mod step;
mod threads;

pub use arithmetic::multiply_accumulates;
pub use network::About;
pub use place::{Build, Place};
pub use scaling::Scaled;
pub use spread::{Effort, Figure, Spread};

/// Version of the JSON object.
pub const SCHEMA: &str = "percept-bench-1";
/// The full-size network, with random weights: its cost does not depend on them.
pub const FULL_SIZE: &str = "random:3,48,96,192";
/// Most threads that make sense to ask for.
const MOST_THREADS: u64 = 1024;

/// Arguments of `percept bench`.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
#[derive(Clone, Debug, Default, clap::Args)]
pub struct BenchArgs {
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// A network: a shipped one's name, a weights file, or random:WIDTHS as random:3,48,96,192; may be given
    /// again
    #[arg(long = "model", value_name = "MODEL")]
    pub models: Vec<String>,
    /// Size of the networks' input, WIDTHxHEIGHT; without it their own
    #[arg(long)]
    pub size: Option<PixelSize>,
    /// Where the networks run
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Threads that the networks may use; without it one per processor
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS))]
    pub threads: Option<u64>,
    /// A video to decode; without it one is made
    #[arg(long)]
    pub clip: Option<PathBuf>,
    /// Only this stretch; may be given again
    #[arg(long, value_enum)]
    pub only: Vec<Section>,
    /// Few repetitions and the default network alone
    #[arg(long)]
    pub quick: bool,
    /// Also every single time, in the JSON object
    #[arg(long, requires = "json")]
    pub times: bool,
    /// Also how a step's cost grows with size, width and layers
    #[arg(long)]
    pub scaling: bool,
    /// Also every illusion at 1024x1024 as the window draws it, the slowest first
    #[arg(long)]
    pub illusions: bool,
}

/// A stretch of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// From a file to a picture.
    Decode,
    /// An illusion drawn into the network's input.
    Stimulus,
    /// The network's step.
    Step,
    /// A step's numbers.
    Readouts,
    /// Tensors drawn.
    Drawing,
    /// What a run writes per frame.
    Record,
    /// From a decoded frame to its answer drawn.
    Latency,
}

impl std::fmt::Display for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", format!("{self:?}").to_lowercase())
    }
}

/// Why something was not measured.
#[derive(Clone, Debug, serde::Serialize)]
pub struct LeftOut {
    /// What.
    pub section: Section,
    /// Why.
    pub why: String,
}

/// A model and what was measured with it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Measured {
    /// What it is.
    pub model: About,
    /// What was measured.
    pub figures: Vec<Figure>,
}

/// All that was measured.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Report {
    /// Version of this object.
    pub schema: &'static str,
    /// Percept's version.
    pub percept: &'static str,
    /// Where and how.
    #[serde(flatten)]
    pub place: Place,
    /// Decoding, which no model has a part in.
    pub decode: Vec<Figure>,
    /// Every illusion in large, the slowest first; empty unless asked for.
    pub illusions: Vec<Figure>,
    /// What depends on the model.
    pub models: Vec<Measured>,
    /// How a step's cost grows; empty unless asked for.
    pub scaling: Vec<Scaled>,
    /// What could not be measured.
    pub left_out: Vec<LeftOut>,
}

/// What is at hand while measuring.
#[derive(Debug)]
pub struct Bench {
    gpu: Option<Gpu>,
    compute: Compute,
    effort: Effort,
    /// Whether every single time is told.
    keeps_times: bool,
    figures: Vec<Figure>,
    left_out: Vec<LeftOut>,
}

impl Bench {
    /// Times `work` and keeps the figure.
    ///
    /// # Errors
    /// Those of `work`.
    fn time(
        &mut self,
        section: Section,
        name: &str,
        about: &str,
        work: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        let (times_ms, cpu_ms) = spread::measure(self.effort, work)?;
        self.add(section, name, about, times_ms, cpu_ms);
        Ok(())
    }

    fn add(&mut self, section: Section, name: &str, about: &str, times_ms: Vec<f64>, cpu_ms: Option<f64>) {
        let (name, about, spread) = (name.to_owned(), about.to_owned(), Spread::of(&times_ms));
        let times_ms = if self.keeps_times { times_ms } else { Vec::new() };
        self.figures.push(Figure { section, name, about, spread, cpu_ms, times_ms });
    }

    fn leave_out(&mut self, section: Section, why: &str) {
        if !self.left_out.iter().any(|it| it.section == section) {
            self.left_out.push(LeftOut { section, why: why.to_owned() });
        }
    }

    /// The graphics device, or a note that the section is left out.
    fn gpu(&mut self, section: Section) -> Option<Gpu> {
        if self.gpu.is_none() {
            self.leave_out(section, "no graphics adapter was found");
        }
        self.gpu.clone()
    }
}

/// Measures and prints.
///
/// # Errors
/// When a model, a clip or the device cannot be had, or fails.
pub fn run(args: &BenchArgs) -> Result<()> {
    if let Some(wanted) = args.threads
        && threads::run_with(wanted as usize)?
    {
        return Ok(());
    }
    let report = measure(args)?;
    super::report::print(&report, args.json, print::text)
}

/// All that `args` ask for.
///
/// # Errors
/// Those of [`run`].
pub fn measure(args: &BenchArgs) -> Result<Report> {
    let load_average = place::load_average();
    let wants = |section| args.only.is_empty() || args.only.contains(&section);
    let draws =
        args.illusions || [Section::Stimulus, Section::Drawing, Section::Latency].into_iter().any(wants);
    let gpu = if draws || args.device != DeviceChoice::Cpu { Gpu::headless().ok() } else { None };
    let compute = Compute::choose(args.device, gpu.as_ref())?;
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let (figures, left_out, keeps_times) = (Vec::new(), Vec::new(), args.times);
    let mut bench = Bench { gpu, compute, effort, keeps_times, figures, left_out };
    let names = names(args);
    let models = names.iter().map(|name| measure_model(&mut bench, name, args, &wants));
    let models = models.collect::<Result<_>>()?;
    if wants(Section::Decode) {
        media::time_decoding(&mut bench, args.clip.as_deref())?;
    }
    let decode = std::mem::take(&mut bench.figures);
    let illusions = if args.illusions { gallery::time_all(&mut bench, args.quick)? } else { Vec::new() };
    let scaling = if args.scaling { scaling::time_scaling(&bench, args.quick)? } else { Vec::new() };
    Ok(Report {
        schema: SCHEMA,
        percept: env!("CARGO_PKG_VERSION"),
        place: Place {
            machine: crate::cli::doctor::Machine::look(),
            build: Build::of_this(),
            threads: threads::count(),
            load_average,
            graphics: bench.gpu.as_ref().map(Gpu::name),
            device: bench.compute.name.clone(),
        },
        decode,
        illusions,
        models,
        scaling,
        left_out: bench.left_out,
    })
}

/// The models that are measured.
fn names(args: &BenchArgs) -> Vec<String> {
    let usual = if args.quick { &[shipped::DEFAULT][..] } else { &[shipped::DEFAULT, FULL_SIZE] };
    if args.models.is_empty() {
        return usual.iter().map(|&name| name.to_owned()).collect();
    }
    args.models.iter().map(|name| super::model(name)).collect()
}

fn measure_model(
    bench: &mut Bench,
    name: &str,
    args: &BenchArgs,
    wants: &impl Fn(Section) -> bool,
) -> Result<Measured> {
    let mut subject = step::time_opening(bench, name, args.size)?;
    if wants(Section::Step) {
        step::time_steps(bench, &mut subject)?;
    } else {
        bench.figures.clear();
    }
    let mut about = subject.about();
    about.peak_memory_mb = place::peak_memory_mb();
    let response = subject.step(&bench.compute)?;
    let model = subject.model.as_ref();
    if wants(Section::Stimulus) {
        scene::time_stimuli(bench, about.size)?;
    }
    if wants(Section::Readouts) {
        output::time_readouts(bench, model, &response)?;
    }
    if wants(Section::Drawing) {
        scene::time_drawing(bench, model, &response)?;
    }
    if wants(Section::Record) {
        output::time_recording(bench, model, &response)?;
    }
    if wants(Section::Latency) {
        latency::time_latency(bench, &mut subject)?;
    }
    Ok(Measured { model: about, figures: std::mem::take(&mut bench.figures) })
}
