//! Decoding in order of presentation: damaged packets are skipped and counted, times made to increase.

use std::time::{Duration, Instant};

use ffmpeg_next as ffmpeg;

use ffmpeg::codec::{self, threading};
use ffmpeg::format::context::Input;
use ffmpeg::{decoder, frame};

use super::input::Opened;
use crate::error::{Error, Kind, Result};
use crate::safety::limits;

/// Unreadable packets in a row after which a file counts as ended.
pub(crate) const MAX_FAILURES: u32 = 2000;
const THREADS: usize = 4;

/// A decoded frame with its time.
pub(crate) struct Raw {
    /// The frame as it came, in the video's own format.
    pub(crate) frame: frame::Video,
    /// Presentation time as the decoder gives it, where it does.
    pub(crate) time: Option<i64>,
}

/// One stream of a container being decoded.
pub(crate) struct Decoder {
    input: Input,
    stream: usize,
    codec: decoder::Video,
    draining: bool,
    ended: bool,
    /// Packets or frames that could not be decoded.
    pub(crate) damaged: u64,
    /// Why reading stopped before the end, if it did.
    pub(crate) stopped: Option<String>,
}

impl Decoder {
    /// Opens the codec of a stream. The limits hold from here on: the codec refuses larger pictures.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] where this FFmpeg has no decoder for it.
    pub(crate) fn new(opened: Opened) -> Result<Self> {
        let Opened { input, stream } = opened;
        let unknown = |cause: ffmpeg::Error| {
            Error::new(Kind::Unsupported, format!("the video's codec cannot be decoded ({cause})"))
                .advise("Convert it, for example with: ffmpeg -i IN -c:v libx264 OUT.mp4")
        };
        let found = input.stream(stream).ok_or(ffmpeg::Error::StreamNotFound).map_err(unknown)?;
        let mut context = codec::Context::from_parameters(found.parameters()).map_err(unknown)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        context.set_threading(threading::Config {
            kind: threading::Type::Frame,
            count: cores.min(THREADS),
            ..Default::default()
        });
        let mut decoder = context.decoder();
        decoder.set_packet_time_base(found.time_base());
        let codec = decoder::find(decoder.id()).ok_or(ffmpeg::Error::DecoderNotFound).map_err(unknown)?;
        let mut options = ffmpeg::Dictionary::new();
        options.set("max_pixels", &limits::MAX_PIXELS.to_string());
        let decoder =
            decoder.open_as_with(codec, options).and_then(decoder::Opened::video).map_err(unknown)?;
        Ok(Self { input, stream, codec: decoder, draining: false, ended: false, damaged: 0, stopped: None })
    }

    /// The codec's identity.
    pub(crate) fn id(&self) -> codec::Id {
        self.codec.id()
    }

    /// Whether frames come in another order than they are stored in.
    pub(crate) fn reorders(&self) -> bool {
        self.codec.has_b_frames()
    }

    /// Width over height of a pixel of this frame.
    pub(crate) fn pixel_aspect(&mut self, frame: &frame::Video) -> Option<f64> {
        super::ffi::pixel_aspect(&mut self.input, self.stream, frame)
    }

    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// [`Kind::Damaged`] when no frame came within [`limits::MAX_DECODE_S`].
    pub(crate) fn next(&mut self) -> Result<Option<Raw>> {
        let deadline = Instant::now() + Duration::from_secs_f64(limits::MAX_DECODE_S);
        let mut failures = 0;
        while !self.ended && failures < MAX_FAILURES {
            if Instant::now() > deadline {
                return Err(Error::new(
                    Kind::Damaged,
                    format!("no frame could be decoded within {} s", limits::MAX_DECODE_S),
                )
                .advise("The video is damaged here; go to another place, or convert it with ffmpeg"));
            }
            let mut frame = frame::Video::empty();
            match self.codec.receive_frame(&mut frame) {
                Ok(()) if frame.width() > 0 && frame.height() > 0 => {
                    self.damaged += u64::from(frame.is_corrupt() || frame.has_decode_errors());
                    // The packet's own time first: the guess behind `timestamp` depends on what was read before.
                    let time = frame.pts().or_else(|| frame.timestamp());
                    return Ok(Some(Raw { frame, time }));
                }
                Ok(()) => {}
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => {
                    failures += u32::from(!self.feed());
                }
                Err(ffmpeg::Error::Eof) => self.ended = true,
                Err(_) => {
                    self.damaged += 1;
                    failures += 1;
                }
            }
        }
        self.ended = true;
        Ok(None)
    }

    /// Gives the codec one more packet; `false` when that failed.
    fn feed(&mut self) -> bool {
        if self.draining {
            // A codec that asks for packets after the last one has nothing more to give.
            self.ended = true;
            return true;
        }
        let mut packet = ffmpeg::Packet::empty();
        let failed = match packet.read(&mut self.input) {
            Ok(()) if packet.stream() != self.stream => return true,
            Ok(()) => self.codec.send_packet(&packet).is_err(),
            Err(ffmpeg::Error::InvalidData) => true,
            Err(cause) => {
                if cause != ffmpeg::Error::Eof {
                    self.stopped = Some(cause.to_string());
                }
                self.draining = true;
                self.codec.send_eof().is_err()
            }
        };
        self.damaged += u64::from(failed);
        !failed
    }

    /// Goes to the key frame at or before a time in seconds, as the container counts it; `false` where the
    /// container cannot.
    pub(crate) fn seek(&mut self, time_s: f64) -> bool {
        let time = (time_s * f64::from(ffmpeg::ffi::AV_TIME_BASE)).round() as i64;
        let done = self.input.seek(time, ..time);
        self.codec.flush();
        self.draining = false;
        self.ended = false;
        done.is_ok()
    }
}
