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
pub(super) struct Opened {
    pub(super) input: Input,
    pub(super) stream: usize,
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
    let input = ffmpeg::format::input_from_stream(io, None, Some(options))
        .map_err(|cause| not_a_video(path, cause))?;
    let stream = choose(&input, notes).map_err(|error| error.at(path))?;
    Ok(Opened { input, stream })
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
pub(super) fn turn(input: &Input, stream: usize, notes: &mut Notes) -> Turn {
    use ffmpeg::codec::packet::side_data::Type;
    let Some(stream) = input.stream(stream) else { return Turn::NONE };
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
