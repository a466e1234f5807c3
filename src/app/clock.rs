//! The time at which an illusion is drawn: the worker's time, carried on by the wall clock between its
//! snapshots, so that the picture moves smoothly while the network takes its time.

/// Seconds that the picture may run ahead of the last snapshot.
const MAX_AHEAD_S: f64 = 0.5;
/// A snapshot that is this little behind the picture does not turn it back.
const SLACK_S: f64 = 0.25;

/// Where the worker was, and when that was heard.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DisplayClock {
    sequence: u64,
    heard_at_s: f64,
    time_s: f64,
    shown_s: f64,
}

impl DisplayClock {
    /// The time to draw at. `wall_s` is any clock in seconds that only grows.
    pub(crate) fn time(
        &mut self,
        sequence: u64,
        time_s: f64,
        playing: bool,
        speed: f64,
        length_s: Option<f64>,
        wall_s: f64,
    ) -> f64 {
        if sequence != self.sequence {
            (self.sequence, self.time_s, self.heard_at_s) = (sequence, time_s, wall_s);
        }
        if !playing {
            self.shown_s = time_s;
            return time_s;
        }
        let ahead = ((wall_s - self.heard_at_s) * speed).clamp(0.0, MAX_AHEAD_S);
        let now = self.time_s + ahead;
        let turned_back = self.shown_s - now;
        self.shown_s = if turned_back > 0.0 && turned_back < SLACK_S { self.shown_s } else { now };
        match length_s {
            Some(length) if length > 0.0 => self.shown_s.rem_euclid(length),
            _ => self.shown_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_on_between_snapshots_and_stands_when_paused() {
        let mut clock = DisplayClock::default();
        assert_eq!(clock.time(1, 2.0, true, 1.0, None, 100.0), 2.0);
        assert!((clock.time(1, 2.0, true, 1.0, None, 100.1) - 2.1).abs() < 1e-9);
        assert!((clock.time(1, 2.0, true, 2.0, None, 100.2) - 2.4).abs() < 1e-9);
        assert_eq!(clock.time(1, 2.0, false, 1.0, None, 101.0), 2.0);
    }

    #[test]
    fn a_late_snapshot_does_not_turn_the_picture_back_but_a_seek_does() {
        let mut clock = DisplayClock::default();
        clock.time(1, 2.0, true, 1.0, None, 0.0);
        let shown = clock.time(1, 2.0, true, 1.0, None, 0.2);
        assert_eq!(clock.time(2, 2.1, true, 1.0, None, 0.2), shown);
        assert_eq!(clock.time(3, 0.5, true, 1.0, None, 0.2), 0.5);
    }

    #[test]
    fn it_waits_for_a_worker_that_hangs_and_wraps_at_the_end() {
        let mut clock = DisplayClock::default();
        clock.time(1, 2.0, true, 1.0, None, 0.0);
        assert_eq!(clock.time(1, 2.0, true, 1.0, None, 60.0), 2.5);
        assert!((clock.time(2, 3.9, true, 1.0, Some(4.0), 60.0) - 3.9).abs() < 1e-9);
        assert!((clock.time(2, 3.9, true, 1.0, Some(4.0), 60.2) - 0.1).abs() < 1e-9);
    }
}
