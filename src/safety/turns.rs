//! How often the light of a cell turns, counted over the last second. Two opposing turns are a flash.

/// Time in tenths of a millisecond.
pub(super) type Ticks = u32;

/// One second.
pub(super) const SECOND: Ticks = 10_000;
/// Turns within less than a second that are more than three flashes.
const MOST: usize = 7;
/// Turns that span a second at two flashes a second.
const STEADY: usize = 5;
/// What a frame's time may add to that second.
const SLACK: Ticks = 200;
/// Flashing at two or three a second for longer than this is an extended failure.
const LONG: Ticks = 5 * SECOND;

/// What the last turn of a cell made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Level(u8);

impl Level {
    /// A flash: two turns within a second.
    pub(super) const FLASH: Self = Self(1);
    /// Two or three flashes a second for over five seconds.
    pub(super) const LONG: Self = Self(2);
    /// More than three flashes within a second.
    pub(super) const OVER: Self = Self(4);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The last turns of one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turns {
    /// Newest first.
    times: [Ticks; MOST],
    count: u8,
    /// Since when there have been at least two flashes a second.
    steady_since: Option<Ticks>,
    /// What the newest made of it.
    pub(super) level: Level,
}

impl Turns {
    /// A turn at this time.
    pub(super) fn add(&mut self, at: Ticks) {
        self.times.copy_within(..MOST - 1, 1);
        self.times[0] = at;
        self.count = (self.count + 1).min(MOST as u8);
        let mut level = 0;
        if self.span(2).is_some_and(|span| span < SECOND) {
            level |= Level::FLASH.0;
        }
        if self.span(MOST).is_some_and(|span| span < SECOND) {
            level |= Level::OVER.0;
        }
        if self.span(STEADY).is_some_and(|span| span <= SECOND + SLACK) {
            let since = *self.steady_since.get_or_insert(self.times[STEADY - 1]);
            if at.saturating_sub(since) > LONG {
                level |= Level::LONG.0;
            }
        } else {
            self.steady_since = None;
        }
        self.level = Level(level);
    }

    /// Time of the newest turn.
    pub(super) const fn last(&self) -> Ticks {
        self.times[0]
    }

    /// Time over which the last `count` turns happened.
    fn span(&self, count: usize) -> Option<Ticks> {
        let first = self.times.get(count.checked_sub(1)?).filter(|_| usize::from(self.count) >= count)?;
        Some(self.times[0].saturating_sub(*first))
    }

    /// Flashes a second: by the time from turn to turn where there are many, else half the turns of the last second.
    pub(super) fn per_second(&self) -> f64 {
        let within = |&turns: &usize| self.span(turns).is_some_and(|span| span <= SECOND + SLACK);
        let turns = (1..=MOST).rev().find(within).unwrap_or(0);
        match self.span(turns) {
            Some(span) if turns >= STEADY && span > 0 => {
                (turns - 1) as f64 / 2.0 * f64::from(SECOND) / f64::from(span)
            }
            _ => turns as f64 / 2.0,
        }
    }

    /// When the flashing began that is known of, or has gone on long.
    pub(super) fn begun(&self, level: Level) -> Ticks {
        let at = if level == Level::OVER { MOST - 1 } else { 1 };
        match self.steady_since {
            Some(since) if level == Level::LONG => since,
            _ => self.times[at],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_hz(hz: f64, seconds: f64) -> Turns {
        let mut turns = Turns::default();
        let count = (2.0 * hz * seconds) as u32;
        (0..=count).for_each(|i| turns.add(100 + (f64::from(i) / (2.0 * hz) * 1e4).round() as u32));
        turns
    }

    #[test]
    fn three_flashes_a_second_are_the_most() {
        for (hz, over) in [(2.9, false), (3.0, false), (3.1, true), (30.0, true)] {
            let turns = at_hz(hz, 2.0);
            assert_eq!(turns.level.has(Level::OVER), over, "{hz}");
            assert!((turns.per_second() / hz - 1.0).abs() < 0.01, "{hz}: {}", turns.per_second());
        }
        assert!(at_hz(1.0, 2.0).level.has(Level::FLASH) && !at_hz(0.4, 9.0).level.has(Level::FLASH));
    }

    #[test]
    fn two_a_second_may_go_on_for_five_seconds() {
        for (hz, seconds, long) in [(2.5, 4.0, false), (2.5, 6.0, true), (2.0, 6.0, true), (1.8, 9.0, false)]
        {
            assert_eq!(at_hz(hz, seconds).level.has(Level::LONG), long, "{hz} for {seconds}");
        }
    }
}
