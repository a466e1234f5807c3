//! Maps to the Winograd domain and back.

use pulp::Simd;

use super::layout::{BLOCK, Map, Spectrum, TILE};
use super::tiles::separable;
use crate::cpu::simd::{load, store};
use crate::cpu::winograd::{self, LOUD};

/// A tile of one block of channels.
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

/// Does something for every tile and every vector of its block. A macro, because a closure would not always become
/// part of the function that is compiled for the machine's vectors.
macro_rules! for_each_tile {
    ($s:expr, $map:expr, |$tile:ident, $lane:ident| $body:block) => {
        $s.vectorize(
            #[inline(always)]
            || {
                let map: Map = $map;
                for block in 0..map.blocks() {
                    let mut index = 0;
                    for image in 0..map.images {
                        for row in 0..map.tile_rows() {
                            for column in 0..map.tile_columns() {
                                let $tile = Tile { block, image, row, column, index };
                                for $lane in (0..BLOCK).step_by(S::F32_LANES) $body
                                index += 1;
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

/// The `N` rows of `N` pixels that begin at `corner`.
#[inline(always)]
pub(super) fn rows_of<const N: usize>(map: Map, x: &[f32], corner: usize) -> [&[f32]; N] {
    let mut rows = [&x[..0]; N];
    for (i, row) in rows.iter_mut().enumerate() {
        *row = &x[corner + i * map.pitch()..][..N * BLOCK];
    }
    rows
}

/// `V = Bᵀ x B` for all tiles of `x`, to the blocks of `v` from `first` on.
pub fn to_points<S: Simd>(s: S, map: Map, x: &[f32], spectrum: Spectrum, first: usize, v: &mut [f32]) {
    for_each_tile!(s, map, |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * TILE, tile.column * TILE);
        let rows = rows_of::<6>(map, x, corner);
        separable(
            s,
            #[inline(always)]
            |x| winograd::forward(s, x),
            #[inline(always)]
            |i, j| load::<S>(rows[i], j * BLOCK + lane),
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
    for_each_tile!(s, twice(map), |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * 2, tile.column * 2);
        let rows = rows_of::<4>(map, x, corner);
        separable(
            s,
            #[inline(always)]
            |x| winograd::upsampled(s, x),
            #[inline(always)]
            |i, j| load::<S>(rows[i], j * BLOCK + lane),
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
    for_each_tile!(s, map, |tile, lane| {
        let corner = map.at(tile.block, tile.image, tile.row * TILE, tile.column * TILE);
        let rows = (map.rows - tile.row * TILE).min(TILE);
        let columns = (map.columns - tile.column * TILE).min(TILE);
        let bias = load::<S>(bias, tile.block * BLOCK + lane);
        separable(
            s,
            #[inline(always)]
            |x| winograd::inverse(s, x),
            #[inline(always)]
            |i, j| load::<S>(m, spectrum.at(6 * i + j, tile.block, tile.index) + lane),
            #[inline(always)]
            |i, j, value| {
                if i < rows && j < columns {
                    store::<S>(y, corner + i * map.pitch() + j * BLOCK + lane, s.add_f32s(value, bias));
                }
            },
        );
    });
}
