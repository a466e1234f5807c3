//! Pictures: what a source shows, and what a network is given.

use std::sync::Arc;

use crate::units::PixelSize;

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
    /// `3 * size.area()` values.
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
    pub picture: Arc<Picture>,
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
        let area = self.size.area();
        let mut rgb = vec![0; 3 * area];
        for (channel, plane) in self.planes.chunks_exact(area.max(1)).take(3).enumerate() {
            for (pixel, value) in plane.iter().enumerate() {
                rgb[3 * pixel + channel] = (value.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        }
        Picture { size: self.size, rgb }
    }
}
