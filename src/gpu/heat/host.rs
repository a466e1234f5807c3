//! The same drawing on the CPU: for machines with no adapter and for files made without one.

use crate::frame::Picture;
use crate::gpu::colormap::NOT_A_NUMBER;
use crate::gpu::heat::{Drawing, Look, Scaled};
use crate::units::PixelSize;

/// As in the shader: places on the border of two units belong to the right or lower one.
const BORDER: f32 = 1.0 / 4096.0;

/// Planar values with their extent.
struct Map<'a> {
    values: &'a [f32],
    extent: [u32; 3],
}

/// Paints planar values `(channel, row, column)` of `extent` (columns, rows, channels) as the GPU would.
/// What lies outside the map, or has no value, is black.
#[must_use]
pub fn paint_host(values: &[f32], extent: [u32; 3], drawing: &Drawing, size: PixelSize) -> Picture {
    let map = Map { values, extent };
    let mut picture = Picture::uniform(size, [0; 3]);
    if extent.contains(&0) {
        return picture;
    }
    let columns = size.width.max(1) as usize;
    let (pixels, _) = picture.rgb.as_chunks_mut::<3>();
    for (index, pixel) in pixels.iter_mut().enumerate() {
        let at = [(index % columns) as f32, (index / columns) as f32];
        let across = [size.width as f32, size.height as f32];
        let place = [0, 1].map(|axis| {
            let t = (at[axis] + 0.5) / across[axis];
            drawing.window[axis] * (1.0 - t) + drawing.window[axis + 2] * t
        });
        if place.iter().all(|p| (0.0..=1.0).contains(p)) {
            *pixel = map.color(place, drawing);
        }
    }
    picture
}

impl Map<'_> {
    fn color(&self, place: [f32; 2], drawing: &Drawing) -> [u8; 3] {
        if drawing.look == Look::Picture {
            let rgb = [0, 1, 2].map(|channel| self.read(place, drawing.smooth, Look::Channel(channel)));
            if rgb.iter().any(|value| value.is_nan()) {
                return NOT_A_NUMBER;
            }
            return rgb.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
        let value = self.read(place, drawing.smooth, drawing.look);
        drawing.colormap.color(position(value, &drawing.scaled()))
    }

    fn read(&self, place: [f32; 2], smooth: bool, look: Look) -> f32 {
        let last = [0, 1].map(|axis| self.extent[axis] as f32 - 1.0);
        if !smooth {
            let at = [0, 1].map(|axis| {
                (place[axis] * self.extent[axis] as f32 + BORDER).floor().clamp(0.0, last[axis]) as u32
            });
            return self.unit(at[0], at[1], look);
        }
        let at = [0, 1].map(|axis| (place[axis] * self.extent[axis] as f32 - 0.5).clamp(0.0, last[axis]));
        let low = at.map(|a| a as u32);
        let high = [0, 1].map(|axis| (low[axis] + 1).min(self.extent[axis] - 1));
        let t = at.map(|a| a - a.floor());
        let row = |y| blend(self.unit(low[0], y, look), self.unit(high[0], y, look), t[0]);
        blend(row(low[1]), row(high[1]), t[1])
    }

    fn unit(&self, x: u32, y: u32, look: Look) -> f32 {
        let channels = self.extent[2];
        match look {
            Look::Mean => self.mean(x, y, 0, channels),
            Look::SignedError => self.mean(x, y, channels / 2, channels) - self.mean(x, y, 0, channels / 2),
            Look::Channel(channel) => self.value(x, y, channel.min(channels - 1)),
            Look::Picture => self.value(x, y, 0),
        }
    }

    fn mean(&self, x: u32, y: u32, first: u32, end: u32) -> f32 {
        let sum: f32 = (first..end).map(|channel| self.value(x, y, channel)).sum();
        sum / end.saturating_sub(first).max(1) as f32
    }

    fn value(&self, x: u32, y: u32, channel: u32) -> f32 {
        let [width, height, _] = self.extent.map(|n| n as usize);
        let index = (channel as usize * height + y as usize) * width + x as usize;
        self.values.get(index).copied().unwrap_or(f32::NAN)
    }
}

fn blend(a: f32, b: f32, t: f32) -> f32 {
    if t == 0.0 { a } else { a * (1.0 - t) + b * t }
}

/// Where a value lies in the colour map, 0 to 1; NaN stays NaN.
pub(super) fn position(value: f32, scaled: &Scaled) -> f32 {
    if value.is_nan() {
        value
    } else if scaled.scale > 0.0 {
        ((value - scaled.low) * scaled.scale).clamp(0.0, 1.0)
    } else if value == scaled.low {
        scaled.flat
    } else {
        f32::from(u8::from(value > scaled.low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::colormap::Colormap;

    fn drawing(look: Look, range: [f32; 2]) -> Drawing {
        Drawing { look, colormap: Colormap::Grey, range, window: [0.0, 0.0, 1.0, 1.0], smooth: false }
    }

    fn reds(picture: &Picture) -> Vec<u8> {
        picture.rgb.chunks(3).map(|rgb| rgb[0]).collect()
    }

    #[test]
    fn units_are_crisp_squares_with_clamped_ends() {
        let picture = paint_host(
            &[-1.0, 0.0, 0.2, 2.0],
            [2, 2, 1],
            &drawing(Look::Mean, [0.0, 1.0]),
            PixelSize::new(4, 2),
        );
        assert_eq!(reds(&picture), [0, 0, 0, 0, 51, 51, 255, 255]);
    }

    #[test]
    fn signed_error_is_dark_half_minus_bright_half() {
        let values = [0.4, 0.0, 0.0, 0.6];
        let picture =
            paint_host(&values, [2, 1, 2], &drawing(Look::SignedError, [-1.0, 1.0]), PixelSize::new(2, 1));
        assert_eq!(reds(&picture), [77, 204]);
    }

    #[test]
    fn a_window_zooms_and_its_outside_is_black() {
        let mut zoomed = drawing(Look::Channel(0), [0.0, 1.0]);
        zoomed.window = [0.5, 0.0, 1.5, 1.0];
        let picture = paint_host(&[0.2, 0.4], [2, 1, 1], &zoomed, PixelSize::new(4, 1));
        assert_eq!(reds(&picture), [102, 102, 0, 0]);
    }

    #[test]
    fn smooth_values_run_in_a_line_between_units() {
        let mut smooth = drawing(Look::Mean, [0.0, 1.0]);
        smooth.smooth = true;
        let picture = paint_host(&[0.0, 1.0], [2, 1, 1], &smooth, PixelSize::new(8, 1));
        assert_eq!(reds(&picture), [0, 0, 32, 96, 159, 223, 255, 255]);
    }

    #[test]
    fn an_empty_range_shows_what_lies_on_either_side_of_it() {
        let flat = drawing(Look::Mean, [0.5, 0.5]);
        let picture = paint_host(&[0.4, 0.5, 0.6, f32::NAN], [4, 1, 1], &flat, PixelSize::new(4, 1));
        assert_eq!(picture.rgb, [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 255]);
    }
}
