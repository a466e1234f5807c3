//! The whole window for a lecture: the stimulus alone, or with what the network expects beside it.

use egui::{Align2, CentralPanel, FontId, Rect, Ui, pos2, vec2};

use super::picture::{self, Cell};
use crate::app::state::Lecture;
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;

/// Height of a title, and of the line at the bottom.
const LINE: f32 = 34.0;
const GAP: f32 = 16.0;
/// Seconds for which the way out is told.
const HINT_S: f64 = 4.0;

/// Shows it in the place of everything else.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, lecture: Lecture) {
    CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
        let area = ui.max_rect();
        app.fill(ui.painter(), area, theme::greys(ui).ground);
        let aspect = snapshot.probes.first().map_or(1.25, |probe| probe.size.aspect()) as f32;
        let cells: &[Cell] =
            if lecture == Lecture::Both { &[Cell::Actual, Cell::Expected] } else { &[Cell::Actual] };
        let head = if lecture == Lecture::Both { LINE } else { 0.0 };
        let count = cells.len() as f32;
        let room = vec2((area.width() - GAP * (count + 1.0)) / count, area.height() - head - LINE);
        let room = if lecture == Lecture::Both { room } else { vec2(area.width(), area.height()) };
        let width = room.x.min(room.y * aspect).max(48.0).floor();
        let size = vec2(width, (width / aspect).floor());
        let left = area.center().x - (count * (width + GAP) - GAP) / 2.0;
        let top = area.center().y - size.y / 2.0;
        for (i, &cell) in cells.iter().enumerate() {
            let rect = Rect::from_min_size(pos2(left + i as f32 * (width + GAP), top), size);
            if head > 0.0 {
                let words = if cell == Cell::Actual { "What you see" } else { "What the network expects" };
                let at = rect.left_top() - vec2(0.0, LINE / 2.0);
                let font = FontId::new(17.0, theme::semibold());
                ui.painter().text(at, Align2::LEFT_CENTER, words, font, theme::greys(ui).strong);
            }
            picture::plain(app, ui, snapshot, cell, rect);
        }
        foot(app, ui, snapshot, area);
    });
}

/// Which condition it is, and at first how to leave.
fn foot(app: &PerceptApp, ui: &Ui, snapshot: &Snapshot, area: Rect) {
    let left_s = app.desk.lecture_since_s + HINT_S - ui.input(|input| input.time);
    let mut words = Vec::new();
    if snapshot.showing.control {
        words.push("Control");
    }
    if snapshot.showing.mirror {
        words.push("Mirrored");
    }
    if left_s > 0.0 {
        words.push("Esc leaves, every key works");
        ui.ctx().request_repaint_after_secs(left_s as f32 + 0.02);
    }
    if words.is_empty() {
        return;
    }
    let greys = theme::greys(ui);
    let font = FontId::new(14.0, egui::FontFamily::Proportional);
    let galley = ui.painter().layout_no_wrap(words.join("   "), font, greys.text);
    let ground = Rect::from_center_size(
        pos2(area.center().x, area.bottom() - LINE / 2.0),
        galley.size() + vec2(24.0, 8.0),
    );
    // Over the picture where that fills the screen.
    ui.painter().rect_filled(ground, 12.0, greys.panel.gamma_multiply(0.85));
    ui.painter().galley(ground.center() - galley.size() / 2.0, galley, greys.text);
}
