//! `PredNet` on the CPU engine: the same network as with burn's operations, several times as fast.
#![allow(clippy::single_range_in_vec_init, reason = "products take a list of ranges, often of one")]

use std::sync::Arc;
use std::time::Instant;

use burn::tensor::Tensor;

use self::engine::Engine;
use self::threads::Choice;
use crate::cpu::map::Map;
use crate::cpu::precision::Precision;
use crate::error::{Context as _, Kind, Result};
use crate::model::prednet::config::Config;
use crate::model::prednet::lesions::Lesions;
use crate::model::prednet::luma;
use crate::model::weights::NamedTensors;
use crate::model::{Activity, Lesion, Model, ModelCard, Probe, Response, SavedState, check_frame};
use crate::units::PixelSize;

mod engine;
mod layer;
mod phases;
mod ring;
mod threads;

/// A `PredNet` on the CPU with its state, watching one stream.
#[derive(Debug)]
pub struct CpuPredNet {
    card: ModelCard,
    config: Config,
    size: PixelSize,
    probes: Vec<Probe>,
    engine: Engine,
    lesions: Lesions,
    threads: Choice,
    /// What the preparation of the coming step took.
    prepare_ms: f64,
}

impl CpuPredNet {
    /// A network for frames of `size`; its weights are packed here, once. `threads` is the most that it may use.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when the size or an array does not fit, [`Kind::TooLarge`] when memory does not last.
    pub fn new(
        card: ModelCard,
        config: Config,
        tensors: &NamedTensors,
        size: PixelSize,
        threads: usize,
    ) -> Result<Self> {
        Self::with_precision(card, config, tensors, size, threads, Precision::chosen())
    }

    /// The same with products of this precision, whatever the process uses; single precision where the processor
    /// has no other.
    ///
    /// # Errors
    /// As [`CpuPredNet::new`].
    pub fn with_precision(
        card: ModelCard,
        config: Config,
        tensors: &NamedTensors,
        size: PixelSize,
        threads: usize,
        precision: Precision,
    ) -> Result<Self> {
        config.check_size(size)?;
        let engine = Engine::new(tensors, &config.widths, size, threads, precision)?;
        let (probes, lesions) = (config.probes(size), Lesions::none(config.widths.len()));
        Ok(Self {
            card,
            size,
            probes,
            engine,
            lesions,
            threads: Choice::new(threads),
            prepare_ms: 0.0,
            config,
        })
    }

    /// The frame in the network's own channels, plane by plane, checked.
    fn take(&self, frame: Tensor<4>) -> Result<Vec<f32>> {
        check_frame(&frame, self.size)?;
        let frame = if self.config.widths.first() == Some(&1) { luma(&frame) } else { frame };
        host_values(frame)
    }

    /// Everything that is as it was left by the last step.
    fn state(&self) -> Vec<&Arc<Map>> {
        self.engine.maps().flat_map(|maps| [&maps.r.now, &maps.c.now, &maps.e.now]).collect()
    }
}

fn host_values(tensor: Tensor<4>) -> Result<Vec<f32>> {
    let data = tensor.try_into_data().context(Kind::Gpu, "the frame cannot be read")?;
    data.try_to_vec::<f32>().context(Kind::Internal, "the frame is not f32")
}

impl Model for CpuPredNet {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn size(&self) -> PixelSize {
        self.size
    }

    fn step(&mut self, frame: Option<Tensor<4>>) -> Result<Response> {
        let frame = frame.map(|frame| self.take(frame)).transpose()?;
        self.prepare()?;
        let begun = Instant::now();
        self.engine.observe(frame.as_deref(), &self.lesions)?;
        let took_ms = self.prepare_ms + begun.elapsed().as_secs_f64() * 1e3;
        self.engine.set_threads(self.threads.next(took_ms))?;
        let maps = self.engine.maps();
        let activities = maps.flat_map(|maps| {
            [&maps.a, &maps.a_hat, &maps.e, &maps.r, &maps.c]
                .map(|ring| Activity::Host(Arc::clone(&ring.now)))
        });
        Ok(Response { activities: activities.collect() })
    }

    fn prepare(&mut self) -> Result<()> {
        if !self.engine.is_prepared() {
            let begun = Instant::now();
            self.engine.prepare(&self.lesions)?;
            self.prepare_ms = begun.elapsed().as_secs_f64() * 1e3;
        }
        Ok(())
    }

    fn profile(&self) -> Vec<(String, f64)> {
        self.engine.profile().iter().map(|part| (part.to_string(), part.took_ms)).collect()
    }

    fn reset(&mut self) {
        if let Err(error) = self.engine.reset() {
            tracing::error!("{error}");
        }
    }

    fn save_state(&self) -> SavedState {
        let part = |map: &Arc<Map>| Activity::Host(Arc::clone(map));
        SavedState { activities: self.state().into_iter().map(part).collect() }
    }

    fn restore_state(&mut self, state: &SavedState) -> Result<()> {
        state.check_like(&self.save_state())?;
        let (layers, _) = state.activities.as_chunks::<3>();
        for (maps, parts) in self.engine.maps_mut().zip(layers) {
            for (ring, part) in [&mut maps.r, &mut maps.c, &mut maps.e].into_iter().zip(parts) {
                match part {
                    Activity::Host(map) if map.layout == ring.now.layout => ring.now = Arc::clone(map),
                    _ => ring.set(&host_values(part.tensor())?)?,
                }
            }
        }
        self.engine.state_was_set()
    }

    fn lesions(&self) -> Vec<Lesion> {
        self.lesions.list()
    }

    fn set_lesion(&mut self, name: &str, on: bool) -> Result<()> {
        self.lesions.set(name, on)?;
        self.engine.state_was_set()
    }
}
