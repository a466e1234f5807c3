//! From responses to numbers: time courses, statistics, prediction error, and what is seen in a prediction: motion,
//! position, phase, brightness.

pub mod brightness;
pub mod correlator;
pub mod displacement;
pub mod flow;
pub mod jitter;
pub mod motion_energy;
pub mod phase;
pub mod responses;
pub mod score;
pub mod stats;
pub mod timecourse;
pub mod transience;
mod unit;

/// One value of one probe.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Unit {
    /// Probe by name.
    pub probe: String,
    /// Channel; `None` is the mean over channels.
    pub channel: Option<u32>,
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
}

/// Numbers of one probe in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProbeStats {
    /// Mean over all units.
    pub mean: f32,
    /// Smallest value of the channel mean.
    pub min: f32,
    /// Largest value of the channel mean.
    pub max: f32,
}

/// Smallest, 1st and 99th percentile and largest value of the enlarged map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapRange {
    /// Smallest.
    pub min: f32,
    /// 1st percentile.
    pub p01: f32,
    /// 99th percentile.
    pub p99: f32,
    /// Largest.
    pub max: f32,
}
