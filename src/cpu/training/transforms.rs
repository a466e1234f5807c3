//! Maps to the Winograd domain and back, and the transposes of both, which carry gradients.

use pulp::Simd;

use super::layout::{BLOCK, Map, Spectrum, TILE};
use super::tiles::{self, tabulate};
use crate::cpu::simd::{Vector, load, store};

/// Points of a row of six that do not vanish where the input was doubled in size.
const KEPT: [usize; 5] = [0, 1, 3, 4, 5];

/// Calls with block, image, row and column of a tile and its number.
#[inline(always)]
fn each_tile(map: Map, mut visit: impl FnMut(usize, usize, usize, usize, usize)) {
    for block in 0..map.blocks() {
        let mut tile = 0;
        for image in 0..map.images {
            for row in 0..map.tile_rows() {
                for column in 0..map.tile_columns() {
                    visit(block, image, row, column, tile);
                    tile += 1;
                }
            }
        }
    }
}

/// `V = Bᵀ x B` for all tiles of `x`, to the blocks of `v` from `first` on.
pub fn to_points<S: Simd>(s: S, map: Map, x: &[f32], spectrum: Spectrum, first: usize, v: &mut [f32]) {
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                map,
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.corner(block, image, row * TILE, column * TILE);
                    let rows: [&[f32]; 6] = tabulate(
                        &x[..0],
                        #[inline(always)]
                        |i| &x[corner + i * map.pitch()..][..6 * BLOCK],
                    );
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let columns: [[Vector<S>; 6]; 6] = tabulate(
                            [zero; 6],
                            #[inline(always)]
                            |j| {
                                tiles::input(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| load::<S>(rows[i], j * BLOCK + lane),
                                    ),
                                )
                            },
                        );
                        for i in 0..6 {
                            let points = tiles::input(
                                s,
                                tabulate(
                                    zero,
                                    #[inline(always)]
                                    |j| columns[j][i],
                                ),
                            );
                            for (j, point) in points.into_iter().enumerate() {
                                store::<S>(v, spectrum.at(6 * i + j, first + block, tile) + lane, point);
                            }
                        }
                    }
                },
            );
        },
    );
}

/// Adds `B dV Bᵀ` to the gradient of the map that [`to_points`] read; tiles overlap.
pub fn add_from_points<S: Simd>(
    s: S,
    map: Map,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                map,
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.corner(block, image, row * TILE, column * TILE);
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let rows: [[Vector<S>; 6]; 6] = tabulate(
                            [zero; 6],
                            #[inline(always)]
                            |i| {
                                tiles::input_transposed(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |j| load::<S>(dv, spectrum.at(6 * i + j, first + block, tile) + lane),
                                    ),
                                )
                            },
                        );
                        let columns: [[Vector<S>; 6]; 6] = tabulate(
                            [zero; 6],
                            #[inline(always)]
                            |j| {
                                tiles::input_transposed(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| rows[i][j],
                                    ),
                                )
                            },
                        );
                        for i in 0..6 {
                            let target = &mut dx[corner + i * map.pitch()..][..6 * BLOCK];
                            for (j, column) in columns.iter().enumerate() {
                                let sum = s.add_f32s(load::<S>(target, j * BLOCK + lane), column[i]);
                                store::<S>(target, j * BLOCK + lane, sum);
                            }
                        }
                    }
                },
            );
        },
    );
}

/// The tiles of a map of twice the size, cut from the map of half the size.
const fn twice(map: Map) -> Map {
    Map { rows: 2 * map.rows, columns: 2 * map.columns, ..map }
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
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                twice(map),
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.corner(block, image, row * 2, column * 2);
                    let rows: [&[f32]; 4] = tabulate(
                        &x[..0],
                        #[inline(always)]
                        |i| &x[corner + i * map.pitch()..][..4 * BLOCK],
                    );
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let columns: [[Vector<S>; 5]; 4] = tabulate(
                            [zero; 5],
                            #[inline(always)]
                            |j| {
                                tiles::doubled(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| load::<S>(rows[i], j * BLOCK + lane),
                                    ),
                                )
                            },
                        );
                        for i in 0..5 {
                            let points = tiles::doubled(
                                s,
                                tabulate(
                                    zero,
                                    #[inline(always)]
                                    |j| columns[j][i],
                                ),
                            );
                            for (j, point) in points.into_iter().enumerate() {
                                let at = spectrum.at(6 * KEPT[i] + KEPT[j], first + block, tile);
                                store::<S>(v, at + lane, point);
                            }
                        }
                    }
                },
            );
        },
    );
}

/// The transpose of [`to_points_doubled`], added to the gradient of the small map.
pub fn add_from_points_doubled<S: Simd>(
    s: S,
    map: Map,
    dx: &mut [f32],
    spectrum: Spectrum,
    first: usize,
    dv: &[f32],
) {
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                twice(map),
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.corner(block, image, row * 2, column * 2);
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let rows: [[Vector<S>; 4]; 5] = tabulate(
                            [zero; 4],
                            #[inline(always)]
                            |i| {
                                tiles::doubled_transposed(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |j| {
                                            load::<S>(
                                                dv,
                                                spectrum.at(6 * KEPT[i] + KEPT[j], first + block, tile)
                                                    + lane,
                                            )
                                        },
                                    ),
                                )
                            },
                        );
                        let columns: [[Vector<S>; 4]; 4] = tabulate(
                            [zero; 4],
                            #[inline(always)]
                            |j| {
                                tiles::doubled_transposed(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| rows[i][j],
                                    ),
                                )
                            },
                        );
                        for i in 0..4 {
                            let target = &mut dx[corner + i * map.pitch()..][..4 * BLOCK];
                            for (j, column) in columns.iter().enumerate() {
                                let sum = s.add_f32s(load::<S>(target, j * BLOCK + lane), column[i]);
                                store::<S>(target, j * BLOCK + lane, sum);
                            }
                        }
                    }
                },
            );
        },
    );
}

/// `y = Aᵀ M A` plus a bias per channel, from the blocks of `m` from 0 on. Pixels outside the image stay as they
/// are.
pub fn from_points<S: Simd>(s: S, map: Map, y: &mut [f32], bias: &[f32], spectrum: Spectrum, m: &[f32]) {
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                map,
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.at(block, image, row * TILE, column * TILE);
                    let rows = (map.rows - row * TILE).min(TILE);
                    let columns = (map.columns - column * TILE).min(TILE);
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let bias = load::<S>(bias, block * BLOCK + lane);
                        let halves: [[Vector<S>; 4]; 6] = tabulate(
                            [zero; 4],
                            #[inline(always)]
                            |j| {
                                tiles::output(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| load::<S>(m, spectrum.at(6 * i + j, block, tile) + lane),
                                    ),
                                )
                            },
                        );
                        for i in 0..rows {
                            let pixels = tiles::output(
                                s,
                                tabulate(
                                    zero,
                                    #[inline(always)]
                                    |j| halves[j][i],
                                ),
                            );
                            let target = &mut y[corner + i * map.pitch()..][..TILE * BLOCK];
                            for (j, pixel) in pixels.into_iter().enumerate().take(columns) {
                                store::<S>(target, j * BLOCK + lane, s.add_f32s(pixel, bias));
                            }
                        }
                    }
                },
            );
        },
    );
}

/// `dM = A dy Aᵀ`, the transpose of [`from_points`]. Pixels outside the image must be zero.
pub fn gradient_to_points<S: Simd>(s: S, map: Map, dy: &[f32], spectrum: Spectrum, dm: &mut [f32]) {
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            each_tile(
                map,
                #[inline(always)]
                |block, image, row, column, tile| {
                    let corner = map.at(block, image, row * TILE, column * TILE);
                    let rows: [&[f32]; 4] = tabulate(
                        &dy[..0],
                        #[inline(always)]
                        |i| &dy[corner + i * map.pitch()..][..TILE * BLOCK],
                    );
                    for lane in (0..BLOCK).step_by(S::F32_LANES) {
                        let columns: [[Vector<S>; 6]; 4] = tabulate(
                            [zero; 6],
                            #[inline(always)]
                            |j| {
                                tiles::output_transposed(
                                    s,
                                    tabulate(
                                        zero,
                                        #[inline(always)]
                                        |i| load::<S>(rows[i], j * BLOCK + lane),
                                    ),
                                )
                            },
                        );
                        for i in 0..6 {
                            let points = tiles::output_transposed(
                                s,
                                tabulate(
                                    zero,
                                    #[inline(always)]
                                    |j| columns[j][i],
                                ),
                            );
                            for (j, point) in points.into_iter().enumerate() {
                                store::<S>(dm, spectrum.at(6 * i + j, block, tile) + lane, point);
                            }
                        }
                    }
                },
            );
        },
    );
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
