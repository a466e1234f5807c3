//! Optical flow between two small pictures, dense and with sub-pixel accuracy: where everything seems to have gone.
//!
//! Lucas & Kanade (1981) in windows of Gaussian weight, from coarse to fine (Bouguet 2000), each step symmetric: both
//! pictures are warped by half the motion, so that exchanging them exactly turns the flow round.

mod pyramid;
pub mod rates;

use crate::readout::score::luma;
use crate::units::PixelSize;
use pyramid::{Plane, at, blurred, halved};

/// Brightness of every pixel, ITU-R BT.601 luma of sRGB-coded values.
#[derive(Clone, Debug, PartialEq)]
pub struct Luma {
    /// Columns and rows.
    pub size: PixelSize,
    /// Row-major, 0 to 1.
    pub values: Vec<f32>,
}

impl Luma {
    /// Of three planes, or of one that is luma already; what is missing is black.
    #[must_use]
    pub fn of_planes(size: PixelSize, planes: &[f32]) -> Self {
        let mut values: Vec<f32> = if planes.len() >= 3 * size.area() {
            luma(planes).into_iter().map(|value| value as f32).collect()
        } else {
            planes.to_vec()
        };
        values.resize(size.area(), 0.0);
        Self { size, values }
    }
}

/// Motion of every pixel from one picture to the other, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Columns and rows.
    pub size: PixelSize,
    /// To the right.
    pub u: Vec<f32>,
    /// Up.
    pub v: Vec<f32>,
    /// 0 where nothing can be told (no structure, or only along one direction) to 1.
    pub confidence: Vec<f32>,
}

/// Spread of the window, in pixels of each level.
const WINDOW: f32 = 2.0;
/// Steps at each level.
const STEPS: usize = 4;
/// Smallest side of the coarsest level.
const COARSEST: u32 = 12;
/// The smaller eigenvalue of the structure tensor that counts as half sure: a gradient of 1.5 % of range per pixel.
const HALF_SURE: f32 = 2.25e-4;
/// Longest step, in pixels of a level: what goes beyond has lost its way.
const LONGEST: f32 = 1.0;

/// The motion from one picture to another of the same size.
#[must_use]
pub fn dense(from: &Luma, to: &Luma) -> Field {
    let mut levels = vec![[Plane::of(from), Plane::of(to)]];
    while let Some([one, other]) = levels.last()
        && one.width.min(one.height) >= 2 * COARSEST as usize
    {
        levels.push([halved(one), halved(other)]);
    }
    let mut motion: Option<[Plane; 2]> = None;
    let mut least = Vec::new();
    for [one, other] in levels.iter().rev() {
        let mut guess = motion.map_or_else(
            || [one.zeros(), one.zeros()],
            |coarse| coarse.map(|plane| plane.doubled(one.width, one.height)),
        );
        least = refine(one, other, &mut guess);
        motion = Some(guess);
    }
    let [right, down] = motion.unwrap_or_else(|| [Plane::of(from).zeros(), Plane::of(from).zeros()]);
    let confidence = least.iter().map(|least| least / (least + HALF_SURE)).collect();
    Field { size: from.size, u: right.values, v: down.values.iter().map(|down| -down).collect(), confidence }
}

/// Makes the guess of one level better; gives the smaller eigenvalue of the structure tensor at each pixel.
fn refine(one: &Plane, other: &Plane, guess: &mut [Plane; 2]) -> Vec<f32> {
    let (width, height) = (one.width, one.height);
    let mut least = vec![0.0; width * height];
    for _ in 0..STEPS {
        let [mut xx, mut xy, mut yy, mut xt, mut yt] = [(); 5].map(|()| one.zeros());
        let warped = warp(one, other, guess);
        let mean = warped.0.mean_with(&warped.1);
        for y in 0..height {
            for x in 0..width {
                let index = y * width + x;
                let (gx, gy) = mean.gradient(x, y);
                let change = at(&warped.1.values, index) - at(&warped.0.values, index);
                for (plane, value) in [
                    (&mut xx, gx * gx),
                    (&mut xy, gx * gy),
                    (&mut yy, gy * gy),
                    (&mut xt, gx * change),
                    (&mut yt, gy * change),
                ] {
                    if let Some(place) = plane.values.get_mut(index) {
                        *place = value;
                    }
                }
            }
        }
        let [xx, xy, yy, xt, yt] = [xx, xy, yy, xt, yt].map(|plane| blurred(&plane, WINDOW));
        for index in 0..width * height {
            let of = |plane: &Plane| at(&plane.values, index);
            let (a, b, c) = (of(&xx), of(&xy), of(&yy));
            let half_gap = (0.25 * (a - c) * (a - c) + b * b).sqrt();
            let (smaller, larger) = (0.5 * (a + c) - half_gap, 0.5 * (a + c) + half_gap);
            // Along an edge only its normal motion is known: the other part is damped, not divided by nothing.
            let damp = 1e-6 + 0.002 * larger;
            let det = (a + damp) * (c + damp) - b * b;
            let step =
                [-((c + damp) * of(&xt) - b * of(&yt)) / det, -((a + damp) * of(&yt) - b * of(&xt)) / det];
            for (plane, step) in guess.iter_mut().zip(step) {
                if let Some(place) = plane.values.get_mut(index) {
                    *place += step.clamp(-LONGEST, LONGEST);
                }
            }
            if let Some(place) = least.get_mut(index) {
                *place = smaller.max(0.0);
            }
        }
    }
    least
}

/// Both pictures, each brought half-way to the other.
fn warp(one: &Plane, other: &Plane, motion: &[Plane; 2]) -> (Plane, Plane) {
    let half = |plane: &Plane, sign: f32| {
        let mut warped = plane.zeros();
        for (index, value) in warped.values.iter_mut().enumerate() {
            let (x, y) = ((index % plane.width) as f32, (index / plane.width) as f32);
            let [dx, dy] = [0, 1].map(|axis: usize| motion.get(axis).map_or(0.0, |m| at(&m.values, index)));
            *value = plane.sample(x + sign * 0.5 * dx, y + sign * 0.5 * dy);
        }
        warped
    };
    (half(one, -1.0), half(other, 1.0))
}
