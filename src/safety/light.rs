//! From coded pixels to light: relative luminance, saturated red, chromaticity.

/// Steps of the table for coded values between whole bytes.
const FINE: usize = 4095;
/// u' and v' (CIE 1976) of the red primary of sRGB.
const RED: [f32; 2] = [0.4507, 0.5229];
/// Those of white (D65): what is taken for the colour of black, which has none.
const WHITE: [f32; 2] = [0.1978, 0.4683];
/// Sum of linear red, green and blue below which a colour counts as black.
const BLACK: f32 = 0.02;
/// Part of red in the sum from which on a colour is a saturated red (WCAG 2.2).
const SATURATED: f32 = 0.8;

/// sRGB coding undone, by table.
#[derive(Debug)]
pub(super) struct Decoder {
    bytes: Vec<f32>,
    fine: Vec<f32>,
}

impl Decoder {
    pub(super) fn new() -> Self {
        let table = |steps: usize| (0..=steps).map(|i| linear(i as f32 / steps as f32)).collect();
        Self { bytes: table(255), fine: table(FINE) }
    }

    /// Linear light of a byte.
    pub(super) fn byte(&self, coded: u8) -> f32 {
        self.bytes.get(usize::from(coded)).copied().unwrap_or(0.0)
    }

    /// Linear light of a value in 0..1; what is no number is black.
    pub(super) fn value(&self, coded: f32) -> f32 {
        // A cast of what is no number gives 0, and of what is too large the largest.
        let at = (coded.clamp(0.0, 1.0) * FINE as f32 + 0.5) as usize;
        self.fine.get(at).copied().unwrap_or(0.0)
    }
}

fn linear(coded: f32) -> f32 {
    if coded <= 0.04045 { coded / 12.92 } else { ((coded + 0.055) / 1.055).powf(2.4) }
}

/// Relative luminance of linear light.
pub(super) fn luminance([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// A colour as the red-flash rule sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hue {
    /// CIE 1976 u' and v'.
    pub uv: [f32; 2],
    /// Distance from the red primary there.
    pub from_red: f32,
    /// Whether it is a saturated red.
    pub is_red: bool,
}

impl Hue {
    pub(super) fn of([r, g, b]: [f32; 3]) -> Self {
        let sum = r + g + b;
        let uv = if sum < BLACK {
            WHITE
        } else {
            let x = 0.4124 * r + 0.3576 * g + 0.1805 * b;
            let y = luminance([r, g, b]);
            let z = 0.0193 * r + 0.1192 * g + 0.9505 * b;
            let whole = x + 15.0 * y + 3.0 * z;
            [4.0 * x / whole, 9.0 * y / whole]
        };
        Self { uv, from_red: apart(uv, RED), is_red: sum >= BLACK && r >= SATURATED * sum }
    }

    /// Difference in chromaticity.
    pub(super) fn apart(&self, other: &Self) -> f32 {
        apart(self.uv, other.uv)
    }
}

fn apart(one: [f32; 2], other: [f32; 2]) -> f32 {
    let [u, v] = [one[0] - other[0], one[1] - other[1]];
    (u * u + v * v).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_and_colour_are_those_of_the_standard() {
        let decoder = Decoder::new();
        assert!((decoder.byte(188) - 0.5029).abs() < 1e-3 && (decoder.value(0.5) - 0.2140).abs() < 1e-3);
        assert_eq!([decoder.value(f32::NAN), decoder.value(-1.0), decoder.value(9.0)], [0.0, 0.0, 1.0]);
        assert!((luminance([1.0; 3]) - 1.0).abs() < 1e-6);
        let [red, white, black] = [[1.0, 0.0, 0.0], [1.0; 3], [0.0; 3]].map(Hue::of);
        assert!(red.from_red < 1e-3 && red.is_red && !white.is_red && !black.is_red);
        assert!(white.apart(&Hue { uv: WHITE, ..white }) < 1e-3 && white.apart(&red) > 0.2);
        assert!(Hue::of([0.8, 0.1, 0.1]).is_red && !Hue::of([0.79, 0.11, 0.1]).is_red);
    }
}
