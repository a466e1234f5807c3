//! Pictures: what a source shows, and what a network is given.

use crate::units::PixelSize;

mod image;

pub use image::{Coded, Decoding, Image, Plane, Planes};

/// An 8-bit sRGB picture, rows from the top, three bytes a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Columns and rows.
    pub size: PixelSize,
    /// `size.area() * 3` bytes.
    pub rgb: Vec<u8>,
}

/// What a network looks at: sRGB-coded values in 0..1, planar (channel, row, column), three channels.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkFrame {
    /// Columns and rows.
    pub size: PixelSize,
    /// `3 * size.area()` values; what a grey network answers has `size.area()`.
    pub planes: Vec<f32>,
}

/// A picture with its place in time.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Presentation time in seconds from the start of the source.
    pub time_s: f64,
    /// Number of the frame, counted from 0 at the start.
    pub number: u64,
    /// The picture.
    pub image: Image,
}

/// Something that happens in a stimulus at a known time (onset, flash, reversal).
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Mark {
    /// Seconds from the start.
    pub time_s: f64,
    /// One or two words.
    pub label: String,
}

impl Picture {
    /// A uniform picture.
    #[must_use]
    pub fn uniform(size: PixelSize, rgb: [u8; 3]) -> Self {
        Self { size, rgb: rgb.repeat(size.area()) }
    }
}

impl Picture {
    /// Every pixel `scale` times as wide and high, edges crisp.
    pub fn enlarged(&self, scale: u32) -> Self {
        let size = PixelSize::new(self.size.width * scale, self.size.height * scale);
        let mut rgb = Vec::with_capacity(3 * size.area());
        for row in self.rgb.chunks_exact(3 * self.size.width.max(1) as usize) {
            let wide: Vec<u8> = row.chunks_exact(3).flat_map(|pixel| pixel.repeat(scale as usize)).collect();
            (0..scale).for_each(|_| rgb.extend_from_slice(&wide));
        }
        Self { size, rgb }
    }
}

impl NetworkFrame {
    /// A uniform frame of `value` in 0..1.
    #[must_use]
    pub fn uniform(size: PixelSize, value: f32) -> Self {
        Self { size, planes: vec![value; 3 * size.area()] }
    }

    /// The frame as an 8-bit picture.
    #[must_use]
    pub fn to_picture(&self) -> Picture {
        picture_of(&self.planes, self.size, self.planes.len() / self.size.area().max(1))
    }
}

/// Planar values in 0..1 (`channels * size.area()` of them) as an 8-bit picture. One channel is grey; of
/// more, the first three are red, green and blue. What is missing is black.
#[must_use]
pub fn picture_of(values: &[f32], size: PixelSize, channels: usize) -> Picture {
    let area = size.area();
    let last = channels.clamp(1, 3) - 1;
    let mut rgb = vec![0; 3 * area];
    for color in 0..3 {
        let plane = values.chunks_exact(area.max(1)).nth(color.min(last)).unwrap_or_default();
        for (pixel, value) in rgb.chunks_exact_mut(3).zip(plane) {
            if let Some(byte) = pixel.get_mut(color) {
                *byte = (value.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        }
    }
    Picture { size, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plane_is_grey_and_three_are_colours() {
        let size = PixelSize::new(2, 1);
        assert_eq!(picture_of(&[0.0, 1.0], size, 1).rgb, [0, 0, 0, 255, 255, 255]);
        let colored = [1.0, 0.0, 0.0, 1.0, 2.0, -1.0];
        assert_eq!(picture_of(&colored, size, 3).rgb, [255, 0, 255, 0, 255, 0]);
        let frame = |planes: &[f32]| NetworkFrame { size, planes: planes.to_vec() }.to_picture();
        assert_eq!(frame(&colored), picture_of(&colored, size, 3));
        assert_eq!(frame(&[0.0, 1.0]), picture_of(&[0.0, 1.0], size, 1));
    }
}
