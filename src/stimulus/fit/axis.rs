//! How one axis of a picture is resampled: which source pixels each target pixel takes, and how much of each.

use std::ops::Range;

/// What one target pixel takes of one axis of the source.
#[derive(Clone, Debug)]
pub(super) struct Tap {
    /// First source pixel.
    pub(super) first: usize,
    /// Weights from there on; their sum is `covered`. All but the first and the last are the same.
    pub(super) weights: Vec<f32>,
    /// Part of the target pixel that lies on the source; the rest is around it.
    pub(super) covered: f32,
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
                return Tap { first: 0, weights: vec![], covered: 0.0 };
            }
            let (first, weights) = if scale >= 1.0 {
                overlaps(inside_start, inside_end, from)
            } else {
                between(start + scale / 2.0 - 0.5, from)
            };
            let sum: f64 = weights.iter().sum();
            let weights = weights.iter().map(|weight| (weight / sum * covered) as f32).collect();
            Tap { first, weights, covered: covered as f32 }
        };
        Self { taps: (0..to).map(tap).collect() }
    }

    /// The source pixels that any target pixel takes of.
    pub(super) fn used(&self) -> Range<usize> {
        let taps = || self.taps.iter().filter(|tap| !tap.weights.is_empty());
        let first = taps().map(|tap| tap.first).min().unwrap_or_default();
        let end = taps().map(|tap| tap.first + tap.weights.len()).max().unwrap_or_default();
        first..end
    }
}

/// The source pixels that the interval covers, and how much of each.
fn overlaps(start: f64, end: f64, from: usize) -> (usize, Vec<f64>) {
    let first = (start.floor() as usize).min(from - 1);
    let last = ((end.ceil() as usize).max(first + 1)).min(from);
    let part = |at: usize| (end.min(at as f64 + 1.0) - start.max(at as f64)).max(0.0);
    (first, (first..last).map(part).collect())
}

/// The two source pixels around a place, and how near each is; at the rim the outer one counts alone.
fn between(at: f64, from: usize) -> (usize, Vec<f64>) {
    let at = at.clamp(0.0, from as f64 - 1.0);
    let first = (at.floor() as usize).min(from.saturating_sub(2));
    let share = at - first as f64;
    if from == 1 { (0, vec![1.0]) } else { (first, vec![1.0 - share, share]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_weights_are_the_same_and_all_add_up_to_what_is_covered() {
        for (from, to, scale) in
            [(854, 160, 3.75), (1920, 160, 8.4375), (7, 3, 7.0 / 3.0), (40, 16, 4.0), (5, 9, 0.5)]
        {
            for tap in Axis::new(from, to, scale).taps {
                let inner = tap.weights.get(1..tap.weights.len().saturating_sub(1)).unwrap_or_default();
                assert!(inner.windows(2).all(|pair| pair[0] == pair[1]), "{from} to {to}: {tap:?}");
                assert!(
                    (tap.weights.iter().sum::<f32>() - tap.covered).abs() < 1e-5,
                    "{from} to {to}: {tap:?}"
                );
            }
        }
    }
}
