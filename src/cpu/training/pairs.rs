//! Vectors of sixteen lanes over blocks of eight: two neighbouring tiles are transformed at once. Their points lie side
//! by side, their pixels a tile apart.

use pulp::Simd;

use super::layout::BLOCK;
use crate::cpu::simd::{Vector, load, store};

/// Tiles that a vector takes side by side.
pub(super) const fn abreast<S: Simd>() -> usize {
    if S::F32_LANES > BLOCK { S::F32_LANES / BLOCK } else { 1 }
}

/// Does something for an even number of columns of tiles with vectors of sixteen lanes, where the machine has them,
/// and for what is left of `$all` columns with `$s`.
macro_rules! by_twos {
    ($s:expr, $whole:expr, $all:expr, |$t:ident, $columns:ident| $work:expr) => {
        let mut begin = 0;
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        if let Some($t) = pulp::x86::V4::try_new() {
            begin = $whole / 2 * 2;
            let $columns = 0..begin;
            $work;
        }
        let ($t, $columns) = ($s, begin..$all);
        if !$columns.is_empty() {
            $work;
        }
    };
}
pub(super) use by_twos;

/// A pixel of one tile, or of two that are `apart` pixels from each other.
#[inline(always)]
pub(super) fn pixel<S: Simd>(x: &[f32], at: usize, apart: usize) -> Vector<S> {
    if S::F32_LANES <= BLOCK {
        return load::<S>(x, at);
    }
    side_by_side::<S>(&x[at..][..BLOCK], &x[at + apart * BLOCK..][..BLOCK])
}

/// The reverse of [`pixel`].
#[inline(always)]
pub(super) fn put_pixel<S: Simd>(x: &mut [f32], at: usize, apart: usize, value: Vector<S>) {
    if S::F32_LANES <= BLOCK {
        store::<S>(x, at, value);
        return;
    }
    let (lower, upper) = x[at..][..(apart + 1) * BLOCK].split_at_mut(apart * BLOCK);
    into_halves::<S>(value, &mut lower[..BLOCK], upper);
}

/// Two blocks in one vector of sixteen lanes.
#[inline(always)]
pub(super) fn side_by_side<S: Simd>(lower: &[f32], upper: &[f32]) -> Vector<S> {
    let mut both = [0.0; 2 * BLOCK];
    both[..BLOCK].copy_from_slice(lower);
    both[BLOCK..].copy_from_slice(upper);
    load::<S>(&both, 0)
}

/// The reverse of [`side_by_side`].
#[inline(always)]
pub(super) fn into_halves<S: Simd>(vector: Vector<S>, lower: &mut [f32], upper: &mut [f32]) {
    let mut both = [0.0; 2 * BLOCK];
    store::<S>(&mut both, 0, vector);
    lower.copy_from_slice(&both[..BLOCK]);
    upper.copy_from_slice(&both[BLOCK..]);
}
