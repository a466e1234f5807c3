//! Maps by kernels: the product of one point.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::cpu::simd::{Vector, load, store};
use crate::cpu::training::dispatch::on_sixteen_lanes;
use crate::cpu::training::layout::BLOCK;
use crate::cpu::training::pairs::{into_halves, side_by_side};
use crate::cpu::training::tiles::tabulate;

/// Tiles that one pass of the innermost loop computes.
const ROWS: usize = 6;
/// The same with vectors of sixteen lanes, which machines with twice the registers have.
const WIDE_ROWS: usize = 12;
/// Values of the left matrix that should stay in the second-level cache.
const LEFT_VALUES: usize = 1 << 15;

/// The product of one point.
pub(super) struct Point<'a> {
    /// The maps, from the first block that counts, and from one block to the next.
    pub(super) left: &'a [f32],
    pub(super) left_step: usize,
    /// Blocks of rows that count, rows before them, all rows.
    pub(super) depth: usize,
    pub(super) skipped: usize,
    pub(super) height: usize,
    /// The kernels' panels and their blocks of columns.
    pub(super) right: &'a [f32],
    pub(super) columns: usize,
    /// What comes out, and from one block to the next.
    pub(super) target: &'a mut [f32],
    pub(super) tiles: usize,
    pub(super) target_step: usize,
    /// Whether it is added to what was there.
    pub(super) add: bool,
}

impl Point<'_> {
    /// Whole panels on vectors of sixteen lanes where the machine has them, the rest on `s`.
    pub(super) fn run<S: Simd>(mut self, s: S) {
        let chunk = (LEFT_VALUES / (self.depth * BLOCK)).next_multiple_of(WIDE_ROWS);
        for begin in (0..self.tiles).step_by(chunk) {
            let tiles = begin..(begin + chunk).min(self.tiles);
            let whole = self.columns / 2;
            let done =
                if on_sixteen_lanes(Whole { point: &mut self, tiles: tiles.clone() }) { whole } else { 0 };
            s.vectorize(Rest { point: &mut self, first: done, tiles });
        }
    }
}

/// The panels from `first` on, on vectors of at most a block.
struct Rest<'a, 'b> {
    point: &'a mut Point<'b>,
    first: usize,
    tiles: Range<usize>,
}

impl WithSimd for Rest<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Self { point, first, tiles } = self;
        for panel in first..point.columns.div_ceil(2) {
            let whole = panel * 2 + 1 < point.columns;
            match (S::F32_LANES, whole) {
                (8, true) => point.panel::<S, 2>(s, panel, tiles.clone()),
                (8, false) => point.panel::<S, 1>(s, panel, tiles.clone()),
                (_, true) => point.panel::<S, 4>(s, panel, tiles.clone()),
                (_, false) => point.panel::<S, 2>(s, panel, tiles.clone()),
            }
        }
    }
}

impl Point<'_> {
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

/// All whole panels of some tiles, on vectors that are as wide as a panel.
struct Whole<'a, 'b> {
    point: &'a mut Point<'b>,
    tiles: Range<usize>,
}

impl WithSimd for Whole<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, s: S) {
        let panels = self.point.columns / 2;
        for panel in (0..panels / 2 * 2).step_by(2) {
            self.panels::<S, 2>(s, panel);
        }
        if panels % 2 == 1 {
            self.panels::<S, 1>(s, panels - 1);
        }
    }
}

impl Whole<'_, '_> {
    /// `N` panels from `panel` on.
    #[inline(always)]
    fn panels<S: Simd, const N: usize>(&mut self, s: S, panel: usize) {
        let mut tile = self.tiles.start;
        while tile < self.tiles.end {
            match self.tiles.end - tile {
                WIDE_ROWS.. => {
                    self.tiles::<S, WIDE_ROWS, N>(s, panel, tile);
                    tile += WIDE_ROWS;
                }
                8.. => {
                    self.tiles::<S, 8, N>(s, panel, tile);
                    tile += 8;
                }
                4.. => {
                    self.tiles::<S, 4, N>(s, panel, tile);
                    tile += 4;
                }
                2.. => {
                    self.tiles::<S, 2, N>(s, panel, tile);
                    tile += 2;
                }
                _ => {
                    self.tiles::<S, 1, N>(s, panel, tile);
                    tile += 1;
                }
            }
        }
    }

    /// `M` tiles by `N` panels: all sums stay in registers.
    #[inline(always)]
    fn tiles<S: Simd, const M: usize, const N: usize>(&mut self, s: S, panel: usize, tile: usize) {
        let point = &mut *self.point;
        let depth = point.depth;
        let mut right: [&[[Vector<S>; BLOCK]]; N] = [&[]; N];
        for (j, right) in right.iter_mut().enumerate() {
            let begin = (panel + j) * 2 * BLOCK * point.height + point.skipped * 2 * BLOCK;
            let panel = &point.right[begin..][..depth * BLOCK * 2 * BLOCK];
            *right = &S::as_simd_f32s(panel).0.as_chunks::<BLOCK>().0[..depth];
        }
        let mut sums = [[s.splat_f32s(0.0); N]; M];
        for block in 0..depth {
            let left = &point.left[block * point.left_step + tile * BLOCK..][..M * BLOCK];
            for k in 0..BLOCK {
                for i in 0..M {
                    let left = s.splat_f32s(left[i * BLOCK + k]);
                    for j in 0..N {
                        sums[i][j] = s.mul_add_e_f32s(left, right[j][block][k], sums[i][j]);
                    }
                }
            }
        }
        for j in 0..N {
            let (lower, upper) = ((panel + j) * 2 * point.target_step, point.target_step);
            let both = &mut point.target[lower..][..upper + (tile + M) * BLOCK];
            let (lower, upper) = both.split_at_mut(upper);
            let lower = &mut lower[tile * BLOCK..][..M * BLOCK];
            let upper = &mut upper[tile * BLOCK..][..M * BLOCK];
            for i in 0..M {
                let at = i * BLOCK..(i + 1) * BLOCK;
                let (lower, upper) = (&mut lower[at.clone()], &mut upper[at]);
                let mut sum = sums[i][j];
                if point.add {
                    sum = s.add_f32s(sum, side_by_side::<S>(lower, upper));
                }
                into_halves::<S>(sum, lower, upper);
            }
        }
    }
}
