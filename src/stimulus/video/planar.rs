//! Planar 4:2:0 of 8 bits, which nearly every video is, to RGB at its own size. FFmpeg's accurate converter
//! takes longer for this than the decoder for its frame; it stays the one for everything else.
//!
//! Both colour planes are enlarged by the cubic of that converter (four samples, B = 0, C = 0.6), placed as it places
//! them, about the middles of their samples. All is done in 16-bit integers, alike to the bit on every machine: `wide` does what
//! `row` says, 32 pixels at a time.
#![allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled for the plainest machine and not for this one"
)]

use super::ffi::Coding;
use crate::frame::{Plane, Planes};
use crate::units::PixelSize;

/// `Y'CbCr` to RGB in integers. Results are 32 times too large before the last shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Matrix {
    /// Times `256 y / 65536`.
    luma: u16,
    /// Black level and the half for rounding.
    offset: i16,
    /// Times colour difference / 32768, where a colour difference is 128 times that of 8 bits.
    red_to_red: i16,
    red_to_green: i16,
    blue_to_green: i16,
    blue_to_blue: i16,
}

/// Scale of the results before the last shift, and that shift.
const SCALE: f64 = 32.0;
const SHIFT: u32 = 5;
/// The cubic at 1.25, 0.25, 0.75 and 1.75 samples, times 128.
const CUBIC: [i16; 4] = [-11, 112, 31, -4];
/// Samples beyond each end of a row that are looked at.
const BEYOND: usize = 2;

impl Matrix {
    /// Of a coding; matrices by FFmpeg's numbers, as in [`Coding`].
    pub(super) fn new(coding: Coding) -> Self {
        let (kr, kb) = coding.weights();
        let kg = 1.0 - kr - kb;
        let (luma, chroma, black) =
            if coding.full_range { (1.0, 1.0, 0.0) } else { (255.0 / 219.0, 255.0 / 224.0, 16.0) };
        let difference = |weight: f64| (weight * chroma * SCALE * 256.0).round() as i16;
        Self {
            luma: (luma * SCALE * 256.0).round() as u16,
            offset: (SCALE * (0.5 - luma * black)).round() as i16,
            red_to_red: difference(2.0 * (1.0 - kr)),
            red_to_green: difference(-2.0 * (1.0 - kr) * kr / kg),
            blue_to_green: difference(-2.0 * (1.0 - kb) * kb / kg),
            blue_to_blue: difference(2.0 * (1.0 - kb)),
        }
    }
}

/// One row of luma with its colour differences: enlarged downwards, not yet across, 128 times those of 8 bits,
/// with the first and last twice more at the ends.
struct Line<'a> {
    luma: &'a [u8],
    blue: &'a [i16],
    red: &'a [i16],
    matrix: Matrix,
}

/// How a row is converted.
trait Row {
    fn convert(&self, line: &Line<'_>, rgb: &mut [u8]);
}

/// Pixel by pixel.
struct Plain;

impl Row for Plain {
    #[inline(always)]
    fn convert(&self, line: &Line<'_>, rgb: &mut [u8]) {
        row(line, 0, rgb);
    }
}

/// Converts frames; keeps the room for a row.
#[derive(Debug, Default)]
pub(super) struct Planar {
    blue: Vec<i16>,
    red: Vec<i16>,
}

impl Planar {
    /// Fills `rgb` (three bytes a pixel, rows from the top). What the planes lack stays as it is.
    pub(super) fn convert(&mut self, planes: &Planes<'_>, matrix: Matrix, size: PixelSize, rgb: &mut [u8]) {
        let room = (size.width as usize).div_ceil(2) + 2 * BEYOND;
        self.blue.resize(room, 0);
        self.red.resize(room, 0);
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return simd.vectorize(wide::Frame { simd, planar: self, planes, matrix, size, rgb });
        }
        self.rows(planes, matrix, size, rgb, &Plain);
    }

    #[inline(always)]
    fn rows(&mut self, planes: &Planes<'_>, matrix: Matrix, size: PixelSize, rgb: &mut [u8], by: &impl Row) {
        let (columns, half) = (size.width as usize, (size.width as usize).div_ceil(2));
        let last = (size.height as usize).div_ceil(2).saturating_sub(1);
        for (at, rgb) in rgb.chunks_exact_mut((3 * columns).max(1)).enumerate() {
            // The nearest row, the one beyond it on this side, and so on; the last stands for those outside.
            let near = (at / 2) as isize;
            let side = if at.is_multiple_of(2) { -1 } else { 1 };
            let rows = [-side, 0, side, 2 * side].map(|by| (near + by).clamp(0, last as isize) as usize);
            blend(rows.map(|at| row_of(&planes.blue, at, half)), &mut self.blue);
            blend(rows.map(|at| row_of(&planes.red, at, half)), &mut self.red);
            let luma = row_of(&planes.luma, at, columns);
            by.convert(&Line { luma, blue: &self.blue, red: &self.red, matrix }, rgb);
        }
    }
}

/// The first `columns` of a row; nothing where the plane ends before.
#[inline(always)]
fn row_of<'a>(plane: &Plane<'a>, at: usize, columns: usize) -> &'a [u8] {
    plane.bytes.get(at * plane.stride..).and_then(|rest| rest.get(..columns)).unwrap_or_default()
}

/// Enlarges downwards by the cubic, as differences from grey. Sums wrap on the way and end in range.
#[inline(always)]
fn blend([beyond, near, far, farther]: [&[u8]; 4], out: &mut [i16]) {
    let end = out.len().saturating_sub(BEYOND);
    let Some(inside) = out.get_mut(BEYOND..end) else { return };
    let rows = inside.iter_mut().zip(beyond).zip(near).zip(far).zip(farther);
    for ((((out, &beyond), &near), &far), &farther) in rows {
        let sum = i16::from(beyond)
            .wrapping_mul(CUBIC[0])
            .wrapping_add(i16::from(near).wrapping_mul(CUBIC[1]))
            .wrapping_add(i16::from(far).wrapping_mul(CUBIC[2]))
            .wrapping_add(i16::from(farther).wrapping_mul(CUBIC[3]));
        *out = sum.wrapping_sub(128 * 128);
    }
    if let (Some(&first), Some(&last)) = (inside.first(), inside.last()) {
        out.iter_mut().take(BEYOND).for_each(|value| *value = first);
        out.iter_mut().rev().take(BEYOND).for_each(|value| *value = last);
    }
}

/// `a b / 32768`, rounded, as the instruction of that name.
#[inline(always)]
fn mulhrs(a: i16, b: i16) -> i32 {
    (i32::from(a) * i32::from(b) + (1 << 14)) >> 15
}

/// Converts the pixels of a row from an even column on.
#[inline(always)]
fn row(line: &Line<'_>, from: usize, rgb: &mut [u8]) {
    let Line { matrix, .. } = line;
    let places = line.luma.iter().zip(rgb.chunks_exact_mut(3)).enumerate().skip(from);
    for (at, (&luma, pixel)) in places {
        let near = at / 2 + BEYOND;
        let places = if at % 2 == 0 { [1, 0, -1, -2] } else { [-1, 0, 1, 2] };
        let across = |line: &[i16]| {
            let value = |by: isize| line.get(near.saturating_add_signed(by)).copied().unwrap_or_default();
            let parts = places.iter().zip(CUBIC).map(|(&by, weight)| mulhrs(value(by), weight << 8));
            parts.sum::<i32>() as i16
        };
        let (blue, red) = (across(line.blue), across(line.red));
        let luma = ((u32::from(luma) << 8) * u32::from(matrix.luma)) >> 16;
        let luma = luma as i32 + i32::from(matrix.offset);
        let values = [
            luma + mulhrs(red, matrix.red_to_red),
            luma + mulhrs(red, matrix.red_to_green) + mulhrs(blue, matrix.blue_to_green),
            luma + mulhrs(blue, matrix.blue_to_blue),
        ];
        for (byte, value) in pixel.iter_mut().zip(values) {
            *byte = (value >> SHIFT).clamp(0, 255) as u8;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    //! The same for 32 pixels at a time (AVX2). The two halves of a vector hold 16 neighbouring pixels each.

    use std::arch::x86_64::__m256i;

    use pulp::NullaryFnOnce;
    use pulp::x86::V3;

    use super::{CUBIC, Line, Matrix, Planar, Row, SHIFT};
    use crate::frame::Planes;
    use crate::units::PixelSize;

    /// The work on a frame, to be compiled with the wide instructions.
    pub(super) struct Frame<'a> {
        pub(super) simd: V3,
        pub(super) planar: &'a mut Planar,
        pub(super) planes: &'a Planes<'a>,
        pub(super) matrix: Matrix,
        pub(super) size: PixelSize,
        pub(super) rgb: &'a mut [u8],
    }

    impl NullaryFnOnce for Frame<'_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            self.planar.rows(self.planes, self.matrix, self.size, self.rgb, &Wide(self.simd));
        }
    }

    /// Whole vectors first, the rest pixel by pixel.
    struct Wide(V3);

    impl Row for Wide {
        #[inline(always)]
        fn convert(&self, line: &Line<'_>, rgb: &mut [u8]) {
            let done = row(self.0, line, rgb);
            super::row(line, done, rgb);
        }
    }

    /// Where byte `at` of the `part`-th 16 bytes of 16 pixels comes from in the channel, twice.
    const fn order(part: usize, channel: usize) -> [u8; 32] {
        let mut order = [0x80; 32];
        let mut at = 0;
        while at < 16 {
            let place = 16 * part + at;
            if place % 3 == channel {
                order[at] = (place / 3) as u8;
                order[at + 16] = (place / 3) as u8;
            }
            at += 1;
        }
        order
    }

    const ORDERS: [[[u8; 32]; 3]; 3] = [
        [order(0, 0), order(0, 1), order(0, 2)],
        [order(1, 0), order(1, 1), order(1, 2)],
        [order(2, 0), order(2, 1), order(2, 2)],
    ];

    /// A matrix, each number in all places of a vector.
    #[derive(Clone, Copy)]
    struct Factors {
        luma: __m256i,
        offset: __m256i,
        red_to_red: __m256i,
        red_to_green: __m256i,
        blue_to_green: __m256i,
        blue_to_blue: __m256i,
    }

    // No closures below: one that is handed on to a function of the standard library is compiled without the wide
    // instructions, and every one of them becomes a call.

    /// Converts from the first pixel on as many as go in whole vectors; how many those were.
    #[inline(always)]
    pub(super) fn row(simd: V3, line: &Line<'_>, rgb: &mut [u8]) -> usize {
        let (avx, matrix) = (simd.avx, line.matrix);
        let factors = Factors {
            luma: avx._mm256_set1_epi16(matrix.luma as i16),
            offset: avx._mm256_set1_epi16(matrix.offset),
            red_to_red: avx._mm256_set1_epi16(matrix.red_to_red),
            red_to_green: avx._mm256_set1_epi16(matrix.red_to_green),
            blue_to_green: avx._mm256_set1_epi16(matrix.blue_to_green),
            blue_to_blue: avx._mm256_set1_epi16(matrix.blue_to_blue),
        };
        let weights = [
            avx._mm256_set1_epi16(CUBIC[0] << 8),
            avx._mm256_set1_epi16(CUBIC[1] << 8),
            avx._mm256_set1_epi16(CUBIC[2] << 8),
            avx._mm256_set1_epi16(CUBIC[3] << 8),
        ];
        let (lumas, _) = line.luma.as_chunks::<32>();
        let (pixels, _) = rgb.as_chunks_mut::<96>();
        let mut done = 0;
        for (luma, pixels) in lumas.iter().zip(pixels) {
            let Some(blue) = across(simd, line.blue, done / 2, weights) else { break };
            let Some(red) = across(simd, line.red, done / 2, weights) else { break };
            mix(simd, channels(simd, &factors, bytemuck::cast(*luma), blue, red), pixels);
            done += 32;
        }
        done
    }

    /// Colour differences of 32 pixels from sample `at` on: of the even and of the odd ones.
    #[inline(always)]
    fn across(simd: V3, line: &[i16], at: usize, weights: [__m256i; 4]) -> Option<(__m256i, __m256i)> {
        let avx2 = simd.avx2;
        let values: &[i16; 20] = line.get(at..)?.first_chunk()?;
        let first: __m256i = bytemuck::cast(*values.first_chunk::<16>()?);
        let second: __m256i = bytemuck::cast(*values.get(1..)?.first_chunk::<16>()?);
        let middle: __m256i = bytemuck::cast(*values.get(2..)?.first_chunk::<16>()?);
        let fourth: __m256i = bytemuck::cast(*values.get(3..)?.first_chunk::<16>()?);
        let last: __m256i = bytemuck::cast(*values.last_chunk::<16>()?);
        let [beyond, near, far, farther] = weights;
        let middle = avx2._mm256_mulhrs_epi16(middle, near);
        let even = avx2._mm256_add_epi16(
            avx2._mm256_add_epi16(middle, avx2._mm256_mulhrs_epi16(fourth, beyond)),
            avx2._mm256_add_epi16(
                avx2._mm256_mulhrs_epi16(second, far),
                avx2._mm256_mulhrs_epi16(first, farther),
            ),
        );
        let odd = avx2._mm256_add_epi16(
            avx2._mm256_add_epi16(middle, avx2._mm256_mulhrs_epi16(second, beyond)),
            avx2._mm256_add_epi16(
                avx2._mm256_mulhrs_epi16(fourth, far),
                avx2._mm256_mulhrs_epi16(last, farther),
            ),
        );
        Some((even, odd))
    }

    /// Red, green and blue of 32 pixels.
    #[inline(always)]
    fn channels(
        simd: V3,
        factors: &Factors,
        luma: __m256i,
        blue: (__m256i, __m256i),
        red: (__m256i, __m256i),
    ) -> [__m256i; 3] {
        let avx2 = simd.avx2;
        let zero = simd.avx._mm256_setzero_si256();
        // In the upper bytes: times 256.
        let low = avx2._mm256_mulhi_epu16(avx2._mm256_unpacklo_epi8(zero, luma), factors.luma);
        let high = avx2._mm256_mulhi_epu16(avx2._mm256_unpackhi_epi8(zero, luma), factors.luma);
        let low = avx2._mm256_add_epi16(low, factors.offset);
        let high = avx2._mm256_add_epi16(high, factors.offset);
        let green_even = avx2._mm256_add_epi16(
            avx2._mm256_mulhrs_epi16(red.0, factors.red_to_green),
            avx2._mm256_mulhrs_epi16(blue.0, factors.blue_to_green),
        );
        let green_odd = avx2._mm256_add_epi16(
            avx2._mm256_mulhrs_epi16(red.1, factors.red_to_green),
            avx2._mm256_mulhrs_epi16(blue.1, factors.blue_to_green),
        );
        let red_even = avx2._mm256_mulhrs_epi16(red.0, factors.red_to_red);
        let red_odd = avx2._mm256_mulhrs_epi16(red.1, factors.red_to_red);
        let blue_even = avx2._mm256_mulhrs_epi16(blue.0, factors.blue_to_blue);
        let blue_odd = avx2._mm256_mulhrs_epi16(blue.1, factors.blue_to_blue);
        [
            channel(simd, low, high, red_even, red_odd),
            channel(simd, low, high, green_even, green_odd),
            channel(simd, low, high, blue_even, blue_odd),
        ]
    }

    /// One channel: brightness and what colour adds to it, in bytes.
    #[inline(always)]
    fn channel(simd: V3, low: __m256i, high: __m256i, even: __m256i, odd: __m256i) -> __m256i {
        let avx2 = simd.avx2;
        let low = avx2._mm256_adds_epi16(low, avx2._mm256_unpacklo_epi16(even, odd));
        let high = avx2._mm256_adds_epi16(high, avx2._mm256_unpackhi_epi16(even, odd));
        avx2._mm256_packus_epi16(
            avx2._mm256_srai_epi16::<{ SHIFT as i32 }>(low),
            avx2._mm256_srai_epi16::<{ SHIFT as i32 }>(high),
        )
    }

    /// Puts the channels in turn.
    #[inline(always)]
    fn mix(simd: V3, channels: [__m256i; 3], pixels: &mut [u8; 96]) {
        let avx2 = simd.avx2;
        let mut part = 0;
        while part < 3 {
            let [red, green, blue] = ORDERS[part];
            let red = avx2._mm256_shuffle_epi8(channels[0], bytemuck::cast(red));
            let green = avx2._mm256_shuffle_epi8(channels[1], bytemuck::cast(green));
            let blue = avx2._mm256_shuffle_epi8(channels[2], bytemuck::cast(blue));
            let mixed = avx2._mm256_or_si256(avx2._mm256_or_si256(red, green), blue);
            let [first, second]: [[u8; 16]; 2] = bytemuck::cast(mixed);
            pixels[16 * part..16 * part + 16].copy_from_slice(&first);
            pixels[48 + 16 * part..64 + 16 * part].copy_from_slice(&second);
            part += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Planes of noise; `flat` makes both colour planes uniform.
    fn noise(size: PixelSize, seed: u32, flat: bool) -> [Vec<u8>; 3] {
        let half = PixelSize::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let byte = |at: usize, salt: u32| ((at as u32 ^ seed ^ salt).wrapping_mul(2_654_435_761) >> 24) as u8;
        let plane = |size: PixelSize, salt: u32| (0..size.area()).map(|at| byte(at, salt)).collect();
        let colour = |salt| if flat { vec![byte(0, salt); half.area()] } else { plane(half, salt) };
        [plane(size, 1), colour(77), colour(1234)]
    }

    fn planes<'a>(bytes: &'a [Vec<u8>; 3], size: PixelSize) -> Planes<'a> {
        let half = (size.width as usize).div_ceil(2);
        let plane = |bytes: &'a Vec<u8>, stride| Plane { bytes, stride };
        Planes {
            luma: plane(&bytes[0], size.width as usize),
            blue: plane(&bytes[1], half),
            red: plane(&bytes[2], half),
        }
    }

    fn coding(matrix: i32, full_range: bool) -> Coding {
        Coding { matrix, full_range }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_machine_gives_the_same_bytes(
            width in 1u32..150, height in 1u32..9, seed in any::<u32>(), matrix in prop::sample::select(vec![1, 4, 5, 7, 9]),
            full in any::<bool>(),
        ) {
            let (size, matrix) = (PixelSize::new(width, height), Matrix::new(coding(matrix, full)));
            let bytes = noise(size, seed, false);
            let planes = planes(&bytes, size);
            let (mut fast, mut plain) = (vec![7; 3 * size.area()], vec![9; 3 * size.area()]);
            Planar::default().convert(&planes, matrix, size, &mut fast);
            let room = (width as usize).div_ceil(2) + 2 * BEYOND;
            let mut rows = Planar { blue: vec![0; room], red: vec![0; room] };
            rows.rows(&planes, matrix, size, &mut plain, &Plain);
            prop_assert_eq!(fast, plain);
        }

        #[test]
        fn uniform_colours_are_those_of_the_standard(
            seed in any::<u32>(), full in any::<bool>(), which in 0usize..3,
        ) {
            // ITU-R BT.601, BT.709, BT.2020 by FFmpeg's numbers.
            let (number, kr, kb) = [(5, 0.299, 0.114), (1, 0.2126, 0.0722), (9, 0.2627, 0.0593)][which];
            let size = PixelSize::new(37, 4);
            let bytes = noise(size, seed, true);
            let mut rgb = vec![0; 3 * size.area()];
            Planar::default().convert(&planes(&bytes, size), Matrix::new(coding(number, full)), size, &mut rgb);
            let (black, white, reach) = if full { (0.0, 255.0, 255.0) } else { (16.0, 219.0, 224.0) };
            let colour = |plane: usize| (f64::from(bytes[plane][0]) - 128.0) / reach;
            let (cb, cr) = (colour(1), colour(2));
            for (luma, found) in bytes[0].iter().zip(rgb.chunks_exact(3)) {
                let y = (f64::from(*luma) - black) / white;
                let (r, b) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
                let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
                for (found, wanted) in found.iter().zip([r, g, b]) {
                    let wanted = (255.0 * wanted).clamp(0.0, 255.0);
                    prop_assert!((f64::from(*found) - wanted).abs() < 0.6, "{found}, not {wanted}");
                }
            }
        }
    }

    #[test]
    fn a_colour_step_is_spread_by_the_cubic() {
        let size = PixelSize::new(8, 2);
        let bytes = [vec![128; 16], vec![128; 4], vec![128, 128, 168, 168]];
        let mut rgb = vec![0; 48];
        let matrix = Matrix::new(coding(1, true));
        Planar::default().convert(&planes(&bytes, size), matrix, size, &mut rgb);
        // The step is 2 (1 - 0.2126) 40 = 62.99; the cubic's weights are -0.084, 0.872, 0.241, -0.028.
        let step = 62.99;
        let shares = [0.0, -0.028, -0.084, 0.213, 0.787, 1.084, 1.028, 1.0];
        for (pixel, share) in rgb.chunks_exact(3).zip(shares) {
            assert!((f64::from(pixel[0]) - 128.0 - share * step).abs() < 0.9, "{rgb:?}");
        }
    }

    #[test]
    fn planes_that_end_early_leave_the_rest_alone() {
        let size = PixelSize::new(64, 4);
        let bytes = [vec![255; 64], vec![128; 3], vec![]];
        let mut rgb = vec![7; 3 * size.area()];
        Planar::default().convert(&planes(&bytes, size), Matrix::new(coding(1, true)), size, &mut rgb);
        assert!(rgb[3 * 64..].iter().all(|byte| *byte == 7));
    }
}
