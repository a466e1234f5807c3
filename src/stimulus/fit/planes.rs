//! Fitting video as it is coded: its planes are averaged first and only the averages turned into RGB. A mean of
//! colours is the colour of the means but for what is clipped and rounded, and this costs a tenth.
#![allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled for the plainest machine and not for this one"
)]

use super::axis::Axis;
use super::rows::{MOST_SUMMED, add, add_up, weigh};
use super::{AROUND, Fit, scale_of};
use crate::frame::{Decoding, NetworkFrame, Plane, Planes};
use crate::units::PixelSize;

/// From this many pixels to one on, a colour sample goes to one network pixel or two: below it the colour's place
/// between the pixels matters, and the picture is fitted as RGB.
const LEAST_SCALE: f64 = 2.0;
/// Values that are added up side by side.
const LANES: usize = 4;

/// Fits planes of a frame of `from` pixels; `None` where that is better done as RGB.
pub(super) fn fit(
    (planes, decoding): (Planes<'_>, Decoding),
    from: PixelSize,
    size: PixelSize,
    rule: Fit,
    mirror: bool,
) -> Option<NetworkFrame> {
    let scale = scale_of(from, size, rule);
    if from.area() == 0 || scale < LEAST_SCALE {
        return None;
    }
    let axes = |columns: u32, rows: u32, scale: f64| {
        let mut across = Axis::new(columns as usize, size.width as usize, scale);
        let down = Axis::new(rows as usize, size.height as usize, scale);
        if mirror {
            across.taps.reverse();
        }
        (across, down)
    };
    let fine = axes(from.width, from.height, scale);
    // The middles of both grids coincide.
    let coarse = axes(from.width.div_ceil(2), from.height.div_ceil(2), scale / 2.0);
    let area = size.area();
    let mut values = vec![0.0; 3 * area];
    let mut targets = values.chunks_exact_mut(area.max(1));
    for (plane, axes) in [(planes.luma, &fine), (planes.blue, &coarse), (planes.red, &coarse)] {
        let target = targets.next()?;
        pulp::Arch::new().dispatch(Average { plane, across: &axes.0, down: &axes.1, target });
    }
    pulp::Arch::new().dispatch(Colour {
        values: &mut values,
        decoding,
        across: &fine.0,
        down: &fine.1,
        area,
    });
    Some(NetworkFrame { size, planes: values })
}

/// Weighted sums of one plane, to be compiled for each kind of vectors.
struct Average<'a> {
    plane: Plane<'a>,
    across: &'a Axis,
    down: &'a Axis,
    target: &'a mut [f32],
}

impl pulp::WithSimd for Average<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let used = self.across.used();
        let mut sums = vec![0_u16; used.len()];
        let taps = Taps::new(self.across, used.start);
        // A vector may reach beyond the last value.
        let mut row = vec![0.0_f32; used.len() + LANES * taps.vectors];
        let columns = self.across.taps.len().max(1);
        for (down, target) in self.down.taps.iter().zip(self.target.chunks_exact_mut(columns)) {
            let source = |at: usize| {
                let from = at * self.plane.stride + used.start;
                self.plane.bytes.get(from..from + used.len()).unwrap_or_default()
            };
            if down.count < 2 {
                row.fill(0.0);
                add(&mut row, source(down.first), down.weight(0));
            } else {
                let last = down.first + down.count - 1;
                sums.fill(0);
                for at in (down.first + 1..last).take(MOST_SUMMED) {
                    add_up(&mut sums, source(at));
                }
                weigh(&mut row, &sums, down.inner, [source(down.first), source(last)], down.outer);
                for at in (down.first + 1..last).skip(MOST_SUMMED) {
                    add(&mut row, source(at), down.inner);
                }
            }
            // Whole loops for the usual numbers of vectors: their ends need not be looked for.
            match taps.vectors {
                1 => spread::<1>(&row, &taps, target),
                2 => spread::<2>(&row, &taps, target),
                3 => spread::<3>(&row, &taps, target),
                4 => spread::<4>(&row, &taps, target),
                5 => spread::<5>(&row, &taps, target),
                6 => spread::<6>(&row, &taps, target),
                _ => spread_any(&row, &taps, target),
            }
        }
    }
}

/// The taps of a row, their weights in as many whole vectors each: what is beyond a tap weighs nothing.
struct Taps {
    /// First value of each.
    places: Vec<usize>,
    /// Vectors of weights that each has.
    vectors: usize,
    weights: Vec<[f32; LANES]>,
}

impl Taps {
    fn new(across: &Axis, start: usize) -> Self {
        let longest = across.taps.iter().map(|tap| tap.count).max().unwrap_or_default();
        let vectors = longest.div_ceil(LANES).max(1);
        let mut weights = Vec::with_capacity(vectors * across.taps.len());
        for tap in &across.taps {
            let whole = |vector: usize| std::array::from_fn(|lane| tap.weight(LANES * vector + lane));
            weights.extend((0..vectors).map(whole));
        }
        let places = across.taps.iter().map(|tap| tap.first.saturating_sub(start)).collect();
        Self { places, vectors, weights }
    }
}

/// Weighted sums of a row for taps of `N` vectors. No closures here: those handed on to the standard library are
/// compiled for the plainest machine.
#[inline(always)]
fn spread<const N: usize>(row: &[f32], taps: &Taps, target: &mut [f32]) {
    let weights = taps.weights.as_chunks::<N>().0;
    for ((&first, weights), target) in taps.places.iter().zip(weights).zip(target) {
        let Some(values) = row.get(first..first + LANES * N) else { continue };
        *target = weighted(weights, values);
    }
}

/// The same for taps of any number of vectors.
#[inline(always)]
fn spread_any(row: &[f32], taps: &Taps, target: &mut [f32]) {
    let weights = taps.weights.chunks_exact(taps.vectors);
    for ((&first, weights), target) in taps.places.iter().zip(weights).zip(target) {
        let Some(values) = row.get(first..first + LANES * taps.vectors) else { continue };
        *target = weighted(weights, values);
    }
}

#[inline(always)]
fn weighted(weights: &[[f32; LANES]], values: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for (weights, values) in weights.iter().zip(values.as_chunks::<LANES>().0) {
        for ((sum, weight), value) in sums.iter_mut().zip(weights).zip(values) {
            *sum += weight * value;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// From averages to RGB, with the grey around where the picture does not reach.
struct Colour<'a> {
    values: &'a mut [f32],
    decoding: Decoding,
    across: &'a Axis,
    down: &'a Axis,
    area: usize,
}

impl pulp::WithSimd for Colour<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let (luma, rest) = self.values.split_at_mut(self.area);
        let (blue, red) = rest.split_at_mut(self.area.min(rest.len()));
        let columns = self.across.taps.len().max(1);
        let mut covered = vec![0.0; columns];
        let matrix = self.decoding.matrix();
        let rows = luma.chunks_exact_mut(columns).zip(blue.chunks_exact_mut(columns));
        let rows = rows.zip(red.chunks_exact_mut(columns)).zip(&self.down.taps);
        for (((luma, blue), red), down) in rows {
            for (covered, tap) in covered.iter_mut().zip(&self.across.taps) {
                *covered = tap.covered * down.covered;
            }
            mix(luma, blue, red, &covered, &matrix);
        }
    }
}

/// Colours of a row of weighted sums, which are means times what is covered.
#[inline(always)]
fn mix(luma: &mut [f32], blue: &mut [f32], red: &mut [f32], covered: &[f32], matrix: &[[f32; 4]; 3]) {
    let [to_red, to_green, to_blue] = *matrix;
    for (((luma, blue), red), &covered) in luma.iter_mut().zip(blue).zip(red).zip(covered) {
        let (y, cb, cr) = (*luma, *blue, *red);
        // Clipped to what the covered part can show, so that nothing need be divided.
        let r = to_red[0] * y + to_red[1] * cb + to_red[2] * cr + to_red[3] * covered;
        let g = to_green[0] * y + to_green[1] * cb + to_green[2] * cr + to_green[3] * covered;
        let b = to_blue[0] * y + to_blue[1] * cb + to_blue[2] * cr + to_blue[3] * covered;
        let around = AROUND * (1.0 - covered);
        *luma = r.max(0.0).min(covered) + around;
        *blue = g.max(0.0).min(covered) + around;
        *red = b.max(0.0).min(covered) + around;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::Picture;

    const DECODING: Decoding = Decoding { kr: 0.2126, kb: 0.0722, full_range: true };

    /// Planes of smooth noise that leaves no channel clipped.
    fn planes(size: PixelSize, seed: u32) -> [Vec<u8>; 3] {
        let wave = |x: u32, y: u32, salt: u32| {
            let phase = (seed % 97 + salt) as f32;
            f32::midpoint((x as f32 / 9.0 + phase).sin(), (y as f32 / 7.0 - phase).cos())
        };
        let plane = |width: u32, height: u32, by: u32, reach: f32, salt: u32| {
            let at = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            at.map(|(x, y)| (128.0 + reach * wave(by * x, by * y, salt)) as u8).collect::<Vec<u8>>()
        };
        let (half_width, half_height) = (size.width.div_ceil(2), size.height.div_ceil(2));
        [
            plane(size.width, size.height, 1, 60.0, 0),
            plane(half_width, half_height, 2, 25.0, 11),
            plane(half_width, half_height, 2, 25.0, 23),
        ]
    }

    fn borrowed(bytes: &[Vec<u8>; 3], size: PixelSize) -> Planes<'_> {
        let plane = |at: usize, width: u32| Plane { bytes: &bytes[at], stride: width as usize };
        let half = size.width.div_ceil(2);
        Planes { luma: plane(0, size.width), blue: plane(1, half), red: plane(2, half) }
    }

    /// The same frame as RGB, each colour sample standing for its four pixels.
    fn picture(bytes: &[Vec<u8>; 3], size: PixelSize) -> Picture {
        let half = size.width.div_ceil(2);
        let pixels = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
        let rgb = pixels.flat_map(|(x, y)| {
            let colour = (y / 2 * half + x / 2) as usize;
            let [luma, blue, red] = [(0, (y * size.width + x) as usize), (1, colour), (2, colour)]
                .map(|(plane, at)| f32::from(bytes[plane][at]));
            DECODING.matrix().map(|row| {
                let value = row[0] * luma + row[1] * blue + row[2] * red + row[3];
                (value * 255.0).round().clamp(0.0, 255.0) as u8
            })
        });
        Picture { size, rgb: rgb.collect() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn means_of_planes_are_the_colours_of_the_mean(
            from in (20u32..90, 20u32..90), by in (2u32..9, 2u32..9), seed in any::<u32>(),
            letterbox in any::<bool>(), mirror in any::<bool>(),
        ) {
            let from = PixelSize::new(2 * from.0, 2 * from.1);
            let size = PixelSize::new((from.width / by.0 / 2).max(1), (from.height / by.1 / 2).max(1));
            let rule = if letterbox { Fit::Letterbox } else { Fit::Crop };
            let bytes = planes(from, seed);
            let Some(found) = fit((borrowed(&bytes, from), DECODING), from, size, rule, mirror) else {
                prop_assert!(scale_of(from, size, rule) < LEAST_SCALE);
                return Ok(());
            };
            let wanted = super::super::fit(&picture(&bytes, from), size, rule, mirror);
            for (found, wanted) in found.planes.iter().zip(&wanted.planes) {
                // Each pixel of the picture is rounded by half a step at most.
                prop_assert!((found - wanted).abs() < 0.6 / 255.0, "{found}, not {wanted}");
            }
        }
    }

    #[test]
    fn a_little_smaller_is_left_to_rgb() {
        let size = PixelSize::new(90, 90);
        let bytes = planes(size, 1);
        let fitted = |to| fit((borrowed(&bytes, size), DECODING), size, to, Fit::Crop, false);
        assert!(fitted(PixelSize::new(46, 46)).is_none());
        assert!(fitted(PixelSize::new(45, 45)).is_some());
    }

    #[test]
    fn planes_that_end_early_are_no_reason_to_fall() {
        let size = PixelSize::new(64, 64);
        let bytes = [vec![128; 100], vec![], vec![128; 3]];
        let fitted = fit((borrowed(&bytes, size), DECODING), size, PixelSize::new(8, 8), Fit::Crop, false);
        assert!(fitted.unwrap().planes.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
