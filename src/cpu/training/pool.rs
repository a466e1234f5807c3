//! `maxpool2(relu(x))` and its gradient, which goes to the first of the largest.

use pulp::Simd;

use super::layout::{BLOCK, Map};
use super::rows::{all, span};

/// Said of four pixels none of which is above zero.
const NONE: u8 = 4;

/// The maps of half the size.
#[must_use]
pub const fn halved(map: Map) -> Map {
    Map { rows: map.rows / 2, columns: map.columns / 2, ..map }
}

/// Halves the maps `x`; `which` says which of the four pixels went on and lies as `y`.
pub fn forward<S: Simd>(s: S, map: Map, x: &[f32], y: &mut [f32], which: &mut [u8]) {
    let half = halved(map);
    s.vectorize(#[inline(always)] || {
        for (image, row) in all(half) {
            for block in 0..map.blocks() {
                let upper = x[span(map, block, (image, 2 * row))].as_chunks::<{ 2 * BLOCK }>().0;
                let lower = x[span(map, block, (image, 2 * row + 1))].as_chunks::<{ 2 * BLOCK }>().0;
                let here = span(half, block, (image, row));
                let targets = y[here.clone()].as_chunks_mut::<BLOCK>().0;
                let marks = which[here].as_chunks_mut::<BLOCK>().0;
                for (((upper, lower), target), mark) in upper.iter().zip(lower).zip(targets).zip(marks) {
                    for lane in 0..BLOCK {
                        let (mut most, mut place) = (0.0, NONE as i32);
                        let pixels = [upper[lane], upper[BLOCK + lane], lower[lane], lower[BLOCK + lane]];
                        for (index, pixel) in pixels.into_iter().enumerate() {
                            let more = pixel > most;
                            place = if more { index as i32 } else { place };
                            most = if more { pixel } else { most };
                        }
                        target[lane] = most;
                        mark[lane] = place as u8;
                    }
                }
            }
        }
    });
}

/// The gradient of [`forward`]: from that of `y` to that of `x`.
pub fn backward<S: Simd>(s: S, map: Map, dy: &[f32], which: &[u8], dx: &mut [f32]) {
    let half = halved(map);
    s.vectorize(#[inline(always)] || {
        for (image, row) in all(half) {
            for block in 0..map.blocks() {
                let here = span(half, block, (image, row));
                let gradients = dy[here.clone()].as_chunks::<BLOCK>().0;
                let marks = which[here].as_chunks::<BLOCK>().0;
                for below in 0..2 {
                    let rows = dx[span(map, block, (image, 2 * row + below))].as_chunks_mut::<{ 2 * BLOCK }>().0;
                    for ((target, gradient), mark) in rows.iter_mut().zip(gradients).zip(marks) {
                        for lane in 0..BLOCK {
                            let mark = i32::from(mark[lane]) - 2 * below as i32;
                            target[lane] = if mark == 0 { gradient[lane] } else { 0.0 };
                            target[BLOCK + lane] = if mark == 1 { gradient[lane] } else { 0.0 };
                        }
                    }
                }
            }
        }
    });
}
