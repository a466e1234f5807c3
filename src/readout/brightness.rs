//! How much lighter one region of a picture is than another.

use super::flow::Luma;

/// Mean of the first region minus mean of the second, in percent of the range; `None` where one has no weight.
/// The regions are weights from 0 to 1, one per pixel.
#[must_use]
pub fn difference(picture: &Luma, inside: &[f32], beside: &[f32]) -> Option<f64> {
    Some(100.0 * (mean(picture, inside)? - mean(picture, beside)?))
}

/// Weighted mean of a region, 0 to 1.
#[must_use]
pub fn mean(picture: &Luma, region: &[f32]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    for (value, weight) in picture.values.iter().zip(region) {
        sum += f64::from(*value) * f64::from(*weight);
        total += f64::from(*weight);
    }
    (total > 1e-6).then(|| sum / total)
}
