//! The dispatches of a step, each bound to its weights and to the buffers it reads and writes.

use crate::gpu::compute::Kernel;
use crate::gpu::resident::Resident;
use crate::gpu::view::TensorView;
use crate::model::prednet::gpu::kernels::Kernels;
use crate::model::prednet::gpu::layer::{Layer, Placed};
use crate::model::prednet::gpu::slots::{Part, Slot};

/// What a layer's prediction is compared with, as the shader is told (`struct Frame`).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct Frame {
    strides: [u32; 3],
    base: u32,
    look: u32,
    pad: [u32; 3],
}

impl Frame {
    /// What the layer below passed up: contiguous, channel by channel.
    pub(super) fn inner(layer: &Layer) -> Self {
        let size = layer.predict.conv.size;
        Self { strides: [1, size.width, size.width * size.height], look: 1, ..Self::default() }
    }
}

/// Which shader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shader {
    Represent,
    Predict,
    PassUp,
}

impl Shader {
    const fn kernel(self, kernels: &Kernels) -> &Kernel {
        match self {
            Self::Represent => &kernels.represent,
            Self::Predict => &kernels.predict,
            Self::PassUp => &kernels.pass_up,
        }
    }
}

/// One dispatch made ready.
#[derive(Debug)]
pub(super) struct Dispatch {
    shader: Shader,
    groups: [u32; 3],
    bound: wgpu::BindGroup,
    /// What a prediction is compared with; `None` where that is the frame.
    compared: Option<wgpu::BindGroup>,
}

impl Dispatch {
    /// Adds it to a pass; `pixels` is what layer 0 is compared with.
    pub(super) fn encode(
        &self,
        pass: &mut wgpu::ComputePass<'_>,
        kernels: &Kernels,
        pixels: &wgpu::BindGroup,
    ) {
        pass.set_pipeline(&self.shader.kernel(kernels).pipeline);
        pass.set_bind_group(0, &self.bound, &[]);
        if self.shader == Shader::Predict {
            pass.set_bind_group(1, self.compared.as_ref().unwrap_or(pixels), &[]);
        }
        let [x, y, z] = self.groups;
        pass.dispatch_workgroups(x, y, z);
    }
}

/// Makes dispatches for one device.
#[derive(Debug)]
pub(super) struct Binder<'a> {
    pub(super) device: &'a wgpu::Device,
    pub(super) kernels: &'a Kernels,
}

impl Binder<'_> {
    /// All dispatches from one set of buffers to another, in order; `None` when a buffer is missing.
    pub(super) fn all(
        &self,
        layers: &[Layer],
        inner: &[wgpu::Buffer],
        before: &Slot,
        after: &Slot,
    ) -> Option<Vec<Dispatch>> {
        let mut all = Vec::with_capacity(3 * layers.len());
        for (index, layer) in layers.iter().enumerate().rev() {
            all.push(self.represent(layer, index, before, after)?);
        }
        for (index, layer) in layers.iter().enumerate() {
            let compared = match index {
                0 => None,
                _ => Some(self.compared(inner.get(index)?, after.get(index, Part::A)?)?),
            };
            all.push(self.predict(layer, index, after, compared)?);
            if let Some(pass_up) = &layer.pass_up {
                all.push(self.pass_up(pass_up, index, after)?);
            }
        }
        Some(all)
    }

    /// What layer 0 is compared with in this step, and what its shader is to be told of it.
    pub(super) fn pixels(
        &self,
        layer: &Layer,
        told: &wgpu::Buffer,
        frame: Option<&TensorView>,
        after: &Slot,
    ) -> Option<(Frame, wgpu::BindGroup)> {
        let Some(view) = frame else {
            // Nothing is read; something must be bound that the pass does not write.
            let group = self.compared(told, after.get(0, Part::R)?)?;
            return Some((Frame { look: 0, ..Frame::inner(layer) }, group));
        };
        let bound = view.bind(self.device);
        let grey = layer.predict.conv.outputs == 1;
        let told_now =
            Frame { strides: view.strides, base: bound.base, look: if grey { 2 } else { 1 }, pad: [0; 3] };
        let entries = [told.as_entire_buffer_binding(), bound.binding];
        Some((told_now, self.kernels.predict.bind(self.device, 1, &entries)?))
    }

    fn represent(&self, layer: &Layer, index: usize, before: &Slot, after: &Slot) -> Option<Dispatch> {
        // The top layer hears from nobody above; its own past stands in and is not read.
        let above = after.get(index + 1, Part::R).or_else(|| before.get(index, Part::R))?;
        let buffers = [
            before.get(index, Part::R)?,
            before.get(index, Part::E)?,
            above,
            before.get(index, Part::C)?,
            after.get(index, Part::R)?,
            after.get(index, Part::C)?,
        ];
        self.dispatch(Shader::Represent, &layer.represent, &buffers, None)
    }

    fn predict(
        &self,
        layer: &Layer,
        index: usize,
        after: &Slot,
        compared: Option<wgpu::BindGroup>,
    ) -> Option<Dispatch> {
        // Only layer 0 keeps what it looked at; the others have the place bound and leave it alone.
        let buffers = [
            after.get(index, Part::R)?,
            after.get(index, Part::AHat)?,
            after.get(index, Part::E)?,
            after.get(0, Part::A)?,
        ];
        self.dispatch(Shader::Predict, &layer.predict, &buffers, compared)
    }

    fn pass_up(&self, pass_up: &Placed, index: usize, after: &Slot) -> Option<Dispatch> {
        let buffers = [after.get(index, Part::E)?, after.get(index + 1, Part::A)?];
        self.dispatch(Shader::PassUp, pass_up, &buffers, None)
    }

    fn compared(&self, told: &wgpu::Buffer, values: &Resident) -> Option<wgpu::BindGroup> {
        self.kernels.predict.bind(self.device, 1, &[told.as_entire_buffer_binding(), values.binding()])
    }

    fn dispatch(
        &self,
        shader: Shader,
        placed: &Placed,
        buffers: &[&Resident],
        compared: Option<wgpu::BindGroup>,
    ) -> Option<Dispatch> {
        let fixed = [placed.shape.as_entire_buffer_binding(), placed.weights.as_entire_buffer_binding()];
        let bindings: Vec<_> =
            fixed.into_iter().chain(buffers.iter().map(|buffer| buffer.binding())).collect();
        let bound = shader.kernel(self.kernels).bind(self.device, 0, &bindings)?;
        Some(Dispatch { shader, groups: placed.groups(), bound, compared })
    }
}
