//! Pictures kept on the device from frame to frame: drawn when what they show changes, and copied to the
//! window in every frame, which costs next to nothing even where the processor draws.

use bytemuck::{Pod, Zeroable};

use crate::gpu::device::filled_buffer;
use crate::units::PixelSize;

/// Format of kept pictures: sRGB-coded values, premultiplied.
pub const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// The whole of a picture, as a part: left, top, right, bottom in 0..1.
pub const WHOLE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

/// The uniforms as the shader lays them out.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
struct Part {
    color: [f32; 4],
    window: [f32; 4],
}

/// A kept picture.
#[derive(Debug)]
pub struct Canvas {
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
    part: wgpu::Buffer,
    written: Part,
}

/// How a kept picture is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Every texel as a crisp square, over whatever was there.
    Crisp,
    /// The same, see-through where the picture is.
    Through,
    /// Neighbouring texels blended, over whatever was there.
    Scaled,
}

/// A rectangle of one colour.
#[derive(Debug)]
pub struct Plain {
    group: wgpu::BindGroup,
}

/// Copies kept pictures to targets of one format.
#[derive(Debug)]
pub struct CanvasPipeline {
    crisp: wgpu::RenderPipeline,
    through: wgpu::RenderPipeline,
    scaled: wgpu::RenderPipeline,
    plain: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
}

impl CanvasPipeline {
    /// Compiles the shader for targets of `format`, or takes what `cache` has of it.
    pub fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        cache: Option<&wgpu::PipelineCache>,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("canvas"),
            source: wgpu::ShaderSource::Wgsl(include_str!("../../shaders/view/canvas.wgsl").into()),
        });
        let layout = bind_group_layout(device);
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("canvas"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let constants = [("linear_target", f64::from(u8::from(format.is_srgb())))];
        let pipeline = |entry_point, blend| {
            let target = wgpu::ColorTargetState { format, blend, write_mask: wgpu::ColorWrites::ALL };
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("canvas"),
                layout: Some(&pipeline_layout),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some("corner"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(entry_point),
                    compilation_options: wgpu::PipelineCompilationOptions {
                        constants: &constants,
                        ..Default::default()
                    },
                    targets: &[Some(target)],
                }),
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                multiview_mask: None,
                cache,
            })
        };
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("canvas"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        Self {
            crisp: pipeline("draw_crisp", None),
            through: pipeline("draw_crisp", Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING)),
            scaled: pipeline("draw_scaled", None),
            plain: pipeline("draw_plain", None),
            layout,
            sampler,
        }
    }

    /// An empty picture; sides beyond what the device can hold are cut.
    pub fn canvas(&self, device: &wgpu::Device, size: PixelSize) -> Canvas {
        let most = device.limits().max_texture_dimension_2d;
        let side = |pixels: u32| pixels.clamp(1, most);
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("kept picture"),
            size: wgpu::Extent3d {
                width: side(size.width),
                height: side(size.height),
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::TEXTURE_BINDING
                | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let written = part_of(&texture, WHOLE);
        let (group, part) = self.bind(device, &view, &written);
        Canvas { texture, group, part, written }
    }

    /// A rectangle of a colour: sRGB-coded, 0 to 1.
    pub fn plain(&self, device: &wgpu::Device, color: [f32; 4]) -> Plain {
        let canvas = self.canvas(device, PixelSize::new(1, 1));
        let view = canvas.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let (group, _) = self.bind(device, &view, &Part { color, ..canvas.written });
        Plain { group }
    }

    /// Fills the whole viewport of `pass`.
    pub fn fill(&self, pass: &mut wgpu::RenderPass<'_>, plain: &Plain) {
        pass.set_pipeline(&self.plain);
        pass.set_bind_group(0, &plain.group, &[]);
        pass.draw(0..3, 0..1);
    }

    fn bind(
        &self,
        device: &wgpu::Device,
        view: &wgpu::TextureView,
        part: &Part,
    ) -> (wgpu::BindGroup, wgpu::Buffer) {
        let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let part = filled_buffer(device, "part of a kept picture", bytemuck::bytes_of(part), usage);
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("kept picture"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: part.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(view) },
                wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Sampler(&self.sampler) },
            ],
        });
        (group, part)
    }

    /// Chooses the part (0..1) of the picture that is copied by the next [`CanvasPipeline::draw`].
    pub fn show_part(&self, queue: &wgpu::Queue, canvas: &mut Canvas, window: [f32; 4]) {
        let part = part_of(&canvas.texture, window);
        if part != canvas.written {
            queue.write_buffer(&canvas.part, 0, bytemuck::bytes_of(&part));
            canvas.written = part;
        }
    }

    /// Copies it over the whole viewport of `pass`.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>, canvas: &Canvas, manner: Manner) {
        pass.set_pipeline(match manner {
            Manner::Crisp => &self.crisp,
            Manner::Through => &self.through,
            Manner::Scaled => &self.scaled,
        });
        pass.set_bind_group(0, &canvas.group, &[]);
        pass.draw(0..3, 0..1);
    }
}

fn part_of(texture: &wgpu::Texture, window: [f32; 4]) -> Part {
    let (across, down) = (texture.width() as f32, texture.height() as f32);
    let [left, top, right, bottom] = window;
    Part { color: [0.0; 4], window: [left * across, top * down, right * across, bottom * down] }
}

impl Canvas {
    /// Its size in texels.
    pub fn size(&self) -> PixelSize {
        PixelSize::new(self.texture.width(), self.texture.height())
    }

    /// Fills it with sRGB-coded, premultiplied values, four a texel; bytes that do not fit it change nothing.
    pub fn write(&self, queue: &wgpu::Queue, texels: &[u8]) {
        let (width, height) = (self.texture.width(), self.texture.height());
        if texels.len() as u64 != 4 * u64::from(width) * u64::from(height) {
            return;
        }
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(4 * width),
            rows_per_image: Some(height),
        };
        queue.write_texture(self.texture.as_image_copy(), texels, layout, self.texture.size());
    }

    /// Draws it anew by a pass of its own, from a clear ground.
    pub fn paint(&self, encoder: &mut wgpu::CommandEncoder, draw: impl FnOnce(&mut wgpu::RenderPass<'_>)) {
        let view = self.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("kept picture"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                resolve_target: None,
                depth_slice: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        draw(&mut pass);
    }
}

fn bind_group_layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry { binding, visibility, ty, count: None };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("canvas"),
        entries: &[
            entry(
                0,
                wgpu::ShaderStages::VERTEX_FRAGMENT,
                wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
            ),
            entry(
                1,
                wgpu::ShaderStages::FRAGMENT,
                wgpu::BindingType::Texture {
                    sample_type: wgpu::TextureSampleType::Float { filterable: true },
                    view_dimension: wgpu::TextureViewDimension::D2,
                    multisampled: false,
                },
            ),
            entry(
                2,
                wgpu::ShaderStages::FRAGMENT,
                wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
            ),
        ],
    })
}
