//! The times of all frames of a file, read from its packets without decoding: so that a frame has the same
//! number whether it was played to or sought.

use ffmpeg_next as ffmpeg;

use super::ffi;
use super::input::Opened;

/// Files up to this size are read through once for their index (a second or two from a disk).
pub(super) const MAX_INDEXED_BYTES: u64 = 1024 * 1024 * 1024;
/// Most frames in an index: 77 hours at 60 Hz, 128 MiB.
const MAX_FRAMES: usize = 16 * 1024 * 1024;
/// A jump of the decoding time back by more than this, in seconds, is a break in the time axis.
const MAX_STEP_BACK_S: f64 = 1.0;

/// Times in ticks of the stream's time base, all strictly increasing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// Presentation time of every frame.
    pub(super) times: Vec<i64>,
    /// Presentation times of the key frames.
    pub(super) keys: Vec<i64>,
    /// Whether frames are stored in another order than they are shown in.
    pub(super) reordered: bool,
    /// How many times had to be moved because they occur twice.
    pub(super) repaired: usize,
}

/// Why there is no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoIndex {
    /// Some of so many packets carry no presentation time.
    NoTimes(usize),
    /// The time axis starts again on the way; so many packets.
    Broken(usize),
    /// There are too many frames, or none.
    Count,
}

/// Reads the packets of one stream to the end.
pub(super) fn read(opened: &mut Opened) -> Result<Index, NoIndex> {
    let base = opened.input.stream(opened.stream).map_or(1.0, |stream| f64::from(stream.time_base()));
    let mut times = Vec::new();
    let mut keys = Vec::new();
    let mut last_dts: Option<i64> = None;
    let (mut is_broken, mut reordered) = (false, false);
    let (mut count, mut failures) = (0, 0);
    let mut packet = ffmpeg::Packet::empty();
    loop {
        match packet.read(&mut opened.input) {
            Ok(()) if packet.stream() != opened.stream => continue,
            Ok(()) => {}
            Err(ffmpeg::Error::InvalidData) if failures < super::decode::MAX_FAILURES => {
                failures += 1;
                continue;
            }
            Err(_) => break,
        }
        if let (Some(last), Some(now)) = (last_dts, packet.dts())
            && (now.saturating_sub(last) as f64) * base < -MAX_STEP_BACK_S
        {
            is_broken = true;
        }
        last_dts = packet.dts().or(last_dts);
        if ffi::is_discarded(&packet) || packet.size() == 0 {
            continue;
        }
        count += 1;
        if count > MAX_FRAMES {
            return Err(NoIndex::Count);
        }
        let Some(time) = packet.pts() else { continue };
        if packet.is_key() {
            keys.push(time);
        }
        reordered |= packet.dts().is_some_and(|dts| dts != time);
        times.push(time);
    }
    match count {
        0 => Err(NoIndex::Count),
        _ if is_broken => Err(NoIndex::Broken(count)),
        _ if times.len() < count => Err(NoIndex::NoTimes(count)),
        _ => Ok(Index { reordered, ..Index::of(times, keys) }),
    }
}

impl Index {
    /// Sorts; a time that occurs again is moved to the next free tick.
    pub(super) fn of(mut times: Vec<i64>, mut keys: Vec<i64>) -> Self {
        times.sort_unstable();
        keys.sort_unstable();
        keys.dedup();
        let mut repaired = 0;
        let mut last: Option<i64> = None;
        for time in &mut times {
            if let Some(last) = last
                && *time <= last
            {
                *time = last + 1;
                repaired += 1;
            }
            last = Some(*time);
        }
        Self { times, keys, reordered: false, repaired }
    }

    /// Number of the last frame whose time is not later; 0 before the first.
    pub(super) fn number(&self, time: i64) -> usize {
        self.times.partition_point(|&it| it <= time).saturating_sub(1)
    }

    /// The time of the frame after the one at `time`.
    pub(super) fn after(&self, time: i64) -> Option<i64> {
        self.times.get(self.times.partition_point(|&it| it <= time)).copied()
    }

    /// The time of the frame before the one at `time`.
    pub(super) fn before(&self, time: i64) -> Option<i64> {
        let at = self.times.partition_point(|&it| it < time);
        at.checked_sub(1).and_then(|at| self.times.get(at)).copied()
    }

    /// Key frames up to `time`, latest first.
    pub(super) fn keys_before(&self, time: i64) -> impl Iterator<Item = i64> + '_ {
        let end = self.keys.partition_point(|&it| it <= time);
        self.keys.iter().take(end).rev().copied()
    }

    /// Mean time between frames in ticks; `None` for a single frame.
    pub(super) fn mean_step(&self) -> Option<f64> {
        let (first, last) = (self.times.first()?, self.times.last()?);
        (self.times.len() > 1).then(|| (last - first) as f64 / (self.times.len() - 1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_sorted_and_doubles_moved_to_the_next_tick() {
        let index = Index::of(vec![0, 20, 10, 10, 11], vec![0, 0, 20]);
        assert_eq!(index.times, [0, 10, 11, 12, 20]);
        assert_eq!((index.repaired, index.keys.clone()), (2, vec![0, 20]));
        assert_eq!([-5, 0, 9, 10, 13, 99].map(|time| index.number(time)), [0, 0, 0, 1, 3, 4]);
        assert_eq!((index.after(12), index.after(20)), (Some(20), None));
        assert_eq!((index.before(0), index.before(10), index.before(99)), (None, Some(0), Some(20)));
        assert_eq!(index.keys_before(19).collect::<Vec<_>>(), [0]);
        assert_eq!(index.mean_step(), Some(5.0));
    }
}
