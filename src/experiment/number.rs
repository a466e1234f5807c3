//! One prediction beside what came: the number that the card asks for.

use crate::error::Result;
use crate::readout::brightness::brightness;
use crate::readout::flow::{self, Field, Luma, Method, Rate};
use crate::readout::phase::{Grating, phase_step};
use crate::stimulus::illusion::measure::{Measure, Measured};
use crate::units::PixelSize;

/// A grating predicted with less contrast than this has no phase.
const LEAST_AMPLITUDE: f64 = 1e-3;

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
    /// How motion is found; displacement is found everywhere, whatever this says.
    pub method: Method,
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
    let luma = |planes: &[f32]| Luma::of_planes(scale.size, planes).ok();
    let direction_deg = direction_deg(measure, scale);
    let field = |method: Method, from: &[f32]| method.field(&luma(from)?, &luma(glance.predicted)?).ok();
    let value = match measure.of {
        Measured::Rotation | Measured::Expansion | Measured::Translation => {
            return motion(measure, scale, &field(scale.method, glance.before)?, glance.regions);
        }
        Measured::Position => {
            let field = field(Method::Dense, glance.actual)?;
            compared(glance.regions, |mask| known(flow::translation(&field, mask, direction_deg)))?
        }
        Measured::Phase => {
            let grating = Grating { frequency_cpp: scale.frequency_cpd? * scale.pixel_deg, direction_deg };
            let window = glance.regions.map(|[inside, _]| inside.as_slice());
            let step = phase_step(&luma(glance.before)?, &luma(glance.predicted)?, &grating, window).ok()?;
            finite(step.step_cycles).filter(|_| step.confidence() > LEAST_AMPLITUDE)?
        }
        Measured::Brightness => {
            let [inside, beside] = glance.regions?;
            let contrast = |planes: &[f32]| {
                let found = brightness(&luma(planes)?.values, inside, beside, (0.0, 1.0)).ok()?;
                finite(found.difference_percent)
            };
            contrast(glance.predicted)? - contrast(glance.actual)?
        }
        Measured::Surprise => compared(glance.regions, |mask| surprise(glance, mask))?,
    };
    Some(measure.sign * value)
}

/// The same of a field of motion, however it was come by; `None` for what is no motion. Of a grating's phase it is the
/// motion along its direction, in pixels.
#[must_use]
pub fn motion(
    measure: &Measure,
    scale: &Scale,
    field: &Field,
    regions: Option<&[Vec<f32>; 2]>,
) -> Option<f64> {
    let middle = flow::middle(scale.size);
    let turned = if scale.mirror { -1.0 } else { 1.0 };
    let direction_deg = direction_deg(measure, scale);
    let value = match measure.of {
        Measured::Rotation => turned * compared(regions, |mask| known(flow::rotation(field, mask, middle)))?,
        Measured::Expansion => 100.0 * compared(regions, |mask| known(flow::expansion(field, mask, middle)))?,
        Measured::Translation | Measured::Phase => {
            compared(regions, |mask| known(flow::translation(field, mask, direction_deg)))?
        }
        Measured::Position | Measured::Brightness | Measured::Surprise => return None,
    };
    Some(measure.sign * value)
}

fn direction_deg(measure: &Measure, scale: &Scale) -> f64 {
    if scale.mirror { 180.0 - measure.direction_deg } else { measure.direction_deg }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn known(rate: Result<Rate>) -> Option<f64> {
    finite(rate.ok()?.value)
}

/// What is inside the first region minus what is inside the second, where that has any weight.
fn compared(regions: Option<&[Vec<f32>; 2]>, of: impl Fn(Option<&[f32]>) -> Option<f64>) -> Option<f64> {
    let Some([inside, beside]) = regions else { return of(None) };
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
