//! Response time courses: the mean of every probe, and of picked units, step by step.

use std::collections::BTreeMap;

use crate::frame::Mark;

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
