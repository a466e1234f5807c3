//! What a recipe lets the network see: sights, how often each, and how they are disturbed.

use super::require;
use crate::error::Result;

/// What the network sees.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DietRecipe {
    /// Frames a second that the network may take its frames for.
    pub frame_rate_hz: f64,
    /// Probability that a sequence is mirrored.
    pub mirrored: f32,
    /// Probability that a sequence has no colour.
    pub grey: f32,
    /// Least and greatest brightness, times what was filmed.
    pub gain: [f32; 2],
    /// Probability that a sequence is noisy.
    pub noisy: f32,
    /// Greatest standard deviation of that noise.
    pub noise: f32,
    /// Puts the frames of every sequence in random order: a control.
    pub shuffled: bool,
    /// Most memory for decoded video in MiB.
    pub memory_mib: usize,
    /// Stems of files that are passed over wherever they lie: what is kept for testing.
    pub held_out: Vec<String>,
    /// Videos and folders of pictures taken in turn.
    pub video: Vec<VideoRecipe>,
    /// Panoramas in which a camera turns and zooms.
    pub panorama: Vec<PanoramaRecipe>,
    /// Textured objects over photographs.
    pub objects: Vec<ObjectsRecipe>,
    /// Photographs that rest, or appear and go.
    pub still: Vec<StillRecipe>,
    /// Photographs that an eye wanders over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photograph: Vec<PhotographRecipe>,
}

impl Default for DietRecipe {
    fn default() -> Self {
        Self {
            frame_rate_hz: 10.0,
            mirrored: 0.5,
            grey: 0.1,
            gain: [0.8, 1.15],
            noisy: 0.3,
            noise: 0.02,
            shuffled: false,
            memory_mib: 2048,
            held_out: Vec::new(),
            video: Vec::new(),
            panorama: Vec::new(),
            objects: Vec::new(),
            still: Vec::new(),
            photograph: Vec::new(),
        }
    }
}

/// Real video.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoRecipe {
    /// How often, beside the others.
    pub weight: f32,
    /// Videos, folders of videos, folders of numbered pictures.
    pub files: Vec<String>,
    /// Who made it and under which licence, for the card.
    pub credit: String,
    /// Smallest and largest crop, as a part of the largest that fits.
    #[serde(default = "usual_crop")]
    pub crop: [f32; 2],
    /// Frames a second to choose from with equal chances; without, the diet's.
    #[serde(default)]
    pub rates_hz: Vec<f64>,
}

/// Camera turns in equirectangular photographs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanoramaRecipe {
    /// How often, beside the others.
    pub weight: f32,
    /// Pictures and folders of pictures, twice as wide as high.
    pub files: Vec<String>,
    /// Who made it and under which licence, for the card.
    pub credit: String,
    /// Slowest and fastest turn in pixels per frame.
    #[serde(default = "usual_speed")]
    pub speed_px: [f32; 2],
    /// Narrowest and widest field of view in degrees.
    #[serde(default = "usual_field")]
    pub field_deg: [f32; 2],
}

/// Textured objects that move over photographs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectsRecipe {
    /// How often, beside the others.
    pub weight: f32,
    /// Panoramas for backgrounds and textures.
    pub files: Vec<String>,
    /// Who made it and under which licence, for the card.
    pub credit: String,
    /// Fewest and most objects.
    #[serde(default = "usual_count")]
    pub count: [usize; 2],
    /// Smallest and largest half axis, as a part of the frame's height.
    #[serde(default = "usual_radius")]
    pub radius: [f32; 2],
    /// Fastest object in pixels per frame.
    #[serde(default = "usual_fastest")]
    pub fastest_px: f32,
}

/// Photographs that do not move.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StillRecipe {
    /// How often, beside the others.
    pub weight: f32,
    /// Panoramas to look at.
    pub files: Vec<String>,
    /// Who made it and under which licence, for the card.
    pub credit: String,
    /// Probability that the pictures of a sequence appear on grey and go.
    #[serde(default = "usual_appearing")]
    pub appearing: f32,
}

/// Photographs of any shape, seen by an eye that fixates, drifts and jumps.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotographRecipe {
    /// How often, beside the others.
    pub weight: f32,
    /// Pictures and folders of pictures.
    pub files: Vec<String>,
    /// Who made it and under which licence, for the card.
    pub credit: String,
    /// Smallest and largest part of a photograph that is seen at once, of the largest that fits.
    #[serde(default = "usual_crop")]
    pub crop: [f32; 2],
    /// Shortest and longest fixation in seconds.
    #[serde(default = "usual_fixation")]
    pub fixation_s: [f32; 2],
    /// Standard deviation of the drift during a fixation, in pixels per frame.
    #[serde(default = "usual_drift")]
    pub drift_px: f32,
}

const fn usual_fixation() -> [f32; 2] {
    [0.2, 0.6]
}

const fn usual_drift() -> f32 {
    0.3
}

const fn usual_crop() -> [f32; 2] {
    [0.4, 1.0]
}

const fn usual_speed() -> [f32; 2] {
    [0.3, 6.0]
}

/// Degrees that a camera sees, where the recipe does not say.
pub(in crate::train) const fn usual_field() -> [f32; 2] {
    [35.0, 90.0]
}

const fn usual_count() -> [usize; 2] {
    [1, 3]
}

const fn usual_radius() -> [f32; 2] {
    [0.08, 0.28]
}

const fn usual_fastest() -> f32 {
    5.0
}

const fn usual_appearing() -> f32 {
    0.5
}

impl DietRecipe {
    pub(super) fn check(&self) -> Result<()> {
        let part = |value: f32| (0.0..=1.0).contains(&value);
        require(part(self.mirrored) && part(self.grey) && part(self.noisy), "probabilities must be 0 to 1")?;
        require(part(self.noise) && ordered(self.gain, 0.01), "gain or noise is out of range")?;
        require((0.01..=1000.0).contains(&self.frame_rate_hz), "frame_rate_hz must be 0.01 to 1000")?;
        let mut weights = Vec::new();
        for item in &self.video {
            weights.push(item.weight);
            require(
                ordered(item.crop, 0.01) && item.crop[1] <= 1.0,
                "crop must be two parts in order, at most 1",
            )?;
            require(
                item.rates_hz.iter().all(|rate| (0.01..=1000.0).contains(rate)),
                "rates_hz must be 0.01 to 1000",
            )?;
        }
        for item in &self.panorama {
            weights.push(item.weight);
            require(ordered(item.speed_px, 1e-3), "speed_px must be two speeds in order, above 0")?;
            require(
                ordered(item.field_deg, 1.0) && item.field_deg[1] <= 110.0,
                "field_deg must be 1 to 110",
            )?;
        }
        for item in &self.objects {
            weights.push(item.weight);
            require(
                item.count[0] <= item.count[1] && item.count[1] <= 20,
                "count must be in order, at most 20",
            )?;
            require(
                ordered(item.radius, 0.01) && item.radius[1] <= 1.0,
                "radius must be in order, 0.01 to 1",
            )?;
            require((0.0..=100.0).contains(&item.fastest_px), "fastest_px must be 0 to 100")?;
        }
        for item in &self.still {
            weights.push(item.weight);
            require(part(item.appearing), "appearing must be 0 to 1")?;
        }
        for item in &self.photograph {
            weights.push(item.weight);
            require(
                ordered(item.crop, 0.01) && item.crop[1] <= 1.0,
                "crop must be two parts in order, at most 1",
            )?;
            require(
                ordered(item.fixation_s, 0.01) && item.fixation_s[1] <= 60.0,
                "fixation_s must be two times in order, 0.01 to 60",
            )?;
            require((0.0..=100.0).contains(&item.drift_px), "drift_px must be 0 to 100")?;
        }
        require(weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite()), "a weight is below 0")?;
        require(
            weights.iter().any(|weight| *weight > 0.0),
            "the diet has nothing: give it video, panorama, objects, still or photograph",
        )
    }
}

/// Two values in order, the first at least `least`.
fn ordered(range: [f32; 2], least: f32) -> bool {
    range[0] >= least && range[0] <= range[1] && range[1].is_finite()
}
