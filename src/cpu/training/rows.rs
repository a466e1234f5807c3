//! Rows of pixels out of maps: where channels fill whole blocks a row is used in place, otherwise (the three
//! colours of the pixels) it is gathered, so that the vectors are full.

use super::layout::{BLOCK, Map};

/// Copies `channels` channels from `first` on, of one row of pixels, to `row`: `[column][channel]`.
#[inline(always)]
pub(super) fn gather(map: Map, x: &[f32], at: (usize, usize), first: usize, channels: usize, row: &mut [f32]) {
    for channel in 0..channels {
        let begin = map.at((first + channel) / BLOCK, at.0, at.1, 0) + (first + channel) % BLOCK;
        let pixels = x[begin..].iter().step_by(BLOCK).take(map.columns);
        for (value, pixel) in row[channel..].iter_mut().step_by(channels).zip(pixels) {
            *value = *pixel;
        }
    }
}

/// The reverse of [`gather`].
#[inline(always)]
pub(super) fn scatter(
    map: Map,
    x: &mut [f32],
    at: (usize, usize),
    first: usize,
    channels: usize,
    row: &[f32],
) {
    for channel in 0..channels {
        let begin = map.at((first + channel) / BLOCK, at.0, at.1, 0) + (first + channel) % BLOCK;
        let pixels = x[begin..].iter_mut().step_by(BLOCK).take(map.columns);
        for (value, pixel) in row[channel..].iter().step_by(channels).zip(pixels) {
            *pixel = *value;
        }
    }
}

/// Scratch rows of `N` quantities, each long enough for whole vectors.
#[derive(Clone, Debug)]
pub(super) struct Scratch<const N: usize> {
    rows: [Vec<f32>; N],
}

impl<const N: usize> Scratch<N> {
    /// For maps of this shape.
    pub(super) fn new(map: Map) -> Self {
        let len = (map.channels * map.columns).next_multiple_of(2 * BLOCK);
        Self { rows: std::array::from_fn(|_| vec![0.0; len]) }
    }

    /// The rows.
    pub(super) fn rows(&mut self) -> [&mut [f32]; N] {
        self.rows.each_mut().map(Vec::as_mut_slice)
    }
}

/// The part of a map that is one row of one block.
#[inline(always)]
pub(super) fn span(map: Map, block: usize, at: (usize, usize)) -> std::ops::Range<usize> {
    let begin = map.at(block, at.0, at.1, 0);
    begin..begin + map.columns * BLOCK
}

/// All rows: image and row.
#[inline(always)]
pub(super) fn all(map: Map) -> impl Iterator<Item = (usize, usize)> {
    (0..map.images).flat_map(move |image| (0..map.rows).map(move |row| (image, row)))
}
