//! A picture of a video as texels, no more of them than are shown.

use crate::frame::{Image, Picture};
use crate::stimulus::fit::{Fit, fit_image};
use crate::units::PixelSize;

/// Columns and rows when every `stride`th pixel is kept.
pub(super) fn size(image: &Image, stride: u32) -> PixelSize {
    PixelSize::new(image.size.width.div_ceil(stride), image.size.height.div_ceil(stride))
}

/// The picture in [`size`]: sRGB-coded, four bytes a texel. What is coded in planes is averaged there, which costs
/// less than to make a picture of all of it; of anything else every `stride`th pixel is taken.
pub(super) fn texels(image: &Image, stride: u32) -> Vec<u8> {
    if stride < 2 || image.planes().is_none() {
        return thinned(image.picture(), stride.max(1) as usize);
    }
    let size = size(image, stride);
    let frame = fit_image(image, size, Fit::Crop, false);
    let mut texels = vec![255; 4 * size.area()];
    let (red, rest) = frame.planes.split_at(size.area());
    let (green, blue) = rest.split_at(size.area());
    let byte = |value: f32| (value * 255.0 + 0.5) as u8;
    for (((texel, red), green), blue) in
        texels.as_chunks_mut::<4>().0.iter_mut().zip(red).zip(green).zip(blue)
    {
        *texel = [byte(*red), byte(*green), byte(*blue), 255];
    }
    texels
}

/// Every `stride`th pixel of every `stride`th row, as texels.
fn thinned(picture: &Picture, stride: usize) -> Vec<u8> {
    let columns = (picture.size.width as usize).max(1);
    let rows = picture.rgb.chunks_exact(3 * columns).step_by(stride);
    let mut texels = vec![255; 4 * columns.div_ceil(stride) * rows.len()];
    for (row, into) in rows.zip(texels.chunks_exact_mut(4 * columns.div_ceil(stride))) {
        let (pixels, _) = row.as_chunks::<3>();
        let (into, _) = into.as_chunks_mut::<4>();
        for (&[red, green, blue], texel) in pixels.iter().step_by(stride).zip(into) {
            *texel = [red, green, blue, 255];
        }
    }
    texels
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::frame::{Coded, Decoding, Plane, Planes};

    #[test]
    fn large_pictures_are_thinned_out() {
        let (size, rgb) = (PixelSize::new(5, 3), (0..45).collect());
        let texels = texels(&Picture { size, rgb }.into(), 2);
        let reds: Vec<u8> = texels.chunks(4).map(|texel| texel[0]).collect();
        assert_eq!(reds, [0, 6, 12, 30, 36, 42]);
    }

    /// Grey of two brightnesses, left and right, that must not be converted as a whole.
    #[derive(Debug)]
    struct Grey(Vec<u8>, Vec<u8>);

    impl Coded for Grey {
        fn planes(&self) -> Option<(Planes<'_>, Decoding)> {
            let colour = Plane { bytes: &self.1, stride: 4 };
            let planes = Planes { luma: Plane { bytes: &self.0, stride: 8 }, blue: colour, red: colour };
            Some((planes, Decoding { kr: 0.3, kb: 0.1, full_range: true }))
        }

        fn to_picture(&self) -> Arc<Picture> {
            unreachable!("the whole of it is converted")
        }
    }

    #[test]
    fn coded_pictures_are_averaged_and_never_made_as_a_whole() {
        let luma = (0..32).map(|at| if at % 8 < 4 { 10 } else { 250 }).collect();
        let image = Image::coded(PixelSize::new(8, 4), Arc::new(Grey(luma, vec![128; 8])));
        assert_eq!(size(&image, 4), PixelSize::new(2, 1));
        assert_eq!(texels(&image, 4), [10, 10, 10, 255, 250, 250, 250, 255]);
    }
}
