//! Opening a video file: containers only, no network, no playlists, no devices; the best video stream in it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Once;

use ffmpeg_next as ffmpeg;

use ffmpeg::format::context::{Input, StreamIo};
use ffmpeg::format::stream::Disposition;

use super::convert::check_size;
use super::ffi;
use super::notes::Notes;
use super::turn::Turn;
use crate::error::{Error, Kind, Result};
use crate::safety::limits;
use crate::stimulus::sniff;

/// Demuxers that read one file and nothing else. Playlists (`hls`, `dash`, `concat`, `imf`), text (`tty`),
/// lists of pictures and devices are left out: they open other files or addresses.
const CONTAINERS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,h261,\
    h263,av1,obu,ivf,flv,live_flv,ogg,asf,asf_o,mxf,gxf,gif,apng,yuv4mpegpipe,nut,rm,dv,mjpeg,mjpeg_2000,\
    smjpeg,nuv,wtv,vc1,vc1test,avs2,avs3,cavsvideo,dirac,dnxhd,dxa,flic,filmstrip,roq,smk,bink,nsv,ea,\
    mpegtsraw,ipmovie,vividas,mtv,avr,swf,cine,lmlm4,r3d,ty,msnwctcp,mv,ifv,ser";

/// Size of FFmpeg's read buffer.
const BUFFER_BYTES: usize = 64 * 1024;

/// An opened container with its video stream chosen.
pub(crate) struct Opened {
    pub(crate) input: Input,
    pub(crate) stream: usize,
}

/// What a container says of its video stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    /// Length of a tick in seconds.
    pub(super) tick_s: f64,
    /// Tick of the first frame.
    pub(super) start: i64,
    /// Mean frame rate.
    pub(super) rate_hz: Option<f64>,
    /// Length in seconds.
    pub(super) duration_s: Option<f64>,
    /// Size of the file.
    pub(super) bytes: Option<u64>,
}

impl Opened {
    /// What the container says, where it makes sense.
    pub(super) fn about(&self) -> About {
        let length = self.input.duration();
        let duration_s = (length > 0).then(|| length as f64 / f64::from(ffmpeg::ffi::AV_TIME_BASE));
        let bytes = self.input.io_size().and_then(|size| u64::try_from(size).ok());
        let Some(stream) = self.input.stream(self.stream) else {
            return About { tick_s: 1.0, start: 0, rate_hz: None, duration_s, bytes };
        };
        let tick_s = f64::from(stream.time_base());
        let rates = [stream.avg_frame_rate(), stream.rate()].map(f64::from);
        About {
            tick_s: if tick_s > 0.0 && tick_s.is_finite() { tick_s } else { 1.0 },
            start: Some(stream.start_time()).filter(|&it| it != ffmpeg::ffi::AV_NOPTS_VALUE).unwrap_or(0),
            rate_hz: rates.into_iter().find(|rate| (0.001..=10_000.0).contains(rate)),
            duration_s,
            bytes,
        }
    }
}

/// Sets FFmpeg up once: names of its errors, camera devices, and silence on the terminal.
pub(crate) fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Err(cause) = ffmpeg::init() {
            tracing::warn!("FFmpeg could not be set up: {cause}");
        }
        ffmpeg::log::set_level(ffmpeg::log::Level::Quiet);
    });
}

/// Opens the container and chooses the best video stream; others are noted.
///
/// # Errors
/// Unreadable, no known container, no video in it, a size above the limits.
pub(super) fn open(path: &Path, notes: &mut Notes) -> Result<Opened> {
    init();
    let file = File::open(path).map_err(|cause| unreadable(path, &cause))?;
    let io =
        StreamIo::from_read_seek_with_capacity(file, BUFFER_BYTES).map_err(|cause| damaged(path, cause))?;
    let mut options = ffmpeg::Dictionary::new();
    options.set("format_whitelist", CONTAINERS);
    options.set("protocol_whitelist", "file");
    let input = ffi::open_container(io, options, limits::MAX_PIXELS, claims_are_sane)
        .map_err(|error| error.at(path))?
        .map_err(|cause| not_a_video(path, cause))?;
    let stream = choose(&input, notes).map_err(|error| error.at(path))?;
    Ok(Opened { input, stream })
}

/// Checks the sizes that headers claim; streams whose header has none yet are checked later.
fn claims_are_sane(input: &Input) -> Result<()> {
    for stream in input.streams() {
        let (width, height) = ffi::claimed_size(&stream.parameters());
        if stream.parameters().medium() == ffmpeg::media::Type::Video && (width, height) != (0, 0) {
            check_size(width, height)?;
        }
    }
    Ok(())
}

fn choose(input: &Input, notes: &mut Notes) -> Result<usize> {
    let is_video = |stream: &ffmpeg::Stream<'_>| {
        stream.parameters().medium() == ffmpeg::media::Type::Video
            && !stream.disposition().contains(Disposition::ATTACHED_PIC)
    };
    let count = input.streams().filter(is_video).count();
    let best = input
        .streams()
        .best(ffmpeg::media::Type::Video)
        .filter(is_video)
        .or_else(|| input.streams().find(is_video))
        .ok_or_else(|| {
            let sound = input.streams().any(|it| it.parameters().medium() == ffmpeg::media::Type::Audio);
            let what = if sound { "there is only sound in it, no video" } else { "there is no video in it" };
            Error::new(Kind::Unsupported, what).advise("Choose a file with a video stream")
        })?;
    let (width, height) = ffi::claimed_size(&best.parameters());
    check_size(width, height)?;
    if count > 1 {
        let index = best.index();
        notes.set("streams", format!("{count} video streams: stream {index} is shown"));
    }
    Ok(best.index())
}

/// The display matrix of a stream, where it has one.
pub(super) fn turn(opened: &Opened, notes: &mut Notes) -> Turn {
    use ffmpeg::codec::packet::side_data::Type;
    let Some(stream) = opened.input.stream(opened.stream) else { return Turn::NONE };
    let Some(matrix) = stream.side_data().find(|it| it.kind() == Type::DisplayMatrix) else {
        return Turn::NONE;
    };
    let turn = Turn::of_matrix(matrix.data());
    match turn {
        None => notes.set("turn", "a display matrix that is no turn by quarter circles is ignored"),
        Some(Turn::NONE) => {}
        Some(turn) => notes.set("turn", format!("{}, as its display matrix says", turn.words())),
    }
    turn.unwrap_or(Turn::NONE)
}

/// The error of a file that cannot be read.
pub(crate) fn unreadable(path: &Path, cause: &io::Error) -> Error {
    let (kind, what, advice) = match cause.kind() {
        io::ErrorKind::NotFound => (
            Kind::Missing,
            "there is no such file".to_owned(),
            "Check the name, or whether the disk is there",
        ),
        io::ErrorKind::PermissionDenied => (
            Kind::Unreadable,
            "the file may not be read".to_owned(),
            "Ask its owner for the permission to read it, or choose another file",
        ),
        _ => (
            Kind::Unreadable,
            format!("the file cannot be read ({cause})"),
            "Try again, or copy the file to another disk",
        ),
    };
    Error::new(kind, what).at(path).advise(advice)
}

pub(super) fn damaged(path: &Path, cause: ffmpeg::Error) -> Error {
    Error::new(Kind::Damaged, format!("the video cannot be read ({cause})"))
        .at(path)
        .advise("Try another copy of the file")
}

fn not_a_video(path: &Path, cause: ffmpeg::Error) -> Error {
    if sniff::head(path).is_ok_and(|head| sniff::looks_like_video(&head)) {
        return Error::new(Kind::Damaged, format!("the video is damaged or ends too early ({cause})"))
            .at(path)
            .advise("Try another copy, or repair it with: ffmpeg -i IN -c copy OUT.mkv");
    }
    Error::new(Kind::Unsupported, "this is no video or picture that percept knows")
        .at(path)
        .advise("Choose a video (mp4, mkv, avi, mov, webm), a picture (png, jpeg, tiff, webp) or a folder")
}
