//! The learning rate over a training: held, then falling as half a cosine.

use super::recipe::TrainingRecipe;

/// The rate after a part `done` (0..1) of the training.
#[must_use]
pub fn rate(recipe: &TrainingRecipe, done: f32) -> f32 {
    let after = (done - recipe.hold) / (1.0 - recipe.hold).max(1e-6);
    if after <= 0.0 {
        return recipe.learning_rate;
    }
    let fall = 0.5 * (1.0 + (std::f32::consts::PI * after.min(1.0)).cos());
    recipe.learning_rate * (recipe.last_rate + (1.0 - recipe.last_rate) * fall)
}

/// Weights of the mean errors `[step][column]` (layers, readout) in the loss of a window: of the first frame of a sequence there was
/// nothing to know.
#[must_use]
pub fn loss_weights(recipe: &TrainingRecipe, layers: usize, is_first: bool) -> Vec<f32> {
    let counted = recipe.window - usize::from(is_first);
    let upper = match recipe.loss {
        super::recipe::Loss::L0 | super::recipe::Loss::Unpenalised => 0.0,
        super::recipe::Loss::LAll => 0.1,
    };
    let columns = layers + usize::from(recipe.loss.has_readout());
    let weight = |index: usize| {
        let (step, column) = (index / columns, index % columns);
        let of_column = match column {
            _ if recipe.loss.has_readout() => {
                if column == layers {
                    1.0
                } else {
                    0.0
                }
            }
            0 => 1.0,
            _ => upper,
        };
        if is_first && step == 0 { 0.0 } else { of_column / counted as f32 }
    };
    (0..recipe.window * columns).map(weight).collect()
}
