//! A probe's values as they are drawn, in host memory: reduced to one number a unit (or the channels of a
//! picture) where the network computed them, coloured where the window draws them. Where the values are in
//! host memory anyway, this is cheaper than to let any driver do it.

use crate::gpu::colormap::{Colormap, NOT_A_NUMBER};
use crate::gpu::heat::{Drawing, Look, host};
use crate::units::PixelSize;

/// Values of one probe, reduced to a look.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduced {
    /// Columns and rows.
    pub size: PixelSize,
    /// One plane of numbers, or up to three of a picture, row-major.
    pub values: Vec<f32>,
}

impl Reduced {
    /// Reduces planar values `(channel, row, column)` of `extent` (columns, rows, channels) to what `look`
    /// draws of them, in the memory of `old`. Values that do not fit the extent give an empty map.
    #[must_use]
    pub fn new(values: &[f32], extent: [u32; 3], look: Look, old: Vec<f32>) -> Self {
        let [columns, rows, channels] = extent.map(|n| n as usize);
        let count = columns * rows;
        let mut plane = old;
        plane.clear();
        if count == 0 || channels == 0 || values.len() != count * channels {
            return Self { size: PixelSize::new(0, 0), values: plane };
        }
        let channel = |index: usize| values.chunks_exact(count).nth(index.min(channels - 1)).unwrap_or(&[]);
        match look {
            Look::Picture => plane.extend_from_slice(&values[..count * channels.min(3)]),
            Look::Channel(index) => plane.extend_from_slice(channel(index as usize)),
            Look::Mean => {
                plane.resize(count, 0.0);
                add(&mut plane, values, 1.0 / channels as f32);
            }
            Look::SignedError => {
                plane.resize(count, 0.0);
                let (bright, dark) = values.split_at(count * (channels / 2));
                let share = |half: &[f32]| 1.0 / (half.len() / count).max(1) as f32;
                add(&mut plane, dark, share(dark));
                add(&mut plane, bright, -share(bright));
            }
        }
        Self { size: PixelSize::new(extent[0], extent[1]), values: plane }
    }

    /// Number of planes: one, or those of a picture.
    #[must_use]
    pub fn planes(&self) -> usize {
        self.values.len() / self.size.area().max(1)
    }

    /// sRGB-coded, premultiplied texels, four bytes a unit. The part and the blending of `drawing` are left
    /// to who draws the texture.
    #[must_use]
    pub fn texels(&self, drawing: &Drawing) -> Vec<u8> {
        let mut texels = vec![0; 4 * self.size.area()];
        let (units, _) = texels.as_chunks_mut::<4>();
        if drawing.look == Look::Picture {
            let planes: Vec<&[f32]> = self.values.chunks_exact(self.size.area().max(1)).collect();
            let plane = |channel: usize| planes.get(channel.min(planes.len().saturating_sub(1))).copied();
            if let (Some(red), Some(green), Some(blue)) = (plane(0), plane(1), plane(2)) {
                for (((unit, red), green), blue) in units.iter_mut().zip(red).zip(green).zip(blue) {
                    *unit = picture([*red, *green, *blue]);
                }
            }
            return texels;
        }
        let table = table(drawing.colormap);
        let scaled = drawing.scaled();
        for (unit, value) in units.iter_mut().zip(&self.values) {
            let place = host::position(*value, &scaled);
            // A place that is no number becomes the first colour by the cast, and is set right here.
            *unit = if place.is_nan() { opaque(NOT_A_NUMBER) } else { table[usize::from(byte(place))] };
        }
        texels
    }
}

/// Adds all planes of `values`, times `share`, to `plane`.
fn add(plane: &mut [f32], values: &[f32], share: f32) {
    for from in values.chunks_exact(plane.len().max(1)) {
        for (sum, value) in plane.iter_mut().zip(from) {
            *sum += share * value;
        }
    }
}

/// 0 to 1 as 0 to 255.
fn byte(part: f32) -> u8 {
    (part * 255.0 + 0.5) as u8
}

fn picture([red, green, blue]: [f32; 3]) -> [u8; 4] {
    if red.is_nan() || green.is_nan() || blue.is_nan() {
        return opaque(NOT_A_NUMBER);
    }
    [byte(red), byte(green), byte(blue), 255]
}

const fn opaque([red, green, blue]: [u8; 3]) -> [u8; 4] {
    [red, green, blue, 255]
}

/// The colours of a map, premultiplied with how much they cover.
fn table(map: Colormap) -> [[u8; 4]; 256] {
    let mut index = 0;
    map.table().map(|rgb| {
        let cover = map.cover(index);
        index += 1;
        let [red, green, blue] = rgb.map(|coded| byte(f32::from(coded) / 255.0 * cover));
        [red, green, blue, byte(cover)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::canvas::WHOLE;
    use crate::gpu::heat::paint_host;

    /// Three columns, two rows, four channels, with values below zero and one that is no number.
    fn values() -> Vec<f32> {
        let mut values: Vec<f32> = (0..24).map(|i| (i as f32 * 0.7).sin() * 1.2).collect();
        values[7] = f32::NAN;
        values
    }

    #[test]
    fn texels_are_the_pixels_of_a_drawing_as_large_as_the_map() {
        let size = PixelSize::new(3, 2);
        for look in [Look::Picture, Look::Channel(2), Look::Channel(9), Look::Mean, Look::SignedError] {
            for range in [[-0.5, 1.0], [0.2, 0.2]] {
                let colormap = Colormap::Viridis;
                let drawing = Drawing { look, colormap, range, window: WHOLE, smooth: false };
                let reduced = Reduced::new(&values(), [3, 2, 4], look, vec![9.0; 100]);
                let texels = reduced.texels(&drawing);
                let whole = paint_host(&values(), [3, 2, 4], &drawing, size);
                for (texel, pixel) in texels.chunks(4).zip(whole.rgb.chunks(3)) {
                    assert_eq!(texel[3], 255);
                    let apart = texel.iter().zip(pixel).map(|(a, b)| a.abs_diff(*b)).max();
                    assert!(apart <= Some(1), "{look:?} {range:?}: {texel:?} {pixel:?}");
                }
            }
        }
    }

    #[test]
    fn an_overlay_is_clear_at_zero_and_premultiplied_elsewhere() {
        let range = [-1.0, 1.0];
        let colormap = Colormap::Overlay;
        let drawing = Drawing { look: Look::Mean, colormap, range, window: WHOLE, smooth: false };
        let reduced = Reduced::new(&[0.0, 1.0], [2, 1, 1], Look::Mean, Vec::new());
        let texels = reduced.texels(&drawing);
        assert!(texels[3] < 8 && texels[7] > 190);
        assert!(texels[4..7].iter().all(|color| *color <= texels[7]));
    }

    #[test]
    fn values_that_do_not_fit_give_an_empty_map() {
        let reduced = Reduced::new(&[0.0; 5], [2, 2, 1], Look::Mean, Vec::new());
        assert_eq!((reduced.size.area(), reduced.planes()), (0, 0));
    }
}
