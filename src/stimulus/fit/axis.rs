//! How one axis of a picture is resampled: which source pixels each target pixel takes, and how much of each.

use std::ops::Range;

/// What one target pixel takes of one axis of the source: plain numbers, as axes are made anew for every frame.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tap {
    /// First source pixel.
    pub(super) first: usize,
    /// Source pixels from there on.
    pub(super) count: usize,
    /// Weights of the first and the last of them; the sum of all is `covered`.
    pub(super) outer: [f32; 2],
    /// Weight of each between these.
    pub(super) inner: f32,
    /// Part of the target pixel that lies on the source; the rest is around it.
    pub(super) covered: f32,
}

impl Tap {
    /// Weight of the source pixel so many after the first; 0 beyond the last.
    #[inline]
    pub(super) const fn weight(&self, at: usize) -> f32 {
        if at == 0 && self.count > 0 {
            self.outer[0]
        } else if at + 1 == self.count {
            self.outer[1]
        } else if at < self.count {
            self.inner
        } else {
            0.0
        }
    }
}

/// How one axis is resampled.
pub(super) struct Axis {
    pub(super) taps: Vec<Tap>,
}

impl Axis {
    /// `scale` source pixels go to one of `to` target pixels; the middles coincide.
    pub(super) fn new(from: usize, to: usize, scale: f64) -> Self {
        let (middle_from, middle_to) = (from as f64 / 2.0, to as f64 / 2.0);
        let tap = |at: usize| {
            let start = (at as f64 - middle_to) * scale + middle_from;
            let (inside_start, inside_end) = (start.max(0.0), (start + scale).min(from as f64));
            let covered = ((inside_end - inside_start) / scale).clamp(0.0, 1.0);
            // Rounding must not let the grey around shine through a cropped picture.
            let covered = if covered > 1.0 - 1e-6 { 1.0 } else { covered };
            if covered <= 1e-9 {
                return Tap::default();
            }
            let (first, count, outer) = if scale >= 1.0 {
                overlaps(inside_start, inside_end, from)
            } else {
                between(start + scale / 2.0 - 0.5, from)
            };
            let inner = count.saturating_sub(2) as f64;
            let sum = inner + outer[0] + if count > 1 { outer[1] } else { 0.0 };
            let of = |weight: f64| (weight / sum * covered) as f32;
            Tap { first, count, outer: outer.map(of), inner: of(1.0), covered: covered as f32 }
        };
        Self { taps: (0..to).map(tap).collect() }
    }

    /// The source pixels that any target pixel takes of.
    pub(super) fn used(&self) -> Range<usize> {
        let taps = || self.taps.iter().filter(|tap| tap.count > 0);
        let first = taps().map(|tap| tap.first).min().unwrap_or_default();
        let end = taps().map(|tap| tap.first + tap.count).max().unwrap_or_default();
        first..end
    }
}

/// The source pixels that the interval covers, and how much of the first and the last; those between count in full.
fn overlaps(start: f64, end: f64, from: usize) -> (usize, usize, [f64; 2]) {
    let first = (start.floor() as usize).min(from - 1);
    let last = ((end.ceil() as usize).max(first + 1)).min(from);
    let part = |at: usize| (end.min(at as f64 + 1.0) - start.max(at as f64)).max(0.0);
    (first, last - first, [part(first), part(last - 1)])
}

/// The two source pixels around a place, and how near each is; at the rim the outer one counts alone.
fn between(at: f64, from: usize) -> (usize, usize, [f64; 2]) {
    let at = at.clamp(0.0, from as f64 - 1.0);
    let first = (at.floor() as usize).min(from.saturating_sub(2));
    let share = at - first as f64;
    if from == 1 { (0, 1, [1.0, 1.0]) } else { (first, 2, [1.0 - share, share]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_weights_add_up_to_what_is_covered_and_those_inside_count_in_full() {
        for (from, to, scale) in [
            (854, 160, 3.75),
            (1920, 160, 8.4375),
            (7, 3, 7.0 / 3.0),
            (40, 16, 4.0),
            (5, 9, 0.5),
            (1, 3, 0.4),
        ] {
            for tap in Axis::new(from, to, scale).taps {
                let sum: f32 = (0..tap.count + 3).map(|at| tap.weight(at)).sum();
                assert!((sum - tap.covered).abs() < 1e-5, "{from} to {to}: {tap:?}");
                assert!(tap.outer.iter().all(|&outer| outer <= tap.inner + 1e-6), "{from} to {to}: {tap:?}");
                assert!(tap.first + tap.count <= from, "{from} to {to}: {tap:?}");
            }
        }
    }
}
