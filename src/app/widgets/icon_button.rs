//! A square button with an icon, named for screen readers and explained by a tooltip.

use egui::{Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::icon::{self, Icon};
use crate::app::commands::WindowCommand;
use crate::app::theme;

/// Side of the button in points.
const SIDE: f32 = 28.0;

/// Shows the button; `on` draws it as pressed.
pub(crate) fn icon_button(ui: &mut Ui, icon: Icon, label: &str, tooltip: &str, on: bool) -> Response {
    sized(ui, icon, label, tooltip, on, SIDE)
}

/// The button of a command: its label, its tooltip with keys.
pub(crate) fn command_button(ui: &mut Ui, icon: Icon, command: WindowCommand, on: bool) -> Response {
    icon_button(ui, icon, command.label(), &command.tooltip(), on)
}

/// The same with a side of its own.
pub(crate) fn sized(ui: &mut Ui, icon: Icon, label: &str, tooltip: &str, on: bool, side: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, label));
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let fill = if response.is_pointer_button_down_on() || on {
            greys.selected
        } else if response.hovered() || response.has_focus() {
            greys.hovered
        } else {
            egui::Color32::TRANSPARENT
        };
        ui.painter().rect_filled(rect, 6.0, fill);
        if response.has_focus() {
            let stroke = egui::Stroke::new(1.0, greys.strong);
            ui.painter().rect_stroke(rect, 6.0, stroke, egui::StrokeKind::Inside);
        }
        let ink = if on || response.hovered() { greys.strong } else { greys.text };
        icon::paint(ui.painter(), rect, icon, ink);
    }
    response.on_hover_text(tooltip)
}
