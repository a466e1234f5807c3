//! The hot part of fitting: sums of source rows for a target row, then across. Plain loops over slices of one
//! length, which compilers make wide; `fit` has them compiled for the machine's own vectors.
#![allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled for the plainest machine and not for this one"
)]

use std::ops::Range;

use super::AROUND;
use super::axis::{Axis, Tap};

/// Rows that can be added up in 16 bits.
pub(super) const MOST_SUMMED: usize = 257;

/// Room for the sums of a target row.
pub(super) struct Rows {
    /// Values from one row of the picture to the next.
    stride: usize,
    /// Values before the first column that is used.
    skipped: usize,
    /// Sum of the rows that count in full.
    whole: Vec<u16>,
    /// Weighted sum of all rows, interleaved as the picture, and one value more.
    row: Vec<f32>,
}

impl Rows {
    /// For pictures of so many columns, of which some are used.
    pub(super) fn new(columns: usize, used: &Range<usize>) -> Self {
        let values = 3 * used.len();
        Self {
            stride: 3 * columns,
            skipped: 3 * used.start,
            whole: vec![0; values],
            row: vec![0.0; values + 1],
        }
    }

    /// The weighted sum of the rows of a tap, in 0..1. Rows that the picture lacks count as black.
    #[inline(always)]
    pub(super) fn sum(&mut self, rgb: &[u8], tap: &Tap) {
        let values = self.whole.len();
        let (stride, skipped) = (self.stride, self.skipped);
        let source = |at: usize| {
            let from = at * stride + skipped;
            rgb.get(from..from + values).unwrap_or_default()
        };
        if tap.count < 2 {
            self.row.fill(0.0);
            return add(&mut self.row, source(tap.first), tap.weight(0) / 255.0);
        }
        let (last, inner) = (tap.first + tap.count - 1, tap.inner / 255.0);
        self.whole.fill(0);
        for at in (tap.first + 1..last).take(MOST_SUMMED) {
            add_up(&mut self.whole, source(at));
        }
        let outer = [source(tap.first), source(last)];
        weigh(&mut self.row, &self.whole, inner, outer, tap.outer.map(|weight| weight / 255.0));
        for at in (tap.first + 1..last).skip(MOST_SUMMED) {
            add(&mut self.row, source(at), inner);
        }
    }

    /// Resamples the sum into the row of each plane that begins at `start`.
    #[inline(always)]
    pub(super) fn spread(
        &self,
        across: &Axis,
        covered_down: f32,
        start: usize,
        area: usize,
        planes: &mut [f32],
    ) {
        for (x, tap) in across.taps.iter().enumerate() {
            let mut sum = [0.0_f32; 4];
            let pixels = self.row.get((3 * tap.first).saturating_sub(self.skipped)..).unwrap_or_default();
            // Four values, of which the last is the next pixel's: that is what a vector takes.
            for (at, pixel) in pixels.windows(4).step_by(3).take(tap.count).enumerate() {
                if let &[r, g, b, next] = pixel {
                    let weight = tap.weight(at);
                    sum = [
                        sum[0] + weight * r,
                        sum[1] + weight * g,
                        sum[2] + weight * b,
                        sum[3] + weight * next,
                    ];
                }
            }
            let around = AROUND * (1.0 - tap.covered * covered_down);
            for (plane, value) in sum.into_iter().take(3).enumerate() {
                if let Some(place) = planes.get_mut(plane * area + start + x) {
                    *place = (value + around).clamp(0.0, 1.0);
                }
            }
        }
    }
}

/// Adds bytes to sums.
#[inline(always)]
pub(super) fn add_up(sums: &mut [u16], bytes: &[u8]) {
    for (sum, &byte) in sums.iter_mut().zip(bytes) {
        *sum += u16::from(byte);
    }
}

/// Adds `weight` times the bytes.
#[inline(always)]
pub(super) fn add(row: &mut [f32], bytes: &[u8], weight: f32) {
    for (value, &byte) in row.iter_mut().zip(bytes) {
        *value += weight * f32::from(byte);
    }
}

/// `weight` times the sums, and the outer rows times theirs.
#[inline(always)]
pub(super) fn weigh(
    row: &mut [f32],
    sums: &[u16],
    weight: f32,
    [first, last]: [&[u8]; 2],
    [before, after]: [f32; 2],
) {
    if first.len() < sums.len() || last.len() < sums.len() {
        row.fill(0.0);
        add(row, first, before);
        return add(row, last, after);
    }
    for (((value, &sum), &first), &last) in row.iter_mut().zip(sums).zip(first).zip(last) {
        *value = weight * f32::from(sum) + (before * f32::from(first) + after * f32::from(last));
    }
}
