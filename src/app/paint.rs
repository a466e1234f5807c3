//! Paint callbacks: tensors and illusions drawn by the GPU. Each place in the window keeps its picture from
//! frame to frame; it is drawn anew only when what it shows has changed.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{PaintCallback, Rect};
use egui_wgpu::{CallbackResources, CallbackTrait, ScreenDescriptor};

use crate::app::meshes::{self, own};
use crate::frame::Image;
use crate::gpu::canvas::{self, Canvas, CanvasPipeline, Manner, Plain, WHOLE};
use crate::gpu::heat::{Drawing, HeatPipeline, Look, Reduced};
use crate::gpu::raster::{Program, View};
use crate::gpu::view::TensorView;
use crate::session::{MapValues, Whose};
use crate::units::PixelSize;

mod texels;

/// Makes the pipelines that callbacks need, from `cache` where it has them; call once per renderer.
pub fn install(state: &egui_wgpu::RenderState, cache: Option<&wgpu::PipelineCache>) {
    let kept = Kept {
        pictures: Pictures::default(),
        fills: HashMap::new(),
        heat: Heat { made: None, cache: cache.cloned() },
        copy: CanvasPipeline::new(&state.device, state.target_format, cache),
    };
    let meshes = meshes::resources(&state.device, state.target_format, cache);
    let resources = &mut state.renderer.write().callback_resources;
    resources.insert(kept);
    resources.insert(meshes);
}

/// How often a picture of a window with [`install`] was drawn anew. For tests: what has not changed is not.
#[doc(hidden)]
#[must_use]
pub fn pictures_drawn(state: &egui_wgpu::RenderState) -> u64 {
    state.renderer.read().callback_resources.get::<Kept>().map_or(0, |kept| kept.pictures.drawn)
}

/// A place in the window that keeps its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// What you see.
    Seen,
    /// The error laid over it.
    Overlay,
    /// What the audience sees in a window of its own.
    Audience,
    /// The illusion under the pointer in the gallery.
    Hovered,
    /// What it expects.
    Expected,
    /// What the second network expects.
    Second,
    /// A picture on the page of models.
    Page(usize),
    /// The enlarged map.
    Enlarged,
    /// The small map of a probe.
    Small(usize),
}

/// Number of the pictures that values belong to, whose they are, and the place of their probe.
pub(crate) type At = (u64, Whose, usize);

/// A probe's values as they were at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// The same numbers, the same values.
    pub at: At,
    /// The values.
    pub values: MapValues,
}

/// A map or picture that fills `rect`, which is `size` in physical pixels. Where its values are still on
/// their way the place shows what it showed before.
pub(crate) fn map(
    rect: Rect,
    slot: Slot,
    values: Option<Values>,
    drawing: Drawing,
    size: PixelSize,
) -> PaintCallback {
    own(rect, MapCallback { slot, values, drawing, size })
}

/// The part `window` (left, top, right, bottom in 0..1) of an illusion, filling `rect` at the screen's own
/// resolution. `view.size` is that of `rect` in physical pixels.
pub(crate) fn illusion(
    rect: Rect,
    slot: Slot,
    program: Arc<Program>,
    view: View,
    window: [f32; 4],
    params: Vec<f32>,
) -> PaintCallback {
    // What stands still is the same picture at all times.
    let time_s = if program.is_still(&params) { 0.0 } else { view.time_s };
    let view = View { time_s, ..view };
    own(rect, IllusionCallback { slot, program, view, window, params })
}

/// A picture of a video, of which the part `window` (left, top, right, bottom in 0..1; mirrored where left is
/// greater) fills `rect`, `across` physical pixels wide.
pub(crate) fn picture(rect: Rect, slot: Slot, image: Image, window: [f32; 4], across: f32) -> PaintCallback {
    // No panel shows more pixels than it has: larger pictures are thinned out.
    let shown = image.size.width as f32 * (window[2] - window[0]).abs();
    let most = image.size.width.max(image.size.height).div_ceil(MAX_SIDE);
    let stride = ((shown / across.max(1.0)) as u32).max(most).max(1);
    own(rect, PictureCallback { slot, image, window, stride })
}

/// A rectangle of one colour. egui's own shader weighs every pixel of it for a texture that it has not: where
/// the processor draws, that is most of the work of a window.
pub(crate) fn fill(rect: Rect, color: egui::Color32) -> PaintCallback {
    own(rect, FillCallback { color })
}

/// Longest side of a picture that is kept.
const MAX_SIDE: u32 = 2048;

/// What all places keep.
struct Kept {
    pictures: Pictures,
    fills: HashMap<egui::Color32, Plain>,
    heat: Heat,
    copy: CanvasPipeline,
}

/// Compiled when values are first shaded on the device: where the network runs on the processor, the first picture
/// does without.
struct Heat {
    made: Option<HeatPipeline>,
    cache: Option<wgpu::PipelineCache>,
}

impl Heat {
    fn pipeline(&mut self, device: &wgpu::Device) -> &HeatPipeline {
        let cache = self.cache.as_ref();
        self.made.get_or_insert_with(|| HeatPipeline::new(device, canvas::FORMAT, cache))
    }
}

/// The pictures by their places.
#[derive(Default)]
struct Pictures {
    kept: HashMap<Slot, KeptPicture>,
    /// How often one of them was drawn anew.
    drawn: u64,
}

/// What one place keeps.
struct KeptPicture {
    canvas: Canvas,
    of: Of,
    /// Where values from host memory are put when a shader is to blend them.
    uploaded: Option<TensorView>,
}

/// What a picture shows.
#[derive(Clone)]
enum Of {
    Nothing,
    Map(At, Drawing),
    Illusion(Arc<Program>, View, [f32; 4], Vec<f32>),
    Picture(Image, u32),
}

impl PartialEq for Of {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Map(at, drawing), Self::Map(other_at, other)) => at == other_at && drawing == other,
            (Self::Illusion(program, view, window, params), Self::Illusion(other, v, w, p)) => {
                Arc::ptr_eq(program, other) && (view, window, params) == (v, w, p)
            }
            (Self::Picture(image, stride), Self::Picture(other, by)) => image.is(other) && stride == by,
            _ => false,
        }
    }
}

impl Pictures {
    /// The picture of a place in this size, and whether it has yet to be drawn.
    fn take(
        &mut self,
        device: &wgpu::Device,
        copy: &CanvasPipeline,
        slot: Slot,
        size: PixelSize,
        of: Of,
    ) -> (&mut KeptPicture, bool) {
        let blank = || KeptPicture { canvas: copy.canvas(device, size), of: Of::Nothing, uploaded: None };
        let picture = self.kept.entry(slot).or_insert_with(blank);
        if picture.canvas.size() != size {
            *picture = blank();
        }
        let stale = picture.of != of;
        picture.of = of;
        self.drawn += u64::from(stale);
        (picture, stale)
    }
}

impl Kept {
    /// Chooses the part of a place's picture that is shown.
    fn show_part(&mut self, queue: &wgpu::Queue, slot: Slot, part: [f32; 4]) {
        if let Some(picture) = self.pictures.kept.get_mut(&slot) {
            self.copy.show_part(queue, &mut picture.canvas, part);
        }
    }

    fn draw(&self, pass: &mut wgpu::RenderPass<'static>, slot: Slot) {
        if let Some(picture) = self.pictures.kept.get(&slot) {
            let manner = match (slot, &picture.of) {
                (Slot::Overlay, _) => Manner::Through,
                (_, Of::Picture(..)) => Manner::Scaled,
                _ => Manner::Crisp,
            };
            self.copy.draw(pass, &picture.canvas, manner);
        }
    }
}

struct MapCallback {
    slot: Slot,
    values: Option<Values>,
    drawing: Drawing,
    size: PixelSize,
}

impl MapCallback {
    /// Crisp maps are kept one texel a unit and enlarged when copied; blended ones as large as they are shown.
    fn prepare_map(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        encoder: &mut wgpu::CommandEncoder,
        kept: &mut Kept,
    ) {
        let shown = self.drawing.window;
        if let Some(Values { at, values }) = &self.values {
            let (drawing, size) = if self.drawing.smooth {
                (self.drawing, self.size)
            } else {
                (Drawing { window: WHOLE, ..self.drawing }, values.size())
            };
            let of = Of::Map(*at, drawing);
            let (picture, stale) = kept.pictures.take(device, &kept.copy, self.slot, size, of);
            match values {
                _ if !stale => {}
                MapValues::Device(view) => {
                    shade(device, encoder, &picture.canvas, &mut kept.heat, view, &drawing);
                }
                MapValues::Host(reduced) if !drawing.smooth => {
                    picture.canvas.write(queue, &reduced.texels(&drawing));
                }
                MapValues::Host(reduced) => {
                    let (view, look) = upload(device, queue, picture.uploaded.take(), reduced);
                    let drawing = Drawing { look, ..drawing };
                    shade(device, encoder, &picture.canvas, &mut kept.heat, &view, &drawing);
                    picture.uploaded = Some(view);
                }
            }
        }
        kept.show_part(queue, self.slot, if self.drawing.smooth { WHOLE } else { shown });
    }
}

fn shade(
    device: &wgpu::Device,
    encoder: &mut wgpu::CommandEncoder,
    canvas: &Canvas,
    heat: &mut Heat,
    view: &TensorView,
    drawing: &Drawing,
) {
    let heat = heat.pipeline(device);
    let ready = heat.prepare(device, view, drawing);
    canvas.paint(encoder, |pass| heat.draw(pass, &ready));
}

/// Values from host memory on the device, and how they are drawn from there.
fn upload(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    old: Option<TensorView>,
    reduced: &Reduced,
) -> (TensorView, Look) {
    let planes = reduced.planes();
    let extent = [reduced.size.width, reduced.size.height, planes as u32];
    let look = if planes == 1 { Look::Channel(0) } else { Look::Picture };
    (TensorView::put(device, queue, old, &reduced.values, extent), look)
}

impl CallbackTrait for MapCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(kept) = resources.get_mut::<Kept>() {
            self.prepare_map(device, queue, encoder, kept);
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let Some(kept) = resources.get::<Kept>() {
            kept.draw(pass, self.slot);
        }
    }
}

struct IllusionCallback {
    slot: Slot,
    program: Arc<Program>,
    view: View,
    window: [f32; 4],
    params: Vec<f32>,
}

impl CallbackTrait for IllusionCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(kept) = resources.get_mut::<Kept>() else { return Vec::new() };
        let of = Of::Illusion(Arc::clone(&self.program), self.view, self.window, self.params.clone());
        let (picture, stale) = kept.pictures.take(device, &kept.copy, self.slot, self.view.size, of);
        if stale {
            let size = picture.canvas.size();
            let longest =
                device.limits().max_texture_dimension_2d as f32 / size.width.max(size.height).max(1) as f32;
            let [x, y, width, height] = whole_around(self.window, longest);
            let scaled = |side: u32, by: f32| (side as f32 * by).round().max(1.0) as u32;
            let whole = PixelSize::new(scaled(size.width, width), scaled(size.height, height));
            let view = View { size: whole, ..self.view };
            let ready = self.program.prepare_screen(canvas::FORMAT, &view, &self.params);
            let (across, down) = (size.width as f32, size.height as f32);
            picture.canvas.paint(encoder, |pass| {
                pass.set_viewport(x * across, y * down, width * across, height * down, 0.0, 1.0);
                self.program.draw_screen(pass, &ready);
            });
        }
        kept.show_part(queue, self.slot, WHOLE);
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let Some(kept) = resources.get::<Kept>() {
            kept.draw(pass, self.slot);
        }
    }
}

struct PictureCallback {
    slot: Slot,
    image: Image,
    window: [f32; 4],
    stride: u32,
}

impl CallbackTrait for PictureCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(kept) = resources.get_mut::<Kept>() else { return Vec::new() };
        let (size, of) =
            (texels::size(&self.image, self.stride), Of::Picture(self.image.clone(), self.stride));
        let (kept_picture, stale) = kept.pictures.take(device, &kept.copy, self.slot, size, of);
        if stale {
            kept_picture.canvas.write(queue, &texels::texels(&self.image, self.stride));
        }
        kept.show_part(queue, self.slot, self.window);
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let Some(kept) = resources.get::<Kept>() {
            kept.draw(pass, self.slot);
        }
    }
}

struct FillCallback {
    color: egui::Color32,
}

impl CallbackTrait for FillCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        _queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(Kept { fills, copy, .. }) = resources.get_mut::<Kept>() {
            let color = self.color.to_normalized_gamma_f32();
            fills.entry(self.color).or_insert_with(|| copy.plain(device, color));
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let Some(kept) = resources.get::<Kept>()
            && let Some(plain) = kept.fills.get(&self.color)
        {
            kept.copy.fill(pass, plain);
        }
    }
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
