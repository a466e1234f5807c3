//! One step as one submission: the dispatches of all layers in one compute pass.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::compute::{tell, watched};
use crate::gpu::device::filled_buffer;
use crate::gpu::view::TensorView;
use crate::model::prednet::gpu::bind::{Binder, Dispatch, Frame};
use crate::model::prednet::gpu::cost::StepCost;
use crate::model::prednet::gpu::kernels::Kernels;
use crate::model::prednet::gpu::layer::Layer;
use crate::model::prednet::gpu::slots::Slots;
use crate::model::prednet::lesions::Lesions;

/// Runs steps: the fixed parts, and what was bound before for the same pair of sets.
#[derive(Debug)]
pub(super) struct Stepper {
    gpu: Gpu,
    kernels: Arc<Kernels>,
    layers: Vec<Layer>,
    /// What layer 0 is told of the frame.
    frame: wgpu::Buffer,
    /// What the other layers are told of their input, which lies as the network itself wrote it.
    inner: Vec<wgpu::Buffer>,
    bound: HashMap<(u64, u64), Vec<Dispatch>>,
}

impl Stepper {
    /// The fixed parts; compiles the shaders where this device has none yet.
    pub(super) fn new(gpu: &Gpu, layers: Vec<Layer>) -> Result<Self> {
        let kernels = Kernels::of(gpu)?;
        let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let buffer = |frame: &Frame| filled_buffer(&gpu.device, "frame", bytemuck::bytes_of(frame), uniform);
        let (frame, inner) = watched(&gpu.device, "the network's buffers", || {
            let inner: Vec<_> = layers.iter().map(|layer| buffer(&Frame::inner(layer))).collect();
            (buffer(&Frame::default()), inner)
        })?;
        Ok(Self { gpu: gpu.clone(), kernels, layers, frame, inner, bound: HashMap::new() })
    }

    /// The device it runs on.
    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// What a step asks of the device.
    pub(super) fn cost(&self) -> StepCost {
        StepCost::of(&self.layers)
    }

    /// Fails on a lost device.
    ///
    /// # Errors
    /// [`Kind::Gpu`] then.
    pub(super) fn check(&self) -> Result<()> {
        tell(&self.gpu, &self.frame, bytemuck::bytes_of(&Frame::default()))
    }

    /// Tells every layer what is switched off, from the next step on.
    pub(super) fn tell(&self, lesions: &Lesions) {
        for (index, layer) in self.layers.iter().enumerate() {
            layer.tell(&self.gpu.queue, lesions, index);
        }
    }

    /// Reads the state from set `from` and writes every probe into set `to`; `frame` is what layer 0 is
    /// compared with, `None` its own prediction. Returns when the work is submitted.
    pub(super) fn run(
        &mut self,
        slots: &Slots,
        [from, to]: [u64; 2],
        frame: Option<&TensorView>,
    ) -> Result<()> {
        let gpu = self.gpu.clone();
        watched(&gpu.device, "the network's step", || self.submit(slots, [from, to], frame))?
    }

    fn submit(&mut self, slots: &Slots, [from, to]: [u64; 2], frame: Option<&TensorView>) -> Result<()> {
        let missing = || Error::new(Kind::Internal, "a step has no buffers");
        let (before, after) = slots.get(from).zip(slots.get(to)).ok_or_else(missing)?;
        let binder = Binder { device: &self.gpu.device, kernels: &self.kernels };
        let known: Vec<u64> = slots.numbers().collect();
        self.bound.retain(|(from, to), _| known.contains(from) && known.contains(to));
        if !self.bound.contains_key(&(from, to)) {
            let all = binder.all(&self.layers, &self.inner, before, after).ok_or_else(missing)?;
            self.bound.insert((from, to), all);
        }
        let dispatches = self.bound.get(&(from, to)).ok_or_else(missing)?;
        let first = self.layers.first().ok_or_else(missing)?;
        let (told, pixels) = binder.pixels(first, &self.frame, frame, after).ok_or_else(missing)?;
        tell(&self.gpu, &self.frame, bytemuck::bytes_of(&told))?;
        let descriptor = wgpu::CommandEncoderDescriptor { label: Some("prednet") };
        let mut encoder = self.gpu.device.create_command_encoder(&descriptor);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        for dispatch in dispatches {
            dispatch.encode(&mut pass, &self.kernels, &pixels);
        }
        drop(pass);
        self.gpu.queue.submit([encoder.finish()]);
        Ok(())
    }
}
