//! The picture of a video, uploaded once per frame.

use std::sync::Arc;

use egui::{ColorImage, TextureHandle, TextureId};

use crate::frame::Picture;

/// Longest side that is uploaded; larger pictures are thinned out, since no panel shows more.
const MAX_SIDE: usize = 2048;

/// The texture and the picture that is in it.
#[derive(Default)]
pub(crate) struct PictureTexture {
    shown: Option<(Arc<Picture>, TextureHandle)>,
}

impl PictureTexture {
    /// The texture of `picture`; `None` for a picture whose bytes do not fit its size.
    pub(crate) fn get(&mut self, ctx: &egui::Context, picture: &Arc<Picture>) -> Option<TextureId> {
        if let Some((shown, texture)) = &self.shown
            && Arc::ptr_eq(shown, picture)
        {
            return Some(texture.id());
        }
        let image = to_image(picture)?;
        let options = egui::TextureOptions::LINEAR;
        let texture = match self.shown.take() {
            Some((_, mut texture)) => {
                texture.set(image, options);
                texture
            }
            None => ctx.load_texture("stimulus", image, options),
        };
        let id = texture.id();
        self.shown = Some((Arc::clone(picture), texture));
        Some(id)
    }
}

fn to_image(picture: &Picture) -> Option<ColorImage> {
    let (width, height) = (picture.size.width as usize, picture.size.height as usize);
    if width == 0 || height == 0 || picture.rgb.len() != width * height * 3 {
        return None;
    }
    let stride = width.max(height).div_ceil(MAX_SIDE);
    if stride == 1 {
        return Some(ColorImage::from_rgb([width, height], &picture.rgb));
    }
    let thin: Vec<u8> = picture
        .rgb
        .chunks_exact(width * 3)
        .step_by(stride)
        .flat_map(|row| row.chunks_exact(3).step_by(stride).flatten().copied())
        .collect();
    Some(ColorImage::from_rgb([width.div_ceil(stride), height.div_ceil(stride)], &thin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::PixelSize;

    #[test]
    fn huge_pictures_are_thinned_and_broken_ones_refused() {
        let huge = Picture::uniform(PixelSize::new(5000, 3), [1, 2, 3]);
        assert_eq!(to_image(&huge).map(|image| image.size), Some([1667, 1]));
        let broken = Picture { size: PixelSize::new(4, 4), rgb: vec![0; 5] };
        assert!(to_image(&broken).is_none());
    }
}
