//! A video file as a [`Source`]: any container and codec of the installed FFmpeg, every frame reachable
//! exactly, forwards and back.
//!
//! A short run of decoded frames is kept in the video's own format, so that stepping back does not decode
//! again; a picture is made only of the frame that was asked for.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ffmpeg_next as ffmpeg;

use crate::error::{Error, Kind, Result};
use crate::frame::Shown;
use crate::stimulus::{Source, SourceInfo, Want};
use crate::units::PixelSize;

pub(super) mod colour;
pub(super) mod convert;
pub(super) mod decode;
pub(crate) mod ffi;
mod index;
pub(crate) mod input;
pub(crate) mod notes;
mod timeline;
pub(super) mod turn;

use convert::Converter;
use decode::Decoder;
use index::{Index, NoIndex};
use notes::Notes;
use timeline::{Numbering, Place, Timeline};

/// Most memory that kept frames may take, in bytes.
const KEPT_BYTES: usize = 96 * 1024 * 1024;
/// Fewest and most kept frames.
const KEPT_FRAMES: std::ops::RangeInclusive<usize> = 2..=64;
/// Without an index, so far ahead is decoded before a seek is tried, in seconds.
const NEAR_S: f64 = 2.0;
/// Frames decoded on opening, and how many of them may be misplaced in time.
const LOOKED_AT: usize = 12;
const MOST_MISPLACED: usize = 2;
/// The frame rate of a file that does not tell.
const UNKNOWN_RATE_HZ: f64 = 25.0;

/// A decoded frame in its place.
struct Kept {
    place: Place,
    frame: ffmpeg::frame::Video,
}

/// An opened video.
pub struct Video {
    path: PathBuf,
    decoder: Decoder,
    converter: Converter,
    timeline: Timeline,
    /// Consecutive frames; the last one is where the decoder stands.
    run: VecDeque<Kept>,
    /// The frame last read, as a position in `run`.
    cursor: Option<usize>,
    /// Whether the decoder has come to the end since the last seek.
    at_end: bool,
    /// Frames left out because their time goes back.
    misplaced: usize,
    notes: Notes,
    info: SourceInfo,
}

impl Video {
    /// Opens a video file and reads its times (files above a gibibyte are numbered by their mean rate).
    ///
    /// # Errors
    /// Unreadable, no known container, no video in it, no decoder, a size above the limits.
    pub fn open(path: &Path) -> Result<Self> {
        let mut notes = Notes::default();
        let opened = input::open(path, &mut notes)?;
        let stream = opened.stream;
        let Some(about) = opened.input.stream(stream) else {
            return Err(Error::new(Kind::Internal, "the video stream vanished").at(path));
        };
        let tick_s = f64::from(about.time_base());
        let told_rate_hz = [about.avg_frame_rate(), about.rate()]
            .map(f64::from)
            .into_iter()
            .find(|rate| rate.is_finite() && (0.001..=10_000.0).contains(rate));
        let told_s = (opened.input.duration() > 0)
            .then(|| opened.input.duration() as f64 / f64::from(ffmpeg::ffi::AV_TIME_BASE));
        let origin = Some(about.start_time()).filter(|&start| start != ffmpeg::ffi::AV_NOPTS_VALUE);
        let turn = input::turn(&opened.input, stream, &mut notes);
        let is_large = opened.input.io_size().is_some_and(|size| size as u64 > index::MAX_INDEXED_BYTES);
        let size = ffi::claimed_size(&about.parameters());
        let decoder = Decoder::new(opened.input, stream).map_err(|error| error.at(path))?;
        let numbering = if is_large { large(&mut notes) } else { numbering(path, &mut notes) };
        let timeline = Timeline::new(numbering, tick_s, origin.unwrap_or(0), told_rate_hz);
        let mut video = Self {
            path: path.to_path_buf(),
            converter: Converter::new(turn, is_film_codec(decoder.codec())),
            decoder,
            timeline,
            run: VecDeque::new(),
            cursor: None,
            at_end: false,
            misplaced: 0,
            notes,
            info: SourceInfo {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                path: Some(path.to_path_buf()),
                kind: "video".into(),
                size: Some(turn.size(PixelSize::new(size.0 as u32, size.1 as u32))),
                seekable: true,
                ..SourceInfo::default()
            },
        };
        video.describe(told_s);
        video.first_frames()?;
        Ok(video)
    }

    /// Rate and duration as the time axis gives them.
    fn describe(&mut self, told_s: Option<f64>) {
        let line = &self.timeline;
        self.info.frame_rate_hz = Some(line.rate_hz);
        self.info.duration_s = match &line.numbering {
            Numbering::Indexed(_) | Numbering::Counted(Some(_)) => {
                line.end(None).map(|end| line.seconds(end))
            }
            Numbering::ByRate | Numbering::Counted(None) => told_s,
        };
        if let (Numbering::Indexed(_), Some(told), Some(found)) =
            (&line.numbering, told_s, self.info.duration_s)
            && found < 0.9 * told - 1.0 / line.rate_hz
        {
            self.notes
                .set("short", format!("damaged or cut off after {found:.1} s of the {told:.1} s it claims"));
        }
    }

    /// Decodes the first frames, so that a file that cannot be shown is told on opening, and one whose times
    /// are wrong throughout is counted instead.
    fn first_frames(&mut self) -> Result<()> {
        while self.run.len() < LOOKED_AT && self.pull()? {}
        if self.misplaced > MOST_MISPLACED {
            self.notes.set("misplaced", "the times of the frames are in disorder: they are counted instead");
            let count = match &self.timeline.numbering {
                Numbering::Indexed(index) => Some(index.times.len()),
                Numbering::ByRate | Numbering::Counted(_) => None,
            };
            let rate_hz = Some(self.timeline.rate_hz);
            self.timeline = Timeline::new(Numbering::Counted(count), self.timeline.tick_s, 0, rate_hz);
            self.rewind()?;
        }
        if self.run.is_empty() {
            return Err(Error::new(Kind::Damaged, "no frame of the video can be decoded")
                .at(&self.path)
                .advise("Try another copy of the file"));
        }
        let shown = self.show(0)?;
        self.info.size = shown.map(|shown| shown.picture.size);
        self.cursor = None;
        Ok(())
    }

    /// Decodes one more frame onto the end of the run; `false` at the end of the file.
    fn pull(&mut self) -> Result<bool> {
        loop {
            let decoded = self.decoder.next().map_err(|error| error.at(&self.path))?;
            self.note_damage();
            let Some(raw) = decoded else {
                self.at_end = true;
                return Ok(false);
            };
            if let Some(place) = self.timeline.place(raw.time, self.run.back().map(|kept| kept.place)) {
                self.run.push_back(Kept { place, frame: raw.frame });
                self.forget();
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

    /// Lets go of the oldest frames.
    fn forget(&mut self) {
        let bytes = |kept: &Kept| 4 * kept.frame.width() as usize * kept.frame.height() as usize;
        let each = self.run.back().map_or(1, bytes).max(1);
        let most = (KEPT_BYTES / each).clamp(*KEPT_FRAMES.start(), *KEPT_FRAMES.end());
        while self.run.len() > most {
            self.run.pop_front();
            self.cursor = self.cursor.and_then(|cursor| cursor.checked_sub(1));
        }
    }

    /// Makes the picture at a position of the run and stands there.
    fn show(&mut self, at: usize) -> Result<Option<Shown>> {
        let Some(kept) = self.run.get_mut(at) else { return Ok(None) };
        let aspect = self.decoder.pixel_aspect(&mut kept.frame);
        let made = self.converter.picture(&kept.frame, aspect, &mut self.notes);
        let picture = Arc::new(made.map_err(|error| error.at(&self.path))?);
        let place = kept.place;
        self.cursor = Some(at);
        if let Some(notes) = self.notes.take_changed() {
            self.info.notes = notes;
        }
        Ok(Some(Shown { time_s: self.timeline.seconds(place.tick), number: place.number, picture }))
    }

    /// Starts again from the first packet, by seeking or by opening the file again.
    fn rewind(&mut self) -> Result<()> {
        let start_s = self.timeline.origin as f64 * self.timeline.tick_s;
        self.run.clear();
        self.cursor = None;
        self.at_end = false;
        let counted = matches!(self.timeline.numbering, Numbering::Counted(_));
        if !counted && self.decoder.seek(start_s) && self.pull()? {
            let is_first = self.run.back().is_some_and(|kept| kept.place.number == 0);
            if is_first {
                return Ok(());
            }
        }
        self.run.clear();
        self.at_end = false;
        let opened = input::open(&self.path, &mut Notes::default())?;
        self.decoder = Decoder::new(opened.input, opened.stream).map_err(|error| error.at(&self.path))?;
        self.pull().map(|_| ())
    }

    /// Puts the decoder at a frame that is not later than `tick`, by way of a key frame.
    fn approach(&mut self, tick: i64) -> Result<()> {
        let keys: Vec<i64> = match &self.timeline.numbering {
            Numbering::Counted(_) => vec![],
            Numbering::Indexed(index) => {
                // Where the frames after a key frame in the file come before it in time, the one before helps.
                let all: Vec<i64> = index.keys_before(tick).take(9).collect();
                [0, 1, 3, 8].iter().filter_map(|&back| all.get(back)).copied().collect()
            }
            Numbering::ByRate => {
                let back = |s: f64| tick - (s / self.timeline.tick_s) as i64;
                [0.0, 2.0, 15.0].map(back).into_iter().filter(|&it| it > self.timeline.origin).collect()
            }
        };
        for key in keys {
            self.run.clear();
            self.cursor = None;
            self.at_end = false;
            if self.decoder.seek(key as f64 * self.timeline.tick_s)
                && self.pull()?
                && self.run.back().is_some_and(|kept| kept.place.tick <= tick)
            {
                return Ok(());
            }
        }
        self.rewind()
    }

    /// Whether `tick` is reached sooner by decoding on than by seeking.
    fn is_near(&self, tick: i64) -> bool {
        let (Some(first), Some(last)) = (self.run.front(), self.run.back()) else { return false };
        if tick < first.place.tick {
            return false;
        }
        match &self.timeline.numbering {
            Numbering::Counted(_) => true,
            Numbering::Indexed(index) => {
                index.keys_before(tick).next().is_none_or(|key| key <= last.place.tick)
            }
            Numbering::ByRate => (tick - last.place.tick) as f64 * self.timeline.tick_s < NEAR_S,
        }
    }

    /// The last frame whose time is not later than `tick`; the first one before the start.
    fn go_to(&mut self, tick: i64) -> Result<Option<Shown>> {
        if !self.is_near(tick) {
            self.approach(tick)?;
        }
        let stands_at = |run: &VecDeque<Kept>| run.back().map(|kept| kept.place.tick);
        let is_listed = match &self.timeline.numbering {
            Numbering::Indexed(index) => index.times.get(index.number(tick)).copied(),
            _ => None,
        };
        while !self.at_end && stands_at(&self.run).is_some_and(|last| last <= tick && Some(last) != is_listed)
        {
            self.pull()?;
        }
        let later = self.run.partition_point(|kept| kept.place.tick <= tick);
        self.show(later.saturating_sub(1))
    }

    fn next(&mut self) -> Result<Option<Shown>> {
        let Some(cursor) = self.cursor else { return self.go_to(self.timeline.origin) };
        if cursor + 1 < self.run.len() {
            return self.show(cursor + 1);
        }
        if self.at_end || !self.pull()? {
            if let Some(notes) = self.notes.take_changed() {
                self.info.notes = notes;
            }
            return Ok(None);
        }
        self.show(self.run.len() - 1)
    }

    fn previous(&mut self) -> Result<Option<Shown>> {
        let Some(cursor) = self.cursor else { return Ok(None) };
        if cursor > 0 {
            return self.show(cursor - 1);
        }
        let Some(now) = self.run.front().map(|kept| kept.place) else { return Ok(None) };
        let before = match &self.timeline.numbering {
            Numbering::Indexed(index) => index.before(now.tick),
            Numbering::ByRate | Numbering::Counted(_) => {
                (now.tick > self.timeline.origin).then(|| now.tick - 1)
            }
        };
        let Some(before) = before else { return Ok(None) };
        let shown = self.go_to(before)?;
        // Frames before this one may all be damaged: then this one is the first, and stays.
        Ok(shown.filter(|shown| self.timeline.tick_at(shown.time_s) < now.tick))
    }

    fn at(&mut self, time_s: f64) -> Result<Option<Shown>> {
        let tick = self.timeline.tick_at(if time_s.is_nan() { 0.0 } else { time_s });
        if self.timeline.end(None).is_some_and(|end| tick >= end) {
            return Ok(None);
        }
        let shown = self.go_to(tick)?;
        let last = self.run.back().map(|kept| kept.place);
        let is_past = self.at_end && self.timeline.end(last).is_some_and(|end| tick >= end);
        Ok(shown.filter(|_| !is_past))
    }
}

impl Source for Video {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, want: Want) -> Result<Option<Shown>> {
        match want {
            Want::Start => self.go_to(self.timeline.origin),
            Want::Next => self.next(),
            Want::Previous => self.previous(),
            Want::At(time_s) => self.at(time_s),
        }
    }
}

impl Timeline {
    fn new(numbering: Numbering, tick_s: f64, start: i64, told_rate_hz: Option<f64>) -> Self {
        let told = told_rate_hz.unwrap_or(UNKNOWN_RATE_HZ);
        match &numbering {
            Numbering::Indexed(index) => {
                let rate_hz = index.mean_step().map_or(told, |step| 1.0 / (step * tick_s));
                let origin = index.times.first().copied().unwrap_or(start);
                Self { numbering, tick_s, origin, rate_hz }
            }
            Numbering::ByRate => Self { numbering, tick_s, origin: start, rate_hz: told },
            Numbering::Counted(_) => Self { numbering, tick_s: 1.0 / told, origin: 0, rate_hz: told },
        }
    }
}

fn large(notes: &mut Notes) -> Numbering {
    notes.set("numbering", "a large file: frame numbers are time times mean frame rate");
    Numbering::ByRate
}

/// Reads the file's times through a second opening, so that the first stays at the start.
fn numbering(path: &Path, notes: &mut Notes) -> Numbering {
    let read = input::open(path, &mut Notes::default()).map_err(|_| NoIndex::Count).and_then(index::read);
    match read {
        Ok(index) => {
            note_times(&index, notes);
            Numbering::Indexed(index)
        }
        Err(NoIndex::NoTimes(count)) => {
            notes.set("numbering", "some frames carry no time: frames are counted, at the mean rate");
            Numbering::Counted(Some(count))
        }
        Err(NoIndex::Broken(count)) => {
            notes.set(
                "numbering",
                "the time axis starts again on the way: frames are counted, at the mean rate",
            );
            Numbering::Counted(Some(count))
        }
        Err(NoIndex::Count) => Numbering::Counted(None),
    }
}

fn note_times(index: &Index, notes: &mut Notes) {
    if index.repaired > 0 {
        notes.set(
            "repaired",
            format!("{} frames with the time of another were moved by a tick", index.repaired),
        );
    }
    let steps = index.times.windows(2).filter_map(|pair| pair.last()?.checked_sub(*pair.first()?));
    let (least, most) = steps.fold((i64::MAX, 0), |(least, most), step| (least.min(step), most.max(step)));
    if least < i64::MAX && most - least > 2 && most as f64 > 1.2 * least as f64 {
        notes.set("variable", "variable frame rate: each frame is shown at its own time");
    }
}

/// Codecs of film and broadcast, whose values are limited in range unless they say otherwise.
fn is_film_codec(codec: ffmpeg::codec::Id) -> bool {
    use ffmpeg::codec::Id;
    matches!(
        codec,
        Id::H264
            | Id::HEVC
            | Id::AV1
            | Id::VP8
            | Id::VP9
            | Id::MPEG1VIDEO
            | Id::MPEG2VIDEO
            | Id::MPEG4
            | Id::H263
    )
}
