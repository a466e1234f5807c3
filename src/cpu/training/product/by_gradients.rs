//! Maps by gradients: a kernel's gradient at one point, summed over tiles.

use pulp::{Simd, WithSimd};

use crate::cpu::simd::{Vector, load, store};
use crate::cpu::training::dispatch::on_sixteen_lanes;
use crate::cpu::training::layout::BLOCK;
use crate::cpu::training::pairs::side_by_side;
use crate::cpu::training::tiles::tabulate;

/// Some rows of the gradient of one point.
pub(super) struct Outer<'a> {
    /// The maps, from the first block that counts, from one block to the next, and blocks.
    pub(super) left: &'a [f32],
    pub(super) left_step: usize,
    pub(super) height: usize,
    /// The gradients of what came out, from one block to the next, and blocks.
    pub(super) right: &'a [f32],
    pub(super) right_step: usize,
    pub(super) columns: usize,
    pub(super) tiles: usize,
    /// To what it is added, row by row.
    pub(super) target: &'a mut [f32],
}

impl Outer<'_> {
    /// Pairs of blocks of columns on vectors of sixteen lanes where the machine has them, the rest on `s`.
    pub(super) fn run<S: Simd>(mut self, s: S) {
        let pairs = self.columns / 2 * 2;
        let done = if on_sixteen_lanes(Pairs(&mut self)) { pairs } else { 0 };
        s.vectorize(Rest { outer: &mut self, first: done });
    }

    /// What begins at a block of rows and a block of columns.
    #[inline(always)]
    fn part(&mut self, row: usize, column: usize) -> Part<'_> {
        let width = self.columns * BLOCK;
        Part {
            left: &self.left[row * self.left_step..],
            left_step: self.left_step,
            right: &self.right[column * self.right_step..],
            right_step: self.right_step,
            tiles: self.tiles,
            target: &mut self.target[row * BLOCK * width + column * BLOCK..],
            width,
        }
    }
}

/// The blocks of columns from `first` on, on vectors of at most a block.
struct Rest<'a, 'b> {
    outer: &'a mut Outer<'b>,
    first: usize,
}

impl WithSimd for Rest<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Self { outer, first } = self;
        for column in (first..outer.columns).step_by(2) {
            let wide = column + 1 < outer.columns;
            let mut row = 0;
            while row < outer.height {
                let height = if row + 3 <= outer.height { 3 } else { 1 };
                outer.part(row, column).run(s, height, wide);
                row += height;
            }
        }
    }
}

/// All pairs of blocks of columns, on vectors that are as wide as a pair.
struct Pairs<'a, 'b>(&'a mut Outer<'b>);

impl WithSimd for Pairs<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Self(outer) = self;
        let pairs = outer.columns / 2;
        for pair in (0..pairs / 2 * 2).step_by(2) {
            for row in 0..outer.height {
                outer.part(row, 2 * pair).pairs::<S, 1, 2>(s);
            }
        }
        if pairs % 2 == 1 {
            let column = 2 * (pairs - 1);
            for row in (0..outer.height / 2 * 2).step_by(2) {
                outer.part(row, column).pairs::<S, 2, 1>(s);
            }
            if outer.height % 2 == 1 {
                outer.part(outer.height - 1, column).pairs::<S, 1, 1>(s);
            }
        }
    }
}

/// One or three blocks of rows of a kernel's gradient by one or two blocks of columns.
struct Part<'a> {
    left: &'a [f32],
    left_step: usize,
    right: &'a [f32],
    right_step: usize,
    tiles: usize,
    target: &'a mut [f32],
    width: usize,
}

impl Part<'_> {
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

impl Part<'_> {
    /// `R` blocks of rows by `N` pairs of blocks of columns, a vector each.
    #[inline(always)]
    fn pairs<S: Simd, const R: usize, const N: usize>(self, s: S) {
        let len = self.tiles * BLOCK;
        let mut left: [&[[f32; BLOCK]]; R] = [&[]; R];
        for (r, left) in left.iter_mut().enumerate() {
            *left = &self.left[r * self.left_step..][..len].as_chunks().0[..self.tiles];
        }
        let mut right: [[&[[f32; BLOCK]]; 2]; N] = [[&[]; 2]; N];
        for (b, right) in right.as_flattened_mut().iter_mut().enumerate() {
            *right = &self.right[b * self.right_step..][..len].as_chunks().0[..self.tiles];
        }
        let mut sums = [[[s.splat_f32s(0.0); N]; BLOCK]; R];
        for tile in 0..self.tiles {
            let mut values = [s.splat_f32s(0.0); N];
            for j in 0..N {
                values[j] = side_by_side::<S>(&right[j][0][tile], &right[j][1][tile]);
            }
            for r in 0..R {
                for k in 0..BLOCK {
                    let left = s.splat_f32s(left[r][tile][k]);
                    for j in 0..N {
                        sums[r][k][j] = s.mul_add_e_f32s(left, values[j], sums[r][k][j]);
                    }
                }
            }
        }
        for (row, sums) in sums.as_flattened().iter().enumerate() {
            for (j, &sum) in sums.iter().enumerate() {
                let at = row * self.width + j * 2 * BLOCK;
                let sum = s.add_f32s(sum, load::<S>(self.target, at));
                store::<S>(self.target, at, sum);
            }
        }
    }
}
