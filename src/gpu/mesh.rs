//! Triangles with a texture, drawn with as little work per pixel as can be.

use crate::gpu::device::filled_buffer;
use crate::units::PixelSize;

/// Bytes of a vertex: place on screen and in the texture (two `f32` each), premultiplied sRGB-coded colour.
pub const VERTEX_BYTES: u64 = 20;

/// How the texture of a mesh is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// Texel by texel: letters, which lie on whole pixels.
    Letters,
    /// Blended.
    Picture,
}

/// A texture that meshes are drawn with.
#[derive(Debug)]
pub struct MeshTexture {
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
    kind: Texture,
}

/// The pipelines for one target format, and the buffers of a frame.
#[derive(Debug)]
pub struct Meshes {
    letters: wgpu::RenderPipeline,
    pictures: wgpu::RenderPipeline,
    texture_layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    screen: wgpu::Buffer,
    screen_group: wgpu::BindGroup,
    vertices: wgpu::Buffer,
    indices: wgpu::Buffer,
}

/// Where a mesh lies in the buffers: bytes of its vertices and of its indices.
#[derive(Clone, Debug)]
pub struct Slice {
    vertices: std::ops::Range<u64>,
    indices: std::ops::Range<u64>,
}

impl Meshes {
    /// Compiles the shaders for targets of `format`, or takes what `cache` has of them.
    pub fn new(
        device: &wgpu::Device,
        format: wgpu::TextureFormat,
        cache: Option<&wgpu::PipelineCache>,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("meshes"),
            source: wgpu::ShaderSource::Wgsl(include_str!("../../shaders/view/mesh.wgsl").into()),
        });
        let (screen_layout, texture_layout) = layouts(device);
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("meshes"),
            bind_group_layouts: &[Some(&screen_layout), Some(&texture_layout)],
            immediate_size: 0,
        });
        let pipeline = |corner, draw| make_pipeline(device, &module, &layout, format, [corner, draw], cache);
        let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let screen = filled_buffer(device, "screen", &[0; 16], usage);
        let entry = wgpu::BindGroupEntry { binding: 0, resource: screen.as_entire_binding() };
        let screen_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("screen"),
            layout: &screen_layout,
            entries: &[entry],
        });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("meshes"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        Self {
            letters: pipeline("corner_of_letter", "draw_letter"),
            pictures: pipeline("corner_of_picture", "draw_picture"),
            texture_layout,
            sampler,
            screen,
            screen_group,
            vertices: buffer(device, wgpu::BufferUsages::VERTEX, 1 << 20),
            indices: buffer(device, wgpu::BufferUsages::INDEX, 1 << 18),
        }
    }

    /// An empty texture.
    pub fn texture(&self, device: &wgpu::Device, size: PixelSize, kind: Texture) -> MeshTexture {
        let most = device.limits().max_texture_dimension_2d;
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("texture of meshes"),
            size: wgpu::Extent3d {
                width: size.width.clamp(1, most),
                height: size.height.clamp(1, most),
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let entry = |binding, resource| wgpu::BindGroupEntry { binding, resource };
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("texture of meshes"),
            layout: &self.texture_layout,
            entries: &[
                entry(0, wgpu::BindingResource::TextureView(&view)),
                entry(1, wgpu::BindingResource::Sampler(&self.sampler)),
            ],
        });
        MeshTexture { texture, group, kind }
    }

    /// Puts the meshes of a frame (bytes of vertices and of 32-bit indices each) into the buffers, and the
    /// screen's size in points beside them.
    pub fn upload(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen_points: [f32; 2],
        meshes: &[(&[u8], &[u8])],
    ) -> Vec<Slice> {
        let [width, height] = screen_points;
        queue.write_buffer(&self.screen, 0, bytemuck::cast_slice(&[width, height, 0.0, 0.0]));
        let mut slices = Vec::with_capacity(meshes.len());
        let (mut vertices, mut indices) = (0, 0);
        for (vertex_bytes, index_bytes) in meshes {
            let (v, i) = (vertices, indices);
            vertices += vertex_bytes.len() as u64;
            indices += index_bytes.len() as u64;
            slices.push(Slice { vertices: v..vertices, indices: i..indices });
        }
        fill(device, queue, &mut self.vertices, vertices, meshes.iter().map(|mesh| mesh.0));
        fill(device, queue, &mut self.indices, indices, meshes.iter().map(|mesh| mesh.1));
        slices
    }

    /// Draws one mesh; the viewport of `pass` is the whole screen.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>, slice: &Slice, texture: &MeshTexture) {
        let pipeline = if texture.kind == Texture::Letters { &self.letters } else { &self.pictures };
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.screen_group, &[]);
        pass.set_bind_group(1, &texture.group, &[]);
        pass.set_vertex_buffer(0, self.vertices.slice(slice.vertices.clone()));
        pass.set_index_buffer(self.indices.slice(slice.indices.clone()), wgpu::IndexFormat::Uint32);
        pass.draw_indexed(0..((slice.indices.end - slice.indices.start) / 4) as u32, 0, 0..1);
    }
}

impl MeshTexture {
    /// Fills a part of it with sRGB-coded, premultiplied values; what does not fit changes nothing.
    pub fn write(&self, queue: &wgpu::Queue, at: [u32; 2], size: PixelSize, texels: &[u8]) {
        let [x, y] = at;
        let inside = x.saturating_add(size.width) <= self.texture.width()
            && y.saturating_add(size.height) <= self.texture.height();
        if !inside || size.area() == 0 || texels.len() != 4 * size.area() {
            tracing::error!("a part of a texture does not fit: {size} at {x}, {y}");
            return;
        }
        let place = wgpu::TexelCopyTextureInfo {
            origin: wgpu::Origin3d { x, y, z: 0 },
            ..self.texture.as_image_copy()
        };
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(4 * size.width),
            rows_per_image: Some(size.height),
        };
        let extent = wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 };
        queue.write_texture(place, texels, layout, extent);
    }
}

fn buffer(device: &wgpu::Device, usage: wgpu::BufferUsages, size: u64) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("meshes"),
        size,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Writes the parts one after the other, `size` bytes in all, into a buffer that grows where it must.
fn fill<'a>(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    target: &mut wgpu::Buffer,
    size: u64,
    parts: impl Iterator<Item = &'a [u8]>,
) {
    let Some(bytes) = wgpu::BufferSize::new(size) else { return };
    if target.size() < size {
        *target = buffer(device, target.usage(), size.next_power_of_two());
    }
    let Some(mut staging) = queue.write_buffer_with(target, 0, bytes) else {
        tracing::error!("the window's meshes cannot be put on the graphics device");
        return;
    };
    let mut at = 0;
    for part in parts {
        staging.slice(at..at + part.len()).copy_from_slice(part);
        at += part.len();
    }
}

fn layouts(device: &wgpu::Device) -> (wgpu::BindGroupLayout, wgpu::BindGroupLayout) {
    let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry { binding, visibility, ty, count: None };
    let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
        device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
    };
    let uniform = wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Uniform,
        has_dynamic_offset: false,
        min_binding_size: None,
    };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
    (
        layout("screen", &[entry(0, wgpu::ShaderStages::VERTEX, uniform)]),
        layout(
            "texture of meshes",
            &[
                entry(0, wgpu::ShaderStages::VERTEX_FRAGMENT, texture),
                entry(1, wgpu::ShaderStages::FRAGMENT, sampler),
            ],
        ),
    )
}

fn make_pipeline(
    device: &wgpu::Device,
    module: &wgpu::ShaderModule,
    layout: &wgpu::PipelineLayout,
    format: wgpu::TextureFormat,
    [corner, draw]: [&str; 2],
    cache: Option<&wgpu::PipelineCache>,
) -> wgpu::RenderPipeline {
    let constants = [("linear_target", f64::from(u8::from(format.is_srgb())))];
    let options = || wgpu::PipelineCompilationOptions { constants: &constants, ..Default::default() };
    let attributes = wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Unorm8x4];
    let target = wgpu::ColorTargetState {
        format,
        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
        write_mask: wgpu::ColorWrites::ALL,
    };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("meshes"),
        layout: Some(layout),
        vertex: wgpu::VertexState {
            module,
            entry_point: Some(corner),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[Some(wgpu::VertexBufferLayout {
                array_stride: VERTEX_BYTES,
                step_mode: wgpu::VertexStepMode::Vertex,
                attributes: &attributes,
            })],
        },
        fragment: Some(wgpu::FragmentState {
            module,
            entry_point: Some(draw),
            compilation_options: options(),
            targets: &[Some(target)],
        }),
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        multiview_mask: None,
        cache,
    })
}
