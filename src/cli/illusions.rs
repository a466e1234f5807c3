//! `percept illusions list | show NAME | render NAME|all -o FILE`: the gallery without a window.

use std::path::PathBuf;

use crate::cli::illusion_files;
use crate::cli::illusion_measure::{self as measure, MeasureArgs};
use crate::cli::illusion_null::{self as null, NullArgs};
use crate::cli::setting::{seed, set_all, time_s};
use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::raster::{Program, View};
use crate::param::Param;
use crate::stimulus::illusion::{Illusion, Origin, Showing, catalogue, compose, moment};
use crate::units::PixelSize;

/// Samples per pixel and side of rendered files.
const SAMPLES: u32 = 4;

/// What to do with illusions.
#[derive(Debug, clap::Args)]
pub struct IllusionsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Names all illusions: those of the program and those in your folder
    List {
        /// Prints one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Prints an illusion's card: what to see, papers, parameters, presets, control
    Show {
        /// The illusion
        name: String,
        /// Prints one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Shows illusions to networks, each with its control and both mirrors, and says who sees what
    Measure(MeasureArgs),
    /// Finds the value of a parameter at which networks see nothing, such as the real rotation that cancels an illusory one
    Null(NullArgs),
    /// Draws an illusion into a file, or all of them into one contact sheet
    Render(RenderArgs),
}

/// How an illusion is drawn into a file.
#[derive(Debug, clap::Args)]
pub(super) struct RenderArgs {
    /// The illusion, or "all" for a contact sheet
    pub(super) name: String,
    /// The file: .png (one frame), .npy (time, channel, height, width), .mp4 or .gif
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Width and height in pixels [default: 640x512; 80x64 for .npy; 320x256 for each of "all"]
    #[arg(long, value_name = "WxH")]
    pub(super) size: Option<PixelSize>,
    /// Number of frames [default: 1 for .png, 20 for .npy, 3 seconds for .mp4 and .gif]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) frames: Option<u32>,
    /// Frames a second [default: 30; 10 for .npy]
    #[arg(long, value_name = "F")]
    pub(super) fps: Option<f64>,
    /// Time of the first frame in seconds [default: 0; for "all" the moment of each that shows most]
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = time_s)]
    pub(super) time: Option<f64>,
    /// Sets a parameter; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Takes a preset's values before those of --set
    #[arg(long, value_name = "NAME")]
    pub(super) preset: Option<String>,
    /// Shows the control condition, in which the illusion vanishes
    #[arg(long)]
    pub(super) control: bool,
    /// Exchanges left and right
    #[arg(long)]
    pub(super) mirror: bool,
    /// Draws the regions that are measured instead: red what counts, green what it is compared with
    #[arg(long)]
    pub(super) regions: bool,
    /// Seed of everything random
    #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: u32,
}

/// Runs `percept illusions`.
///
/// # Errors
/// What went wrong, for the command line to print. Faulty files in the user's folder are told on stderr and
/// do not stop it.
pub fn run(args: &IllusionsArgs) -> Result<()> {
    let (all, faults) = catalogue::load();
    for fault in &faults {
        eprintln!("percept: {fault}");
    }
    match &args.action {
        Action::List { json } => list(&all, *json),
        Action::Show { name, json } => show(catalogue::find(&all, name)?, *json),
        Action::Measure(args) => measure::run(&all, args),
        Action::Null(args) => null::run(&all, args),
        Action::Render(args) if args.name == "all" => illusion_files::contact_sheet(&all, args),
        Action::Render(args) => illusion_files::render(catalogue::find(&all, &args.name)?, args),
    }
}

fn list(all: &[Illusion], json: bool) -> Result<()> {
    if json {
        let entries: Vec<_> = all.iter().map(as_json).collect();
        return print_json(&serde_json::json!({ "illusions": entries }));
    }
    let widest = all.iter().map(|illusion| illusion.slug.len()).max().unwrap_or(0);
    for illusion in all {
        let own = if illusion.origin == Origin::BuiltIn { "" } else { " (yours)" };
        println!("{:widest$}  {}, {}{own}", illusion.slug, illusion.card.name, illusion.card.family);
    }
    Ok(())
}

fn as_json(illusion: &Illusion) -> serde_json::Value {
    let file = match &illusion.origin {
        Origin::BuiltIn => None,
        Origin::User(path) => Some(path.to_string_lossy()),
    };
    serde_json::json!({ "slug": illusion.slug, "file": file, "card": illusion.card })
}

fn print_json(value: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|cause| Error::new(Kind::Internal, format!("no JSON could be made: {cause}")))?;
    println!("{text}");
    Ok(())
}

fn show(illusion: &Illusion, json: bool) -> Result<()> {
    if json {
        return print_json(&as_json(illusion));
    }
    let card = &illusion.card;
    println!("{} ({}, {})\n", card.name, illusion.slug, card.family);
    println!("{}", card.percept);
    for (title, text) in
        [("How to look", &card.look), ("Control", &card.control_note), ("People", &card.human)]
    {
        if !text.is_empty() {
            println!("{title}: {text}");
        }
    }
    println!(
        "Read-out: {}. Flashes: {}. Field: {} deg wide.",
        card.readout,
        or_none(&card.flash),
        card.field_deg
    );
    if !card.papers.is_empty() {
        println!("Papers: {}", card.papers.join("; "));
    }
    println!("\nParameters");
    for param in &card.params {
        println!("  {}", describe(param));
    }
    println!("\nPresets");
    for preset in &card.presets {
        println!("  {}: {}", preset.name, assignments(preset.values.0.iter()));
    }
    println!("\nControl\n  {}", assignments(card.control.0.iter()));
    Ok(())
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn describe(param: &Param) -> String {
    let range = if param.choices.is_empty() {
        format!("{} to {}", param.min, param.max)
    } else {
        let named = |(number, choice): (usize, &String)| format!("{} {choice}", param.min + number as f64);
        param.choices.iter().enumerate().map(named).collect::<Vec<_>>().join(", ")
    };
    let unit = if param.unit.is_empty() { String::new() } else { format!(" {}", param.unit) };
    let about = if param.about.is_empty() { String::new() } else { format!(". {}", param.about) };
    format!("{} = {}{unit} ({range}){about}", param.name, param.default)
}

fn assignments<'a>(values: impl Iterator<Item = (&'a String, &'a f64)>) -> String {
    values.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// How the command line wants the illusion shown.
pub(super) fn showing(illusion: &Illusion, args: &RenderArgs) -> Result<Showing> {
    let mut showing =
        Showing { control: args.control, mirror: args.mirror, seed: args.seed, ..Showing::default() };
    if let Some(wanted) = &args.preset {
        let presets = &illusion.card.presets;
        let preset =
            presets.iter().find(|preset| preset.name.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
                let names: Vec<_> = presets.iter().map(|preset| format!("\"{}\"", preset.name)).collect();
                Error::new(Kind::Usage, format!("there is no preset \"{wanted}\""))
                    .advise(format!("It has: {}", names.join(", ")))
            })?;
        showing.values = preset.values.clone();
    }
    set_all(&mut showing.values, &illusion.card.params, &args.set)?;
    Ok(showing)
}

/// An illusion, compiled, with how it is shown.
pub(super) struct Easel {
    program: Program,
    params: Vec<f32>,
    view: View,
}

impl Easel {
    pub(super) fn new(gpu: &Gpu, illusion: &Illusion, showing: &Showing, size: PixelSize) -> Result<Self> {
        Self::of(gpu, illusion, showing, size, &compose::compose(illusion))
    }

    /// One that draws the regions measured instead.
    pub(super) fn of_region(
        gpu: &Gpu,
        illusion: &Illusion,
        showing: &Showing,
        size: PixelSize,
    ) -> Result<Self> {
        let text = compose::compose_region(illusion).ok_or_else(|| {
            Error::new(Kind::Usage, format!("{} has no regions that are measured", illusion.slug))
                .advise("Its file would need a function region")
        })?;
        Self::of(gpu, illusion, showing, size, &text)
    }

    fn of(gpu: &Gpu, illusion: &Illusion, showing: &Showing, size: PixelSize, text: &str) -> Result<Self> {
        compose::validate(illusion)?;
        let view = illusion.view(showing, size, 0.0, SAMPLES);
        let program = Program::new(gpu, text)?;
        Ok(Self { program, params: illusion.uniform_values(showing), view })
    }

    /// The same of the moment that shows most.
    pub(super) fn telling(&self, illusion: &Illusion, showing: &Showing) -> Result<Vec<f32>> {
        moment::telling(&self.program, illusion, showing, self.view.size, SAMPLES)
    }

    /// sRGB-coded planes at a time.
    pub(super) fn planes(&self, time_s: f64) -> Result<Vec<f32>> {
        self.program.render_planes(&View { time_s, ..self.view }, &self.params)
    }
}
