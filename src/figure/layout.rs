//! Where everything of a figure goes on the sheet, in points from the top left.
//!
//! All panels share their left and right edge. Names of series stand to the right of the axes at the height
//! where their curves end, pushed apart until none touches another; where there are too many, they stand in
//! rows under the axes.

use crate::figure::paper::PaperSize;
use crate::figure::text::{Weight, elide, width, wrap};
use crate::figure::ticks::Ticks;
use crate::figure::{Axis, Figure, Panel, legend};

/// A rectangle in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Width.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// A panel made ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct PanelLayout {
    /// The area between the axes.
    pub plot: Rect,
    /// Values at the left and right edge.
    pub x_range: (f64, f64),
    /// Values at the lower and upper edge.
    pub y_range: (f64, f64),
    /// Ticks of the horizontal axis.
    pub x_ticks: Ticks,
    /// Ticks of the vertical axis.
    pub y_ticks: Ticks,
    /// Whether numbers and title of the horizontal axis are drawn (not where the panel below has the same).
    pub shows_x: bool,
    /// Baseline of the heading.
    pub heading_y: f64,
    /// Lines of the vertical axis' title.
    pub y_title: Vec<String>,
    /// Baseline of the last of them.
    pub y_title_x: f64,
    /// Labels of events over the axes.
    pub marks: Vec<legend::Placed>,
    /// Names of the series.
    pub names: Vec<legend::Placed>,
    /// Whether the names stand under the axes and not beside them.
    pub names_below: bool,
}

/// A figure made ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Width and height of the sheet.
    pub size: (f64, f64),
    /// Size of labels.
    pub font: f64,
    /// Size of notes.
    pub small: f64,
    /// Lines of the title.
    pub title: Vec<String>,
    /// Panels from top to bottom.
    pub panels: Vec<PanelLayout>,
    /// Most lines of a vertical axis' title.
    pub y_title_lines: usize,
    /// Lines of the notes, then of the provenance.
    pub footer: Vec<String>,
    /// Baseline of the first line of the footer.
    pub footer_y: f64,
}

/// Distance of everything from the edge of the sheet.
pub const MARGIN: f64 = 5.0;
/// Distance between baselines over the type size.
pub const LINE: f64 = 1.32;
/// Length of a tick.
pub const TICK: f64 = 2.6;

impl Layout {
    /// Lays out `figure` on a sheet of `size`.
    #[must_use]
    pub fn new(figure: &Figure, size: PaperSize) -> Self {
        let size = size.clamped();
        let (width_pt, height_pt) = size.points();
        let font = size.font_pt;
        let mut layout = Self {
            size: (width_pt, height_pt),
            font,
            small: (font * 0.8).max(font.min(5.0)),
            y_title_lines: 1,
            title: limited(wrapped(&figure.title, width_pt - 2.0 * MARGIN, font * 1.25, Weight::SemiBold), 2),
            ..Self::default()
        };
        layout.panels = figure.panels.iter().map(ranges).collect();
        // Rough: the heights of the plots depend on what stands under them, and that on the ticks.
        let target = height_pt * 0.6 / figure.panels.len().max(1) as f64 / (font * 2.0);
        for placed in &mut layout.panels {
            let (low, high) = placed.y_range;
            placed.y_ticks = Ticks::new(low, high, target.clamp(2.0, 6.0) as usize);
        }
        share_x(figure, &mut layout.panels);
        layout.footer = layout.footer_lines(figure);
        for (panel, placed) in figure.panels.iter().zip(&mut layout.panels) {
            placed.names_below = legend::column_width(panel, font) > width_pt * 0.3;
        }
        layout.place(figure);
        // Each time something moves for good, so this ends.
        while layout.makes_room(figure) {
            layout.place(figure);
        }
        layout
    }

    /// What turns out too high or too long for its place gets another; whether anything did.
    fn makes_room(&mut self, figure: &Figure) -> bool {
        let mut moved = false;
        for (panel, placed) in figure.panels.iter().zip(&mut self.panels) {
            let too_high = legend::column_height(panel, self.font) > placed.plot.height() + self.font;
            moved |= too_high && !placed.names_below;
            placed.names_below |= too_high;
            if placed.y_title.len() > self.y_title_lines {
                self.y_title_lines = placed.y_title.len();
                moved = true;
            }
        }
        moved
    }

    /// Notes and provenance, cut so that two thirds of the sheet stay for the panels.
    fn footer_lines(&self, figure: &Figure) -> Vec<String> {
        let room = self.size.0 - 2.0 * MARGIN;
        let most = ((self.size.1 / 3.0) / (self.small * LINE)) as usize;
        let wrap_small = |text: &str| wrapped(text, room, self.small, Weight::Regular);
        let made_by = limited(wrap_small(&provenance_line(figure)), most.min(2));
        let notes = figure.notes.iter().flat_map(|note| wrap_small(note)).collect();
        let mut lines = limited(notes, most.saturating_sub(made_by.len()));
        lines.extend(made_by);
        lines
    }

    fn place(&mut self, figure: &Figure) {
        let (font, (sheet_width, sheet_height)) = (self.font, self.size);
        let beside = figure.panels.iter().zip(&self.panels).filter(|(_, placed)| !placed.names_below);
        let names = beside.map(|(panel, _)| legend::column_width(panel, font)).fold(font * 0.8, f64::max);
        let (title_x, gutter) = self.left_gutter();
        let left = MARGIN + gutter;
        let right = (sheet_width - MARGIN - names).max(left + font);
        let footer = self.footer.len() as f64 * self.small * LINE;
        let top = MARGIN + self.title.len() as f64 * font * (1.25 * LINE + 0.3);
        self.footer_y = sheet_height - MARGIN - footer + self.small;

        let extras: Vec<_> = (0..figure.panels.len()).map(|i| self.extras(figure, i, right - left)).collect();
        let taken: f64 = extras.iter().map(|extra| extra.above + extra.below).sum();
        let space = sheet_height - MARGIN - footer - top - if footer > 0.0 { font * 0.5 } else { 0.0 };
        let each = ((space - taken) / figure.panels.len().max(1) as f64).max(font * 2.0);
        let mut y = top;
        for ((panel, placed), extra) in figure.panels.iter().zip(&mut self.panels).zip(extras) {
            placed.heading_y = y + font * 1.1;
            let plot = Rect { left, top: y + extra.above, right, bottom: y + extra.above + each };
            placed.plot = plot;
            let target = (plot.width() / (font * 6.0)).clamp(2.0, 8.0);
            placed.x_ticks = Ticks::new(placed.x_range.0, placed.x_range.1, target as usize);
            let title = axis_title(&panel.y, &placed.y_ticks);
            placed.y_title =
                limited(wrapped(&title, plot.height().max(4.0 * font), font, Weight::Regular), 2);
            placed.y_title_x = MARGIN + title_x;
            placed.y_ticks = thinned(&placed.y_ticks, placed.y_range, plot.height() / (font * LINE));
            placed.marks = Vec::new();
            if extra.mark_rows > 0 {
                placed.marks = legend::place_marks(panel, plot, placed.x_range, font);
            }
            placed.names = if placed.names_below {
                legend::place_below(panel, plot, plot.bottom + TICK + x_axis(placed, font), font)
            } else {
                legend::place_beside(panel, plot, placed.x_range, placed.y_range, font)
            };
            y = plot.bottom + extra.below;
        }
    }

    /// Baseline of the vertical axes' titles, and room for them and the numbers.
    fn left_gutter(&self) -> (f64, f64) {
        let numbers = self.panels.iter().flat_map(|placed| {
            let labels = placed.y_ticks.values.iter().map(|&value| placed.y_ticks.label(value));
            labels.map(|label| f64::from(width(&label, self.font as f32, Weight::Regular)))
        });
        let titles = self.y_title_lines as f64 * self.font * LINE;
        (titles - self.font * 0.3, titles + numbers.fold(self.font, f64::max) + TICK + 2.0 + self.font * 0.3)
    }

    fn extras(&self, figure: &Figure, index: usize, plot_width: f64) -> Extra {
        let (Some(panel), Some(placed)) = (figure.panels.get(index), self.panels.get(index)) else {
            return Extra::default();
        };
        let font = self.font;
        // Events that the panel above names already are not named again.
        let named = index > 0 && figure.panels.get(index - 1).is_some_and(|above| above.marks == panel.marks);
        let across = Rect { right: plot_width, ..Rect::default() };
        let mark_rows = if named { 0 } else { legend::mark_rows(panel, across, placed.x_range, font) };
        let heading = if panel.title.is_empty() && figure.panels.len() < 2 { 0.4 } else { 1.75 };
        let names = if placed.names_below { legend::rows_below(panel, plot_width, font) as f64 } else { 0.0 };
        Extra {
            above: font * (heading + mark_rows as f64 * 1.15),
            below: TICK + x_axis(placed, font) + names * font * LINE + font * 0.7,
            mark_rows,
        }
    }
}

/// Height of the numbers and the title under a horizontal axis.
fn x_axis(placed: &PanelLayout, font: f64) -> f64 {
    if placed.shows_x { font * LINE * 2.1 } else { 0.0 }
}

/// What a panel needs over and under its plot.
#[derive(Clone, Copy, Debug, Default)]
struct Extra {
    above: f64,
    below: f64,
    mark_rows: usize,
}

/// "Mean activity (10⁻³ a.u.)"
#[must_use]
pub fn axis_title(axis: &Axis, ticks: &Ticks) -> String {
    let factor = ticks.factor().replace('×', "");
    let unit = [factor.as_str(), axis.unit.as_str()].join(" ").trim().to_owned();
    Axis { label: axis.label.clone(), unit, range: None }.title()
}

/// The one line of provenance that can be read; everything is in the metadata.
#[must_use]
pub fn provenance_line(figure: &Figure) -> String {
    let short = |key: &str, value: String| match key {
        "percept" => Some(format!("Percept {value}")),
        "model_sha256" => Some(format!("SHA-256 {}…", value.chars().take(12).collect::<String>())),
        "seed" => Some(format!("seed {value}")),
        "command" => None,
        _ => Some(value),
    };
    if figure.provenance == crate::provenance::Provenance::default() {
        return String::new();
    }
    let parts = figure.provenance.pairs().into_iter().filter_map(|(key, value)| short(key, value));
    parts.collect::<Vec<_>>().join(" · ")
}

fn ranges(panel: &Panel) -> PanelLayout {
    let y_range = if panel.y.range.is_some() { panel.range(1) } else { padded(panel.range(1)) };
    PanelLayout { x_range: panel.range(0), y_range, ..Default::default() }
}

/// A little air over and under the curves; from zero on where that is near.
fn padded((low, high): (f64, f64)) -> (f64, f64) {
    let air = (high - low) * 0.06;
    if low >= 0.0 && low < 0.6 * high { (0.0, high + air) } else { (low - air, high + air) }
}

/// Panels with the same horizontal axis get the same range, and only the lowest of them its numbers.
fn share_x(figure: &Figure, panels: &mut [PanelLayout]) {
    let same = |a: usize, b: usize| match (figure.panels.get(a), figure.panels.get(b)) {
        (Some(a), Some(b)) => a.x == b.x,
        _ => false,
    };
    let all = (1..panels.len()).all(|i| same(0, i));
    if all && figure.panels.first().is_some_and(|panel| panel.x.range.is_none()) {
        let filled = figure.panels.iter().filter(|panel| panel.series.iter().any(|s| !s.points.is_empty()));
        let union = filled.map(|panel| panel.range(0)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        for panel in panels.iter_mut() {
            panel.x_range = union.unwrap_or((0.0, 1.0));
        }
    }
    let count = panels.len();
    for (i, panel) in panels.iter_mut().enumerate() {
        panel.shows_x = i + 1 == count || !same(i, i + 1);
    }
}

fn wrapped(text: &str, most: f64, size: f64, weight: Weight) -> Vec<String> {
    wrap(text, most as f32, size as f32, weight)
}

/// Fewer ticks where there is no room for the numbers of `ticks`.
fn thinned(ticks: &Ticks, (low, high): (f64, f64), room: f64) -> Ticks {
    let too_many = |ticks: &Ticks| (high - low) / ticks.step > room;
    let fewer = (1..ticks.values.len()).rev().map(|target| Ticks::new(low, high, target));
    let mut choices = std::iter::once(ticks.clone()).chain(fewer);
    choices.find(|ticks| !too_many(ticks)).unwrap_or_default()
}

/// The first `most` lines; the last one says that there is more.
fn limited(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let kept = elide(last, f32::MAX, 1.0, Weight::Regular);
            *last = format!("{} …", kept.trim_end_matches('…'));
        }
    }
    lines
}
