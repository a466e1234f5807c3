//! What a step costs on paper: the multiplications of direct convolutions.

use crate::units::PixelSize;

/// Places of a 3x3 kernel.
const TAPS: u64 = 9;

/// Multiply-accumulates of one step of a `PredNet` of these widths at this size, were every convolution made
/// directly: the gates on `[R_l, E_l, up R_{l+1}]`, the prediction, and what is passed up.
#[must_use]
pub fn multiply_accumulates(widths: &[usize], size: PixelSize) -> u64 {
    let layer = |(index, &width): (usize, &usize)| {
        let side = |length: u32| u64::from(length >> index.min(31));
        let (width, above) = (width as u64, widths.get(index + 1).map_or(0, |&above| above as u64));
        let gates = (3 * width + above) * 4 * width;
        let (prediction, passed_up) = (width * width, 2 * width * above);
        side(size.width) * side(size.height) * TAPS * (gates + prediction + passed_up)
    };
    widths.iter().enumerate().map(layer).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_grey_pixel_is_counted_by_hand() {
        // Gates: 3 channels (R and the two halves of E) to 4 gates; prediction: 1 to 1; nothing goes up.
        assert_eq!(multiply_accumulates(&[1], PixelSize::new(1, 1)), 9 * (3 * 4 + 1));
        // Below: 3 channels and the one above to 4 gates, 1 to 1, 2 to 1. Above, a quarter of the places.
        assert_eq!(multiply_accumulates(&[1, 1], PixelSize::new(2, 2)), 4 * 9 * (16 + 1 + 2) + 9 * 13);
    }

    #[test]
    fn four_times_the_pixels_are_four_times_the_work() {
        let widths = [3, 16, 32, 64];
        let count = |width, height| multiply_accumulates(&widths, PixelSize::new(width, height));
        assert_eq!(count(160, 128), 4 * count(80, 64));
    }

    #[test]
    fn the_published_network_takes_seven_thousand_million() {
        let count = multiply_accumulates(&[3, 48, 96, 192], PixelSize::new(160, 128));
        assert_eq!(count, 6_869_422_080);
    }
}
