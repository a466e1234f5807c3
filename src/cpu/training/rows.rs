//! Rows of pixels out of maps: where groups of channels fill whole blocks a row is used in place, otherwise (the
//! three colours of the pixels, half a block) it is gathered, so that the vectors are full.

use super::layout::{BLOCK, Map};

/// Lanes of a group that is half a block.
pub(super) const HALF: usize = BLOCK / 2;

/// Copies a group of half a block, of one row of pixels, to `row`: `[column][lane]`.
#[inline(always)]
pub(super) fn gather(map: Map, x: &[f32], at: (usize, usize), group: usize, row: &mut [f32]) {
    let pixels = x[span(map, group / 2, at)].as_chunks::<BLOCK>().0;
    let row = row.as_chunks_mut::<HALF>().0;
    for (target, pixel) in row.iter_mut().zip(pixels) {
        let (lower, upper) = pixel.split_at(HALF);
        target.copy_from_slice(if group.is_multiple_of(2) { lower } else { upper });
    }
}

/// The reverse of [`gather`].
#[inline(always)]
pub(super) fn scatter(map: Map, x: &mut [f32], at: (usize, usize), group: usize, row: &[f32]) {
    let pixels = x[span(map, group / 2, at)].as_chunks_mut::<BLOCK>().0;
    let row = row.as_chunks::<HALF>().0;
    for (value, pixel) in row.iter().zip(pixels) {
        let (lower, upper) = pixel.split_at_mut(HALF);
        if group.is_multiple_of(2) { lower } else { upper }.copy_from_slice(value);
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
        let len = (HALF * map.columns).next_multiple_of(2 * BLOCK);
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
