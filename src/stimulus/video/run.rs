//! A short run of consecutive decoded frames, in the video's own format, so that a step back costs nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use ffmpeg_next as ffmpeg;

use super::timeline::Place;

/// Most memory that kept frames may take, in bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Fewest and most kept frames.
const FRAMES: std::ops::RangeInclusive<usize> = 2..=64;

/// A decoded frame in its place.
pub(super) struct Kept {
    pub(super) place: Place,
    pub(super) frame: Arc<ffmpeg::frame::Video>,
}

/// Consecutive frames; the last one is where the decoder stands.
#[derive(Default)]
pub(super) struct Run {
    frames: VecDeque<Kept>,
    /// Position of the frame last read.
    cursor: Option<usize>,
}

impl Run {
    /// Adds the next frame and lets go of the oldest where there are too many.
    pub(super) fn push(&mut self, kept: Kept) {
        let each = bytes(&kept.frame);
        self.frames.push_back(kept);
        let most = (MAX_BYTES / each).clamp(*FRAMES.start(), *FRAMES.end());
        while self.frames.len() > most {
            self.frames.pop_front();
            self.cursor = self.cursor.and_then(|cursor| cursor.checked_sub(1));
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.cursor = None;
    }

    /// Forgets which frame was read last.
    pub(super) fn unread(&mut self) {
        self.cursor = None;
    }

    pub(super) fn first(&self) -> Option<Place> {
        self.frames.front().map(|kept| kept.place)
    }

    pub(super) fn last(&self) -> Option<Place> {
        self.frames.back().map(|kept| kept.place)
    }

    /// The place of the frame last read.
    pub(super) fn here(&self) -> Option<Place> {
        self.frames.get(self.cursor?).map(|kept| kept.place)
    }

    /// The frame last read.
    pub(super) fn frame(&self) -> Option<&Kept> {
        self.frames.get(self.cursor?)
    }

    /// Stands at the last frame that is not later than `tick`, or else at the first; `false` when empty.
    pub(super) fn stand_at(&mut self, tick: i64) -> bool {
        let later = self.frames.partition_point(|kept| kept.place.tick <= tick);
        self.cursor = (!self.frames.is_empty()).then(|| later.saturating_sub(1));
        self.cursor.is_some()
    }

    /// One frame on or back inside the run; `false` where it ends.
    pub(super) fn step(&mut self, by: isize) -> bool {
        let to = self.cursor.and_then(|cursor| cursor.checked_add_signed(by));
        let inside = to.filter(|&to| to < self.frames.len());
        self.cursor = inside.or(self.cursor);
        inside.is_some()
    }
}

/// About as much memory as a frame takes.
fn bytes(frame: &ffmpeg::frame::Video) -> usize {
    let bits = frame.format().descriptor().map_or(32, |it| it.bits_per_pixel().clamp(8, 128) as usize);
    // Ten bits are kept in sixteen.
    let bits = if !bits.is_multiple_of(8) && bits != 12 { 2 * bits } else { bits };
    (frame.width() as usize * frame.height() as usize * bits / 8).max(1)
}
