//! Where the names of series and events stand, so that none touches another.

use crate::figure::layout::{LINE, Rect};
use crate::figure::text::{Weight, width};
use crate::figure::{Panel, Series};

/// A text with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// What it says.
    pub text: String,
    /// Left end of the text (names) or its middle (events).
    pub x: f64,
    /// Baseline.
    pub y: f64,
    /// Number of the series or event.
    pub index: usize,
    /// Where the curve ends at the right edge, for the line that leads to the name.
    pub end: Option<f64>,
    /// Middle of its small letters, where that line arrives.
    pub middle: f64,
}

/// Most rows of event labels over the axes.
const MARK_ROWS: usize = 2;
/// Length of the line that leads from a curve to its name, or stands before a name under the axes.
const LEADER: f64 = 12.0;

fn text_width(text: &str, font: f64) -> f64 {
    f64::from(width(text, font as f32, Weight::Regular))
}

fn named(panel: &Panel) -> impl Iterator<Item = (usize, &Series)> {
    panel.series.iter().enumerate().filter(|(_, series)| !series.label.is_empty())
}

/// Width of the names beside a panel, leaders included; 0 where there are none.
#[must_use]
pub fn column_width(panel: &Panel, font: f64) -> f64 {
    named(panel).map(|(_, series)| LEADER + 4.0 + text_width(&series.label, font)).fold(0.0, f64::max)
}

/// Height of the names one over the other.
#[must_use]
pub fn column_height(panel: &Panel, font: f64) -> f64 {
    named(panel).count() as f64 * font * LINE
}

/// Names beside the axes, at the height where their curves end, pushed apart.
#[must_use]
pub fn place_beside(
    panel: &Panel,
    plot: Rect,
    x_range: (f64, f64),
    y_range: (f64, f64),
    font: f64,
) -> Vec<Placed> {
    let height_of = |series: &Series| -> Option<(f64, bool)> {
        let last = series.points.iter().rev().find(|point| point.iter().all(|value| value.is_finite()))?;
        let y = plot.bottom - (last[1] - y_range.0) / (y_range.1 - y_range.0) * plot.height();
        let reaches = (x_range.1 - last[0]).abs() <= 0.02 * (x_range.1 - x_range.0);
        Some((y.clamp(plot.top, plot.bottom), reaches))
    };
    let mut wanted: Vec<(usize, f64, Option<f64>)> = named(panel)
        .map(|(index, series)| match height_of(series) {
            Some((y, reaches)) => (index, y, reaches.then_some(y)),
            None => (index, plot.bottom, None),
        })
        .collect();
    wanted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let heights: Vec<f64> = wanted.iter().map(|(_, y, _)| *y).collect();
    let apart = spread(&heights, font * LINE * 0.95, plot.top, plot.bottom);
    let place = |((index, _, end), y): ((usize, f64, Option<f64>), f64)| Placed {
        text: panel.series.get(index).map(|series| series.label.clone()).unwrap_or_default(),
        x: plot.right + LEADER + 3.0,
        y: y + font * 0.36,
        index,
        end,
        middle: y,
    };
    wanted.into_iter().zip(apart).map(place).collect()
}

/// Moves rising `heights` as little as possible so that they are `gap` apart and, if they fit, inside.
#[must_use]
pub fn spread(heights: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    // Blocks of names that touch share one mean place (pooling of neighbours that are out of order).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (i, height) in heights.iter().enumerate() {
        let mut block = (height - i as f64 * gap, 1);
        while let Some(&(mean, count)) = blocks.last() {
            if mean <= block.0 {
                break;
            }
            let total = mean * count as f64 + block.0 * block.1 as f64;
            block = (total / (count + block.1) as f64, count + block.1);
            blocks.pop();
        }
        blocks.push(block);
    }
    let lowest = (bottom - heights.len().saturating_sub(1) as f64 * gap).max(top);
    let places = blocks.iter().flat_map(|&(mean, count)| std::iter::repeat_n(mean.clamp(top, lowest), count));
    places.enumerate().map(|(i, place)| place + i as f64 * gap).collect()
}

/// Number of rows that [`place_below`] needs.
#[must_use]
pub fn rows_below(panel: &Panel, plot_width: f64, font: f64) -> usize {
    let plot = Rect { right: plot_width, ..Rect::default() };
    let last = place_below(panel, plot, 0.0, font).last().map(|name| name.y);
    last.map_or(0, |y| (y / (font * LINE)).round() as usize)
}

/// Names in rows under the axes, the first row one line under `top`.
#[must_use]
pub fn place_below(panel: &Panel, plot: Rect, top: f64, font: f64) -> Vec<Placed> {
    let (mut x, mut y) = (plot.left, top + font * LINE);
    let mut placed = Vec::new();
    for (index, series) in named(panel) {
        let needed = LEADER + 3.0 + text_width(&series.label, font);
        if x > plot.left && x + needed > plot.right {
            (x, y) = (plot.left, y + font * LINE);
        }
        placed.push(Placed {
            text: series.label.clone(),
            x: x + LEADER + 3.0,
            y,
            index,
            end: None,
            middle: y - font * 0.36,
        });
        x += needed + font * 1.2;
    }
    placed
}

/// Number of rows of event labels, up to two.
#[must_use]
pub fn mark_rows(panel: &Panel, plot: Rect, x_range: (f64, f64), font: f64) -> usize {
    let placed = place_marks(panel, plot, x_range, font);
    let highest = placed.iter().map(|label| label.y).fold(f64::INFINITY, f64::min);
    if placed.is_empty() { 0 } else { 1 + ((plot.top - highest) / (font * 1.15)) as usize }
}

/// Labels of events over the axes; a label for which there is no room is left out, its line stays.
#[must_use]
pub fn place_marks(panel: &Panel, plot: Rect, x_range: (f64, f64), font: f64) -> Vec<Placed> {
    let mut marks: Vec<_> =
        panel.marks.iter().enumerate().filter(|(_, mark)| !mark.label.is_empty()).collect();
    marks.sort_by(|a, b| a.1.time_s.total_cmp(&b.1.time_s));
    let mut row_ends = [f64::NEG_INFINITY; MARK_ROWS];
    let mut placed = Vec::new();
    for (index, mark) in marks {
        if !(mark.time_s >= x_range.0 && mark.time_s <= x_range.1) {
            continue;
        }
        let half = text_width(&mark.label, font * 0.9) / 2.0;
        let x = plot.left + (mark.time_s - x_range.0) / (x_range.1 - x_range.0) * plot.width();
        let x = x.clamp(plot.left + half, (plot.right - half).max(plot.left + half));
        let Some(row) = row_ends.iter().position(|end| x - half > end + font * 0.5) else { continue };
        if let Some(end) = row_ends.get_mut(row) {
            *end = x + half;
        }
        let y = plot.top - font * 0.4 - row as f64 * font * 1.15;
        placed.push(Placed { text: mark.label.clone(), x, y, index, end: None, middle: y });
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Mark;

    #[test]
    fn names_that_touch_are_pushed_apart_around_their_middle() {
        assert_eq!(spread(&[10.0, 50.0], 8.0, 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[50.0, 50.0, 50.0], 8.0, 0.0, 100.0), [42.0, 50.0, 58.0]);
        assert_eq!(spread(&[99.0, 100.0], 8.0, 0.0, 100.0), [92.0, 100.0]);
        assert_eq!(spread(&[0.0, 1.0], 8.0, 0.0, 100.0), [0.0, 8.0]);
    }

    proptest::proptest! {
        #[test]
        fn spread_names_never_touch_and_stay_on_the_plot(mut ys in proptest::collection::vec(0.0f64..100.0, 0..10)) {
            ys.sort_by(f64::total_cmp);
            let apart = spread(&ys, 9.0, 0.0, 100.0);
            assert!(apart.windows(2).all(|w| w[1] - w[0] >= 9.0 - 1e-9), "{apart:?}");
            assert!(apart.iter().all(|y| (-1e-9..=100.0 + 1e-9).contains(y)), "{apart:?}");
        }
    }

    #[test]
    fn labels_of_events_take_a_second_row_and_are_then_left_out() {
        let mark = |time_s| Mark { time_s, label: "reversal".into() };
        let panel = Panel {
            marks: vec![mark(1.0), mark(1.01), mark(1.02), mark(9.0), mark(99.0)],
            ..Panel::default()
        };
        let plot = Rect { left: 0.0, top: 50.0, right: 200.0, bottom: 100.0 };
        let placed = place_marks(&panel, plot, (0.0, 10.0), 8.0);
        assert_eq!(placed.iter().map(|label| label.index).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(mark_rows(&panel, plot, (0.0, 10.0), 8.0), 2);
    }
}
