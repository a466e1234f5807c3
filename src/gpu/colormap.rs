//! Perceptually uniform colour maps, on the GPU and on the CPU alike: tables of 256 sRGB colours.
//!
//! Viridis and magma: van der Walt & Smith, for matplotlib 2 (CC0). Cividis: Nuñez, Anderton & Renslow,
//! `PLoS` ONE 2018. The diverging map runs straight through Oklab (Ottosson 2020) from the colour of "too
//! bright predicted" over white to that of "too dark predicted"; its dark sister runs over near-black to the
//! same two colours and on to their tints.

/// A colour map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colormap {
    /// Dark blue to yellow (default for activity from zero up).
    #[default]
    Viridis,
    /// Black to light yellow.
    Magma,
    /// For the colour-blind, dark blue to yellow.
    Cividis,
    /// Black to white.
    Grey,
    /// Blue, white, orange: for signed values, white exactly at zero.
    Diverging,
    /// Blue, black, orange: the same on a dark ground, near-black exactly at zero.
    DivergingDark,
    /// Nothing at zero, blue or orange and denser away from it: signed values laid over a picture.
    Overlay,
}

/// 256 colours.
pub type Table = [[u8; 3]; 256];

/// Colour of values that are no number, in every map: it is in none of them.
pub const NOT_A_NUMBER: [u8; 3] = [255, 0, 255];

static VIRIDIS: Table = parse(include_bytes!("../../assets/colormaps/viridis.txt"));
static MAGMA: Table = parse(include_bytes!("../../assets/colormaps/magma.txt"));
static CIVIDIS: Table = parse(include_bytes!("../../assets/colormaps/cividis.txt"));
static DIVERGING: Table = parse(include_bytes!("../../assets/colormaps/diverging.txt"));
static DIVERGING_DARK: Table = parse(include_bytes!("../../assets/colormaps/diverging_dark.txt"));
static OVERLAY: Table = overlay();
static GREY: Table = grey();

impl Colormap {
    /// All that stand for themselves, in menu order.
    pub const ALL: [Self; 6] =
        [Self::Viridis, Self::Magma, Self::Cividis, Self::Grey, Self::Diverging, Self::DivergingDark];

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Viridis => "Viridis",
            Self::Magma => "Magma",
            Self::Cividis => "Cividis",
            Self::Grey => "Grey",
            Self::Diverging => "Blue white orange",
            Self::DivergingDark => "Blue black orange",
            Self::Overlay => "Overlay",
        }
    }

    /// The colours from the lower end to the upper.
    pub fn table(self) -> &'static Table {
        match self {
            Self::Viridis => &VIRIDIS,
            Self::Magma => &MAGMA,
            Self::Cividis => &CIVIDIS,
            Self::Grey => &GREY,
            Self::Diverging => &DIVERGING,
            Self::DivergingDark => &DIVERGING_DARK,
            Self::Overlay => &OVERLAY,
        }
    }

    /// sRGB colour at `position` in 0..1 (clamped); [`NOT_A_NUMBER`] for NaN.
    pub fn color(self, position: f32) -> [u8; 3] {
        if position.is_nan() {
            return NOT_A_NUMBER;
        }
        let index = position.clamp(0.0, 1.0) * 255.0 + 0.5;
        self.table().get(index as usize).copied().unwrap_or(NOT_A_NUMBER)
    }

    /// How much the colour number `index` of the table covers what is under it, 0 to 1.
    pub fn cover(self, index: usize) -> f32 {
        match self {
            // Steep at first, so that weak errors are seen, and never quite opaque.
            Self::Overlay => 0.92 * ((index as f32 - 127.5).abs() / 127.5).powf(0.7),
            _ => 1.0,
        }
    }

    /// Where a value lies when all values are the same: at the zero of a diverging map, else at the bottom.
    pub const fn flat(self) -> f32 {
        match self {
            Self::Diverging | Self::DivergingDark | Self::Overlay => 0.5,
            _ => 0.0,
        }
    }
}

/// Reads 256 lines `#rrggbb`; a wrong file stops the build.
const fn parse(text: &[u8]) -> Table {
    let mut table = [[0; 3]; 256];
    assert!(text.len() == 256 * 8, "a colour map has 256 lines of #rrggbb");
    let mut row = 0;
    while row < 256 {
        let mut channel = 0;
        while channel < 3 {
            let at = 8 * row + 1 + 2 * channel;
            table[row][channel] = 16 * nibble(text[at]) + nibble(text[at + 1]);
            channel += 1;
        }
        row += 1;
    }
    table
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0,
    }
}

/// The two end colours of the diverging map, one half each.
const fn overlay() -> Table {
    let ends: Table = parse(include_bytes!("../../assets/colormaps/diverging.txt"));
    let mut table = [ends[0]; 256];
    let mut row = 128;
    while row < 256 {
        table[row] = ends[255];
        row += 1;
    }
    table
}

const fn grey() -> Table {
    let mut table = [[0; 3]; 256];
    let mut row = 0;
    while row < 256 {
        table[row] = [row as u8; 3];
        row += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE 1976 lightness of an sRGB colour, 0 to 100.
    fn lightness(rgb: [u8; 3]) -> f64 {
        let linear = rgb.map(|byte| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        let y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        if y > 216.0 / 24389.0 { 116.0 * y.cbrt() - 16.0 } else { y * 24389.0 / 27.0 }
    }

    #[test]
    fn published_colours_are_where_they_belong() {
        assert_eq!(Colormap::Viridis.color(0.0), [0x44, 0x01, 0x54]);
        assert_eq!(Colormap::Viridis.color(1.0), [0xfd, 0xe7, 0x25]);
        assert_eq!(Colormap::Magma.color(0.0), [0x00, 0x00, 0x04]);
        assert_eq!(Colormap::Magma.color(1.0), [0xfc, 0xfd, 0xbf]);
        assert_eq!(Colormap::Cividis.color(0.0), [0x00, 0x22, 0x4e]);
        assert_eq!(Colormap::Grey.color(0.2), [51; 3]);
        assert_eq!(Colormap::Diverging.color(0.0), [0x00, 0x72, 0xb2]);
        assert_eq!(Colormap::Diverging.color(0.5), [255; 3]);
        assert_eq!(Colormap::Diverging.color(1.0), [0xd5, 0x5e, 0x00]);
    }

    #[test]
    fn more_is_lighter_and_evenly_so() {
        for map in [Colormap::Viridis, Colormap::Magma, Colormap::Cividis] {
            let all: Vec<f64> = map.table().iter().map(|rgb| lightness(*rgb)).collect();
            let step = (all[255] - all[0]) / 15.0;
            for fifteenth in 0..15 {
                let rise = all[17 * (fifteenth + 1)] - all[17 * fifteenth];
                assert!((0.5..1.5).contains(&(rise / step)), "{map:?} at {fifteenth}: {rise} of {step}");
            }
        }
    }

    #[test]
    fn the_diverging_map_is_white_in_the_middle_and_darkens_to_both_ends() {
        let all: Vec<f64> = DIVERGING.iter().map(|rgb| lightness(*rgb)).collect();
        assert!(all[..128].windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(all[128..].windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!((DIVERGING[127], DIVERGING[128]), ([255; 3], [255; 3]));
    }

    #[test]
    fn the_dark_diverging_map_is_darkest_in_the_middle_and_keeps_the_two_hues() {
        let all: Vec<f64> = DIVERGING_DARK.iter().map(|rgb| lightness(*rgb)).collect();
        assert!(all[..128].windows(2).all(|pair| pair[0] >= pair[1]));
        assert!(all[128..].windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(all[127] < 10.0 && DIVERGING_DARK[127] == DIVERGING_DARK[128]);
        let [blue, orange] = [DIVERGING_DARK[48], DIVERGING_DARK[207]];
        assert!(blue[2] > blue[0] + 60 && orange[0] > orange[2] + 60, "{blue:?} {orange:?}");
    }

    #[test]
    fn an_overlay_covers_nothing_at_zero_and_most_at_its_ends() {
        assert!(Colormap::Overlay.cover(127) < 0.03 && Colormap::Overlay.cover(128) < 0.03);
        assert!(Colormap::Overlay.cover(0) > 0.9 && Colormap::Overlay.cover(255) > 0.9);
        assert_eq!(Colormap::Viridis.cover(0), 1.0);
        assert_eq!(Colormap::Overlay.color(0.9), Colormap::Diverging.color(1.0));
    }

    #[test]
    fn outside_values_are_clamped_and_nan_is_flagged() {
        for map in Colormap::ALL {
            assert_eq!(map.color(-7.0), map.color(0.0));
            assert_eq!(map.color(f32::INFINITY), map.color(1.0));
            assert_eq!(map.color(f32::NAN), NOT_A_NUMBER);
            assert!(!map.table().contains(&NOT_A_NUMBER));
        }
    }
}
