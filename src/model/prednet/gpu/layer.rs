//! What never changes between steps: every layer's convolutions, their packed weights and what their shaders
//! are told.

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::compute::watched;
use crate::gpu::device::filled_buffer;
use crate::model::prednet::config::Config;
use crate::model::prednet::gpu::pack::{Outputs, pack};
use crate::model::prednet::gpu::tile::{Conv, Shape};
use crate::model::prednet::lesions::Lesions;
use crate::model::weights::NamedTensors;
use crate::units::PixelSize;

/// A convolution on the device.
#[derive(Debug)]
pub(super) struct Placed {
    /// Its maps and channels.
    pub(super) conv: Conv,
    /// Packed weights and biases.
    pub(super) weights: wgpu::Buffer,
    /// What the shader is told.
    pub(super) shape: wgpu::Buffer,
}

impl Placed {
    fn new(gpu: &Gpu, tensors: &NamedTensors, outputs: &Outputs<'_>, conv: Conv) -> Result<Self> {
        let packed = pack(tensors, outputs, &conv)?;
        let bytes: &[u8] = bytemuck::cast_slice(&packed);
        let limits = gpu.device.limits();
        if bytes.len() as u64 > limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) {
            let what = format!("{} MB of weights are too many for the graphics device", bytes.len() >> 20);
            return Err(Error::new(Kind::Gpu, what).advise("Use --device cpu"));
        }
        watched(&gpu.device, "the network's weights", || {
            let shape = conv.shape([false; 3], false);
            let (weights, uniform) = (wgpu::BufferUsages::STORAGE, wgpu::BufferUsages::UNIFORM);
            Self {
                conv,
                weights: filled_buffer(&gpu.device, "weights", bytes, weights),
                shape: filled_buffer(
                    &gpu.device,
                    "shape",
                    bytemuck::bytes_of(&shape),
                    uniform | wgpu::BufferUsages::COPY_DST,
                ),
            }
        })
    }

    fn tell(&self, queue: &wgpu::Queue, shape: &Shape) {
        queue.write_buffer(&self.shape, 0, bytemuck::bytes_of(shape));
    }

    /// Workgroups of a dispatch.
    pub(super) fn groups(&self) -> [u32; 3] {
        self.conv.tile().groups(self.conv.size, self.conv.columns)
    }
}

/// A layer's three convolutions.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) represent: Placed,
    pub(super) predict: Placed,
    /// `None` at the top.
    pub(super) pass_up: Option<Placed>,
}

impl Layer {
    pub(super) fn new(
        gpu: &Gpu,
        tensors: &NamedTensors,
        config: &Config,
        size: PixelSize,
        layer: usize,
    ) -> Result<Self> {
        let channels = |layer: usize| config.widths.get(layer).copied().unwrap_or_default() as u32;
        let (width, above) = (channels(layer), channels(layer + 1));
        let size = config.layer_size(size, layer);
        let conv = |inputs, outputs, columns, ceiling| Conv {
            size,
            inputs,
            outputs,
            columns,
            ceiling,
            layer0: layer == 0,
        };
        let placed = |outputs, conv| Placed::new(gpu, tensors, &outputs, conv);
        let name = |part: &str| format!("layer_{part}_{layer}");
        // Pixels are at most 1; nothing else has a ceiling.
        let ceiling = if layer == 0 { 1.0 } else { f32::MAX };
        let represent = conv([width, 2 * width, above], width, width, f32::MAX);
        let predict = conv([width, 0, 0], width, width.div_ceil(4), ceiling);
        let pass_up = conv([2 * width, 0, 0], above, above.div_ceil(4), f32::MAX);
        Ok(Self {
            represent: placed(Outputs::Gates(layer), represent)?,
            predict: placed(Outputs::Channels(&name("ahat")), predict)?,
            pass_up: match above {
                0 => None,
                _ => Some(placed(Outputs::Channels(&name("a")), pass_up)?),
            },
        })
    }

    /// Tells the shaders what is switched off.
    pub(super) fn tell(&self, queue: &wgpu::Queue, lesions: &Lesions, layer: usize) {
        let silent = [lesions.lateral, lesions.error, lesions.feedback];
        let muted = lesions.silent(layer);
        self.represent.tell(queue, &self.represent.conv.shape(silent, muted));
        self.predict.tell(queue, &self.predict.conv.shape([false; 3], muted));
    }
}
