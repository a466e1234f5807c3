//! A frame that a network in training has just met, beside what it expected: the picture that tells more than a number.

use crate::error::{Context as _, Error, Kind, Result};
use crate::frame::{Picture, picture_of};
use crate::gpu::colormap::Colormap;
use crate::safety::limits::{MAX_SIDE_PX, NETWORK_SIDE_PX};
use crate::units::PixelSize;

/// Pictures in a sheet: last frame, target, prediction, difference.
const CELLS: u32 = 4;
/// Pixels between them.
const GAP: u32 = 2;
/// Colour between them.
const GROUND: [u8; 3] = [40; 3];
/// Difference that reaches the ends of the colour map, in units of the 0..1 picture, as in films of runs.
const REACH: f32 = 0.3;
/// Keyword of the text that says how many frames had been learnt from.
const FRAMES: &str = "percept:frames";

/// A frame and what was expected of it. All planes are `[plane][row][column]`, three of them, in 0..1.
#[derive(Clone, PartialEq)]
pub struct Moment {
    /// Frames done, those of its own batch included.
    pub frames: u64,
    /// Columns and rows.
    pub size: PixelSize,
    /// The frame before.
    pub last: Vec<f32>,
    /// The frame that came.
    pub target: Vec<f32>,
    /// The frame that was expected.
    pub prediction: Vec<f32>,
}

impl std::fmt::Debug for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (frames, size) = (&self.frames, &self.size);
        f.debug_struct("Moment").field("frames", frames).field("size", size).finish_non_exhaustive()
    }
}

impl Moment {
    /// The four pictures: last frame, target, prediction and their difference (target minus prediction, mean over
    /// colours) in the colours of `map`.
    #[must_use]
    pub fn pictures(&self, map: Colormap) -> [Picture; 4] {
        let plain = |planes: &[f32]| picture_of(planes, self.size, 3);
        [plain(&self.last), plain(&self.target), plain(&self.prediction), self.difference(map)]
    }

    /// Mean absolute difference of target and prediction over pixels and colours.
    #[must_use]
    pub fn mean_difference(&self) -> f32 {
        let apart =
            self.target.iter().zip(&self.prediction).map(|(target, expected)| (target - expected).abs());
        apart.sum::<f32>() / self.target.len().max(1) as f32
    }

    fn difference(&self, map: Colormap) -> Picture {
        let area = self.size.area();
        let mean = |planes: &[f32], i: usize| {
            let colors = planes.iter().skip(i).step_by(area.max(1)).take(3);
            colors.sum::<f32>() / 3.0
        };
        let color = |i: usize| {
            let apart = mean(&self.target, i) - mean(&self.prediction, i);
            map.color(0.5 + 0.5 * apart / REACH)
        };
        Picture { size: self.size, rgb: (0..area).flat_map(color).collect() }
    }

    /// The four pictures in a row, two pixels apart.
    #[must_use]
    pub fn sheet(&self) -> Picture {
        let PixelSize { width, height } = self.size;
        let whole = PixelSize::new(CELLS * width + (CELLS - 1) * GAP, height);
        let mut sheet = Picture::uniform(whole, GROUND);
        for (picture, cell) in self.pictures(Colormap::Diverging).iter().zip(0..) {
            put(&mut sheet, picture, (cell * (width + GAP), 0));
        }
        sheet
    }

    /// The sheet as a PNG file that says how far the network was.
    ///
    /// # Errors
    /// [`Kind::Internal`] when it cannot be encoded.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        encode(&mut bytes, &self.sheet(), self.frames)
            .context(Kind::Internal, "the picture of the training cannot be encoded")?;
        Ok(bytes)
    }

    /// What [`Moment::to_png`] wrote, in the 256 steps of its pixels.
    ///
    /// # Errors
    /// [`Kind::Damaged`] when it is no such file.
    pub fn from_png(bytes: &[u8]) -> Result<Self> {
        let what = "this is no picture of a training";
        let mut reader =
            png::Decoder::new(std::io::Cursor::new(bytes)).read_info().context(Kind::Damaged, what)?;
        let (width, height) = (reader.info().width, reader.info().height);
        let color = (reader.info().color_type, reader.info().bit_depth);
        let cell = width.saturating_sub((CELLS - 1) * GAP) / CELLS;
        let fits = cell * CELLS + (CELLS - 1) * GAP == width
            && width <= MAX_SIDE_PX
            && NETWORK_SIDE_PX.contains(&cell)
            && NETWORK_SIDE_PX.contains(&height)
            && color == (png::ColorType::Rgb, png::BitDepth::Eight);
        if !fits {
            return Err(Error::new(Kind::Damaged, what));
        }
        let mut rgb = vec![0; 3 * width as usize * height as usize];
        reader.next_frame(&mut rgb).context(Kind::Damaged, what)?;
        let told = |text: &png::text_metadata::ITXtChunk| text.get_text().ok()?.parse().ok();
        let texts = &reader.info().utf8_text;
        let frames = texts.iter().filter(|text| text.keyword == FRAMES).find_map(told);
        let size = PixelSize::new(cell, height);
        let planes = |index: u32| planes(&rgb, width as usize, (index * (cell + GAP)) as usize, size);
        Ok(Self {
            frames: frames.unwrap_or_default(),
            size,
            last: planes(0),
            target: planes(1),
            prediction: planes(2),
        })
    }
}

fn encode(bytes: &mut Vec<u8>, sheet: &Picture, frames: u64) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(bytes, sheet.size.width, sheet.size.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_itxt_chunk("Software".to_owned(), format!("Percept {}", env!("CARGO_PKG_VERSION")))?;
    encoder.add_itxt_chunk(FRAMES.to_owned(), frames.to_string())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&sheet.rgb)?;
    writer.finish()
}

/// Lays a picture onto a larger one, its upper left corner at `(left, top)` pixels.
pub(super) fn put(sheet: &mut Picture, picture: &Picture, (left, top): (u32, u32)) {
    let width = picture.size.width as usize;
    let (left, top) = (left as usize, top as usize);
    let whole = sheet.size.width as usize;
    for (line, pixels) in picture.rgb.chunks_exact(3 * width.max(1)).enumerate() {
        let begin = 3 * ((top + line) * whole + left);
        if let Some(place) = sheet.rgb.get_mut(begin..begin + 3 * width) {
            place.copy_from_slice(pixels);
        }
    }
}

/// The planes of the part of a picture that begins `left` pixels from its left.
fn planes(rgb: &[u8], whole: usize, left: usize, size: PixelSize) -> Vec<f32> {
    let lines = rgb.chunks_exact(3 * whole.max(1));
    let part = lines.flat_map(|line| line.iter().skip(3 * left).take(3 * size.width as usize));
    let values: Vec<f32> = part.map(|byte| f32::from(*byte) / 255.0).collect();
    (0..3).flat_map(|color| values.iter().skip(color).step_by(3).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> Moment {
        let size = PixelSize::new(10, 8);
        let step = |i: usize| (i % 256) as f32 / 255.0;
        let planes = |from: usize| (from..from + 3 * size.area()).map(step).collect();
        Moment { frames: 1234, size, last: planes(0), target: planes(3), prediction: planes(50) }
    }

    #[test]
    fn a_written_moment_is_read_again() {
        let moment = moment();
        assert_eq!(Moment::from_png(&moment.to_png().unwrap()).unwrap(), moment);
    }

    #[test]
    fn what_is_no_such_picture_is_refused() {
        let bytes = moment().to_png().unwrap();
        assert!(Moment::from_png(&bytes[..bytes.len() / 2]).is_err());
        assert!(Moment::from_png(b"no picture").is_err());
        let mut other = Vec::new();
        let mut encoder = png::Encoder::new(&mut other, 31, 8);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(&[0; 3 * 31 * 8]).unwrap();
        assert_eq!(Moment::from_png(&other).unwrap_err().kind, Kind::Damaged);
    }

    #[test]
    fn the_difference_is_neutral_where_the_prediction_is_right_and_has_two_colours_where_not() {
        let size = PixelSize::new(8, 8);
        let planes = |value: f32| vec![value; 3 * size.area()];
        let seen = |target: f32, prediction: f32| {
            let moment = Moment {
                frames: 0,
                size,
                last: planes(0.0),
                target: planes(target),
                prediction: planes(prediction),
            };
            let [_, _, _, difference] = moment.pictures(Colormap::Diverging);
            [difference.rgb[0], difference.rgb[1], difference.rgb[2]]
        };
        assert!(seen(0.5, 0.5).iter().all(|channel| *channel > 240), "{:?}", seen(0.5, 0.5));
        let (too_dark, too_bright) = (seen(0.9, 0.1), seen(0.1, 0.9));
        assert!(too_dark[0] > too_dark[2] && too_bright[2] > too_bright[0], "{too_dark:?} {too_bright:?}");
    }
}
