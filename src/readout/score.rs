//! How well frames were predicted: mean squared error and structural similarity, beside copying the last
//! frame and extrapolating it.
//!
//! SSIM after Wang, Bovik, Sheikh & Simoncelli (IEEE Trans. Image Process. 2004): Gaussian window of 11x11,
//! standard deviation 1.5, K1 = 0.01, K2 = 0.03, range 1, mean over all places where the window fits; here of
//! luma (ITU-R BT.601) of the sRGB-coded values.

use crate::error::{Error, Kind, Result};
use crate::frame::NetworkFrame;
use crate::units::PixelSize;

/// Side of the window of SSIM.
const WINDOW: usize = 11;
const SIGMA: f64 = 1.5;
const C1: f64 = 0.01 * 0.01;
const C2: f64 = 0.03 * 0.03;

/// Mean scores over frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct FrameScore {
    /// Mean squared error of the coded values, 0 for a perfect prediction.
    pub mse: f64,
    /// Structural similarity of luma, 1 for a perfect prediction; `None` for frames smaller than its window.
    pub ssim: Option<f64>,
}

/// The scores of a prediction and of the baselines on the same frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Scores {
    /// Number of frames that count.
    pub frames: u64,
    /// The network.
    pub prediction: FrameScore,
    /// Copying the last frame.
    pub copy_last_frame: FrameScore,
    /// Going on in a line, within 0..1.
    pub linear_extrapolation: FrameScore,
}

/// Sums that become a [`FrameScore`].
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    mse: f64,
    ssim: f64,
}

/// Adds up scores frame by frame. The first frames do not count: nothing can be predicted of the first, nor
/// by extrapolation of the second, and networks need to see some motion.
#[derive(Clone, Debug)]
pub struct ScoreTally {
    size: PixelSize,
    skip: u64,
    /// Frames of this clip.
    seen: u64,
    /// Frames that count, of all clips.
    counted: u64,
    last: Option<Vec<f32>>,
    before: Option<Vec<f32>>,
    sums: [Sums; 3],
}

impl ScoreTally {
    /// An empty tally for frames of `size`; the first `skip` of them (at least 2) do not count.
    #[must_use]
    pub fn new(size: PixelSize, skip: u64) -> Self {
        Self {
            size,
            skip: skip.max(2),
            seen: 0,
            counted: 0,
            last: None,
            before: None,
            sums: [Sums::default(); 3],
        }
    }

    /// Adds the frame that came and what was predicted of it (planar, as the frame).
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when the frame or the prediction has another size.
    pub fn add(&mut self, actual: &NetworkFrame, prediction: &[f32]) -> Result<()> {
        let count = 3 * self.size.area();
        if actual.planes.len() != count || prediction.len() != count {
            let what = format!("a frame or its prediction is not of {} pixels in three channels", self.size);
            return Err(Error::new(Kind::Mismatch, what));
        }
        if let (Some(last), Some(before)) = (&self.last, &self.before)
            && self.seen >= self.skip
        {
            let line: Vec<f32> =
                last.iter().zip(before).map(|(l, b)| (2.0 * l - b).clamp(0.0, 1.0)).collect();
            for (sums, guess) in self.sums.iter_mut().zip([prediction, last, &line]) {
                sums.mse += mean_squared_error(&actual.planes, guess);
                sums.ssim += ssim(&luma(&actual.planes), &luma(guess), self.size).unwrap_or_default();
            }
            self.counted += 1;
        }
        self.before = self.last.replace(actual.planes.clone());
        self.seen += 1;
        Ok(())
    }

    /// Starts another clip: its first frames do not count either; what was added up stays.
    pub fn cut(&mut self) {
        (self.last, self.before, self.seen) = (None, None, 0);
    }

    /// The means over all frames that count; `None` when there are none.
    #[must_use]
    pub fn scores(&self) -> Option<Scores> {
        let frames = self.counted;
        if frames == 0 {
            return None;
        }
        let has_ssim = self.size.width as usize >= WINDOW && self.size.height as usize >= WINDOW;
        let mean = |sums: &Sums| FrameScore {
            mse: sums.mse / frames as f64,
            ssim: has_ssim.then_some(sums.ssim / frames as f64),
        };
        let [prediction, copy, line] = &self.sums;
        Some(Scores {
            frames,
            prediction: mean(prediction),
            copy_last_frame: mean(copy),
            linear_extrapolation: mean(line),
        })
    }
}

/// Mean squared difference.
#[must_use]
pub fn mean_squared_error(a: &[f32], b: &[f32]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    sum / a.len().min(b.len()).max(1) as f64
}

/// Luma (ITU-R BT.601) of three planes of coded values.
#[must_use]
pub fn luma(planes: &[f32]) -> Vec<f64> {
    let area = planes.len() / 3;
    let (red, rest) = planes.split_at(area);
    let (green, blue) = rest.split_at(area);
    let each = red.iter().zip(green).zip(blue);
    each.map(|((r, g), b)| 0.299 * f64::from(*r) + 0.587 * f64::from(*g) + 0.114 * f64::from(*b)).collect()
}

/// Mean structural similarity of two grey pictures in 0..1; `None` when the window does not fit.
#[must_use]
pub fn ssim(a: &[f64], b: &[f64], size: PixelSize) -> Option<f64> {
    let (width, height) = (size.width as usize, size.height as usize);
    if width < WINDOW || height < WINDOW || a.len() != width * height || b.len() != a.len() {
        return None;
    }
    let kernel = gaussian();
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).collect::<Vec<_>>();
    let blur = |plane: &[f64]| blur(plane, width, &kernel);
    let (mean_a, mean_b) = (blur(a), blur(b));
    let (square_a, square_b, cross) = (blur(&product(a, a)), blur(&product(b, b)), blur(&product(a, b)));
    let sum: f64 = (0..mean_a.len())
        .map(|i| {
            let (ma, mb) = (mean_a[i], mean_b[i]);
            let (va, vb, cab) = (square_a[i] - ma * ma, square_b[i] - mb * mb, cross[i] - ma * mb);
            ((2.0 * ma * mb + C1) * (2.0 * cab + C2)) / ((ma * ma + mb * mb + C1) * (va + vb + C2))
        })
        .sum();
    Some(sum / mean_a.len() as f64)
}

fn gaussian() -> [f64; WINDOW] {
    let middle = (WINDOW / 2) as f64;
    let raw: [f64; WINDOW] = std::array::from_fn(|i| (-0.5 * ((i as f64 - middle) / SIGMA).powi(2)).exp());
    let sum: f64 = raw.iter().sum();
    raw.map(|weight| weight / sum)
}

/// Weighted mean around every place where the window fits, first along rows and then along columns.
fn blur(plane: &[f64], width: usize, kernel: &[f64; WINDOW]) -> Vec<f64> {
    let weigh = |values: &[f64]| kernel.iter().zip(values).map(|(k, v)| k * v).sum::<f64>();
    let rows: Vec<f64> = plane.chunks_exact(width).flat_map(|row| row.windows(WINDOW).map(weigh)).collect();
    let narrow = width - WINDOW + 1;
    let height = rows.len() / narrow;
    let mut blurred = vec![0.0; narrow * (height + 1 - WINDOW)];
    for (k, weight) in kernel.iter().enumerate() {
        for (value, row) in blurred.iter_mut().zip(&rows[k * narrow..]) {
            *value += weight * row;
        }
    }
    blurred
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: PixelSize = PixelSize::new(16, 12);

    fn ramp(offset: f32) -> NetworkFrame {
        let planes = (0..3 * SIZE.area()).map(|i| offset + 0.5 * (i % 16) as f32 / 16.0).collect();
        NetworkFrame { size: SIZE, planes }
    }

    #[test]
    fn uniform_pictures_have_the_similarity_of_the_formula() {
        let (a, b) = (vec![0.5; SIZE.area()], vec![0.6; SIZE.area()]);
        let wanted = (2.0 * 0.5 * 0.6 + C1) / (0.25 + 0.36 + C1);
        assert!((ssim(&a, &b, SIZE).unwrap() - wanted).abs() < 1e-9);
        assert!((ssim(&a, &a, SIZE).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(ssim(&a[..100], &b[..100], PixelSize::new(10, 10)), None);
    }

    #[test]
    fn a_sign_change_of_zero_mean_noise_is_dissimilar() {
        // alternating +d and -d around 0.5: the window sees nearly the same mean and opposite covariance
        let checks: Vec<f64> =
            (0..SIZE.area()).map(|i| if (i + i / 16) % 2 == 0 { 0.1 } else { -0.1 }).collect();
        let a: Vec<f64> = checks.iter().map(|d| 0.5 + d).collect();
        let b: Vec<f64> = checks.iter().map(|d| 0.5 - d).collect();
        let wanted = (C2 - 2.0 * 0.01) / (C2 + 2.0 * 0.01);
        assert!((ssim(&a, &b, SIZE).unwrap() - wanted).abs() < 0.01);
    }

    #[test]
    fn a_linear_change_is_extrapolated_exactly_and_copied_with_its_step() {
        let mut tally = ScoreTally::new(SIZE, 0);
        for step in 0..5 {
            let frame = ramp(step as f32 / 16.0);
            let guess: Vec<f32> = frame.planes.iter().map(|v| v + 0.25).collect();
            tally.add(&frame, &guess).unwrap();
        }
        let scores = tally.scores().unwrap();
        assert_eq!(scores.frames, 3);
        assert!((scores.prediction.mse - 0.0625).abs() < 1e-9);
        assert!((scores.copy_last_frame.mse - 1.0 / 256.0).abs() < 1e-9);
        assert!(scores.linear_extrapolation.mse < 1e-12);
        assert!(scores.linear_extrapolation.ssim.unwrap() > 0.999_999);
        assert!(scores.prediction.ssim.unwrap() < 0.9);
    }

    #[test]
    fn the_first_frames_of_every_clip_do_not_count() {
        let mut tally = ScoreTally::new(SIZE, 3);
        assert_eq!(tally.scores(), None);
        for _clip in 0..2 {
            for _ in 0..5 {
                tally.add(&ramp(0.0), &ramp(0.0).planes).unwrap();
            }
            tally.cut();
        }
        assert_eq!(tally.scores().unwrap().frames, 4);
        assert_eq!(tally.scores().unwrap().prediction.mse, 0.0);
        assert!(tally.add(&ramp(0.0), &[0.0; 4]).is_err());
    }
}
