//! Products of matrices in the Winograd domain, one per point: maps by kernels, and maps by gradients.

use std::ops::Range;

use pulp::Simd;

use super::layout::{BLOCK, POINTS, Spectrum};
use super::tiles::tabulate;
use crate::cpu::simd::{Vector, load, store};

/// Tiles that one pass of the innermost loop computes.
const ROWS: usize = 6;
/// Values of the left matrix that should stay in the second-level cache.
const LEFT_VALUES: usize = 1 << 15;
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
        s.vectorize(
            #[inline(always)]
            || job.run(s),
        );
    }
}

/// The product of one point.
struct Point<'a> {
    left: &'a [f32],
    left_step: usize,
    depth: usize,
    skipped: usize,
    height: usize,
    right: &'a [f32],
    columns: usize,
    target: &'a mut [f32],
    tiles: usize,
    target_step: usize,
    add: bool,
}

impl Point<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, s: S) {
        let chunk = (LEFT_VALUES / (self.depth * BLOCK)).max(ROWS) / ROWS * ROWS;
        for begin in (0..self.tiles).step_by(chunk) {
            let end = (begin + chunk).min(self.tiles);
            for panel in 0..self.columns.div_ceil(2) {
                let wide = panel * 2 + 1 < self.columns;
                match (S::F32_LANES, wide) {
                    (8, true) => self.panel::<S, 2>(s, panel, begin..end),
                    (8, false) => self.panel::<S, 1>(s, panel, begin..end),
                    (_, true) => self.panel::<S, 4>(s, panel, begin..end),
                    (_, false) => self.panel::<S, 2>(s, panel, begin..end),
                }
            }
        }
    }

    #[inline(always)]
    fn panel<S: Simd, const N: usize>(&mut self, s: S, panel: usize, tiles: Range<usize>) {
        let mut tile = tiles.start;
        while tile + ROWS <= tiles.end {
            self.tiles::<S, ROWS, N>(s, panel, tile);
            tile += ROWS;
        }
        match tiles.end - tile {
            1 => self.tiles::<S, 1, N>(s, panel, tile),
            2 => self.tiles::<S, 2, N>(s, panel, tile),
            3 => self.tiles::<S, 3, N>(s, panel, tile),
            4 => self.tiles::<S, 4, N>(s, panel, tile),
            5 => self.tiles::<S, 5, N>(s, panel, tile),
            _ => (),
        }
    }

    /// `M` tiles by `N` vectors of columns: all sums stay in registers.
    #[inline(always)]
    fn tiles<S: Simd, const M: usize, const N: usize>(&mut self, s: S, panel: usize, tile: usize) {
        let width = N * S::F32_LANES;
        let right = &self.right[panel * 2 * BLOCK * self.height + self.skipped * width..];
        let right = &right[..self.depth * BLOCK * width];
        let mut sums = [[s.splat_f32s(0.0); N]; M];
        for (block, right) in right.chunks_exact(BLOCK * width).enumerate() {
            let left = &self.left[block * self.left_step + tile * BLOCK..][..M * BLOCK];
            for k in 0..BLOCK {
                let right: [Vector<S>; N] = tabulate(
                    sums[0][0],
                    #[inline(always)]
                    |j| load::<S>(right, k * width + j * S::F32_LANES),
                );
                for i in 0..M {
                    let left = s.splat_f32s(left[i * BLOCK + k]);
                    for j in 0..N {
                        sums[i][j] = s.mul_add_e_f32s(left, right[j], sums[i][j]);
                    }
                }
            }
        }
        let per_block = BLOCK / S::F32_LANES;
        for j in 0..N {
            let block = panel * 2 + j / per_block;
            let lane = j % per_block * S::F32_LANES;
            let target = &mut self.target[block * self.target_step + tile * BLOCK..][..M * BLOCK];
            for (i, sums) in sums.iter().enumerate() {
                let mut sum = sums[j];
                if self.add {
                    sum = s.add_f32s(sum, load::<S>(target, i * BLOCK + lane));
                }
                store::<S>(target, i * BLOCK + lane, sum);
            }
        }
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
        let width = columns * BLOCK;
        let begin = panels.starts[point] + rows.start * BLOCK * width;
        for tiles in (0..left.spectrum.tiles).step_by(SUMMED_TILES) {
            let tiles = tiles..(tiles + SUMMED_TILES).min(left.spectrum.tiles);
            for column in (0..columns).step_by(2) {
                let mut row = 0;
                while row < rows.len() {
                    let height = if row + 3 <= rows.len() { 3 } else { 1 };
                    let job = Outer {
                        left: &left.values[left.spectrum.at(point, left.first + row, tiles.start)..],
                        left_step: left.spectrum.pitch * BLOCK,
                        right: &right[spectrum.at(point, column, tiles.start)..],
                        right_step: spectrum.pitch * BLOCK,
                        tiles: tiles.len(),
                        target: &mut gradient[begin + row * BLOCK * width + column * BLOCK..],
                        width,
                    };
                    let wide = column + 1 < columns;
                    s.vectorize(
                        #[inline(always)]
                        || job.run(s, height, wide),
                    );
                    row += height;
                }
            }
        }
    }
}

/// One or three blocks of rows of a kernel's gradient by one or two blocks of columns.
struct Outer<'a> {
    left: &'a [f32],
    left_step: usize,
    right: &'a [f32],
    right_step: usize,
    tiles: usize,
    target: &'a mut [f32],
    width: usize,
}

impl Outer<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, s: S, height: usize, wide: bool) {
        match (S::F32_LANES, wide) {
            (8, true) => self.blocks::<S, 2, 2>(s, height),
            (8, false) => self.blocks::<S, 1, 1>(s, height),
            (_, true) => self.blocks::<S, 2, 4>(s, height),
            (_, false) => self.blocks::<S, 1, 2>(s, height),
        }
    }

    /// Six rows at once fill the registers best: four times six are three blocks.
    #[inline(always)]
    fn blocks<S: Simd, const B: usize, const N: usize>(&mut self, s: S, height: usize) {
        if height == 3 {
            self.rows::<S, B, N, 6, 0>(s, 0);
            self.rows::<S, B, N, 6, 6>(s, 0);
            self.rows::<S, B, N, 6, 4>(s, 1);
            self.rows::<S, B, N, 6, 2>(s, 2);
        } else {
            self.rows::<S, B, N, 4, 0>(s, 0);
            self.rows::<S, B, N, 4, 4>(s, 0);
        }
    }

    /// `M` rows from row `FROM` of a block on, `B` blocks of columns in `N` vectors.
    #[inline(always)]
    fn rows<S: Simd, const B: usize, const N: usize, const M: usize, const FROM: usize>(
        &mut self,
        s: S,
        block: usize,
    ) {
        let next = if FROM + M > BLOCK { block + 1 } else { block };
        let len = self.tiles * BLOCK;
        let left = self.left[block * self.left_step..][..len].as_chunks::<BLOCK>().0;
        let left_next = self.left[next * self.left_step..][..len].as_chunks::<BLOCK>().0;
        let mut right: [&[[f32; BLOCK]]; B] = [&[]; B];
        for (b, right) in right.iter_mut().enumerate() {
            *right = self.right[b * self.right_step..][..len].as_chunks().0;
        }
        let mut sums = [[s.splat_f32s(0.0); N]; M];
        for (tile, (left, left_next)) in left.iter().zip(left_next).enumerate() {
            let right: [Vector<S>; N] = tabulate(
                s.splat_f32s(0.0),
                #[inline(always)]
                |j| load::<S>(&right[j * S::F32_LANES / BLOCK][tile], j * S::F32_LANES % BLOCK),
            );
            for (i, sums) in sums.iter_mut().enumerate() {
                let row = FROM + i;
                let left = s.splat_f32s(if row < BLOCK { left[row] } else { left_next[row - BLOCK] });
                for (sum, &right) in sums.iter_mut().zip(&right) {
                    *sum = s.mul_add_e_f32s(left, right, *sum);
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            let target = &mut self.target[(block * BLOCK + FROM + i) * self.width..][..B * BLOCK];
            for (j, &sum) in sums.iter().enumerate() {
                let sum = s.add_f32s(sum, load::<S>(target, j * S::F32_LANES));
                store::<S>(target, j * S::F32_LANES, sum);
            }
        }
    }
}
