//! What the pointer does in a picture: zoom, pan, hover, pick; the same place is marked in all of them.

use egui::{Align2, Rect, Response, Ui, vec2};

use super::picture::{Cell, probe_of};
use crate::app::{PerceptApp, maps, theme};
use crate::model::Probe;
use crate::readout::Unit;
use crate::session::{Command, Snapshot};

/// Zoom, pan, hover and pick.
/// Without a probe there is nothing to pick.
pub(super) fn interact(
    app: &mut PerceptApp,
    ui: &Ui,
    response: &Response,
    probe: Option<&Probe>,
    cell: Cell,
) {
    let rect = response.rect;
    let fraction = |p: egui::Pos2| [(p.x - rect.left()) / rect.width(), (p.y - rect.top()) / rect.height()];
    if response.double_clicked() && app.desk.lens.zoom() > 1.0 {
        app.desk.lens = crate::app::lens::Lens::default();
    } else if response.dragged() {
        let delta = response.drag_delta();
        app.desk.lens.pan([delta.x / rect.width(), delta.y / rect.height()]);
    }
    let Some(pointer) = response.hover_pos().or_else(|| response.interact_pointer_pos()) else { return };
    let frame = fraction(pointer);
    if response.hovered() {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = (scroll / 200.0).exp() * pinch;
        if (factor - 1.0).abs() > 1e-4 {
            app.desk.lens.zoom_about(frame, factor);
        }
    }
    let place = app.desk.lens.to_picture(frame);
    app.desk.pointer = Some(place);
    let Some(probe) = probe else { return };
    let channel = if cell == Cell::Inspected { maps::channel_of(app.desk.channel) } else { None };
    let unit = unit_at(probe, place, channel);
    if response.clicked() {
        app.toggle_pick(unit.clone());
    }
    app.desk.hover_next = Some(unit);
}

/// The unit at a place in 0..1 of a probe's map.
fn unit_at(probe: &Probe, place: [f32; 2], channel: Option<u32>) -> Unit {
    let at = |part: f32, side: u32| ((part * side as f32) as i64).clamp(0, i64::from(side.max(1)) - 1) as u32;
    Unit {
        probe: probe.name.clone(),
        channel,
        x: at(place[0], probe.size.width),
        y: at(place[1], probe.size.height),
    }
}

/// Picked units of this probe, and the pointer in every picture.
pub(super) fn marks(app: &PerceptApp, ui: &Ui, rect: Rect, probe: Option<&Probe>) {
    let painter = ui.painter_at(rect);
    let spot = |place: [f32; 2]| {
        let [x, y] = app.desk.lens.to_frame(place);
        rect.min + vec2(x * rect.width(), y * rect.height())
    };
    if let Some(probe) = probe {
        for (i, unit) in app.desk.picked.iter().enumerate().filter(|(_, unit)| unit.probe == probe.name) {
            let middle = [
                (unit.x as f32 + 0.5) / probe.size.width as f32,
                (unit.y as f32 + 0.5) / probe.size.height as f32,
            ];
            let at = spot(middle);
            painter.circle_stroke(at, 6.0, (3.0, egui::Color32::from_black_alpha(160)));
            painter.circle_stroke(at, 6.0, (1.5, theme::color(super::inspector::unit_color(i))));
            let font = egui::TextStyle::Small.resolve(ui.style());
            let side = at + vec2(10.0, 0.0);
            for (shift, ink) in
                [(vec2(1.0, 1.0), egui::Color32::BLACK), (vec2(0.0, 0.0), egui::Color32::WHITE)]
            {
                painter.text(side + shift, Align2::LEFT_CENTER, (i + 1).to_string(), font.clone(), ink);
            }
        }
    }
    if let Some(place) = app.desk.pointer_shown {
        let at = spot(place);
        let arm = vec2(7.0, 0.0);
        for (width, color) in [(3.0, egui::Color32::from_black_alpha(140)), (1.0, egui::Color32::WHITE)] {
            for side in [arm, -arm, arm.rot90(), -arm.rot90()] {
                painter.line_segment([at + side * 0.45, at + side], (width, color));
            }
        }
    }
}

/// Tells the worker which unit is under the pointer and which map is enlarged, where that changed.
pub(crate) fn send_interest(app: &mut PerceptApp, snapshot: &Snapshot) {
    let next = app.desk.hover_next.take();
    if next != app.desk.hover {
        app.desk.hover.clone_from(&next);
        app.session.send(Command::Hover(next));
    }
    app.desk.pointer_shown = app.desk.pointer;
    let at = probe_of(app, snapshot, Cell::Inspected);
    let wanted = at
        .and_then(|at| snapshot.probes.get(at))
        .map(|probe| (probe.name.clone(), maps::channel_of(app.desk.channel)));
    if wanted != app.desk.inspect_sent && app.session.send(Command::Inspect(wanted.clone())) {
        app.desk.inspect_sent = wanted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;
    use crate::units::PixelSize;

    #[test]
    fn every_place_in_a_picture_has_a_unit() {
        let size = PixelSize::new(80, 64);
        let (name, symbol) = ("e0".to_owned(), "E");
        let probe = Probe { name, symbol, layer: 0, role: Role::Error, channels: 6, size, signed: false };
        let at = |x, y| {
            let unit = unit_at(&probe, [x, y], Some(2));
            (unit.x, unit.y)
        };
        assert_eq!(at(0.0, 0.0), (0, 0));
        assert_eq!(at(0.5, 0.5), (40, 32));
        assert_eq!(at(1.0, 1.0), (79, 63));
        assert_eq!(at(-3.0, 9.0), (0, 63));
    }
}
