//! One picture file: decoded within the limits, upright, on mid-grey where it is transparent.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};

use super::fit::{Fit, fit};
use super::video::convert::{MAX_SHOWN_SIDE_PX, check_size, on_grey};
use super::video::input::unreadable;
use crate::error::{Error, Kind, Result};
use crate::frame::Picture;
use crate::safety::limits;
use crate::units::PixelSize;

/// Whether a GIF has more than one picture. (An animated PNG says so in its header.)
pub(crate) fn moves(path: &Path, head: &[u8]) -> bool {
    if !head.starts_with(b"GIF8") {
        return true;
    }
    let Ok(file) = File::open(path) else { return false };
    let Ok(mut decoder) = image::codecs::gif::GifDecoder::new(BufReader::new(file)) else { return false };
    if decoder.set_limits(picture_limits()).is_err() {
        return false;
    }
    image::AnimationDecoder::into_frames(decoder).take(2).flatten().count() > 1
}

fn picture_limits() -> Limits {
    let mut all = Limits::no_limits();
    all.max_image_width = Some(limits::MAX_SIDE_PX);
    all.max_image_height = Some(limits::MAX_SIDE_PX);
    all.max_alloc = Some(limits::MAX_PICTURE_BYTES);
    all
}

/// Reads one picture: turned as its EXIF data say, transparent parts on mid-grey, no side above 1920.
///
/// # Errors
/// [`Kind::Unreadable`], [`Kind::TooLarge`] before anything is decoded, [`Kind::Damaged`].
pub fn load(path: &Path) -> Result<Picture> {
    let file = File::open(path).map_err(|cause| unreadable(path, &cause))?;
    let mut reader = ImageReader::new(BufReader::new(file))
        .with_guessed_format()
        .map_err(|cause| unreadable(path, &cause))?;
    let size = {
        let again = File::open(path).map_err(|cause| unreadable(path, &cause))?;
        let mut probe = ImageReader::new(BufReader::new(again))
            .with_guessed_format()
            .map_err(|cause| unreadable(path, &cause))?;
        probe.no_limits();
        probe.into_dimensions().map_err(|cause| refused(path, &cause))?
    };
    check_size(i64::from(size.0), i64::from(size.1)).map_err(|error| error.at(path))?;
    reader.limits(picture_limits());
    let mut decoder = reader.into_decoder().map_err(|cause| refused(path, &cause))?;
    if decoder.total_bytes() > limits::MAX_PICTURE_BYTES {
        return Err(Error::new(Kind::TooLarge, "decoding it would take more memory than is allowed")
            .at(path)
            .advise("Scale the picture down first"));
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(|cause| refused(path, &cause))?;
    decoded.apply_orientation(orientation);
    Ok(shrunk(flat(decoded), MAX_SHOWN_SIDE_PX))
}

/// Lays the picture on mid-grey.
fn flat(decoded: DynamicImage) -> Picture {
    let size = PixelSize::new(decoded.width(), decoded.height());
    if !decoded.color().has_alpha() {
        return Picture { size, rgb: decoded.into_rgb8().into_raw() };
    }
    let rgba = decoded.into_rgba8();
    let rgb = rgba.pixels().flat_map(|pixel| {
        let [r, g, b, alpha] = pixel.0;
        [r, g, b].map(|value| on_grey(value, alpha))
    });
    Picture { size, rgb: rgb.collect() }
}

/// The picture with no side above `most` pixels.
pub(super) fn shrunk(picture: Picture, most: u32) -> Picture {
    let longest = picture.size.width.max(picture.size.height);
    if longest <= most {
        return picture;
    }
    let factor = f64::from(most) / f64::from(longest);
    let side = |length: u32| ((f64::from(length) * factor).round() as u32).max(1);
    let size = PixelSize::new(side(picture.size.width), side(picture.size.height));
    fit(&picture, size, Fit::Crop, false).to_picture()
}

fn refused(path: &Path, cause: &ImageError) -> Error {
    let (kind, what, advice) = match cause {
        ImageError::Limits(_) => {
            (Kind::TooLarge, "the picture is above the limits".to_owned(), "Scale the picture down first")
        }
        ImageError::Unsupported(_) => (
            Kind::Unsupported,
            format!("this kind of picture is not taken ({cause})"),
            "Save it as png, jpeg, tiff, bmp, webp or gif",
        ),
        _ => (
            Kind::Damaged,
            format!("the picture is damaged or ends too early ({cause})"),
            "Try another copy of the file",
        ),
    };
    Error::new(kind, what).at(path).advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_is_turned_as_its_camera_was_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        image::RgbImage::from_fn(32, 16, |x, _| image::Rgb([if x < 16 { 250 } else { 5 }; 3]))
            .save(&path)
            .unwrap();
        let plain = std::fs::read(&path).unwrap();
        // An EXIF block with one entry: orientation (0x0112), one short, 6: turn by 90 degrees clockwise.
        let entry = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = plain[..2].to_vec();
        turned.extend([0xff, 0xe1, 0, 8 + entry.len() as u8]);
        turned.extend(b"Exif\0\0");
        turned.extend(entry);
        turned.extend(&plain[2..]);
        std::fs::write(&path, turned).unwrap();
        let picture = load(&path).unwrap();
        assert_eq!(picture.size, PixelSize::new(16, 32));
        assert!(picture.rgb[0] > 200 && *picture.rgb.last().unwrap() < 50, "the left side is not on top");
    }

    #[test]
    fn transparent_pixels_lie_on_mid_grey_and_large_pictures_are_reduced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        image::RgbaImage::from_pixel(4000, 1000, image::Rgba([255, 0, 0, 0])).save(&path).unwrap();
        let picture = load(&path).unwrap();
        assert_eq!(picture.size, PixelSize::new(1920, 480));
        assert!(picture.rgb.iter().all(|&value| value == 128));
    }
}
