//! How every curve of a recording answers every event: latency, peak and transience, from one event to the next.

use super::timecourse::Recording;
use super::transience::{Response, response};
use crate::frame::Mark;

/// A response is looked for no longer than this after its event, in seconds.
const LONGEST_S: f64 = 2.0;
/// Length of what is before an event that counts as its baseline, in seconds.
const BASELINE_S: f64 = 0.5;
/// Rows that are nearer than this to an event are at it.
const SAME_TIME_S: f64 = 1e-6;

/// The answer of one curve to one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Name of the curve: `e0`, `e1[c3,x10,y4]`.
    pub series: String,
    /// The event.
    pub event: Mark,
    /// How long after it was looked, in seconds.
    pub window_s: f64,
    /// What came.
    pub response: Response,
}

/// All answers, event by event in order of time. The baseline is the half second before an event, from the event before it on at
/// most; the window ends at the next event, after two seconds or with the recording. Curves that do not change, and events with
/// fewer than two rows after them, have no answer.
#[must_use]
pub fn answers(recording: &Recording) -> Vec<Answer> {
    let mut events = recording.marks.clone();
    events.sort_by(|one, other| one.time_s.total_cmp(&other.time_s));
    // Several things that happen at once are one event.
    events.dedup_by(|later, first| {
        let same = (later.time_s - first.time_s).abs() < SAME_TIME_S;
        if same {
            first.label = format!("{}, {}", first.label, later.label);
        }
        same
    });
    let Some(&end_s) = recording.time_s.last() else { return Vec::new() };
    let mut found = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let before_s = number.checked_sub(1).map_or(f64::NEG_INFINITY, |last| events[last].time_s);
        let next_s = events.get(number + 1).map_or(f64::INFINITY, |next| next.time_s);
        let window_s = LONGEST_S.min(next_s.min(end_s) - event.time_s);
        let from_s = before_s.max(event.time_s - BASELINE_S) - SAME_TIME_S;
        let first = recording.time_s.partition_point(|time_s| *time_s < from_s);
        let last = recording.time_s.partition_point(|time_s| *time_s < next_s - SAME_TIME_S);
        let rows = first..last.max(first);
        // An event falls between two rows: the row that shows it counts as after it.
        let onset_s = event.time_s - SAME_TIME_S;
        for series in &recording.columns {
            let Some(values) = recording.column(series).and_then(|values| values.get(rows.clone())) else {
                continue;
            };
            let times = &recording.time_s[rows.clone()];
            if let Ok(Some(response)) = response(times, values, onset_s, window_s + 2.0 * SAME_TIME_S) {
                found.push(Answer { series: series.clone(), event: event.clone(), window_s, response });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten rows a second for four seconds; `e0` leaps at 1 s and stays, `r0` leaps at 1 s and 3 s and is gone after
    /// two rows, `a0` does nothing.
    fn recording() -> Recording {
        let mut recording = Recording::default();
        for step in 0..40 {
            let leap = |at: u64, long: u64| f32::from(u8::from((at..at + long).contains(&step)));
            let row = [("a0", 0.5), ("e0", leap(10, 100)), ("r0", leap(10, 2) - leap(30, 2))];
            let row = row.map(|(name, value)| (name.to_owned(), value));
            recording.append(step as f64 / 10.0, step, &row);
        }
        let mark = |time_s, label: &str| Mark { time_s, label: label.to_owned() };
        recording.marks = vec![mark(3.0, "off"), mark(1.0, "on"), mark(1.0, "tone"), mark(99.0, "never")];
        recording
    }

    #[test]
    fn every_curve_that_changes_has_an_answer_to_every_event() {
        let found = answers(&recording());
        let told: Vec<_> =
            found.iter().map(|one| (one.series.as_str(), one.event.label.as_str(), one.window_s)).collect();
        let last_s = 3.9 - 3.0;
        assert_eq!(told[..2], [("e0", "on, tone", 2.0), ("r0", "on, tone", 2.0)]);
        assert_eq!(told[2..].iter().map(|one| (one.0, one.1)).collect::<Vec<_>>(), [("r0", "off")]);
        assert!((told[2].2 - last_s).abs() < 1e-9);
        let [stays, goes, falls] = [0, 1, 2].map(|index| found[index].response);
        assert!(stays.transience < 1e-9 && stays.baseline == 0.0 && stays.peak == 1.0);
        assert!(goes.transience > 0.999 && goes.peak == 1.0 && goes.sustained == 0.0);
        assert!(falls.peak == -1.0 && falls.transience > 0.999);
        // Half of the leap is between the row before and the row at the event.
        assert!(stays.latency_s.abs() < 1e-5, "{stays:?}");
    }

    #[test]
    fn without_events_or_rows_there_is_nothing() {
        assert!(answers(&Recording { marks: Vec::new(), ..recording() }).is_empty());
        assert!(answers(&Recording { marks: recording().marks, ..Recording::default() }).is_empty());
    }
}
