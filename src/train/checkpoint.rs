//! A training that can be taken up again: weights, the optimiser's memory and how far it got, in one file.

use std::path::Path;

use super::recipe::Recipe;
use crate::atomic;
use crate::cpu::training::{Adam, WeightList};
use crate::error::{Context as _, Error, Kind, Result};
use crate::model::weights::{HostTensor, NamedTensors, safetensors, sha256_hex};

/// Version of the file's layout.
const VERSION: u32 = 1;
/// The array with how far training got: all in `f32` pairs that hold whole numbers exactly.
const PROGRESS: &str = "progress";

/// How far a training got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Batches done.
    pub batches: u64,
    /// Frames done, all sequences counted.
    pub frames: u64,
    /// Updates of the weights.
    pub updates: u64,
}

/// What is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Weights in the order of [`WeightList`].
    pub weights: Vec<f32>,
    /// The optimiser.
    pub adam: Adam,
    /// How far it got.
    pub progress: Progress,
}

/// What of a recipe must not change between two parts of a training. (Its length may: the schedule follows it.)
fn fingerprint(recipe: &Recipe) -> Result<u32> {
    let mut fixed = recipe.clone();
    fixed.training.frames = 1;
    fixed.about.clear();
    fixed.never_shown.clear();
    fixed.title.clear();
    let text = toml::to_string(&fixed).context(Kind::Internal, "the recipe cannot be written")?;
    let hash = sha256_hex(text.as_bytes());
    u32::from_str_radix(hash.get(..6).unwrap_or("0"), 16).context(Kind::Internal, "a hash is no number")
}

/// A whole number as two values that `f32` holds exactly.
fn halves(value: u64) -> [f32; 2] {
    [(value >> 24) as f32, (value & 0xFF_FFFF) as f32]
}

fn whole(pair: &[f32]) -> u64 {
    pair.iter().fold(0, |sum, part| (sum << 24) | *part as u64)
}

impl Checkpoint {
    /// Writes it whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Write`].
    pub fn write(&self, path: &Path, recipe: &Recipe) -> Result<()> {
        let (mean, square, steps) = self.adam.state();
        let flat = |values: &[f32]| HostTensor { shape: vec![values.len()], values: values.to_vec() };
        let Progress { batches, frames, updates } = self.progress;
        let numbers =
            [u64::from(VERSION), u64::from(fingerprint(recipe)?), batches, frames, updates, u64::from(steps)];
        let tensors: NamedTensors = [
            ("weights", flat(&self.weights)),
            ("mean", flat(mean)),
            ("square", flat(square)),
            (PROGRESS, flat(&numbers.map(halves).concat())),
        ]
        .map(|(name, tensor)| (name.to_owned(), tensor))
        .into();
        atomic::write(
            path,
            &safetensors::to_bytes(&tensors, &[("kind", "percept training checkpoint".to_owned())])?,
        )
    }

    /// Reads what [`Checkpoint::write`] wrote for the same recipe.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when it is of another recipe, [`Kind::Damaged`] and the others of reading weights.
    pub fn read(path: &Path, recipe: &Recipe) -> Result<Self> {
        let mut tensors = safetensors::read(path)?.tensors;
        let mut take = |name: &str| {
            let damaged = || Error::new(Kind::Damaged, format!("the checkpoint has no {name}")).at(path);
            tensors.remove(name).map(|tensor| tensor.values).ok_or_else(damaged)
        };
        let progress = take(PROGRESS)?;
        let numbers: Vec<u64> = progress.chunks(2).map(whole).collect();
        let &[version, recipe_hash, batches, frames, updates, steps] = numbers.as_slice() else {
            return Err(Error::new(Kind::Damaged, "the checkpoint does not say how far it got").at(path));
        };
        if version != u64::from(VERSION) {
            return Err(
                Error::new(Kind::Unsupported, "the checkpoint is of another version of percept").at(path)
            );
        }
        let len = WeightList::new(&recipe.network.widths, recipe.training.loss.has_readout()).len();
        let (weights, mean, square) = (take("weights")?, take("mean")?, take("square")?);
        if recipe_hash != u64::from(fingerprint(recipe)?)
            || [&weights, &mean, &square].iter().any(|list| list.len() != len)
        {
            return Err(Error::new(Kind::Mismatch, "the checkpoint was made with another recipe")
                .at(path)
                .advise("Resume with the recipe it was begun with, or begin in another folder"));
        }
        let adam = Adam::resume(mean, square, u32::try_from(steps).unwrap_or(u32::MAX))?;
        Ok(Self { weights, adam, progress: Progress { batches, frames, updates } })
    }
}
