//! How far an object is from where it should be: in the predicted frame against the true one, along a direction
//! (flash lag, drag, Fröhlich effect, double drift).

use super::flow::{Luma, Rate, dense, middle, translation};
use crate::error::{Error, Kind, Result};

/// A displacement measured in two ways.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Displacement {
    /// By the dense flow under the mask, px along the direction.
    pub flow_px: Rate,
    /// By the centroids of what differs from the ground, px along the direction; NaN where the object cannot be
    /// seen in one of the frames. Robust where the object is small or has moved far, but blurring that reaches
    /// beyond the mask pulls it to the mask's middle.
    pub centroid_px: f64,
    /// Sum of |picture - ground| under the mask, predicted over true: how much of the object is left.
    pub visible: f64,
}

/// The displacement from the true frame to the predicted one of the object under a mask, which must have room for
/// both places. `ground` is the picture without the object; its mean outside the mask stands in for it.
/// `direction_deg` is counter-clockwise from the right: motion that way is positive.
///
/// # Errors
/// [`Kind::Mismatch`] for sizes that differ or are too small, [`Kind::Empty`] for a mask that is empty, or fills
/// the picture while there is no ground, [`Kind::NotFinite`] for values that are no numbers.
pub fn displacement(
    actual: &Luma,
    predicted: &Luma,
    ground: Option<&Luma>,
    mask: &[f32],
    direction_deg: f64,
) -> Result<Displacement> {
    let area = actual.size.area();
    if mask.len() != area || ground.is_some_and(|ground| ground.values.len() != area) {
        let what = format!("the mask or the ground of a displacement is not of {} pixels", actual.size);
        return Err(Error::new(Kind::Mismatch, what));
    }
    if mask.iter().all(|weight| *weight <= 0.0) {
        return Err(Error::new(Kind::Empty, "the mask holds no pixel"));
    }
    let flow_px = translation(&dense(actual, predicted)?, Some(mask), direction_deg)?;
    let [before, after] = [actual, predicted].map(|picture| centroid(picture, ground, mask, direction_deg));
    let (before, after) = (before?, after?);
    Ok(Displacement { flow_px, centroid_px: after.0 - before.0, visible: after.1 / before.1 })
}

/// Place along the direction of the centroid of |picture - ground| under the mask, and the sum.
fn centroid(picture: &Luma, ground: Option<&Luma>, mask: &[f32], direction_deg: f64) -> Result<(f64, f64)> {
    let outside = match ground {
        Some(_) => 0.0,
        None => {
            super::brightness::mean_under(&picture.values, &mask.iter().map(|m| 1.0 - m).collect::<Vec<_>>())
                .map_err(|error| error.advise("Give the ground, or a mask that leaves some of it"))?
        }
    };
    let (sin, cos) = direction_deg.to_radians().sin_cos();
    let centre = middle(picture.size);
    let width = picture.size.width as usize;
    let (mut sum, mut moment) = (0.0, 0.0);
    for (at, (value, mask)) in picture.values.iter().zip(mask).enumerate() {
        let behind = ground.map_or(outside, |ground| f64::from(ground.values[at]));
        let weight = f64::from(*mask) * (f64::from(*value) - behind).abs();
        let along = ((at % width) as f64 - centre[0]) * cos + (centre[1] - (at / width) as f64) * sin;
        sum += weight;
        moment += weight * along;
    }
    let place = if sum > 0.0 { moment / sum } else { f64::NAN };
    Ok((place, sum))
}
