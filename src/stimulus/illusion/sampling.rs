//! What an illusion's parameters ask for that frames of this size and rate cannot show: gratings that are finer than two
//! pixels a cycle, and what changes faster than two frames a cycle, look like something else.

use super::Card;
use crate::param::ParamValues;
use crate::units::{FieldDeg, PixelSize};

/// Names of the speeds at which a card's grating drifts; other speeds are those of objects.
const DRIFTS: [&str; 2] = ["speed", "internal_speed"];
/// Beyond the limit by less than this is rounding.
const SLACK: f64 = 1.0 + 1e-9;

/// A parameter that exceeds what the network's frames can show.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Beyond {
    /// The parameter.
    pub param: String,
    /// What cannot be shown and what is seen instead, one sentence without its full stop.
    pub what: String,
}

/// What of these values frames of `size` at `rate_hz` cannot show, by parameter (the sampling theorem: Shannon 1949).
/// `values` are those in effect, the control's included.
#[must_use]
pub fn beyond(card: &Card, values: &ParamValues, size: PixelSize, rate_hz: f64) -> Vec<Beyond> {
    let field = FieldDeg::of(size, card.field_deg);
    let finest_cpd = f64::from(size.width) / field.width_deg / 2.0;
    let fastest_hz = rate_hz / 2.0;
    let mut found = Vec::new();
    let mut frequency_cpd = None;
    for param in &card.params {
        let value = values.get(param).abs();
        let what = match param.unit.as_str() {
            "cpd" if value > finest_cpd * SLACK => format!(
                "Finer than {size} pixels can show: at most {} cycles a degree; what is seen is grey or a coarser grating",
                rounded(finest_cpd)
            ),
            "cpd" => {
                frequency_cpd = Some(value);
                continue;
            }
            "Hz" if value > fastest_hz * SLACK => format!(
                "Faster than {} frames a second can show: at most {} Hz; it seems slower, or going back",
                rounded(rate_hz),
                rounded(fastest_hz)
            ),
            _ => continue,
        };
        found.push(Beyond { param: param.name.clone(), what });
    }
    let drifts =
        card.params.iter().filter(|param| param.unit == "deg/s" && DRIFTS.contains(&param.name.as_str()));
    for (param, frequency_cpd) in drifts.zip(frequency_cpd) {
        let cycles = values.get(param).abs() * frequency_cpd / rate_hz;
        if cycles > 0.5 * SLACK {
            let what = format!(
                "The grating drifts {} cycles from one frame to the next: beyond half a cycle it seems slower, or going \
                 back",
                rounded(cycles)
            );
            found.push(Beyond { param: param.name.clone(), what });
        }
    }
    found
}

/// Two digits after the point at most.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::catalogue;

    const SIZE: PixelSize = PixelSize::new(80, 64);

    fn of(slug: &str, values: &[(&str, f64)], size: PixelSize, rate_hz: f64) -> Vec<String> {
        let all = catalogue::built_in();
        let card = &all.iter().find(|one| one.slug == slug).unwrap().card;
        let values = ParamValues(values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect());
        beyond(card, &values, size, rate_hz).into_iter().map(|one| one.param).collect()
    }

    #[test]
    fn the_limits_are_two_pixels_a_cycle_and_two_frames_a_cycle() {
        // 20 degrees over 80 pixels: two cycles a degree.
        let at = |values: &[(&str, f64)], size, rate_hz| of("drifting_grating", values, size, rate_hz);
        assert!(at(&[("spatial_frequency", 2.0), ("speed", 0.0)], SIZE, 10.0).is_empty());
        let half = PixelSize::new(40, 32);
        assert_eq!(at(&[("spatial_frequency", 1.01), ("speed", 0.0)], half, 10.0), ["spatial_frequency"]);
        // 10 deg/s of 0.5 cycles a degree are 5 cycles a second.
        assert!(at(&[("spatial_frequency", 0.5), ("speed", 10.0)], SIZE, 10.0).is_empty());
        assert_eq!(at(&[("spatial_frequency", 0.5), ("speed", -10.1)], SIZE, 10.0), ["speed"]);
        assert!(at(&[("spatial_frequency", 0.5), ("speed", -10.1)], SIZE, 30.0).is_empty());
        assert_eq!(of("gabor", &[("temporal_frequency", 3.0)], SIZE, 5.0), ["temporal_frequency"]);
        // What is too fine to be seen at all need not be called too fast as well.
        assert_eq!(at(&[("spatial_frequency", 1.5), ("speed", 20.0)], half, 10.0), ["spatial_frequency"]);
    }

    #[test]
    fn all_illusions_can_be_shown_with_their_defaults_and_as_their_controls() {
        for one in catalogue::built_in() {
            for values in [ParamValues::default(), one.card.control.clone()] {
                assert_eq!(beyond(&one.card, &values, SIZE, 10.0), [], "{}", one.slug);
            }
        }
    }
}
