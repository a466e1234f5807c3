//! The way from the errors at the pixels to the layer above. So few channels do not repay the way to points and
//! back, so this convolution is direct: lanes are outputs, a block of pixels stays in registers until it is pooled.

use pulp::{Simd, WithSimd};

use crate::cpu::map::{Map, TILE, padded};
use crate::cpu::memory::Buffer;
use crate::cpu::simd::{Vector, load, vectors};
use crate::cpu::wide::Errors;
use crate::error::Result;

/// Rows of errors behind the four rows of a tile.
const LINES: usize = TILE + 2;

/// Values that blocks may read beyond a line's end.
const BEYOND: usize = 8;

/// Taps of a kernel.
const TAPS: usize = 9;

/// A 3x3 convolution's kernels, two vectors of outputs after the other: input by input, tap by tap.
#[derive(Debug)]
pub struct DirectKernels {
    values: Buffer,
    /// Biases, padded.
    bias: Vec<f32>,
    /// Inputs.
    pub inputs: usize,
    /// Outputs, padded.
    pub outputs: usize,
}

impl DirectKernels {
    /// Takes the kernels that `taps(output, input)` gives, with a bias for every output.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn new(inputs: usize, biases: &[f32], taps: impl Fn(usize, usize) -> [f32; 9]) -> Result<Self> {
        let (outputs, width) = (biases.len(), padded(biases.len()));
        let mut bias = biases.to_vec();
        bias.resize(width, 0.0);
        let mut values = Buffer::zeros(TAPS * inputs * width)?;
        for output in 0..outputs {
            for input in 0..inputs {
                let (first, panel) = panel(output, width);
                for (tap, value) in taps(output, input).into_iter().enumerate() {
                    values[(first * inputs * TAPS) + (TAPS * input + tap) * panel + output - first] = value;
                }
            }
        }
        Ok(Self { values, bias, inputs, outputs: width })
    }
}

/// The first output of an output's panel, and the outputs in that panel.
fn panel(output: usize, outputs: usize) -> (usize, usize) {
    let width = 2 * vectors().0;
    let first = output / width * width;
    (first, width.min(outputs - first))
}

/// What the layer above the pixels gets, and its errors.
#[derive(Debug)]
pub struct PixelPassUp<'a> {
    /// The kernels from the errors to the layer above.
    pub kernels: &'a DirectKernels,
    /// The errors at the pixels.
    pub errors: &'a Map,
    /// Which row of tiles.
    pub row: usize,
    /// Two rows of the layer above.
    pub above: Errors<'a>,
    /// Room for [`PixelPassUp::scratch_len`] values.
    pub scratch: &'a mut [f32],
}

impl PixelPassUp<'_> {
    /// Values of scratch for errors of so many channels and so many tiles in a row.
    #[must_use]
    pub const fn scratch_len(channels: usize, across: usize) -> usize {
        LINES * channels * line_len(across)
    }
}

/// Values of a line: a column before the first, one after the last, and what blocks read in vain.
const fn line_len(across: usize) -> usize {
    across * TILE + 2 + BEYOND
}

impl WithSimd for PixelPassUp<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { kernels, errors, row, mut above, scratch } = self;
        let len = line_len(errors.layout.grid.across());
        unroll(errors, row, scratch);
        let lines = Lines { values: scratch, len };
        // As many sums as the registers take.
        let wide = S::REGISTER_COUNT >= 32;
        for first in (0..kernels.outputs).step_by(2 * S::F32_LANES) {
            let part = Part { kernels, lines, first };
            match (kernels.outputs - first > S::F32_LANES, wide) {
                (true, true) => part.run::<S, 2, 4, 6>(simd, &mut above),
                (true, false) => part.run::<S, 2, 2, 4>(simd, &mut above),
                (false, true) => part.run::<S, 1, 8, 10>(simd, &mut above),
                (false, false) => part.run::<S, 1, 4, 6>(simd, &mut above),
            }
        }
    }
}

/// Puts the rows of a tile and their neighbours column by column into lines, channel by channel.
fn unroll(errors: &Map, row: usize, scratch: &mut [f32]) {
    let layout = &errors.layout;
    let across = layout.grid.across();
    let len = line_len(across);
    for (number, line) in scratch.chunks_exact_mut(len).take(LINES * layout.channels).enumerate() {
        let (channel, y) = (number / LINES, number % LINES);
        let source = &errors.values[(TILE * row + y) * layout.row + channel * layout.channel..];
        for phase in 0..TILE {
            let values = &source[phase * layout.phase + 1..][..across];
            for (place, value) in line[1 + phase..].iter_mut().step_by(TILE).zip(values) {
                *place = *value;
            }
        }
        line[0] = source[(TILE - 1) * layout.phase];
        line[1 + TILE * across..].fill(0.0);
    }
}

/// Errors column by column.
#[derive(Clone, Copy)]
struct Lines<'a> {
    values: &'a [f32],
    len: usize,
}

/// Some outputs' part of the work.
struct Part<'a> {
    kernels: &'a DirectKernels,
    lines: Lines<'a>,
    first: usize,
}

impl Part<'_> {
    /// `N` vectors of outputs, `X` columns of two rows at a time; `W` is `X + 2`.
    #[inline(always)]
    fn run<S: Simd, const N: usize, const X: usize, const W: usize>(&self, simd: S, above: &mut Errors<'_>) {
        let (columns, rows) = above.size();
        for half in 0..rows.min(TILE / 2) {
            for column in (0..columns).step_by(X / 2) {
                for pooled in 0..X / 2 {
                    for n in 0..N {
                        above.prepare((half, column + pooled), self.first + n * S::F32_LANES);
                    }
                }
                let sums = self.block::<S, N, X, W>(simd, 2 * half, 2 * column);
                for pooled in 0..X / 2 {
                    if column + pooled < columns {
                        for n in 0..N {
                            let left = simd.max_f32s(sums[0][2 * pooled][n], sums[1][2 * pooled][n]);
                            let right = simd.max_f32s(sums[0][2 * pooled + 1][n], sums[1][2 * pooled + 1][n]);
                            let output = self.first + n * S::F32_LANES;
                            let bias = load::<S>(&self.kernels.bias, output);
                            above.put(
                                simd,
                                (half, column + pooled),
                                output,
                                simd.max_f32s(left, right),
                                bias,
                            );
                        }
                    }
                }
            }
        }
    }

    /// The convolution at two rows of `X` columns.
    #[inline(always)]
    fn block<S: Simd, const N: usize, const X: usize, const W: usize>(
        &self,
        simd: S,
        y: usize,
        x: usize,
    ) -> [[[Vector<S>; N]; X]; 2] {
        let Lines { values, len } = self.lines;
        let inputs = self.kernels.inputs;
        let panel = &self.kernels.values[self.first * inputs * TAPS..][..inputs * TAPS * N * S::F32_LANES];
        let (vectors, _) = S::as_simd_f32s(panel);
        let (rows, _) = vectors.as_chunks::<N>();
        let (triples, _) = rows.as_chunks::<3>();
        let mut sums = [[[simd.splat_f32s(0.0); N]; X]; 2];
        for (number, weights) in triples.iter().enumerate() {
            let start = (LINES * (number / 3) + y + number % 3) * len + x;
            let upper = &values[start..][..W];
            let lower = &values[start + len..][..W];
            for across in 0..3 {
                for column in 0..X {
                    let above = simd.splat_f32s(upper[across + column]);
                    let below = simd.splat_f32s(lower[across + column]);
                    for n in 0..N {
                        let weights = weights[across][n];
                        sums[0][column][n] = simd.mul_add_e_f32s(above, weights, sums[0][column][n]);
                        sums[1][column][n] = simd.mul_add_e_f32s(below, weights, sums[1][column][n]);
                    }
                }
            }
        }
        sums
    }
}
