//! From a decoded frame of any format to an 8-bit sRGB picture: colour, transparency, square pixels, turn.

use std::sync::Arc;

use ffmpeg_next as ffmpeg;

use ffmpeg::format::Pixel;
use ffmpeg::frame;

use super::coded::{CodedFrame, Lent};
use super::colour;
use super::ffi::{self, Coding, Layout, Scaler};
use super::notes::Notes;
use super::turn::Turn;
use crate::error::{Error, Kind, Result};
use crate::frame::{Image, Picture};
use crate::safety::limits;
use crate::units::PixelSize;

/// Longest side of a picture as it is handed on: the network sees far less, and a person no more.
pub(crate) const MAX_SHOWN_SIDE_PX: u32 = 1920;
/// Transparent parts show this grey.
pub(crate) const BEHIND: u8 = 128;

/// Makes pictures of frames. Rebuilds its scaler whenever size, format or coding change.
pub(crate) struct Converter {
    scaler: Option<Scaler>,
    raw: frame::Video,
    turn: Turn,
    film_codec: bool,
    first: Option<(Pixel, PixelSize)>,
    lent: Lent,
}

impl Converter {
    pub(crate) fn new(turn: Turn, film_codec: bool) -> Self {
        Self {
            scaler: None,
            raw: frame::Video::empty(),
            turn,
            film_codec,
            first: None,
            lent: Lent::default(),
        }
    }

    /// The picture of a frame; `aspect` is width over height of one pixel. What need not be scaled and is coded in
    /// 4:2:0 stays as it is until somebody wants it as RGB.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] by the limits, [`Kind::Unsupported`] where FFmpeg cannot convert the format.
    pub(crate) fn image(
        &mut self,
        frame: &Arc<frame::Video>,
        aspect: Option<f64>,
        notes: &mut Notes,
    ) -> Result<Image> {
        let size = PixelSize::new(frame.width(), frame.height());
        check_size(i64::from(size.width), i64::from(size.height))?;
        self.note_change(frame.format(), size, notes);
        let coding = colour::coding(frame, self.film_codec, notes);
        let from = Layout { format: frame.format(), size, coding };
        let with_alpha = ffi::has_alpha(frame.format());
        let to = Layout {
            format: if with_alpha { Pixel::RGBA } else { Pixel::RGB24 },
            size: shown_size(size, aspect, notes),
            coding: Coding { matrix: coding.matrix, full_range: true },
        };
        if frame.is_interlaced() {
            notes.set("interlaced", "interlaced: both fields are shown together");
        }
        if to.size == size
            && let Some(coded) = CodedFrame::new(frame, coding, &self.lent)
        {
            let upright = self.turn == Turn::NONE;
            return Ok(if upright {
                Image::coded(size, Arc::new(coded))
            } else {
                self.lent.lend(self.turn.apply(coded.rgb())).into()
            });
        }
        if !self.scaler.as_ref().is_some_and(|scaler| scaler.fits(from, to)) {
            self.scaler = Scaler::new(from, to);
            self.raw = frame::Video::new(to.format, to.size.width, to.size.height);
        }
        let scaled = self.scaler.as_mut().map(|scaler| scaler.run(frame, &mut self.raw));
        if !matches!(scaled, Some(Ok(()))) {
            let name = frame.format().descriptor().map_or("unknown", |it| it.name());
            return Err(Error::new(
                Kind::Unsupported,
                format!("pixels of the format {name} cannot be shown"),
            )
            .advise("Convert the video, for example with: ffmpeg -i IN -pix_fmt yuv420p OUT.mp4"));
        }
        if with_alpha {
            notes.set("alpha", "transparent parts are shown on mid-grey");
        }
        let spare = self.lent.spare().map(|picture| picture.rgb).unwrap_or_default();
        Ok(self.lent.lend(self.turn.apply(packed(&self.raw, to.size, with_alpha, spare))).into())
    }

    fn note_change(&mut self, format: Pixel, size: PixelSize, notes: &mut Notes) {
        match self.first {
            None => self.first = Some((format, size)),
            Some((old_format, old_size)) => {
                if old_size != size {
                    notes.set("changed size", format!("size changes on the way, from {old_size} to {size}"));
                }
                if old_format != format {
                    notes.set("changed format", "pixel format changes on the way");
                }
            }
        }
    }
}

/// Refuses sizes of nothing and sizes above the limits.
///
/// # Errors
/// [`Kind::Damaged`] for a side of 0, [`Kind::TooLarge`] above the limits, which are named.
pub(crate) fn check_size(width: i64, height: i64) -> Result<()> {
    if width <= 0 || height <= 0 {
        return Err(Error::new(Kind::Damaged, format!("its size is {width}x{height} pixels"))
            .advise("The file is damaged or holds no picture; try another copy"));
    }
    let longest = i64::from(limits::MAX_SIDE_PX);
    let too_many = u64::try_from(width.saturating_mul(height)).unwrap_or(u64::MAX) > limits::MAX_PIXELS;
    if width > longest || height > longest || too_many {
        return Err(Error::new(
            Kind::TooLarge,
            format!(
                "its size of {width}x{height} pixels is above the limit of {longest} a side and {} million in all",
                limits::MAX_PIXELS / 1_000_000
            ),
        )
        .advise("Scale it down first"));
    }
    Ok(())
}

/// The size with square pixels and no side above [`MAX_SHOWN_SIDE_PX`].
fn shown_size(size: PixelSize, aspect: Option<f64>, notes: &mut Notes) -> PixelSize {
    let (mut width, mut height) = (f64::from(size.width), f64::from(size.height));
    match aspect {
        Some(aspect) if (1.0 / 16.0..=16.0).contains(&aspect) => {
            if aspect >= 1.0 {
                width *= aspect;
            } else {
                height /= aspect;
            }
            if (aspect - 1.0).abs() > 1e-6 {
                notes.set("aspect", format!("pixels are {aspect:.3} times as wide as high: made square"));
            }
        }
        Some(aspect) => {
            notes.set("aspect", format!("a pixel aspect of {aspect:.3} makes no sense: ignored"));
        }
        None => {}
    }
    let shrink = (f64::from(MAX_SHOWN_SIDE_PX) / width.max(height)).min(1.0);
    if shrink < 1.0 {
        notes.set(
            "shrunk",
            format!("{size} pixels are scaled down so that the longer side is {MAX_SHOWN_SIDE_PX}"),
        );
    }
    let side = |length: f64| ((length * shrink).round() as u32).max(1);
    PixelSize::new(side(width), side(height))
}

/// The bytes of a converted frame without padding, transparent ones laid on mid-grey.
fn packed(raw: &frame::Video, size: PixelSize, with_alpha: bool, mut rgb: Vec<u8>) -> Picture {
    let (width, stride) = (size.width as usize, raw.stride(0).max(1));
    rgb.clear();
    rgb.reserve_exact(3 * size.area());
    for row in raw.data(0).chunks_exact(stride).take(size.height as usize) {
        if with_alpha {
            for pixel in row.chunks_exact(4).take(width) {
                if let [r, g, b, alpha] = *pixel {
                    rgb.extend([r, g, b].map(|value| on_grey(value, alpha)));
                }
            }
        } else if let Some(bytes) = row.get(..3 * width) {
            rgb.extend_from_slice(bytes);
        }
    }
    rgb.resize(3 * size.area(), BEHIND);
    Picture { size, rgb }
}

/// A coded value with its opacity laid on mid-grey.
pub(crate) fn on_grey(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + u32::from(BEHIND) * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_and_nothings_are_refused_by_name_of_the_limit() {
        assert_eq!(check_size(0, 5).unwrap_err().kind, Kind::Damaged);
        assert_eq!(check_size(5, -1).unwrap_err().kind, Kind::Damaged);
        let error = check_size(65_535, 65_535).unwrap_err();
        assert_eq!(error.kind, Kind::TooLarge);
        assert!(error.to_string().contains("16384 a side"), "{error}");
        assert_eq!(check_size(16_384, 16_384).unwrap_err().kind, Kind::TooLarge);
        assert!(check_size(7680, 4320).is_ok() && check_size(1, 1).is_ok());
    }

    #[test]
    fn opacity_leads_from_grey_to_the_colour() {
        assert_eq!(on_grey(255, 0), BEHIND);
        assert_eq!(on_grey(255, 255), 255);
        assert_eq!(on_grey(0, 128), 64);
    }

    #[test]
    fn pixels_are_made_square_by_enlarging() {
        let mut notes = Notes::default();
        let size = PixelSize::new(720, 576);
        assert_eq!(shown_size(size, Some(16.0 / 15.0), &mut notes), PixelSize::new(768, 576));
        assert_eq!(shown_size(size, Some(0.5), &mut notes), PixelSize::new(720, 1152));
        assert_eq!(shown_size(size, Some(f64::INFINITY), &mut notes), size);
        assert_eq!(shown_size(PixelSize::new(3840, 2160), None, &mut notes), PixelSize::new(1920, 1080));
    }
}
