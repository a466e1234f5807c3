//! Products of matrices in the Winograd domain, one per point: maps by kernels, and maps by gradients.

use std::ops::Range;

use pulp::Simd;

use self::by_gradients::Outer;
use self::by_kernels::Point;
use super::layout::{BLOCK, POINTS, Spectrum};

mod by_gradients;
mod by_kernels;

/// Tiles over which a kernel's gradient is summed before it goes to memory.
const SUMMED_TILES: usize = 256;

/// Where the matrices of 36 points lie that are multiplied from the right: panels of 16 columns (the last may have
/// 8), each `[row][column]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panels {
    /// Blocks of rows per point.
    pub rows: [usize; POINTS],
    /// Blocks of columns per point.
    pub columns: [usize; POINTS],
    /// Where each point's matrix begins.
    pub starts: [usize; POINTS],
    /// Values of all.
    pub len: usize,
}

impl Panels {
    /// Room for matrices of so many blocks of rows and columns.
    #[must_use]
    pub fn new(size: impl Fn(usize) -> (usize, usize)) -> Self {
        let sizes: [(usize, usize); POINTS] = std::array::from_fn(size);
        let (mut starts, mut len) = ([0; POINTS], 0);
        for (start, (rows, columns)) in starts.iter_mut().zip(sizes) {
            *start = len;
            len += rows * columns * BLOCK * BLOCK;
        }
        Self { rows: sizes.map(|size| size.0), columns: sizes.map(|size| size.1), starts, len }
    }

    /// Where eight neighbouring columns of a row begin.
    #[must_use]
    pub fn at(&self, point: usize, row: usize, column_block: usize) -> usize {
        let rows = self.rows[point] * BLOCK;
        let width = if column_block / 2 * 2 + 1 < self.columns[point] { 2 * BLOCK } else { BLOCK };
        self.starts[point] + (column_block / 2) * 2 * BLOCK * rows + row * width + column_block % 2 * BLOCK
    }
}

/// A matrix in the Winograd domain: its values, where they lie, and its first block of channels.
#[derive(Clone, Copy, Debug)]
pub struct Left<'a> {
    /// The values.
    pub values: &'a [f32],
    /// Where they lie.
    pub spectrum: Spectrum,
    /// The first block of channels to use.
    pub first: usize,
}

/// What a product does with what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// Overwrites it.
    Set,
    /// Adds to it.
    Add,
}

/// `right[rows]` multiplied from the left by `left`, to the blocks of `target` from `first` on.
pub fn multiply<S: Simd>(
    s: S,
    left: Left<'_>,
    rows: Range<usize>,
    (panels, right): (&Panels, &[f32]),
    (spectrum, first, target): (Spectrum, usize, &mut [f32]),
    into: Into,
) {
    for point in 0..POINTS {
        let rows = rows.start..rows.end.min(panels.rows[point]);
        let columns = panels.columns[point];
        if rows.is_empty() {
            if into == Into::Set {
                for block in first..first + columns {
                    let begin = spectrum.at(point, block, 0);
                    target[begin..begin + spectrum.tiles * BLOCK].fill(0.0);
                }
            }
            continue;
        }
        let job = Point {
            left: &left.values[left.spectrum.at(point, left.first, 0)..],
            left_step: left.spectrum.pitch * BLOCK,
            depth: rows.len(),
            skipped: rows.start * BLOCK,
            height: panels.rows[point] * BLOCK,
            right: &right[panels.starts[point]..],
            columns,
            target: &mut target[spectrum.at(point, first, 0)..],
            tiles: spectrum.tiles,
            target_step: spectrum.pitch * BLOCK,
            add: into == Into::Add,
        };
        job.run(s);
    }
}

/// Adds `leftᵀ right` to `gradient`: the gradient of the kernels whose rows are `rows`. The gradient of a point is
/// `[row][column]` and begins where its panels begin.
pub fn add_outer<S: Simd>(
    s: S,
    left: Left<'_>,
    rows: Range<usize>,
    (spectrum, right): (Spectrum, &[f32]),
    (panels, gradient): (&Panels, &mut [f32]),
) {
    for point in 0..POINTS {
        let rows = rows.start..rows.end.min(panels.rows[point]);
        let columns = panels.columns[point];
        let begin = panels.starts[point] + rows.start * BLOCK * columns * BLOCK;
        for tiles in (0..left.spectrum.tiles).step_by(SUMMED_TILES) {
            let tiles = tiles..(tiles + SUMMED_TILES).min(left.spectrum.tiles);
            Outer {
                left: &left.values[left.spectrum.at(point, left.first, tiles.start)..],
                left_step: left.spectrum.pitch * BLOCK,
                height: rows.len(),
                right: &right[spectrum.at(point, 0, tiles.start)..],
                right_step: spectrum.pitch * BLOCK,
                columns,
                tiles: tiles.len(),
                target: &mut gradient[begin..],
            }
            .run(s);
        }
    }
}
