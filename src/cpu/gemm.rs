//! Products of matrices with weights that never change: tiles times channels, channels times outputs, one product
//! per Winograd point.
//!
//! The weights are packed once, a panel of two vectors of outputs after the other, so that the kernel reads them in
//! a line; as many tiles are held against a panel as the registers of AVX2 (six) and of AVX-512 and NEON (ten) take.
//! Large weights come from memory at every step: while a panel is at work, the next one is fetched.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::cpu::memory::Buffer;
use crate::cpu::precision::Precision;
use crate::cpu::simd::{LANES, LINE, Vector, prefetch, vectors};
use crate::cpu::winograd::{self, POINTS};
use crate::error::Result;

#[cfg(target_arch = "x86_64")]
mod bfloat;

/// Vectors of outputs side by side in a panel: two; three where two would leave a rest and three do not, and there are
/// registers enough for many tiles beside them.
fn panel_vectors(outputs: usize) -> usize {
    let (lanes, registers) = vectors();
    let leaves_a_rest = !outputs.is_multiple_of(2 * lanes);
    if registers >= 32 && leaves_a_rest && outputs.is_multiple_of(3 * lanes) { 3 } else { 2 }
}

/// A layer's kernels at the 36 points, packed for this machine.
#[derive(Debug)]
pub struct Packed {
    values: Buffer,
    /// Where each point's panels start.
    starts: [usize; POINTS],
    /// Inputs at each point.
    inputs: [usize; POINTS],
    /// Outputs, a multiple of [`LANES`].
    pub outputs: usize,
    /// Lanes of a vector when it was packed, and vectors in a panel.
    lanes: usize,
    panel: usize,
    precision: Precision,
}

impl Packed {
    /// Packs kernels for `inputs` padded inputs, the last `doubled` of which come from a map of half the size,
    /// and `outputs` padded outputs. `taps(output, input)` gives a kernel, or nothing where there is only padding.
    /// Inputs must be padded to whole vectors for any but single precision.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn new(
        inputs: usize,
        doubled: usize,
        outputs: usize,
        precision: Precision,
        taps: impl Fn(usize, usize) -> Option<[f32; 9]>,
    ) -> Result<Self> {
        let (lanes, _) = vectors();
        let panel = panel_vectors(outputs);
        let whole = inputs.is_multiple_of(LANES) && doubled.is_multiple_of(LANES);
        let precision = if precision.is_available() && whole { precision } else { Precision::Single };
        let inputs: [usize; POINTS] =
            std::array::from_fn(|point| if winograd::is_silent(point) { inputs - doubled } else { inputs });
        let mut starts = [0; POINTS];
        let mut total = 0;
        for (start, inputs) in starts.iter_mut().zip(inputs) {
            *start = total;
            total += inputs * outputs;
        }
        let room = if precision == Precision::Single { total } else { total / 2 };
        let mut packed =
            Self { values: Buffer::zeros(room)?, starts, inputs, outputs, lanes, panel, precision };
        for output in 0..outputs {
            for input in 0..inputs[0] {
                if let Some(taps) = taps(output, input) {
                    packed.put(output, input, &winograd::kernel(&taps));
                }
            }
        }
        Ok(packed)
    }

    fn put(&mut self, output: usize, input: usize, points: &[f32; POINTS]) {
        let width = self.panel * self.lanes;
        let first = output / width * width;
        let width = width.min(self.outputs - first);
        for (point, value) in points.iter().enumerate() {
            if input < self.inputs[point] {
                let panel = self.starts[point] + first * self.inputs[point];
                if self.precision == Precision::Single {
                    self.values[panel + input * width + output - first] = *value;
                } else {
                    put_half(&mut self.values, panel / 2 + input / 2 * width + output - first, input, *value);
                }
            }
        }
    }

    /// Inputs at a point: fewer where doubled maps vanish.
    #[must_use]
    pub const fn inputs(&self, point: usize) -> usize {
        self.inputs[point]
    }

    /// Values held, padding included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Whether this processor multiplies numbers of bfloat16.
#[must_use]
pub fn has_bfloat16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return vectors().0 == LANES && bfloat::is_available();
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Puts a weight into its half of a word.
fn put_half(values: &mut Buffer, word: usize, input: usize, value: f32) {
    #[cfg(target_arch = "x86_64")]
    {
        let word = &mut values.words_mut()[word];
        *word = bfloat::put(*word, input, value);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, word, input, value);
}

/// One point's product for some tiles: `c[tile, output] = sum over inputs a[tile, input] * weights[input, output]`.
#[derive(Debug)]
pub struct Product<'a> {
    /// The weights.
    pub weights: &'a Packed,
    /// The point.
    pub point: usize,
    /// Blocks of tiles: values from the start of one block to the next, and tiles in each.
    pub a: &'a [f32],
    /// Where block 0 starts, and how far it is from one to the next.
    pub blocks: (usize, usize),
    /// Number of blocks, tiles in a block.
    pub tiles: (usize, usize),
    /// Values from one tile to the next.
    pub stride: usize,
    /// Which inputs count; those beyond the point's own are left out. None of them: zero.
    pub inputs: &'a [Range<usize>],
    /// The result: all tiles of all blocks, their outputs side by side.
    pub c: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        #[cfg(target_arch = "x86_64")]
        if self.weights.precision == Precision::Bfloat16 {
            return bfloat::product(self);
        }
        let Product { weights, point, a, blocks, tiles, stride, inputs, c } = self;
        let (all, outputs) = (weights.inputs[point], weights.outputs);
        let width = weights.panel * S::F32_LANES;
        let panels = &weights.values[weights.starts[point]..][..all * outputs];
        let a = Tiles { values: &a[blocks.0..], block: blocks.1, across: tiles.1, stride };
        let count = tiles.0 * tiles.1;
        for first in (0..outputs).step_by(width) {
            let panel = &panels[first * all..];
            for (part, range) in inputs.iter().enumerate() {
                let range = range.start.min(all)..range.end.min(all);
                // While this panel is at work, the next one is fetched: each part fetches what it will need.
                let next = width * (all + range.start);
                let until = next + width * range.len();
                let most = most::<S>(weights.panel);
                let share = (range.len() * width).div_ceil(LINE * count.div_ceil(most));
                let ahead = Ahead { next, until, share, inputs: first == 0 };
                let strip = Strip { a, range, c: &mut c[first..], outputs, add: part > 0, ahead };
                match (first + width <= outputs, weights.panel) {
                    (true, 3) => strip.run::<S, 3>(simd, (count, most), panel),
                    (true, _) => strip.run::<S, 2>(simd, (count, most), panel),
                    (false, _) => strip.run::<S, 1>(simd, (count, most), panel),
                }
            }
        }
    }
}

/// Where the inputs of a tile are.
#[derive(Clone, Copy)]
struct Tiles<'a> {
    values: &'a [f32],
    /// From one block of tiles to the next.
    block: usize,
    /// Tiles in a block.
    across: usize,
    /// From one tile to the next.
    stride: usize,
}

impl Tiles<'_> {
    /// Where `M` tiles from `first` on begin.
    #[inline(always)]
    fn starts<const M: usize>(self, first: usize) -> [usize; M] {
        let (mut row, mut column) = (first / self.across * self.block, first % self.across);
        let mut starts = [0; M];
        for start in &mut starts {
            *start = row + column * self.stride;
            column += 1;
            if column == self.across {
                (row, column) = (row + self.block, 0);
            }
        }
        starts
    }
}

/// A panel against all tiles.
struct Strip<'a> {
    a: Tiles<'a>,
    range: Range<usize>,
    c: &'a mut [f32],
    outputs: usize,
    add: bool,
    ahead: Ahead,
}

/// What is fetched into the cache meanwhile.
#[derive(Clone, Copy)]
struct Ahead {
    /// The next line of the next panel, in values after this one's start, and where to stop.
    next: usize,
    until: usize,
    /// Lines for every group of tiles.
    share: usize,
    /// Whether the inputs of the next tiles are fetched too: when they are read for the first time.
    inputs: bool,
}

/// Tiles that are held against a panel of so many vectors at most.
#[inline(always)]
const fn most<S: Simd>(panel: usize) -> usize {
    if S::REGISTER_COUNT < 32 {
        6
    } else if panel == 3 {
        9
    } else {
        10
    }
}

impl Strip<'_> {
    /// Splits the tiles into groups as even as can be: a small rest would leave the multipliers idle.
    #[inline(always)]
    fn run<S: Simd, const N: usize>(mut self, simd: S, (tiles, most): (usize, usize), panel: &[f32]) {
        let mut left = tiles.div_ceil(most);
        let mut first = 0;
        while first < tiles {
            let rows = (tiles - first).div_ceil(left);
            match rows {
                1 => self.group::<S, 1, N>(simd, first, panel),
                2 => self.group::<S, 2, N>(simd, first, panel),
                3 => self.group::<S, 3, N>(simd, first, panel),
                4 => self.group::<S, 4, N>(simd, first, panel),
                5 => self.group::<S, 5, N>(simd, first, panel),
                6 => self.group::<S, 6, N>(simd, first, panel),
                // Only where there are registers enough: see `most`.
                7 => self.group::<S, 7, N>(simd, first, panel),
                8 => self.group::<S, 8, N>(simd, first, panel),
                9 => self.group::<S, 9, N>(simd, first, panel),
                _ => self.group::<S, 10, N>(simd, first, panel),
            }
            first += rows;
            left -= 1;
        }
    }

    #[inline(always)]
    fn group<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, first: usize, panel: &[f32]) {
        let count = self.range.len();
        let mut a: [&[f32]; M] = [&[]; M];
        for (a, start) in a.iter_mut().zip(self.a.starts::<M>(first)) {
            *a = &self.a.values[start + self.range.start..][..count];
        }
        let (vectors, _) = S::as_simd_f32s(panel);
        let (rows, _) = vectors.as_chunks::<N>();
        let rows = &rows[self.range.start..][..count];
        let c = &mut self.c[first * self.outputs..];
        let mut sums: [[Vector<S>; N]; M] = [[simd.splat_f32s(0.0); N]; M];
        if self.add {
            for (tile, sums) in sums.iter_mut().enumerate() {
                let (old, _) = S::as_simd_f32s(&c[tile * self.outputs..][..N * S::F32_LANES]);
                sums.copy_from_slice(old);
            }
        }
        let Ahead { next, until, share, inputs } = self.ahead;
        let per_step = share.div_ceil(count.max(1));
        let following = if inputs { self.a.starts::<M>(first + M) } else { [0; M] };
        for k in 0..count {
            if k * per_step < share {
                for line in 0..per_step {
                    prefetch(panel, (next + LINE * (k * per_step + line)).min(until));
                }
            }
            if inputs && k % LINE == 0 {
                for tile in 0..M {
                    prefetch(self.a.values, following[tile] + self.range.start + k);
                }
            }
            let weights = rows[k];
            for tile in 0..M {
                let value = simd.splat_f32s(a[tile][k]);
                for j in 0..N {
                    sums[tile][j] = simd.mul_add_e_f32s(value, weights[j], sums[tile][j]);
                }
            }
        }
        self.ahead.next += LINE * share;
        for (tile, sums) in sums.iter().enumerate() {
            let (new, _) = S::as_mut_simd_f32s(&mut c[tile * self.outputs..][..N * S::F32_LANES]);
            new.copy_from_slice(sums);
        }
    }
}
