//! The weights that a training begins with: chance's, or those of a network that was trained before.

use std::path::Path;

use super::recipe::Recipe;
use super::widen::widened;
use crate::cpu::training::WeightList;
use crate::error::{Error, Kind, Result};
use crate::model::prednet::config::Config;
use crate::model::prednet::init::untrained;
use crate::model::weights::read_if;

/// The first weights as a flat list: of the file that the recipe names, in the folder of its data, widened where its
/// network is narrower; or the untrained network of the recipe's seed.
///
/// # Errors
/// When the file cannot be read, or holds another network: [`Kind::Mismatch`] with what does not fit.
pub(super) fn weights(recipe: &Recipe, data: &Path, list: &WeightList) -> Result<Vec<f32>> {
    let readout = recipe.training.loss.has_readout();
    let config = Config { readout, ..Config::new(recipe.network.widths.clone())? };
    let tensors = match &recipe.start {
        Some(file) => {
            let path = data.join(file);
            let found = read_if(&path, |shapes| Config::from_shapes(shapes).map(|_| ()))?;
            let from = Config::from_shapes(&found.shapes())?;
            if from == config {
                found.tensors
            } else {
                widened(&found.tensors, &from, &config, recipe.training.seed)
                    .map_err(|error| error.at(&path))?
            }
        }
        None => untrained(&config, recipe.training.seed),
    };
    let mut weights = vec![0.0; list.len()];
    for entry in list.entries() {
        let tensor = tensors.get(&entry.name);
        let tensor = tensor.ok_or_else(|| Error::new(Kind::Internal, format!("no first {}", entry.name)))?;
        weights[entry.range.clone()].copy_from_slice(&tensor.values);
    }
    Ok(weights)
}
