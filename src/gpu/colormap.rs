//! Perceptually uniform colour maps, on the GPU and on the CPU alike.

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
}

impl Colormap {
    /// All of them, in menu order.
    pub const ALL: [Self; 5] = [Self::Viridis, Self::Magma, Self::Cividis, Self::Grey, Self::Diverging];

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Viridis => "Viridis",
            Self::Magma => "Magma",
            Self::Cividis => "Cividis",
            Self::Grey => "Grey",
            Self::Diverging => "Blue white orange",
        }
    }

    /// sRGB colour at `position` in 0..1 (clamped).
    pub fn color(self, position: f32) -> [u8; 3] {
        let grey = (position.clamp(0.0, 1.0) * 255.0).round() as u8;
        [grey; 3]
    }
}
