//! From a field of motion to rates: translation, rotation and expansion by weighted least squares, with intervals from
//! leaving out one block of the picture after the other.

use super::Field;

/// Blocks across and down that are left out in turn.
const BLOCKS: usize = 5;

/// A rate with the half width of its 95 % interval; not a number where nothing counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The rate.
    pub value: f64,
    /// Half the width of its interval.
    pub interval: f64,
}

/// Sums of one block: what is divided and what it is divided by.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    above: f64,
    below: f64,
}

/// Mean motion along a direction (counter-clockwise from rightward), in pixels. `mask` weighs the pixels.
#[must_use]
pub fn translation(field: &Field, mask: Option<&[f32]>, direction_deg: f64) -> Rate {
    let (across, up) = (direction_deg.to_radians().cos(), direction_deg.to_radians().sin());
    rate(field, mask, |_, [u, v]| [u * across + v * up, 1.0])
}

/// Rotation about a place (in pixels from the upper left pixel's centre), counter-clockwise, in degrees.
#[must_use]
pub fn rotation(field: &Field, mask: Option<&[f32]>, centre_px: [f64; 2]) -> Rate {
    let one = rate(field, mask, |[x, y], [u, v]| {
        let [x, y] = [x - centre_px[0], centre_px[1] - y];
        [x * v - y * u, x * x + y * y]
    });
    Rate { value: one.value.to_degrees(), interval: one.interval.to_degrees() }
}

/// Growth about a place, as a part of the distance from it.
#[must_use]
pub fn expansion(field: &Field, mask: Option<&[f32]>, centre_px: [f64; 2]) -> Rate {
    rate(field, mask, |[x, y], [u, v]| {
        let [x, y] = [x - centre_px[0], centre_px[1] - y];
        [x * u + y * v, x * x + y * y]
    })
}

/// The ratio of two weighted sums over the picture; `of` gives both for a place and its motion (right, up).
fn rate(field: &Field, mask: Option<&[f32]>, of: impl Fn([f64; 2], [f64; 2]) -> [f64; 2]) -> Rate {
    let (width, height) = (field.size.width as usize, field.size.height as usize);
    let mut blocks = [Sums::default(); BLOCKS * BLOCKS];
    let known = field.u.iter().zip(&field.v).zip(&field.confidence).enumerate();
    for (index, ((u, v), confidence)) in known {
        let weight = f64::from(*confidence) * mask.map_or(1.0, |mask| f64::from(super::at(mask, index)));
        if weight.is_nan() || weight <= 0.0 {
            continue;
        }
        let (x, y) = (index % width, index / width);
        let [above, below] = of([x as f64, y as f64], [f64::from(*u), f64::from(*v)]);
        let block = (y * BLOCKS / height) * BLOCKS + x * BLOCKS / width;
        if let Some(sums) = blocks.get_mut(block) {
            sums.above += weight * above;
            sums.below += weight * below;
        }
    }
    let all = blocks.iter().fold(Sums::default(), |all, one| Sums {
        above: all.above + one.above,
        below: all.below + one.below,
    });
    let value = all.above / all.below;
    let without: Vec<f64> = blocks
        .iter()
        .filter(|one| one.below > 0.0 && all.below - one.below > 1e-9 * all.below)
        .map(|one| (all.above - one.above) / (all.below - one.below))
        .collect();
    let count = without.len() as f64;
    if without.len() < 3 {
        return Rate { value, interval: f64::INFINITY };
    }
    let mean = without.iter().sum::<f64>() / count;
    let spread: f64 = without.iter().map(|one| (one - mean).powi(2)).sum();
    Rate { value, interval: 2.0 * (spread * (count - 1.0) / count).sqrt() }
}
