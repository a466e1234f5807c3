//! Drawing tensors: a map in false colours, or three channels as a picture, from the tensor's own buffer.
//!
//! `host` does the same on the CPU, `readback` renders into memory; `reduced` is for values that are there
//! already.

use crate::gpu::colormap::Colormap;
use crate::gpu::device::filled_buffer;
use crate::gpu::view::TensorView;

mod host;
mod readback;
mod reduced;

pub use host::paint_host;
pub use readback::read_picture;
pub use reduced::Reduced;

/// Which number of a tensor is drawn at each place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// Channels 0, 1, 2 as sRGB-coded red, green, blue; the last channel stands for missing ones.
    Picture,
    /// One channel; the last one where there are fewer.
    Channel(u32),
    /// Mean over all channels.
    Mean,
    /// For error units `[relu(Ahat - A), relu(A - Ahat)]`: mean of the second half minus mean of the first,
    /// so that positive is "too dark predicted".
    SignedError,
}

/// How a tensor is to be drawn. Values outside the range have the colours of its ends; values that are no
/// number are magenta; what lies outside the map is left as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// Which number.
    pub look: Look,
    /// Colours (unused for [`Look::Picture`]).
    pub colormap: Colormap,
    /// Values at the two ends of the colour map. Where the second is not above the first, smaller values
    /// than the first have the lowest colour, larger ones the highest.
    pub range: [f32; 2],
    /// Part of the map that fills the target: left, top, right, bottom in 0..1 (for zoom and pan).
    pub window: [f32; 4],
    /// Whether neighbouring values are blended (else every unit is a crisp square).
    pub smooth: bool,
}

impl Drawing {
    /// `1 / (high - low)`, or 0 where the range is empty.
    fn scale(&self) -> f32 {
        let scale = 1.0 / (self.range[1] - self.range[0]);
        if scale.is_finite() && scale > 0.0 { scale } else { 0.0 }
    }

    fn scaled(&self) -> Scaled {
        Scaled { low: self.range[0], scale: self.scale(), flat: self.colormap.flat() }
    }
}

/// From values to places in the colour map.
#[derive(Clone, Copy, Debug)]
struct Scaled {
    low: f32,
    scale: f32,
    /// Place of the value `low` where the scale is 0.
    flat: f32,
}

/// The uniforms as the shader lays them out.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct Uniforms {
    extent: [u32; 3],
    base: u32,
    strides: [u32; 3],
    look: u32,
    window: [f32; 4],
    low: f32,
    scale: f32,
    flat: f32,
    channel: u32,
    smooth: u32,
    linear_target: u32,
    pad: [u32; 2],
}

/// The render pipeline for one target format.
#[derive(Debug)]
pub struct HeatPipeline {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    /// One table of colours per map, in the order of [`drawn_maps`].
    tables: Vec<wgpu::Buffer>,
    linear_target: bool,
}

/// One drawing made ready: bind group and uniforms.
#[derive(Debug)]
pub struct HeatDraw {
    group: wgpu::BindGroup,
}

impl HeatPipeline {
    /// Compiles the shaders for targets of `format`. Targets that do not code sRGB themselves get coded
    /// values, as egui's do; the others get linear light.
    pub fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        cache: Option<&wgpu::PipelineCache>,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("heat"),
            source: wgpu::ShaderSource::Wgsl(include_str!("../../shaders/view/heat.wgsl").into()),
        });
        let layout = bind_group_layout(device);
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("heat"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let target = wgpu::ColorTargetState {
            format,
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            write_mask: wgpu::ColorWrites::ALL,
        };
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("heat"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("corner"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("draw"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(target)],
            }),
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            multiview_mask: None,
            cache,
        });
        let tables = drawn_maps().map(|map| table_buffer(device, map)).collect();
        Self { pipeline, layout, tables, linear_target: format.is_srgb() }
    }

    /// Makes a drawing ready; call before the render pass (in `prepare`).
    pub fn prepare(&self, device: &wgpu::Device, view: &TensorView, drawing: &Drawing) -> HeatDraw {
        let bound = view.bind(device);
        let uniforms = self.uniforms(view, drawing, bound.base);
        let uniforms =
            filled_buffer(device, "heat drawing", bytemuck::bytes_of(&uniforms), wgpu::BufferUsages::UNIFORM);
        let colors = drawn_maps().position(|map| map == drawing.colormap).unwrap_or_default();
        let entry = |binding, resource| wgpu::BindGroupEntry { binding, resource };
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("heat"),
            layout: &self.layout,
            entries: &[
                entry(0, uniforms.as_entire_binding()),
                entry(1, self.tables[colors].as_entire_binding()),
                entry(2, wgpu::BindingResource::Buffer(bound.binding)),
            ],
        });
        HeatDraw { group }
    }

    /// Draws it over the whole viewport of `pass`.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>, draw: &HeatDraw) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &draw.group, &[]);
        pass.draw(0..3, 0..1);
    }

    fn uniforms(&self, view: &TensorView, drawing: &Drawing, base: u32) -> Uniforms {
        let (look, channel) = match drawing.look {
            Look::Picture => (0, 0),
            Look::Channel(channel) => (1, channel),
            Look::Mean => (2, 0),
            Look::SignedError => (3, 0),
        };
        Uniforms {
            extent: view.extent,
            base,
            strides: view.strides,
            look,
            window: drawing.window,
            low: drawing.range[0],
            scale: drawing.scale(),
            flat: drawing.colormap.flat(),
            channel,
            smooth: u32::from(drawing.smooth),
            linear_target: u32::from(self.linear_target),
            pad: [0; 2],
        }
    }
}

fn bind_group_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let buffer = |binding, ty| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("heat"),
        entries: &[
            buffer(0, wgpu::BufferBindingType::Uniform),
            buffer(1, wgpu::BufferBindingType::Uniform),
            buffer(2, wgpu::BufferBindingType::Storage { read_only: true }),
        ],
    })
}

/// Every colour map that can be drawn.
fn drawn_maps() -> impl Iterator<Item = Colormap> {
    Colormap::ALL.into_iter().chain([Colormap::Overlay])
}

fn table_buffer(device: &wgpu::Device, map: Colormap) -> wgpu::Buffer {
    let coded = |byte: u8| f32::from(byte) / 255.0;
    let color = |(index, rgb): (usize, &[u8; 3])| {
        let [red, green, blue] = rgb.map(coded);
        [red, green, blue, map.cover(index)]
    };
    let table: Vec<[f32; 4]> = map.table().iter().enumerate().map(color).collect();
    filled_buffer(device, map.label(), bytemuck::cast_slice(&table), wgpu::BufferUsages::UNIFORM)
}
