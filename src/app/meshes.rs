//! What egui has laid out, drawn by our own pipelines instead of its own. egui's shader does four look-ups and
//! a dither for every pixel of every line and letter; where the processor draws, that took two thirds of the
//! time of a frame.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use egui::epaint::{ClippedPrimitive, ClippedShape, ImageDelta, Primitive};
use egui::{ImageData, PaintCallback, PaintCallbackInfo, Rect, Shape, TextureId};
use egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use parking_lot::Mutex;

use crate::gpu::mesh::{MeshTexture, Meshes, Slice, Texture};
use crate::units::PixelSize;

/// A drawing of our own among egui's shapes.
pub(crate) struct Own(Box<dyn CallbackTrait>);

/// Puts a drawing of our own among egui's shapes. It is drawn only in windows with [`install`].
pub(crate) fn own(rect: Rect, drawing: impl CallbackTrait + 'static) -> PaintCallback {
    let callback: Arc<dyn Any + Send + Sync> = Arc::new(Own(Box::new(drawing)));
    PaintCallback { rect, callback }
}

/// From now on the window of `ctx` is drawn by our own pipelines. Its renderer needs [`resources`].
pub(crate) fn install(ctx: &egui::Context) {
    ctx.add_plugin(TakeOver::default());
    // Small discs would be enlarged letters, and letters are drawn texel by texel.
    ctx.tessellation_options_mut(|options| options.prerasterized_discs = false);
}

/// What the renderer of such a window keeps.
pub(crate) fn resources(
    device: &wgpu::Device,
    format: wgpu::TextureFormat,
    cache: Option<&wgpu::PipelineCache>,
) -> Kept {
    Kept { meshes: Meshes::new(device, format, cache), textures: HashMap::new(), to_free: Vec::new() }
}

/// Pipelines and textures.
pub(crate) struct Kept {
    meshes: Meshes,
    textures: HashMap<TextureId, MeshTexture>,
    /// Textures that the last frame was still drawn with.
    to_free: Vec<TextureId>,
}

/// Changes of textures that no frame has taken in yet.
#[derive(Default)]
struct Changes {
    set: Vec<(TextureId, ImageDelta)>,
    free: Vec<TextureId>,
}

/// Takes the shapes of a frame from egui's renderer and gives it one drawing in their place.
#[derive(Default)]
struct TakeOver {
    changes: Arc<Mutex<Changes>>,
}

impl egui::Plugin for TakeOver {
    fn debug_name(&self) -> &'static str {
        "own meshes"
    }

    fn output_hook(&mut self, ctx: &egui::Context, output: &mut egui::FullOutput) {
        let mut changes = self.changes.lock();
        for (id, deltas) in output.textures_delta.set.drain() {
            changes.set.extend(deltas.into_iter().map(|delta| (id, delta)));
        }
        changes.free.extend(output.textures_delta.free.drain());
        drop(changes);
        let shapes = std::mem::take(&mut output.shapes);
        let primitives = ctx.tessellate(shapes, output.pixels_per_point);
        let frame = Frame { primitives, changes: Arc::clone(&self.changes), slices: OnceLock::new() };
        let whole = Callback::new_paint_callback(ctx.content_rect(), frame);
        output.shapes = vec![ClippedShape {
            clip_rect: Rect::EVERYTHING,
            shape: Shape::Callback(whole),
            transform_after_tessellation: egui::emath::TSTransform::IDENTITY,
        }];
    }
}

/// All that is drawn in one frame.
struct Frame {
    primitives: Vec<ClippedPrimitive>,
    changes: Arc<Mutex<Changes>>,
    slices: OnceLock<Vec<Slice>>,
}

impl Kept {
    /// Takes in changed textures.
    fn take(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, changes: Changes) {
        for id in std::mem::replace(&mut self.to_free, changes.free) {
            self.textures.remove(&id);
        }
        for (id, delta) in changes.set {
            let ImageData::Color(image) = &delta.image;
            let [width, height] = image.size.map(|side| side as u32);
            let size = PixelSize::new(width, height);
            let kind = if id == TextureId::default() { Texture::Letters } else { Texture::Picture };
            let at = delta.pos.unwrap_or_default().map(|place| place as u32);
            if delta.pos.is_none() {
                self.textures.insert(id, self.meshes.texture(device, size, kind));
            }
            if let Some(texture) = self.textures.get(&id) {
                texture.write(queue, at, size, bytemuck::cast_slice(&image.pixels));
            }
        }
    }
}

impl CallbackTrait for Frame {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(kept) = resources.get_mut::<Kept>() {
            kept.take(device, queue, std::mem::take(&mut self.changes.lock()));
            let meshes: Vec<(&[u8], &[u8])> = self
                .primitives
                .iter()
                .filter_map(|clipped| match &clipped.primitive {
                    Primitive::Mesh(mesh) => {
                        Some((bytemuck::cast_slice(&mesh.vertices), bytemuck::cast_slice(&mesh.indices)))
                    }
                    Primitive::Callback(_) => None,
                })
                .collect();
            let points = screen.size_in_pixels.map(|side| side as f32 / screen.pixels_per_point);
            let slices = kept.meshes.upload(device, queue, points, &meshes);
            // A frame that is drawn again (a screenshot) lies where it lay.
            self.slices.get_or_init(|| slices);
        }
        let mut buffers = Vec::new();
        for clipped in &self.primitives {
            if let Primitive::Callback(callback) = &clipped.primitive
                && let Some(Own(drawing)) = callback.callback.downcast_ref::<Own>()
            {
                buffers.extend(drawing.prepare(device, queue, screen, encoder, resources));
            }
        }
        buffers
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let (Some(kept), Some(slices)) = (resources.get::<Kept>(), self.slices.get()) else { return };
        let mut slices = slices.iter();
        let [width, height] = info.screen_size_px;
        for clipped in &self.primitives {
            let slice = if matches!(clipped.primitive, Primitive::Mesh(_)) { slices.next() } else { None };
            let [x, y, across, down] = clip(clipped.clip_rect, info.pixels_per_point, info.screen_size_px);
            if across == 0 || down == 0 {
                continue;
            }
            pass.set_scissor_rect(x, y, across, down);
            match &clipped.primitive {
                Primitive::Mesh(mesh) => {
                    if let (Some(slice), Some(texture)) = (slice, kept.textures.get(&mesh.texture_id)) {
                        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
                        kept.meshes.draw(pass, slice, texture);
                    }
                }
                Primitive::Callback(callback) => {
                    paint_own(callback, clipped.clip_rect, &info, pass, resources);
                }
            }
        }
    }
}

fn paint_own(
    callback: &PaintCallback,
    clip_rect: Rect,
    screen: &PaintCallbackInfo,
    pass: &mut wgpu::RenderPass<'static>,
    resources: &CallbackResources,
) {
    let Some(Own(drawing)) = callback.callback.downcast_ref::<Own>() else { return };
    let info = PaintCallbackInfo {
        viewport: callback.rect,
        clip_rect,
        pixels_per_point: screen.pixels_per_point,
        screen_size_px: screen.screen_size_px,
    };
    let target = info.viewport_in_pixels();
    if target.width_px > 0 && target.height_px > 0 {
        let (left, top) = (target.left_px as f32, target.top_px as f32);
        pass.set_viewport(left, top, target.width_px as f32, target.height_px as f32, 0.0, 1.0);
        drawing.paint(info, pass, resources);
    }
}

/// Left, top, width and height in pixels of the part of the screen that is inside `rect`.
fn clip(rect: Rect, pixels_per_point: f32, [width, height]: [u32; 2]) -> [u32; 4] {
    let pixel = |points: f32, most: u32| ((points * pixels_per_point).round() as u32).min(most);
    let (left, top) = (pixel(rect.min.x, width), pixel(rect.min.y, height));
    let (right, bottom) = (pixel(rect.max.x, width), pixel(rect.max.y, height));
    [left, top, right.saturating_sub(left), bottom.saturating_sub(top)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn what_is_outside_the_screen_is_cut_off() {
        let rect = |a, b, c, d| Rect::from_min_max(pos2(a, b), pos2(c, d));
        assert_eq!(clip(rect(-5.0, 2.0, 10.0, 8.0), 2.0, [16, 100]), [0, 4, 16, 12]);
        assert_eq!(clip(rect(20.0, 0.0, 30.0, 8.0), 1.0, [16, 100]), [16, 0, 0, 8]);
        assert_eq!(clip(rect(9.0, 9.0, 3.0, 3.0), 1.0, [16, 100]), [9, 9, 0, 0]);
        assert_eq!(clip(Rect::EVERYTHING, 1.0, [16, 100]), [0, 0, 16, 100]);
    }
}
