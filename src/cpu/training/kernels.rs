//! Kernels of 3x3 taps to the Winograd domain, packed for the products, and their gradients back.

use pulp::Simd;

use super::layout::{BLOCK, POINTS, lanes, vanishes};
use super::product::Panels;
use super::tiles::{self, separable};
use crate::cpu::memory::Buffer;
use crate::cpu::simd::{Vector, load, store};
use crate::error::Result;

/// Taps of a kernel.
pub const TAPS: usize = 9;

/// The shape of a convolution: maps that come in, each with its groups of channels, and the groups that come out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Groups of channels of every map that comes in at the size of the output.
    pub inputs: Vec<Vec<usize>>,
    /// Channels that come in at half the size, after the others; 0 where there are none.
    pub doubled: usize,
    /// Groups of channels that come out.
    pub outputs: Vec<usize>,
}

impl Shape {
    /// Channels that come in.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.inputs.iter().flatten().sum::<usize>() + self.doubled
    }

    /// Which channel each lane holds that comes in; and how many of them are of full size.
    fn input_lanes(&self) -> (Vec<Option<usize>>, usize) {
        let (mut all, mut first) = (Vec::new(), 0);
        for groups in &self.inputs {
            all.extend(lanes(groups).into_iter().map(|lane| lane.map(|channel| first + channel)));
            first += groups.iter().sum::<usize>();
        }
        let full = all.len();
        if self.doubled > 0 {
            all.extend(lanes(&[self.doubled]).into_iter().map(|lane| lane.map(|channel| first + channel)));
        }
        (all, full)
    }
}

/// Where a convolution's kernels lie in the Winograd domain.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Channels that come in, without padding.
    channels: usize,
    /// Blocks that come in at full size.
    full: usize,
    inputs: Vec<Option<usize>>,
    outputs: Vec<Option<usize>>,
    /// From inputs to outputs; the gradient lies as these do, but row by row.
    pub forward: Panels,
    /// From outputs to the inputs of full size.
    pub back: Panels,
    /// From outputs to the doubled inputs.
    pub back_doubled: Panels,
}

/// A convolution's kernels in the Winograd domain.
#[derive(Debug)]
pub struct Packed {
    /// As [`Layout::forward`].
    pub forward: Buffer,
    /// As [`Layout::back`].
    pub back: Buffer,
    /// As [`Layout::back_doubled`].
    pub back_doubled: Buffer,
}

/// Which of the kernels to pack: those of the forward or of the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// From inputs to outputs.
    Forward,
    /// From outputs to inputs.
    Back,
}

impl Packed {
    /// Room for the kernels of one pass.
    ///
    /// # Errors
    /// [`crate::error::Kind::TooLarge`] without memory.
    pub fn new(layout: &Layout, pass: Pass) -> Result<Self> {
        let room = |panels: &Panels, of| Buffer::zeros(if of == pass { panels.len } else { 0 });
        Ok(Self {
            forward: room(&layout.forward, Pass::Forward)?,
            back: room(&layout.back, Pass::Back)?,
            back_doubled: room(&layout.back_doubled, Pass::Back)?,
        })
    }
}

/// Eight kernels side by side.
type Taps = [[f32; BLOCK]; TAPS];

impl Layout {
    /// The layout for a shape.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let (inputs, full) = shape.input_lanes();
        let outputs = lanes(&shape.outputs);
        let (all, full, out) = (inputs.len() / BLOCK, full / BLOCK, outputs.len() / BLOCK);
        Self {
            channels: shape.channels(),
            full,
            inputs,
            outputs,
            forward: Panels::new(|point| (if vanishes(point) { full } else { all }, out)),
            back: Panels::new(|_| (out, full)),
            back_doubled: Panels::new(|point| (out, if vanishes(point) { 0 } else { all - full })),
        }
    }

    /// Biases with the padding of their groups.
    #[must_use]
    pub fn pad_biases(&self, biases: &[f32]) -> Vec<f32> {
        self.outputs.iter().map(|lane| lane.map_or(0.0, |channel| biases[channel])).collect()
    }

    /// Adds a gradient by padded biases to that by the biases.
    pub fn add_bias_gradient(&self, padded: &[f32], gradient: &mut [f32]) {
        for (lane, value) in self.outputs.iter().zip(padded) {
            if let Some(channel) = lane {
                gradient[*channel] += value;
            }
        }
    }

    /// Kernels `[output][input][3][3]` for the products of the forward pass.
    pub fn pack_forward<S: Simd>(&self, s: S, kernels: &[f32], packed: &mut Packed) {
        let from = self.channels;
        s.vectorize(
            #[inline(always)]
            || {
                for (row, channel) in self.inputs.iter().enumerate() {
                    let Some(channel) = channel else { continue };
                    for (column, outputs) in self.outputs.chunks(BLOCK).enumerate() {
                        let taps = gather(
                            outputs,
                            #[inline(always)]
                            |output| {
                                let at = (output * from + channel) * TAPS;
                                &kernels[at..at + TAPS]
                            },
                        );
                        each_point(
                            s,
                            &taps,
                            #[inline(always)]
                            |point, lane, vector| {
                                if row < self.forward.rows[point] * BLOCK {
                                    let at = self.forward.at(point, row, column) + lane;
                                    store::<S>(&mut packed.forward, at, vector);
                                }
                            },
                        );
                    }
                }
            },
        );
    }

    /// Kernels `[output][input][3][3]` for the products of the backward pass.
    pub fn pack_back<S: Simd>(&self, s: S, kernels: &[f32], packed: &mut Packed) {
        let (from, full) = (self.channels, self.full);
        s.vectorize(
            #[inline(always)]
            || {
                for (row, output) in self.outputs.iter().enumerate() {
                    let Some(output) = output else { continue };
                    for (column, inputs) in self.inputs.chunks(BLOCK).enumerate() {
                        let taps = gather(
                            inputs,
                            #[inline(always)]
                            |channel| {
                                let at = (output * from + channel) * TAPS;
                                &kernels[at..at + TAPS]
                            },
                        );
                        each_point(
                            s,
                            &taps,
                            #[inline(always)]
                            |point, lane, vector| {
                                if column < full {
                                    store::<S>(
                                        &mut packed.back,
                                        self.back.at(point, row, column) + lane,
                                        vector,
                                    );
                                } else if !vanishes(point) {
                                    let at = self.back_doubled.at(point, row, column - full) + lane;
                                    store::<S>(&mut packed.back_doubled, at, vector);
                                }
                            },
                        );
                    }
                }
            },
        );
    }

    /// Adds gradients in the Winograd domain to those of the kernels.
    pub fn add_gradient<S: Simd>(&self, s: S, points: &[&[f32]], gradient: &mut [f32]) {
        let (from, width) = (self.channels, self.outputs.len());
        s.vectorize(
            #[inline(always)]
            || {
                for (row, channel) in self.inputs.iter().enumerate() {
                    let Some(channel) = channel else { continue };
                    for (column, outputs) in self.outputs.chunks(BLOCK).enumerate() {
                        let taps = taps_of(
                            s,
                            #[inline(always)]
                            |point, lane| {
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
                            },
                        );
                        for (lane, output) in outputs.iter().enumerate() {
                            let Some(output) = output else { continue };
                            let at = (output * from + channel) * TAPS;
                            for (gradient, tap) in gradient[at..at + TAPS].iter_mut().zip(&taps) {
                                *gradient += tap[lane];
                            }
                        }
                    }
                }
            },
        );
    }
}

/// The taps of the kernels of these channels, side by side.
#[inline(always)]
fn gather<'a>(channels: &[Option<usize>], kernel: impl Fn(usize) -> &'a [f32]) -> Taps {
    let mut taps = [[0.0; BLOCK]; TAPS];
    for (lane, channel) in channels.iter().enumerate().take(BLOCK) {
        let Some(channel) = channel else { continue };
        for (taps, value) in taps.iter_mut().zip(kernel(*channel)) {
            taps[lane] = *value;
        }
    }
    taps
}

/// `U = G g Gᵀ`, point by point.
#[inline(always)]
fn each_point<S: Simd>(s: S, taps: &Taps, mut put: impl FnMut(usize, usize, Vector<S>)) {
    for lane in (0..BLOCK).step_by(S::F32_LANES) {
        separable(
            s,
            #[inline(always)]
            |x| tiles::kernel(s, x),
            #[inline(always)]
            |i, j| load::<S>(&taps[3 * i + j], lane),
            #[inline(always)]
            |i, j, point| put(6 * i + j, lane, point),
        );
    }
}

/// `g = Gᵀ U G`.
#[inline(always)]
fn taps_of<S: Simd>(s: S, point: impl Fn(usize, usize) -> Vector<S>) -> Taps {
    let mut taps = [[0.0; BLOCK]; TAPS];
    for lane in (0..BLOCK).step_by(S::F32_LANES) {
        separable(
            s,
            #[inline(always)]
            |x| tiles::kernel_transposed(s, x),
            #[inline(always)]
            |i, j| point(6 * i + j, lane),
            #[inline(always)]
            |i, j, tap| store::<S>(&mut taps[3 * i + j], lane, tap),
        );
    }
    taps
}

const _: () = assert!(POINTS == 36, "the transforms are those of 6 by 6 points");
