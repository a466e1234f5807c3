//! Rendering a drawing into memory: for PNG files and for tests. Never on the window's thread.

use crate::error::{Context as _, Error, Kind, Result};
use crate::frame::Picture;
use crate::gpu::Gpu;
use crate::gpu::heat::{Drawing, HeatPipeline};
use crate::gpu::view::TensorView;
use crate::units::PixelSize;

const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// Renders a drawing offscreen and reads it back, blocking. What lies outside the map is black.
///
/// # Errors
/// [`Kind::TooLarge`] when the device has no texture of that size, [`Kind::Gpu`] when it fails.
pub fn read_picture(gpu: &Gpu, view: &TensorView, drawing: &Drawing, size: PixelSize) -> Result<Picture> {
    read_from(gpu, view, drawing, size, FORMAT)
}

/// The bytes of a target of `format` (four a pixel) after the drawing.
fn read_from(
    gpu: &Gpu,
    view: &TensorView,
    drawing: &Drawing,
    size: PixelSize,
    format: wgpu::TextureFormat,
) -> Result<Picture> {
    let most = gpu.device.limits().max_texture_dimension_2d;
    if size.area() == 0 || size.width > most || size.height > most {
        return Err(Error::new(Kind::TooLarge, format!("a picture of {size} pixels cannot be drawn"))
            .advise(format!("Choose a size up to {most}x{most}")));
    }
    let pipeline = HeatPipeline::new(&gpu.device, format, gpu.pipeline_cache());
    let draw = pipeline.prepare(&gpu.device, view, drawing);
    let texture = target(gpu, size, format);
    let row_bytes = (4 * size.width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("picture"),
        size: u64::from(row_bytes) * u64::from(size.height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    render(&mut encoder, &texture, |pass| pipeline.draw(pass, &draw));
    let layout =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: None };
    encoder.copy_texture_to_buffer(
        texture.as_image_copy(),
        wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
        texture.size(),
    );
    gpu.queue.submit([encoder.finish()]);
    collect(gpu, &buffer, row_bytes, size)
}

fn target(gpu: &Gpu, size: PixelSize, format: wgpu::TextureFormat) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("picture"),
        size: wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

fn render(
    encoder: &mut wgpu::CommandEncoder,
    texture: &wgpu::Texture,
    draw: impl FnOnce(&mut wgpu::RenderPass<'_>),
) {
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("picture"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &view,
            resolve_target: None,
            depth_slice: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                store: wgpu::StoreOp::Store,
            },
        })],
        ..Default::default()
    });
    draw(&mut pass);
}

fn collect(gpu: &Gpu, buffer: &wgpu::Buffer, row_bytes: u32, size: PixelSize) -> Result<Picture> {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    buffer.slice(..).map_async(wgpu::MapMode::Read, move |mapped| {
        if sender.send(mapped).is_err() {
            tracing::error!("a picture was read back that nobody waits for");
        }
    });
    let failed = "the picture cannot be read back from the graphics device";
    gpu.device.poll(wgpu::PollType::wait_indefinitely()).context(Kind::Gpu, failed)?;
    receiver.recv().context(Kind::Gpu, failed)?.context(Kind::Gpu, failed)?;
    let mapped = buffer.slice(..).get_mapped_range().context(Kind::Gpu, failed)?;
    let mut rgb = Vec::with_capacity(3 * size.area());
    for row in mapped.chunks(row_bytes as usize) {
        let (pixels, _) = row.as_chunks::<4>();
        rgb.extend(
            pixels.iter().take(size.width as usize).flat_map(|&[red, green, blue, _]| [red, green, blue]),
        );
    }
    Ok(Picture { size, rgb })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::colormap::Colormap;
    use crate::gpu::heat::Look;

    #[test]
    fn targets_that_code_srgb_themselves_look_the_same() {
        let Ok(gpu) = Gpu::headless() else {
            println!("skipped: no graphics adapter");
            return;
        };
        let size = PixelSize::new(16, 16);
        let values: Vec<f32> = (0..256).map(|value| value as f32 / 255.0).collect();
        let view = TensorView::upload(&gpu, &values, [16, 16, 1]).unwrap();
        for look in [Look::Picture, Look::Channel(0)] {
            let drawing = Drawing {
                look,
                colormap: Colormap::Viridis,
                range: [0.0, 1.0],
                window: [0.0, 0.0, 1.0, 1.0],
                smooth: false,
            };
            let read = |format| read_from(&gpu, &view, &drawing, size, format).unwrap();
            let (plain, srgb) = (read(FORMAT), read(wgpu::TextureFormat::Rgba8UnormSrgb));
            let worst = plain.rgb.iter().zip(&srgb.rgb).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{look:?}: {worst:?}");
            assert!(plain.rgb.iter().any(|byte| *byte > 200));
        }
    }
}
