//! Going to frames: on, back, and to a time, each exactly.

use std::path::PathBuf;
use std::sync::Arc;

use super::decode::Decoder;
use super::input;
use super::notes::Notes;
use super::run::{Kept, Run};
use super::timeline::{Numbering, Timeline};
use crate::error::Result;

/// Without an index, so far ahead is decoded before a seek is tried, in seconds.
const NEAR_S: f64 = 2.0;
/// Key frames tried before a wanted frame, counted from the nearest: where frames that come after a key frame
/// in the file come before it in time, an earlier one helps.
const KEYS_BACK: [usize; 4] = [0, 1, 3, 8];
/// The same without an index, in seconds.
const SECONDS_BACK: [f64; 3] = [0.0, 2.0, 15.0];

/// A decoder with its time axis and the frames that it gave last.
pub(super) struct Player {
    pub(super) path: PathBuf,
    pub(super) decoder: Decoder,
    pub(super) timeline: Timeline,
    pub(super) run: Run,
    /// Whether the decoder has come to the end since the last seek.
    pub(super) at_end: bool,
    /// Frames left out because their time goes back.
    pub(super) misplaced: usize,
    pub(super) notes: Notes,
}

impl Player {
    /// Decodes one more frame onto the end of the run; `false` at the end of the file.
    pub(super) fn pull(&mut self) -> Result<bool> {
        loop {
            let decoded = self.decoder.next().map_err(|error| error.at(&self.path))?;
            self.note_damage();
            let Some(raw) = decoded else {
                self.at_end = true;
                return Ok(false);
            };
            if let Some(place) = self.timeline.place(raw.time, self.run.last()) {
                self.run.push(Kept { place, frame: Arc::new(raw.frame) });
                return Ok(true);
            }
            self.misplaced += 1;
            self.notes
                .set("misplaced", "frames whose time lies before that of the frame before are left out");
        }
    }

    fn note_damage(&mut self) {
        if self.decoder.damaged > 0 {
            self.notes.set("damaged", format!("{} damaged packets or frames skipped", self.decoder.damaged));
        }
        if let Some(cause) = &self.decoder.stopped {
            self.notes.set("stopped", format!("reading stopped early ({cause})"));
        }
    }

    /// The first frame.
    pub(super) fn start(&mut self) -> Result<bool> {
        self.go_to(self.timeline.origin)
    }

    /// The frame after the one last read.
    pub(super) fn next(&mut self) -> Result<bool> {
        if self.run.here().is_none() {
            return self.start();
        }
        Ok(self.run.step(1) || (!self.at_end && self.pull()? && self.run.step(1)))
    }

    /// The frame before the one last read.
    pub(super) fn previous(&mut self) -> Result<bool> {
        let Some(now) = self.run.here() else { return Ok(false) };
        if self.run.step(-1) {
            return Ok(true);
        }
        let before = match &self.timeline.numbering {
            Numbering::Indexed(index) => index.before(now.tick),
            Numbering::ByRate | Numbering::Counted(_) => {
                (now.tick > self.timeline.origin).then(|| now.tick - 1)
            }
        };
        let Some(before) = before else { return Ok(false) };
        // All frames before this one may be damaged: then this is the first, and stays.
        Ok(self.go_to(before)? && self.run.here().is_some_and(|here| here.tick < now.tick))
    }

    /// The frame on show at a time; `false` past the end.
    pub(super) fn at(&mut self, time_s: f64) -> Result<bool> {
        let tick = self.timeline.tick_at(if time_s.is_nan() { 0.0 } else { time_s });
        if self.timeline.end(None).is_some_and(|end| tick >= end) {
            return Ok(false);
        }
        let found = self.go_to(tick)?;
        let is_past = self.at_end && self.timeline.end(self.run.last()).is_some_and(|end| tick >= end);
        Ok(found && !is_past)
    }

    /// The last frame whose time is not later than `tick`; the first one before the start.
    fn go_to(&mut self, tick: i64) -> Result<bool> {
        if !self.is_near(tick) {
            self.approach(tick)?;
        }
        // With an index the frame is known when it comes; without, only when the next one is later.
        let listed = match &self.timeline.numbering {
            Numbering::Indexed(index) => index.times.get(index.number(tick)).copied(),
            Numbering::Counted(_) => Some(tick),
            Numbering::ByRate => None,
        };
        let is_short = |last: i64| last <= tick && Some(last) != listed;
        while !self.at_end && self.run.last().is_some_and(|last| is_short(last.tick)) {
            self.pull()?;
        }
        Ok(self.run.stand_at(tick))
    }

    /// Whether `tick` is reached sooner by decoding on than by seeking.
    fn is_near(&self, tick: i64) -> bool {
        let (Some(first), Some(last)) = (self.run.first(), self.run.last()) else { return false };
        if tick < first.tick {
            return false;
        }
        match &self.timeline.numbering {
            Numbering::Counted(_) => true,
            Numbering::Indexed(index) => index.keys_before(tick).next().is_none_or(|key| key <= last.tick),
            Numbering::ByRate => (tick - last.tick) as f64 * self.timeline.tick_s < NEAR_S,
        }
    }

    /// Puts the decoder at a frame that is not later than `tick`, by way of a key frame.
    fn approach(&mut self, tick: i64) -> Result<()> {
        let line = &self.timeline;
        let keys: Vec<i64> = match &line.numbering {
            Numbering::Counted(_) => vec![],
            Numbering::Indexed(index) => {
                let all: Vec<i64> = index.keys_before(tick).take(KEYS_BACK[3] + 1).collect();
                KEYS_BACK.iter().filter_map(|&back| all.get(back)).copied().collect()
            }
            Numbering::ByRate => SECONDS_BACK
                .map(|back_s| tick - (back_s / line.tick_s) as i64)
                .into_iter()
                .filter(|&key| key > line.origin)
                .collect(),
        };
        for key in keys {
            self.forget();
            let key_s = key as f64 * self.timeline.tick_s;
            if self.decoder.seek(key_s)
                && self.pull()?
                && self.run.last().is_some_and(|last| last.tick <= tick)
            {
                return Ok(());
            }
        }
        self.rewind()
    }

    /// Starts again from the first packet, by seeking or, where that does not lead there, by opening the file
    /// again.
    pub(super) fn rewind(&mut self) -> Result<()> {
        self.forget();
        let start_s = self.timeline.origin as f64 * self.timeline.tick_s;
        let can_seek = !matches!(self.timeline.numbering, Numbering::Counted(_));
        if can_seek
            && self.decoder.seek(start_s)
            && self.pull()?
            && self.run.last().is_some_and(|last| last.number == 0)
        {
            return Ok(());
        }
        self.forget();
        let opened = input::open(&self.path, &mut Notes::default())?;
        self.decoder = Decoder::new(opened).map_err(|error| error.at(&self.path))?;
        self.pull().map(|_| ())
    }

    fn forget(&mut self) {
        self.run.clear();
        self.at_end = false;
    }
}
