//! The picture of an illusion: rendered once, and running while the pointer is on it.

use std::sync::Arc;

use egui::{Color32, Rect, Ui, pos2};

use crate::app::paint::{self, Slot};
use crate::app::{PerceptApp, theme};
use crate::gpu::canvas::WHOLE;
use crate::stimulus::illusion::{Illusion, Showing};
use crate::units::PixelSize;

/// Round corners.
const CORNER: f32 = 4.0;

/// Draws the picture into `rect`; `large` is for the page, `hovered` has it run.
pub(super) fn paint(
    app: &mut PerceptApp,
    ui: &Ui,
    rect: Rect,
    illusion: &Arc<Illusion>,
    large: bool,
    hovered: bool,
) {
    let painter = ui.painter();
    match app.programs.thumbnail(illusion, large) {
        Some(texture) => {
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            let shape = egui::epaint::RectShape::filled(rect, CORNER, Color32::WHITE);
            painter.add(shape.with_texture(texture, uv));
        }
        None => {
            painter.rect_filled(rect, CORNER, theme::greys(ui).hovered);
        }
    }
    // What flashes runs only where it was asked for, and nothing does where motion is to be reduced.
    if hovered && illusion.card.flash == "none" && !app.ui.reduced_motion {
        run(app, ui, rect, illusion);
    }
}

/// The illusion as it runs, at the screen's own resolution.
fn run(app: &mut PerceptApp, ui: &Ui, rect: Rect, illusion: &Arc<Illusion>) {
    let Some(program) = app.programs.get(illusion, None) else { return };
    let params = illusion.uniform_values(&Showing::default());
    if program.is_still(&params) {
        return;
    }
    app.desk.hover_moves = true;
    let scale = ui.ctx().pixels_per_point();
    let rect = Rect::from_min_max((rect.min * scale).round() / scale, (rect.max * scale).round() / scale);
    let size = PixelSize::new(
        (rect.width() * scale).round().max(1.0) as u32,
        (rect.height() * scale).round().max(1.0) as u32,
    );
    let time_s = ui.input(|input| input.time);
    let time_s = illusion.card.duration_s.map_or(time_s, |length_s| time_s.rem_euclid(length_s));
    let view = illusion.view(&Showing::default(), size, time_s, if app.own_pace { 2 } else { 1 });
    ui.painter().add(paint::illusion(rect, Slot::Hovered, program, view, WHOLE, params));
}
