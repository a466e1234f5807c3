//! Time courses: layer means and picked units against stimulus time, with the transport's cursor and the
//! stimulus's events. Click or drag to go to a time; scroll to see more or less of it.

use std::sync::Arc;

use egui::{Color32, Panel, RichText, Ui, vec2};
use egui_plot::{AxisHints, GridMark, Line, LineStyle, Plot, PlotPoints, VLine};

use super::inspector::unit_color;
use super::transport::scrub;
use crate::app::commands::WindowCommand as W;
use crate::app::state::Desk;
use crate::app::widgets::chips::{chip, small_chip};
use crate::app::{PerceptApp, shelf, theme};
use crate::figure::timecourse::{Choice, time_course_figure};
use crate::figure::{self, palette};
use crate::model::{ModelCard, Role};
use crate::readout::Unit;
use crate::readout::timecourse::Recording;
use crate::session::Snapshot;
use crate::session::segments::NETWORK_MARK;

/// Longest stretch of time that is shown at once, seconds.
const SPAN_S: f64 = 20.0;
/// Symbols, roles and axis titles of the curves.
const KINDS: [(&str, Role, &str, &str); 5] = [
    ("A", Role::Actual, "A", "Actual, layer mean"),
    ("Ahat", Role::Prediction, "Â", "Prediction, layer mean"),
    ("E", Role::Error, "E", "Error, layer mean"),
    ("R", Role::Representation, "R", "Representation, layer mean"),
    ("C", Role::Cell, "C", "Cell, layer mean"),
];

/// Shows the panel.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>, short: bool) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 8));
    let usual = (ui.ctx().content_rect().height() * 0.2).clamp(160.0, 360.0);
    let height = if app.ui.courses_height >= 112.0 { app.ui.courses_height } else { usual };
    // Two names: egui keeps the height of a panel by its name.
    let panel = Panel::bottom(if short { "time courses, short" } else { "time courses" }).frame(frame);
    let panel = if short {
        panel.resizable(false).exact_size(132.0)
    } else {
        panel.resizable(true).default_size(height).size_range(112.0..=520.0)
    };
    let shown = panel.show(ui, |ui| {
        // The plots take the room there is and never ask for more: a panel grows with what is in it.
        let room = ui.available_rect_before_wrap();
        let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(room));
        inside.shrink_clip_rect(room.expand(4.0));
        if let Some(snapshot) = snapshot {
            contents(app, &mut inside, snapshot);
        }
        ui.advance_cursor_after_rect(room);
    });
    if !short {
        app.ui.courses_height = shown.response.rect.height();
    }
}

fn contents(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.spacing_mut().item_spacing.y = 4.0;
    heads(app, ui, snapshot);
    let span = span(app, snapshot);
    let plots = gathered(app, snapshot, span.0);
    if plots.is_empty() {
        ui.label(RichText::new("Choose what to plot").weak());
        return;
    }
    let width = (ui.available_width() - 12.0 * (plots.len() as f32 - 1.0)) / plots.len() as f32;
    let height = ui.available_height();
    egui::ScrollArea::horizontal().id_salt("time courses").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for panel in plots.iter() {
                plot(app, ui, snapshot, panel, span, vec2(width.max(220.0), height));
            }
        });
    });
}

fn heads(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.label(theme::title("Time courses"));
        ui.add_space(8.0);
        for (symbol, role, label, about) in KINDS {
            if !snapshot.probes.iter().any(|probe| probe.role == role) {
                continue;
            }
            let on = app.ui.courses.iter().any(|shown| shown == symbol);
            let name = format!("Plot {label}");
            let dot = Some(theme::color(palette::of_role(role)));
            if chip(ui, on, label, &name, dot).on_hover_text(about).clicked() {
                if on {
                    app.ui.courses.retain(|shown| shown != symbol);
                } else {
                    app.ui.courses.push(symbol.to_owned());
                }
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let export = ui.button("Export plot…").on_hover_text(W::Export.tooltip());
            if export.clicked() {
                app.perform(ui.ctx(), W::Export);
            }
        });
    });
}

/// First and last time shown: the whole stimulus where it is short, else the stretch around now.
fn span(app: &PerceptApp, snapshot: &Snapshot) -> (f64, f64) {
    let now = app.desk.scrub_s.unwrap_or(snapshot.place.time_s);
    match snapshot.place.duration_s {
        Some(length) if length <= SPAN_S && length > 0.0 => (0.0, length),
        _ => {
            let to = now.max(SPAN_S * 0.25);
            ((to - SPAN_S).max(0.0), to)
        }
    }
}

/// What is plotted, and what it was gathered for: it is gathered again only when that has changed.
#[derive(Debug)]
pub(crate) struct Gathered {
    at: (u64, f64),
    courses: Vec<String>,
    picked: Vec<Unit>,
    panels: Arc<Vec<figure::Panel>>,
}

fn gathered(app: &mut PerceptApp, snapshot: &Snapshot, from_s: f64) -> Arc<Vec<figure::Panel>> {
    let at = (snapshot.sequence, from_s);
    let same = |known: &&Gathered| {
        known.at == at && known.courses == app.ui.courses && known.picked == app.desk.picked
    };
    if let Some(known) = app.desk.plotted.as_ref().filter(same) {
        return Arc::clone(&known.panels);
    }
    let panels = Arc::new(gather(app, snapshot, from_s));
    let (courses, picked) = (app.ui.courses.clone(), app.desk.picked.clone());
    app.desk.plotted = Some(Gathered { at, courses, picked, panels: Arc::clone(&panels) });
    panels
}

/// The panels of the figure that an export of these curves would draw, from `from_s` on.
fn gather(app: &PerceptApp, snapshot: &Snapshot, from_s: f64) -> Vec<figure::Panel> {
    let choice =
        Choice { window_s: Some((from_s, f64::INFINITY)), ..figure_choice(&app.ui.courses, snapshot) };
    let mut drawn = app.session.recording(|recording| {
        time_course_figure(recording, &snapshot.probes, &snapshot.provenance, "", &choice)
    });
    for panel in &mut drawn.panels {
        let marks = panel.marks.iter().filter(|mark| mark.label.starts_with(NETWORK_MARK));
        let changes: Vec<f64> = marks.map(|mark| mark.time_s).collect();
        panel.series.iter_mut().for_each(|series| part(series, &changes));
        panel.series.retain_mut(|series| keep_picked(&app.desk, series));
    }
    drawn.panels.retain(|panel| !panel.series.is_empty());
    drawn.panels
}

/// Units that are no longer picked go; the others are named and coloured as in the list of picked units.
fn keep_picked(desk: &Desk, series: &mut figure::Series) -> bool {
    let Ok(unit) = series.column.parse::<Unit>() else { return true };
    let Some(i) = desk.picked.iter().position(|known| *known == unit) else { return false };
    series.label = format!("{} {}", i + 1, unit.probe);
    series.color = unit_color(i);
    true
}

/// A gap before each of these times: another network answered from there on.
fn part(series: &mut figure::Series, at_s: &[f64]) {
    for &at_s in at_s {
        let first = series.points.partition_point(|point| point[0] < at_s - 1e-6);
        if first > 0 && first < series.points.len() {
            series.points.insert(first, [at_s, f64::NAN]);
        }
    }
}

/// The value of a grid line with as many decimals as its step needs.
pub(crate) fn rounded(mark: GridMark) -> String {
    let decimals = (-mark.step_size.log10().floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{:.decimals$}", mark.value);
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".to_owned() } else { text }
}

/// About `count` grid lines at round values between two bounds.
pub(crate) fn ticks(bounds: (f64, f64), count: f32) -> Vec<GridMark> {
    let (low, high) = bounds;
    let rough = (high - low) / f64::from(count.clamp(2.0, 8.0));
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step_size =
        [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(rough);
    let first = (low / step_size).ceil() as i64;
    let last = (high / step_size).floor() as i64;
    (first..=last.min(first + 16)).map(|i| GridMark { value: i as f64 * step_size, step_size }).collect()
}

/// Title and names of the curves; click a name to hide or show its curve.
fn legend(app: &mut PerceptApp, ui: &mut Ui, panel: &figure::Panel) {
    ui.horizontal(|ui| {
        ui.set_height(20.0);
        ui.spacing_mut().item_spacing.x = 2.0;
        let weak = theme::greys(ui).weak;
        let whole = panel.title.as_str();
        let short = whole.split([' ', '(']).next().unwrap_or_default();
        let title = if ui.available_width() < 420.0 { short } else { whole };
        ui.label(RichText::new(title).small().color(weak)).on_hover_text(whole);
        ui.add_space(6.0);
        let narrow = ui.available_width() < 260.0;
        for series in &panel.series {
            let (name, column) = (&series.label, &series.column);
            let words = if narrow { shortened(name) } else { name };
            let shown = !app.desk.hidden.contains(column);
            let accessible = format!("Curve {name}");
            if small_chip(ui, shown, words, &accessible, theme::ink(ui, series.color))
                .on_hover_text(format!("{name}: show or hide this curve"))
                .clicked()
            {
                if shown {
                    app.desk.hidden.insert(column.clone());
                } else {
                    app.desk.hidden.remove(column);
                }
            }
        }
    });
}

/// "A" for "A First light": the names of networks are long.
fn shortened(name: &str) -> &str {
    match name.split_once(' ') {
        Some((letter @ ("A" | "B"), rest)) if !rest.starts_with('E') => letter,
        _ => name,
    }
}

fn plot(
    app: &mut PerceptApp,
    ui: &mut Ui,
    snapshot: &Snapshot,
    panel: &figure::Panel,
    span: (f64, f64),
    size: egui::Vec2,
) {
    let greys = theme::greys(ui);
    let now = app.desk.scrub_s.unwrap_or(snapshot.place.time_s);
    let dark = ui.visuals().dark_mode;
    let title = panel.title.clone();
    let (room, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let layout = egui::Layout::top_down(egui::Align::Min);
    let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(room).layout(layout).id_salt(&title));
    let ui = &mut inside;
    ui.shrink_clip_rect(room.expand(2.0));
    ui.spacing_mut().item_spacing.y = 2.0;
    legend(app, ui, panel);
    let hidden = &app.desk.hidden;
    let shown_series = panel.series.iter().filter(|series| !hidden.contains(&series.column));
    let columns = (size.x * ui.ctx().pixels_per_point()) as usize;
    let lines: Vec<Line<'_>> = shown_series.flat_map(|series| lines_of(ui, series, span, columns)).collect();
    let shown = Plot::new(&title)
        .width(size.x)
        .height((size.y - 24.0).max(40.0))
        .show_background(false)
        .grid_color(greys.line)
        .cursor_color(greys.weak)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_scroll(false)
        .allow_zoom(egui::Vec2b::new(true, false))
        .set_margin_fraction(vec2(0.0, 0.12))
        .default_x_bounds(span.0, span.1)
        .auto_bounds(egui::Vec2b::new(false, true))
        .link_axis(egui::Id::unique("stimulus time"), egui::Vec2b::new(true, false))
        .link_cursor(egui::Id::unique("stimulus time"), egui::Vec2b::new(true, false))
        .x_axis_formatter(|mark, _| format!("{} s", rounded(mark)))
        .custom_y_axes(vec![
            AxisHints::new_y()
                .min_thickness(36.0)
                .label_spacing(egui::Rangef::new(4.0, 8.0))
                .formatter(|mark, _| rounded(mark)),
        ])
        .x_grid_spacer(move |grid| ticks(grid.bounds, size.x / 72.0))
        .y_grid_spacer(move |grid| ticks(grid.bounds, size.y / 40.0))
        .grid_spacing(egui::Rangef::new(2.0, 4.0))
        .show(ui, |plot| {
            plot.set_plot_bounds_x(span.0..=span.1);
            for line in lines {
                plot.line(line);
            }
            for mark in panel.marks.iter().filter(|mark| mark.time_s >= span.0 && mark.time_s <= span.1) {
                let line = VLine::new(mark.label.clone(), mark.time_s);
                plot.vline(
                    line.color(greys.weak).style(LineStyle::dashed_dense()).width(1.0).allow_hover(true),
                );
            }
            let ink = if dark { Color32::WHITE } else { Color32::BLACK };
            plot.vline(VLine::new("", now).color(ink.gamma_multiply(0.8)).width(1.0).allow_hover(false));
        });
    let response = shown.response;
    let name = format!("Time course, {title}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let held = response.is_pointer_button_down_on() || response.clicked() || response.dragged();
    let seekable = snapshot.source.as_ref().is_none_or(|source| source.seekable);
    let asked = response
        .interact_pointer_pos()
        .filter(|_| held && seekable)
        .map(|at| shown.transform.value_from_position(at).x.clamp(span.0, span.1));
    scrub(app, &response, asked, snapshot.sequence);
}

/// A series of the figure as lines of the plot, parted at values that are not finite.
fn lines_of(
    ui: &Ui,
    series: &figure::Series,
    span: (f64, f64),
    columns: usize,
) -> impl Iterator<Item = Line<'static>> {
    let second = series.color == palette::SECOND;
    let style = match series.style {
        // Two dashed curves in one plot are told apart by their dashes as well.
        figure::Style::Dashed if second => LineStyle::Dashed { length: 9.0 },
        figure::Style::Dashed => LineStyle::dashed_loose(),
        figure::Style::Line | figure::Style::Dots => LineStyle::Solid,
    };
    let (color, width) = (theme::ink(ui, series.color), if second { 2.0 } else { 1.5 });
    let parts = series.points.split(|point| !point[1].is_finite()).filter(|part| !part.is_empty());
    let parts: Vec<_> = parts.map(|part| thinned(part.to_vec(), span, columns)).collect();
    let name = series.label.clone();
    parts.into_iter().map(move |points| {
        Line::new(name.clone(), PlotPoints::from(points)).color(color).width(width).style(style)
    })
}

/// Where several points share a column of pixels, its lowest and highest: a line through them looks the same.
fn thinned(points: Vec<[f64; 2]>, span: (f64, f64), columns: usize) -> Vec<[f64; 2]> {
    if points.len() <= 2 * columns || columns == 0 {
        return points;
    }
    let column = |point: &[f64; 2]| ((point[0] - span.0) / (span.1 - span.0) * columns as f64).floor();
    let by_value = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
    let mut few = Vec::with_capacity(2 * columns + 2);
    for shared in points.chunk_by(|a, b| column(a) == column(b)) {
        let ends = (shared.iter().min_by(by_value), shared.iter().max_by(by_value));
        let (Some(low), Some(high)) = ends else { continue };
        let (first, last) = if low[0] <= high[0] { (low, high) } else { (high, low) };
        few.push(*first);
        if first[0] < last[0] {
            few.push(*last);
        }
    }
    few
}

/// What the exported figure shows: the kinds of curves that are plotted here.
pub(crate) fn figure_choice(courses: &[String], snapshot: &Snapshot) -> Choice {
    let shown = |symbol: &str| courses.iter().any(|known| known == symbol);
    let roles = KINDS.iter().filter(|kind| shown(kind.0)).map(|kind| kind.1).collect();
    let name = |card: &ModelCard| shelf::title(card).to_owned();
    let names = snapshot.second.as_ref().map(|second| [name(&snapshot.model), name(&second.model)]);
    Choice { roles, names, ..Choice::default() }
}

/// Columns that are recorded but not plotted here: curves hidden by name, units that are no longer picked.
pub(crate) fn hidden_columns(desk: &Desk, recording: &Recording) -> Vec<String> {
    let hidden = |column: &str, unit: Option<&Unit>| {
        desk.hidden.contains(column) || unit.is_some_and(|unit| !desk.picked.contains(unit))
    };
    let units: Vec<(&str, Unit)> = recording.unit_columns().collect();
    let unit_of = |column: &str| units.iter().find(|known| known.0 == column).map(|known| &known.1);
    recording.columns.iter().filter(|column| hidden(column, unit_of(column))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_left_out_of_the_figure() {
        let mut recording = Recording::default();
        let row: Vec<_> =
            ["e0", "e1", "r0[x1,y2]", "r1[x0,y0]", "e0[x3,y3]"].map(|n| (n.to_owned(), 1.0)).into();
        recording.append(0.0, 0, &row);
        let mut desk = Desk {
            picked: vec!["r0[x1,y2]".parse().unwrap(), "e0[x3,y3]".parse().unwrap()],
            ..Desk::default()
        };
        desk.hidden = ["e1".to_owned(), "e0[x3,y3]".to_owned()].into();
        assert_eq!(hidden_columns(&desk, &recording), ["e1", "r1[x0,y0]", "e0[x3,y3]"]);
    }

    #[test]
    fn a_curve_is_parted_where_another_network_came() {
        let points = (0..4).map(|i| [f64::from(i), 1.0]).collect();
        let mut series = figure::Series { points, ..figure::Series::default() };
        part(&mut series, &[0.0, 2.0, 9.0]);
        let parts: Vec<usize> =
            series.points.split(|point| !point[1].is_finite()).map(<[[f64; 2]]>::len).collect();
        assert_eq!(parts, [2, 2]);
    }

    #[test]
    fn a_thinned_curve_keeps_its_peaks_and_its_order() {
        let wave = |i: u32| [f64::from(i) / 100.0, if i == 777 { 5.0 } else { (f64::from(i) / 50.0).sin() }];
        let points: Vec<_> = (0..2000).map(wave).collect();
        let few = thinned(points.clone(), (0.0, 20.0), 100);
        assert!(few.len() <= 200 && few.len() >= 100, "{}", few.len());
        assert!(few.contains(&wave(777)));
        assert!(few.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        assert_eq!(thinned(points.clone(), (0.0, 20.0), 1000), points, "as many as there are pixels");
    }

    #[test]
    fn grid_lines_say_their_value() {
        let text = |value, step_size| rounded(GridMark { value, step_size });
        assert_eq!(text(0.5, 0.5), "0.5");
        assert_eq!(text(-0.0, 0.05), "0");
        assert_eq!(text(15.0, 5.0), "15");
        assert_eq!(text(0.003, 0.001), "0.003");
    }

    #[test]
    fn grid_lines_are_few_and_round() {
        let values = |low, high, count| ticks((low, high), count).iter().map(|t| t.value).collect::<Vec<_>>();
        assert_eq!(values(0.0, 1.0, 4.0), [0.0, 0.5, 1.0]);
        assert_eq!(values(-0.13, 0.1, 5.0), [-0.1, -0.05, 0.0, 0.05, 0.1]);
        assert!(values(f64::NAN, 1.0, 4.0).is_empty());
        assert!(values(1.0, 1.0, 4.0).is_empty());
        assert!(values(0.0, 1e12, 1000.0).len() <= 17);
    }
}
