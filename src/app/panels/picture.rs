//! One picture with its title and what stands under it. All pictures share zoom, pan and pointer.

use egui::{
    Align, Align2, Layout, Painter, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo,
};
use egui::{pos2, vec2};

use crate::app::commands::WindowCommand as W;
use crate::app::widgets::chips::chip;
use crate::app::widgets::colorbar::colorbar;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::{PerceptApp, maps, paint, theme};
use crate::figure::palette;
use crate::gpu::heat::{Drawing, Look};
use crate::gpu::raster::View;
use crate::model::{Probe, Role as ProbeRole};
use crate::readout::Unit;
use crate::session::{Command, OnShow, Snapshot};
use crate::stimulus::fit::Fit;
use crate::units::{FieldDeg, PixelSize};

/// Which of the three pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// What you see.
    Actual,
    /// What it expects.
    Expected,
    /// The error, or another enlarged map.
    Inspected,
}

impl Cell {
    const fn name(self) -> &'static str {
        match self {
            Self::Actual => "What you see",
            Self::Expected => "What it expects",
            Self::Inspected => "Enlarged map",
        }
    }
}

/// Place of the probe that a picture stands for.
pub(crate) fn probe_of(app: &PerceptApp, snapshot: &Snapshot, cell: Cell) -> Option<usize> {
    let at = |role: ProbeRole| {
        move |probe: &Probe| {
            probe.layer == 0 && probe.role == role && (role == ProbeRole::Error || probe.channels == 3)
        }
    };
    let find = |role| snapshot.probes.iter().position(at(role));
    match cell {
        Cell::Actual => find(ProbeRole::Actual),
        Cell::Expected => find(ProbeRole::Prediction),
        Cell::Inspected => match &app.desk.inspected {
            Some(name) => snapshot.probes.iter().position(|probe| probe.name == *name),
            None => find(ProbeRole::Error),
        },
    }
}

/// Name of a probe for people: "R · layer 2".
pub(crate) fn title_of(probe: &Probe) -> String {
    match probe.role {
        ProbeRole::Error if probe.layer == 0 => "Error".to_owned(),
        _ => format!("{} in layer {}", role_name(probe.role), probe.layer),
    }
}

/// Name of a role for people.
pub(crate) const fn role_name(role: ProbeRole) -> &'static str {
    match role {
        ProbeRole::Actual => "Actual",
        ProbeRole::Prediction => "Prediction",
        ProbeRole::Error => "Error",
        ProbeRole::Representation => "Representation",
        ProbeRole::Cell => "Cell",
    }
}

/// The enlarged map's colours and ends.
pub(crate) fn inspected_drawing(app: &PerceptApp, snapshot: &Snapshot, at: usize) -> Option<Drawing> {
    let probe = snapshot.probes.get(at)?;
    let look = maps::look_of(probe, app.desk.channel);
    let mode = app.ui.range_mode;
    let (stats, measured) = (snapshot.stats.get(at), snapshot.inspected.as_ref());
    let range = maps::range_of(mode, probe, look, stats, measured, app.desk.fixed_range);
    let colormap = app.ui.colormap.unwrap_or_else(|| maps::colormap_of(probe, look));
    Some(Drawing { look, colormap, range, window: app.desk.lens.window(), smooth: app.ui.smooth })
}

/// Shows a picture in three rectangles: title, picture, foot.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, parts: [Rect; 3]) {
    let [head, body, foot] = parts;
    let at = probe_of(app, snapshot, cell);
    let probe = at.and_then(|at| snapshot.probes.get(at)).cloned();
    let response = body_ui(app, ui, snapshot, cell, body, at);
    if let Some(probe) = &probe {
        interact(app, ui, &response, probe, cell);
    }
    marks(app, ui, body, probe.as_ref());
    let mut head_ui =
        ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::left_to_right(Align::Center)));
    head_row(app, &mut head_ui, snapshot, cell, probe.as_ref());
    let mut foot_ui = ui.new_child(UiBuilder::new().max_rect(foot));
    foot_ui.shrink_clip_rect(foot);
    foot_row(app, &mut foot_ui, snapshot, cell, at);
}

fn head_row(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, probe: Option<&Probe>) {
    let color = probe.map_or(palette::ACTUAL, |probe| palette::of_role(probe.role));
    let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
    ui.painter().circle_filled(dot.center(), 4.0, theme::color(color));
    let title = match (cell, probe) {
        (Cell::Inspected, Some(probe)) => title_of(probe),
        (Cell::Actual, _) if ui.available_width() < 130.0 => "Seen".to_owned(),
        (Cell::Expected, _) if ui.available_width() < 130.0 => "Expected".to_owned(),
        _ => cell.name().to_owned(),
    };
    let strip = ui.available_width();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if cell == Cell::Inspected && app.desk.inspected.is_some() {
            let back = sized(ui, Icon::Close, "Back to the error", "Show the error again", false, 22.0);
            if back.clicked() {
                app.desk.inspected = None;
                app.desk.channel = maps::Channel::Auto;
                app.desk.fixed_range = None;
            }
        }
        if let Some(value) = hovered(app, snapshot, probe)
            && strip > 190.0
        {
            ui.label(theme::number(value).weak());
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(theme::title(title)).truncate());
        });
    });
}

fn hovered(app: &PerceptApp, snapshot: &Snapshot, probe: Option<&Probe>) -> Option<String> {
    let (unit, probe) = (app.desk.hover.as_ref()?, probe?);
    if unit.probe != probe.name {
        return None;
    }
    let value = match &snapshot.hovered {
        Some((known, value)) if known == unit => format!(" {}", maps::short(*value)),
        _ => String::new(),
    };
    Some(format!("{},{}{value}", unit.x, unit.y))
}

fn body_ui(
    app: &mut PerceptApp,
    ui: &mut Ui,
    snapshot: &Snapshot,
    cell: Cell,
    rect: Rect,
    at: Option<usize>,
) -> Response {
    let id = ui.scope_id().with(("picture", cell.name()));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, cell.name()));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 2.0, theme::greys(ui).raised);
    match cell {
        Cell::Actual if !app.ui.as_network => stimulus(app, ui, &painter, snapshot, rect),
        Cell::Actual | Cell::Expected => {
            let window = app.desk.lens.window();
            let picture = Drawing {
                look: Look::Picture,
                colormap: crate::gpu::colormap::Colormap::Grey,
                range: [0.0, 1.0],
                window,
                smooth: app.ui.smooth,
            };
            tensor(app, &painter, snapshot, rect, at, picture);
        }
        Cell::Inspected => {
            if let Some(drawing) = at.and_then(|at| inspected_drawing(app, snapshot, at)) {
                tensor(app, &painter, snapshot, rect, at, drawing);
            }
        }
    }
    response
}

fn tensor(
    app: &PerceptApp,
    painter: &Painter,
    snapshot: &Snapshot,
    rect: Rect,
    at: Option<usize>,
    drawing: Drawing,
) {
    if app.has_gpu
        && let Some(view) = at.and_then(|at| snapshot.views.get(at))
    {
        painter.add(paint::tensor(rect, view.clone(), drawing));
    }
}

/// The stimulus itself, sharp: an illusion at the screen's resolution, a video at its own.
fn stimulus(app: &mut PerceptApp, ui: &Ui, painter: &Painter, snapshot: &Snapshot, rect: Rect) {
    match &snapshot.on_show {
        OnShow::Nothing => {}
        OnShow::Picture(picture) => {
            let Some(texture) = app.picture.get(ui.ctx(), picture) else { return };
            let network = snapshot.probes.first().map_or(picture.size, |probe| probe.size);
            let window = app.desk.lens.window();
            let (target, uv) =
                placed(rect, window, picture.size, network, snapshot.fit, snapshot.showing.mirror);
            let grey = egui::Color32::from_gray(128);
            painter.rect_filled(rect, 0.0, grey);
            painter.image(texture, target, uv, egui::Color32::WHITE);
        }
        OnShow::Illusion { illusion, showing, time_s } => {
            let place = &snapshot.place;
            let wall_s = ui.input(|input| input.time);
            let length = illusion.card.duration_s;
            let sequence = snapshot.sequence;
            let time_s = app.clock.time(sequence, *time_s, place.playing, place.speed, length, wall_s);
            let Some(program) = app.programs.get(illusion) else { return };
            let scale = ui.ctx().pixels_per_point();
            let size = PixelSize::new(
                (rect.width() * scale).round().max(1.0) as u32,
                (rect.height() * scale).round().max(1.0) as u32,
            );
            let field = FieldDeg::of(size, illusion.card.field_deg);
            let view = zoomed(
                app.desk.lens.window(),
                View {
                    size,
                    field,
                    time_s,
                    mirror: showing.mirror,
                    jitter_deg: [0.0; 2],
                    seed: showing.seed,
                    samples: 2,
                },
            );
            let params = illusion.uniform_values(showing);
            painter.add(paint::illusion(rect, program, app.format, view, params));
        }
    }
}

/// A view of a part of the field: smaller, and shifted so that the part's middle is in the middle.
fn zoomed(window: [f32; 4], view: View) -> View {
    let [left, top, right, bottom] = window.map(f64::from);
    let (width, height) = (view.field.width_deg, view.field.height_deg);
    let right_deg = (f64::midpoint(left, right) - 0.5) * width;
    let up_deg = (0.5 - f64::midpoint(top, bottom)) * height;
    View {
        field: FieldDeg { width_deg: width * (right - left), height_deg: height * (bottom - top) },
        jitter_deg: [-right_deg as f32, -up_deg as f32],
        ..view
    }
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

/// Zoom, pan, hover and pick.
fn interact(app: &mut PerceptApp, ui: &Ui, response: &Response, probe: &Probe, cell: Cell) {
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
    let channel = if cell == Cell::Inspected { maps::channel_of(app.desk.channel) } else { None };
    let unit = unit_at(probe, place, channel);
    if response.clicked() {
        app.toggle_pick(unit.clone());
    }
    app.desk.hover_next = Some(unit);
}

/// The unit at a place in 0..1 of a probe's map.
pub(crate) fn unit_at(probe: &Probe, place: [f32; 2], channel: Option<u32>) -> Unit {
    let at = |part: f32, side: u32| ((part * side as f32) as i64).clamp(0, i64::from(side.max(1)) - 1) as u32;
    Unit {
        probe: probe.name.clone(),
        channel,
        x: at(place[0], probe.size.width),
        y: at(place[1], probe.size.height),
    }
}

/// Picked units of this probe, and the pointer in every picture.
fn marks(app: &PerceptApp, ui: &Ui, rect: Rect, probe: Option<&Probe>) {
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

fn foot_row(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, at: Option<usize>) {
    match cell {
        Cell::Actual => {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let on = app.ui.as_network;
                let label = if ui.available_width() > 230.0 { "As the network sees it" } else { "Network" };
                let view = chip(ui, on, label, W::Sharp.label(), None).on_hover_text(W::Sharp.tooltip());
                if view.clicked() {
                    app.perform(ui.ctx(), W::Sharp);
                }
                let zoom = app.desk.lens.zoom();
                if zoom > 1.01
                    && chip(ui, false, &format!("{zoom:.1}×"), W::ResetView.label(), None).clicked()
                {
                    app.perform(ui.ctx(), W::ResetView);
                }
            });
        }
        Cell::Expected => {
            if let Some((prediction, copy)) = snapshot.squared_error {
                ui.add(egui::Label::new(RichText::new(verdict(prediction, copy)).small().weak()).truncate())
                    .on_hover_text(format!(
                        "Mean squared error of this step: prediction {prediction:.5}, copying the last frame {copy:.5}"
                    ));
            }
        }
        Cell::Inspected => {
            if let Some(drawing) = at.and_then(|at| inspected_drawing(app, snapshot, at)) {
                let ends = if drawing.look == Look::SignedError {
                    ["predicted too bright", "predicted too dark"]
                } else {
                    ["", ""]
                };
                let ends = if ui.available_width() < 340.0 { ["", ""] } else { ends };
                colorbar(ui, drawing.colormap, drawing.range, ends);
            }
        }
    }
}

/// The prediction beside the simplest one, in words.
fn verdict(prediction: f32, copy: f32) -> String {
    if !prediction.is_finite() || !copy.is_finite() {
        return "No prediction yet".to_owned();
    }
    if copy <= 1e-9 {
        return format!("Squared error {prediction:.5}; nothing moves");
    }
    let part = 100.0 * (1.0 - prediction / copy);
    if part >= 0.0 {
        format!("{part:.0} % less error than copying the last frame")
    } else {
        format!("{:.0} % more error than copying the last frame", -part)
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
    fn a_part_of_an_illusion_is_a_smaller_field_shifted() {
        let view = View {
            size: PixelSize::new(100, 80),
            field: FieldDeg { width_deg: 20.0, height_deg: 16.0 },
            time_s: 0.0,
            mirror: false,
            jitter_deg: [0.0; 2],
            seed: 0,
            samples: 1,
        };
        assert_eq!(zoomed(WHOLE, view), view);
        let part = zoomed([0.5, 0.0, 1.0, 0.5], view);
        assert_eq!((part.field.width_deg, part.field.height_deg), (10.0, 8.0));
        assert_eq!(part.jitter_deg, [-5.0, -4.0]);
    }

    #[test]
    fn the_verdict_says_which_is_better() {
        assert!(verdict(0.5, 1.0).contains("50 % less"));
        assert!(verdict(1.5, 1.0).contains("50 % more"));
        assert!(verdict(0.1, 0.0).contains("nothing moves"));
        assert!(verdict(f32::NAN, 1.0).contains("No prediction"));
    }
}
