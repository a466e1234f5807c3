//! The layer strip: one row per layer, one small map per probe. Click one to enlarge it.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::picture;
use crate::app::paint::Slot;
use crate::app::{PerceptApp, maps, theme};
use crate::figure::palette;
use crate::gpu::heat::{Drawing, Look};
use crate::model::{Probe, Role as ProbeRole};
use crate::session::Snapshot;

/// Columns of the strip with the paper's symbols.
const COLUMNS: [(ProbeRole, &str); 5] = [
    (ProbeRole::Actual, "A"),
    (ProbeRole::Prediction, "Â"),
    (ProbeRole::Error, "E"),
    (ProbeRole::Representation, "R"),
    (ProbeRole::Cell, "C"),
];
const HEAD: f32 = 20.0;
const LABEL: f32 = 64.0;
const GAP: f32 = 6.0;
/// Least and most height of a map.
const ROW: std::ops::RangeInclusive<f32> = 28.0..=160.0;

/// Number of layers.
pub(crate) fn rows(probes: &[Probe]) -> usize {
    probes.iter().map(|probe| probe.layer + 1).max().unwrap_or(1)
}

/// Height that the strip would like.
pub(crate) fn height(rows: usize) -> f32 {
    HEAD + rows as f32 * (96.0 + GAP)
}

/// Height of a map when the strip has this much room.
pub(crate) fn fit_row(room: f32, rows: usize) -> f32 {
    ((room - HEAD - 4.0) / rows.max(1) as f32 - GAP).floor().clamp(*ROW.start(), *ROW.end())
}

/// Shows the strip with maps of this height.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, row_height: f32) {
    let used: Vec<_> =
        COLUMNS.iter().filter(|(role, _)| snapshot.probes.iter().any(|p| p.role == *role)).collect();
    let aspect = snapshot.probes.first().map_or(1.25, |probe| probe.size.aspect()) as f32;
    let cell = vec2((row_height * aspect).round(), row_height);
    let rows = rows(&snapshot.probes);
    let size = vec2(LABEL + used.len() as f32 * (cell.x + GAP), HEAD + rows as f32 * (cell.y + GAP));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    heads(ui, rect, cell.x, &used);
    let greys = theme::greys(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    for layer in 0..rows {
        let y = rect.top() + HEAD + layer as f32 * (cell.y + GAP);
        let middle = y + cell.y / 2.0;
        let name = if layer == 0 { "Pixels".to_owned() } else { format!("Layer {layer}") };
        let in_layer = |probe: &&Probe| probe.layer == layer && probe.role != ProbeRole::Actual;
        let measure = snapshot.probes.iter().find(in_layer).map(|probe| probe.size.to_string());
        let two = row_height >= 34.0;
        let up = if two { 7.0 } else { 0.0 };
        let painter = ui.painter();
        painter.text(pos2(rect.left(), middle - up), Align2::LEFT_CENTER, name, font.clone(), greys.text);
        if let Some(text) = measure.filter(|_| two) {
            painter.text(
                pos2(rect.left(), middle + 7.0),
                Align2::LEFT_CENTER,
                text,
                font.clone(),
                greys.weak,
            );
        }
        for (column, (role, _)) in used.iter().enumerate() {
            let at = snapshot.probes.iter().position(|p| p.layer == layer && p.role == *role);
            if let Some(at) = at {
                let x = rect.left() + LABEL + column as f32 * (cell.x + GAP);
                map(app, ui, snapshot, at, Rect::from_min_size(pos2(x, y), cell));
            }
        }
    }
}

fn heads(ui: &Ui, rect: Rect, width: f32, used: &[&(ProbeRole, &str)]) {
    let greys = theme::greys(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    for (column, (role, symbol)) in used.iter().enumerate() {
        let x = rect.left() + LABEL + column as f32 * (width + GAP);
        let dot = pos2(x + 4.0, rect.top() + 8.0);
        ui.painter().circle_filled(dot, 3.5, theme::color(palette::of_role(*role)));
        let wide = width > 112.0;
        let words =
            if wide { format!("{symbol}  {}", picture::role_name(*role)) } else { (*symbol).to_owned() };
        ui.painter().text(dot + vec2(9.0, 0.0), Align2::LEFT_CENTER, words, font.clone(), greys.weak);
    }
}

/// How a small map is drawn: pictures as pictures, the rest between its own smallest and largest value.
fn drawing(probe: &Probe, stats: Option<&crate::readout::ProbeStats>, dark: bool) -> Drawing {
    let look = match maps::look_of(probe, maps::Channel::Auto) {
        Look::SignedError => Look::Mean,
        other => other,
    };
    let range = match (look, stats) {
        (Look::Picture, _) => [0.0, 1.0],
        (_, Some(stats)) if !probe.signed => {
            let high = if stats.max.is_finite() { stats.max } else { 1.0 };
            [0.0, high.max(1e-4)]
        }
        _ => maps::range_of(maps::RangeMode::PerFrame, probe, look, stats, None, None),
    };
    Drawing {
        look,
        colormap: maps::colormap_of(probe, look, dark),
        range,
        window: [0.0, 0.0, 1.0, 1.0],
        smooth: false,
    }
}

fn map(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, at: usize, rect: Rect) {
    let Some(probe) = snapshot.probes.get(at) else { return };
    let response = ui.interact(rect, ui.scope_id().with(&probe.name), Sense::click());
    let shown = picture::probe_of(app, snapshot, picture::Cell::Inspected) == Some(at);
    let name = format!("Map {}", probe.name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, shown, &name));
    let stats = snapshot.stats.get(at);
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let painter = ui.painter();
        let ground = painter.add(egui::Shape::Noop);
        let drawing = drawing(probe, stats, ui.visuals().dark_mode);
        if !maps::show(app, painter, snapshot, rect, Slot::Small(at), Some((at, drawing))) {
            painter.set(ground, egui::Shape::rect_filled(rect, 2.0, greys.raised));
        }
        if shown || response.hovered() || response.has_focus() {
            let color = if shown { greys.strong } else { greys.weak };
            painter.rect_stroke(rect.expand(2.0), 3.0, (1.5, color), egui::StrokeKind::Inside);
        }
    }
    if response.clicked() {
        app.desk.inspected = Some(probe.name.clone());
        app.desk.channel = maps::Channel::Auto;
        app.desk.fixed_range = None;
    }
    response.on_hover_ui(|ui| {
        ui.label(theme::title(picture::title_of(probe)));
        let plural = if probe.channels == 1 { "" } else { "s" };
        ui.label(format!("{} channel{plural} of {}", probe.channels, probe.size));
        if let Some(stats) = stats {
            let [mean, min, max] = [stats.mean, stats.min, stats.max].map(maps::short);
            ui.label(format!("mean {mean}; channel mean from {min} to {max}"));
        }
        ui.label(egui::RichText::new("Colours span this map's own range. Click to enlarge").weak());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_stay_between_thumb_and_stamp() {
        assert_eq!(fit_row(40.0, 4), 28.0);
        assert_eq!(fit_row(4000.0, 4), 160.0);
        assert!(fit_row(300.0, 4) * 4.0 + 20.0 <= 300.0);
    }
}
