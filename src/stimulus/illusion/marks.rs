//! An illusion's events on the time axis.

use crate::frame::Mark;
use crate::param::ParamValues;
use crate::safety::limits::MAX_MARKS;
use crate::stimulus::illusion::{Illusion, Quantity, Showing};

/// Times a hair before the start of the stretch count as in it: events and network steps are both
/// multiples of short decimal fractions.
const HAIR_S: f64 = 1e-6;

impl Illusion {
    /// Whether a frame at this time counts in what is measured: within the card's stretch of time, of every cycle. Of
    /// an illusion that has a stretch and no cycle, all counts but its beginning.
    #[must_use]
    pub fn counts(&self, showing: &Showing, time_s: f64) -> bool {
        let Some(measure) = &self.card.measure else { return false };
        if time_s < measure.from_s - 1e-6 {
            return false;
        }
        let values = self.effective(showing);
        let repeated = self.card.events.iter().find_map(|event| event.every.as_ref());
        let cycle_s = self.card.duration_s.or_else(|| repeated.map(|every| self.seconds(&values, every)));
        match (measure.to_s, cycle_s) {
            (Some(to_s), Some(cycle_s)) if cycle_s > 0.0 => {
                (time_s - measure.from_s + 1e-6).rem_euclid(cycle_s) < to_s - measure.from_s
            }
            _ => true,
        }
    }

    /// Events from `from_s` up to but without `to_s`, in order of time; bounded in number.
    #[must_use]
    pub fn marks(&self, showing: &Showing, from_s: f64, to_s: f64) -> Vec<Mark> {
        let values = self.effective(showing);
        let mut marks = Vec::new();
        for event in &self.card.events {
            if event.when.as_ref().is_some_and(|name| self.value(&values, name) == 0.0) {
                continue;
            }
            let first = self.seconds(&values, &event.at);
            let every = event.every.as_ref().map_or(0.0, |every| self.seconds(&values, every));
            for time_s in times(first, every, from_s, to_s) {
                marks.push(Mark { time_s, label: event.label.clone() });
            }
        }
        marks.sort_by(|one, other| one.time_s.total_cmp(&other.time_s));
        marks.truncate(MAX_MARKS);
        marks
    }

    fn seconds(&self, values: &ParamValues, quantity: &Quantity) -> f64 {
        match quantity {
            Quantity::Number(seconds) => *seconds,
            Quantity::Param(name) => self.value(values, name),
        }
    }

    /// The value of a parameter by name; the cards are checked, so an unknown one is never asked for.
    fn value(&self, values: &ParamValues, name: &str) -> f64 {
        self.card.params.iter().find(|param| param.name == name).map_or(0.0, |param| values.get(param))
    }
}

/// `first`, `first + every`, ... within the stretch; `first` alone where `every` is not above zero.
fn times(first: f64, every: f64, from_s: f64, to_s: f64) -> Vec<f64> {
    let from_s = from_s - HAIR_S;
    let to_s = to_s - HAIR_S;
    if !(first.is_finite() && every.is_finite() && from_s.is_finite() && to_s.is_finite()) {
        return Vec::new();
    }
    let inside = |time: f64| time >= from_s && time < to_s;
    if every <= 0.0 {
        return if inside(first) { vec![first] } else { Vec::new() };
    }
    let start = ((from_s - first) / every).ceil().max(0.0);
    (0..MAX_MARKS)
        .map(|number| first + every * (start + number as f64))
        .take_while(|&time| time < to_s)
        .filter(|&time| inside(time))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn repeated_events_fall_on_their_beat_and_at_the_start_but_not_the_end() {
        assert_eq!(times(0.5, 1.0, 0.0, 3.5), [0.5, 1.5, 2.5]);
        assert_eq!(times(0.5, 1.0, 1.5, 2.0), [1.5]);
        assert_eq!(times(2.0, 0.0, 0.0, 2.0), [0.0; 0]);
        assert_eq!(times(2.0, 0.0, 2.0, 3.0), [2.0]);
    }

    #[test]
    fn hostile_stretches_end() {
        assert!(times(0.0, 1e-300, 0.0, 1e300).len() <= super::MAX_MARKS);
        assert!(times(0.0, 1.0, f64::NEG_INFINITY, f64::INFINITY).is_empty());
        assert!(times(f64::NAN, 1.0, 0.0, 1.0).is_empty());
        assert!(times(0.0, 1.0, 3.0, 1.0).is_empty());
    }
}
