//! The transposes of the transforms: they carry gradients to the Winograd domain and back.

use std::ops::Range;

use pulp::Simd;

use super::layout::{BLOCK, Map, Spectrum, TILE};
use super::pairs::{abreast, by_twos, pixel, put_pixel};
use super::tiles::{self, separable};
use super::transforms::{Tile, for_each_tile, twice};
use crate::cpu::simd::{load, store};
use crate::cpu::winograd::LOUD;

/// `dM = A dy Aᵀ`, the transpose of [`super::transforms::from_points`]. Pixels outside the image must be zero.
pub fn gradient_to_points<S: Simd>(s: S, map: Map, dy: &[f32], spectrum: Spectrum, dm: &mut [f32]) {
    let columns = map.tile_columns();
    by_twos!(s, columns, columns, |s, columns| gradient_patches(s, map, columns, dy, spectrum, dm));
}

fn gradient_patches<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    dy: &[f32],
    spectrum: Spectrum,
    dm: &mut [f32],
) {
    for_each_tile!(s, map, columns.clone(), |tile, lane| {
        let corner = map.at(tile.block, tile.image, tile.row * TILE, tile.column * TILE) + lane;
        separable(
            s,
            #[inline(always)]
            |x| tiles::inverse_transposed(s, x),
            #[inline(always)]
            |i, j| pixel::<S>(dy, corner + i * map.pitch() + j * BLOCK, TILE),
            #[inline(always)]
            |i, j, value| {
                store::<S>(dm, spectrum.at(6 * i + j, tile.block, tile.index) + lane, value);
            },
        );
    });
}

/// Adds `B dV Bᵀ` to the gradient of the map that [`super::transforms::to_points`] read; tiles overlap.
pub fn add_from_points<S: Simd>(
    s: S,
    map: Map,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    let columns = map.tile_columns();
    by_twos!(s, columns, columns, |s, columns| add_patches(s, map, columns, dx, spectrum, first, dv));
}

fn add_patches<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    for_each_tile!(s, map, columns.clone(), |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * TILE, tile.column * TILE) + lane;
        separable(
            s,
            #[inline(always)]
            |x| tiles::forward_transposed(s, x),
            #[inline(always)]
            |i, j| load::<S>(dv, spectrum.at(6 * i + j, first + tile.block, tile.index) + lane),
            #[inline(always)]
            |i, j, value| {
                let at = corner + i * map.pitch() + j * BLOCK;
                put_pixel::<S>(dx, at, TILE, s.add_f32s(pixel::<S>(dx, at, TILE), value));
            },
        );
    });
}

/// The transpose of [`super::transforms::to_points_doubled`], added to the gradient of the small map.
pub fn add_from_points_doubled<S: Simd>(
    s: S,
    map: Map,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    let columns = twice(map).tile_columns();
    by_twos!(s, columns, columns, |s, columns| add_patches_doubled(s, map, columns, dx, spectrum, first, dv));
}

fn add_patches_doubled<S: Simd>(
    s: S,
    map: Map,
    columns: Range<usize>,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    for_each_tile!(s, twice(map), columns.clone(), |tile, lane| {
        let corner = map.corner(tile.block, tile.image, tile.row * 2, tile.column * 2) + lane;
        separable(
            s,
            #[inline(always)]
            |x| tiles::upsampled_transposed(s, x),
            #[inline(always)]
            |i, j| {
                let at = spectrum.at(6 * LOUD[i] + LOUD[j], first + tile.block, tile.index);
                load::<S>(dv, at + lane)
            },
            #[inline(always)]
            |i, j, value| {
                let at = corner + i * map.pitch() + j * BLOCK;
                put_pixel::<S>(dx, at, TILE / 2, s.add_f32s(pixel::<S>(dx, at, TILE / 2), value));
            },
        );
    });
}

/// A convolution's gradient by its bias, one value per lane of `dm`: the second point of the second row is the sum of
/// a tile's pixels.
#[must_use]
pub fn bias_gradient(spectrum: Spectrum, dm: &[f32]) -> Vec<f32> {
    let mut gradient = vec![0.0; spectrum.blocks * BLOCK];
    for (block, gradient) in gradient.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let sums = &dm[spectrum.at(7, block, 0)..][..spectrum.tiles * BLOCK];
        for tile in sums.as_chunks::<BLOCK>().0 {
            for (total, value) in gradient.iter_mut().zip(tile) {
                *total += value;
            }
        }
    }
    gradient
}
