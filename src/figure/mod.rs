//! One figure value, drawn by two renderers: the window draws it live, `svg` draws the same on paper.

use crate::frame::Mark;
use crate::provenance::Provenance;

pub mod curve;
pub mod draw;
pub mod fonts;
pub mod layout;
pub mod legend;
pub mod palette;
pub mod paper;
pub mod svg;
pub mod text;
pub mod ticks;
pub mod timecourse;

/// A figure: panels under a title, notes and provenance below.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Figure {
    /// Title over all panels.
    pub title: String,
    /// Panels from top to bottom.
    pub panels: Vec<Panel>,
    /// Sentences under the panels (what the bands mean, n, what was dropped).
    pub notes: Vec<String>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// One pair of axes.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Panel {
    /// Title over the axes.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Curves.
    pub series: Vec<Series>,
    /// Events, drawn as labelled vertical lines.
    pub marks: Vec<Mark>,
}

/// An axis with its label, unit and range.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Axis {
    /// Quantity, for example "Time".
    pub label: String,
    /// Unit, for example "s"; empty for pure numbers.
    pub unit: String,
    /// Fixed range; `None` fits the data.
    pub range: Option<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// A line through the points.
    #[default]
    Line,
    /// A dashed line (baselines, controls).
    Dashed,
    /// Dots only.
    Dots,
}

/// One curve. A value that is not finite is a gap.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Series {
    /// Name in the legend.
    pub label: String,
    /// Colour, sRGB.
    pub color: [u8; 3],
    /// Points `(x, y)`.
    pub points: Vec<[f64; 2]>,
    /// Lower and upper bound at every point; empty for none.
    pub band: Vec<[f64; 2]>,
    /// Line, dashes or dots.
    pub style: Style,
    /// Column of the recording that it was made of; empty for others.
    pub column: String,
}

impl Axis {
    /// "Time (s)", or "Time" without a unit.
    #[must_use]
    pub fn title(&self) -> String {
        if self.unit.is_empty() { self.label.clone() } else { format!("{} ({})", self.label, self.unit) }
    }
}

impl Panel {
    /// Smallest and largest finite value of all series along x (0) or y (1), bands included;
    /// the axis's own range where it has one; `(0, 1)` where there is nothing.
    #[must_use]
    pub fn range(&self, axis: usize) -> (f64, f64) {
        let fixed = if axis == 0 { self.x.range } else { self.y.range };
        if let Some(range) = fixed {
            return range;
        }
        let points =
            self.series.iter().flat_map(|s| s.points.iter().filter_map(move |p| p.get(axis).copied()));
        let bands = self.series.iter().flat_map(|s| s.band.iter().flatten().copied()).filter(|_| axis == 1);
        let (low, high) = points
            .chain(bands)
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        match (low.is_finite(), high > low) {
            (false, _) => (0.0, 1.0),
            (true, true) => (low, high),
            (true, false) => (low - 0.5, high + 0.5),
        }
    }
}
