//! The four CC0 photographs that stimuli may show, decoded once and packed for a storage buffer.

use std::sync::OnceLock;

use image::ImageFormat;

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
