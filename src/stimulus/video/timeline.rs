//! The time axis of a video: which tick a frame stands at, which number it has, and which tick is meant by a
//! time in seconds. One of three, decided when the file is opened, so that playing and seeking agree.

use super::index::Index;

/// Where a frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Presentation time in ticks.
    pub(super) tick: i64,
    /// Number from 0.
    pub(super) number: u64,
    /// The time that the file gives it, where it does.
    told: Option<i64>,
}

/// How frames are numbered.
#[derive(Clone, Debug)]
pub(super) enum Numbering {
    /// By the list of all times.
    Indexed(Index),
    /// Time times mean rate: for files too large to be read through.
    ByRate,
    /// Counted from the start, because the file has no (usable) times; a tick is a frame. How many there
    /// are, where that is known.
    Counted(Option<usize>),
}

/// The time axis.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    pub(super) numbering: Numbering,
    /// Length of a tick in seconds.
    pub(super) tick_s: f64,
    /// Tick of the first frame.
    pub(super) origin: i64,
    /// Mean frame rate.
    pub(super) rate_hz: f64,
}

/// The frame rate of a file that does not tell.
const UNKNOWN_RATE_HZ: f64 = 25.0;
/// How far after a wanted time a frame may stand and still count as on show at it, at most, in seconds:
/// times are written in ticks, and a millisecond tick (Matroska) puts the third frame at 0.067 s of 30 Hz.
const MAX_ROUNDING_S: f64 = 0.0005;

impl Timeline {
    /// The axis of a stream that starts at `start`; `told_hz` is the rate that its header claims.
    pub(super) fn new(numbering: Numbering, tick_s: f64, start: i64, told_hz: Option<f64>) -> Self {
        let told_hz = told_hz.unwrap_or(UNKNOWN_RATE_HZ);
        match &numbering {
            Numbering::Indexed(index) => {
                let rate_hz = index.mean_step().map_or(told_hz, |step| 1.0 / (step * tick_s));
                let origin = index.times.first().copied().unwrap_or(start);
                Self { numbering, tick_s, origin, rate_hz }
            }
            Numbering::ByRate => Self { numbering, tick_s, origin: start, rate_hz: told_hz },
            Numbering::Counted(_) => Self { numbering, tick_s: 1.0 / told_hz, origin: 0, rate_hz: told_hz },
        }
    }

    /// Seconds from the first frame.
    pub(super) fn seconds(&self, tick: i64) -> f64 {
        tick.saturating_sub(self.origin) as f64 * self.tick_s
    }

    /// The tick meant by a time in seconds, rounding as ticks are rounded.
    pub(super) fn tick_at(&self, time_s: f64) -> i64 {
        let rounding_s = (self.tick_s / 2.0).min(MAX_ROUNDING_S);
        let ticks = (time_s.max(0.0) + rounding_s) / self.tick_s + 1e-6;
        self.origin.saturating_add(ticks.floor().min(9.0e18) as i64)
    }

    /// Places a frame that the file puts at `told`, after the frame at `last` (`None` after a seek). A frame
    /// with the time of the one before stands a tick later, one without a time at the next time there is;
    /// `None` for a frame whose time lies before that of the one before it: it is left out.
    pub(super) fn place(&self, told: Option<i64>, last: Option<Place>) -> Option<Place> {
        let tick = match (&self.numbering, told, last) {
            (Numbering::Counted(_), _, last) => last.map_or(0, |last| last.tick + 1),
            (_, Some(told), Some(last)) if last.told == Some(told) => last.tick + 1,
            (_, Some(told), Some(last)) if told <= last.tick => return None,
            (_, Some(told), _) => told,
            (_, None, None) => self.origin,
            (Numbering::Indexed(index), None, Some(last)) => index.after(last.tick).unwrap_or(last.tick + 1),
            (Numbering::ByRate, None, Some(last)) => last.tick + self.step(),
        };
        let number = match &self.numbering {
            Numbering::Counted(_) => tick as u64,
            Numbering::Indexed(index) => index.number(tick) as u64,
            Numbering::ByRate => (self.seconds(tick) * self.rate_hz).round().max(0.0) as u64,
        };
        Some(Place { tick, number, told })
    }

    /// Mean number of ticks from one frame to the next.
    fn step(&self) -> i64 {
        (1.0 / (self.rate_hz * self.tick_s)).round().max(1.0) as i64
    }

    /// The first tick after the time on show of the last frame (`last`, where only the decoder can tell).
    pub(super) fn end(&self, last: Option<Place>) -> Option<i64> {
        let step = self.step();
        match &self.numbering {
            Numbering::Indexed(index) => index.times.last().map(|last| last.saturating_add(step)),
            Numbering::Counted(Some(count)) => Some(*count as i64),
            Numbering::ByRate | Numbering::Counted(None) => last.map(|last| last.tick.saturating_add(step)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(times: &[i64]) -> Timeline {
        Timeline {
            numbering: Numbering::Indexed(Index::of(times.to_vec(), vec![])),
            tick_s: 0.001,
            origin: times[0],
            rate_hz: 30.0,
        }
    }

    #[test]
    fn a_grid_time_means_the_frame_that_was_rounded_to_the_next_tick() {
        let line = milliseconds(&[40, 73, 107, 140]);
        assert_eq!(line.tick_at(2.0 / 30.0), 107);
        assert_eq!(line.tick_at(-3.0), 40);
        assert_eq!(line.seconds(140), 0.1);
        assert!(line.tick_at(1e300) > 1_000_000);
    }

    #[test]
    fn missing_times_are_filled_doubles_moved_and_steps_back_left_out() {
        let line = milliseconds(&[0, 33, 33, 67, 100]);
        let first = line.place(Some(0), None);
        let second = line.place(None, first);
        let third = line.place(Some(33), line.place(Some(33), first));
        let fourth = line.place(Some(67), third);
        assert_eq!([first, second, third, fourth].map(|it| it.unwrap().tick), [0, 33, 34, 67]);
        assert_eq!([first, second, third, fourth].map(|it| it.unwrap().number), [0, 1, 2, 3]);
        assert_eq!(line.place(Some(50), fourth), None);
    }

    #[test]
    fn counted_frames_have_their_number_as_tick() {
        let line = Timeline { numbering: Numbering::Counted(None), tick_s: 0.04, origin: 0, rate_hz: 25.0 };
        let first = line.place(None, None).unwrap();
        let second = line.place(Some(-7), Some(first)).unwrap();
        assert_eq!((first.number, second.number, second.tick), (0, 1, 1));
        assert_eq!(line.end(Some(second)), Some(2));
    }
}
