//! What the graphics device does: illusions into the network's input, and tensors as pictures.

use crate::error::{Context as _, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::canvas::FORMAT;
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, HeatDraw, HeatPipeline, Look};
use crate::gpu::raster::Program;
use crate::gpu::view::TensorView;
use crate::model::{Model, Probe, Response, Role};
use crate::stimulus::illusion::{Showing, catalogue, compose};
use crate::units::PixelSize;
use burn::tensor::Tensor;

use super::network::settle;
use super::{Bench, Section};

/// Illusions that are rendered: a simple one, the one that opens first, and one of many parts.
const ILLUSIONS: [&str; 3] = ["drifting_grating", "rotating_snakes", "kanizsa"];
/// As the session renders them: samples per pixel and side.
const SAMPLES: u32 = 4;
/// The target that stands for the window.
const WINDOW: PixelSize = PixelSize::new(1600, 1000);
/// Large and small pictures in it.
const LARGE: PixelSize = PixelSize::new(480, 384);
const SMALL: PixelSize = PixelSize::new(120, 96);

/// Times illusions drawn into the network's input, as the session does it.
///
/// # Errors
/// Those of the device.
pub(super) fn time_stimuli(bench: &mut Bench, size: PixelSize) -> Result<()> {
    let Some(gpu) = bench.gpu(Section::Stimulus) else { return Ok(()) };
    let illusions = catalogue::built_in();
    let compute = bench.compute.clone();
    for slug in ILLUSIONS {
        let illusion = catalogue::find(&illusions, slug)?;
        let program = Program::new(&gpu, &compose::compose(illusion))?;
        let params = illusion.uniform_values(&Showing::default());
        let mut view = illusion.view(&Showing::default(), size, 0.0, SAMPLES);
        let target = if compute.on_gpu {
            let shape = [1, 3, size.height as usize, size.width as usize];
            Some(TensorView::new(&gpu, &Tensor::<4>::zeros(shape, &compute.burn))?)
        } else {
            None
        };
        let about = format!("the illusion drawn at {size}, for the network");
        bench.time(Section::Stimulus, slug, &about, || {
            view.time_s += 0.1;
            match &target {
                Some(target) => program.render_into(&view, &params, target).and_then(|()| wait(&gpu)),
                None => program.render_planes(&view, &params).map(drop),
            }
        })?;
    }
    Ok(())
}

/// Waits until the graphics device has done all that was submitted.
///
/// # Errors
/// [`Kind::Gpu`] when it fails.
pub(super) fn wait(gpu: &Gpu) -> Result<()> {
    let done = gpu.device.poll(wgpu::PollType::wait_indefinitely());
    done.map(drop).context(Kind::Gpu, "the graphics device does not answer")
}

/// A picture off screen, to be drawn on.
pub(super) fn off_screen(gpu: &Gpu, size: PixelSize) -> wgpu::TextureView {
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("off screen"),
        size: wgpu::Extent3d { width: size.width, height: size.height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
        view_formats: &[],
    });
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

/// Clears the picture, lets `draw` draw on it and waits until all is there.
///
/// # Errors
/// Those of the device.
pub(super) fn draw_on(
    gpu: &Gpu,
    target: &wgpu::TextureView,
    draw: impl FnOnce(&mut wgpu::RenderPass<'_>),
) -> Result<()> {
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("off screen"),
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
    draw(&mut pass);
    drop(pass);
    gpu.queue.submit([encoder.finish()]);
    wait(gpu)
}

/// A picture off screen that stands for the window.
pub(super) struct Canvas {
    gpu: Gpu,
    pipeline: HeatPipeline,
    target: wgpu::TextureView,
}

/// A map and where it is drawn: left, top, width, height in pixels.
type Placed<'a> = (&'a TensorView, Drawing, [f32; 4]);

impl Canvas {
    /// The target and the pipeline for it.
    pub(super) fn new(gpu: &Gpu) -> Self {
        let target = off_screen(gpu, WINDOW);
        Self {
            gpu: gpu.clone(),
            pipeline: HeatPipeline::new(&gpu.device, FORMAT, gpu.pipeline_cache()),
            target,
        }
    }

    /// Draws the maps and waits until they are there.
    ///
    /// # Errors
    /// Those of the device.
    pub(super) fn draw(&self, maps: &[Placed<'_>]) -> Result<()> {
        let draws: Vec<(HeatDraw, [f32; 4])> = maps
            .iter()
            .map(|(view, drawing, place)| (self.pipeline.prepare(&self.gpu.device, view, drawing), *place))
            .collect();
        draw_on(&self.gpu, &self.target, |pass| {
            for (draw, [left, top, width, height]) in &draws {
                pass.set_viewport(*left, *top, *width, *height, 0.0, 1.0);
                self.pipeline.draw(pass, draw);
            }
        })
    }

    /// What the window shows of a response: actual, prediction and signed error large, every probe's mean
    /// small.
    ///
    /// # Errors
    /// Those of the device.
    pub(super) fn draw_all(&self, probes: &[Probe], views: &[TensorView]) -> Result<()> {
        let known: Vec<_> = probes.iter().zip(views).collect();
        let large = known.iter().filter(|(probe, _)| look(probe).is_some()).take(3);
        let large = large.enumerate().filter_map(|(index, (probe, view))| {
            let left = index as f32 * (LARGE.width as f32 + 10.0);
            Some((*view, drawing(look(probe)?), place(left, 0.0, LARGE)))
        });
        let row = (WINDOW.width / (SMALL.width + 4)) as usize;
        let small = known.iter().enumerate().map(|(index, (_, view))| {
            let left = (index % row) as f32 * (SMALL.width as f32 + 4.0);
            let top = LARGE.height as f32 + 10.0 + (index / row) as f32 * (SMALL.height as f32 + 4.0);
            (*view, drawing(Look::Mean), place(left, top, SMALL))
        });
        let below = |it: &Placed<'_>| it.2[1] + it.2[3] <= WINDOW.height as f32;
        self.draw(&large.chain(small).filter(below).collect::<Vec<_>>())
    }
}

/// How a probe of layer 0 is drawn large.
fn look(probe: &Probe) -> Option<Look> {
    match probe.role {
        Role::Error if probe.layer == 0 => Some(Look::SignedError),
        _ if probe.is_picture() => Some(Look::Picture),
        _ => None,
    }
}

fn place(left: f32, top: f32, size: PixelSize) -> [f32; 4] {
    [left, top, size.width as f32, size.height as f32]
}

fn drawing(look: Look) -> Drawing {
    let colormap = if look == Look::SignedError { Colormap::Diverging } else { Colormap::Viridis };
    Drawing { look, colormap, range: [-0.3, 0.3], window: [0.0, 0.0, 1.0, 1.0], smooth: false }
}

/// Times the way of a response onto the (off-screen) window.
///
/// # Errors
/// Those of the device.
pub(super) fn time_drawing(bench: &mut Bench, model: &dyn Model, response: &Response) -> Result<()> {
    let Some(gpu) = bench.gpu(Section::Drawing) else { return Ok(()) };
    let (probes, compute) = (model.probes().to_vec(), bench.compute.clone());
    let canvas = Canvas::new(&gpu);
    bench.time(Section::Drawing, "views", "every tensor made ready to be drawn", || {
        let views = views(&gpu, response)?;
        settle(&compute)?;
        drop(views);
        Ok(())
    })?;
    let views = views(&gpu, response)?;
    let Some(first) = views.first() else { return Ok(()) };
    let about = format!("one map at {LARGE}");
    bench.time(Section::Drawing, "map", &about, || {
        canvas.draw(&[(first, drawing(Look::Mean), place(0.0, 0.0, LARGE))])
    })?;
    let about = format!("three pictures at {LARGE}, all {} probes at {SMALL}", probes.len());
    bench.time(Section::Drawing, "window", &about, || canvas.draw_all(&probes, &views))
}

/// Every tensor of a response, ready to be drawn.
///
/// # Errors
/// Those of the device.
pub(super) fn views(gpu: &Gpu, response: &Response) -> Result<Vec<TensorView>> {
    response.activities.iter().map(|part| TensorView::new(gpu, &part.tensor())).collect()
}
