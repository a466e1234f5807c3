//! Kernels of 3x3 taps to the Winograd domain, packed for the products, and their gradients back.

use pulp::Simd;

use super::layout::{BLOCK, POINTS, blocks, vanishes};
use super::product::Panels;
use super::tiles::{self, tabulate};
use crate::cpu::simd::{Vector, load, store};

/// Taps of a kernel.
pub const TAPS: usize = 9;

/// The shape of a convolution: which channels come in, in groups that are padded each for itself, and how many
/// come out. Where the last group is `doubled`, it is half the size of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Channels that come in, group by group, at the size of the output.
    pub inputs: Vec<usize>,
    /// Channels that come in at half the size, after the others; 0 where there are none.
    pub doubled: usize,
    /// Channels that come out.
    pub outputs: usize,
}

impl Shape {
    /// Channels that come in.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.inputs.iter().sum::<usize>() + self.doubled
    }

    /// Blocks of the inputs at full size.
    #[must_use]
    pub fn full_blocks(&self) -> usize {
        self.inputs.iter().map(|&channels| blocks(channels)).sum()
    }

    /// Blocks of all inputs.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.full_blocks() + blocks(self.doubled)
    }

    /// Which channel each lane of the blocks holds.
    fn lanes(&self) -> Vec<Option<usize>> {
        let (mut lanes, mut channel) = (Vec::new(), 0);
        for &group in self.inputs.iter().chain((self.doubled > 0).then_some(&self.doubled)) {
            lanes.extend((0..blocks(group) * BLOCK).map(|lane| (lane < group).then_some(channel + lane)));
            channel += group;
        }
        lanes
    }
}

/// Where a convolution's kernels lie in the Winograd domain.
#[derive(Clone, Debug)]
pub struct Layout {
    shape: Shape,
    lanes: Vec<Option<usize>>,
    /// From inputs to outputs; the gradient lies as these do, but row by row.
    pub forward: Panels,
    /// From outputs to the inputs of full size.
    pub back: Panels,
    /// From outputs to the doubled inputs.
    pub back_doubled: Panels,
}

/// A convolution's kernels in the Winograd domain.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// As [`Layout::forward`].
    pub forward: Vec<f32>,
    /// As [`Layout::back`].
    pub back: Vec<f32>,
    /// As [`Layout::back_doubled`].
    pub back_doubled: Vec<f32>,
}

/// Eight kernels side by side.
type Taps = [[f32; BLOCK]; TAPS];

impl Layout {
    /// The layout for a shape.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let (all, full, out) = (shape.blocks(), shape.full_blocks(), blocks(shape.outputs));
        Self {
            lanes: shape.lanes(),
            forward: Panels::new(|point| (if vanishes(point) { full } else { all }, out)),
            back: Panels::new(|_| (out, full)),
            back_doubled: Panels::new(|point| (out, if vanishes(point) { 0 } else { all - full })),
            shape,
        }
    }

    /// The shape it was made for.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Kernels `[output][input][3][3]` for the products of the forward pass.
    pub fn pack_forward<S: Simd>(&self, s: S, kernels: &[f32], packed: &mut Packed) {
        packed.forward.resize(self.forward.len, 0.0);
        let from = self.shape.channels();
        s.vectorize(#[inline(always)] || {
            for (row, channel) in self.lanes.iter().enumerate() {
                let Some(channel) = channel else { continue };
                for column in 0..blocks(self.shape.outputs) {
                    let taps = gather(self.shape.outputs - column * BLOCK, #[inline(always)] |lane| {
                        let at = ((column * BLOCK + lane) * from + channel) * TAPS;
                        &kernels[at..at + TAPS]
                    });
                    each_point(s, &taps, #[inline(always)] |point, lane, vector| {
                        if row < self.forward.rows[point] * BLOCK {
                            let at = self.forward.at(point, row, column) + lane;
                            store::<S>(&mut packed.forward, at, vector);
                        }
                    });
                }
            }
        });
    }

    /// Kernels `[output][input][3][3]` for the products of the backward pass.
    pub fn pack_back<S: Simd>(&self, s: S, kernels: &[f32], packed: &mut Packed) {
        packed.back.resize(self.back.len, 0.0);
        packed.back_doubled.resize(self.back_doubled.len, 0.0);
        let (from, full) = (self.shape.channels(), self.shape.full_blocks());
        s.vectorize(#[inline(always)] || {
            for row in 0..self.shape.outputs {
                for (column, lanes) in self.lanes.chunks(BLOCK).enumerate() {
                    let known = lanes.iter().flatten().count();
                    let first = lanes.first().copied().flatten().unwrap_or_default();
                    let taps = gather(known, #[inline(always)] |lane| {
                        let at = (row * from + first + lane) * TAPS;
                        &kernels[at..at + TAPS]
                    });
                    each_point(s, &taps, #[inline(always)] |point, lane, vector| {
                        if column < full {
                            store::<S>(&mut packed.back, self.back.at(point, row, column) + lane, vector);
                        } else if !vanishes(point) {
                            let at = self.back_doubled.at(point, row, column - full) + lane;
                            store::<S>(&mut packed.back_doubled, at, vector);
                        }
                    });
                }
            }
        });
    }

    /// Adds gradients in the Winograd domain to those of the kernels.
    pub fn add_gradient<S: Simd>(&self, s: S, points: &[&[f32]], gradient: &mut [f32]) {
        let (from, width) = (self.shape.channels(), blocks(self.shape.outputs) * BLOCK);
        s.vectorize(#[inline(always)] || {
            for (row, channel) in self.lanes.iter().enumerate() {
                let Some(channel) = channel else { continue };
                for column in 0..width / BLOCK {
                    let taps = taps_of(s, #[inline(always)] |point, lane| {
                        let zero = s.splat_f32s(0.0);
                        if row >= self.forward.rows[point] * BLOCK {
                            return zero;
                        }
                        let at = self.forward.starts[point] + row * width + column * BLOCK + lane;
                        let mut sum = zero;
                        for points in points {
                            sum = s.add_f32s(sum, load::<S>(points, at));
                        }
                        sum
                    });
                    for lane in 0..BLOCK.min(self.shape.outputs - column * BLOCK) {
                        let at = ((column * BLOCK + lane) * from + channel) * TAPS;
                        for (gradient, tap) in gradient[at..at + TAPS].iter_mut().zip(&taps) {
                            *gradient += tap[lane];
                        }
                    }
                }
            }
        });
    }
}

#[inline(always)]
fn gather<'a>(known: usize, kernel: impl Fn(usize) -> &'a [f32]) -> Taps {
    let mut taps = [[0.0; BLOCK]; TAPS];
    for lane in 0..known.min(BLOCK) {
        for (taps, value) in taps.iter_mut().zip(kernel(lane)) {
            taps[lane] = *value;
        }
    }
    taps
}

/// `U = G g Gᵀ`, point by point.
#[inline(always)]
fn each_point<S: Simd>(s: S, taps: &Taps, mut put: impl FnMut(usize, usize, Vector<S>)) {
    let zero = s.splat_f32s(0.0);
    for lane in (0..BLOCK).step_by(S::F32_LANES) {
        let columns: [[Vector<S>; 6]; 3] = tabulate([zero; 6], #[inline(always)] |j| {
            tiles::kernel(s, tabulate(zero, #[inline(always)] |i| load::<S>(&taps[3 * i + j], lane)))
        });
        for i in 0..6 {
            let points = tiles::kernel(s, tabulate(zero, #[inline(always)] |j| columns[j][i]));
            for (j, point) in points.into_iter().enumerate() {
                put(6 * i + j, lane, point);
            }
        }
    }
}

/// `g = Gᵀ U G`.
#[inline(always)]
fn taps_of<S: Simd>(s: S, point: impl Fn(usize, usize) -> Vector<S>) -> Taps {
    let mut taps = [[0.0; BLOCK]; TAPS];
    let zero = s.splat_f32s(0.0);
    for lane in (0..BLOCK).step_by(S::F32_LANES) {
        let rows: [[Vector<S>; 3]; 6] = tabulate([zero; 3], #[inline(always)] |i| {
            tiles::kernel_transposed(s, tabulate(zero, #[inline(always)] |j| point(6 * i + j, lane)))
        });
        for j in 0..3 {
            let column = tiles::kernel_transposed(s, tabulate(zero, #[inline(always)] |i| rows[i][j]));
            for (i, tap) in column.into_iter().enumerate() {
                store::<S>(&mut taps[3 * i + j], lane, tap);
            }
        }
    }
    taps
}

const _: () = assert!(POINTS == 36, "the transforms are those of 6 by 6 points");
