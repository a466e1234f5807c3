//! `PredNet` on a graphics device by shaders of its own: three dispatches per layer and step, one submission,
//! no copies, nothing waited for. The equations are those of [`super`]; the network in plain tensor
//! operations there is the reference.
//!
//! Per layer, from the top down: the whole convolutional LSTM (`represent.wgsl`); then from the pixels up:
//! prediction and error units (`predict.wgsl`), and what the layer above gets (`pass_up.wgsl`). Inputs are
//! read where they lie, so nothing is joined or doubled in size beforehand; of what is computed only the
//! probes reach memory. They lie in buffers that are burn tensors at the same time ([`Resident`]).

use burn::tensor::{Device, Tensor};

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::compute::watched;
use crate::gpu::resident::Resident;
use crate::gpu::view::TensorView;
use crate::model::prednet::config::Config;
use crate::model::prednet::gpu::layer::Layer;
use crate::model::prednet::gpu::slots::{Part, Slot, Slots};
use crate::model::prednet::gpu::step::Stepper;
use crate::model::prednet::lesions::Lesions;
use crate::model::weights::NamedTensors;
use crate::model::{Activity, Lesion, Model, ModelCard, Probe, Response, SavedState, check_frame};
use crate::units::PixelSize;

mod bind;
mod cost;
mod kernels;
mod layer;
mod pack;
mod slots;
mod step;
mod tile;

pub use cost::StepCost;

/// What a layer remembers, in the order of a saved state.
const STATE: [Part; 3] = [Part::R, Part::C, Part::E];

/// A `PredNet` with its state on a graphics device, watching one stream.
#[derive(Debug)]
pub struct GpuPredNet {
    card: ModelCard,
    config: Config,
    size: PixelSize,
    probes: Vec<Probe>,
    device: Device,
    stepper: Stepper,
    slots: Slots,
    lesions: Lesions,
    /// Why the state could not be set to zero when it was asked for.
    fault: Option<Error>,
}

impl GpuPredNet {
    /// A network for frames of `size` on `gpu`, which burn knows as `device`.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when the size or an array does not fit, [`Kind::Gpu`] when the device refuses the
    /// shaders or has no room.
    pub fn new(
        card: ModelCard,
        config: Config,
        tensors: &NamedTensors,
        size: PixelSize,
        (gpu, device): (&Gpu, &Device),
    ) -> Result<Self> {
        config.check_size(size)?;
        let probes = config.probes(size);
        let layer = |index| Layer::new(gpu, tensors, &config, size, index);
        let layers = (0..config.widths.len()).map(layer).collect::<Result<Vec<_>>>()?;
        let mut net = Self {
            card,
            size,
            slots: Slots::new(&probes, device)?,
            probes,
            device: device.clone(),
            stepper: Stepper::new(gpu, layers)?,
            lesions: Lesions::none(config.widths.len()),
            config,
            fault: None,
        };
        net.clear()?;
        Ok(net)
    }

    /// What a step asks of the device.
    pub fn cost(&self) -> StepCost {
        self.stepper.cost()
    }

    /// A new state: whatever `fill` does with each of its buffers.
    fn new_state(
        &mut self,
        fill: impl Fn(&mut wgpu::CommandEncoder, usize, &Resident) -> Result<()>,
    ) -> Result<()> {
        self.flush()?;
        self.stepper.check()?;
        let number = self.slots.free()?;
        let slot = self.slots.get(number).ok_or_else(no_state)?;
        let gpu = self.stepper.gpu();
        let state = (0..self.config.widths.len()).flat_map(|layer| STATE.map(|part| (layer, part)));
        watched(&gpu.device, "the network's state", || -> Result<()> {
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            for (index, (layer, part)) in state.enumerate() {
                fill(&mut encoder, index, slot.get(layer, part).ok_or_else(no_state)?)?;
            }
            gpu.queue.submit([encoder.finish()]);
            Ok(())
        })??;
        self.slots.make_current(number);
        Ok(())
    }

    fn clear(&mut self) -> Result<()> {
        self.new_state(|encoder, _, buffer| {
            let bound = buffer.binding();
            encoder.clear_buffer(bound.buffer, bound.offset, Some(buffer.bytes()));
            Ok(())
        })
    }

    /// Hands burn's pending work to the queue: it may still read buffers that are about to be written.
    fn flush(&self) -> Result<()> {
        self.slots.current().map_or(Ok(()), Slot::flush)
    }

    /// The frame where the shader finds it.
    fn take(&self, frame: Tensor<4>) -> Result<TensorView> {
        check_frame(&frame, self.size)?;
        let frame = if frame.device() == self.device { frame } else { frame.to_device(&self.device) };
        TensorView::new(self.stepper.gpu(), &frame)
    }
}

impl Model for GpuPredNet {
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
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let view = frame.map(|frame| self.take(frame)).transpose()?;
        self.flush()?;
        let from = self.slots.current().ok_or_else(no_state)?.number;
        let to = self.slots.free()?;
        self.stepper.run(&self.slots, [from, to], view.as_ref())?;
        self.slots.make_current(to);
        let tensors = self.slots.current().ok_or_else(no_state)?.tensors();
        Ok(Response::of_tensors(tensors))
    }

    fn reset(&mut self) {
        self.fault = self.clear().err();
    }

    fn save_state(&self) -> SavedState {
        let Some(slot) = self.slots.current() else { return SavedState::default() };
        let layers = 0..self.config.widths.len();
        let all = layers.flat_map(|layer| STATE.map(|part| slot.get(layer, part)));
        SavedState::of_tensors(all.flatten().map(Resident::tensor))
    }

    fn restore_state(&mut self, state: &SavedState) -> Result<()> {
        state.check_like(&self.save_state())?;
        let gpu = self.stepper.gpu().clone();
        let here = |part: &Activity| TensorView::new(&gpu, &part.tensor().to_device(&self.device));
        let views = state.activities.iter().map(here).collect::<Result<Vec<_>>>()?;
        self.new_state(|encoder, index, buffer| {
            let view = views.get(index).filter(|view| view.is_contiguous()).ok_or_else(no_state)?;
            let bound = buffer.binding();
            encoder.copy_buffer_to_buffer(
                &view.buffer,
                view.offset_bytes,
                bound.buffer,
                bound.offset,
                Some(buffer.bytes()),
            );
            Ok(())
        })?;
        self.fault = None;
        Ok(())
    }

    fn lesions(&self) -> Vec<Lesion> {
        self.lesions.list()
    }

    fn set_lesion(&mut self, name: &str, on: bool) -> Result<()> {
        self.lesions.set(name, on)?;
        self.stepper.tell(&self.lesions);
        Ok(())
    }
}

fn no_state() -> Error {
    Error::new(Kind::Internal, "the network's state is not where it should be")
}
