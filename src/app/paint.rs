//! Paint callbacks: tensors and illusions drawn by the GPU inside egui's own render pass.

use std::sync::{Arc, OnceLock};

use egui::{PaintCallback, Rect};
use egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};

use crate::gpu::heat::{Drawing, HeatDraw, HeatPipeline};
use crate::gpu::raster::{Program, ScreenDraw, View};
use crate::gpu::view::TensorView;

/// Makes the pipelines that callbacks need; call once per renderer.
pub fn install(state: &egui_wgpu::RenderState) {
    let pipeline = HeatPipeline::new(&state.device, state.target_format);
    state.renderer.write().callback_resources.insert(pipeline);
}

/// A tensor as a map or picture that fills `rect`.
pub(crate) fn tensor(rect: Rect, view: TensorView, drawing: Drawing) -> PaintCallback {
    Callback::new_paint_callback(rect, TensorCallback { view, drawing, ready: OnceLock::new() })
}

/// An illusion that fills `rect`, drawn at the screen's own resolution. `view.size` is set here.
pub(crate) fn illusion(
    rect: Rect,
    program: Arc<Program>,
    format: wgpu::TextureFormat,
    view: View,
    params: Vec<f32>,
) -> PaintCallback {
    Callback::new_paint_callback(
        rect,
        IllusionCallback { program, format, view, params, ready: OnceLock::new() },
    )
}

struct TensorCallback {
    view: TensorView,
    drawing: Drawing,
    ready: OnceLock<HeatDraw>,
}

impl CallbackTrait for TensorCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        _queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(pipeline) = resources.get::<HeatPipeline>() {
            self.ready.get_or_init(|| pipeline.prepare(device, &self.view, &self.drawing));
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let (Some(pipeline), Some(ready)) = (resources.get::<HeatPipeline>(), self.ready.get()) {
            pipeline.draw(pass, ready);
        }
    }
}

struct IllusionCallback {
    program: Arc<Program>,
    format: wgpu::TextureFormat,
    view: View,
    params: Vec<f32>,
    ready: OnceLock<ScreenDraw>,
}

impl CallbackTrait for IllusionCallback {
    fn prepare(
        &self,
        _device: &wgpu::Device,
        _queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        self.ready.get_or_init(|| self.program.prepare_screen(self.format, &self.view, &self.params));
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        if let Some(ready) = self.ready.get() {
            self.program.draw_screen(pass, ready);
        }
    }
}
