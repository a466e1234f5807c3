//! Regular patterns of stripes: light and dark in even turns along rows, columns and diagonals of the picture.
//!
//! Along a line the light turns at an edge once it has changed by a tenth of the maximum. Edges of one kind that
//! follow one another at an even distance are a run; how much of the picture lies in long runs of one orientation is
//! the pattern's area. Checks and rings are found as well: they are crossed like stripes.

use super::turns::{SECOND, Ticks};
use super::verdict::Pattern;

/// Light-dark pairs from which on a pattern that moves or flickers counts, and one that stands still.
const PAIRS: [usize; 2] = [6, 8];
/// Least difference of luminance between light and dark.
const CONTRAST: f32 = 0.1 - 1e-4;
/// Shortest period in cells.
const PERIOD: usize = 4;
/// Least part of a run's cells that are light or dark as those beside the line are: stripes go on there, noise does
/// not.
const GOES_ON: f32 = 0.6;
/// Least part of the picture.
const AREA: f64 = 0.25;
/// Least time.
const TIME: Ticks = SECOND / 2;
/// Time from one look to the next, and for how long a pattern may be lost (while it reverses) and be the same.
const EVERY: Ticks = SECOND / 10;
const LOST: Ticks = SECOND / 6;
/// Mean change of luminance from look to look from which on a pattern moves or flickers.
const MOVES: f32 = 0.02;

/// Looks for patterns, some ten times a second.
#[derive(Debug, Default)]
pub(super) struct Stripes {
    luminance: Vec<f32>,
    before: Vec<f32>,
    columns: usize,
    looked: Option<Ticks>,
    seen: Option<Ticks>,
    since: Option<Ticks>,
    /// The strongest pattern that lasted.
    pub(super) found: Option<Pattern>,
}

/// What lies in runs of one orientation.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    /// Cells in runs of at least so many pairs.
    cells: [usize; 2],
    /// Most pairs in one run.
    pairs: usize,
    /// Sum of changes since the last look.
    change: f32,
}

impl Stripes {
    /// Begins anew, with another size or after a cut in time.
    pub(super) fn cut(&mut self) {
        (self.looked, self.seen, self.since) = (None, None, None);
        self.luminance.clear();
    }

    /// Whether it is time to look again. A pattern that was not there at the last look is looked for at once.
    pub(super) fn is_due(&self, now: Ticks) -> bool {
        let lost = self.since.is_some() && self.seen != self.looked;
        lost || self.looked.is_none_or(|looked| now.saturating_sub(looked) >= EVERY)
    }

    /// Looks at a picture of cells.
    pub(super) fn look(&mut self, luminance: impl Iterator<Item = f32>, columns: usize, now: Ticks) {
        std::mem::swap(&mut self.luminance, &mut self.before);
        self.luminance.clear();
        self.luminance.extend(luminance);
        self.looked = Some(now);
        self.columns = columns;
        let cells = self.luminance.len();
        let rows = cells / columns.max(1);
        let mut best = (0.0, Share::default());
        for way in 0..4 {
            let share = self.share(way, columns, rows);
            let all = share.cells[0].max(1) as f32;
            let moves = self.before.len() == cells && share.change / all > MOVES;
            let area = share.cells[usize::from(!moves)] as f64 / cells.max(1) as f64;
            if area > best.0 {
                best = (area, share);
            }
        }
        let (area, share) = best;
        if area > AREA {
            self.seen = Some(now);
            let since = *self.since.get_or_insert(now);
            if now - since >= TIME {
                let known = self.found.get_or_insert(Pattern {
                    from_s: seconds(since),
                    to_s: seconds(now),
                    area,
                    pairs: share.pairs,
                });
                known.to_s = seconds(now);
                known.area = known.area.max(area);
                known.pairs = known.pairs.max(share.pairs);
            }
        } else if self.seen.is_none_or(|seen| now.saturating_sub(seen) > LOST) {
            self.since = None;
        }
    }

    /// Along rows, columns and both diagonals.
    fn share(&self, way: usize, columns: usize, rows: usize) -> Share {
        let mut share = Share::default();
        let mut line = |start: usize, step: usize, length: usize| {
            self.follow(start, step, length, &mut share);
        };
        let last = columns.saturating_sub(1);
        match way {
            0 => (0..rows).for_each(|row| line(row * columns, 1, columns)),
            1 => (0..columns).for_each(|column| line(column, columns, rows)),
            2 => {
                (0..columns).for_each(|column| line(column, columns + 1, rows.min(columns - column)));
                (1..rows).for_each(|row| line(row * columns, columns + 1, columns.min(rows - row)));
            }
            _ => {
                (0..columns).for_each(|column| line(column, last, rows.min(column + 1)));
                (1..rows).for_each(|row| line(row * columns + last, last, columns.min(rows - row)));
            }
        }
        share
    }

    /// Follows one line of cells and adds its runs to the share.
    fn follow(&self, start: usize, step: usize, length: usize, share: &mut Share) {
        let light = |place: usize| self.luminance.get(start + place * step).copied().unwrap_or(0.0);
        let (mut low, mut high, mut way) = (light(0), light(0), 0);
        let mut run = Run::default();
        for place in 1..length {
            let value = light(place);
            let rises = way <= 0 && value - low >= CONTRAST;
            let falls = way >= 0 && high - value >= CONTRAST;
            if rises || falls {
                way = if rises { 1 } else { -1 };
                (low, high) = (value, value);
                if let Some(ended) = run.edge(place) {
                    self.close(&ended, place, start, step, share);
                }
            } else {
                (low, high) = (low.min(value), high.max(value));
            }
        }
        self.close(&run, length, start, step, share);
    }

    /// Whether the cells beside a run are mostly as light or dark as those in it.
    fn goes_on(&self, cells: impl Iterator<Item = usize> + Clone, step: usize) -> bool {
        let beside = if step == 1 { self.columns } else { 1 };
        let light = |at: usize| self.luminance.get(at).copied();
        let (sum, count) = cells.clone().filter_map(light).fold((0.0, 0.0), |(s, n), l| (s + l, n + 1.0));
        let mean = sum / f32::max(count, 1.0);
        let same = |at: &usize| {
            let other = light(at + beside).or_else(|| light(at.checked_sub(beside)?));
            light(*at).zip(other).is_none_or(|(one, other)| (one > mean) == (other > mean))
        };
        cells.filter(same).count() as f32 >= GOES_ON * count
    }

    fn close(&self, run: &Run, next: usize, start: usize, step: usize, share: &mut Share) {
        let (pairs, cells) = run.pairs(next);
        share.pairs = share.pairs.max(pairs);
        if pairs >= PAIRS[0] && !self.goes_on(cells.clone().map(|place| start + place * step), step) {
            return;
        }
        for (most, sum) in PAIRS.iter().zip(&mut share.cells) {
            *sum += if pairs >= *most { cells.len() } else { 0 };
        }
        if pairs >= PAIRS[0] && self.before.len() == self.luminance.len() {
            for at in cells.map(|place| start + place * step) {
                if let (Some(now), Some(before)) = (self.luminance.get(at), self.before.get(at)) {
                    share.change += (now - before).abs();
                }
            }
        }
    }
}

fn seconds(ticks: Ticks) -> f64 {
    f64::from(ticks) / f64::from(SECOND)
}

/// Edges at even distances. Places are cells along the line.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    edges: usize,
    /// The edge before the first, or the end of the line.
    before: usize,
    first: usize,
    /// The last three edges, newest first.
    last: [usize; 3],
}

impl Run {
    /// Adds an edge; the run before it where the edge does not go on with it.
    fn edge(&mut self, place: usize) -> Option<Self> {
        let [one, two, three] = self.last;
        let (period, known) = (place - two, one - three);
        let is_even = period >= PERIOD && period.abs_diff(known) <= (period.max(known) / 5).max(1);
        if self.edges < 3 || is_even {
            if self.edges == 0 {
                self.first = place;
            }
            self.edges += 1;
            self.last = [place, one, two];
            return None;
        }
        let ended = *self;
        *self = Self { edges: 2, before: two, first: one, last: [place, one, two] };
        Some(ended)
    }

    /// Light-dark pairs, and the cells that they lie in; `next` is the edge after the last or the end of the line.
    fn pairs(&self, next: usize) -> (usize, std::ops::Range<usize>) {
        let last = self.last[0];
        if self.edges < 2 {
            return (0, 0..0);
        }
        let bar = (last - self.first) as f64 / (self.edges - 1) as f64;
        let fits = |length: usize| length as f64 <= 1.5 * bar + 1.0;
        let (opens, closes) = (fits(self.first - self.before), fits(next - last));
        let bars = self.edges - 1 + usize::from(opens) + usize::from(closes);
        let from = if opens { self.before } else { self.first };
        (bars / 2, from..if closes { next } else { last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs and cells of a line of `length` cells with `pairs` square pairs over `part` of it.
    fn line(length: usize, pairs: f64, part: f64) -> Share {
        let bars = (0..length).map(|x| {
            let at = x as f64 / length as f64 / part;
            if at >= 1.0 { 0.5 } else { ((at * pairs).fract() < 0.5) as u8 as f32 }
        });
        let stripes = Stripes { luminance: bars.collect(), ..Stripes::default() };
        stripes.share(0, length, 1)
    }

    #[test]
    fn pairs_are_counted_and_a_wide_margin_is_none() {
        for (pairs, part) in [(5.0, 1.0), (8.0, 1.0), (6.0, 0.5), (12.0, 0.8), (40.0, 1.0)] {
            let share = line(320, pairs, part);
            assert_eq!(share.pairs, pairs as usize, "{pairs} over {part}");
            let cells = 320.0 * part * f64::from(u8::from(pairs >= 6.0));
            assert!((share.cells[0] as f64 - cells).abs() < 0.1 * 320.0 / pairs + 2.0, "{share:?}");
        }
    }

    #[test]
    fn uneven_edges_are_no_run() {
        let mut luminance = vec![0.0; 300];
        let mut at = 0;
        for width in [3, 11, 5, 29, 4, 17, 40, 6, 2, 25, 9, 33, 7, 3, 21, 50, 8] {
            let light = (width % 2) as f32;
            luminance[at..at + width].fill(light * (0.3 + 0.02 * at as f32));
            at += width;
        }
        let stripes = Stripes { luminance, ..Stripes::default() };
        assert!(stripes.share(0, 300, 1).pairs < 6);
    }
}
