//! Sizes with their units: pixels of a picture, degrees of visual angle.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind};

/// Width and height of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PixelSize {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl PixelSize {
    /// `width` columns by `height` rows.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Number of pixels.
    #[must_use]
    pub const fn area(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Width over height.
    #[must_use]
    pub fn aspect(self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }

    /// Whether both sides divide by `divisor` and are at least as long.
    #[must_use]
    pub const fn divides_by(self, divisor: u32) -> bool {
        divisor > 0
            && self.width >= divisor
            && self.height >= divisor
            && self.width.is_multiple_of(divisor)
            && self.height.is_multiple_of(divisor)
    }
}

impl fmt::Display for PixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for PixelSize {
    type Err = Error;

    /// Reads `WxH`, for example `160x128`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::new(Kind::Usage, format!("\"{text}\" is not a size"))
                .advise("Write it as WIDTHxHEIGHT, for example 160x128")
        };
        let (width, height) = text.split_once(['x', 'X', '×']).ok_or_else(wrong)?;
        let parse = |side: &str| side.trim().parse::<u32>().ok().filter(|&n| n > 0).ok_or_else(wrong);
        Ok(Self::new(parse(width)?, parse(height)?))
    }
}

/// Extent of the visual field that a picture fills, in degrees of visual angle.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FieldDeg {
    /// Horizontal extent.
    pub width_deg: f64,
    /// Vertical extent.
    pub height_deg: f64,
}

impl FieldDeg {
    /// The field of a picture of `size` with square pixels whose width covers `width_deg`.
    #[must_use]
    pub fn of(size: PixelSize, width_deg: f64) -> Self {
        Self { width_deg, height_deg: width_deg / size.aspect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written_alike() {
        let size: PixelSize = "160x128".parse().unwrap();
        assert_eq!(size.to_string(), "160x128");
        for wrong in ["160", "x", "0x4", "-1x4", "axb", "4x"] {
            assert!(wrong.parse::<PixelSize>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_size_divides_only_when_both_sides_do() {
        assert!(PixelSize::new(80, 64).divides_by(8));
        assert!(!PixelSize::new(80, 60).divides_by(8));
        assert!(!PixelSize::new(0, 0).divides_by(8));
    }
}
