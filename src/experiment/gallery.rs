//! Every illusion before every network: each with its control and both mirrors, at several places, and one number,
//! interval and verdict for each.

use burn::tensor::{Tensor, TensorData};

use super::film::{Condition, Film, Lens, STILL_FRAMES};
use super::number::{Glance, number};
use super::verdict::{Finding, Sample, least, weigh};
use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::{Compute, Gpu};
use crate::model::{Model, Role, shipped};
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::measure::Measured;
use crate::units::PixelSize;

/// Shifts of the picture in pixels at which all is shown; of what is random, as many seeds instead.
const PLACES_PX: [[f32; 2]; 5] = [[0.0, 0.0], [1.25, 0.5], [-0.75, 1.0], [-1.5, -0.75], [1.0, -1.25]];
/// Frames a second shown to a network that says no rate of its own.
const USUAL_RATE_HZ: f64 = 10.0;
/// Size of the frames for what takes any.
const USUAL_SIZE: PixelSize = PixelSize::new(80, 64);
/// Steps on its own predictions after a picture that stands still (the published protocol's two).
const FREE_STEPS: usize = 2;

/// One network's answer to one illusion.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Row {
    /// The illusion.
    pub slug: String,
    /// The network's name.
    pub model: String,
    /// SHA-256 of its weights; empty where it has none.
    pub sha256: String,
    /// What was measured.
    pub of: Measured,
    /// Its unit.
    pub unit: &'static str,
    /// Whether the mirror's number, in the picture's own directions, has the other sign.
    pub mirror_turns: bool,
    /// The numbers; `None` where none could be had.
    pub finding: Option<Finding>,
}

/// A network with what it says of itself.
pub struct Observer {
    model: Box<dyn Model>,
    prediction: usize,
    size: PixelSize,
    rate_hz: f64,
}

impl Observer {
    /// A shipped network or a weights file, at its own size and rate.
    ///
    /// # Errors
    /// Those of [`shipped::load`].
    pub fn new(name: &str, compute: &Compute) -> Result<Self> {
        let has_size = shipped::card(name)?.trained_size.is_some();
        let model = shipped::load(name, (!has_size).then_some(USUAL_SIZE), &compute.burn)?;
        let is_prediction = |probe: &crate::model::Probe| probe.role == Role::Prediction && probe.layer == 0;
        let prediction = model
            .probes()
            .iter()
            .position(is_prediction)
            .ok_or_else(|| Error::new(Kind::Internal, "the network predicts no picture"))?;
        let rate_hz = model.card().frame_rate_hz.unwrap_or(USUAL_RATE_HZ);
        Ok(Self { prediction, size: model.size(), rate_hz, model })
    }

    /// Mean of what is measured over the frames that count.
    fn watch(&mut self, film: &Film, lens: &Lens<'_>, compute: &Compute) -> Result<f64> {
        self.model.reset();
        if film.is_still() { self.rest(film, lens, compute) } else { self.follow(film, lens, compute) }
    }

    /// A picture that stands still, and then what the network makes of it by itself.
    fn rest(&mut self, film: &Film, lens: &Lens<'_>, compute: &Compute) -> Result<f64> {
        let Some(actual) = film.frames.first() else { return Ok(f64::NAN) };
        let frame = tensor(actual, film.scale.size, compute);
        let mut predicted = Vec::new();
        for number in 0..STILL_FRAMES + FREE_STEPS {
            let shown = (number < STILL_FRAMES).then(|| frame.clone());
            predicted = self.step(shown)?;
        }
        let [from, to] = [actual, &predicted];
        let glance = Glance { before: from, actual: from, predicted: to, regions: film.regions.first() };
        // What was expected came about in as many steps.
        let steps = if lens.measure.of.is_motion() { FREE_STEPS as f64 } else { 1.0 };
        Ok(number(&lens.measure, &film.scale, &glance).map_or(f64::NAN, |value| value / steps))
    }

    /// A picture that changes: each prediction beside the frame before and the frame that came.
    fn follow(&mut self, film: &Film, lens: &Lens<'_>, compute: &Compute) -> Result<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        let mut before: Option<&Vec<f32>> = None;
        for (at, actual) in film.frames.iter().enumerate() {
            let predicted = self.step(Some(tensor(actual, film.scale.size, compute)))?;
            if let (Some(before), true) = (before, film.counted.contains(&at)) {
                // What moves is looked for where it was, all else where it is.
                let place = if lens.measure.of.is_motion() { at - 1 } else { at };
                let glance =
                    Glance { before, actual, predicted: &predicted, regions: film.regions.get(place) };
                if let Some(value) = number(&lens.measure, &film.scale, &glance) {
                    sum += value;
                    count += 1.0;
                }
            }
            before = Some(actual);
        }
        Ok(sum / count)
    }

    fn step(&mut self, frame: Option<Tensor<4>>) -> Result<Vec<f32>> {
        let response = self.model.step(frame)?;
        let tensor = response
            .tensor(self.prediction)
            .ok_or_else(|| Error::new(Kind::Internal, "a prediction is missing"))?;
        let data = tensor.try_into_data().context(Kind::Gpu, "the network's values cannot be read")?;
        let values = data.try_to_vec::<f32>().context(Kind::Internal, "the network's values are not f32")?;
        // A grey network predicts one plane.
        Ok(if values.len() == self.size.area() { values.repeat(3) } else { values })
    }
}

fn tensor(planes: &[f32], size: PixelSize, compute: &Compute) -> Tensor<4> {
    let (height, width) = (size.height as usize, size.width as usize);
    Tensor::from_data(TensorData::new(planes.to_vec(), [1, 3, height, width]), &compute.burn)
}

/// Shows one illusion to all observers; those of one size and rate are shown the same frames.
///
/// # Errors
/// [`Kind::Usage`] for a card that does not say what is measured; those of the shader and the networks.
pub fn show(
    illusion: &Illusion,
    observers: &mut [Observer],
    gpu: &Gpu,
    compute: &Compute,
) -> Result<Vec<Row>> {
    let lens = Lens::new(gpu, illusion)?;
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); observers.len()];
    let mut of_kind: Vec<(PixelSize, f64)> = Vec::new();
    for observer in observers.iter() {
        if !of_kind.contains(&(observer.size, observer.rate_hz)) {
            of_kind.push((observer.size, observer.rate_hz));
        }
    }
    for (size, rate_hz) in of_kind {
        for (place, &shift_px) in PLACES_PX.iter().enumerate() {
            let shift_px = if lens.is_random() { [0.0; 2] } else { shift_px };
            let condition = |control, mirror| Condition { control, mirror, seed: place as u32, shift_px };
            let film = |control, mirror| lens.film(condition(control, mirror), size, rate_hz);
            let films = [film(false, false)?, film(false, true)?, film(true, false)?, film(true, true)?];
            for (observer, samples) in observers.iter_mut().zip(&mut samples) {
                if (observer.size, observer.rate_hz) != (size, rate_hz) {
                    continue;
                }
                let [shown, mirrored, control, control_mirrored] = &films;
                samples.push(Sample {
                    shown: observer.watch(shown, &lens, compute)?,
                    mirrored: observer.watch(mirrored, &lens, compute)?,
                    control: observer.watch(control, &lens, compute)?,
                    control_mirrored: observer.watch(control_mirrored, &lens, compute)?,
                });
            }
        }
    }
    let of = lens.measure.of;
    let row = |(observer, samples): (&Observer, &Vec<Sample>)| Row {
        slug: illusion.slug.clone(),
        model: observer.model.card().name.clone(),
        sha256: observer.model.card().sha256.clone(),
        of,
        unit: of.unit(),
        mirror_turns: of.is_turned_by_mirror(lens.measure.direction_deg),
        finding: weigh(samples, least(of, f64::from(observer.size.width))),
    };
    Ok(observers.iter().zip(&samples).map(row).collect())
}
