//! A row with a label at the left and a switch at the right; the whole row can be clicked.

use egui::{Response, Role, Sense, Ui, WidgetInfo, lerp, pos2, vec2};

use crate::app::theme;

/// Shows the row; the response is `clicked` when the switch is to change.
pub(crate) fn switch(ui: &mut Ui, on: bool, label: &str, keys: &str, tooltip: &str) -> Response {
    let size = vec2(ui.available_width(), 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, label));
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let painter = ui.painter_at(rect.expand(2.0));
        let ink = if on || response.hovered() { greys.strong } else { greys.text };
        let font = egui::TextStyle::Body.resolve(ui.style());
        let left = painter.text(rect.left_center(), egui::Align2::LEFT_CENTER, label, font, ink);
        let track =
            egui::Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(32.0, 18.0));
        if !keys.is_empty() {
            let small = egui::TextStyle::Small.resolve(ui.style());
            let at = pos2(left.right() + 8.0, rect.center().y);
            painter.text(at, egui::Align2::LEFT_CENTER, keys, small, greys.weak);
        }
        let how = ui.ctx().animate_bool_responsive(response.id, on);
        let off_fill = if response.hovered() { greys.selected } else { greys.hovered };
        let fill = off_fill.lerp_to_gamma(greys.strong, how);
        painter.rect_filled(track, 9.0, fill);
        if response.has_focus() {
            let stroke = egui::Stroke::new(1.0, greys.strong);
            painter.rect_stroke(track.expand(2.0), 11.0, stroke, egui::StrokeKind::Inside);
        }
        let knob = pos2(lerp((track.left() + 9.0)..=(track.right() - 9.0), how), track.center().y);
        painter.circle_filled(knob, 6.5, greys.weak.lerp_to_gamma(greys.panel, how));
    }
    response.on_hover_text(tooltip)
}
