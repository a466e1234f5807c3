//! A network's file as a command leaves it: the weights, and beside them the card that says what it is. Without its card
//! a network is shown at the usual size and rate, which need not be those it was trained at.

use std::path::{Path, PathBuf};

use crate::atomic;
use crate::error::{Context as _, Error, Kind, Result};
use crate::model::ModelCard;
use crate::model::weights::sha256_hex;

/// Writes weights, and their card beside them where something is known of their training. Gives the lines to print.
///
/// # Errors
/// [`Kind::Usage`] when `output` is the file that was read, [`Kind::Write`].
pub(super) fn write(output: &Path, source: &Path, card: &ModelCard, bytes: &[u8]) -> Result<Vec<String>> {
    if same(output, source) {
        return Err(Error::new(Kind::Usage, "this is the file that was read: it would be written over")
            .at(output)
            .advise("Name another file with -o"));
    }
    atomic::write(output, bytes)?;
    if card.data.is_empty() && card.recipe.is_empty() {
        return Ok(vec![]);
    }
    let path = output.with_extension("toml");
    if path.exists() && !is_card(&path) {
        return Ok(vec![format!("{}: is no card and was left alone; the network has none", path.display())]);
    }
    let name =
        output.file_stem().map_or_else(|| card.name.clone(), |stem| stem.to_string_lossy().into_owned());
    let own = ModelCard { name, sha256: sha256_hex(bytes), ..card.clone() };
    let text = toml::to_string(&own).context(Kind::Internal, "the card cannot be written")?;
    atomic::write(&path, text.as_bytes())?;
    Ok(vec![format!("{}: its card, which belongs to it", path.display())])
}

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| -> Option<PathBuf> { path.canonicalize().ok() };
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

fn is_card(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| toml::from_str::<ModelCard>(&text).is_ok())
}
