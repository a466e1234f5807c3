//! Who watches: networks, by what they predict, and detectors of motion, by what they detect.

use burn::tensor::{Tensor, TensorData};

use super::film::{Film, STILL_FRAMES};
use super::number::{Glance, motion, number};
use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::Compute;
use crate::model::{Model, Probe, Role, shipped};
use crate::readout::correlator::{Correlator, Detectors};
use crate::readout::flow::{Field, Luma};
use crate::readout::jitter::{Jitter, mean_field};
use crate::readout::motion_energy::{Filters, MotionEnergy};
use crate::stimulus::illusion::measure::Measure;
use crate::units::PixelSize;

/// Frames a second shown to what says no rate of its own.
const USUAL_RATE_HZ: f64 = 10.0;
/// Size of the frames for what takes any.
const USUAL_SIZE: PixelSize = PixelSize::new(80, 64);
/// Steps on its own predictions after a picture that stands still (the published protocol's two).
const FREE_STEPS: usize = 2;

/// The detectors of motion, by name: baselines that any claim is held against.
pub const DETECTORS: [&str; 2] = ["correlator", "motion-energy"];

/// Somebody who watches.
pub struct Observer {
    pub(super) name: String,
    /// SHA-256 of its weights; empty where it has none.
    pub(super) sha256: String,
    pub(super) size: PixelSize,
    pub(super) rate_hz: f64,
    eye: Eye,
}

enum Eye {
    Network {
        model: Box<dyn Model>,
        prediction: usize,
    },
    /// Hassenstein & Reichardt's, whose outputs saturate (Bach & Atala-Gérard 2020).
    Correlator,
    /// Adelson & Bergen's (1985).
    MotionEnergy,
}

/// What was measured over the frames that count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watched {
    /// Mean of the numbers.
    pub(super) value: f64,
    /// Mean size of a detector's answer, where one watched.
    pub(super) answer: Option<f64>,
}

impl Observer {
    /// A shipped network or a weights file, at its own size and rate, or one of [`DETECTORS`].
    ///
    /// # Errors
    /// Those of [`shipped::load`].
    pub fn new(name: &str, compute: &Compute) -> Result<Self> {
        let detector = match name {
            "correlator" => Some(Eye::Correlator),
            "motion-energy" => Some(Eye::MotionEnergy),
            _ => None,
        };
        if let Some(eye) = detector {
            let (name, sha256) = (name.to_owned(), String::new());
            return Ok(Self { name, sha256, size: USUAL_SIZE, rate_hz: USUAL_RATE_HZ, eye });
        }
        let has_size = shipped::card(name)?.trained_size.is_some();
        let model = shipped::load(name, (!has_size).then_some(USUAL_SIZE), &compute.burn)?;
        let is_prediction = |probe: &Probe| probe.role == Role::Prediction && probe.layer == 0;
        let prediction = model.probes().iter().position(is_prediction);
        let prediction =
            prediction.ok_or_else(|| Error::new(Kind::Internal, "the network predicts no picture"))?;
        let card = model.card();
        Ok(Self {
            name: card.name.clone(),
            sha256: card.sha256.clone(),
            size: model.size(),
            rate_hz: card.frame_rate_hz.unwrap_or(USUAL_RATE_HZ),
            eye: Eye::Network { model, prediction },
        })
    }

    /// Whether it detects motion and predicts nothing.
    pub(super) fn detects(&self) -> bool {
        !matches!(self.eye, Eye::Network { .. })
    }

    /// Mean of what is measured over the frames that count.
    pub(super) fn watch(&mut self, film: &Film, measure: &Measure, compute: &Compute) -> Result<Watched> {
        match &mut self.eye {
            Eye::Network { model, prediction } => {
                let value = Network { model: model.as_mut(), prediction: *prediction, compute };
                Ok(Watched { value: value.watch(film, measure)?, answer: None })
            }
            Eye::Correlator => {
                let mut eye = Correlator::new(film.scale.size, Detectors::SATURATING)?;
                detect(film, measure, |picture| eye.step(picture))
            }
            Eye::MotionEnergy => {
                let mut eye = MotionEnergy::new(film.scale.size, Filters::default())?;
                detect(film, measure, |picture| eye.step(picture))
            }
        }
    }
}

/// What a detector sees of a film; of a picture that stands still, under small eye movements.
fn detect(film: &Film, measure: &Measure, mut step: impl FnMut(&Luma) -> Result<Field>) -> Result<Watched> {
    let (mut sum, mut sizes, mut count) = (0.0, 0.0, 0.0);
    let mut take = |field: &Field, at: usize| {
        if let Some(value) = motion(measure, &film.scale, field, film.regions.get(at)) {
            sum += value;
            sizes += field.mean_size();
            count += 1.0;
        }
    };
    for (at, planes) in film.frames.iter().enumerate() {
        let picture = Luma::of_planes(film.scale.size, planes)?;
        if film.is_still() {
            take(&mean_field(&picture, &Jitter::default(), &mut step)?, at);
        } else {
            let field = step(&picture)?;
            if film.counted.contains(&at) {
                take(&field, at);
            }
        }
    }
    Ok(Watched { value: sum / count, answer: Some(sizes / count) })
}

/// A network at work.
struct Network<'a> {
    model: &'a mut dyn Model,
    prediction: usize,
    compute: &'a Compute,
}

impl Network<'_> {
    fn watch(mut self, film: &Film, measure: &Measure) -> Result<f64> {
        self.model.reset();
        if film.is_still() { self.rest(film, measure) } else { self.follow(film, measure) }
    }

    /// A picture that stands still, and then what the network makes of it by itself.
    fn rest(&mut self, film: &Film, measure: &Measure) -> Result<f64> {
        let Some(actual) = film.frames.first() else { return Ok(f64::NAN) };
        let mut predicted = Vec::new();
        for number in 0..STILL_FRAMES + FREE_STEPS {
            predicted = self.step((number < STILL_FRAMES).then_some(actual), film.scale.size)?;
        }
        let regions = film.regions.first();
        let glance = Glance { before: actual, actual, predicted: &predicted, regions };
        // What was expected came about in as many steps.
        let steps = if measure.of.is_motion() { FREE_STEPS as f64 } else { 1.0 };
        Ok(number(measure, &film.scale, &glance).map_or(f64::NAN, |value| value / steps))
    }

    /// A picture that changes: each prediction beside the frame before and the frame that came.
    fn follow(&mut self, film: &Film, measure: &Measure) -> Result<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        let mut before: Option<&Vec<f32>> = None;
        for (at, actual) in film.frames.iter().enumerate() {
            let predicted = self.step(Some(actual), film.scale.size)?;
            if let (Some(before), true) = (before, film.counted.contains(&at)) {
                // What moves is looked for where it was, all else where it is.
                let place = if measure.of.is_motion() { at - 1 } else { at };
                let regions = film.regions.get(place);
                let glance = Glance { before, actual, predicted: &predicted, regions };
                if let Some(value) = number(measure, &film.scale, &glance) {
                    sum += value;
                    count += 1.0;
                }
            }
            before = Some(actual);
        }
        Ok(sum / count)
    }

    /// What was expected of a frame; without one the network goes on by itself.
    fn step(&mut self, frame: Option<&Vec<f32>>, size: PixelSize) -> Result<Vec<f32>> {
        let shape = [1, 3, size.height as usize, size.width as usize];
        let tensor = |planes: &Vec<f32>| {
            Tensor::<4>::from_data(TensorData::new(planes.clone(), shape), &self.compute.burn)
        };
        let response = self.model.step(frame.map(tensor))?;
        let tensor = response
            .tensor(self.prediction)
            .ok_or_else(|| Error::new(Kind::Internal, "a prediction is missing"))?;
        let data = tensor.try_into_data().context(Kind::Gpu, "the network's values cannot be read")?;
        let values = data.try_to_vec::<f32>().context(Kind::Internal, "the network's values are not f32")?;
        // A grey network predicts one plane.
        Ok(if values.len() == size.area() { values.repeat(3) } else { values })
    }
}
