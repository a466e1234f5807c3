//! What a network is raised on: sequences of frames from several kinds of sights, each chosen by its weight, then
//! mirrored, dimmed and disturbed at random.
//!
//! A sequence depends on the recipe's seed and the sequence's number alone, so that training can be stopped and
//! resumed, and shared among threads, without changing what is seen.

use crate::error::Result;
use crate::train::random::Random;
use crate::train::recipe::DietRecipe;
use crate::units::PixelSize;

mod disturb;
mod files;
mod glances;
mod objects;
mod panorama;
mod path;
mod still;
pub mod texture;
mod video;

/// Seed of the turns that networks are scored on.
const TURNS_SEED: u64 = 7;

/// Frames of a sequence, and their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many frames.
    pub frames: usize,
    /// Columns and rows.
    pub size: PixelSize,
}

impl Shape {
    /// Values of a frame: three planes.
    #[must_use]
    pub const fn frame_len(&self) -> usize {
        3 * self.size.area()
    }

    /// Values of all frames.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.frames * self.frame_len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A kind of sight.
pub(super) trait Item: Send + Sync {
    /// Fills `out` with a sequence: `[frame][plane][row][column]` in 0..1.
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]);
}

/// What a camera sees that turns in a panorama at about `speed_px` a frame, with rests and changes of mind: frames of
/// three planes. The same for a `seed` in every panorama.
#[must_use]
pub fn turns(
    panorama: &std::sync::Arc<texture::Texture>,
    size: PixelSize,
    speed_px: f32,
    frames: usize,
    seed: u64,
) -> Vec<Vec<f32>> {
    let shape = Shape { frames, size };
    let field_deg = crate::train::recipe::usual_field();
    let views = panorama::Panoramas { pictures: vec![panorama.clone()], speed_px: [speed_px; 2], field_deg };
    let mut out = vec![0.0; shape.len()];
    views.serve(&mut Random::new(TURNS_SEED, seed), shape, &mut out);
    out.chunks_exact(shape.frame_len()).map(<[f32]>::to_vec).collect()
}

/// All sights with their weights.
pub struct Diet {
    items: Vec<(f32, Box<dyn Item>)>,
    recipe: DietRecipe,
    /// What was decoded and what was passed over, for people.
    pub notes: Vec<String>,
}

impl Diet {
    /// Reads and decodes what the recipe names, files relative to `folder`, for frames of `size`.
    ///
    /// # Errors
    /// When a file is missing or cannot be decoded, or an item has none.
    pub fn open(recipe: &DietRecipe, folder: &std::path::Path, size: PixelSize) -> Result<Self> {
        let (items, notes) = files::open(recipe, folder, size)?;
        Ok(Self { items, recipe: recipe.clone(), notes })
    }

    /// Fills `out` with a sequence: `[frame][plane][row][column]` in 0..1.
    pub fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let total: f32 = self.items.iter().map(|(weight, _)| weight).sum();
        let mut left = random.unit() * total;
        let chosen = self.items.iter().find(|(weight, _)| {
            left -= weight;
            left < 0.0
        });
        if let Some((_, item)) = chosen.or(self.items.last()) {
            item.serve(random, shape, out);
        }
        disturb::disturb(&self.recipe, random, shape, out);
    }
}
