//! The three shaders of a step, compiled once per device.

use std::sync::Arc;

use crate::error::Result;
use crate::gpu::Gpu;
use crate::gpu::compute::Use::{Read, Uniform, Write};
use crate::gpu::compute::{Kernel, PerDevice};

const CONV: &str = include_str!("../../../../shaders/prednet/conv.wgsl");
const REPRESENT: &str = include_str!("../../../../shaders/prednet/represent.wgsl");
const PREDICT: &str = include_str!("../../../../shaders/prednet/predict.wgsl");
const PASS_UP: &str = include_str!("../../../../shaders/prednet/pass_up.wgsl");

/// The shaders of a step.
#[derive(Debug)]
pub(super) struct Kernels {
    /// The convolutional LSTM.
    pub(super) represent: Kernel,
    /// Prediction and error units.
    pub(super) predict: Kernel,
    /// What the layer above gets.
    pub(super) pass_up: Kernel,
}

impl Kernels {
    /// Those of `gpu`; compiled when they are asked for the first time.
    pub(super) fn of(gpu: &Gpu) -> Result<Arc<Self>> {
        static KERNELS: PerDevice<Kernels> = PerDevice::new();
        KERNELS.of(gpu, Self::new)
    }

    fn new(gpu: &Gpu) -> Result<Self> {
        let kernel = |entry, own: &str, groups: &[&[_]]| {
            let start = std::time::Instant::now();
            let made = Kernel::new(gpu, entry, &format!("{CONV}\n{own}"), groups);
            tracing::debug!("{entry} compiled in {:.0?}", start.elapsed());
            made
        };
        Ok(Self {
            represent: kernel(
                "represent",
                REPRESENT,
                &[&[Uniform, Read, Read, Read, Read, Read, Write, Write]],
            )?,
            predict: kernel(
                "predict",
                PREDICT,
                &[&[Uniform, Read, Read, Write, Write, Write], &[Uniform, Read]],
            )?,
            pass_up: kernel("pass_up", PASS_UP, &[&[Uniform, Read, Read, Write]])?,
        })
    }
}
