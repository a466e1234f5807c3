//! When the next step is due. Pure: wall time comes in as seconds, nothing here looks at a clock.

use super::Looping;

/// Slowest and fastest speed.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=4.0;

/// Play state, speed and loop of a stimulus, tied to the wall clock by an anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    playing: bool,
    speed: f64,
    /// What happens at the end.
    pub looping: Looping,
    /// Wall time and stimulus time that belong together, in seconds.
    anchor: (f64, f64),
}

impl Default for Transport {
    fn default() -> Self {
        Self { playing: true, speed: 1.0, looping: Looping::default(), anchor: (0.0, 0.0) }
    }
}

impl Transport {
    /// Whether it plays.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Speed: stimulus seconds per wall second.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Ties `stimulus_s` to the wall time `now_s` (after a seek, a loop or a wait for the decoder).
    pub fn anchor(&mut self, now_s: f64, stimulus_s: f64) {
        self.anchor = (now_s, stimulus_s);
    }

    /// Plays or pauses; the stimulus goes on from where it is.
    pub fn set_playing(&mut self, playing: bool, now_s: f64, stimulus_s: f64) {
        self.playing = playing;
        self.anchor(now_s, stimulus_s);
    }

    /// Sets the speed, within [`SPEEDS`]; not a number means 1.
    pub fn set_speed(&mut self, speed: f64, now_s: f64, stimulus_s: f64) {
        self.speed = if speed.is_nan() { 1.0 } else { speed.clamp(*SPEEDS.start(), *SPEEDS.end()) };
        self.anchor(now_s, stimulus_s);
    }

    /// Stimulus time that should be on show at wall time `now_s`.
    pub fn stimulus_s(&self, now_s: f64) -> f64 {
        self.anchor.1 + (now_s - self.anchor.0).max(0.0) * self.speed
    }

    /// Seconds of wall time until stimulus time `stimulus_s` is due; 0 when it is late.
    pub fn wait_s(&self, now_s: f64, stimulus_s: f64) -> f64 {
        ((stimulus_s - self.anchor.1) / self.speed - (now_s - self.anchor.0)).max(0.0)
    }

    /// Where to go on after a step at `stimulus_s` when the loop's end was passed.
    pub fn wraps_to(&self, stimulus_s: f64) -> Option<f64> {
        match self.looping {
            Looping::Between(from_s, to_s) if stimulus_s >= to_s && from_s < to_s => Some(from_s),
            _ => None,
        }
    }

    /// Where to go on at the end of the stimulus; `None` stops there.
    pub fn restarts_at(&self) -> Option<f64> {
        match self.looping {
            Looping::Off => None,
            Looping::Whole => Some(0.0),
            Looping::Between(from_s, _) => Some(from_s),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_speed_takes_twice_as_long() {
        let mut transport = Transport::default();
        transport.set_speed(0.5, 100.0, 2.0);
        assert_eq!(transport.stimulus_s(104.0), 4.0);
        assert_eq!(transport.wait_s(100.0, 3.0), 2.0);
        assert_eq!(transport.wait_s(103.0, 3.0), 0.0);
    }

    #[test]
    fn speed_stays_in_range() {
        let mut transport = Transport::default();
        for (asked, got) in [(0.0, 0.1), (9.0, 4.0), (f64::NAN, 1.0), (-3.0, 0.1)] {
            transport.set_speed(asked, 0.0, 0.0);
            assert_eq!(transport.speed(), got);
        }
    }

    #[test]
    fn a_loop_between_two_times_goes_back_only_past_its_end() {
        let transport = Transport { looping: Looping::Between(1.0, 2.0), ..Transport::default() };
        assert_eq!(transport.wraps_to(1.9), None);
        assert_eq!(transport.wraps_to(2.0), Some(1.0));
        let backwards = Transport { looping: Looping::Between(2.0, 1.0), ..Transport::default() };
        assert_eq!(backwards.wraps_to(3.0), None);
    }

    #[test]
    fn ten_hours_do_not_drift() {
        let mut transport = Transport::default();
        transport.anchor(0.0, 0.0);
        let now_s = 36_000.0;
        assert!((transport.stimulus_s(now_s) - now_s).abs() < 1e-9);
    }
}
