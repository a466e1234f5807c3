//! Pictures as textures: colours in 0..1 at any place between the pixels.

use crate::frame::Picture;
use crate::stimulus::fit::{Fit, fit};
use crate::units::PixelSize;

/// A picture to be looked at between its pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Texture {
    /// Columns and rows.
    pub size: PixelSize,
    pixels: Vec<[u8; 4]>,
}

impl Texture {
    /// Of a picture; an empty one is one black pixel.
    #[must_use]
    pub fn new(picture: &Picture) -> Self {
        let pixels: Vec<[u8; 4]> = picture
            .rgb
            .as_chunks::<3>()
            .0
            .iter()
            .map(|&[red, green, blue]| [red, green, blue, 255])
            .collect();
        if pixels.is_empty() || pixels.len() != picture.size.area() {
            return Self { size: PixelSize::new(1, 1), pixels: vec![[0; 4]] };
        }
        Self { size: picture.size, pixels }
    }

    /// Of planes in 0..1.
    #[must_use]
    pub fn of_planes(planes: &[f32], size: PixelSize) -> Self {
        Self::new(&crate::frame::picture_of(planes, size, 3))
    }

    fn pixel(&self, column: usize, row: usize) -> [f32; 3] {
        let [red, green, blue, _] =
            self.pixels.get(row * self.size.width as usize + column).copied().unwrap_or_default();
        [red, green, blue].map(f32::from)
    }

    /// The colour at a place in pixels, (0, 0) being the middle of the first: columns go on around the picture, rows
    /// end with the last.
    #[must_use]
    pub fn at_wrapped(&self, x: f32, y: f32) -> [f32; 3] {
        let (width, height) = (self.size.width as i64, self.size.height as i64);
        let (left, top) = (x.floor(), y.floor());
        let wrapped = |column: i64| {
            if (0..width).contains(&column) { column } else { column.rem_euclid(width) }
        };
        let columns = [left as i64, left as i64 + 1].map(|column| wrapped(column) as usize);
        let rows = [top as i64, top as i64 + 1].map(|row| row.clamp(0, height - 1) as usize);
        self.blend(columns, rows, (x - left, y - top))
    }

    /// The colour at a place in pixels: outside, the picture is mirrored at its sides.
    #[must_use]
    pub fn at_mirrored(&self, x: f32, y: f32) -> [f32; 3] {
        let (left, top) = (x.floor(), y.floor());
        let side = |at: i64, length: u32| {
            let turn = at.rem_euclid(2 * i64::from(length));
            turn.min(2 * i64::from(length) - 1 - turn) as usize
        };
        let columns = [left as i64, left as i64 + 1].map(|column| side(column, self.size.width));
        let rows = [top as i64, top as i64 + 1].map(|row| side(row, self.size.height));
        self.blend(columns, rows, (x - left, y - top))
    }

    fn blend(&self, columns: [usize; 2], rows: [usize; 2], (right, down): (f32, f32)) -> [f32; 3] {
        let mut color = [0.0; 3];
        for (row, along) in rows.into_iter().zip([1.0 - down, down]) {
            let (a, b) = (self.pixel(columns[0], row), self.pixel(columns[1], row));
            for (sum, (a, b)) in color.iter_mut().zip(a.into_iter().zip(b)) {
                *sum += along * (a + (b - a) * right) / 255.0;
            }
        }
        color
    }
}

/// A picture in halves of its size, to be looked at from afar without flicker.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels(Vec<Texture>);

impl Levels {
    /// Of a picture: itself, half as large, and so on.
    #[must_use]
    pub fn new(picture: Picture) -> Self {
        let mut levels = vec![Texture::new(&picture)];
        let mut picture = picture;
        while picture.size.width >= 2 && picture.size.height >= 2 {
            // Odd sides lose half a pixel at either end.
            let size = PixelSize::new(picture.size.width / 2, picture.size.height / 2);
            let half = fit(&picture, size, Fit::Crop, false);
            picture = crate::frame::picture_of(&half.planes, size, 3);
            levels.push(Texture::new(&picture));
        }
        Self(levels)
    }

    /// Columns and rows of the picture itself.
    #[must_use]
    pub fn size(&self) -> PixelSize {
        self.0.first().map_or(PixelSize::new(1, 1), |texture| texture.size)
    }

    /// The level for `scale` pixels of the picture to one that is drawn, and how many of its own go to one: at most four,
    /// as four places are looked at.
    #[must_use]
    pub fn for_scale(&self, scale: f32) -> (&Texture, f32) {
        let wanted = (scale / 2.0).log2().floor().max(0.0) as usize;
        let level = wanted.min(self.0.len() - 1);
        (&self.0[level], scale / 2.0_f32.powi(level as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_lie_between_those_of_the_pixels() {
        let size = PixelSize::new(2, 2);
        let rgb = [[0, 0, 0], [255, 0, 51], [0, 255, 0], [255, 255, 51]].concat();
        let texture = Texture::new(&Picture { size, rgb });
        let close = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(close(texture.at_wrapped(0.5, 0.25), [0.5, 0.25, 0.1]));
        // Around the picture from the last column to the first; no further than the last row.
        assert!(close(texture.at_wrapped(1.75, 5.0), [0.25, 1.0, 0.05]));
        assert!(close(texture.at_wrapped(-2.0, 0.0), texture.at_wrapped(0.0, 0.0)));
        assert!(close(texture.at_mirrored(2.0, 0.0), [1.0, 0.0, 0.2]));
        assert!(close(texture.at_mirrored(-1.0, -1.0), [0.0, 0.0, 0.0]));
    }
}
