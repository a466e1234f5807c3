//! What an illusion's shader is given: the host's numbers, its parameters, the photographs, the target.

use crate::error::{Error, Kind, Result};
use crate::gpu::device::filled_buffer;
use crate::gpu::raster::View;
use crate::gpu::view::TensorView;
use crate::units::PixelSize;

/// Most samples per pixel and side; more cost time and change nothing that 8 bits could show.
const MAX_SAMPLES: u32 = 16;

/// `struct View` of the prelude, byte for byte.
#[repr(C)]
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct HostUniform {
    field_deg: [f32; 2],
    size_px: [u32; 2],
    jitter_deg: [f32; 2],
    pixel_deg: f32,
    time_s: f32,
    seed: u32,
    mirror: u32,
    samples: u32,
    code_srgb: u32,
    strides: [u32; 3],
    first: u32,
}

impl HostUniform {
    pub(crate) fn new(view: &View, code_srgb: bool) -> Self {
        let samples = view.samples.clamp(1, MAX_SAMPLES);
        let width = view.size.width.max(1);
        Self {
            field_deg: [view.field.width_deg as f32, view.field.height_deg as f32],
            size_px: [width, view.size.height.max(1)],
            jitter_deg: view.jitter_deg,
            pixel_deg: (view.field.width_deg / f64::from(width * samples)) as f32,
            time_s: view.time_s as f32,
            seed: view.seed,
            mirror: u32::from(view.mirror),
            samples,
            code_srgb: u32::from(code_srgb),
            strides: [0; 3],
            first: 0,
        }
    }

    pub(crate) fn place(&mut self, target: &Planes<'_>) {
        self.strides = target.strides;
        self.first = target.first;
    }
}

/// Three planes somewhere in a buffer.
#[derive(Debug)]
pub(crate) struct Planes<'a> {
    pub(crate) buffer: &'a wgpu::Buffer,
    /// Start of the bound slice, a multiple of the device's alignment.
    pub(crate) offset_bytes: u64,
    pub(crate) size_bytes: u64,
    /// Elements from one column, row, channel to the next.
    pub(crate) strides: [u32; 3],
    /// Element of the bound slice that is the upper left red one.
    pub(crate) first: u32,
}

impl<'a> Planes<'a> {
    /// The planes of a tensor `[1, 3, height, width]`, bound from the last aligned place before it.
    pub(crate) fn of_tensor(tensor: &'a TensorView, size: PixelSize, alignment: u64) -> Result<Self> {
        let wrong = |what: String| Error::new(Kind::Mismatch, what);
        if tensor.extent != [size.width, size.height, 3] {
            let [width, height, channels] = tensor.extent;
            return Err(wrong(format!(
                "an illusion of {size} in 3 channels does not fit a tensor of {width}x{height} in {channels}"
            )));
        }
        let last = tensor
            .extent
            .iter()
            .zip(tensor.strides)
            .map(|(extent, stride)| u64::from(extent - 1) * u64::from(stride))
            .sum::<u64>();
        if (last + 1) * 4 > tensor.size_bytes {
            return Err(wrong("the tensor's strides reach beyond its memory".to_owned()));
        }
        let before = tensor.offset_bytes % alignment.max(4);
        Ok(Self {
            buffer: &tensor.buffer,
            offset_bytes: tensor.offset_bytes - before,
            size_bytes: tensor.size_bytes + before,
            strides: tensor.strides,
            first: (before / 4) as u32,
        })
    }
}

/// Layouts and what never changes between drawings.
#[derive(Debug)]
pub(crate) struct Bindings {
    screen: wgpu::BindGroupLayout,
    planes: wgpu::BindGroupLayout,
    pub(crate) screen_pipeline_layout: wgpu::PipelineLayout,
    pub(crate) planes_pipeline_layout: wgpu::PipelineLayout,
    photos: wgpu::Buffer,
}

impl Bindings {
    /// `photos`: the words of the photographs, or of the user's own picture.
    pub(crate) fn new(device: &wgpu::Device, photos: &[u32]) -> Self {
        use wgpu::BufferBindingType::Storage;
        let visibility = wgpu::ShaderStages::FRAGMENT | wgpu::ShaderStages::COMPUTE;
        let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        };
        let given = [
            entry(0, visibility, Storage { read_only: true }),
            entry(1, visibility, Storage { read_only: true }),
            entry(2, visibility, Storage { read_only: true }),
        ];
        let target = entry(3, wgpu::ShaderStages::COMPUTE, Storage { read_only: false });
        let layout = |entries: &[wgpu::BindGroupLayoutEntry]| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("illusion"),
                entries,
            })
        };
        let screen = layout(&given);
        let planes = layout(&[given[0], given[1], given[2], target]);
        let pipeline_layout = |group: &wgpu::BindGroupLayout| {
            device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("illusion"),
                bind_group_layouts: &[Some(group)],
                immediate_size: 0,
            })
        };
        Self {
            screen_pipeline_layout: pipeline_layout(&screen),
            planes_pipeline_layout: pipeline_layout(&planes),
            screen,
            planes,
            photos: filled(device, "photographs", bytemuck::cast_slice(photos), wgpu::BufferUsages::STORAGE),
        }
    }

    pub(crate) fn screen_group(
        &self,
        device: &wgpu::Device,
        host: &HostUniform,
        params: &[f32],
    ) -> wgpu::BindGroup {
        self.group(device, &self.screen, host, params, None)
    }

    pub(crate) fn planes_group(
        &self,
        device: &wgpu::Device,
        host: &HostUniform,
        params: &[f32],
        target: &Planes<'_>,
    ) -> wgpu::BindGroup {
        self.group(device, &self.planes, host, params, Some(target))
    }

    fn group(
        &self,
        device: &wgpu::Device,
        layout: &wgpu::BindGroupLayout,
        host: &HostUniform,
        params: &[f32],
        target: Option<&Planes<'_>>,
    ) -> wgpu::BindGroup {
        let usage = wgpu::BufferUsages::STORAGE;
        let host = filled(device, "illusion, host", bytemuck::bytes_of(host), usage);
        // Buffers come in multiples of 16 bytes on some drivers, and are never empty.
        let mut padded = params.to_vec();
        padded.resize(params.len().max(1).next_multiple_of(4), 0.0);
        let params = filled(device, "illusion, parameters", bytemuck::cast_slice(&padded), usage);
        let entry = |binding, resource| wgpu::BindGroupEntry { binding, resource };
        let mut entries = vec![
            entry(0, host.as_entire_binding()),
            entry(1, params.as_entire_binding()),
            entry(2, self.photos.as_entire_binding()),
        ];
        if let Some(target) = target {
            let slice = wgpu::BufferBinding {
                buffer: target.buffer,
                offset: target.offset_bytes,
                size: wgpu::BufferSize::new(target.size_bytes),
            };
            entries.push(entry(3, wgpu::BindingResource::Buffer(slice)));
        }
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("illusion"),
            layout,
            entries: &entries,
        })
    }
}

fn filled(device: &wgpu::Device, label: &str, contents: &[u8], usage: wgpu::BufferUsages) -> wgpu::Buffer {
    filled_buffer(device, label, contents, usage)
}
