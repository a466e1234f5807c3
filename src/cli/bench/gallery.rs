//! Every illusion as the window draws it, in large.

use std::time::Duration;

use super::scene::wait;
use super::spread::{Effort, measure};
use super::{Bench, Figure, Section, Spread};
use crate::error::Result;
use crate::gpu::Gpu;
use crate::gpu::canvas::FORMAT;
use crate::gpu::raster::{Program, View};
use crate::stimulus::illusion::{Showing, catalogue, compose};
use crate::units::PixelSize;

/// How large they are drawn.
const SIZE: PixelSize = PixelSize::new(1024, 1024);
/// Samples per pixel and side, as in the window: on graphics cards, and where the processor draws.
const SAMPLES: [u32; 2] = [2, 1];
/// Half a second for each is enough to rank them.
const EFFORT: Effort = Effort { warm: 2, count: 30, limit: Duration::from_millis(500) };

/// Times all illusions that come with the program.
///
/// # Errors
/// Those of the device.
pub(super) fn time_all(bench: &mut Bench, quick: bool) -> Result<Vec<Figure>> {
    let Some(gpu) = bench.gpu(Section::Stimulus) else { return Ok(Vec::new()) };
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("an illusion in large"),
        size: wgpu::Extent3d { width: SIZE.width, height: SIZE.height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
        view_formats: &[],
    });
    let target = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let illusions = catalogue::built_in();
    let some = if quick { 2 } else { illusions.len() };
    let mut figures = Vec::new();
    for illusion in illusions.iter().take(some) {
        let program = Program::new(&gpu, &compose::compose(illusion))?;
        let showing = Showing::default();
        let params = illusion.uniform_values(&showing);
        let mut view = illusion.view(&showing, SIZE, 0.0, SAMPLES[usize::from(gpu.is_software())]);
        let (times_ms, cpu_ms) = measure(EFFORT, || {
            view.time_s += 1.0 / 60.0;
            draw(&gpu, &program, &view, &params, &target)
        })?;
        figures.push(Figure {
            section: Section::Stimulus,
            name: illusion.slug.clone(),
            about: format!("drawn at {SIZE}, as in the window"),
            spread: Spread::of(&times_ms),
            cpu_ms,
            times_ms: Vec::new(),
        });
    }
    figures.sort_by(|one, other| other.spread.median_ms.total_cmp(&one.spread.median_ms));
    Ok(figures)
}

fn draw(gpu: &Gpu, program: &Program, view: &View, params: &[f32], target: &wgpu::TextureView) -> Result<()> {
    let prepared = program.prepare_screen(FORMAT, view, params);
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("an illusion in large"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: target,
            resolve_target: None,
            depth_slice: None,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                store: wgpu::StoreOp::Store,
            },
        })],
        ..Default::default()
    });
    program.draw_screen(&mut pass, &prepared);
    drop(pass);
    gpu.queue.submit([encoder.finish()]);
    wait(gpu)
}
