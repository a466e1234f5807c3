//! One prediction beside what came: the number that the card asks for.

use crate::readout::brightness;
use crate::readout::flow::{self, Field, Luma, rates};
use crate::readout::phase;
use crate::stimulus::illusion::measure::{Measure, Measured};
use crate::units::PixelSize;

/// What the numbers are measured on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Size of all pictures.
    pub size: PixelSize,
    /// Degrees per pixel.
    pub pixel_deg: f64,
    /// Spatial frequency of the grating whose phase is measured, in cycles per degree.
    pub frequency_cpd: Option<f64>,
    /// Whether the picture is mirrored: it is measured in mirrored directions.
    pub mirror: bool,
}

/// What there is to compare at one step; all sRGB-coded planes.
pub struct Glance<'a> {
    /// The frame before.
    pub before: &'a [f32],
    /// The frame that came.
    pub actual: &'a [f32],
    /// What was expected instead.
    pub predicted: &'a [f32],
    /// What is measured and what it is compared with.
    pub regions: Option<&'a [Vec<f32>; 2]>,
}

/// The number, above zero where the network errs as people do. Of a mirrored picture it is measured in mirrored
/// directions. `None` where it cannot be had, as in a region without any structure.
#[must_use]
pub fn number(measure: &Measure, scale: &Scale, glance: &Glance<'_>) -> Option<f64> {
    let Scale { size, mirror, .. } = *scale;
    let luma = |planes: &[f32]| Luma::of_planes(size, planes);
    let direction_deg = if mirror { 180.0 - measure.direction_deg } else { measure.direction_deg };
    let turned = if mirror { -1.0 } else { 1.0 };
    let expected = || flow::dense(&luma(glance.before), &luma(glance.predicted));
    let middle = [0.5 * (f64::from(size.width) - 1.0), 0.5 * (f64::from(size.height) - 1.0)];
    let value = match measure.of {
        Measured::Rotation => {
            let field = expected();
            turned * compared(glance, |mask| finite(rates::rotation(&field, mask, middle).value))?
        }
        Measured::Expansion => {
            let field = expected();
            100.0 * compared(glance, |mask| finite(rates::expansion(&field, mask, middle).value))?
        }
        Measured::Translation => {
            let field = expected();
            compared(glance, |mask| along(&field, mask, direction_deg))?
        }
        Measured::Position => {
            let field = flow::dense(&luma(glance.actual), &luma(glance.predicted));
            compared(glance, |mask| along(&field, mask, direction_deg))?
        }
        Measured::Phase => {
            let frequency_cpp = scale.frequency_cpd? * scale.pixel_deg;
            let mask = glance.regions.map(|[inside, _]| inside.as_slice());
            let (from, to) = (luma(glance.before), luma(glance.predicted));
            finite(phase::step(&from, &to, frequency_cpp, direction_deg, mask)?.cycles)?
        }
        Measured::Brightness => {
            let [inside, beside] = glance.regions?;
            let contrast = |planes| brightness::difference(&luma(planes), inside, beside);
            finite(contrast(glance.predicted)? - contrast(glance.actual)?)?
        }
        Measured::Surprise => compared(glance, |mask| surprise(glance, mask))?,
    };
    Some(measure.sign * value)
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn along(field: &Field, mask: Option<&[f32]>, direction_deg: f64) -> Option<f64> {
    finite(rates::translation(field, mask, direction_deg).value)
}

/// What is inside the first region minus what is inside the second, where that has any weight.
fn compared(glance: &Glance<'_>, of: impl Fn(Option<&[f32]>) -> Option<f64>) -> Option<f64> {
    let Some([inside, beside]) = glance.regions else { return of(None) };
    let value = of(Some(inside))?;
    if beside.iter().all(|weight| *weight <= 0.0) {
        return Some(value);
    }
    Some(value - of(Some(beside))?)
}

/// Mean activity of the error units of the pixels: what was expected too bright and too dark, together.
fn surprise(glance: &Glance<'_>, mask: Option<&[f32]>) -> Option<f64> {
    let area = glance.actual.len() / 3;
    let (mut sum, mut total) = (0.0, 0.0);
    for (at, (actual, predicted)) in glance.actual.iter().zip(glance.predicted).enumerate() {
        let weight = mask.map_or(1.0, |mask| mask.get(at % area.max(1)).map_or(0.0, |w| f64::from(*w)));
        sum += weight * f64::from((actual - predicted).abs());
        total += weight;
    }
    finite(sum / total)
}
