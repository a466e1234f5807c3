//! What a layer of many channels does with one row of its tiles; lanes of a vector are neighbouring channels.

use pulp::{Simd, WithSimd};

use crate::cpu::map::{Grid, Map, TILE};
use crate::cpu::simd::{Vector, load, prefetch, prefetch_to_write, relu, store, tanh, unit};
use crate::cpu::winograd::{POINTS, Sink, Source, forward_tile, inverse_tile, upsampled_tile};

/// Where the points of a row of tiles lie: point by point, tile by tile, all inputs of a tile together.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    /// Tiles in the row.
    pub tiles: usize,
    /// Inputs of a tile, all sources together.
    pub inputs: usize,
    /// Inputs before those of this source.
    pub offset: usize,
}

impl Strip {
    /// Values of a whole row of tiles.
    #[must_use]
    pub const fn len(&self) -> usize {
        POINTS * self.tiles * self.inputs
    }

    /// Whether it has no values.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    const fn spot<'a>(&self, points: &'a mut [f32], tile: usize, channel: usize) -> Spot<'a> {
        let start = tile * self.inputs + self.offset + channel;
        Spot { points, start, stride: self.tiles * self.inputs }
    }
}

/// A patch of a map with channels last.
struct Patch<'a> {
    rows: &'a [f32],
    start: usize,
    row: usize,
    column: usize,
}

impl<S: Simd> Source<S> for Patch<'_> {
    #[inline(always)]
    fn pixel(&self, _: S, row: usize, column: usize) -> Vector<S> {
        load::<S>(self.rows, self.start + row * self.row + column * self.column)
    }
}

/// The points of a tile and some channels, in a row of tiles.
struct Spot<'a> {
    points: &'a mut [f32],
    start: usize,
    stride: usize,
}

impl Spot<'_> {
    /// Asks for the lines so many values further on: 36 places far from each other, which no machine would guess.
    #[inline(always)]
    fn prepare(&self, further: usize) {
        for point in 0..POINTS {
            prefetch_to_write(self.points, self.start + further + point * self.stride);
        }
    }
}

impl<S: Simd> Sink<S> for Spot<'_> {
    #[inline(always)]
    fn put(&mut self, _: S, point: usize, value: Vector<S>) {
        store::<S>(self.points, self.start + point * self.stride, value);
    }
}

/// Takes a map's 6x6 patches to their points.
#[derive(Debug)]
pub struct Patches<'a> {
    /// The map, channels last.
    pub source: &'a Map,
    /// Which row of tiles.
    pub row: usize,
    /// Where the points go.
    pub strip: Strip,
    /// That row's points.
    pub points: &'a mut [f32],
}

impl WithSimd for Patches<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { source, row, strip, points } = self;
        let layout = source.layout;
        let rows = &source.values[TILE * row * layout.row..][..6 * layout.row];
        for tile in 0..strip.tiles {
            for channel in (0..layout.column).step_by(S::F32_LANES) {
                let start = TILE * tile * layout.column + channel;
                let patch = Patch { rows, start, row: layout.row, column: layout.column };
                let mut spot = strip.spot(points, tile, channel);
                spot.prepare(strip.inputs);
                forward_tile(simd, &patch, &mut spot);
            }
        }
    }
}

/// Takes the patches of a map doubled in size to their points: 4x4 of its pixels make a patch.
#[derive(Debug)]
pub struct DoubledPatches<'a> {
    /// The map of half the size, channels last.
    pub source: &'a Map,
    /// Which row of tiles of the doubled map.
    pub row: usize,
    /// Where the points go.
    pub strip: Strip,
    /// That row's points.
    pub points: &'a mut [f32],
}

impl WithSimd for DoubledPatches<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { source, row, strip, points } = self;
        let layout = source.layout;
        let rows = &source.values[2 * row * layout.row..][..4 * layout.row];
        for tile in 0..strip.tiles {
            for channel in (0..layout.column).step_by(S::F32_LANES) {
                let start = 2 * tile * layout.column + channel;
                let patch = Patch { rows, start, row: layout.row, column: layout.column };
                let mut spot = strip.spot(points, tile, channel);
                spot.prepare(strip.inputs);
                upsampled_tile(simd, &patch, &mut spot);
            }
        }
    }
}

/// The products at the points: point by point, part by part, tile by tile, all outputs of a tile together.
#[derive(Clone, Copy, Debug)]
pub struct Products<'a> {
    /// All of them.
    pub values: &'a [f32],
    /// Values from one point to the next.
    pub point: usize,
    /// Rows of tiles in a part, and values from one part to the next.
    pub part: (usize, usize),
    /// Tiles in a row.
    pub across: usize,
    /// Outputs of a tile.
    pub outputs: usize,
}

impl Products<'_> {
    /// The 4x4 outputs of a tile in a row of tiles, from this output on, before the bias.
    #[inline(always)]
    pub fn tile<S: Simd>(&self, simd: S, row: usize, tile: usize, output: usize) -> [[Vector<S>; 4]; 4] {
        let (part, row) = (row / self.part.0, row % self.part.0);
        let start = part * self.part.1 + (row * self.across + tile) * self.outputs + output;
        // The same of the next tile, which the machine would not guess: 36 places far from each other.
        for point in 0..POINTS {
            prefetch(self.values, start + self.outputs + point * self.point);
        }
        inverse_tile(simd, self.values, start, self.point)
    }
}

/// Rows and columns of a tile that are on the map.
#[inline(always)]
const fn inside(grid: Grid, row: usize, tile: usize) -> (usize, usize) {
    (grid.height - TILE * row, grid.width - TILE * tile)
}

/// The convolutional LSTM behind the gates' convolution: `C = f C + i g`, `R = o tanh C`.
/// Outputs are stacked `i f o g`; slope and offset of the hard sigmoid are in their weights.
#[derive(Debug)]
pub struct Gates<'a> {
    /// The convolution at the points.
    pub products: Products<'a>,
    /// Biases of `i f o g`, padded.
    pub bias: &'a [f32],
    /// The cells of the last step.
    pub old_cell: &'a Map,
    /// Which row of tiles.
    pub row: usize,
    /// Which row of the products.
    pub products_row: usize,
    /// The row's new cells: four rows of the map.
    pub cell: &'a mut [f32],
    /// The row's new representation.
    pub r: &'a mut [f32],
}

impl WithSimd for Gates<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { products, bias, old_cell, row, products_row, cell, r } = self;
        let layout = old_cell.layout;
        let width = layout.column;
        let old = &old_cell.values[(1 + TILE * row) * layout.row..][..TILE * layout.row];
        let across = layout.grid.across();
        for tile in 0..across {
            let (rows, columns) = inside(layout.grid, row, tile);
            for channel in (0..width).step_by(S::F32_LANES) {
                let start = (TILE * tile + 1) * width + channel;
                // Lines that are about to be written are fetched as well: waiting for them stops everything behind.
                for i in 0..TILE {
                    for j in 0..TILE {
                        let place = start + i * layout.row + j * width;
                        prefetch(old, place);
                        prefetch_to_write(cell, place);
                        prefetch_to_write(r, place);
                    }
                }
                let mut new = products.tile(simd, products_row, tile, channel);
                let g = products.tile(simd, products_row, tile, 3 * width + channel);
                let i_bias = load::<S>(bias, channel);
                let g_bias = load::<S>(bias, 3 * width + channel);
                for i in 0..TILE {
                    for j in 0..TILE {
                        let open = unit(simd, simd.add_f32s(new[i][j], i_bias));
                        new[i][j] = simd.mul_f32s(open, tanh(simd, simd.add_f32s(g[i][j], g_bias)));
                    }
                }
                let f = products.tile(simd, products_row, tile, width + channel);
                let f_bias = load::<S>(bias, width + channel);
                for i in 0..TILE {
                    for j in 0..TILE {
                        if i < rows && j < columns {
                            let place = start + i * layout.row + j * width;
                            let kept = unit(simd, simd.add_f32s(f[i][j], f_bias));
                            new[i][j] = simd.mul_add_e_f32s(kept, load::<S>(old, place), new[i][j]);
                            store::<S>(cell, place, new[i][j]);
                        }
                    }
                }
                let o = products.tile(simd, products_row, tile, 2 * width + channel);
                let o_bias = load::<S>(bias, 2 * width + channel);
                for i in 0..TILE {
                    for j in 0..TILE {
                        if i < rows && j < columns {
                            let open = unit(simd, simd.add_f32s(o[i][j], o_bias));
                            let value = simd.mul_f32s(open, tanh(simd, new[i][j]));
                            store::<S>(r, start + i * layout.row + j * width, value);
                        }
                    }
                }
            }
        }
    }
}

/// The prediction behind its convolution: `Ahat = relu(conv R)`.
#[derive(Debug)]
pub struct Predictions<'a> {
    /// The convolution at the points.
    pub products: Products<'a>,
    /// Its biases, padded.
    pub bias: &'a [f32],
    /// The map's size.
    pub grid: Grid,
    /// Which row of tiles.
    pub row: usize,
    /// Which row of the products.
    pub products_row: usize,
    /// The row's predictions: four rows of the map.
    pub a_hat: &'a mut [f32],
}

impl WithSimd for Predictions<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { products, bias, grid, row, products_row, a_hat } = self;
        let across = grid.across();
        let (width, map_row) = (products.outputs, (TILE * across + 2) * products.outputs);
        for tile in 0..across {
            let (rows, columns) = inside(grid, row, tile);
            for channel in (0..width).step_by(S::F32_LANES) {
                for i in 0..TILE {
                    for j in 0..TILE {
                        let place = i * map_row + (TILE * tile + 1 + j) * width + channel;
                        prefetch_to_write(a_hat, place);
                    }
                }
                let values = products.tile(simd, products_row, tile, channel);
                let bias = load::<S>(bias, channel);
                for i in 0..TILE {
                    for j in 0..TILE {
                        if i < rows && j < columns {
                            let place = i * map_row + (TILE * tile + 1 + j) * width + channel;
                            store::<S>(a_hat, place, relu(simd, simd.add_f32s(values[i][j], bias)));
                        }
                    }
                }
            }
        }
    }
}

/// Two rows of what a layer gets from below and of its errors, to be written:
/// `E = [relu(Ahat - A), relu(A - Ahat)]`.
#[derive(Debug)]
pub struct Errors<'a> {
    /// The prediction of the layer.
    a_hat: &'a Map,
    /// Which pair of rows.
    row: usize,
    a: &'a mut [f32],
    e: &'a mut [f32],
}

impl<'a> Errors<'a> {
    /// The pair of rows `row` of a layer that expects `a_hat`: `a` is two rows of what comes from below, `e` two
    /// rows of errors, `Ahat - A` in the first group of channels, `A - Ahat` in the second.
    pub const fn new(a_hat: &'a Map, row: usize, a: &'a mut [f32], e: &'a mut [f32]) -> Self {
        Self { a_hat, row, a, e }
    }

    /// Columns, and rows from the first of the pair on.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        let Grid { width, height } = self.a_hat.layout.grid;
        (width, height.saturating_sub(2 * self.row))
    }

    /// Asks for the places that [`Errors::put`] will need.
    #[inline(always)]
    pub fn prepare(&self, (i, column): (usize, usize), channel: usize) {
        let layout = &self.a_hat.layout;
        let place = i * layout.row + (column + 1) * layout.column + channel;
        prefetch(&self.a_hat.values, (1 + 2 * self.row) * layout.row + place);
        prefetch_to_write(self.a, place);
        let place = 2 * (place - channel) + channel;
        prefetch_to_write(self.e, place);
        prefetch_to_write(self.e, place + layout.column);
    }

    /// Puts the most of what came to a pixel of row `i` of the pair, before bias and rectifier: both commute with
    /// the maximum.
    #[inline(always)]
    pub fn put<S: Simd>(
        &mut self,
        simd: S,
        (i, column): (usize, usize),
        channel: usize,
        most: Vector<S>,
        bias: Vector<S>,
    ) {
        let layout = &self.a_hat.layout;
        let place = i * layout.row + (column + 1) * layout.column + channel;
        let came = relu(simd, simd.add_f32s(most, bias));
        let expected = load::<S>(&self.a_hat.values, (1 + 2 * self.row) * layout.row + place);
        let difference = simd.sub_f32s(expected, came);
        store::<S>(self.a, place, came);
        let place = 2 * (place - channel) + channel;
        store::<S>(self.e, place, relu(simd, difference));
        let negated = simd.sub_f32s(simd.splat_f32s(0.0), difference);
        store::<S>(self.e, place + layout.column, relu(simd, negated));
    }
}

/// What a layer gets from below, and its errors: `A = maxpool(relu(conv E))` of the layer below.
#[derive(Debug)]
pub struct PassUp<'a> {
    /// The convolution of the layer below at the points.
    pub products: Products<'a>,
    /// Its biases, padded.
    pub bias: &'a [f32],
    /// Which row of the products.
    pub products_row: usize,
    /// Two rows of this layer.
    pub errors: Errors<'a>,
}

impl WithSimd for PassUp<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { products, bias, products_row, mut errors } = self;
        let (width, rows) = errors.size();
        for tile in 0..products.across {
            let columns = width.saturating_sub(2 * tile);
            for channel in (0..products.outputs).step_by(S::F32_LANES) {
                for i in 0..2 {
                    for j in 0..2 {
                        errors.prepare((i, 2 * tile + j), channel);
                    }
                }
                let values = products.tile(simd, products_row, tile, channel);
                let bias = load::<S>(bias, channel);
                for i in 0..2 {
                    for j in 0..2 {
                        if i < rows && j < columns {
                            let upper = simd.max_f32s(values[2 * i][2 * j], values[2 * i][2 * j + 1]);
                            let lower = simd.max_f32s(values[2 * i + 1][2 * j], values[2 * i + 1][2 * j + 1]);
                            let most = simd.max_f32s(upper, lower);
                            errors.put(simd, (i, 2 * tile + j), channel, most, bias);
                        }
                    }
                }
            }
        }
    }
}
