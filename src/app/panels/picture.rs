//! One picture with its title and what stands under it. All pictures share zoom, pan and pointer.

use egui::{Align, Layout, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo};

use super::{believed, beside, pointer, stimulus, veil};
use crate::app::commands::WindowCommand as W;
use crate::app::paint::Slot;
use crate::app::theme::ThemeChoice;
use crate::app::widgets::chips::chip;
use crate::app::widgets::colorbar::colorbar;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::{PerceptApp, maps, shelf, theme};
use crate::figure::palette;
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look};
use crate::model::{Probe, Role as ProbeRole};
use crate::session::{Snapshot, Whose};

/// Narrowest head with room for the title and a button to save.
const SAVE_FROM: f32 = 96.0;

/// Which of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// What you see.
    Actual,
    /// What it expects.
    Expected,
    /// What the second network expects.
    Second,
    /// The error (the difference of two predictions, where two are compared), or another enlarged map.
    Inspected,
}

impl Cell {
    /// The pictures on show, from left to right.
    pub(crate) const fn shown(snapshot: &Snapshot) -> &'static [Self] {
        if snapshot.second.is_some() {
            &[Self::Actual, Self::Expected, Self::Second, Self::Inspected]
        } else {
            &[Self::Actual, Self::Expected, Self::Inspected]
        }
    }

    const fn name(self, whole: Whole) -> &'static str {
        match (self, whole) {
            (Self::Actual, _) => "What you see",
            (Self::Expected, Whole::Alone) => "What it expects",
            (Self::Expected, _) => "What A expects",
            (Self::Second, _) => "What B expects",
            (Self::Inspected, Whole::Difference) => "Difference, A minus B",
            (Self::Inspected, _) => "Enlarged map",
        }
    }

    const fn save(self) -> W {
        match self {
            Self::Actual => W::SaveActual,
            Self::Expected => W::SaveExpected,
            Self::Second => W::SaveSecond,
            Self::Inspected => W::SaveMap,
        }
    }
}

/// What the pictures are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// One network.
    Alone,
    /// Two networks, and the difference of their predictions.
    Difference,
    /// Two networks, and a map of the first that was enlarged.
    Enlarged,
}

impl Whole {
    /// What is shown now.
    pub(crate) const fn of(app: &PerceptApp, snapshot: &Snapshot) -> Self {
        match (&snapshot.second, &app.desk.inspected) {
            (None, _) => Self::Alone,
            (Some(_), None) => Self::Difference,
            (Some(_), Some(_)) => Self::Enlarged,
        }
    }
}

/// Place of the probe that a picture stands for; of the second network's probes for its prediction.
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
        Cell::Second => snapshot.second.as_ref()?.probes.iter().position(at(ProbeRole::Prediction)),
        Cell::Inspected => match &app.desk.inspected {
            _ if Whole::of(app, snapshot) == Whole::Difference => None,
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
    // Units are picked and measured in the first network.
    let probe = at.filter(|_| cell != Cell::Second).and_then(|at| snapshot.probes.get(at)).cloned();
    let response = body_ui(app, ui, snapshot, cell, body, at);
    pointer::interact(app, ui, &response, probe.as_ref(), cell);
    pointer::marks(app, ui, body, probe.as_ref());
    let mut head_ui =
        ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::left_to_right(Align::Center)));
    head_row(app, &mut head_ui, snapshot, cell, probe.as_ref());
    let mut foot_ui = ui.new_child(UiBuilder::new().max_rect(foot));
    foot_ui.shrink_clip_rect(foot);
    foot_row(app, &mut foot_ui, snapshot, cell, at);
}

/// The picture of a cell and nothing else.
pub(crate) fn plain(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, rect: Rect) {
    let at = probe_of(app, snapshot, cell);
    body_ui(app, ui, snapshot, cell, rect, at);
}

fn head_row(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, probe: Option<&Probe>) {
    let whole = Whole::of(app, snapshot);
    if cell == Cell::Inspected && whole == Whole::Difference {
        beside::dot(ui, palette::PREDICTION);
        beside::dot(ui, palette::SECOND);
    } else {
        let color = probe.map_or(palette::SECOND, |probe| palette::of_role(probe.role));
        beside::dot(ui, color);
    }
    let title = match (cell, probe) {
        (Cell::Expected, _) if whole != Whole::Alone => format!("A {}", shelf::title(&snapshot.model)),
        (Cell::Second, _) => beside::title(snapshot),
        (Cell::Inspected, _) if whole == Whole::Difference => "A − B".to_owned(),
        (Cell::Inspected, Some(probe)) => title_of(probe),
        (Cell::Actual, _) if ui.available_width() < 130.0 => "Seen".to_owned(),
        (Cell::Expected, _) if ui.available_width() < 130.0 => "Expected".to_owned(),
        _ => cell.name(whole).to_owned(),
    };
    let strip = ui.available_width();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if cell == Cell::Inspected && app.desk.inspected.is_some() {
            let (name, about) = if whole == Whole::Alone {
                ("Back to the error", "Show the error again")
            } else {
                ("Back to the difference", "Show the difference of the predictions again")
            };
            let back = sized(ui, Icon::Close, name, about, false, 22.0);
            if back.clicked() {
                app.desk.inspected = None;
                app.desk.channel = maps::Channel::Auto;
                app.desk.fixed_range = None;
            }
        }
        if cell == Cell::Second {
            beside::buttons(app, ui);
        }
        if cell == Cell::Inspected && whole == Whole::Difference && strip > 150.0 {
            beside::size(ui, snapshot);
        }
        // Beside the two buttons of the second network its name needs the room.
        if strip >= SAVE_FROM && (cell != Cell::Second || strip >= 190.0) {
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
    let whole = Whole::of(app, snapshot);
    let id = ui.scope_id().with(("picture", cell.name(whole)));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, cell.name(whole)));
    let painter = ui.painter_at(rect);
    let ground = painter.add(egui::Shape::Noop);
    let drawn = match cell {
        Cell::Actual if !app.ui.as_network => stimulus::show(app, ui, &painter, snapshot, rect),
        Cell::Actual | Cell::Expected | Cell::Second => {
            let window = app.desk.lens.window();
            let picture = Drawing {
                look: Look::Picture,
                colormap: Colormap::Grey,
                range: [0.0, 1.0],
                window,
                smooth: app.ui.smooth,
            };
            let (slot, whose) = match cell {
                Cell::Actual => (Slot::Seen, Whose::First),
                Cell::Second => (Slot::Second, Whose::Second),
                _ => (Slot::Expected, Whose::First),
            };
            let what = at.map(|at| (at, picture));
            maps::show_of(app, &painter, snapshot, rect, slot, whose, what)
        }
        Cell::Inspected if whole == Whole::Difference => {
            let at = probe_of(app, snapshot, Cell::Expected);
            let what = at.map(|at| (at, beside::drawing(app, snapshot)));
            maps::show_of(app, &painter, snapshot, rect, Slot::Enlarged, Whose::Difference, what)
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
        Cell::Second | Cell::Inspected => {}
    }
    if cell == Cell::Expected && app.ui.motion {
        believed::arrows(app, &painter, rect);
    }
    if cell == Cell::Actual && app.ui.overlay {
        let at = snapshot.probes.iter().position(|p| p.layer == 0 && p.role == ProbeRole::Error);
        let drawing = at.and_then(|at| Some((at, overlay_drawing(app, snapshot, at)?)));
        maps::show(app, &painter, snapshot, rect, Slot::Overlay, drawing);
    }
    veil::show(app, ui, snapshot, cell, rect);
    if cell == Cell::Actual {
        veil::keep_holding(app, ui);
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
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let motion = chip(ui, app.ui.motion, "Motion", W::Motion.label(), None);
                if motion.on_hover_text(W::Motion.tooltip()).clicked() {
                    app.perform(ui.ctx(), W::Motion);
                }
                // Where the number beside it would be cut off, there is still the menu.
                if app.ui.motion && ui.available_width() > 220.0 {
                    let corners = chip(ui, app.ui.corners, "Corners", W::Corners.label(), None);
                    if corners.on_hover_text(W::Corners.tooltip()).clicked() {
                        app.perform(ui.ctx(), W::Corners);
                    }
                }
                judged(ui, snapshot.squared_error);
            });
        }
        Cell::Second => {
            judged(ui, snapshot.second.as_ref().and_then(|second| second.squared_error));
        }
        Cell::Inspected if Whole::of(app, snapshot) == Whole::Difference => beside::bar(app, ui, snapshot),
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

/// How good a prediction is, with its numbers on hover.
fn judged(ui: &mut Ui, error: Option<(f32, f32)>) {
    if let Some((prediction, copy)) = error {
        ui.add(egui::Label::new(RichText::new(verdict(prediction, copy)).small().weak()).truncate())
            .on_hover_text(format!(
                "Mean squared error of this step: prediction {prediction:.5}, copying the last frame {copy:.5}"
            ));
    }
}

/// The prediction beside the simplest one, in words.
fn verdict(prediction: f32, copy: f32) -> String {
    if !prediction.is_finite() || !copy.is_finite() {
        return "No prediction yet".to_owned();
    }
    if copy <= 1e-9 {
        return format!("Nothing moves; error {prediction:.5}");
    }
    if prediction >= 2.0 * copy {
        return format!("{:.1} times the error of copying the last frame", prediction / copy);
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
        assert!(verdict(24.0, 1.0).starts_with("24.0 times the error of copying"));
        assert!(verdict(0.1, 0.0).contains("Nothing moves"));
        assert!(verdict(f32::NAN, 1.0).contains("No prediction"));
    }
}
