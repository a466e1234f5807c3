//! `percept models eval`: how well networks predict clips they may never have seen, beside copying the last
//! frame and extrapolating it.

use std::path::PathBuf;

use super::clips::{Clip, Event, panoramas};
use super::{compute, print_json, tensor, values};
use crate::error::{Error, Kind, Result};
use crate::frame::NetworkFrame;
use crate::gpu::{Compute, DeviceChoice};
use crate::model::{Model, Probe, Role, shipped};
use crate::readout::score::{ScoreTally, Scores, luma};
use crate::stimulus::fit::Fit;
use crate::units::PixelSize;

/// Frames at the start of a clip that do not count: a network needs to see some motion first.
const FIRST_FRAMES: u64 = 3;

/// Arguments of `percept models eval`.
#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// A shipped network's name, a weights file, or all for every shipped one.
    pub model: String,
    /// Videos or folders of pictures.
    #[arg(required_unless_present = "panorama")]
    pub clips: Vec<PathBuf>,
    /// Panoramas, or folders of them, twice as wide as high: a camera turns in them at 0.7, 2 and 4 pixels a frame, and one row says how
    /// it went in all.
    #[arg(long, num_args = 1..)]
    pub panorama: Vec<PathBuf>,
    /// Frames a second that are shown; without it the rate the network was trained at, or every frame.
    #[arg(long)]
    pub fps: Option<f64>,
    /// Size of the network's input, for example 80x64; without it the network's own.
    #[arg(long)]
    pub size: Option<PixelSize>,
    /// How a picture is brought to the network's aspect.
    #[arg(long, value_enum, default_value_t)]
    pub fit: Fit,
    /// Most frames that are shown of a clip.
    #[arg(long)]
    pub frames: Option<u64>,
    /// Where the networks run.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// One network on one clip.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Row {
    /// The network's name.
    pub model: String,
    /// SHA-256 of its weights; empty where it has none.
    pub sha256: String,
    /// The clip's file.
    pub clip: String,
    /// Network input, `WxH`.
    pub size: String,
    /// Frames a second that were shown at most; `None`: every frame.
    pub fps: Option<f64>,
    /// Frames at the start that do not count.
    pub first_frames: u64,
    /// The scores.
    #[serde(flatten)]
    pub scores: Scores,
    /// Mean squared error over that of copying: below 1 is better than copying. `None` where copying makes no error:
    /// nothing moves.
    pub ratio_to_copy: Option<f64>,
}

/// Scores every network on every clip and prints the table.
pub(super) fn run(args: &EvalArgs) -> Result<()> {
    let compute = compute(args.device)?;
    let rows = evaluate(args, &compute)?;
    if args.json {
        return print_json(&serde_json::json!({ "device": compute.name, "rows": rows }));
    }
    print_table(&rows);
    Ok(())
}

/// Scores every network on every clip.
///
/// # Errors
/// When a network or a clip cannot be had, or a clip is too short.
pub fn evaluate(args: &EvalArgs, compute: &Compute) -> Result<Vec<Row>> {
    if args.fps.is_some_and(|fps| !(0.01..=1000.0).contains(&fps)) {
        return Err(Error::new(Kind::Usage, "fps must be between 0.01 and 1000"));
    }
    let names: Vec<&str> = if args.model == "all" { shipped::names() } else { vec![&args.model] };
    // baselines say no rate of their own: they are shown what the default network is
    let usual_rate = shipped::card(shipped::DEFAULT)?.frame_rate_hz.filter(|_| args.model == "all");
    let clips = clips(args)?;
    let mut rows = Vec::new();
    for name in names {
        let mut model = shipped::load(name, args.size, &compute.burn)?;
        let fps = args.fps.or(model.card().frame_rate_hz).or(usual_rate);
        for clip in &clips {
            rows.push(score(model.as_mut(), clip, fps, args, compute)?);
        }
    }
    Ok(rows)
}

fn clips(args: &EvalArgs) -> Result<Vec<Clip>> {
    let films = args.clips.iter().cloned().map(Clip::Film);
    let turns = (!args.panorama.is_empty()).then(|| panoramas(&args.panorama)).transpose()?;
    Ok(films.chain(turns.map(Clip::Turns)).collect())
}

fn score(
    model: &mut dyn Model,
    clip: &Clip,
    fps: Option<f64>,
    args: &EvalArgs,
    compute: &Compute,
) -> Result<Row> {
    model.reset();
    let size = model.size();
    let (index, grey) = prediction(model.probes())?;
    let mut tally = ScoreTally::new(size, FIRST_FRAMES);
    let mut given = 0;
    clip.show((size, args.fit, fps), &mut |event| {
        let Event::Frame(mut frame) = event else {
            model.reset();
            tally.cut();
            return Ok(true);
        };
        if grey {
            frame = to_grey(&frame);
        }
        let response = model.step(Some(tensor(frame.clone(), compute)))?;
        let predicted =
            response.tensor(index).ok_or_else(|| Error::new(Kind::Internal, "a prediction is missing"))?;
        let predicted = values(predicted)?;
        tally.add(&frame, &if grey { predicted.repeat(3) } else { predicted })?;
        given += 1;
        Ok(args.frames.is_none_or(|most| given < most))
    })?;
    let scores = tally.scores().ok_or_else(|| {
        Error::new(Kind::Mismatch, format!("{} gives no more than {given} frames", clip.name()))
            .advise(format!("Choose one of more than {FIRST_FRAMES}, or a higher --fps"))
    })?;
    let card = model.card();
    Ok(Row {
        model: card.name.clone(),
        sha256: card.sha256.clone(),
        clip: clip.name(),
        size: size.to_string(),
        fps: fps.filter(|_| matches!(clip, Clip::Film(_))),
        first_frames: FIRST_FRAMES,
        ratio_to_copy: (scores.copy_last_frame.mse > 0.0)
            .then(|| scores.prediction.mse / scores.copy_last_frame.mse),
        scores,
    })
}

/// Place of the predicted picture among the probes, and whether it is grey.
fn prediction(probes: &[Probe]) -> Result<(usize, bool)> {
    let index = probes.iter().position(|probe| probe.role == Role::Prediction && probe.layer == 0);
    let index = index.ok_or_else(|| Error::new(Kind::Internal, "the network predicts no picture"))?;
    Ok((index, probes.get(index).is_some_and(|probe| probe.channels == 1)))
}

fn to_grey(frame: &NetworkFrame) -> NetworkFrame {
    let plane: Vec<f32> = luma(&frame.planes).into_iter().map(|value| value as f32).collect();
    NetworkFrame { size: frame.size, planes: plane.repeat(3) }
}

fn print_table(rows: &[Row]) {
    println!(
        "{:<22}{:<28}{:>6}{:>10}{:>8}{:>10}{:>8}{:>10}{:>7}",
        "network", "clip", "frames", "mse", "ssim", "copy", "ssim", "linear", "ratio"
    );
    let ssim = |ssim: Option<f64>| ssim.map_or_else(|| "-".to_owned(), |ssim| format!("{ssim:.3}"));
    for row in rows {
        let path = std::path::Path::new(&row.clip);
        let clip =
            path.file_name().map_or_else(|| row.clip.clone(), |name| name.to_string_lossy().into_owned());
        println!(
            "{:<22}{clip:<28}{:>6}{:>10.6}{:>8}{:>10.6}{:>8}{:>10.6}{:>7}",
            row.model,
            row.scores.frames,
            row.scores.prediction.mse,
            ssim(row.scores.prediction.ssim),
            row.scores.copy_last_frame.mse,
            ssim(row.scores.copy_last_frame.ssim),
            row.scores.linear_extrapolation.mse,
            row.ratio_to_copy.map_or_else(|| "still".to_owned(), |ratio| format!("{ratio:.3}")),
        );
    }
}
