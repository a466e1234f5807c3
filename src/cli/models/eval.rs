//! `percept models eval`: how well networks predict clips they may never have seen, beside copying the last
//! frame and extrapolating it.

use std::path::PathBuf;

use super::{compute, print_json, tensor, values};
use crate::error::{Error, Kind, Result};
use crate::frame::NetworkFrame;
use crate::gpu::{Compute, DeviceChoice};
use crate::model::{Model, Probe, Role, shipped};
use crate::readout::score::{ScoreTally, Scores, luma};
use crate::stimulus::fit::{Fit, fit};
use crate::stimulus::open::open;
use crate::stimulus::{StimulusSpec, Want};
use crate::units::PixelSize;

/// Frames at the start of a clip that do not count: a network needs to see some motion first.
const FIRST_FRAMES: u64 = 3;

/// Arguments of `percept models eval`.
#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// A shipped network's name, a weights file, or all for every shipped one.
    pub model: String,
    /// Videos or folders of pictures.
    #[arg(required = true)]
    pub clips: Vec<PathBuf>,
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
    /// Mean squared error over that of copying: below 1 is better than copying.
    pub ratio_to_copy: f64,
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
    let mut rows = Vec::new();
    for name in names {
        let mut model = shipped::load(name, args.size, &compute.burn)?;
        let fps = args.fps.or(model.card().frame_rate_hz).or(usual_rate);
        for clip in &args.clips {
            rows.push(score(model.as_mut(), clip, fps, args, compute)?);
        }
    }
    Ok(rows)
}

fn score(
    model: &mut dyn Model,
    clip: &std::path::Path,
    fps: Option<f64>,
    args: &EvalArgs,
    compute: &Compute,
) -> Result<Row> {
    model.reset();
    let size = model.size();
    let (index, grey) = prediction(model.probes())?;
    let mut tally = ScoreTally::new(size, FIRST_FRAMES);
    let mut clip_frames = Frames::open(clip, fps)?;
    while let Some(picture) = clip_frames.next()? {
        if args.frames.is_some_and(|most| clip_frames.given > most) {
            break;
        }
        let mut frame = fit(&picture, size, args.fit, false);
        if grey {
            frame = to_grey(&frame);
        }
        let response = model.step(Some(tensor(frame.clone(), compute)))?;
        let predicted =
            response.tensor(index).ok_or_else(|| Error::new(Kind::Internal, "a prediction is missing"))?;
        let predicted = values(predicted)?;
        tally.add(&frame, &if grey { predicted.repeat(3) } else { predicted })?;
    }
    let scores = tally.scores().ok_or_else(|| {
        Error::new(Kind::Mismatch, format!("the clip gives no more than {} frames", clip_frames.given))
            .at(clip)
            .advise(format!("Choose one of more than {FIRST_FRAMES}, or a higher --fps"))
    })?;
    let card = model.card();
    Ok(Row {
        model: card.name.clone(),
        sha256: card.sha256.clone(),
        clip: clip.display().to_string(),
        size: size.to_string(),
        fps,
        first_frames: FIRST_FRAMES,
        ratio_to_copy: scores.prediction.mse / scores.copy_last_frame.mse,
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

/// The frames of a clip, at most so many a second.
struct Frames {
    source: Box<dyn crate::stimulus::Source>,
    period_s: f64,
    due_s: f64,
    given: u64,
}

impl Frames {
    fn open(clip: &std::path::Path, fps: Option<f64>) -> Result<Self> {
        let source = open(&StimulusSpec::File(clip.to_path_buf()))?;
        Ok(Self { source, period_s: fps.map_or(0.0, |fps| 1.0 / fps), due_s: 0.0, given: 0 })
    }

    /// The next frame that is due. A frame is shown once, however high the rate.
    fn next(&mut self) -> Result<Option<std::sync::Arc<crate::frame::Picture>>> {
        loop {
            let want = if self.given == 0 { Want::Start } else { Want::Next };
            let Some(shown) = self.source.read(want)? else { return Ok(None) };
            // times in files are rounded, to a millisecond in the coarsest containers
            if self.given == 0 || shown.time_s >= self.due_s - 0.001 {
                let late = shown.time_s - self.due_s;
                self.due_s = if late > self.period_s { shown.time_s } else { self.due_s } + self.period_s;
                self.given += 1;
                return Ok(Some(shown.picture));
            }
        }
    }
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
            "{:<22}{clip:<28}{:>6}{:>10.6}{:>8}{:>10.6}{:>8}{:>10.6}{:>7.3}",
            row.model,
            row.scores.frames,
            row.scores.prediction.mse,
            ssim(row.scores.prediction.ssim),
            row.scores.copy_last_frame.mse,
            ssim(row.scores.copy_last_frame.ssim),
            row.scores.linear_extrapolation.mse,
            row.ratio_to_copy,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Picture, Shown};
    use crate::stimulus::{Source, SourceInfo};

    /// A source whose frames come every `period_s`.
    struct Clock {
        info: SourceInfo,
        period_s: f64,
        at: u64,
    }

    impl Source for Clock {
        fn info(&self) -> &SourceInfo {
            &self.info
        }

        fn read(&mut self, want: Want) -> Result<Option<Shown>> {
            self.at = if want == Want::Start { 0 } else { self.at + 1 };
            let picture = Picture::uniform(PixelSize::new(1, 1), [self.at as u8; 3]);
            let shown =
                Shown { time_s: self.at as f64 * self.period_s, number: self.at, picture: picture.into() };
            Ok((self.at < 31).then_some(shown))
        }
    }

    fn numbers(rate_hz: f64, fps: Option<f64>) -> Vec<u8> {
        let source = Clock { info: SourceInfo::default(), period_s: 1.0 / rate_hz, at: 0 };
        let period_s = fps.map_or(0.0, |fps| 1.0 / fps);
        let mut frames = Frames { source: Box::new(source), period_s, due_s: 0.0, given: 0 };
        std::iter::from_fn(|| frames.next().unwrap().map(|picture| picture.rgb[0])).collect()
    }

    #[test]
    fn frames_come_at_the_rate_that_is_asked_for() {
        assert_eq!(numbers(30.0, Some(10.0)), [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
        assert_eq!(numbers(25.0, Some(10.0)), [0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25, 28, 30]);
        assert_eq!(numbers(5.0, Some(10.0)).len(), 31);
        assert_eq!(numbers(30.0, None).len(), 31);
    }
}
