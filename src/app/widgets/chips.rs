//! A row of words of which one or several are on.

use egui::{Response, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::theme;

/// One word; `dot` puts a spot of colour before it.
pub(crate) fn chip(ui: &mut Ui, on: bool, label: &str, name: &str, dot: Option<egui::Color32>) -> Response {
    let greys = theme::greys(ui);
    let font = egui::TextStyle::Button.resolve(ui.style());
    let ink = if on { greys.strong } else { greys.weak };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, ink);
    let dot_width = if dot.is_some() { 14.0 } else { 0.0 };
    let size = vec2(galley.size().x + dot_width + 16.0, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, name));
    if ui.is_rect_visible(rect) {
        let fill = if on {
            greys.selected
        } else if response.hovered() || response.has_focus() {
            greys.hovered
        } else {
            greys.raised
        };
        ui.painter().rect_filled(rect, 12.0, fill);
        if let Some(color) = dot {
            let color = if on { color } else { color.gamma_multiply(0.45) };
            ui.painter().circle_filled(rect.left_center() + vec2(13.0, 0.0), 4.0, color);
        }
        let at = rect.left_center() + vec2(8.0 + dot_width, -galley.size().y / 2.0);
        ui.painter().galley(at, galley, ink);
    }
    response
}

/// A name in a legend: small, without a ground of its own.
pub(crate) fn small_chip(ui: &mut Ui, on: bool, label: &str, name: &str, color: egui::Color32) -> Response {
    let greys = theme::greys(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let ink = if on { greys.text } else { greys.weak };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 24.0, 20.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, name));
    if ui.is_rect_visible(rect) {
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 10.0, greys.raised);
        }
        let left = rect.left_center() + vec2(5.0, 0.0);
        let color = if on { color } else { color.gamma_multiply(0.3) };
        ui.painter().line_segment([left, left + vec2(9.0, 0.0)], (2.0, color));
        ui.painter().galley(left + vec2(13.0, -galley.size().y / 2.0), galley, ink);
    }
    response
}

/// A row of words of which exactly one is on; gives the one that was clicked.
pub(crate) fn one_of<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    current: T,
    choices: &[(T, &str)],
) -> Option<T> {
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for &(value, label) in choices {
            if chip(ui, value == current, label, &format!("{name}: {label}"), None).clicked() {
                chosen = Some(value);
            }
        }
    });
    chosen
}
