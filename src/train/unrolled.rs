//! A rollout wherever it runs: on the CPU engine, or on a device of burn.

use burn::tensor::Device;

use super::graphics::DeviceRollout;
use crate::cpu::training::{Rollout, RolloutConfig, WeightList};
use crate::error::Result;

/// One of both; what they compute is the same.
#[derive(Debug)]
pub(super) enum Unrolled {
    /// Percept's own engine.
    Cpu(Box<Rollout>),
    /// burn's operations.
    Device(Box<DeviceRollout>),
}

impl Unrolled {
    /// On `device`, or on the CPU engine without one; recipes are checked before.
    pub(super) fn new(config: &RolloutConfig, device: Option<&Device>) -> Result<Self> {
        Ok(match device {
            Some(device) => Self::Device(Box::new(DeviceRollout::new(config, device))),
            None => Self::Cpu(Box::new(Rollout::new(config)?)),
        })
    }

    pub(super) fn weight_list(&self) -> &WeightList {
        match self {
            Self::Cpu(rollout) => rollout.weight_list(),
            Self::Device(rollout) => rollout.weight_list(),
        }
    }

    pub(super) fn start_over(&mut self) {
        match self {
            Self::Cpu(rollout) => rollout.start_over(),
            Self::Device(rollout) => rollout.start_over(),
        }
    }

    pub(super) fn carry_on(&mut self) {
        match self {
            Self::Cpu(rollout) => rollout.carry_on(),
            Self::Device(rollout) => rollout.carry_on(),
        }
    }

    pub(super) fn forward(&mut self, weights: &[f32], frames: &[f32]) -> Result<Vec<f32>> {
        match self {
            Self::Cpu(rollout) => rollout.forward(weights, frames).map(<[f32]>::to_vec),
            Self::Device(rollout) => rollout.forward(weights, frames),
        }
    }

    pub(super) fn backward(&mut self, by_errors: &[f32], gradient: &mut [f32]) -> Result<()> {
        match self {
            Self::Cpu(rollout) => rollout.backward(by_errors, gradient),
            Self::Device(rollout) => rollout.backward(by_errors, gradient),
        }
    }

    pub(super) fn prediction(&self, image: usize, step: usize) -> Option<Vec<f32>> {
        match self {
            Self::Cpu(rollout) => rollout.prediction(image, step),
            Self::Device(rollout) => rollout.prediction(image, step),
        }
    }
}
