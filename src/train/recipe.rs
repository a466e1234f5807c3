//! A recipe: everything that decides what a network becomes, in one TOML file.

use std::path::Path;

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::prednet::config::Config;
use crate::safety::limits::{MAX_RECIPE_BYTES, NETWORK_SIDE_PX};
use crate::units::PixelSize;

/// A recipe as its file says it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model that it makes, for example `family`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What the network is and what to know before believing it, for its card.
    #[serde(default)]
    pub about: String,
    /// What it is never shown, for its card.
    #[serde(default)]
    pub never_shown: String,
    /// A model file whose weights it begins with instead of the seed's: of the same network or one with so many times
    /// fewer channels, for frames of any size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The network.
    pub network: NetworkRecipe,
    /// How it learns.
    pub training: TrainingRecipe,
    /// What it sees.
    pub diet: DietRecipe,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkRecipe {
    /// Channels per layer, from the pixels up; the first is 3.
    pub widths: Vec<usize>,
    /// Width and height of the frames.
    pub size: PixelSize,
}

/// Which errors training makes small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Loss {
    /// Those of the pixels alone (Lotter et al. 2017, `L_0`).
    #[serde(rename = "l_0")]
    L0,
    /// Those of the pixels, and a tenth of every other layer's (`L_all`).
    #[serde(rename = "l_all")]
    LAll,
    /// None of them: a convolution of its own reads the prediction off `R_0`, and its error alone is made small
    /// (the control of Lotter et al. 2020, extended data figure 9).
    #[serde(rename = "unpenalised")]
    Unpenalised,
}

impl Loss {
    /// Whether the network has a readout of its own for the prediction.
    #[must_use]
    pub fn has_readout(self) -> bool {
        self == Self::Unpenalised
    }
}

/// How the network learns.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecipe {
    /// Frames until the end, all sequences counted.
    pub frames: u64,
    /// Sequences side by side.
    pub batch: usize,
    /// Frames through which gradients run back.
    pub window: usize,
    /// Lengths of sequences in frames, chosen with equal chances: multiples of `window`. State is carried from
    /// window to window.
    pub lengths: Vec<usize>,
    /// Which errors are made small.
    pub loss: Loss,
    /// Adam's step at first.
    pub learning_rate: f32,
    /// Part of the training at this rate; then it falls as half a cosine.
    pub hold: f32,
    /// Last rate, as a part of the first.
    pub last_rate: f32,
    /// Longest gradient; longer ones are shortened.
    pub clip_norm: f32,
    /// Decides the first weights and all that chance decides.
    pub seed: u64,
}

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

const fn usual_crop() -> [f32; 2] {
    [0.4, 1.0]
}

const fn usual_speed() -> [f32; 2] {
    [0.3, 6.0]
}

/// Degrees that a camera sees, where the recipe does not say.
pub(super) const fn usual_field() -> [f32; 2] {
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

impl Recipe {
    /// Reads a recipe and checks that it can be followed. One that says `extends = "OTHER.toml"` is that other one, in
    /// the same folder, but for what it says itself.
    ///
    /// # Errors
    /// [`Kind::Unreadable`] and [`Kind::TooLarge`] for the file, [`Kind::Usage`] with the line or the value that is
    /// wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let mut table = table(&text(path)?).map_err(|error| error.at(path))?;
        if let Some(base) = table.remove("extends") {
            let name = base.as_str().filter(|name| !name.contains(['/', '\\']));
            let name = name.ok_or_else(|| {
                Error::new(Kind::Usage, "extends must name a recipe in the same folder").at(path)
            })?;
            let base = path.with_file_name(name);
            let mut whole = self::table(&text(&base)?).map_err(|error| error.at(&base))?;
            if whole.contains_key("extends") {
                return Err(
                    Error::new(Kind::Usage, "a recipe that extends another cannot be extended").at(&base)
                );
            }
            merge(&mut whole, table);
            table = whole;
        }
        Self::of(table).map_err(|error| error.at(path))
    }

    /// Reads a recipe from its text and checks it.
    ///
    /// # Errors
    /// [`Kind::Usage`].
    pub fn parse(text: &str) -> Result<Self> {
        Self::of(table(text)?)
    }

    fn of(table: toml::Table) -> Result<Self> {
        let recipe: Self = table.try_into().context(Kind::Usage, "this is no recipe")?;
        recipe.check()?;
        Ok(recipe)
    }

    /// Checks the values that have limits.
    ///
    /// # Errors
    /// [`Kind::Usage`] or, for the network, [`Kind::Mismatch`].
    pub fn check(&self) -> Result<()> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        require(
            !self.name.is_empty() && self.name.chars().all(plain),
            "name must be of letters, digits and -",
        )?;
        require(self.name != "checkpoint", "name must not be that of the checkpoint beside it")?;
        Config::new(self.network.widths.clone())?;
        require(self.network.widths.first() == Some(&3), "widths must begin with 3: red, green and blue")?;
        let size = self.network.size;
        let sides = NETWORK_SIDE_PX;
        require(sides.contains(&size.width) && sides.contains(&size.height), "size is out of range")?;
        require(
            size.divides_by(1 << (self.network.widths.len() - 1)),
            "size must divide by 2 once per layer above the first",
        )?;
        self.training.check()?;
        self.diet.check()
    }
}

fn text(path: &Path) -> Result<String> {
    let unreadable = |error: Error| {
        error.at(path).advise("Name a recipe file, for example assets/models/recipes/family.toml")
    };
    let about =
        std::fs::metadata(path).context(Kind::Unreadable, "the recipe cannot be read").map_err(unreadable)?;
    if about.len() > MAX_RECIPE_BYTES {
        let what = format!("a recipe has at most {MAX_RECIPE_BYTES} bytes; this file has {}", about.len());
        return Err(Error::new(Kind::TooLarge, what).at(path));
    }
    std::fs::read_to_string(path).context(Kind::Unreadable, "the recipe cannot be read").map_err(unreadable)
}

fn table(text: &str) -> Result<toml::Table> {
    text.parse().context(Kind::Usage, "this is no recipe")
}

/// What `over` says replaces what `base` says; tables are merged, lists are not.
fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(over)) => merge(inner, over),
            (_, value) => drop(base.insert(key, value)),
        }
    }
}

fn require(holds: bool, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::new(Kind::Usage, what)) }
}

impl TrainingRecipe {
    fn check(&self) -> Result<()> {
        require((1..=256).contains(&self.batch), "batch must be 1 to 256")?;
        require((2..=100).contains(&self.window), "window must be 2 to 100")?;
        require(!self.lengths.is_empty(), "lengths must name at least one length")?;
        let fits =
            |length: &usize| (self.window..=10_000).contains(length) && length.is_multiple_of(self.window);
        require(self.lengths.iter().all(fits), "lengths must be multiples of window")?;
        require(self.frames > 0, "frames must be more than 0")?;
        let part = |value: f32| (0.0..=1.0).contains(&value);
        require(part(self.hold) && part(self.last_rate), "hold and last_rate must be 0 to 1")?;
        require(self.learning_rate > 0.0 && self.learning_rate < 1.0, "learning_rate must be 0 to 1")?;
        require(self.clip_norm > 0.0, "clip_norm must be more than 0")
    }
}

impl DietRecipe {
    fn check(&self) -> Result<()> {
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
        require(weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite()), "a weight is below 0")?;
        require(
            weights.iter().any(|weight| *weight > 0.0),
            "the diet has nothing: give it video, panorama, objects or still",
        )
    }
}

/// Two values in order, the first at least `least`.
fn ordered(range: [f32; 2], least: f32) -> bool {
    range[0] >= least && range[0] <= range[1] && range[1].is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: &str = r#"
        name = "tiny"
        title = "Tiny"
        [network]
        widths = [3, 4]
        size = { width = 16, height = 16 }
        [training]
        frames = 100
        batch = 2
        window = 5
        lengths = [5, 10]
        loss = "l_0"
        learning_rate = 1e-3
        hold = 0.65
        last_rate = 0.03
        clip_norm = 5.0
        seed = 1
        [[diet.still]]
        weight = 1.0
        files = ["panoramas"]
        credit = "nobody"
    "#;

    fn wrong(from: &str, to: &str) -> String {
        assert!(RECIPE.contains(from));
        let error = Recipe::parse(&RECIPE.replace(from, to)).unwrap_err();
        assert!(matches!(error.kind, Kind::Usage | Kind::Mismatch));
        error.to_string()
    }

    #[test]
    fn a_recipe_is_read_and_written_alike() {
        let recipe = Recipe::parse(RECIPE).unwrap();
        assert_eq!((recipe.training.loss, recipe.diet.still[0].appearing), (Loss::L0, 0.5));
        let again = Recipe::parse(&toml::to_string(&recipe).unwrap()).unwrap();
        assert_eq!(recipe, again);
    }

    #[test]
    fn a_recipe_can_differ_from_another_in_a_few_lines() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        write("tiny.toml", RECIPE);
        let path = write("other.toml", "extends = 'tiny.toml'\nname = 'other'\n[training]\nloss = 'l_all'");
        let other = Recipe::read(&path).unwrap();
        let mut tiny = Recipe::parse(RECIPE).unwrap();
        (tiny.name, tiny.training.loss) = ("other".to_owned(), Loss::LAll);
        assert_eq!(other, tiny);
        for wrong in ["extends = '../tiny.toml'", "extends = 'other.toml'", "extends = 3"] {
            assert_eq!(Recipe::read(&write("wrong.toml", wrong)).unwrap_err().kind, Kind::Usage, "{wrong}");
        }
        assert_eq!(
            Recipe::read(&write("lost.toml", "extends = 'none.toml'")).unwrap_err().kind,
            Kind::Unreadable
        );
    }

    #[test]
    fn what_cannot_be_followed_is_refused_by_name() {
        assert!(wrong("window = 5", "window = 4").contains("lengths must be multiples"));
        assert!(wrong("width = 16", "width = 17").contains("divide by 2"));
        assert!(wrong("frames = 100", "framse = 100").contains("framse"));
        assert!(wrong("weight = 1.0", "weight = 0.0").contains("nothing"));
        assert!(wrong("weight = 1.0", "weight = nan").contains("below 0"));
        assert!(wrong("[3, 4]", "[1, 4]").contains("begin with 3"));
        assert!(wrong("\"l_0\"", "\"l_9\"").contains("l_9"));
        assert!(wrong("name = \"tiny\"", "name = \"../tiny\"").contains("letters"));
    }
}
