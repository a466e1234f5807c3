//! The four CC0 photographs that stimuli may show, decoded once and packed for a storage buffer; and the user's own
//! pictures, which a shader's text names by number.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use image::ImageFormat;
use parking_lot::Mutex;

use crate::frame::Picture;
use crate::units::PixelSize;

/// Columns and rows of each photograph.
pub const PHOTO_SIDE_PX: u32 = 256;
/// Names, in the order of their numbers.
pub const PHOTO_NAMES: [&str; 4] = ["coffee", "cat", "camera", "gravel"];

const FILES: [&[u8]; 4] = [
    include_bytes!("../../assets/photos/coffee.jpg"),
    include_bytes!("../../assets/photos/cat.jpg"),
    include_bytes!("../../assets/photos/camera.jpg"),
    include_bytes!("../../assets/photos/gravel.jpg"),
];

/// The line of a shader's text that names the picture it shows.
const MARK: &str = "//@picture ";
/// Own pictures that are kept: more than are ever on show at once.
const KEPT: usize = 16;

/// The pictures kept, with their numbers; the last number given comes first.
static OWN: Mutex<(u64, Kept)> = Mutex::new((0, VecDeque::new()));

type Kept = VecDeque<(u64, Arc<Vec<u32>>)>;

/// Keeps a picture for shaders, and gives the line by which a shader's text names it.
pub fn keep(picture: &Picture) -> String {
    let words = Arc::new(levels(picture));
    let mut own = OWN.lock();
    own.0 += 1;
    let number = own.0;
    own.1.push_back((number, words));
    if own.1.len() > KEPT {
        own.1.pop_front();
    }
    format!("{MARK}{number}\n")
}

/// The picture that a shader's text names.
pub(crate) fn named_in(wgsl: &str) -> Option<Arc<Vec<u32>>> {
    let (_, rest) = wgsl.split_once(MARK)?;
    let number: u64 = rest.lines().next()?.trim().parse().ok()?;
    OWN.lock().1.iter().find(|(known, _)| *known == number).map(|(_, words)| Arc::clone(words))
}

/// Width, height, number of levels, and all levels one after the other, each with half the sides of the one before.
fn levels(picture: &Picture) -> Vec<u32> {
    let PixelSize { width, height } = picture.size;
    let mut words = vec![width, height, 0];
    let mut level: Vec<[u32; 3]> =
        picture.rgb.chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2]].map(u32::from)).collect();
    let (mut columns, mut rows) = (width as usize, height as usize);
    let mut count = 0;
    loop {
        words.extend(level.iter().map(|[r, g, b]| r | g << 8 | b << 16 | 0xff << 24));
        count += 1;
        if columns.max(rows) <= 8 {
            break;
        }
        let (across, down) = ((columns / 2).max(1), (rows / 2).max(1));
        let mean = |at: usize| {
            let (x, y) = (2 * (at % across), 2 * (at / across));
            let of = |x: usize, y: usize| {
                level.get(y.min(rows - 1) * columns + x.min(columns - 1)).copied().unwrap_or_default()
            };
            let four = [of(x, y), of(x + 1, y), of(x, y + 1), of(x + 1, y + 1)];
            [0, 1, 2].map(|c: usize| four.iter().filter_map(|one| one.get(c)).sum::<u32>().div_ceil(4))
        };
        level = (0..across * down).map(mean).collect();
        (columns, rows) = (across, down);
    }
    if let Some(place) = words.get_mut(2) {
        *place = count;
    }
    words
}

/// All photographs one after the other, rows from the top, one sRGB-coded RGBA word a pixel (red lowest).
pub fn packed() -> &'static [u32] {
    static PACKED: OnceLock<Vec<u32>> = OnceLock::new();
    PACKED.get_or_init(|| FILES.iter().flat_map(|file| decode(file)).collect())
}

/// A photograph that cannot be decoded is mid-grey, so that the program goes on; the tests see to it that
/// none is.
fn decode(file: &[u8]) -> Vec<u32> {
    let area = (PHOTO_SIDE_PX * PHOTO_SIDE_PX) as usize;
    match image::load_from_memory_with_format(file, ImageFormat::Jpeg) {
        Ok(picture) if (picture.width(), picture.height()) == (PHOTO_SIDE_PX, PHOTO_SIDE_PX) => {
            picture.to_rgba8().pixels().map(|pixel| u32::from_le_bytes(pixel.0)).collect()
        }
        Ok(_) => vec![0xff80_8080; area],
        Err(cause) => {
            tracing::error!("a photograph of the program is damaged: {cause}");
            vec![0xff80_8080; area]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_photograph_is_whole_and_unlike_the_others() {
        let area = (PHOTO_SIDE_PX * PHOTO_SIDE_PX) as usize;
        assert_eq!(packed().len(), PHOTO_NAMES.len() * area);
        for (number, pixels) in packed().chunks(area).enumerate() {
            let mut seen = pixels.to_vec();
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() > 100, "photograph {number} has {} colours", seen.len());
        }
    }
}
