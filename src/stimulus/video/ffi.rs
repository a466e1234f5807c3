//! The few calls into FFmpeg that `ffmpeg-next` does not wrap: colour matrices of the scaler, flags of
//! packets and pixel formats, aspect of the pixels, formats by name. All of `unsafe` around video is here.
#![allow(unsafe_code, reason = "these calls have no safe wrapper")]

use std::ffi::CString;

use ffmpeg_next as ffmpeg;

use ffmpeg::format::Pixel;
use ffmpeg::format::context::{Input, StreamIo};
use ffmpeg::software::scaling;
use ffmpeg::{ffi, frame};

use crate::error::Result;
use crate::frame::{Decoding, Plane, Planes};
use crate::units::PixelSize;

/// Matrix and range of `Y'CbCr` values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coding {
    /// One of FFmpeg's `SWS_CS_` numbers: 1 BT.709, 5 BT.601, 7 SMPTE 240M, 9 BT.2020.
    pub(crate) matrix: i32,
    /// Whether black and white are 0 and 255 (full) or 16 and 235 (limited).
    pub(crate) full_range: bool,
}

impl Coding {
    /// Weights of red and blue in brightness.
    pub(super) const fn weights(self) -> (f64, f64) {
        match self.matrix {
            1 => (0.2126, 0.0722),
            4 => (0.30, 0.11),
            7 => (0.212, 0.087),
            9 => (0.2627, 0.0593),
            _ => (0.299, 0.114),
        }
    }

    /// The same for those who average the planes themselves.
    pub(super) const fn decoding(self) -> Decoding {
        let (kr, kb) = self.weights();
        Decoding { kr: kr as f32, kb: kb as f32, full_range: self.full_range }
    }
}

/// BT.709 in limited range, as HD video is.
pub(crate) const BT709_LIMITED: Coding = Coding { matrix: ffi::SWS_CS_ITU709, full_range: false };

/// What comes in or goes out of a [`Scaler`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Pixel format.
    pub(crate) format: Pixel,
    /// Columns and rows.
    pub(crate) size: PixelSize,
    /// Matrix and range; for RGB nothing is converted by it.
    pub(crate) coding: Coding,
}

/// FFmpeg's scaler and converter with the colour matrix set explicitly.
pub(crate) struct Scaler {
    context: scaling::Context,
    from: Layout,
    to: Layout,
}

// SAFETY: an `SwsContext` is plain memory that is bound to no thread; it is used through `&mut self` only,
// so by one thread at a time.
unsafe impl Send for Scaler {}

impl Scaler {
    /// A scaler between two layouts; `None` where FFmpeg has no way.
    pub(crate) fn new(from: Layout, to: Layout) -> Option<Self> {
        let kernel = if from.size.width > to.size.width || from.size.height > to.size.height {
            scaling::Flags::AREA
        } else {
            scaling::Flags::BICUBIC
        };
        let mut context = scaling::Context::get(
            from.format,
            from.size.width,
            from.size.height,
            to.format,
            to.size.width,
            to.size.height,
            kernel
                | scaling::Flags::ACCURATE_RND
                | scaling::Flags::FULL_CHR_H_INP
                | scaling::Flags::FULL_CHR_H_INT,
        )
        .ok()?;
        // SAFETY: the context is alive; the tables are static arrays of FFmpeg that outlive it. The result is
        // negative where neither side is Y'CbCr: then there is nothing to set.
        unsafe {
            ffi::sws_setColorspaceDetails(
                context.as_mut_ptr(),
                ffi::sws_getCoefficients(from.coding.matrix),
                i32::from(from.coding.full_range),
                ffi::sws_getCoefficients(to.coding.matrix),
                i32::from(to.coding.full_range),
                0,
                1 << 16,
                1 << 16,
            );
        }
        Some(Self { context, from, to })
    }

    /// Whether it converts between these two.
    pub(crate) fn fits(&self, from: Layout, to: Layout) -> bool {
        self.from == from && self.to == to
    }

    /// Converts a frame.
    pub(crate) fn run(&mut self, from: &frame::Video, to: &mut frame::Video) -> Result<(), ffmpeg::Error> {
        self.context.run(from, to)
    }
}

/// The planes of a frame in 4:2:0 of 8 bits; `None` for any other format, for one stored from the bottom up, and
/// for odd sizes, whose colour planes FFmpeg's converter stretches a little.
pub(super) fn planes_420(frame: &frame::Video) -> Option<Planes<'_>> {
    if !matches!(frame.format(), Pixel::YUV420P | Pixel::YUVJ420P) {
        return None;
    }
    let (columns, rows) = (frame.width() as usize, frame.height() as usize);
    if !columns.is_multiple_of(2) || !rows.is_multiple_of(2) {
        return None;
    }
    let plane = |index: usize, columns: usize, rows: usize| {
        // SAFETY: the frame is alive; pointers and strides are plain values of it.
        let (start, stride) = unsafe { ((*frame.as_ptr()).data[index], (*frame.as_ptr()).linesize[index]) };
        let stride = usize::try_from(stride).ok().filter(|&stride| stride >= columns)?;
        if start.is_null() || columns == 0 || rows == 0 {
            return None;
        }
        // SAFETY: a frame of this format has at least so many rows of so many bytes in each plane, `stride`
        // bytes apart, and they live as long as the frame that the slice borrows.
        let bytes = unsafe { std::slice::from_raw_parts(start, stride * (rows - 1) + columns) };
        Some(Plane { bytes, stride })
    };
    let (half_columns, half_rows) = (columns.div_ceil(2), rows.div_ceil(2));
    Some(Planes {
        luma: plane(0, columns, rows)?,
        blue: plane(1, half_columns, half_rows)?,
        red: plane(2, half_columns, half_rows)?,
    })
}

/// Opens a container through `io` and looks into its streams. Between the two, `check` sees what the headers
/// claim, before any codec runs; no codec that runs takes pictures of more than `max_pixels`.
pub(super) fn open_container(
    mut io: StreamIo,
    options: ffmpeg::Dictionary<'_>,
    max_pixels: u64,
    check: impl FnOnce(&Input) -> Result<()>,
) -> Result<Result<Input, ffmpeg::Error>> {
    // SAFETY: the context is made here and given `io`, which outlives it: `Input` owns both from then on.
    // A failing `avformat_open_input` frees the context and leaves `io`, as AVFMT_FLAG_CUSTOM_IO says.
    let mut input = unsafe {
        let mut context = ffi::avformat_alloc_context();
        if context.is_null() {
            return Ok(Err(ffmpeg::Error::Other { errno: ffmpeg::error::ENOMEM }));
        }
        (*context).pb = io.as_mut_ptr();
        (*context).flags |= ffi::AVFMT_FLAG_CUSTOM_IO;
        let mut options = options.disown();
        let code = ffi::avformat_open_input(
            &raw mut context,
            std::ptr::null(),
            std::ptr::null_mut(),
            &raw mut options,
        );
        drop(ffmpeg::Dictionary::own(options));
        if code < 0 {
            return Ok(Err(ffmpeg::Error::from(code)));
        }
        Input::wrap_with_custom_io(context, io)
    };
    check(&input)?;
    let limit = || {
        let mut limit = ffmpeg::Dictionary::new();
        limit.set("max_pixels", &max_pixels.to_string());
        limit
    };
    // SAFETY: one dictionary per stream, as the call wants; it takes what it uses out of them, and the rest is
    // owned and freed again.
    let code = unsafe {
        let mut limits: Vec<_> = (0..input.nb_streams()).map(|_| limit().disown()).collect();
        let code = ffi::avformat_find_stream_info(input.as_mut_ptr(), limits.as_mut_ptr());
        for left in limits {
            drop(ffmpeg::Dictionary::own(left));
        }
        code
    };
    Ok(if code < 0 { Err(ffmpeg::Error::from(code)) } else { Ok(input) })
}

/// Whether a packet is decoded only for the sake of others (edit lists).
pub(crate) fn is_discarded(packet: &ffmpeg::Packet) -> bool {
    use ffmpeg::codec::packet::Ref as _;
    // SAFETY: the packet is alive and its flags are a plain number.
    unsafe { (*packet.as_ptr()).flags & ffi::AV_PKT_FLAG_DISCARD != 0 }
}

/// Whether pixels of this format carry transparency, and whether they are RGB.
pub(crate) fn has_alpha(format: Pixel) -> bool {
    // SAFETY: descriptors are static tables of FFmpeg.
    format.descriptor().is_some_and(|it| unsafe { (*it.as_ptr()).flags } & (1 << 7) != 0)
}

/// Whether pixels of this format are RGB (or a palette of RGB) and no `Y'CbCr`.
pub(crate) fn is_rgb(format: Pixel) -> bool {
    // SAFETY: descriptors are static tables of FFmpeg.
    let flags = format.descriptor().map_or(0, |it| unsafe { (*it.as_ptr()).flags });
    flags & ((1 << 5) | (1 << 1)) != 0
}

/// Width and height that the stream's header claims, before anything is decoded.
pub(crate) fn claimed_size(parameters: &ffmpeg::codec::Parameters) -> (i64, i64) {
    // SAFETY: the parameters are alive and both are plain numbers.
    unsafe { (i64::from((*parameters.as_ptr()).width), i64::from((*parameters.as_ptr()).height)) }
}

/// Width over height of one pixel, by container, then by codec; `None` where neither says.
pub(crate) fn pixel_aspect(input: &mut Input, stream: usize, frame: &frame::Video) -> Option<f64> {
    let stream = input.stream(stream)?;
    // SAFETY: context, stream and frame are alive; the call only reads numbers of theirs.
    let ratio = unsafe {
        ffi::av_guess_sample_aspect_ratio(
            input.as_ptr().cast_mut(),
            stream.as_ptr().cast_mut(),
            frame.as_ptr().cast_mut(),
        )
    };
    (ratio.num > 0 && ratio.den > 0).then(|| f64::from(ratio.num) / f64::from(ratio.den))
}

/// A demuxer by its short name, for example `v4l2`.
pub(crate) fn input_format(name: &str) -> Option<ffmpeg::format::Input> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name is a C string; the format that comes back is static.
    unsafe {
        let format = ffi::av_find_input_format(name.as_ptr());
        (!format.is_null()).then(|| ffmpeg::format::Input::wrap(format.cast_mut()))
    }
}
