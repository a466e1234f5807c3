//! What of the network's view is measured: the part of the card that makes a number of "the network sees it".

use crate::stimulus::illusion::Quantity;

/// How the network's view of an illusion becomes one number, above zero where the network errs as people do.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is measured.
    pub of: Measured,
    /// The direction that counts as positive, counter-clockwise from rightward.
    #[serde(default)]
    pub direction_deg: f64,
    /// 1, or -1 where people see the opposite of what the measurement calls positive.
    #[serde(default = "one")]
    pub sign: f64,
    /// Spatial frequency of the grating whose phase is measured, in cycles per degree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Quantity>,
    /// Whether it is known which way people see it; where it is not, above zero is one way and below the other.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub known: bool,
    /// Frames before this time do not count, in seconds.
    #[serde(default = "half_a_second")]
    pub from_s: f64,
    /// Frames from this time on do not count, in seconds; `None`: two seconds after `from_s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_s: Option<f64>,
}

/// What is measured of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Expected rotation about the picture's centre, counter-clockwise, in degrees per frame.
    Rotation,
    /// Expected growth about the picture's centre, in percent per frame.
    Expansion,
    /// Expected motion along the direction, in pixels per frame.
    Translation,
    /// Displacement of what is predicted against where it is, along the direction, in pixels.
    Position,
    /// Expected step of a grating along the direction, in cycles per frame.
    Phase,
    /// Luminance predicted in one region minus that in another, beyond the picture's own, in percent of range.
    Brightness,
    /// Mean activity of the error units of the pixels.
    Surprise,
}

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
fn is_true(value: &bool) -> bool {
    *value
}

fn half_a_second() -> f64 {
    0.5
}

impl Measured {
    /// As the card has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rotation => "rotation",
            Self::Expansion => "expansion",
            Self::Translation => "translation",
            Self::Position => "position",
            Self::Phase => "phase",
            Self::Brightness => "brightness",
            Self::Surprise => "surprise",
        }
    }

    /// Unit of the number.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Rotation => "deg/frame",
            Self::Expansion => "%/frame",
            Self::Translation => "px/frame",
            Self::Position => "px",
            Self::Phase => "cycles/frame",
            Self::Brightness => "% of range",
            Self::Surprise => "mean error",
        }
    }

    /// Whether it is something per frame.
    #[must_use]
    pub fn is_motion(self) -> bool {
        matches!(self, Self::Rotation | Self::Expansion | Self::Translation | Self::Phase)
    }

    /// Whether the number makes no sense without the region that is measured.
    #[must_use]
    pub fn needs_region(self) -> bool {
        matches!(self, Self::Position | Self::Brightness)
    }

    /// Whether the number of the mirrored picture, measured in the same directions, must have the other sign
    /// when `direction_deg` lies across.
    #[must_use]
    pub fn is_turned_by_mirror(self, direction_deg: f64) -> bool {
        match self {
            Self::Rotation => true,
            Self::Translation | Self::Position | Self::Phase => direction_deg.to_radians().cos().abs() > 0.5,
            Self::Expansion | Self::Brightness | Self::Surprise => false,
        }
    }
}
