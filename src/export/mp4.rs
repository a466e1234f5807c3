//! Pictures in time as an MP4: H.264 where this FFmpeg has an encoder for it, BT.709 in limited range, with
//! the provenance in its metadata.

use std::fs::File;
use std::path::{Path, PathBuf};

use ffmpeg_next as ffmpeg;

use ffmpeg::codec::{self, Flags, Id};
use ffmpeg::format::Pixel;
use ffmpeg::format::context::{Output, StreamIo};
use ffmpeg::{Rational, encoder, frame};

use crate::atomic::{Pending, cannot_write};
use crate::error::{Error, Kind, Result};
use crate::export::flashes::{self, Watch};
use crate::frame::Picture;
use crate::stimulus::video::ffi::{BT709_LIMITED, Coding, Layout, Scaler};
use crate::stimulus::video::input;
use crate::units::PixelSize;

/// Encoders by name, best first, with their settings for pictures that look like the original.
const ENCODERS: [(&str, &[(&str, &str)]); 5] = [
    ("libx264", &[("crf", "16"), ("preset", "fast")]),
    ("h264_videotoolbox", &[("q", "75")]),
    ("h264_mf", &[("quality", "95")]),
    ("libopenh264", &[("b", "12000000")]),
    ("mpeg4", &[("b", "24000000"), ("qmin", "1"), ("qmax", "4")]),
];
/// Finest rate that all encoders take.
const MAX_RATE_TERM: i32 = 60_000;

/// Encoders of this FFmpeg that an MP4 can be written with, best first. Those of the system or a card may
/// still refuse to open.
pub fn encoders() -> Vec<&'static str> {
    input::init();
    let names = ENCODERS.iter().map(|(name, _)| *name);
    names.filter(|name| encoder::find_by_name(name).is_some()).collect()
}

/// An MP4 being written; the file appears, whole, with [`Mp4Writer::finish`]. Dropped before, it leaves none.
pub struct Mp4Writer {
    pending: Pending,
    output: Output,
    encoder: encoder::Video,
    scaler: Scaler,
    rgb: frame::Video,
    size: PixelSize,
    time_base: Rational,
    pushed: i64,
    metadata: Vec<(&'static str, String)>,
    watch: Watch,
}

impl Mp4Writer {
    /// Starts a film of pictures of `size` at `rate_hz`. An odd side is lengthened by one pixel, the last
    /// one repeated, as the format wants even sides. `metadata` is written key by key, and all of it once
    /// more as the comment, which every player shows.
    ///
    /// # Errors
    /// [`Kind::Write`] when the file cannot be made, [`Kind::Usage`] for a size or rate that makes no film,
    /// [`Kind::Unsupported`] when this FFmpeg has no encoder.
    pub fn create(
        path: &Path,
        size: PixelSize,
        rate_hz: f64,
        metadata: &[(&'static str, String)],
    ) -> Result<Self> {
        input::init();
        let time_base = time_base(rate_hz).ok_or_else(|| {
            Error::new(Kind::Usage, format!("{rate_hz} Hz is no rate for a film"))
                .at(path)
                .advise("Choose a rate between 0.1 and 1000 Hz")
        })?;
        if size.width == 0 || size.height == 0 || size.width.max(size.height) > 16_384 {
            return Err(Error::new(Kind::Usage, format!("{size} is no size for a film"))
                .at(path)
                .advise("Choose sides between 1 and 16384 pixels"));
        }
        let pending = Pending::new(path)?;
        let failed = |cause| write_failed(path, cause);
        let mut output = open_output(pending.path(), path)?;
        let even = PixelSize::new(size.width.next_multiple_of(2), size.height.next_multiple_of(2));
        let encoder = open_encoder(even, time_base).ok_or_else(|| {
            Error::new(Kind::Unsupported, "this FFmpeg has no encoder for MP4")
                .at(path)
                .advise("Install an FFmpeg with libx264, or export a GIF instead")
        })?;
        let mut stream = output.add_stream_with(&encoder).map_err(failed)?;
        stream.set_time_base(time_base);
        stream.set_avg_frame_rate(time_base.invert());
        let mut options = ffmpeg::Dictionary::new();
        // The file is read again to put its index first, which needs a name that FFmpeg can take.
        let first = if pending.path().to_str().is_some() { "+faststart" } else { "" };
        options.set("movflags", &format!("use_metadata_tags{first}"));
        output.write_header_with(options).map_err(failed)?;
        let rgb = Layout { format: Pixel::RGB24, size: even, coding: Coding { matrix: 1, full_range: true } };
        let yuv = Layout { format: Pixel::YUV420P, size: even, coding: BT709_LIMITED };
        let scaler = Scaler::new(rgb, yuv)
            .ok_or_else(|| Error::new(Kind::Internal, "this FFmpeg cannot convert RGB to YUV").at(path))?;
        let rgb = frame::Video::new(Pixel::RGB24, even.width, even.height);
        let (metadata, watch) = (metadata.to_vec(), Watch::new(rate_hz));
        Ok(Self { pending, output, encoder, scaler, rgb, size, time_base, pushed: 0, metadata, watch })
    }

    /// Adds a picture.
    ///
    /// # Errors
    /// [`Kind::Write`] when the disk is full, [`Kind::Mismatch`] when the picture has another size.
    pub fn push(&mut self, picture: &Picture) -> Result<()> {
        if picture.size != self.size || picture.rgb.len() != 3 * self.size.area() {
            return Err(Error::new(
                Kind::Mismatch,
                format!("a picture of {} does not fit a film of {}", picture.size, self.size),
            ));
        }
        self.watch.push(picture);
        copy_padded(picture, &mut self.rgb);
        let mut yuv = frame::Video::empty();
        self.scaler.run(&self.rgb, &mut yuv).map_err(|cause| write_failed(self.pending.target(), cause))?;
        yuv.set_pts(Some(self.pushed));
        yuv.set_color_space(ffmpeg::color::Space::BT709);
        yuv.set_color_range(ffmpeg::color::Range::MPEG);
        self.pushed += 1;
        self.encoder.send_frame(&yuv).map_err(|cause| write_failed(self.pending.target(), cause))?;
        self.drain()
    }

    /// Writes what is left, makes the file safe on disk and gives it its name: the path asked for or, where it flashes
    /// beyond the limits, that with `.flashes` before its ending. What was found stands in its metadata.
    ///
    /// # Errors
    /// [`Kind::Write`] when the disk is full or no picture was pushed; no file is left then.
    pub fn finish(mut self) -> Result<PathBuf> {
        if self.pushed == 0 {
            return Err(Error::new(Kind::Write, "there is no picture to write").at(self.pending.target()));
        }
        self.encoder.send_eof().map_err(|cause| write_failed(self.pending.target(), cause))?;
        self.drain()?;
        let verdict = self.watch.verdict();
        let name = flashes::name(self.pending.target(), &verdict);
        self.metadata.push((flashes::KEY, verdict.words()));
        // The index, which holds them, is written now.
        self.output.set_metadata(dictionary(&self.metadata));
        self.output.write_trailer().map_err(|cause| write_failed(self.pending.target(), cause))?;
        let Self { mut pending, output, .. } = self;
        drop(output);
        pending.rename(&name);
        pending.commit()?;
        Ok(name)
    }

    fn drain(&mut self) -> Result<()> {
        let stream_base = self.output.stream(0).map_or(self.time_base, |stream| stream.time_base());
        let mut packet = ffmpeg::Packet::empty();
        loop {
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => {}
                Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => {
                    return Ok(());
                }
                Err(cause) => return Err(write_failed(self.pending.target(), cause)),
            }
            packet.set_stream(0);
            packet.set_duration(1);
            packet.rescale_ts(self.time_base, stream_base);
            packet
                .write_interleaved(&mut self.output)
                .map_err(|cause| write_failed(self.pending.target(), cause))?;
        }
    }
}

fn open_output(temporary: &Path, target: &Path) -> Result<Output> {
    let file = File::options()
        .read(true)
        .write(true)
        .truncate(true)
        .open(temporary)
        .map_err(|cause| cannot_write(target, &cause))?;
    let failed = |cause| write_failed(target, cause);
    let io = StreamIo::from_write_seek(file).map_err(failed)?;
    let name = temporary.to_str().map(|name| format!("file:{name}"));
    ffmpeg::format::output_to_stream(io, name.as_deref(), Some("mp4")).map_err(failed)
}

/// The first encoder of the list that opens.
fn open_encoder(size: PixelSize, time_base: Rational) -> Option<encoder::Video> {
    ENCODERS.iter().find_map(|(name, settings)| {
        let codec = encoder::find_by_name(name)?;
        let mut video = codec::Context::new_with_codec(codec).encoder().video().ok()?;
        video.set_width(size.width);
        video.set_height(size.height);
        video.set_format(Pixel::YUV420P);
        video.set_time_base(time_base);
        video.set_frame_rate(Some(time_base.invert()));
        video.set_colorspace(ffmpeg::color::Space::BT709);
        video.set_color_primaries(ffmpeg::color::Primaries::BT709);
        video.set_color_transfer_characteristic(ffmpeg::color::TransferCharacteristic::BT709);
        video.set_color_range(ffmpeg::color::Range::MPEG);
        video.set_gop(60);
        video.set_flags(Flags::GLOBAL_HEADER);
        let options: ffmpeg::Dictionary<'_> = settings.iter().collect();
        let opened = video.open_as_with(codec, options).ok()?;
        if codec.id() != Id::H264 {
            tracing::info!("there is no H.264 encoder here: the film is written with {name}");
        }
        Some(opened)
    })
}

/// One frame's time as a fraction: 1/25 for 25 Hz, 1001/30000 for 29.97 Hz.
fn time_base(rate_hz: f64) -> Option<Rational> {
    if !(0.1..=1000.0).contains(&rate_hz) {
        return None;
    }
    let ntsc = (rate_hz * 1.001).round();
    if (ntsc / 1.001 - rate_hz).abs() < 1e-3 && (rate_hz - rate_hz.round()).abs() > 1e-3 {
        return Some(Rational::new(1001, (ntsc * 1000.0) as i32));
    }
    let (Ok(rate) | Err(rate)) = Rational::from(rate_hz).reduce_with_limit(MAX_RATE_TERM);
    Some(rate.invert())
}

fn dictionary(metadata: &[(&'static str, String)]) -> ffmpeg::Dictionary<'static> {
    let clean = |value: &str| value.replace('\0', " ");
    let all: Vec<String> = metadata.iter().map(|(key, value)| format!("{key}: {}", clean(value))).collect();
    let mut dictionary = ffmpeg::Dictionary::new();
    for (key, value) in metadata {
        dictionary.set(key, &clean(value));
    }
    if !all.is_empty() {
        dictionary.set("comment", &all.join("\n"));
    }
    dictionary
}

/// Copies the picture; the column and row that make it even repeat the last ones.
fn copy_padded(picture: &Picture, to: &mut frame::Video) {
    let (stride, width) = (to.stride(0).max(1), to.width() as usize);
    let from_row = 3 * picture.size.width as usize;
    let last = picture.size.height.saturating_sub(1) as usize;
    for (y, row) in to.data_mut(0).chunks_mut(stride).enumerate() {
        let start = y.min(last) * from_row;
        let Some(from) = picture.rgb.get(start..start + from_row) else { continue };
        if let Some(place) = row.get_mut(..from_row) {
            place.copy_from_slice(from);
        }
        if let (Some(place), Some(pixel)) = (row.get_mut(from_row..3 * width), from.last_chunk::<3>())
            && place.len() == 3
        {
            place.copy_from_slice(pixel);
        }
    }
}

fn write_failed(target: &Path, cause: ffmpeg::Error) -> Error {
    match cause {
        ffmpeg::Error::Other { errno } => cannot_write(target, &std::io::Error::from_raw_os_error(errno)),
        other => Error::new(Kind::Write, format!("the film cannot be written ({other})"))
            .at(target)
            .advise("Choose another folder or a smaller size; nothing is lost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_become_fractions() {
        for (rate, wanted) in
            [(25.0, (1, 25)), (30_000.0 / 1001.0, (1001, 30_000)), (12.5, (2, 25)), (0.5, (2, 1))]
        {
            let base = time_base(rate).unwrap();
            assert_eq!((base.numerator(), base.denominator()), wanted, "{rate}");
        }
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(time_base(wrong).is_none());
        }
    }
}
