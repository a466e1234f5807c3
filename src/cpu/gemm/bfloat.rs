//! Products of operands in bfloat16, two inputs in a word, summed in single precision: `vdpbf16ps` of AVX-512 BF16,
//! which does twice the multiplications of `vfmadd`. The vectors of `pulp` do not know it, hence the intrinsics.
#![allow(unsafe_code, reason = "instructions that a processor may not have; see `is_available`")]

use std::arch::x86_64::{
    __m512, __m512bh, __m512i, _mm512_add_ps, _mm512_cvtne2ps_pbh, _mm512_dpbf16_ps, _mm512_loadu_ps,
    _mm512_set1_epi32, _mm512_setzero_ps, _mm512_storeu_ps,
};
use std::cell::Cell;
use std::ops::Range;

use super::{Product, Tiles};
use crate::cpu::simd::{LINE, prefetch};

/// Lanes of a vector of sums.
const LANES: usize = 16;

/// Tiles that are held against a panel of so many vectors at most.
const fn most(panel: usize) -> usize {
    if panel == 3 { 9 } else { 10 }
}

thread_local! {
    /// The inputs of a point in this form, kept from product to product.
    static HALVES: Cell<Vec<[u32; LANES]>> = const { Cell::new(Vec::new()) };
}

/// Whether this processor has the instructions.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512bf16")
}

/// The nearest bfloat16, ties to even; what is no number stays none.
const fn round(value: f32) -> u32 {
    let bits = value.to_bits();
    if value.is_nan() {
        return (bits >> 16) | 0x40;
    }
    bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16
}

/// Puts a weight of an even or odd input into its half of a word.
pub(super) const fn put(word: u32, input: usize, value: f32) -> u32 {
    if input.is_multiple_of(2) {
        (word & 0xffff_0000) | round(value)
    } else {
        (word & 0xffff) | (round(value) << 16)
    }
}

/// [`Product`] with weights in this form. All ranges of inputs begin and end at multiples of [`LANES`].
pub(super) fn product(product: Product<'_>) {
    debug_assert!(is_available(), "weights are packed so only where the processor has the instructions");
    // SAFETY: `Packed` takes this form only after `is_available`.
    unsafe { multiply(product) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
fn multiply(product: Product<'_>) {
    let Product { weights, point, a, blocks, tiles, stride, inputs, c } = product;
    let (all, outputs) = (weights.inputs[point], weights.outputs);
    let count = tiles.0 * tiles.1;
    let tiles = Tiles { values: &a[blocks.0..], block: blocks.1, across: tiles.1, stride };
    let mut halves = HALVES.take();
    convert(tiles, count, all, &mut halves);
    let depth = all.div_ceil(2 * LANES);
    let words = &weights.values.words()[weights.starts[point] / 2..][..all * outputs / 2];
    let most = most(weights.panel);
    for first in (0..outputs).step_by(weights.panel * LANES) {
        let width = if first + weights.panel * LANES <= outputs { weights.panel } else { 1 };
        let panel = &words[first * all / 2..];
        for (part, range) in inputs.iter().enumerate() {
            let range = range.start.min(all) / 2..range.end.min(all) / 2;
            // Each group of tiles fetches its share of the next panel.
            let share = (range.len() * width).div_ceil(count.div_ceil(most));
            let next = (all / 2 + range.start) * width * LANES;
            let strip = Strip { a: &halves, depth, range, outputs, add: part > 0, next, share };
            let c = &mut c[first..];
            match width {
                3 => strip.run::<3>((count, most), panel, c),
                2 => strip.run::<2>((count, most), panel, c),
                _ => strip.run::<1>((count, most), panel, c),
            }
        }
    }
    HALVES.set(halves);
}

/// All inputs of all tiles at one point, a tile after the other, each in whole vectors of words.
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
fn convert(tiles: Tiles<'_>, count: usize, all: usize, halves: &mut Vec<[u32; LANES]>) {
    let depth = all.div_ceil(2 * LANES);
    if halves.len() < count * depth {
        halves.resize(count * depth, [0; LANES]);
    }
    for (tile, halves) in halves.chunks_exact_mut(depth.max(1)).take(count).enumerate() {
        let [start] = tiles.starts::<1>(tile);
        let inputs = tiles.values[start..start + all].chunks(2 * LANES);
        for (inputs, words) in inputs.zip(halves) {
            let (lower, rest) = inputs.as_chunks::<LANES>();
            debug_assert!(rest.is_empty(), "inputs come in whole vectors");
            let upper = lower.get(1).map_or_else(|| _mm512_setzero_ps(), |upper| load(upper));
            let both =
                _mm512_cvtne2ps_pbh(upper, lower.first().map_or_else(|| _mm512_setzero_ps(), |l| load(l)));
            // SAFETY: both are 64 bytes without any rule for their bits.
            *words = unsafe { std::mem::transmute::<__m512bh, [u32; LANES]>(both) };
        }
    }
}

/// Sixteen numbers.
#[target_feature(enable = "avx512f")]
fn load(values: &[f32; LANES]) -> __m512 {
    // SAFETY: the reference is to all of them; the instruction asks for no alignment.
    unsafe { _mm512_loadu_ps(values.as_ptr()) }
}

/// The same in a vector that two inputs of a tile are multiplied with.
#[target_feature(enable = "avx512f")]
fn weights_of(words: &[u32; LANES]) -> __m512bh {
    // SAFETY: both are 64 bytes without any rule for their bits.
    unsafe { std::mem::transmute::<[u32; LANES], __m512bh>(*words) }
}

/// Two inputs of a tile for all lanes.
#[target_feature(enable = "avx512f")]
fn everywhere(word: u32) -> __m512bh {
    // SAFETY: both are 64 bytes without any rule for their bits.
    unsafe { std::mem::transmute::<__m512i, __m512bh>(_mm512_set1_epi32(word.cast_signed())) }
}

/// A panel against all tiles.
#[derive(Clone)]
struct Strip<'a> {
    /// Inputs in words, vectors of them for each tile.
    a: &'a [[u32; LANES]],
    depth: usize,
    /// Which words count.
    range: Range<usize>,
    outputs: usize,
    add: bool,
    /// The next panel, in words after this one's start, and lines of it for every group of tiles.
    next: usize,
    share: usize,
}

impl Strip<'_> {
    /// Splits the tiles into groups as even as can be.
    #[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
    fn run<const N: usize>(mut self, (tiles, most): (usize, usize), panel: &[u32], c: &mut [f32]) {
        let mut left = tiles.div_ceil(most);
        let mut first = 0;
        while first < tiles {
            let rows = (tiles - first).div_ceil(left);
            let c = &mut c[first * self.outputs..];
            match rows {
                1 => self.group::<1, N>(first, panel, c),
                2 => self.group::<2, N>(first, panel, c),
                3 => self.group::<3, N>(first, panel, c),
                4 => self.group::<4, N>(first, panel, c),
                5 => self.group::<5, N>(first, panel, c),
                6 => self.group::<6, N>(first, panel, c),
                7 => self.group::<7, N>(first, panel, c),
                8 => self.group::<8, N>(first, panel, c),
                9 => self.group::<9, N>(first, panel, c),
                _ => self.group::<10, N>(first, panel, c),
            }
            first += rows;
            left -= 1;
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
    fn group<const M: usize, const N: usize>(&mut self, first: usize, panel: &[u32], c: &mut [f32]) {
        let count = self.range.len();
        let inputs = self.a.as_flattened();
        let mut a: [&[u32]; M] = [&[]; M];
        for (tile, a) in a.iter_mut().enumerate() {
            *a = &inputs[(first + tile) * self.depth * LANES + self.range.start..][..count];
        }
        let rows = panel.as_chunks::<LANES>().0.as_chunks::<N>().0;
        let rows = &rows[self.range.start..][..count];
        let mut sums = [[_mm512_setzero_ps(); N]; M];
        for k in 0..count {
            if k < self.share {
                prefetch(panel, self.next + LINE * k);
            }
            for (tile, sums) in sums.iter_mut().enumerate() {
                let a = everywhere(a[tile][k]);
                for (sum, words) in sums.iter_mut().zip(&rows[k]) {
                    *sum = _mm512_dpbf16_ps(*sum, weights_of(words), a);
                }
            }
        }
        self.next += LINE * self.share;
        for (tile, sums) in sums.iter().enumerate() {
            let (target, _) = c[tile * self.outputs..][..N * LANES].as_chunks_mut::<LANES>();
            for (target, sum) in target.iter_mut().zip(sums) {
                let sum = if self.add { _mm512_add_ps(*sum, load(target)) } else { *sum };
                // SAFETY: the reference is to all sixteen; the instruction asks for no alignment.
                unsafe { _mm512_storeu_ps(target.as_mut_ptr(), sum) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        for (value, rounded) in [(1.0, 0x3f80), (-2.0, 0xc000), (1.003_906_2, 0x3f80), (1.011_718_8, 0x3f82)]
        {
            assert_eq!(round(value), rounded, "{value}");
        }
        assert!(f32::from_bits(round(f32::NAN) << 16).is_nan());
        assert_eq!(put(put(0, 0, 1.0), 1, -2.0), 0xc000_3f80);
    }
}
