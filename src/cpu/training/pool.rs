//! `maxpool2(relu(x))` and its gradient, which goes to the first of the largest.

use pulp::Simd;

use super::layout::{BLOCK, Map};
use super::rows::{all, span};
use crate::cpu::simd::{load, store};

/// Said of four pixels none of which is above zero.
const NONE: f32 = 4.0;

/// The maps of half the size.
#[must_use]
pub const fn halved(map: Map) -> Map {
    Map { rows: map.rows / 2, columns: map.columns / 2, ..map }
}

/// Halves the maps `x`; `which` says which of the four pixels went on (0 to 3, or 4 for none) and lies as `y`.
pub fn forward<S: Simd>(s: S, map: Map, x: &[f32], y: &mut [f32], which: &mut [f32]) {
    let half = halved(map);
    s.vectorize(
        #[inline(always)]
        || {
            for at in all(half) {
                for block in 0..map.blocks() {
                    let (upper, lower) = pair(map, block, at);
                    let (upper, lower) = (&x[upper], &x[lower]);
                    let here = span(half, block, at);
                    let (y, which) = (&mut y[here.clone()], &mut which[here]);
                    for to in (0..y.len()).step_by(S::F32_LANES) {
                        let from = to / BLOCK * 2 * BLOCK + to % BLOCK;
                        let (mut most, mut place) = (s.splat_f32s(0.0), s.splat_f32s(NONE));
                        for index in 0..4 {
                            let row = if index < 2 { upper } else { lower };
                            let pixel = load::<S>(row, from + index % 2 * BLOCK);
                            let more = s.greater_than_f32s(pixel, most);
                            place = s.select_f32s(more, s.splat_f32s(index as f32), place);
                            most = s.max_f32s(pixel, most);
                        }
                        store::<S>(y, to, most);
                        store::<S>(which, to, place);
                    }
                }
            }
        },
    );
}

/// The gradient of [`forward`]: from that of `y` to that of `x`.
pub fn backward<S: Simd>(s: S, map: Map, dy: &[f32], which: &[f32], dx: &mut [f32]) {
    let half = halved(map);
    s.vectorize(
        #[inline(always)]
        || {
            let zero = s.splat_f32s(0.0);
            for at in all(half) {
                for block in 0..map.blocks() {
                    let (upper, lower) = pair(map, block, at);
                    let here = span(half, block, at);
                    let (dy, which) = (&dy[here.clone()], &which[here]);
                    let Ok([upper, lower]) = dx.get_disjoint_mut([upper, lower]) else { continue };
                    for from in (0..dy.len()).step_by(S::F32_LANES) {
                        let to = from / BLOCK * 2 * BLOCK + from % BLOCK;
                        let (gradient, place) = (load::<S>(dy, from), load::<S>(which, from));
                        for index in 0..4 {
                            let row = if index < 2 { &mut *upper } else { &mut *lower };
                            let here = s.equal_f32s(place, s.splat_f32s(index as f32));
                            store::<S>(row, to + index % 2 * BLOCK, s.select_f32s(here, gradient, zero));
                        }
                    }
                }
            }
        },
    );
}

/// The two rows of the large map that one row of the small one comes from.
#[inline(always)]
fn pair(
    map: Map,
    block: usize,
    (image, row): (usize, usize),
) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    (span(map, block, (image, 2 * row)), span(map, block, (image, 2 * row + 1)))
}
