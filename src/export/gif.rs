//! Pictures in time as an animated GIF, for places that show no video.

use std::path::{Path, PathBuf};

use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, Frame, RgbaImage};

use crate::atomic;
use crate::error::{Context as _, Error, Kind, Result};
use crate::export::flashes::{self, Watch};
use crate::frame::Picture;

/// Quality of the palette against speed, 1 to 30.
const SPEED: i32 = 10;
/// Shortest delay that browsers obey, in hundredths of a second.
const MIN_DELAY_CS: u32 = 2;

/// Writes pictures of one size as a GIF that repeats for ever, with `metadata` as its comment. A GIF counts
/// in hundredths of a second: delays are spread so that the whole keeps time, up to 50 Hz. Gives the path: the one asked
/// for or, where it flashes beyond the limits, that with `.flashes` before its ending.
///
/// # Errors
/// [`Kind::Write`] when it cannot be written, [`Kind::Usage`] when there is no picture or no sensible rate.
pub fn write_gif(
    path: &Path,
    pictures: &[Picture],
    rate_hz: f64,
    metadata: &[(&'static str, String)],
) -> Result<PathBuf> {
    let Some(size) = pictures.first().map(|picture| picture.size) else {
        return Err(Error::new(Kind::Usage, "there is no picture to write").at(path));
    };
    if !(0.01..=1000.0).contains(&rate_hz) {
        return Err(Error::new(Kind::Usage, format!("{rate_hz} Hz is no rate for a GIF")).at(path));
    }
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new_with_speed(&mut bytes, SPEED);
        encoder.set_repeat(Repeat::Infinite).context(Kind::Write, "the GIF cannot be started")?;
        for (number, picture) in pictures.iter().enumerate() {
            let rgba: Vec<u8> =
                picture.rgb.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
            let image = RgbaImage::from_raw(size.width, size.height, rgba)
                .filter(|_| picture.size == size)
                .ok_or_else(|| {
                let what = format!("a picture of {} does not fit a GIF of {size}", picture.size);
                Error::new(Kind::Mismatch, what).at(path)
            })?;
            let delay = Delay::from_numer_denom_ms(10 * delay_cs(number, rate_hz), 1);
            let frame = Frame::from_parts(image, 0, 0, delay);
            encoder.encode_frame(frame).context(Kind::Write, "the GIF cannot be written")?;
        }
    }
    let mut watch = Watch::new(rate_hz);
    for picture in pictures {
        watch.push(picture);
    }
    let verdict = watch.verdict();
    let mut metadata = metadata.to_vec();
    metadata.push((flashes::KEY, verdict.words()));
    comment(&mut bytes, &metadata);
    let name = flashes::name(path, &verdict);
    atomic::write(&name, &bytes)?;
    Ok(name)
}

/// Delay of a frame, so that no rounding adds up.
fn delay_cs(number: usize, rate_hz: f64) -> u32 {
    let at = |number: usize| (100.0 * number as f64 / rate_hz).round();
    ((at(number + 1) - at(number)) as u32).max(MIN_DELAY_CS)
}

/// Puts a comment before the end mark (section 24 of its 1989 specification: blocks of up to 255 bytes).
fn comment(bytes: &mut Vec<u8>, metadata: &[(&'static str, String)]) {
    let text: Vec<String> = metadata.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    if text.is_empty() || bytes.pop() != Some(0x3b) {
        return;
    }
    bytes.extend([0x21, 0xfe]);
    for block in text.join("\n").as_bytes().chunks(255) {
        bytes.push(block.len() as u8);
        bytes.extend(block);
    }
    bytes.extend([0, 0x3b]);
}

#[cfg(test)]
mod tests {
    use image::AnimationDecoder as _;

    use super::*;
    use crate::units::PixelSize;

    #[test]
    fn a_gif_is_read_back_with_its_pictures_times_and_comment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        let size = PixelSize::new(7, 5);
        let pictures = [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(|rgb| Picture::uniform(size, rgb));
        write_gif(&path, &pictures, 30.0, &[("percept", "0.1".repeat(200))]).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.windows(9).any(|it| it == b"percept: "));
        let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(bytes)).unwrap();
        let frames = decoder.into_frames().collect_frames().unwrap();
        assert_eq!(frames.len(), 3);
        let total_ms: u32 = frames.iter().map(|frame| frame.delay().numer_denom_ms().0).sum();
        assert_eq!(total_ms, 100);
        assert_eq!(frames[1].buffer().get_pixel(3, 3).0, [0, 255, 0, 255]);
    }

    #[test]
    fn nothing_and_unequal_sizes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        assert_eq!(write_gif(&path, &[], 10.0, &[]).unwrap_err().kind, Kind::Usage);
        let pictures = [4, 6].map(|side| Picture::uniform(PixelSize::new(side, 4), [9; 3]));
        assert_eq!(write_gif(&path, &pictures, 10.0, &[]).unwrap_err().kind, Kind::Mismatch);
        assert!(!path.exists());
    }
}
