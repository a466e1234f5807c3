//! Which network a row of the recording is of. A recording may go on with another network; where it does there
//! is a mark, and what two networks answered is never mixed: going back before the mark drops what the earlier
//! one answered there.

use super::second::PREFIX;
use crate::readout::timecourse::Recording;

/// Beginning of the labels of marks from which on another network answered.
pub const NETWORK_MARK: &str = "network: ";

/// Forgets rows and marks from `from_s` on and before `to_s`.
pub(super) fn drop_between(recording: &mut Recording, from_s: f64, to_s: f64) {
    let start = recording.time_s.partition_point(|&row_s| row_s < from_s - 1e-6);
    let end = recording.time_s.partition_point(|&row_s| row_s < to_s - 1e-6).max(start);
    recording.time_s.drain(start..end);
    recording.frame.drain(start..end.min(recording.frame.len()));
    for column in recording.values.values_mut() {
        column.drain(start..end.min(column.len()));
    }
    recording.marks.retain(|mark| mark.time_s < from_s - 1e-6 || mark.time_s >= to_s - 1e-6);
}

/// The first network's columns become the second's, and the other way round.
pub(super) fn exchange(recording: &mut Recording) {
    let other = |name: &str| match name.strip_prefix(PREFIX) {
        Some(bare) => bare.to_owned(),
        None => format!("{PREFIX}{name}"),
    };
    for name in &mut recording.columns {
        *name = other(name);
    }
    let values = std::mem::take(&mut recording.values);
    recording.values = values.into_iter().map(|(name, column)| (other(&name), column)).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Mark;

    fn recording() -> Recording {
        let mut recording = Recording::default();
        for step in 0..10_u64 {
            let row = [("e0".to_owned(), step as f32), ("second_e0".to_owned(), -(step as f32))];
            recording.append(step as f64 * 0.1, step, &row);
        }
        recording.marks.push(Mark { time_s: 0.5, label: format!("{NETWORK_MARK}b") });
        recording
    }

    #[test]
    fn rows_and_marks_of_a_stretch_go() {
        let mut cut = recording();
        drop_between(&mut cut, 0.3, 0.6);
        assert_eq!(cut.frame, [0, 1, 2, 6, 7, 8, 9]);
        assert_eq!(cut.values["e0"].len(), cut.len());
        assert!(cut.marks.is_empty());
        drop_between(&mut cut, 0.0, f64::INFINITY);
        assert!(cut.is_empty());
    }

    #[test]
    fn exchanged_twice_is_as_before() {
        let mut recording = recording();
        exchange(&mut recording);
        assert_eq!(recording.values["e0"][3], -3.0);
        assert_eq!(recording.columns, ["second_e0", "e0"]);
        exchange(&mut recording);
        assert_eq!(recording.values["e0"][3], 3.0);
    }
}
