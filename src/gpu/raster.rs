//! Running an illusion's WGSL at any size: on screen, into a network's input tensor, or into host memory.
//!
//! The three ways share one shader module, so that person and network are shown the same picture.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::error::{Error, Kind, Result};
use crate::gpu::raster_bindings::{Bindings, HostUniform, Planes};
use crate::gpu::still;
use crate::gpu::view::TensorView;
use crate::gpu::{Gpu, photos};
use crate::safety::limits;
use crate::units::{FieldDeg, PixelSize};

/// Helpers, constants and bindings that stand before every illusion's text.
pub const PRELUDE: &str = include_str!("../../shaders/prelude.wgsl");
/// Entry points that stand after every illusion's text.
pub const ENTRY_POINTS: &str = include_str!("../../shaders/illusion_host.wgsl");

/// A drawing that takes longer has most likely a loop without an end.
const LONGEST_DRAWING: Duration = Duration::from_mins(2);
/// After so long a read-back that the device has already finished is given up.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What of the stimulus is drawn, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Pixels of the target.
    pub size: PixelSize,
    /// Visual field that the target covers.
    pub field: FieldDeg,
    /// Seconds from the start.
    pub time_s: f64,
    /// Whether left and right are exchanged.
    pub mirror: bool,
    /// Shift of the whole picture in degrees, right and up.
    pub jitter_deg: [f32; 2],
    /// Seed of everything random in it.
    pub seed: u32,
    /// Samples per pixel and side (area average); 4 means 16 samples a pixel.
    pub samples: u32,
}

/// A compiled illusion.
#[derive(Debug)]
pub struct Program {
    gpu: Gpu,
    module: wgpu::ShaderModule,
    bindings: Bindings,
    planes: wgpu::ComputePipeline,
    /// Positions of the parameters that all must be zero for it to stand still; `None`: it always moves.
    factors_of_time: Option<Vec<usize>>,
    screens: Mutex<HashMap<wgpu::TextureFormat, Option<wgpu::RenderPipeline>>>,
}

/// One on-screen drawing made ready; draws nothing where the driver refused the target's format.
#[derive(Debug)]
pub struct ScreenDraw {
    pipeline: Option<wgpu::RenderPipeline>,
    group: wgpu::BindGroup,
}

impl Program {
    /// Compiles the composed WGSL (prelude, parameters, the user's text, entry points).
    ///
    /// # Errors
    /// [`Kind::Illusion`] when the driver refuses it.
    pub fn new(gpu: &Gpu, wgsl: &str) -> Result<Self> {
        let device = &gpu.device;
        // The prelude speaks of photographs itself; an illusion that uses them does so once more.
        let shows_photos = wgsl.matches("photo").count() > PRELUDE.matches("photo").count();
        let own = photos::named_in(wgsl);
        let shown = match &own {
            Some(words) => words.as_slice(),
            None if shows_photos => photos::packed(),
            None => &[0],
        };
        let (made, refused) = guarded(device, || {
            let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some("illusion"),
                source: wgpu::ShaderSource::Wgsl(wgsl.into()),
            });
            let bindings = Bindings::new(device, shown);
            let planes = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some("illusion into planes"),
                layout: Some(&bindings.planes_pipeline_layout),
                module: &module,
                entry_point: Some("host_compute"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: gpu.pipeline_cache(),
            });
            (module, bindings, planes)
        });
        if let Some(cause) = refused {
            return Err(Error::new(Kind::Illusion, format!("the driver refuses the illusion: {cause}"))
                .advise("Simplify it, or update the graphics driver"));
        }
        let (module, bindings, planes) = made;
        let factors_of_time = still::factors_of_time(wgsl);
        Ok(Self { gpu: gpu.clone(), module, bindings, planes, factors_of_time, screens: Mutex::default() })
    }

    /// Whether it looks the same at all times with these parameters.
    pub fn is_still(&self, params: &[f32]) -> bool {
        let is_zero = |&at: &usize| params.get(at).is_some_and(|value| *value == 0.0);
        self.factors_of_time.as_ref().is_some_and(|factors| factors.iter().all(is_zero))
    }

    /// Renders sRGB-coded planes `[3, height, width]` in 0..1 and reads them back. Blocking: never on the
    /// window's thread.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] for sizes above the limits, [`Kind::Gpu`] when the device fails.
    pub fn render_planes(&self, view: &View, params: &[f32]) -> Result<Vec<f32>> {
        self.check_size(view.size)?;
        let bytes = 3 * 4 * view.size.area() as u64;
        let buffer = |label, usage| {
            let descriptor =
                wgpu::BufferDescriptor { label: Some(label), size: bytes, usage, mapped_at_creation: false };
            self.gpu.device.create_buffer(&descriptor)
        };
        let ((planes, landing), refused) = guarded(&self.gpu.device, || {
            (
                buffer("planes", wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC),
                buffer("planes, read back", wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST),
            )
        });
        refused.map_or(Ok(()), |cause| Err(failed(cause)))?;
        let [width, height] = [view.size.width, view.size.height];
        let target = Planes {
            buffer: &planes,
            offset_bytes: 0,
            size_bytes: bytes,
            strides: [1, width, width * height],
            first: 0,
        };
        self.run(view, params, &target, |encoder| {
            encoder.copy_buffer_to_buffer(&planes, 0, &landing, 0, bytes);
        })?;
        read_back(&self.gpu.device, &landing)
    }

    /// Renders the same straight into the buffer of a tensor `[1, 3, height, width]`, with no read-back.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when the tensor has another size, [`Kind::Gpu`] when the device fails.
    pub fn render_into(&self, view: &View, params: &[f32], target: &TensorView) -> Result<()> {
        self.check_size(view.size)?;
        let alignment = u64::from(self.gpu.device.limits().min_storage_buffer_offset_alignment);
        let planes = Planes::of_tensor(target, view.size, alignment)?;
        self.run(view, params, &planes, |_| ())
    }

    /// Makes an on-screen drawing ready for a target of `format`; call before the render pass.
    /// `view.size` is the viewport's size in physical pixels. A target that is not sRGB gets coded values.
    pub fn prepare_screen(&self, format: wgpu::TextureFormat, view: &View, params: &[f32]) -> ScreenDraw {
        let pipeline =
            self.screens.lock().entry(format).or_insert_with(|| self.screen_pipeline(format)).clone();
        let uniform = HostUniform::new(view, !format.is_srgb());
        ScreenDraw { pipeline, group: self.bindings.screen_group(&self.gpu.device, &uniform, params) }
    }

    /// Draws it over the whole viewport of `pass`.
    pub fn draw_screen(&self, pass: &mut wgpu::RenderPass<'_>, draw: &ScreenDraw) {
        if let Some(pipeline) = &draw.pipeline {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &draw.group, &[]);
            pass.draw(0..3, 0..1);
        }
    }

    fn screen_pipeline(&self, format: wgpu::TextureFormat) -> Option<wgpu::RenderPipeline> {
        let device = &self.gpu.device;
        let (pipeline, refused) = guarded(device, || {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("illusion on screen"),
                layout: Some(&self.bindings.screen_pipeline_layout),
                vertex: wgpu::VertexState {
                    module: &self.module,
                    entry_point: Some("host_vertex"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                fragment: Some(wgpu::FragmentState {
                    module: &self.module,
                    entry_point: Some("host_fragment"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(format.into())],
                }),
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                multiview_mask: None,
                cache: self.gpu.pipeline_cache(),
            })
        });
        if let Some(cause) = refused {
            tracing::error!("the illusion cannot be drawn on {format:?}: {cause}");
            return None;
        }
        Some(pipeline)
    }

    fn run(
        &self,
        view: &View,
        params: &[f32],
        target: &Planes<'_>,
        then: impl FnOnce(&mut wgpu::CommandEncoder),
    ) -> Result<()> {
        let device = &self.gpu.device;
        let ((), refused) = guarded(device, || {
            let mut uniform = HostUniform::new(view, true);
            uniform.place(target);
            let group = self.bindings.planes_group(device, &uniform, params, target);
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.planes);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(view.size.width.div_ceil(8), view.size.height.div_ceil(8), 1);
            drop(pass);
            then(&mut encoder);
            self.gpu.queue.submit([encoder.finish()]);
        });
        refused.map_or(Ok(()), |cause| Err(failed(cause)))
    }

    /// Refuses before anything is allocated.
    fn check_size(&self, size: PixelSize) -> Result<()> {
        let device = self.gpu.device.limits();
        let bytes = (12 * u64::from(size.width)).saturating_mul(u64::from(size.height));
        let most = device.max_storage_buffer_binding_size.min(device.max_buffer_size);
        if size.width == 0 || size.height == 0 {
            return Err(Error::new(Kind::Usage, format!("{size} is an empty picture")));
        }
        if size.width.max(size.height) > limits::MAX_SIDE_PX || bytes > most {
            return Err(Error::new(Kind::TooLarge, format!("{size} pixels are too many for an illusion"))
                .advise(format!(
                    "Choose sides up to {} and up to {} pixels",
                    limits::MAX_SIDE_PX,
                    most / 12
                )));
        }
        Ok(())
    }
}

/// Does `work` and returns what the device has against it.
pub(crate) fn guarded<T>(device: &wgpu::Device, work: impl FnOnce() -> T) -> (T, Option<wgpu::Error>) {
    let validation = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    let internal = device.push_error_scope(wgpu::ErrorFilter::Internal);
    let made = work();
    let errors = [
        pollster::block_on(internal.pop()),
        pollster::block_on(memory.pop()),
        pollster::block_on(validation.pop()),
    ];
    (made, errors.into_iter().flatten().next())
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Gpu, format!("the illusion cannot be drawn: {cause}"))
        .advise("Choose a smaller size, or restart the program if the graphics device was lost")
}

pub(crate) fn read_back(device: &wgpu::Device, landing: &wgpu::Buffer) -> Result<Vec<f32>> {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    landing.map_async(wgpu::MapMode::Read, .., move |mapped| {
        // The receiver is gone only when polling failed, which is reported instead.
        sender.try_send(mapped).ok();
    });
    let wait = wgpu::PollType::Wait { submission_index: None, timeout: Some(LONGEST_DRAWING) };
    device.poll(wait).map_err(failed)?;
    // Another thread that polls the same device may be the one that makes the call, a little later.
    receiver.recv_timeout(LONGEST_WAIT).map_err(failed)?.map_err(failed)?;
    let mapped = landing.get_mapped_range(..).map_err(failed)?;
    Ok(bytemuck::pod_collect_to_vec(&mapped))
}
