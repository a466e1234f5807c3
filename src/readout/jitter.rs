//! A still picture under small eye movements: what a motion detector sees of it on average.
//!
//! The path is a random walk, there and back and at rest for a while, and the same mirrored in either axis. The eye
//! itself moves equally in all directions and, backwards, the path is the same: what is left on average is the
//! picture's. Linear detectors see nothing then; saturating ones compare a smeared past with a crisp present, as when
//! the picture appears (Bach & Atala-Gérard 2020 let it appear, and jump by saccades).

use super::flow::pyramid::Grid;
use super::flow::{Field, Luma};
use crate::error::{Error, Kind, Result};

/// Small movements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jitter {
    /// Length of a step, px.
    pub step_px: f64,
    /// Steps of the walk before it turns back; the path has eight times as many.
    pub steps: u32,
    /// Frames at rest after each of the four loops, in which detectors forget the last one.
    pub rest_frames: u32,
    /// Two walks of the same seed are the same.
    pub seed: u64,
}

impl Default for Jitter {
    fn default() -> Self {
        Self { step_px: 0.5, steps: 8, rest_frames: 16, seed: 1 }
    }
}

impl Jitter {
    /// Places of the picture, px to the right and UP; starts and ends at none.
    #[must_use]
    pub fn path(&self) -> Vec<[f64; 2]> {
        let mut state = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
        let mut walk = vec![[0.0, 0.0]];
        let mut place = [0.0, 0.0];
        for _ in 0..self.steps {
            // Knuth's constants; the upper bits are random enough for a direction
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let angle = std::f64::consts::TAU * (state >> 11) as f64 / (1_u64 << 53) as f64;
            let (sin, cos) = angle.sin_cos();
            place = [place[0] + self.step_px * cos, place[1] + self.step_px * sin];
            walk.push(place);
        }
        let there_and_back: Vec<_> = walk.iter().chain(walk.iter().rev().skip(1)).skip(1).copied().collect();
        let mut path = vec![[0.0, 0.0]];
        for [x, y] in [[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]] {
            path.extend(there_and_back.iter().map(|place| [x * place[0], y * place[1]]));
            path.extend((0..self.rest_frames).map(|_| [0.0, 0.0]));
        }
        path
    }
}

/// The picture moved by some px to the right and UP, by a cubic spline; the outermost pixels go on.
///
/// # Errors
/// [`Kind::Mismatch`] for a picture that does not have one value a pixel, or no pixel.
pub fn moved(picture: &Luma, by: [f64; 2]) -> Result<Luma> {
    let spline = spline(picture)?;
    Ok(read(&spline, picture, by))
}

/// Shows a still picture along the path and gives the mean of what `watch` sees after the first frame, weighted by its
/// confidence. `watch` may be a [`super::correlator::Correlator`] or a [`super::motion_energy::MotionEnergy`] that has
/// seen nothing yet, or a network's prediction.
///
/// # Errors
/// As [`moved`], and what `watch` answers.
pub fn mean_field(
    picture: &Luma,
    jitter: &Jitter,
    mut watch: impl FnMut(&Luma) -> Result<Field>,
) -> Result<Field> {
    let spline = spline(picture)?;
    let path = jitter.path();
    let mut mean = Field::still(picture.size);
    for (number, by) in path.iter().enumerate() {
        let seen = watch(&read(&spline, picture, *by))?;
        if seen.size != picture.size {
            let what = format!("motion of {} pixels in a picture of {}", seen.size, picture.size);
            return Err(Error::new(Kind::Mismatch, what));
        }
        if number == 0 {
            continue;
        }
        mean.add(&seen);
    }
    Ok(mean.averaged(path.len().saturating_sub(1)))
}

fn spline(picture: &Luma) -> Result<Grid> {
    let (width, height) = (picture.size.width as usize, picture.size.height as usize);
    if picture.values.len() != width * height || picture.values.is_empty() {
        return Err(Error::new(Kind::Mismatch, format!("a picture that is not of {} pixels", picture.size)));
    }
    Ok(Grid { width, height, values: picture.values.clone() }.spline())
}

fn read(spline: &Grid, picture: &Luma, by: [f64; 2]) -> Luma {
    if by == [0.0, 0.0] {
        return picture.clone();
    }
    let (right, up) = (by[0] as f32, by[1] as f32);
    let place = |at: usize| ((at % spline.width) as f32 - right, (at / spline.width) as f32 + up);
    let values = (0..picture.values.len()).map(place).map(|(x, y)| spline.cubic(x, y)).collect();
    Luma { size: picture.size, values }
}
