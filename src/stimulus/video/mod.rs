//! A video file as a [`Source`]: any container and codec of the installed FFmpeg, every frame reachable
//! exactly, forwards and back.

use std::path::Path;

use ffmpeg_next as ffmpeg;

use crate::error::{Error, Kind, Result};
use crate::frame::Shown;
use crate::stimulus::{Source, SourceInfo, Want};

mod coded;
pub(super) mod colour;
pub(super) mod convert;
pub(super) mod decode;
pub(crate) mod ffi;
mod index;
pub(crate) mod input;
pub(crate) mod notes;
mod planar;
mod player;
mod run;
mod timeline;
pub(super) mod turn;

use convert::Converter;
use decode::Decoder;
use index::{Index, NoIndex};
use input::Opened;
use notes::Notes;
use player::Player;
use run::Run;
use timeline::{Numbering, Timeline};

/// Frames that are decoded on opening a file whose times look wrong, and how many of them may go back.
const LOOKED_AT: usize = 12;
const MOST_MISPLACED: usize = 2;

/// An opened video.
pub struct Video {
    player: Player,
    converter: Converter,
    info: SourceInfo,
}

impl Video {
    /// Opens a video file and reads its times (files above a gibibyte are numbered by their mean rate).
    ///
    /// # Errors
    /// Unreadable, no known container, no video in it, no decoder, a size above the limits.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_indexed_up_to(path, index::MAX_INDEXED_BYTES)
    }

    /// Opens a video file; its times are read only when it is no larger than `max_bytes`.
    ///
    /// # Errors
    /// As [`Video::open`].
    pub fn open_indexed_up_to(path: &Path, max_bytes: u64) -> Result<Self> {
        let mut notes = Notes::default();
        let mut opened = input::open(path, &mut notes)?;
        let about = opened.about();
        let turn = input::turn(&opened, &mut notes);
        let is_indexed = about.bytes.is_none_or(|bytes| bytes <= max_bytes);
        let numbering = if is_indexed { numbering(&mut opened, &mut notes) } else { by_rate(&mut notes) };
        let timeline = Timeline::new(numbering, about.tick_s, about.start, about.rate_hz);
        let decoder = Decoder::new(opened).map_err(|error| error.at(path))?;
        let converter = Converter::new(turn, is_film_codec(decoder.id()));
        let run = Run::default();
        let player =
            Player { path: path.to_path_buf(), decoder, timeline, run, at_end: false, misplaced: 0, notes };
        let info = SourceInfo {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: Some(path.to_path_buf()),
            kind: "video".into(),
            seekable: true,
            ..SourceInfo::default()
        };
        let mut video = Self { player, converter, info };
        video.first_frames(is_indexed)?;
        video.describe(about.duration_s);
        Ok(video)
    }

    /// Shows the first frame, so that a file that cannot be shown is told on opening; a file whose times are
    /// wrong throughout is counted instead.
    fn first_frames(&mut self, was_read: bool) -> Result<()> {
        let player = &mut self.player;
        if was_read {
            player.rewind()?;
        } else {
            player.pull()?;
        }
        if let Numbering::Indexed(index) = &player.timeline.numbering
            && !index.reordered
            && player.decoder.reorders()
        {
            let (count, rate_hz) = (index.times.len(), player.timeline.rate_hz);
            for _ in 0..LOOKED_AT {
                player.pull()?;
            }
            if player.misplaced > MOST_MISPLACED {
                player
                    .notes
                    .set("misplaced", "the times of the frames are in disorder: they are counted instead");
                player.timeline = Timeline::new(Numbering::Counted(Some(count)), 1.0, 0, Some(rate_hz));
                player.rewind()?;
            }
        }
        if !player.start()? {
            return Err(Error::new(Kind::Damaged, "no frame of the video can be decoded")
                .at(&player.path)
                .advise("Try another copy of the file"));
        }
        self.info.size = self.show()?.map(|shown| shown.image.size);
        self.player.run.unread();
        Ok(())
    }

    /// Rate and duration as the time axis gives them; `told_s` is what the header claims.
    fn describe(&mut self, told_s: Option<f64>) {
        let line = &self.player.timeline;
        self.info.frame_rate_hz = Some(line.rate_hz);
        self.info.duration_s = line.end(None).map(|end| line.seconds(end)).or(told_s);
        if let (Numbering::Indexed(_), Some(told), Some(found)) =
            (&line.numbering, told_s, self.info.duration_s)
            && found < 0.9 * told - 1.0 / line.rate_hz
        {
            let note = format!("damaged or cut off after {found:.1} s of the {told:.1} s it claims");
            self.player.notes.set("short", note);
        }
        self.take_notes();
    }

    fn take_notes(&mut self) {
        if let Some(notes) = self.player.notes.take_changed() {
            self.info.notes = notes;
        }
    }

    /// The picture of the frame that the player stands at.
    fn show(&mut self) -> Result<Option<Shown>> {
        let player = &mut self.player;
        let Some(kept) = player.run.frame() else { return Ok(None) };
        let aspect = player.decoder.pixel_aspect(&kept.frame);
        let made = self.converter.image(&kept.frame, aspect, &mut player.notes);
        let image = made.map_err(|error| error.at(&player.path))?;
        let time_s = player.timeline.seconds(kept.place.tick);
        Ok(Some(Shown { time_s, number: kept.place.number, image }))
    }
}

impl Source for Video {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, want: Want) -> Result<Option<Shown>> {
        let found = match want {
            Want::Start => self.player.start()?,
            Want::Next => self.player.next()?,
            Want::Previous => self.player.previous()?,
            Want::At(time_s) => self.player.at(time_s)?,
        };
        let shown = if found { self.show()? } else { None };
        self.take_notes();
        Ok(shown)
    }
}

fn by_rate(notes: &mut Notes) -> Numbering {
    notes.set("numbering", "a large file: frame numbers are time times mean frame rate");
    Numbering::ByRate
}

/// Reads the file's times. The input stands at its end afterwards.
fn numbering(opened: &mut Opened, notes: &mut Notes) -> Numbering {
    match index::read(opened) {
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
