//! A recipe: everything that decides what a network becomes, in one TOML file.

use std::path::Path;

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::prednet::config::Config;
use crate::safety::limits::{MAX_RECIPE_BYTES, NETWORK_SIDE_PX};
use crate::units::PixelSize;

mod diet;

pub(super) use diet::usual_field;
pub use diet::{DietRecipe, ObjectsRecipe, PanoramaRecipe, PhotographRecipe, StillRecipe, VideoRecipe};

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
