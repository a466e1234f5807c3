//! Bringing a picture to the network's size: cropped or letterboxed, averaged over area, never stretched.

/// How a picture is brought to the network's aspect.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Fill it; what sticks out at two sides is cut off.
    #[default]
    Crop,
    /// Show all of it; the rest is mid-grey.
    Letterbox,
}
