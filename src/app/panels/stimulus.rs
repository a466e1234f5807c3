//! The stimulus as a person sees it: an illusion at the screen's own resolution, a video at its own, placed so
//! that every spot lies over the same spot of the network's pictures.

use std::sync::Arc;

use egui::{Painter, Rect, Ui, pos2, vec2};

use crate::app::paint::Slot;
use crate::app::{PerceptApp, paint};
use crate::frame::Image;
use crate::gpu::raster::Program;
use crate::session::{OnShow, Snapshot};
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::{Illusion, Showing};
use crate::units::PixelSize;

/// The stimulus itself, sharp: an illusion at the screen's resolution, a video at its own; `false` while it
/// cannot be drawn yet.
pub(super) fn show(
    app: &mut PerceptApp,
    ui: &Ui,
    painter: &Painter,
    snapshot: &Snapshot,
    rect: Rect,
) -> bool {
    match &snapshot.on_show {
        OnShow::Nothing => false,
        OnShow::Picture(picture) => {
            if !app.has_gpu || picture.size.area() == 0 {
                return false;
            }
            let network = snapshot.probes.first().map_or(picture.size, |probe| probe.size);
            let (window, mirror) = (app.desk.lens.window(), snapshot.showing.mirror);
            let placing = Placing { network, fit: snapshot.fit, mirror, window };
            film(ui, painter, rect, picture, placing, Slot::Seen);
            true
        }
        OnShow::Illusion { illusion, program, showing, time_s } => {
            let place = &snapshot.place;
            let wall_s = ui.input(|input| input.time);
            let length = illusion.card.duration_s;
            let sequence = snapshot.sequence;
            let still = app.shield.is_still();
            let now_s = if still {
                *time_s
            } else {
                app.clock.time(sequence, *time_s, place.playing, place.speed, length, wall_s)
            };
            let Some(program) = app.programs.get(illusion, program.as_ref()) else { return false };
            let moves = !still && !program.is_still(&illusion.uniform_values(showing)) && place.playing;
            app.desk.moves |= moves;
            // Edges are softened by the illusion itself: while it moves, a processor need not do it twice.
            let samples = if moves && !app.own_pace { 1 } else { 2 };
            let window = app.desk.lens.window();
            let drawn = Drawn { illusion, showing, time_s: now_s, samples, window };
            sharp(ui, painter, rect, program, &drawn, Slot::Seen);
            true
        }
    }
}

/// An illusion as it is to be drawn.
pub(crate) struct Drawn<'a> {
    /// Which one.
    pub illusion: &'a Illusion,
    /// With which parameters.
    pub showing: &'a Showing,
    /// When.
    pub time_s: f64,
    /// Samples per pixel and side.
    pub samples: u32,
    /// Which part of it: left, top, right, bottom in 0..1.
    pub window: [f32; 4],
}

/// An illusion at the screen's own resolution.
pub(crate) fn sharp(
    ui: &Ui,
    painter: &Painter,
    rect: Rect,
    program: Arc<Program>,
    drawn: &Drawn<'_>,
    slot: Slot,
) {
    let scale = ui.ctx().pixels_per_point();
    let size = PixelSize::new(
        (rect.width() * scale).round().max(1.0) as u32,
        (rect.height() * scale).round().max(1.0) as u32,
    );
    let view = drawn.illusion.view(drawn.showing, size, drawn.time_s, drawn.samples);
    let params = drawn.illusion.uniform_values(drawn.showing);
    painter.add(paint::illusion(rect, slot, program, view, drawn.window, params));
}

/// How a picture lies over that of the network.
#[derive(Clone, Copy)]
pub(crate) struct Placing {
    /// Size of the network's picture.
    pub network: PixelSize,
    /// What happens to what does not fit.
    pub fit: Fit,
    /// Whether left and right are exchanged.
    pub mirror: bool,
    /// Which part is shown: left, top, right, bottom in 0..1.
    pub window: [f32; 4],
}

/// A picture of a video at its own resolution.
pub(crate) fn film(ui: &Ui, painter: &Painter, rect: Rect, picture: &Image, placing: Placing, slot: Slot) {
    let Placing { network, fit, mirror, window } = placing;
    let (target, uv) = placed(rect, window, picture.size, network, fit, mirror);
    if !target.contains_rect(rect) {
        painter.rect_filled(rect, 0.0, egui::Color32::from_gray(128));
    }
    let (target, uv) = visible(target, uv, rect);
    let window = [uv.left(), uv.top(), uv.right(), uv.bottom()];
    let across = target.width() * ui.ctx().pixels_per_point();
    painter.add(paint::picture(target, slot, picture.clone(), window, across));
}

/// Where a picture is drawn and which part of it, so that every spot lies over the same spot of the network's
/// picture.
fn placed(
    rect: Rect,
    window: [f32; 4],
    picture: PixelSize,
    network: PixelSize,
    fit: Fit,
    mirror: bool,
) -> (Rect, Rect) {
    let ratio = (picture.aspect() / network.aspect()) as f32;
    // The part of the frame that the picture covers (letterbox) or of the picture that fills it (crop).
    let (x, y) = if ratio > 1.0 { (1.0 / ratio, 1.0) } else { (1.0, ratio) };
    let centered = |w: f32, h: f32| Rect::from_center_size(pos2(0.5, 0.5), vec2(w, h));
    let (covered, used) = match fit {
        Fit::Crop => (centered(1.0, 1.0), centered(x, y)),
        Fit::Letterbox => (centered(y.min(1.0), x.min(1.0)), centered(1.0, 1.0)),
    };
    let [left, top, right, bottom] = window;
    let to_screen = |p: egui::Pos2| {
        pos2(
            rect.left() + (p.x - left) / (right - left) * rect.width(),
            rect.top() + (p.y - top) / (bottom - top) * rect.height(),
        )
    };
    let target = Rect::from_min_max(to_screen(covered.min), to_screen(covered.max));
    let uv = if mirror {
        Rect::from_min_max(pos2(used.right(), used.top()), pos2(used.left(), used.bottom()))
    } else {
        used
    };
    (target, uv)
}

/// What of a target lies inside `rect`, and which part of the picture is there.
fn visible(target: Rect, uv: Rect, rect: Rect) -> (Rect, Rect) {
    let inside = target.intersect(rect);
    let part = |p: egui::Pos2| {
        let at = (p - target.min) / target.size();
        uv.min + vec2(at.x * uv.width(), at.y * uv.height())
    };
    (inside, Rect::from_min_max(part(inside.min), part(inside.max)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

    #[test]
    fn a_wide_video_is_cropped_at_the_sides_or_boxed_above_and_below() {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 80.0));
        let (wide, network) = (PixelSize::new(200, 80), PixelSize::new(100, 80));
        let (target, uv) = placed(rect, WHOLE, wide, network, Fit::Crop, false);
        assert_eq!(target, rect);
        assert_eq!((uv.left(), uv.right(), uv.top(), uv.bottom()), (0.25, 0.75, 0.0, 1.0));
        let (target, uv) = placed(rect, WHOLE, wide, network, Fit::Letterbox, true);
        assert_eq!((target.top(), target.bottom()), (20.0, 60.0));
        assert_eq!((uv.left(), uv.right()), (1.0, 0.0));
    }

    #[test]
    fn only_the_part_inside_the_panel_is_drawn() {
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 80.0));
        let target = Rect::from_min_size(pos2(-90.0, 10.0), vec2(400.0, 80.0));
        let mirrored = Rect::from_min_max(pos2(1.0, 0.0), pos2(0.0, 1.0));
        let (inside, uv) = visible(target, mirrored, rect);
        assert_eq!(inside, rect);
        assert_eq!((uv.left(), uv.right(), uv.top(), uv.bottom()), (0.75, 0.5, 0.0, 1.0));
    }
}
