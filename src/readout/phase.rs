//! How far a grating of known frequency stepped between two pictures.

use std::f64::consts::TAU;

use super::flow::Luma;

/// A step of a grating.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// How far it went along its direction, in cycles, from -0.5 to 0.5.
    pub cycles: f64,
    /// Amplitude of the grating in the weaker picture, 0 to 1: below a hundredth the step means little.
    pub amplitude: f64,
}

/// The step between two pictures of a grating of `frequency_cpp` cycles per pixel along `direction_deg`
/// (counter-clockwise from rightward), seen through `mask`; `None` where there is no grating.
#[must_use]
pub fn step(
    from: &Luma,
    to: &Luma,
    frequency_cpp: f64,
    direction_deg: f64,
    mask: Option<&[f32]>,
) -> Option<Step> {
    let [one, other] = [from, to].map(|picture| component(picture, frequency_cpp, direction_deg, mask));
    let ((re, im), (re2, im2)) = (one?, other?);
    let amplitude = re.hypot(im).min(re2.hypot(im2));
    if amplitude.is_nan() || amplitude <= 1e-4 {
        return None;
    }
    // The phase of what moves on falls: the product with the conjugate, the other way round.
    let (re, im) = (re * re2 + im * im2, im * re2 - re * im2);
    Some(Step { cycles: im.atan2(re) / TAU, amplitude })
}

/// The Fourier component, under a window that falls to the edges, of the picture without its mean.
fn component(
    picture: &Luma,
    frequency_cpp: f64,
    direction_deg: f64,
    mask: Option<&[f32]>,
) -> Option<(f64, f64)> {
    let (width, height) = (picture.size.width as usize, picture.size.height as usize);
    let (across, up) = (direction_deg.to_radians().cos(), direction_deg.to_radians().sin());
    let hann = |at: usize, count: usize| 0.5 - 0.5 * (TAU * (at as f64 + 0.5) / count as f64).cos();
    let weight = |index: usize| {
        let shape = hann(index % width, width) * hann(index / width, height);
        shape * mask.map_or(1.0, |mask| mask.get(index).map_or(0.0, |weight| f64::from(*weight)))
    };
    let (mut sum, mut total) = (0.0, 0.0);
    for (index, value) in picture.values.iter().enumerate() {
        sum += weight(index) * f64::from(*value);
        total += weight(index);
    }
    if total.is_nan() || total <= 1e-6 {
        return None;
    }
    let mean = sum / total;
    let (mut re, mut im) = (0.0, 0.0);
    for (index, value) in picture.values.iter().enumerate() {
        let along = across * (index % width) as f64 - up * (index / width) as f64;
        let angle = TAU * frequency_cpp * along;
        let value = weight(index) * (f64::from(*value) - mean);
        re += value * angle.cos();
        im -= value * angle.sin();
    }
    Some((2.0 * re / total, 2.0 * im / total))
}
