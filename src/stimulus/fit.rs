//! Bringing a picture to the network's size: cropped or letterboxed, averaged over area, never stretched.

use crate::frame::{Image, NetworkFrame, Picture};
use crate::units::PixelSize;

mod axis;
mod planes;
mod rows;

use axis::Axis;
use rows::Rows;

/// How a picture is brought to the network's aspect.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Fill it; what sticks out at two sides is cut off.
    #[default]
    Crop,
    /// Show all of it; the rest is mid-grey.
    Letterbox,
}

/// Mid-grey, around a letterboxed picture.
const AROUND: f32 = 0.5;

/// Brings a picture to the network's size. One scale serves both axes, so nothing is ever stretched: with
/// [`Fit::Crop`] the picture fills the frame and is cut at two sides (centred), with [`Fit::Letterbox`] all
/// of it is seen and the rest is mid-grey. `mirror` swaps left and right.
///
/// Shrinking is exact area averaging of the sRGB-coded values, pixels at the rim counted by the part that
/// is covered; enlarging is bilinear. Values are in 0..1.
#[must_use]
pub fn fit(picture: &Picture, size: PixelSize, fit: Fit, mirror: bool) -> NetworkFrame {
    let from = picture.size;
    if from.area() == 0 || picture.rgb.len() != 3 * from.area() {
        return NetworkFrame::uniform(size, AROUND);
    }
    let scale = scale_of(from, size, fit);
    let mut across = Axis::new(from.width as usize, size.width as usize, scale);
    let down = Axis::new(from.height as usize, size.height as usize, scale);
    if mirror {
        across.taps.reverse();
    }
    let mut planes = vec![0.0; 3 * size.area()];
    pulp::Arch::new().dispatch(Resample { picture, across: &across, down: &down, planes: &mut planes });
    NetworkFrame { size, planes }
}

/// The same of a picture as its source has it: where it is coded in planes and made at most half as large, these are
/// averaged and it is never converted as a whole. Clipped colours count as they are coded, not as they are shown; else
/// the two differ by rounding alone.
#[must_use]
pub fn fit_image(image: &Image, size: PixelSize, rule: Fit, mirror: bool) -> NetworkFrame {
    let coded = image.planes().and_then(|coded| planes::fit(coded, image.size, size, rule, mirror));
    coded.unwrap_or_else(|| fit(image.picture(), size, rule, mirror))
}

/// Pixels of the picture, along a side, that go to one of the network's.
fn scale_of(from: PixelSize, size: PixelSize, fit: Fit) -> f64 {
    let ratio_x = f64::from(from.width) / f64::from(size.width.max(1));
    let ratio_y = f64::from(from.height) / f64::from(size.height.max(1));
    match fit {
        Fit::Crop => ratio_x.min(ratio_y),
        Fit::Letterbox => ratio_x.max(ratio_y),
    }
}

/// The work of [`fit`], to be compiled for each kind of vectors.
struct Resample<'a> {
    picture: &'a Picture,
    across: &'a Axis,
    down: &'a Axis,
    planes: &'a mut [f32],
}

impl pulp::WithSimd for Resample<'_> {
    type Output = ();

    #[allow(clippy::inline_always, reason = "so that it is compiled for these vectors")]
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut rows = Rows::new(self.picture.size.width as usize, &self.across.used());
        let (columns, area) = (self.across.taps.len(), self.planes.len() / 3);
        for (y, tap) in self.down.taps.iter().enumerate() {
            rows.sum(&self.picture.rgb, tap);
            rows.spread(self.across, tap.covered, y * columns, area, self.planes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noise(width: u32, height: u32, seed: u32) -> Picture {
        let size = PixelSize::new(width, height);
        let byte = |at: usize| ((at as u32 ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8;
        Picture { size, rgb: (0..3 * size.area()).map(byte).collect() }
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_uniform_picture_stays_uniform_when_cropped(
            from in (1u32..70, 1u32..70), to in (1u32..40, 1u32..40), grey in any::<u8>(), mirror in any::<bool>(),
        ) {
            let picture = Picture::uniform(PixelSize::new(from.0, from.1), [grey; 3]);
            let frame = fit(&picture, PixelSize::new(to.0, to.1), Fit::Crop, mirror);
            let wanted = f32::from(grey) / 255.0;
            prop_assert!(frame.planes.iter().all(|value| (value - wanted).abs() < 1e-5));
        }

        #[test]
        fn the_mean_is_kept_at_whole_factors(
            to in (1u32..12, 1u32..12), factor in 1u32..7, seed in any::<u32>(),
        ) {
            let picture = noise(to.0 * factor, to.1 * factor, seed);
            let frame = fit(&picture, PixelSize::new(to.0, to.1), Fit::Crop, false);
            let before = mean(picture.rgb.iter().map(|&value| f64::from(value) / 255.0));
            let after = mean(frame.planes.iter().map(|&value| f64::from(value)));
            prop_assert!((before - after).abs() < 1e-5);
        }

        #[test]
        fn mirroring_swaps_the_columns_and_twice_is_nothing(
            from in (1u32..50, 1u32..50), to in (1u32..30, 1u32..30), seed in any::<u32>(), letterbox in any::<bool>(),
        ) {
            let rule = if letterbox { Fit::Letterbox } else { Fit::Crop };
            let (picture, size) = (noise(from.0, from.1, seed), PixelSize::new(to.0, to.1));
            let plain = fit(&picture, size, rule, false);
            let mirrored = fit(&picture, size, rule, true);
            let back: Vec<f32> = mirrored
                .planes
                .chunks_exact(to.0 as usize)
                .flat_map(|row| row.iter().rev().copied())
                .collect();
            prop_assert!(plain.planes.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-6));
        }

        #[test]
        fn values_stay_in_range(
            from in (1u32..60, 1u32..60), to in (1u32..60, 1u32..60), seed in any::<u32>(), letterbox in any::<bool>(),
        ) {
            let rule = if letterbox { Fit::Letterbox } else { Fit::Crop };
            let frame = fit(&noise(from.0, from.1, seed), PixelSize::new(to.0, to.1), rule, false);
            prop_assert_eq!(frame.planes.len(), 3 * (to.0 * to.1) as usize);
            prop_assert!(frame.planes.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }

    /// A white disc in the middle of black; returns its width and height in the fitted frame.
    fn disc_extent(from: PixelSize, to: PixelSize, rule: Fit) -> (f32, f32) {
        let radius = f64::from(from.width.min(from.height)) / 3.0;
        let mut picture = Picture::uniform(from, [0; 3]);
        for y in 0..from.height {
            for x in 0..from.width {
                let (dx, dy) = (
                    f64::from(x) + 0.5 - f64::from(from.width) / 2.0,
                    f64::from(y) + 0.5 - f64::from(from.height) / 2.0,
                );
                if dx.hypot(dy) < radius {
                    let at = 3 * (y * from.width + x) as usize;
                    picture.rgb[at..at + 3].fill(255);
                }
            }
        }
        let frame = fit(&picture, to, rule, false);
        let width = to.width as usize;
        let row = &frame.planes[to.height as usize / 2 * width..][..width];
        let column: Vec<f32> = (0..to.height as usize).map(|y| frame.planes[y * width + width / 2]).collect();
        // Twice what is above mid-grey: the letterbox's bars do not count.
        let bright = |values: &[f32]| values.iter().map(|value| 2.0 * (value - 0.5).max(0.0)).sum::<f32>();
        (bright(row), bright(&column))
    }

    #[test]
    fn a_circle_stays_round_whatever_the_shapes() {
        for (from, to, rule) in [
            ((320, 180), (80, 64), Fit::Crop),
            ((180, 320), (160, 120), Fit::Crop),
            ((40, 30), (128, 128), Fit::Crop),
            ((300, 200), (60, 64), Fit::Letterbox),
        ] {
            let (from, to) = (PixelSize::new(from.0, from.1), PixelSize::new(to.0, to.1));
            let (width, height) = disc_extent(from, to, rule);
            assert!((width - height).abs() < 0.06 * width + 0.5, "{from} to {to}: {width} x {height}");
        }
    }

    #[test]
    fn shrinking_averages_by_area_even_between_pixels() {
        let picture = Picture { size: PixelSize::new(3, 1), rgb: [[30; 3], [60; 3], [240; 3]].concat() };
        let frame = fit(&picture, PixelSize::new(2, 1), Fit::Letterbox, false);
        // Two target pixels of 1.5 source pixels each; of the one row, 2/3 is covered and 1/3 is grey.
        let wanted = [(30.0 + 0.5 * 60.0) / 1.5, (0.5 * 60.0 + 240.0) / 1.5]
            .map(|value: f32| value / 255.0 * (2.0 / 3.0) + 0.5 / 3.0);
        assert!((frame.planes[0] - wanted[0]).abs() < 1e-5, "{:?}", frame.planes);
        assert!((frame.planes[1] - wanted[1]).abs() < 1e-5, "{:?}", frame.planes);
    }

    #[test]
    fn a_letterboxed_picture_lies_on_mid_grey() {
        let picture = Picture::uniform(PixelSize::new(40, 10), [255; 3]);
        let frame = fit(&picture, PixelSize::new(16, 16), Fit::Letterbox, false);
        assert_eq!(frame.planes[0], 0.5);
        assert!((frame.planes[8 * 16 + 8] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_picture_of_nothing_is_grey() {
        let empty = Picture { size: PixelSize::new(0, 0), rgb: vec![] };
        assert_eq!(fit(&empty, PixelSize::new(8, 8), Fit::Crop, true).planes, vec![0.5; 192]);
    }
}
