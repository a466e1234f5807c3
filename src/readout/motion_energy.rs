//! Motion energy (Adelson & Bergen, J. Opt. Soc. Am. A 1985, 2, 284), fed frame by frame: a baseline beside the
//! network's motion.
//!
//! Pictures are filtered by pairs of Gabor functions, a quarter of a cycle apart, in several directions and at
//! several scales, and by two temporal filters, of which one is slower. Sums and differences of the four are filters
//! oriented in space and time; the difference of the energies of opposite directions is
//! 4 (even slow · odd fast - even fast · odd slow).

use super::flow::pyramid::Grid;
use super::flow::{Field, Luma};
use crate::error::{Error, Kind, Result};
use crate::units::PixelSize;

/// How the filters are built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filters {
    /// Wavelength of the finest Gabor functions, px; each scale is twice the one before. 4 or more.
    pub wavelength_px: f32,
    /// Scales: 1 to 4.
    pub scales: usize,
    /// Axes of motion, evenly spaced over half a turn from the horizontal: 2 to 8, each with two directions.
    pub axes: usize,
    /// The temporal filters' k, 1/frames: (kt)^n e^(-kt) (1/n! - (kt)²/(n+2)!), n = 3 and 5. At 1 they prefer about a
    /// tenth of a cycle per frame.
    pub rate_per_frame: f32,
}

impl Default for Filters {
    fn default() -> Self {
        Self { wavelength_px: 5.0, scales: 3, axes: 4, rate_per_frame: 1.0 }
    }
}

/// The filters and the frames that they still remember.
#[derive(Clone, Debug)]
pub struct MotionEnergy {
    filters: Filters,
    size: PixelSize,
    /// Weights of the newest frame and of those before it, fast and slow.
    temporal: [Vec<f32>; 2],
    /// The newest first; empty before the first frame.
    frames: std::collections::VecDeque<Vec<f32>>,
}

/// Standard deviation of the envelope in wavelengths: a bandwidth of about an octave.
const ENVELOPE: f32 = 0.5;
/// Shortest side of a coarser scale, px.
const COARSEST: usize = 8;

impl MotionEnergy {
    /// Filters for pictures of one size that have seen nothing.
    ///
    /// # Errors
    /// [`Kind::Usage`] for settings out of range, [`Kind::Mismatch`] for pictures without pixels.
    pub fn new(size: PixelSize, filters: Filters) -> Result<Self> {
        let sane = (4.0..=64.0).contains(&filters.wavelength_px)
            && (1..=4).contains(&filters.scales)
            && (2..=8).contains(&filters.axes)
            && (0.2..=4.0).contains(&filters.rate_per_frame);
        if !sane {
            let advice = "Give wavelengths of 4 to 64 px, 1 to 4 scales, 2 to 8 axes, 0.2 to 4 per frame";
            return Err(Error::new(Kind::Usage, "motion energy filters out of range").advise(advice));
        }
        if size.area() == 0 {
            return Err(Error::new(Kind::Mismatch, "motion energy of pictures without pixels"));
        }
        let temporal = [3, 5].map(|order| temporal_filter(order, filters.rate_per_frame));
        Ok(Self { filters, size, temporal, frames: std::collections::VecDeque::new() })
    }

    /// Forgets what was seen.
    pub fn reset(&mut self) {
        self.frames.clear();
    }

    /// Shows the next frame; the opponent motion energy with it, arbitrary units, `u` to the right and `v` UP. What was
    /// before the first frame counts as the same picture. The confidence is 1, and 0 for the first frame.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for a picture of another size.
    pub fn step(&mut self, picture: &Luma) -> Result<Field> {
        if picture.size != self.size || picture.values.len() != self.size.area() {
            let what = format!("a frame of {} pixels for motion energy of {}", picture.size, self.size);
            return Err(Error::new(Kind::Mismatch, what));
        }
        let is_first = self.frames.is_empty();
        let longest = self.temporal.iter().map(Vec::len).max().unwrap_or(1);
        self.frames.push_front(picture.values.clone());
        while self.frames.len() < longest {
            self.frames.push_back(picture.values.clone());
        }
        self.frames.truncate(longest);
        let mut field = Field::still(self.size);
        if is_first {
            return Ok(field);
        }
        field.confidence.fill(1.0);
        let mut levels: Vec<[Grid; 2]> = vec![[0, 1].map(|which| self.remembered(which))];
        while levels.len() < self.filters.scales
            && let Some(pair) = levels.last()
            && pair[0].width.min(pair[0].height) >= 2 * COARSEST
        {
            let next = [pair[0].halved(), pair[1].halved()];
            levels.push(next);
        }
        let gain = 2.0 / self.filters.axes as f32;
        for axis in 0..self.filters.axes {
            let angle = std::f32::consts::PI * axis as f32 / self.filters.axes as f32;
            let filter = Gabor::new(self.filters.wavelength_px, angle);
            let energy = opponent_at_all_scales(&levels, &filter);
            let (sin, cos) = angle.sin_cos();
            for ((u, v), energy) in field.u.iter_mut().zip(&mut field.v).zip(&energy.values) {
                *u += gain * cos * energy;
                *v += gain * sin * energy;
            }
        }
        Ok(field)
    }

    /// The frames through the fast (0) or slow (1) filter.
    fn remembered(&self, which: usize) -> Grid {
        let mut sum = Grid::filled(self.size.width as usize, self.size.height as usize, 0.0);
        let Some(newest) = self.frames.front() else { return sum };
        for (weight, frame) in self.temporal[which].iter().zip(&self.frames) {
            // weights sum to 0: of differences, nothing is left of what stands still, not even rounding
            for ((sum, value), newest) in sum.values.iter_mut().zip(frame).zip(newest) {
                *sum += weight * (value - newest);
            }
        }
        sum
    }
}

/// The opponent energy along one axis, summed over scales at the pixels of the finest.
fn opponent_at_all_scales(levels: &[[Grid; 2]], filter: &Gabor) -> Grid {
    let mut coarser: Option<Grid> = None;
    for [fast, slow] in levels.iter().rev() {
        let ([even_fast, odd_fast], [even_slow, odd_slow]) = (filter.pair(fast), filter.pair(slow));
        let mut sum = coarser.map_or_else(
            || Grid::filled(fast.width, fast.height, 0.0),
            |coarser| coarser.doubled(fast.width, fast.height),
        );
        for (at, sum) in sum.values.iter_mut().enumerate() {
            *sum += 4.0 * (even_slow[at] * odd_fast[at] - even_fast[at] * odd_slow[at]);
        }
        coarser = Some(sum);
    }
    coarser.unwrap_or_default()
}

/// A pair of Gabor functions in quadrature, as products of functions of columns and rows.
struct Gabor {
    columns: [Vec<f32>; 2],
    rows: [Vec<f32>; 2],
}

impl Gabor {
    /// Waves along `angle`, counter-clockwise from the right.
    fn new(wavelength: f32, angle: f32) -> Self {
        let sigma = ENVELOPE * wavelength;
        let reach = (2.5 * sigma).ceil() as i32;
        let (sin, cos) = angle.sin_cos();
        let taps = |per_px: f32, wave: fn(f32) -> f32| -> Vec<f32> {
            let total: f32 = (-reach..=reach).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).sum();
            let tap = |i: i32| (-0.5 * (i as f32 / sigma).powi(2)).exp() / total * wave(per_px * i as f32);
            (-reach..=reach).map(tap).collect()
        };
        let frequency = std::f32::consts::TAU / wavelength;
        // rows count down
        let (along, down) = (frequency * cos, -frequency * sin);
        Self {
            columns: [taps(along, f32::cos), taps(along, f32::sin)],
            rows: [taps(down, f32::cos), taps(down, f32::sin)],
        }
    }

    /// Even and odd responses: cos(a+b) and sin(a+b) by their products.
    fn pair(&self, picture: &Grid) -> [Vec<f32>; 2] {
        let [cosine, sine] = [0, 1].map(|wave| along_rows(picture, &self.columns[wave]));
        let [cos_cos, cos_sin] = [0, 1].map(|wave| along_columns(&cosine, &self.rows[wave]));
        let [sin_cos, sin_sin] = [0, 1].map(|wave| along_columns(&sine, &self.rows[wave]));
        let combine = |a: &Grid, b: &Grid, sign: f32| {
            a.values.iter().zip(&b.values).map(|(a, b)| a + sign * b).collect()
        };
        [combine(&cos_cos, &sin_sin, -1.0), combine(&sin_cos, &cos_sin, 1.0)]
    }
}

/// Correlated with taps along each row; the picture goes on as its outermost pixels.
fn along_rows(picture: &Grid, taps: &[f32]) -> Grid {
    let (width, reach) = (picture.width, taps.len() / 2);
    let mut done = Grid::filled(width, picture.height, 0.0);
    let mut padded = vec![0.0; width + 2 * reach];
    for (to, from) in done.values.chunks_exact_mut(width).zip(picture.values.chunks_exact(width)) {
        padded[..reach].fill(from[0]);
        padded[reach..reach + width].copy_from_slice(from);
        padded[reach + width..].fill(from[width - 1]);
        for (k, tap) in taps.iter().enumerate() {
            for (to, from) in to.iter_mut().zip(&padded[k..]) {
                *to += tap * from;
            }
        }
    }
    done
}

/// The same along each column.
fn along_columns(picture: &Grid, taps: &[f32]) -> Grid {
    let reach = taps.len() / 2;
    let mut done = Grid::filled(picture.width, picture.height, 0.0);
    for (y, to) in done.values.chunks_exact_mut(picture.width).enumerate() {
        for (k, tap) in taps.iter().enumerate() {
            let from = picture.row((y + k).saturating_sub(reach).min(picture.height - 1));
            for (to, from) in to.iter_mut().zip(from) {
                *to += tap * from;
            }
        }
    }
    done
}

/// The temporal filter of Adelson & Bergen, newest frame first, until little is left.
fn temporal_filter(order: i32, rate: f32) -> Vec<f32> {
    let factorial = |n: i32| (1..=n).map(|i| i as f32).product::<f32>();
    let count = ((14.0 / rate).ceil() as usize).max(3);
    let envelope = |t: f32| t.powi(order) * (-t).exp() / factorial(order);
    let times = (0..count).map(|frame| rate * frame as f32);
    let raw: Vec<f32> = times
        .clone()
        .map(|t| envelope(t) * (1.0 - t * t * factorial(order) / factorial(order + 2)))
        .collect();
    // what is cut off would leave an answer to a still picture
    let (left, total) = (raw.iter().sum::<f32>(), times.clone().map(envelope).sum::<f32>());
    times.zip(raw).map(|(t, raw)| raw - left / total * envelope(t)).collect()
}
