//! A picture averaged into cells of light. Stripes and checks much finer than a cell vanish in it, as the rules ask.

use super::light::Decoder;
use crate::units::PixelSize;

/// Width and height in degrees of the screen that the rules assume: 1024 by 768 pixels, of which 341 by 256 are a
/// field of 10 degrees.
const SCREEN_DEG: [f64; 2] = [30.0, 22.5];

/// Coded pixels of a picture.
#[derive(Clone, Copy, Debug)]
pub enum Pixels<'a> {
    /// sRGB bytes, three a pixel, rows from the top.
    Rgb8(&'a [u8]),
    /// sRGB-coded values in 0..1: three planes, or one that is grey.
    Planes(&'a [f32]),
}

/// How much of the visual field the picture takes up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Field {
    /// As large as the screen that the rules assume can show it: the worst case.
    #[default]
    FullScreen,
    /// So many degrees wide.
    WidthDeg(f64),
}

impl Field {
    /// Width in degrees of a picture of this size.
    pub(super) fn width_deg(self, size: PixelSize) -> f64 {
        match self {
            Self::FullScreen => SCREEN_DEG[0].min(SCREEN_DEG[1] * size.aspect()),
            Self::WidthDeg(width) if width > 0.0 => width,
            Self::WidthDeg(_) => SCREEN_DEG[0],
        }
    }
}

/// How closely a picture is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// Most cells across.
    pub(super) columns: usize,
    /// Most pixels of a cell, along each side, that are looked at.
    pub(super) samples: usize,
}

/// Cells with their mean light.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Mean linear red, green and blue of every cell, rows from the top.
    pub(super) light: Vec<[f32; 3]>,
    size: Option<PixelSize>,
}

impl Grid {
    /// Takes a picture in. `true` when its size is another than before. Pixels that are
    /// missing are black.
    pub(super) fn take(
        &mut self,
        size: PixelSize,
        Detail { columns, samples }: Detail,
        pixels: Pixels<'_>,
        decoder: &Decoder,
    ) -> bool {
        let is_new = self.size != Some(size);
        if is_new {
            self.size = Some(size);
            self.columns = (size.width as usize).clamp(1, columns);
            let rows = (self.columns as f64 / size.aspect().max(1e-3)).round() as usize;
            self.rows = rows.clamp(1, (size.height as usize).clamp(1, columns));
            self.light.clear();
            self.light.resize(self.columns * self.rows, [0.0; 3]);
        }
        match pixels {
            Pixels::Rgb8(bytes) => self.average(size, samples, |at| {
                let pixel = bytes.get(3 * at..3 * at + 3).and_then(<[u8]>::first_chunk::<3>);
                pixel.map_or([0.0; 3], |pixel| pixel.map(|byte| decoder.byte(byte)))
            }),
            Pixels::Planes(values) => {
                let area = size.area();
                let step = if values.len() >= 3 * area { area } else { 0 };
                self.average(size, samples, |at| {
                    [0, 1, 2]
                        .map(|plane| values.get(at + plane * step).map_or(0.0, |&value| decoder.value(value)))
                });
            }
        }
        is_new
    }

    fn average(&mut self, size: PixelSize, samples: usize, pixel: impl Fn(usize) -> [f32; 3]) {
        let (width, height) = (size.width as usize, size.height as usize);
        let edge = |i: usize, cells: usize, pixels: usize| i * pixels / cells;
        for row in 0..self.rows {
            let (top, bottom) = (edge(row, self.rows, height), edge(row + 1, self.rows, height));
            let down = (bottom - top).div_ceil(samples.max(1)).max(1);
            for column in 0..self.columns {
                let (left, right) =
                    (edge(column, self.columns, width), edge(column + 1, self.columns, width));
                let across = (right - left).div_ceil(samples.max(1)).max(1);
                let (mut sum, mut count) = ([0.0; 3], 0.0);
                for y in (top..bottom).step_by(down) {
                    for x in (left..right).step_by(across) {
                        // Samples of a large picture are scattered, so that no fine pattern falls in with them.
                        let scatter = (x * 0x9e37 + y * 0x85eb) >> 7;
                        let x = (x + scatter % across).min(right - 1);
                        let y = (y + (scatter >> 4) % down).min(bottom - 1);
                        let light = pixel(y * width + x);
                        for (sum, light) in sum.iter_mut().zip(light) {
                            *sum += light;
                        }
                        count += 1.0;
                    }
                }
                if let Some(cell) = self.light.get_mut(row * self.columns + column) {
                    *cell = sum.map(|sum| sum / f32::max(count, 1.0));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fine_checks_are_grey_and_a_cell_is_its_own_mean() {
        let size = PixelSize::new(640, 480);
        let checks: Vec<u8> =
            (0..size.area()).flat_map(|at| [((at / 640 + at % 640) % 2 * 255) as u8; 3]).collect();
        let mut grid = Grid::default();
        let detail = Detail { columns: 80, samples: 12 };
        assert!(grid.take(size, detail, Pixels::Rgb8(&checks), &Decoder::new()));
        assert_eq!((grid.columns, grid.rows), (80, 60));
        assert!(grid.light.iter().all(|light| (light[0] - 0.5).abs() < 0.15), "{:?}", &grid.light[..4]);
        let mean = grid.light.iter().map(|light| light[1]).sum::<f32>() / 4800.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert!(!grid.take(size, detail, Pixels::Planes(&[]), &Decoder::new()));
        assert_eq!(grid.light[7], [0.0; 3]);
    }

    #[test]
    fn a_tall_picture_fills_the_height_of_the_screen() {
        assert_eq!(Field::FullScreen.width_deg(PixelSize::new(1024, 768)), 30.0);
        assert_eq!(Field::FullScreen.width_deg(PixelSize::new(1920, 1080)), 30.0);
        assert_eq!(Field::FullScreen.width_deg(PixelSize::new(100, 200)), 11.25);
        assert_eq!(Field::WidthDeg(20.0).width_deg(PixelSize::new(100, 200)), 20.0);
    }
}
