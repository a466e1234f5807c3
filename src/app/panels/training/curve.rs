//! The curves of a training: the prediction's error at the pixels and that of copying the last frame against frames,
//! and the learning rate under them. The pointer reads the values.

use egui::{Color32, Role, Ui, Vec2, Vec2b, WidgetInfo, vec2};
use egui_plot::{
    AxisHints, GridMark, HLine, Line, LineStyle, Plot, PlotBounds, PlotPoints, PlotResponse, Points, VLine,
};

use super::status::{grouped, rate};
use crate::app::panels::courses::{rounded, ticks};
use crate::app::training::Look;
use crate::app::widgets::chips::{one_of, small_chip};
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::train::view::{Point, View};

/// Height of the legend.
const HEAD: f32 = 28.0;
/// Height of the plot of the learning rate, and from which height of the whole on it is there.
const RATE: f32 = 54.0;
const WITH_RATE: f32 = 210.0;
/// Width of the numbers at the vertical axes, so that both plots begin at one place.
const AXIS: f32 = 56.0;
/// So many points at most are marked by dots.
const DOTS: usize = 40;

/// Shows the curves in a room of this size.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, view: &View, size: Vec2) {
    let height = size.y;
    let (room, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let layout = egui::Layout::top_down(egui::Align::Min);
    let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(room).layout(layout).id_salt("curves"));
    let ui = &mut inside;
    ui.shrink_clip_rect(room.expand(2.0));
    ui.spacing_mut().item_spacing.y = 2.0;
    if !view.points.is_empty() || view.state.is_going() {
        heads(app, ui);
    }
    let look = app.training.look;
    let under = if height >= WITH_RATE { RATE } else { 0.0 };
    if view.points.is_empty() {
        let words = if view.state.is_going() {
            "The curve begins with the first batches"
        } else {
            "There is no curve yet"
        };
        ui.centered_and_justified(|ui| ui.label(egui::RichText::new(words).weak()));
        return;
    }
    let shown = errors(ui, view, look, vec2(room.width(), height - HEAD - under));
    hover(&shown, view);
    let words = view.points.last().map_or_else(String::new, said);
    let name = format!("Training curve, {words}");
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    if under > 0.0 {
        let shown = rates(ui, view, vec2(room.width(), under));
        hover(&shown, view);
        shown.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Learning rate"));
    }
}

/// Legend and choices.
fn heads(app: &mut PerceptApp, ui: &mut Ui) {
    let look = &mut app.training.look;
    ui.horizontal(|ui| {
        ui.set_height(HEAD - 4.0);
        ui.spacing_mut().item_spacing.x = 4.0;
        let room = ui.available_width();
        if room > 560.0 {
            ui.label(theme::title(if look.ratio { "Error, of copying's" } else { "Error at the pixels" }));
        }
        let copying = if room > 460.0 { "Copying the last frame" } else { "Copying" };
        let names = [
            (palette::PREDICTION, "Prediction", "Mean error units of the pixels"),
            (palette::BASELINE, copying, "What copying would have given on the same frames"),
        ];
        for (color, name, about) in names {
            let color = theme::ink(ui, color);
            small_chip(ui, true, name, &format!("Legend: {name}"), color).on_hover_text(about);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let scales = [(true, "Log"), (false, "Linear")];
            look.log = one_of(ui, "Scale", look.log, &scales).unwrap_or(look.log);
            ui.add_space(8.0);
            let kinds = [(true, "Ratio"), (false, "Error")];
            look.ratio = one_of(ui, "Shown", look.ratio, &kinds).unwrap_or(look.ratio);
        });
    });
}

/// The value on the axis: its logarithm to base 10 on a logarithmic one.
fn on_axis(value: f64, log: bool) -> f64 {
    if log { value.max(1e-9).log10() } else { value }
}

fn errors(ui: &mut Ui, view: &View, look: Look, size: Vec2) -> PlotResponse<()> {
    let of = |value: fn(&Point) -> f64| -> Vec<[f64; 2]> {
        view.points.iter().map(|point| [point.frames as f64, on_axis(value(point), look.log)]).collect()
    };
    let (main, copying) = if look.ratio {
        (of(Point::ratio), None)
    } else {
        (of(|point| point.error), Some(of(|point| point.copy_error)))
    };
    let values = main.iter().chain(copying.iter().flatten()).map(|point| point[1]);
    let (low, high) = bounds(values.chain(look.ratio.then_some(on_axis(1.0, look.log))), look.log);
    let ink = |rgb| theme::ink(ui, rgb);
    let (ours, theirs) = (ink(palette::PREDICTION), ink(palette::BASELINE));
    let at = pointed(ui);
    let plot = plain(ui, "training curve", size)
        .custom_y_axes(vec![axis().formatter(move |mark, _| label(mark, look.log))])
        .y_grid_spacer(
            move |grid| {
                if look.log { decades(grid.bounds) } else { ticks(grid.bounds, size.y / 40.0) }
            },
        )
        .x_axis_formatter(|mark, _| frames(mark.value));
    let greys = theme::greys(ui);
    let shown = plot.show(ui, |plot| {
        plot.set_plot_bounds(PlotBounds::from_min_max([0.0, low], [last(view), high]));
        if let Some(copying) = copying {
            let line = Line::new("", PlotPoints::from(copying)).color(theirs).width(1.5);
            plot.line(line.style(LineStyle::dashed_dense()).allow_hover(false));
        } else {
            let line = HLine::new("", on_axis(1.0, look.log)).color(theirs).width(1.5);
            plot.hline(line.style(LineStyle::dashed_dense()).allow_hover(false));
        }
        // Few points would hardly be seen as a line, and one not at all.
        let marked =
            if main.len() <= DOTS { main.clone() } else { main.last().copied().into_iter().collect() };
        plot.line(Line::new("", PlotPoints::from(main)).color(ours).width(1.8).allow_hover(false));
        plot.points(Points::new("", marked).color(ours).radius(2.5).allow_hover(false));
        mark(plot, view, at, greys.strong);
    });
    remember(ui, &shown);
    shown
}

fn rates(ui: &mut Ui, view: &View, size: Vec2) -> PlotResponse<()> {
    let points: Vec<_> =
        view.points.iter().map(|point| [point.frames as f64, f64::from(point.rate)]).collect();
    let most = points.iter().map(|point| point[1]).fold(1e-12, f64::max);
    let greys = theme::greys(ui);
    let at = pointed(ui);
    let plot = plain(ui, "learning rate", size)
        .show_axes(Vec2b::new(false, true))
        .custom_y_axes(vec![axis().formatter(|mark, _| rate(mark.value as f32))])
        .y_grid_spacer(move |_| [0.0, most].map(|value| GridMark { value, step_size: most }).to_vec())
        .x_axis_formatter(|_, _| String::new());
    let weak = greys.weak;
    let shown = plot.show(ui, |plot| {
        plot.set_plot_bounds(PlotBounds::from_min_max([0.0, -0.12 * most], [last(view), 1.3 * most]));
        plot.line(Line::new("", PlotPoints::from(points)).color(weak).width(1.5).allow_hover(false));
        mark(plot, view, at, greys.strong);
    });
    // It is high at first: there is room under it.
    let place = shown.transform.frame().left_center() + vec2(8.0, 4.0);
    let font = egui::TextStyle::Small.resolve(ui.style());
    ui.painter().text(place, egui::Align2::LEFT_CENTER, "Learning rate", font, weak);
    remember(ui, &shown);
    shown
}

/// A plot that shows and does nothing else.
fn plain<'a>(ui: &Ui, name: &str, size: Vec2) -> Plot<'a> {
    let greys = theme::greys(ui);
    Plot::new(name)
        .width(size.x)
        .height(size.y)
        .show_background(false)
        .grid_color(greys.line)
        .show_crosshair(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .x_grid_spacer(move |grid| ticks(grid.bounds, size.x / 110.0))
        .grid_spacing(egui::Rangef::new(2.0, 4.0))
}

fn axis<'a>() -> AxisHints<'a> {
    AxisHints::new_y().min_thickness(AXIS).label_spacing(egui::Rangef::new(4.0, 8.0))
}

/// Right end of the axis of frames: a little after the last point.
fn last(view: &View) -> f64 {
    view.points.last().map_or(1.0, |point| 1.03 * point.frames.max(1) as f64)
}

/// Ends of the vertical axis for these values; a linear one begins at 0.
fn bounds(values: impl Iterator<Item = f64>, log: bool) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        (0.0, 1.0)
    } else if log {
        let margin = 0.08 * (high - low).max(0.2);
        (low - margin, high + margin)
    } else {
        (0.0, 1.08 * high.max(1e-9))
    }
}

/// Grid lines at round values between two logarithms: the closer, the less there is between them.
fn decades((low, high): (f64, f64)) -> Vec<GridMark> {
    let round: &[f64] = match high - low {
        span if span > 3.0 => &[1.0],
        span if span > 1.0 => &[1.0, 2.0, 5.0],
        _ => &[1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0],
    };
    let powers = (low.floor() as i32)..=(high.ceil() as i32).min(low.floor() as i32 + 12);
    let marks = powers.flat_map(|power| round.iter().map(move |m| m.log10() + f64::from(power)));
    marks
        .filter(|value| (low..=high).contains(value))
        .map(|value| GridMark { value, step_size: (high - low) / 4.0 })
        .collect()
}

fn label(mark: GridMark, log: bool) -> String {
    if !log {
        return rounded(mark);
    }
    let decimals = (1.0 - (mark.value + 1e-9).floor()).clamp(0.0, 9.0) as usize;
    let digits = format!("{:.decimals$}", 10_f64.powf(mark.value));
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
}

/// Frames in short: "250 k", "1.5 M".
fn frames(value: f64) -> String {
    let short = |value: f64| format!("{}", (value * 100.0).round() / 100.0);
    match value {
        _ if value >= 1e6 => format!("{} M", short(value / 1e6)),
        _ if value >= 1e4 => format!("{} k", short(value / 1e3)),
        _ => format!("{value:.0}"),
    }
}

/// Where the pointer is over one of the plots, in frames.
fn pointed(ui: &Ui) -> Option<f64> {
    ui.data(|data| data.get_temp(at_id())).flatten()
}

fn at_id() -> egui::Id {
    egui::Id::unique("frames under the pointer")
}

/// Keeps where the pointer is for both plots of the next frame.
fn remember(ui: &Ui, shown: &PlotResponse<()>) {
    let over = shown.response.hover_pos().map(|at| shown.transform.value_from_position(at).x);
    let id = at_id().with(shown.response.id);
    let was_here: bool = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    if over.is_some() || was_here {
        ui.data_mut(|data| {
            data.insert_temp(at_id(), over);
            data.insert_temp(id, over.is_some());
        });
    }
}

/// A line at the point that is read.
fn mark(plot: &mut egui_plot::PlotUi<'_>, view: &View, at: Option<f64>, ink: Color32) {
    if let Some(point) = at.and_then(|at| nearest(&view.points, at)) {
        let line = VLine::new("", point.frames as f64).color(ink.gamma_multiply(0.6)).width(1.0);
        plot.vline(line.allow_hover(false));
    }
}

/// Reads the values under the pointer.
fn hover(shown: &PlotResponse<()>, view: &View) {
    let at = shown.response.hover_pos().map(|at| shown.transform.value_from_position(at).x);
    if let Some(point) = at.and_then(|at| nearest(&view.points, at)) {
        shown.response.clone().on_hover_text_at_pointer(said(point).replace(": ", "\n").replace(", ", "\n"));
    }
}

fn said(point: &Point) -> String {
    format!(
        "{} frames: error {:.4}, copying {:.4}, ratio {:.2}, learning rate {}",
        grouped(point.frames),
        point.error,
        point.copy_error,
        point.ratio(),
        rate(point.rate)
    )
}

/// The point nearest to so many frames.
fn nearest(points: &[Point], frames: f64) -> Option<&Point> {
    let next = points.partition_point(|point| (point.frames as f64) < frames);
    let around = points.get(next.saturating_sub(1)..(next + 1).min(points.len()))?;
    let distance = |point: &&Point| (point.frames as f64 - frames).abs();
    around.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_reads_the_nearest_point() {
        let points: Vec<Point> =
            [10, 20, 40].map(|frames| Point { frames, error: 0.1, ..Point::default() }).to_vec();
        let read = |at: f64| nearest(&points, at).map(|point| point.frames);
        assert_eq!([0.0, 14.0, 16.0, 31.0, 99.0].map(read), [10, 10, 20, 40, 40].map(Some));
        assert_eq!(nearest(&[], 3.0), None);
    }

    #[test]
    fn a_logarithmic_axis_has_round_lines_and_says_values_not_logarithms() {
        let marks = decades((0.004_f64.log10(), 0.3_f64.log10()));
        let labels: Vec<_> = marks.iter().map(|mark| label(*mark, true)).collect();
        assert_eq!(labels, ["0.005", "0.01", "0.02", "0.05", "0.1", "0.2"]);
        let close = decades((0.55_f64.log10(), 2.2_f64.log10()));
        let labels: Vec<_> = close.iter().map(|mark| label(*mark, true)).collect();
        assert_eq!(labels, ["0.6", "0.8", "1", "1.5", "2"]);
    }

    #[test]
    fn a_linear_axis_begins_at_zero_and_every_value_is_inside() {
        assert_eq!(bounds([0.5, f64::NAN].into_iter(), false), (0.0, 0.54));
        let (low, high) = bounds([-1.0, 0.0].into_iter(), true);
        assert!(low < -1.0 && high > 0.0);
        assert_eq!(bounds(std::iter::empty(), true), (0.0, 1.0));
    }

    #[test]
    fn frames_are_short() {
        assert_eq!([0.0, 9500.0, 250_000.0, 1_500_000.0].map(frames), ["0", "9500", "250 k", "1.5 M"]);
    }
}
