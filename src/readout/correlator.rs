//! An array of correlation-type motion detectors (Hassenstein & Reichardt 1956; Reichardt 1961), fed frame by frame: a
//! baseline beside the network's motion.
//!
//! Two receptors on either side of a pixel are each multiplied with the other's past and subtracted, along rows and
//! along columns. With a saturation of every detector's output before anything is summed, such an array sees Rotating
//! Snakes turn (Bach & Atala-Gérard, i-Perception 2020, 11(5), PMC7585899): when a picture appears or jumps, a detector
//! answers the local step of luminance, and few large steps count for less than many small ones. Which way a picture
//! goes that appears on grey depends on its greys.

use super::flow::{Field, Luma};
use crate::error::{Error, Kind, Result};
use crate::units::PixelSize;

/// How the detectors are built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detectors {
    /// Distance of each receptor from the detector's place, px: the two are twice as far from each other.
    pub reach_px: u32,
    /// Time constant of the low-pass that remembers the past, frames; 0 remembers the last frame alone.
    pub memory_frames: f32,
    /// Subtracted from every value: 0 for detectors of luminance, the mean for detectors of contrast.
    pub ground: f32,
    /// Value at which a receptor is half saturated (Naka & Rushton 1966, exponent 1); `None` is linear.
    pub input_half: Option<f32>,
    /// Output at which a detector is half saturated, before outputs are summed; `None` is linear.
    pub output_half: Option<f32>,
}

impl Detectors {
    /// The textbook's: linear, of luminance.
    pub const LINEAR: Self =
        Self { reach_px: 1, memory_frames: 2.0, ground: 0.0, input_half: None, output_half: None };
    /// With the saturation of Bach & Atala-Gérard (2020). They give no constant; here a detector is half saturated by
    /// a step of half the range on middle grey.
    pub const SATURATING: Self = Self { output_half: Some(0.25), ..Self::LINEAR };
}

/// The array and what it remembers.
#[derive(Clone, Debug)]
pub struct Correlator {
    detectors: Detectors,
    size: PixelSize,
    /// Low-passed receptors up to the last frame; empty before the first.
    past: Vec<f32>,
}

impl Correlator {
    /// An array for pictures of one size that has seen nothing.
    ///
    /// # Errors
    /// [`Kind::Usage`] for settings that are no numbers or out of range.
    pub fn new(size: PixelSize, detectors: Detectors) -> Result<Self> {
        let halves = [detectors.input_half, detectors.output_half];
        let is_positive = |half: &f32| half.is_finite() && *half > 0.0;
        let sane = detectors.reach_px > 0
            && detectors.memory_frames >= 0.0
            && detectors.memory_frames.is_finite()
            && detectors.ground.is_finite()
            && halves.iter().flatten().all(is_positive);
        if !sane {
            let advice =
                "Give a reach of 1 px or more, a memory of 0 frames or more, half saturations above 0";
            return Err(Error::new(Kind::Usage, "motion detectors that cannot be built").advise(advice));
        }
        Ok(Self { detectors, size, past: Vec::new() })
    }

    /// Forgets what was seen.
    pub fn reset(&mut self) {
        self.past.clear();
    }

    /// Shows the next frame; the motion seen with it, arbitrary units, `u` to the right and `v` UP. The confidence is
    /// 1 where receptors fit on all sides and 0 elsewhere, and for the first frame.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for a picture of another size.
    pub fn step(&mut self, picture: &Luma) -> Result<Field> {
        if picture.size != self.size || picture.values.len() != self.size.area() {
            let what = format!("a frame of {} pixels for motion detectors for {}", picture.size, self.size);
            return Err(Error::new(Kind::Mismatch, what));
        }
        let how = &self.detectors;
        let now: Vec<f32> =
            picture.values.iter().map(|value| saturated(value - how.ground, how.input_half)).collect();
        let mut field = Field::still(self.size);
        if self.past.is_empty() {
            self.past = now;
            return Ok(field);
        }
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let reach = how.reach_px as usize;
        // motion from the first place to the second: the first's past is the second's present
        let detect = |first: usize, second: usize| {
            let output = self.past[first] * now[second] - now[first] * self.past[second];
            saturated(output, how.output_half)
        };
        for row in reach..height.saturating_sub(reach) {
            for column in reach..width.saturating_sub(reach) {
                let at = row * width + column;
                field.u[at] = detect(at - reach, at + reach);
                field.v[at] = detect(at + reach * width, at - reach * width);
                field.confidence[at] = 1.0;
            }
        }
        let taken = if how.memory_frames > 0.0 { 1.0 - (-1.0 / how.memory_frames).exp() } else { 1.0 };
        for (past, now) in self.past.iter_mut().zip(&now) {
            *past += taken * (now - *past);
        }
        Ok(field)
    }
}

/// x / (|x| + half).
fn saturated(value: f32, half: Option<f32>) -> f32 {
    half.map_or(value, |half| value / (value.abs() + half))
}
