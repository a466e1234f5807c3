//! The networks that are measured, and what they are shown.

use burn::tensor::{Tensor, TensorData};

use super::arithmetic::multiply_accumulates;
use crate::error::{Context as _, Error, Kind, Result};
use crate::frame::NetworkFrame;
use crate::gpu::Compute;
use crate::model::prednet::config::Config;
use crate::model::prednet::{self, init};
use crate::model::{Model, ModelCard, Response, shipped};
use crate::units::PixelSize;

/// Before the widths of a network with random weights.
const RANDOM: &str = "random:";
/// Seed of random weights and of noise.
const SEED: u64 = 1;
/// Input of a network with random weights: that of the published network.
const RANDOM_SIZE: PixelSize = PixelSize::new(160, 128);
/// Different frames that are shown in turn.
pub(super) const FRAMES: usize = 8;

/// What is measured of a model, and what it is.
#[derive(Clone, Debug, serde::Serialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// "prednet" or a baseline.
    pub architecture: String,
    /// Channels per layer; empty for baselines.
    pub widths: Vec<usize>,
    /// Size of its frames.
    pub size: PixelSize,
    /// Numbers that were learnt (or drawn).
    pub parameters: usize,
    /// Multiply-accumulates of a step if every convolution were made directly.
    pub multiply_accumulates: u64,
    /// The most memory that the program had held after the steps, in megabytes, where the system tells. It
    /// only grows, so it is the model's own for the first one of a run.
    pub peak_memory_mb: Option<f64>,
}

/// A model with frames to show it.
pub(super) struct Subject {
    /// The model.
    pub(super) model: Box<dyn Model>,
    /// Frames on its device.
    pub(super) inputs: Vec<Tensor<4>>,
    /// How many it was shown.
    pub(super) shown: usize,
}

/// Opens a shipped model, a weights file, or `random:` followed by widths, as `random:3,16,32`.
///
/// # Errors
/// [`Kind::Usage`] for widths that are no numbers; those of [`shipped::load`] and [`Config::new`].
pub(super) fn open(name: &str, size: Option<PixelSize>, compute: &Compute) -> Result<Subject> {
    let model = match name.strip_prefix(RANDOM) {
        Some(widths) => random(name, numbers(widths)?, size, compute)?,
        None => shipped::load(name, size, &compute.burn)?,
    };
    let inputs = (0..FRAMES).map(|step| upload(grating(model.size(), step), compute)).collect();
    Ok(Subject { model, inputs, shown: 0 })
}

/// A `PredNet` with random weights.
///
/// # Errors
/// [`Kind::Mismatch`] for widths or sizes that make no network.
pub(super) fn random(
    name: &str,
    widths: Vec<usize>,
    size: Option<PixelSize>,
    compute: &Compute,
) -> Result<Box<dyn Model>> {
    let config = Config::new(widths)?;
    let size = size.unwrap_or_else(|| config.nearest_size(RANDOM_SIZE));
    let card = ModelCard {
        name: name.to_owned(),
        title: "Random weights".to_owned(),
        architecture: prednet::ARCHITECTURE.to_owned(),
        widths: config.widths.clone(),
        ..ModelCard::default()
    };
    let weights = init::untrained(&config, SEED);
    shipped::network(card, config, &weights, size, &compute.burn)
}

fn numbers(text: &str) -> Result<Vec<usize>> {
    text.split(',').map(|width| width.trim().parse()).collect::<std::result::Result<_, _>>().map_err(|_| {
        Error::new(Kind::Usage, format!("\"{text}\" are not the widths of a network"))
            .advise("Write channels per layer, for example random:3,48,96,192")
    })
}

/// A grating that drifts, with a little noise.
pub(super) fn grating(size: PixelSize, step: usize) -> NetworkFrame {
    let mut noise = init::SplitMix64::new(SEED + step as u64);
    let (columns, area) = (size.width.max(1) as usize, size.area());
    let value = |at: usize| {
        let (x, y, channel) = ((at % columns) as f32, (at % area / columns) as f32, (at / area) as f32);
        let wave = (0.2 * (x + 0.5 * channel * y - 2.0 * step as f32)).sin();
        (0.5 + 0.4 * wave + 0.2 * (noise.next_unit() - 0.5)).clamp(0.0, 1.0)
    };
    NetworkFrame { size, planes: (0..3 * area).map(value).collect() }
}

/// Puts a frame where the network is.
pub(super) fn upload(frame: NetworkFrame, compute: &Compute) -> Tensor<4> {
    let shape = [1, 3, frame.size.height as usize, frame.size.width as usize];
    Tensor::from_data(TensorData::new(frame.planes, shape), &compute.burn)
}

/// Waits until a GPU has done what it was told; a CPU has already.
///
/// # Errors
/// [`Kind::Gpu`] when the device fails.
pub(super) fn settle(compute: &Compute) -> Result<()> {
    if !compute.on_gpu {
        return Ok(());
    }
    compute.burn.sync().context(Kind::Gpu, "the network's device failed")
}

impl Subject {
    /// One step on the next of the frames, done when this returns.
    ///
    /// # Errors
    /// Those of the model and its device.
    pub(super) fn step(&mut self, compute: &Compute) -> Result<Response> {
        let frame = self.inputs.get(self.shown % FRAMES).cloned();
        self.shown += 1;
        let response = self.model.step(frame)?;
        settle(compute)?;
        Ok(response)
    }

    /// What it is.
    pub(super) fn about(&self) -> About {
        let card = self.model.card();
        let shapes = Config::new(card.widths.clone()).map(|config| config.shapes()).unwrap_or_default();
        About {
            name: card.name.clone(),
            architecture: card.architecture.clone(),
            widths: card.widths.clone(),
            size: self.model.size(),
            parameters: shapes.values().map(|shape| shape.iter().product::<usize>()).sum(),
            multiply_accumulates: multiply_accumulates(&card.widths, self.model.size()),
            peak_memory_mb: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::DeviceChoice;

    #[test]
    fn random_networks_open_by_their_widths_and_others_by_name() {
        let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
        let subject = open("random:1,4,2", Some(PixelSize::new(16, 12)), &compute).unwrap();
        let about = subject.about();
        assert_eq!((about.widths.as_slice(), about.size), ([1, 4, 2].as_slice(), PixelSize::new(16, 12)));
        assert_eq!(
            about.parameters,
            4 * (9 * 7 + 1) + 10 + 4 * (9 * 4 * 14 + 4) + 148 + 76 + 4 * (9 * 2 * 6 + 2) + 38 + 146
        );
        for wrong in ["random:", "random:3,x", "random:3,,4", "random:2,4", "nowhere"] {
            assert!(open(wrong, None, &compute).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_frames_differ_and_a_step_answers_with_every_probe() {
        let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
        let mut subject = open("random:3,2", Some(PixelSize::new(16, 16)), &compute).unwrap();
        assert_ne!(grating(PixelSize::new(16, 16), 0), grating(PixelSize::new(16, 16), 1));
        assert_eq!(subject.step(&compute).unwrap().activities.len(), subject.model.probes().len());
    }
}
