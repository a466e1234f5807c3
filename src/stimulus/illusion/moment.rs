//! The moment at which a stimulus shows most: many are empty for much of their time.

use super::{Illusion, Showing};
use crate::error::Result;
use crate::gpu::raster::Program;
use crate::units::PixelSize;

/// Parts of the stimulus (of its length, or of four seconds) that are looked at.
const PARTS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Length in seconds that stands for "runs on".
const ENDLESS_S: f64 = 4.0;

/// The sRGB-coded planes `[3, height, width]` of the moment that shows most. Blocking: never on the window's thread.
///
/// # Errors
/// As [`Program::render_planes`].
pub fn telling(
    program: &Program,
    illusion: &Illusion,
    showing: &Showing,
    size: PixelSize,
    samples: u32,
) -> Result<Vec<f32>> {
    let params = illusion.uniform_values(showing);
    let length_s = illusion.card.duration_s.unwrap_or(ENDLESS_S);
    let mut best: Option<(f32, Vec<f32>)> = None;
    for part in PARTS {
        let view = illusion.view(showing, size, part * length_s, samples);
        let planes = program.render_planes(&view, &params)?;
        let spread = spread(&planes);
        // Clearly more, so that lively stimuli keep their first moment.
        if best.as_ref().is_none_or(|(most, _)| spread > most * 1.3 + 1e-6) {
            best = Some((spread, planes));
        }
    }
    Ok(best.map(|(_, planes)| planes).unwrap_or_default())
}

/// Variance of all values.
fn spread(planes: &[f32]) -> f32 {
    let n = planes.len().max(1) as f32;
    let mean = planes.iter().sum::<f32>() / n;
    planes.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n
}
