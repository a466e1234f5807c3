//! Paint callbacks: tensors and illusions drawn by the GPU inside egui's own render pass.

use std::sync::{Arc, OnceLock};

use egui::{PaintCallback, Rect};
use egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};

use crate::gpu::heat::{Drawing, HeatDraw, HeatPipeline};
use crate::gpu::raster::{Program, ScreenDraw, View};
use crate::gpu::view::TensorView;
use crate::units::PixelSize;

/// Makes the pipelines that callbacks need; call once per renderer.
pub fn install(state: &egui_wgpu::RenderState) {
    let pipeline = HeatPipeline::new(&state.device, state.target_format);
    state.renderer.write().callback_resources.insert(pipeline);
}

/// A tensor as a map or picture that fills `rect`.
pub(crate) fn tensor(rect: Rect, view: TensorView, drawing: Drawing) -> PaintCallback {
    Callback::new_paint_callback(rect, TensorCallback { view, drawing, ready: OnceLock::new() })
}

/// The part `window` (left, top, right, bottom in 0..1) of an illusion, filling `rect` at the screen's own
/// resolution. `view.size` is that of `rect` in physical pixels.
pub(crate) fn illusion(
    rect: Rect,
    program: Arc<Program>,
    format: wgpu::TextureFormat,
    view: View,
    window: [f32; 4],
    params: Vec<f32>,
) -> PaintCallback {
    Callback::new_paint_callback(
        rect,
        IllusionCallback { program, format, view, window, params, ready: OnceLock::new() },
    )
}

/// Where the whole illusion is when only a part of it fills a target: left, top, width and height, in targets.
/// Illusions fit themselves to their field, so a part is cut from the whole and not drawn as a smaller field.
/// No side may be longer than `longest` targets: what the driver can draw at all.
fn whole_around(window: [f32; 4], longest: f32) -> [f32; 4] {
    let [left, top, right, bottom] = window;
    let magnified = |low: f32, high: f32| {
        let by = (1.0 / (high - low).max(1e-6)).clamp(1.0, longest.max(1.0));
        (0.5 - f32::midpoint(low, high) * by, by)
    };
    let ((x, width), (y, height)) = (magnified(left, right), magnified(top, bottom));
    [x, y, width, height]
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
    window: [f32; 4],
    params: Vec<f32>,
    ready: OnceLock<(ScreenDraw, [f32; 4])>,
}

impl CallbackTrait for IllusionCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        _queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        self.ready.get_or_init(|| {
            let size = self.view.size;
            let longest =
                device.limits().max_texture_dimension_2d as f32 / size.width.max(size.height).max(1) as f32;
            let around = whole_around(self.window, longest);
            let scaled = |side: u32, by: f32| (side as f32 * by).round().max(1.0) as u32;
            let size = PixelSize::new(scaled(size.width, around[2]), scaled(size.height, around[3]));
            let view = View { size, ..self.view };
            (self.program.prepare_screen(self.format, &view, &self.params), around)
        });
        Vec::new()
    }

    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        if let Some((ready, [x, y, width, height])) = self.ready.get() {
            let target = info.viewport_in_pixels();
            let (left, top) = (target.left_px as f32, target.top_px as f32);
            let (across, down) = (target.width_px as f32, target.height_px as f32);
            // What sticks out of the target is cut off by egui's clip rectangle.
            pass.set_viewport(left + x * across, top + y * down, width * across, height * down, 0.0, 1.0);
            self.program.draw_screen(pass, ready);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::whole_around;

    #[test]
    fn a_part_fills_the_target_and_the_whole_lies_around_it() {
        assert_eq!(whole_around([0.0, 0.0, 1.0, 1.0], 8.0), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(whole_around([0.5, 0.0, 1.0, 0.5], 8.0), [-1.0, 0.0, 2.0, 2.0]);
    }

    #[test]
    fn no_driver_is_asked_for_more_than_it_can() {
        let [x, _, width, _] = whole_around([0.49, 0.49, 0.51, 0.51], 8.0);
        assert_eq!((x, width), (-3.5, 8.0));
    }
}
