//! What a folder of a training says of itself: the recipe that is followed there and where its files are, beside the
//! checkpoint.

use std::path::{Path, PathBuf};

use super::recipe::Recipe;
use crate::atomic;
use crate::error::{Context as _, Error, Kind, Result};
use crate::safety::limits::MAX_RECIPE_BYTES;

/// Before the text, for people who open it.
const HEAD: &str =
    "# What is trained in this folder: the recipe as it is followed, and the folder of its files.\n";

/// What is being trained, and from what.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    /// Folder that the recipe's files are relative to.
    pub data: PathBuf,
    /// The recipe, with all that was changed on the command line.
    pub recipe: Recipe,
}

impl Kept {
    /// The file in a folder.
    #[must_use]
    pub fn file(out: &Path) -> PathBuf {
        out.join("checkpoint.toml")
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Write`].
    pub fn write(&self, out: &Path) -> Result<()> {
        let here = Path::new(".");
        let folder = if self.data.as_os_str().is_empty() { here } else { &self.data };
        let data = std::path::absolute(folder).unwrap_or_else(|_| self.data.clone());
        let whole = Self { data, recipe: self.recipe.clone() };
        let text = toml::to_string(&whole).context(Kind::Internal, "the recipe cannot be written")?;
        atomic::write(&Self::file(out), format!("{HEAD}{text}").as_bytes())
    }

    /// Reads what [`Kept::write`] wrote into this folder.
    ///
    /// # Errors
    /// [`Kind::Missing`] where there is none, [`Kind::Damaged`] when it is none.
    pub fn read(out: &Path) -> Result<Self> {
        let path = Self::file(out);
        let missing = |cause: std::io::Error| {
            Error::new(Kind::Missing, format!("no training was begun in this folder ({cause})"))
                .at(&path)
                .advise("Choose the folder that `percept train` writes into")
        };
        let size = std::fs::metadata(&path).map_err(missing)?.len();
        // The recipe comes with a line of its own.
        if size > 2 * MAX_RECIPE_BYTES {
            return Err(Error::new(Kind::TooLarge, format!("{size} bytes are no recipe")).at(&path));
        }
        let text = std::fs::read_to_string(&path).map_err(missing)?;
        let kept: Self = toml::from_str(&text)
            .context(Kind::Damaged, "this does not say what is trained")
            .map_err(|error| error.at(&path))?;
        kept.recipe.check().map_err(|error| error.at(&path))?;
        Ok(kept)
    }
}
