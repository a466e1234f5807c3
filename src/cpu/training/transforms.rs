//! Maps to the Winograd domain and back.

use std::ops::Range;

use pulp::Simd;

use super::layout::{BLOCK, Map, Spectrum, TILE};
use super::pairs::{abreast, by_twos, pixel, put_pixel};
use super::tiles::separable;
use crate::cpu::simd::{load, store};
use crate::cpu::winograd::{self, LOUD};

/// A tile of one block of channels, or the first of two.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    pub(super) block: usize,
    pub(super) image: usize,
    /// Row and column of tiles.
    pub(super) row: usize,
    pub(super) column: usize,
    /// Its number among all tiles.
    pub(super) index: usize,
}

/// Does something for every tile of some columns and every vector of its block, or for every two tiles. A macro,
/// because a closure would not always become part of the function that is compiled for the machine's vectors.
macro_rules! for_each_tile {
    ($s:expr, $map:expr, $columns:expr, |$tile:ident, $lane:ident| $body:block) => {
        $s.vectorize(
            #[inline(always)]
            || {
                let map: Map = $map;
                let columns: Range<usize> = $columns;
                for block in 0..map.blocks() {
                    for image in 0..map.images {
                        for row in 0..map.tile_rows() {
                            let first = (image * map.tile_rows() + row) * map.tile_columns();
                            for column in columns.clone().step_by(abreast::<S>()) {
                                let $tile = Tile { block, image, row, column, index: first + column };
                                for $lane in (0..BLOCK).step_by(S::F32_LANES) $body
                            }
                        }
                    }
                }
            },
        )
    };
}
pub(super) use for_each_tile;

/// The tiles of a map of twice the size, cut from the map of half the size.
pub(super) const fn twice(map: Map) -> Map {
    Map { rows: 2 * map.rows, columns: 2 * map.columns, ..map }
}

/// `V = Bᵀ x B` for all tiles of `x`, to the blocks of `v` from `first` on.
pub fn to_points<S: Simd>(s: S, map: Map, x: &[f32], spectrum: Spectrum, first: usize, v: &mut [f32]) {
    by_twos!(s, map.tile_columns(), map.tile_columns(), |s, columns| patches(
        s, map, columns, x, spectrum, first, v
    ));
}

fn patches<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    x: &[f32],
    spectrum: Spectrum,
    first: usize,
    v: &mut [f32],
) {
    for_each_tile!(s, map, columns.clone(), |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * TILE, tile.column * TILE) + lane;
        separable(
            s,
            #[inline(always)]
            |x| winograd::forward(s, x),
            #[inline(always)]
            |i, j| pixel::<S>(x, corner + i * map.pitch() + j * BLOCK, TILE),
            #[inline(always)]
            |i, j, value| {
                let at = spectrum.at(6 * i + j, first + tile.block, tile.index);
                store::<S>(v, at + lane, value);
            },
        );
    });
}

/// As [`to_points`] for `x` doubled in size by repeating every pixel; 11 points stay unwritten.
pub fn to_points_doubled<S: Simd>(
    s: S,
    map: Map,
    x: &[f32],
    spectrum: Spectrum,
    first: usize,
    v: &mut [f32],
) {
    let columns = twice(map).tile_columns();
    by_twos!(s, columns, columns, |s, columns| patches_doubled(s, map, columns, x, spectrum, first, v));
}

fn patches_doubled<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    x: &[f32],
    spectrum: Spectrum,
    first: usize,
    v: &mut [f32],
) {
    for_each_tile!(s, twice(map), columns.clone(), |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * 2, tile.column * 2) + lane;
        separable(
            s,
            #[inline(always)]
            |x| winograd::upsampled(s, x),
            #[inline(always)]
            |i, j| pixel::<S>(x, corner + i * map.pitch() + j * BLOCK, TILE / 2),
            #[inline(always)]
            |i, j, value| {
                let at = spectrum.at(6 * LOUD[i] + LOUD[j], first + tile.block, tile.index);
                store::<S>(v, at + lane, value);
            },
        );
    });
}

/// `y = Aᵀ M A` plus a bias per channel, from the blocks of `m` from 0 on. Pixels outside the image stay as they are.
pub fn from_points<S: Simd>(s: S, map: Map, y: &mut [f32], bias: &[f32], spectrum: Spectrum, m: &[f32]) {
    by_twos!(s, map.columns / TILE, map.tile_columns(), |s, columns| pixels(
        s, map, columns, y, bias, spectrum, m
    ));
}

fn pixels<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    y: &mut [f32],
    bias: &[f32],
    spectrum: Spectrum,
    m: &[f32],
) {
    for_each_tile!(s, map, columns.clone(), |tile, lane| {
        let corner = map.at(tile.block, tile.image, tile.row * TILE, tile.column * TILE) + lane;
        let rows = (map.rows - tile.row * TILE).min(TILE);
        let columns = (map.columns - tile.column * TILE).min(TILE);
        let bias = pixel::<S>(bias, tile.block * BLOCK + lane, 0);
        separable(
            s,
            #[inline(always)]
            |x| winograd::inverse(s, x),
            #[inline(always)]
            |i, j| load::<S>(m, spectrum.at(6 * i + j, tile.block, tile.index) + lane),
            #[inline(always)]
            |i, j, value| {
                if i < rows && j < columns {
                    let at = corner + i * map.pitch() + j * BLOCK;
                    put_pixel::<S>(y, at, TILE, s.add_f32s(value, bias));
                }
            },
        );
    });
}
