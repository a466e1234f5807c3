//! Every illusion before every network: each with its control and both mirrors, at several places, and one number,
//! interval and verdict for each.

use super::film::{Condition, Lens};
use super::observer::{Observer, Watched};
use super::table::fingerprint;
use super::verdict::{Finding, Sample, least, weigh};
use crate::error::Result;
use crate::gpu::{Compute, Gpu};
use crate::readout::flow::Method;
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::measure::{Measure, Measured};
use crate::units::PixelSize;

/// Shifts of the picture in pixels at which all is shown; of what is random, as many seeds instead.
const PLACES_PX: [[f32; 2]; 5] = [[0.0, 0.0], [1.25, 0.5], [-0.75, 1.0], [-1.5, -0.75], [1.0, -1.25]];

/// One network's answer to one illusion.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Row {
    /// The illusion.
    pub slug: String,
    /// First digits of the SHA-256 of its text.
    pub text: String,
    /// The network's name.
    pub model: String,
    /// SHA-256 of its weights; empty where it has none.
    pub sha256: String,
    /// What was measured.
    pub of: Measured,
    /// Its unit.
    pub unit: &'static str,
    /// Whether the mirror's number, in the picture's own directions, has the other sign.
    pub mirror_turns: bool,
    /// The numbers; `None` where none could be had.
    pub finding: Option<Finding>,
}

/// Shows one illusion to all observers, motion found by `method`; those of one size and rate are shown the same frames.
///
/// # Errors
/// [`crate::error::Kind::Usage`] for a card that does not say what is measured; those of the shader and the networks.
pub fn show(
    illusion: &Illusion,
    observers: &mut [&mut Observer],
    method: Method,
    gpu: &Gpu,
    compute: &Compute,
) -> Result<Vec<Row>> {
    let lens = Lens::new(gpu, illusion, method)?;
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); observers.len()];
    let mut of_kind: Vec<(PixelSize, f64)> = Vec::new();
    for observer in observers.iter() {
        if !of_kind.contains(&(observer.size, observer.rate_hz)) {
            of_kind.push((observer.size, observer.rate_hz));
        }
    }
    for (size, rate_hz) in of_kind {
        for place in places(&lens) {
            let condition = |control, mirror| Condition { control, mirror, ..place };
            let film = |control, mirror| lens.film(condition(control, mirror), size, rate_hz);
            let films = [film(false, false)?, film(false, true)?, film(true, false)?, film(true, true)?];
            for (observer, samples) in observers.iter_mut().zip(&mut samples) {
                if (observer.size, observer.rate_hz) != (size, rate_hz) {
                    continue;
                }
                let mut seen = [Watched::default(); 4];
                for (seen, film) in seen.iter_mut().zip(&films) {
                    *seen = observer.watch(film, &lens.measure, compute)?;
                }
                samples.push(sample(seen));
            }
        }
    }
    let row = |(observer, samples): (&&mut Observer, &Vec<Sample>)| Row {
        finding: weigh(samples, least(lens.measure.of, f64::from(observer.size.width))),
        ..Row::of(illusion, &lens.measure, observer)
    };
    Ok(observers.iter().zip(&samples).map(row).collect())
}

/// The illusion as it is, at every place.
pub(super) fn places(lens: &Lens<'_>) -> impl Iterator<Item = Condition> + use<> {
    let is_random = lens.is_random();
    PLACES_PX.into_iter().enumerate().map(move |(place, shift_px)| Condition {
        control: false,
        mirror: false,
        seed: place as u32,
        shift_px: if is_random { [0.0; 2] } else { shift_px },
    })
}

impl Row {
    /// What is asked of whom, without an answer.
    pub(super) fn of(illusion: &Illusion, measure: &Measure, observer: &Observer) -> Self {
        let of = measure.of;
        Self {
            slug: illusion.slug.clone(),
            text: fingerprint(illusion),
            model: observer.name.clone(),
            sha256: observer.sha256.clone(),
            of,
            unit: if observer.detects() { "of its mean answer" } else { of.unit() },
            mirror_turns: of.is_turned_by_mirror(measure.direction_deg),
            finding: None,
        }
    }
}

/// What a detector of motion answers has no unit: its numbers are taken as parts of its mean answer to the illusion.
fn sample(seen: [Watched; 4]) -> Sample {
    let [shown, mirrored, control, control_mirrored] = seen;
    let scale = match (shown.answer, mirrored.answer) {
        (Some(one), Some(other)) => 2.0 / (one + other).max(f64::MIN_POSITIVE),
        _ => 1.0,
    };
    let of = |one: Watched| one.value * scale;
    Sample {
        shown: of(shown),
        mirrored: of(mirrored),
        control: of(control),
        control_mirrored: of(control_mirrored),
    }
}
