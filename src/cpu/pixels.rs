//! What the layer at the pixels does with one row of its tiles. It has only one or three channels, so the lanes of a
//! vector are neighbouring tiles, and its maps lie in planes (see [`crate::cpu::map::Layout::planes`]).

use pulp::{Simd, WithSimd};

use crate::cpu::map::{Layout, Map, TILE};
use crate::cpu::simd::{LANES, LINE, Vector, load, prefetch, relu, store, tanh, unit};
use crate::cpu::winograd::{self, POINTS, Sink, Source, forward_tile, inverse_tile, upsampled_tile};

/// Kernels at the 36 points, all outputs of an input side by side, inputs from a doubled map last.
#[derive(Debug)]
pub struct PixelKernels {
    values: Vec<f32>,
    /// Inputs from maps of the pixels' own size.
    pub own: usize,
    /// Inputs from a map of half the size.
    pub doubled: usize,
    /// Outputs.
    pub outputs: usize,
}

impl PixelKernels {
    /// Takes the kernels that `taps(output, input)` gives.
    #[must_use]
    pub fn new(own: usize, doubled: usize, outputs: usize, taps: impl Fn(usize, usize) -> [f32; 9]) -> Self {
        let inputs = own + doubled;
        let mut values = vec![0.0; POINTS * inputs * outputs];
        for output in 0..outputs {
            for input in 0..inputs {
                for (point, value) in winograd::kernel(&taps(output, input)).into_iter().enumerate() {
                    values[(point * inputs + input) * outputs + output] = value;
                }
            }
        }
        Self { values, own, doubled, outputs }
    }

    const fn inputs(&self) -> usize {
        self.own + self.doubled
    }

    /// Values of scratch that a convolution with these needs.
    #[must_use]
    pub const fn scratch(&self) -> usize {
        POINTS * (self.inputs() + self.outputs) * LANES
    }

    /// The weights of a point, a row per input.
    #[inline(always)]
    fn at<const O: usize>(&self, point: usize) -> &[[f32; O]] {
        let count = self.inputs() * O;
        let silent = winograd::is_silent(point);
        let used = if silent { self.own } else { self.inputs() };
        &self.values[point * count..][..count].as_chunks::<O>().0[..used]
    }
}

/// The 6x6 patches of a vector of neighbouring tiles; zero where there is no map.
struct Patch<'a> {
    values: &'a [f32],
    start: usize,
    row: usize,
    phase: usize,
    there: bool,
}

impl<'a> Patch<'a> {
    #[inline(always)]
    fn new(map: Option<&'a Map>, row: usize, channel: usize, tile: usize) -> Self {
        let Some(map) = map else { return Self { values: &[], start: 0, row: 0, phase: 0, there: false } };
        let layout = &map.layout;
        let start = TILE * row * layout.row + channel * layout.channel + tile;
        Self { values: &map.values, start, row: layout.row, phase: layout.phase, there: true }
    }
}

impl<S: Simd> Source<S> for Patch<'_> {
    #[inline(always)]
    fn pixel(&self, simd: S, row: usize, column: usize) -> Vector<S> {
        if !self.there {
            return simd.splat_f32s(0.0);
        }
        let (phase, shift) = match column {
            0 => (3, 0),
            5 => (0, 2),
            _ => (column - 1, 1),
        };
        load::<S>(self.values, self.start + row * self.row + phase * self.phase + shift)
    }
}

/// The 4x4 small pixels behind the doubled patches of a vector of neighbouring tiles.
struct SmallPatch<'a>(Patch<'a>);

impl<'a> SmallPatch<'a> {
    #[inline(always)]
    fn new(map: Option<&'a Map>, row: usize, channel: usize, tile: usize) -> Self {
        let mut patch = Patch::new(map, row, channel, tile);
        // Two small rows for four rows of the tile.
        patch.start -= (TILE - 2) * row * patch.row;
        Self(patch)
    }
}

impl<S: Simd> Source<S> for SmallPatch<'_> {
    #[inline(always)]
    fn pixel(&self, simd: S, row: usize, column: usize) -> Vector<S> {
        let Self(patch) = self;
        if !patch.there {
            return simd.splat_f32s(0.0);
        }
        let (phase, shift) = ((column + 1) % 2, column.div_ceil(2));
        load::<S>(patch.values, patch.start + row * patch.row + phase * patch.phase + shift)
    }
}

/// The points of one input in the scratch.
struct Points<'a> {
    values: &'a mut [f32],
    input: usize,
    inputs: usize,
}

impl<S: Simd> Sink<S> for Points<'_> {
    #[inline(always)]
    fn put(&mut self, _: S, point: usize, value: Vector<S>) {
        store::<S>(self.values, (point * self.inputs + self.input) * S::F32_LANES, value);
    }
}

/// Where the tiles from `tile` on have their pixel `(i, j)` in a row of tiles cut out of a map.
#[inline(always)]
const fn place(layout: &Layout, channel: usize, tile: usize, i: usize, j: usize) -> usize {
    i * layout.row + channel * layout.channel + j * layout.phase + 1 + tile
}

/// A convolution of maps in planes, tile by tile.
#[derive(Clone, Copy, Debug)]
pub struct Convolution<'a> {
    /// The kernels.
    pub kernels: &'a PixelKernels,
    /// Biases, one per output.
    pub bias: &'a [f32],
    /// Maps of the pixels' own size; `None` is one that does not count, with so many channels.
    pub own: &'a [(Option<&'a Map>, usize)],
    /// The map of half the size, in planes of two phases.
    pub doubled: Option<&'a Map>,
    /// How many rows of tiles further on the own maps are fetched meanwhile.
    pub ahead: usize,
}

impl Convolution<'_> {
    /// Leaves the products of a vector of tiles in the scratch, point by point, output by output.
    #[inline(always)]
    fn products<'s, S: Simd, const O: usize>(
        &self,
        simd: S,
        row: usize,
        tile: usize,
        scratch: &'s mut [f32],
    ) -> &'s [f32] {
        let lanes = S::F32_LANES;
        let inputs = self.kernels.inputs();
        let (points, products) = scratch.split_at_mut(POINTS * inputs * lanes);
        let mut input = 0;
        for (map, channels) in self.own {
            for channel in 0..*channels {
                let patch = Patch::new(*map, row, channel, tile);
                forward_tile(simd, &patch, &mut Points { values: points, input, inputs });
                input += 1;
            }
        }
        for channel in 0..self.kernels.doubled {
            self.fetch(row, tile / lanes * self.kernels.doubled + channel);
            let patch = SmallPatch::new(self.doubled, row, channel, tile);
            upsampled_tile(simd, &patch, &mut Points { values: points, input, inputs });
            input += 1;
        }
        let (vectors, _) = S::as_simd_f32s(points);
        for point in 0..POINTS {
            let mut sums = [simd.splat_f32s(0.0); O];
            let weights = self.kernels.at::<O>(point);
            let values = &vectors[point * inputs..][..weights.len()];
            for k in 0..weights.len() {
                for o in 0..O {
                    sums[o] = simd.mul_add_e_f32s(simd.splat_f32s(weights[k][o]), values[k], sums[o]);
                }
            }
            for o in 0..O {
                store::<S>(products, (point * O + o) * lanes, sums[o]);
            }
        }
        products
    }

    /// Asks for a part of what the row of tiles `ahead` rows further on needs of the own maps: these were written a step
    /// ago and are in no cache. `at` numbers the doubled channels of all vectors of tiles.
    #[inline(always)]
    fn fetch(&self, row: usize, at: usize) {
        for map in self.own.iter().filter_map(|(map, _)| *map) {
            let layout = &map.layout;
            let parts = layout.grid.across().div_ceil(LANES) * self.kernels.doubled;
            let share = (TILE * layout.row).div_ceil(parts * LINE);
            let first = (TILE * (row + self.ahead) + 2) * layout.row;
            for line in 0..share {
                prefetch(&map.values, first + (at * share + line) * LINE);
            }
        }
    }
}

/// The 4x4 values of an output, with its bias.
#[inline(always)]
fn output<S: Simd, const O: usize>(
    simd: S,
    products: &[f32],
    bias: &[f32],
    index: usize,
) -> [[Vector<S>; 4]; 4] {
    let mut tile = inverse_tile(simd, products, index * S::F32_LANES, O * S::F32_LANES);
    let bias = simd.splat_f32s(bias[index]);
    for i in 0..TILE {
        for j in 0..TILE {
            tile[i][j] = simd.add_f32s(tile[i][j], bias);
        }
    }
    tile
}

/// The convolutional LSTM at the pixels; `C` channels, `O = 4 C` outputs stacked `i f o g`.
#[derive(Debug)]
pub struct PixelGates<'a, const C: usize, const O: usize> {
    /// Of `R`, `E` and the doubled `R` above.
    pub convolution: Convolution<'a>,
    /// The cells of the last step.
    pub old_cell: &'a Map,
    /// 1 where a tile's column is on the map, 0 beyond: four phases.
    pub mask: &'a [f32],
    /// Which row of tiles.
    pub row: usize,
    /// The row's new cells: four rows of the map.
    pub cell: &'a mut [f32],
    /// The row's new representation.
    pub r: &'a mut [f32],
    /// As much as the kernels ask for.
    pub scratch: &'a mut [f32],
}

impl<const C: usize, const O: usize> WithSimd for PixelGates<'_, C, O> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { convolution, old_cell, mask, row, cell, r, scratch } = self;
        let layout = old_cell.layout;
        let old = &old_cell.values[(1 + TILE * row) * layout.row..][..TILE * layout.row];
        let rows = (layout.grid.height - TILE * row).min(TILE);
        for tile in (0..layout.grid.across()).step_by(S::F32_LANES) {
            let products = convolution.products::<S, O>(simd, row, tile, scratch);
            for channel in 0..C {
                let bias = convolution.bias;
                let i_gate = output::<S, O>(simd, products, bias, channel);
                let f_gate = output::<S, O>(simd, products, bias, C + channel);
                let o_gate = output::<S, O>(simd, products, bias, 2 * C + channel);
                let g_gate = output::<S, O>(simd, products, bias, 3 * C + channel);
                for i in 0..rows {
                    for j in 0..TILE {
                        let place = place(&layout, channel, tile, i, j);
                        let on_map = load::<S>(mask, j * layout.phase + tile);
                        let kept = simd.mul_f32s(unit(simd, f_gate[i][j]), load::<S>(old, place));
                        let new = tanh(simd, g_gate[i][j]);
                        let new = simd.mul_add_e_f32s(unit(simd, i_gate[i][j]), new, kept);
                        let new = simd.mul_f32s(new, on_map);
                        store::<S>(cell, place, new);
                        store::<S>(r, place, simd.mul_f32s(unit(simd, o_gate[i][j]), tanh(simd, new)));
                    }
                }
            }
        }
    }
}

/// The predicted frame: `Ahat_0 = min(relu(conv R_0), 1)`.
#[derive(Debug)]
pub struct PixelPrediction<'a, const C: usize> {
    /// Of `R`.
    pub convolution: Convolution<'a>,
    /// 1 where a tile's column is on the map, 0 beyond: four phases.
    pub mask: &'a [f32],
    /// The layout of `Ahat`.
    pub layout: Layout,
    /// Which row of tiles.
    pub row: usize,
    /// Four rows of the map.
    pub a_hat: &'a mut [f32],
    /// As much as the kernels ask for.
    pub scratch: &'a mut [f32],
}

impl<const C: usize> WithSimd for PixelPrediction<'_, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { convolution, mask, layout, row, a_hat, scratch } = self;
        let rows = (layout.grid.height - TILE * row).min(TILE);
        for tile in (0..layout.grid.across()).step_by(S::F32_LANES) {
            let products = convolution.products::<S, C>(simd, row, tile, scratch);
            for channel in 0..C {
                let values = output::<S, C>(simd, products, convolution.bias, channel);
                for i in 0..rows {
                    for j in 0..TILE {
                        let on_map = load::<S>(mask, j * layout.phase + tile);
                        let value = simd.mul_f32s(unit(simd, values[i][j]), on_map);
                        store::<S>(a_hat, place(&layout, channel, tile, i, j), value);
                    }
                }
            }
        }
    }
}

/// The frame in planes, and the error units: `E_0 = [relu(Ahat_0 - A_0), relu(A_0 - Ahat_0)]`.
#[derive(Debug)]
pub struct PixelErrors<'a> {
    /// The frame, plane by plane, 0..1; `None`: the network's own prediction instead.
    pub frame: Option<&'a [f32]>,
    /// The prediction.
    pub a_hat: &'a Map,
    /// Which row of tiles.
    pub row: usize,
    /// Four rows of what came, in the prediction's layout.
    pub a: &'a mut [f32],
    /// Four rows of errors, in planes of twice as many channels.
    pub e: &'a mut [f32],
}

impl WithSimd for PixelErrors<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { frame, a_hat, row, a, e } = self;
        let layout = a_hat.layout;
        let (width, height) = (layout.grid.width, layout.grid.height);
        let expected = &a_hat.values[(1 + TILE * row) * layout.row..][..TILE * layout.row];
        let rows = (height - TILE * row).min(TILE);
        let lanes = S::F32_LANES;
        for i in 0..rows {
            for channel in 0..layout.channels {
                let start = place(&layout, channel, 0, i, 0);
                let own = start..start + layout.channel - 1;
                if let Some(frame) = frame {
                    let line = &frame[(channel * height + TILE * row + i) * width..][..width];
                    for (x, value) in line.iter().enumerate() {
                        a[start + x % TILE * layout.phase + x / TILE] = *value;
                    }
                } else {
                    a[own.clone()].copy_from_slice(&expected[own.clone()]);
                }
                for j in 0..TILE {
                    for tile in (0..layout.grid.across()).step_by(lanes) {
                        let at = start + j * layout.phase + tile;
                        let difference = simd.sub_f32s(load::<S>(expected, at), load::<S>(a, at));
                        let to = at + i * layout.row;
                        store::<S>(e, to, relu(simd, difference));
                        let negated = simd.sub_f32s(simd.splat_f32s(0.0), difference);
                        store::<S>(e, to + layout.row, relu(simd, negated));
                    }
                }
            }
        }
    }
}

/// A row of a map with channels last, put into planes of two phases.
#[derive(Debug)]
pub struct Spread<'a> {
    /// The map, channels last.
    pub source: &'a Map,
    /// Layout of the planes.
    pub layout: Layout,
    /// Which row of pixels.
    pub y: usize,
    /// That row of the planes.
    pub planes: &'a mut [f32],
}

impl Spread<'_> {
    /// Does it.
    pub fn run(self) {
        let Self { source, layout, y, planes } = self;
        let from = source.layout;
        let row = &source.values[from.index(0, y, 0)..][..from.grid.width * from.column];
        for (x, pixel) in row.chunks_exact(from.column).enumerate() {
            let place = x % 2 * layout.phase + x / 2 + 1;
            for (channel, value) in pixel[..layout.channels].iter().enumerate() {
                planes[channel * layout.channel + place] = *value;
            }
        }
    }
}
