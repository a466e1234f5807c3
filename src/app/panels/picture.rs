//! One picture with its title and what stands under it. All pictures share zoom, pan and pointer.

use egui::{Align, Layout, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::{pointer, stimulus};
use crate::app::commands::WindowCommand as W;
use crate::app::paint::Slot;
use crate::app::theme::ThemeChoice;
use crate::app::widgets::chips::chip;
use crate::app::widgets::colorbar::colorbar;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::{PerceptApp, maps, theme};
use crate::figure::palette;
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look};
use crate::model::{Probe, Role as ProbeRole};
use crate::session::Snapshot;

/// Narrowest head with room for the title and a button to save.
const SAVE_FROM: f32 = 96.0;

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

    const fn save(self) -> W {
        match self {
            Self::Actual => W::SaveActual,
            Self::Expected => W::SaveExpected,
            Self::Inspected => W::SaveMap,
        }
    }
}

/// Place of the probe that a picture stands for.
pub(crate) fn probe_of(app: &PerceptApp, snapshot: &Snapshot, cell: Cell) -> Option<usize> {
    let at = |role: ProbeRole| {
        move |probe: &Probe| {
            probe.layer == 0 && probe.role == role && (role == ProbeRole::Error || probe.is_picture())
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

/// Name of a probe for people: "Representation in layer 2".
pub(crate) fn title_of(probe: &Probe) -> String {
    match probe.role {
        role if probe.layer == 0 => role_name(role).to_owned(),
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
    let colormap =
        app.ui.colormap.unwrap_or_else(|| maps::colormap_of(probe, look, app.ui.theme == ThemeChoice::Dark));
    Some(Drawing { look, colormap, range, window: app.desk.lens.window(), smooth: app.ui.smooth })
}

/// Shows a picture in three rectangles: title, picture, foot.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, parts: [Rect; 3]) {
    let [head, body, foot] = parts;
    let at = probe_of(app, snapshot, cell);
    let probe = at.and_then(|at| snapshot.probes.get(at)).cloned();
    let response = body_ui(app, ui, snapshot, cell, body, at);
    if let Some(probe) = &probe {
        pointer::interact(app, ui, &response, probe, cell);
    }
    pointer::marks(app, ui, body, probe.as_ref());
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
        if strip >= SAVE_FROM {
            let save = cell.save();
            if sized(ui, Icon::Save, save.label(), &save.tooltip(), false, 22.0).clicked() {
                app.perform(ui.ctx(), save);
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
    let ground = painter.add(egui::Shape::Noop);
    let drawn = match cell {
        Cell::Actual if !app.ui.as_network => stimulus::show(app, ui, &painter, snapshot, rect),
        Cell::Actual | Cell::Expected => {
            let window = app.desk.lens.window();
            let picture = Drawing {
                look: Look::Picture,
                colormap: Colormap::Grey,
                range: [0.0, 1.0],
                window,
                smooth: app.ui.smooth,
            };
            let slot = if cell == Cell::Actual { Slot::Seen } else { Slot::Expected };
            maps::show(app, &painter, snapshot, rect, slot, at.map(|at| (at, picture)))
        }
        Cell::Inspected => {
            let drawing = at.and_then(|at| Some((at, inspected_drawing(app, snapshot, at)?)));
            maps::show(app, &painter, snapshot, rect, Slot::Enlarged, drawing)
        }
    };
    if !drawn {
        painter.set(ground, egui::Shape::rect_filled(rect, 2.0, theme::greys(ui).raised));
    }
    match cell {
        Cell::Actual => app.desk.stimulus_drawn = drawn,
        Cell::Expected => app.desk.prediction_drawn = drawn,
        Cell::Inspected => {}
    }
    if cell == Cell::Actual && app.ui.overlay {
        let at = snapshot.probes.iter().position(|p| p.layer == 0 && p.role == ProbeRole::Error);
        let drawing = at.and_then(|at| Some((at, overlay_drawing(app, snapshot, at)?)));
        maps::show(app, &painter, snapshot, rect, Slot::Overlay, drawing);
    }
    response
}

/// The pixel error, see-through where it is small; in the range of the enlarged map where that is the error.
fn overlay_drawing(app: &PerceptApp, snapshot: &Snapshot, at: usize) -> Option<Drawing> {
    let probe = snapshot.probes.get(at)?;
    let range = match app.desk.fixed_range {
        Some(range) if app.desk.inspected.is_none() => range,
        _ => maps::fixed_range(probe, Look::SignedError),
    };
    Some(Drawing {
        look: Look::SignedError,
        colormap: Colormap::Overlay,
        range,
        window: app.desk.lens.window(),
        smooth: app.ui.smooth,
    })
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
                let on = app.ui.overlay;
                let over =
                    chip(ui, on, "Error", W::Overlay.label(), None).on_hover_text(W::Overlay.tooltip());
                if over.clicked() {
                    app.perform(ui.ctx(), W::Overlay);
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
            let drawing = at.and_then(|at| inspected_drawing(app, snapshot, at));
            if let Some(drawing) = drawing.filter(|drawing| drawing.look != Look::Picture) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_says_which_is_better() {
        assert!(verdict(0.5, 1.0).contains("50 % less"));
        assert!(verdict(1.5, 1.0).contains("50 % more"));
        assert!(verdict(0.1, 0.0).contains("nothing moves"));
        assert!(verdict(f32::NAN, 1.0).contains("No prediction"));
    }
}
