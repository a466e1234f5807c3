//! Response time courses: the mean of every probe, and of picked units, step by step.

use std::collections::BTreeMap;

use crate::frame::Mark;
use crate::readout::Unit;
use crate::safety::limits::MAX_RECORDED_ROWS;

/// Column of the mean squared error of the prediction.
pub const MSE_PREDICTION: &str = "mse_prediction";
/// Column of the mean squared error of copying the last frame.
pub const MSE_COPY: &str = "mse_copy";

/// Column of the mean squared error of a second network's prediction.
pub const MSE_SECOND: &str = "second_mse_prediction";
/// Column of the mean of a second network's error units at the pixels.
pub const E0_SECOND: &str = "second_e0";

/// What has been recorded since the last reset: one row per step.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Names of the columns: probe means first (`e0`, …), then picked units (`e1[c3,x10,y4]`).
    pub columns: Vec<String>,
    /// Seconds of stimulus time, per row.
    pub time_s: Vec<f64>,
    /// Frame number, per row.
    pub frame: Vec<u64>,
    /// Values by column name; NaN where a unit was not picked yet.
    pub values: BTreeMap<String, Vec<f32>>,
    /// Events.
    pub marks: Vec<Mark>,
}

/// Two times that are nearer than this are the same frame.
const SAME_TIME_S: f64 = 1e-6;

impl Recording {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time_s.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time_s.is_empty()
    }

    /// Adds the numbers of one step. A column seen for the first time has NaN before; a column that `row`
    /// lacks gets NaN. Above `MAX_RECORDED_ROWS` the oldest rows go, a block at a time.
    pub fn append(&mut self, time_s: f64, frame: u64, row: &[(String, f32)]) {
        self.make_room(MAX_RECORDED_ROWS);
        let before = self.len();
        self.time_s.push(time_s);
        self.frame.push(frame);
        for (name, value) in row {
            if !self.values.contains_key(name) {
                self.add_column(name, before);
            }
            if let Some(column) = self.values.get_mut(name) {
                column.truncate(before);
                column.push(*value);
            }
        }
        for column in self.values.values_mut() {
            column.resize(before + 1, f32::NAN);
        }
    }

    /// Forgets all rows, columns and marks.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The values of a column, one per row.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[f32]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// The columns that are not single units: probe means and errors of the prediction.
    pub fn mean_columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str).filter(|name| unit_of(name).is_none())
    }

    /// The columns that are picked units, with what they stand for.
    pub fn unit_columns(&self) -> impl Iterator<Item = (&str, Unit)> {
        self.columns.iter().filter_map(|name| Some((name.as_str(), unit_of(name)?)))
    }

    /// A copy of the rows and marks from `from_s` to `to_s`, both included.
    #[must_use]
    pub fn window(&self, from_s: f64, to_s: f64) -> Self {
        let inside = |time_s: f64| time_s >= from_s && time_s <= to_s;
        let rows: Vec<usize> = (0..self.len()).filter(|&row| inside(self.time_s[row])).collect();
        let of = |column: &Vec<f32>| rows.iter().filter_map(|&row| column.get(row).copied()).collect();
        Self {
            columns: self.columns.clone(),
            time_s: rows.iter().map(|&row| self.time_s[row]).collect(),
            frame: rows.iter().filter_map(|&row| self.frame.get(row).copied()).collect(),
            values: self.values.iter().map(|(name, column)| (name.clone(), of(column))).collect(),
            marks: self.marks.iter().filter(|mark| inside(mark.time_s)).cloned().collect(),
        }
    }

    /// Lays the numbers of one step over what an earlier pass of a loop left: rows and marks after `since_s`
    /// (the row that was written last) up to `time_s` give way, later ones stay until they are reached. Rows
    /// stay in order of time, so that a loop always has one whole pass.
    pub fn overwrite(&mut self, since_s: f64, time_s: f64, frame: u64, row: &[(String, f32)]) {
        self.make_room(MAX_RECORDED_ROWS);
        let end = self.time_s.partition_point(|&row_s| row_s <= time_s + SAME_TIME_S);
        let start = self.time_s.partition_point(|&row_s| row_s <= since_s).min(end);
        self.marks.retain(|mark| mark.time_s <= since_s || mark.time_s > time_s + SAME_TIME_S);
        let rows = self.len();
        for (name, _) in row {
            if !self.values.contains_key(name) {
                self.add_column(name, rows);
            }
        }
        self.time_s.splice(start..end, [time_s]);
        self.frame.splice(start..end, [frame]);
        for (name, column) in &mut self.values {
            let value = row.iter().find(|(known, _)| known == name).map_or(f32::NAN, |(_, value)| *value);
            column.splice(start..end, [value]);
        }
    }

    /// The time of the last row before `time_s`.
    pub fn time_before(&self, time_s: f64) -> Option<f64> {
        let rows = self.time_s.partition_point(|&row_s| row_s < time_s - 1e-9);
        rows.checked_sub(1).and_then(|row| self.time_s.get(row).copied())
    }

    /// Means stay before units, each in the order in which they came.
    fn add_column(&mut self, name: &str, rows: usize) {
        let is_unit = unit_of(name).is_some();
        let first_unit = self.columns.iter().position(|column| unit_of(column).is_some());
        let at = if is_unit { None } else { first_unit }.unwrap_or(self.columns.len());
        self.columns.insert(at, name.to_owned());
        self.values.insert(name.to_owned(), vec![f32::NAN; rows]);
    }

    /// Rows go a sixteenth at a time, so that a long run does not move the whole recording in every step.
    fn make_room(&mut self, most: usize) {
        if self.len() < most {
            return;
        }
        let gone = self.len() + 1 - most + most / 16;
        let gone = gone.min(self.len());
        self.time_s.drain(..gone);
        self.frame.drain(..gone.min(self.frame.len()));
        for column in self.values.values_mut() {
            column.drain(..gone.min(column.len()));
        }
        // Units that were unpicked long ago leave no empty column behind.
        let values = &mut self.values;
        values.retain(|_, column| column.iter().any(|value| !value.is_nan()));
        self.columns.retain(|name| values.contains_key(name));
        let first = self.time_s.iter().copied().fold(f64::INFINITY, f64::min);
        self.marks.retain(|mark| mark.time_s >= first);
    }
}

fn unit_of(column: &str) -> Option<Unit> {
    column.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_pass_takes_the_place_of_the_first_as_far_as_it_has_come() {
        let mut recording = Recording::default();
        let row = |value: f32| [("e0".to_owned(), value)];
        let mut last_s = -1.0;
        for step in 0..5_u32 {
            let time_s = f64::from(step) * 0.25;
            recording.overwrite(last_s, time_s, u64::from(step), &row(step as f32));
            last_s = time_s;
        }
        recording.marks.push(Mark { time_s: 0.4, label: "flash".into() });
        // The second pass misses a frame: the old one in its place goes too, and so does the mark on the way.
        recording.overwrite(-1.0, 0.0, 0, &row(10.0));
        recording.overwrite(0.0, 0.5, 2, &[("e0".to_owned(), 12.0), ("e1".to_owned(), 1.0)]);
        assert_eq!(recording.time_s, [0.0, 0.5, 0.75, 1.0]);
        assert_eq!(recording.values["e0"], [10.0, 12.0, 3.0, 4.0]);
        assert!(recording.values["e1"][0].is_nan() && recording.values["e1"][1] == 1.0);
        assert!(recording.marks.is_empty());
        assert_eq!(recording.frame.len(), recording.len());
    }

    fn row(values: &[(&str, f32)]) -> Vec<(String, f32)> {
        values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn a_unit_picked_late_has_gaps_before_and_one_let_go_has_gaps_after() {
        let mut recording = Recording::default();
        recording.append(0.0, 0, &row(&[("e0", 1.0)]));
        recording.append(0.1, 1, &row(&[("e0", 2.0), ("e0[x1,y2]", 5.0)]));
        recording.append(0.2, 2, &row(&[("e0", 3.0), ("r0", 4.0)]));
        assert_eq!(recording.columns, ["e0", "r0", "e0[x1,y2]"]);
        let unit = recording.column("e0[x1,y2]").unwrap();
        assert!(unit[0].is_nan() && unit[1] == 5.0 && unit[2].is_nan());
        assert!(recording.values.values().all(|column| column.len() == 3));
        assert_eq!(recording.mean_columns().collect::<Vec<_>>(), ["e0", "r0"]);
        assert_eq!(recording.unit_columns().next().unwrap().1.x, 1);
    }

    #[test]
    fn a_long_run_keeps_the_newest_rows_and_no_more_than_allowed() {
        let mut recording = Recording::default();
        recording.marks.push(Mark { time_s: 0.0, label: "onset".into() });
        recording.append(0.0, 0, &row(&[("e0[x0,y0]", 1.0)]));
        for step in 1..200 {
            recording.make_room(64);
            recording.append(step as f64, step, &row(&[("e0", step as f32)]));
            assert!(recording.len() <= 64);
            assert_eq!(recording.frame.last(), Some(&step));
        }
        assert!(recording.len() > 32);
        assert_eq!(recording.columns, ["e0"], "the unit's values are all gone");
        assert!(recording.marks.is_empty());
        let e0 = recording.column("e0").unwrap();
        assert!(recording.frame.iter().zip(e0).all(|(frame, value)| *frame as f32 == *value));
    }

    #[test]
    fn a_window_holds_what_lies_in_it() {
        let mut recording = Recording::default();
        for step in 0..10 {
            recording.append(f64::from(step) * 0.5, step as u64, &row(&[("e0", step as f32)]));
        }
        recording.marks.push(Mark { time_s: 1.5, label: "flash".into() });
        recording.marks.push(Mark { time_s: 4.0, label: "late".into() });
        let window = recording.window(1.0, 2.0);
        assert_eq!(window.frame, [2, 3, 4]);
        assert_eq!(window.column("e0").unwrap(), [2.0, 3.0, 4.0]);
        assert_eq!(window.marks.len(), 1);
    }
}
