//! By how much of a cycle a grating of known frequency moved between two pictures: the sign is the direction
//! (reverse-phi, two- and four-stroke motion, missing fundamentals, plaids).
//!
//! Mean, cosine and sine are fitted together by weighted least squares, which has no leakage from a window that
//! does not hold whole cycles, as a plain Fourier sum would.

use super::flow::{Luma, middle};
use crate::error::{Error, Kind, Result};

/// A grating: what repeats, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grating {
    /// Cycles per px, above 0 and at most 0.5.
    pub frequency_cpp: f64,
    /// Direction across the bars, in which motion counts as positive: degrees counter-clockwise from the right.
    pub direction_deg: f64,
}

/// How a grating stood in both pictures.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct PhaseStep {
    /// Motion along the direction, cycles: -0.5..0.5 (half a cycle has no direction).
    pub step_cycles: f64,
    /// Amplitude in the first picture, in its unit (half of peak to trough).
    pub amplitude_from: f64,
    /// Amplitude in the second.
    pub amplitude_to: f64,
}

impl PhaseStep {
    /// The smaller amplitude: where it is near 0 the step means nothing.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        self.amplitude_from.min(self.amplitude_to)
    }

    /// The step in px.
    #[must_use]
    pub fn step_px(&self, grating: &Grating) -> f64 {
        self.step_cycles / grating.frequency_cpp
    }
}

/// The step of a grating between two pictures under a window (weights, all alike without it).
///
/// # Errors
/// [`Kind::Mismatch`] for pictures or a window of different sizes or a frequency out of range, [`Kind::Empty`]
/// for a window that is too small to tell the grating from its mean, [`Kind::NotFinite`] for values that are no
/// numbers.
pub fn phase_step(from: &Luma, to: &Luma, grating: &Grating, window: Option<&[f32]>) -> Result<PhaseStep> {
    if from.size != to.size {
        let what = format!("phase between pictures of {} and {} pixels", from.size, to.size);
        return Err(Error::new(Kind::Mismatch, what));
    }
    let [a, b] = [fit(from, grating, window)?, fit(to, grating, window)?];
    // a cosine that moved by s along the direction has lost s of phase
    let lost = (a.0 * b.1 - a.1 * b.0).atan2(a.0 * b.0 + a.1 * b.1);
    let step = lost / std::f64::consts::TAU;
    Ok(PhaseStep { step_cycles: step, amplitude_from: a.0.hypot(a.1), amplitude_to: b.0.hypot(b.1) })
}

/// Weights of cosine and sine of the grating about the middle of the picture.
fn fit(picture: &Luma, grating: &Grating, window: Option<&[f32]>) -> Result<(f64, f64)> {
    let (size, frequency) = (picture.size, grating.frequency_cpp);
    if picture.values.len() != size.area() || window.is_some_and(|window| window.len() != size.area()) {
        return Err(Error::new(Kind::Mismatch, format!("a picture or its window is not of {size} pixels")));
    }
    if !(frequency > 0.0 && frequency <= 0.5 && grating.direction_deg.is_finite()) {
        let what = format!("a grating of {frequency} cycles per pixel");
        return Err(Error::new(Kind::Mismatch, what).advise("Give more than 0 and at most 0.5"));
    }
    let (sin, cos) = grating.direction_deg.to_radians().sin_cos();
    let centre = middle(size);
    let (mut matrix, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for (at, value) in picture.values.iter().enumerate() {
        let weight = window.map_or(1.0, |window| f64::from(window[at]));
        if weight == 0.0 {
            continue;
        }
        let (column, row) = ((at % size.width as usize) as f64, (at / size.width as usize) as f64);
        let along = (column - centre[0]) * cos + (centre[1] - row) * sin;
        let (s, c) = (std::f64::consts::TAU * frequency * along).sin_cos();
        let basis = [1.0, c, s];
        for i in 0..3 {
            for j in 0..3 {
                matrix[i][j] += weight * basis[i] * basis[j];
            }
            right[i] += weight * basis[i] * f64::from(*value);
        }
    }
    if right.iter().any(|sum| !sum.is_finite()) {
        return Err(Error::new(
            Kind::NotFinite,
            "the picture has values under the window that are no numbers",
        ));
    }
    let empty = || {
        Error::new(Kind::Empty, "the window is too small to tell the grating from its mean")
            .advise("Give a window of half a cycle or more")
    };
    solve(matrix, right).map(|[_, c, s]| (c, s)).ok_or_else(empty)
}

/// Cramer's rule; `None` when the fit is not determined.
fn solve(m: [[f64; 3]; 3], r: [f64; 3]) -> Option<[f64; 3]> {
    let det = |m: [[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let whole = det(m);
    let scale = m[0][0] * m[1][1] * m[2][2];
    (whole > 1e-9 * scale.abs() && scale > 0.0).then_some(())?;
    Some(std::array::from_fn(|column| {
        let mut changed = m;
        changed.iter_mut().zip(r).for_each(|(row, value)| row[column] = value);
        det(changed) / whole
    }))
}
