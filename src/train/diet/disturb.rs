//! What is done to a whole sequence, whatever it shows: mirrored, made grey, dimmed or brightened, disturbed by noise,
//! and, for a control, its frames put in random order.

use super::Shape;
use crate::train::random::Random;
use crate::train::recipe::DietRecipe;

/// Luma of ITU-R BT.601.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// Changes a sequence in place, by the recipe's probabilities.
pub(super) fn disturb(recipe: &DietRecipe, random: &mut Random, shape: Shape, out: &mut [f32]) {
    if random.chance(recipe.mirrored) {
        out.chunks_exact_mut(shape.size.width as usize).for_each(<[f32]>::reverse);
    }
    if random.chance(recipe.grey) {
        out.chunks_exact_mut(shape.frame_len()).for_each(|frame| grey(frame, shape));
    }
    let gain = random.within(recipe.gain);
    let noise = if random.chance(recipe.noisy) { random.unit() * recipe.noise } else { 0.0 };
    for value in out.iter_mut() {
        let disturbance = if noise > 0.0 { random.normal() * noise } else { 0.0 };
        *value = (*value * gain + disturbance).clamp(0.0, 1.0);
    }
    if recipe.shuffled {
        shuffle(random, shape, out);
    }
}

fn grey(frame: &mut [f32], shape: Shape) {
    let area = shape.size.area();
    for pixel in 0..area {
        let luma = (0..3).map(|plane| LUMA[plane] * frame[plane * area + pixel]).sum();
        (0..3).for_each(|plane| frame[plane * area + pixel] = luma);
    }
}

/// Every order of the frames is equally likely (Fisher & Yates).
fn shuffle(random: &mut Random, shape: Shape, out: &mut [f32]) {
    let len = shape.frame_len();
    for last in (1..shape.frames).rev() {
        let other = random.below(last + 1);
        if other < last {
            let (front, back) = out.split_at_mut(last * len);
            front[other * len..(other + 1) * len].swap_with_slice(&mut back[..len]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::PixelSize;

    const SHAPE: Shape = Shape { frames: 12, size: PixelSize::new(4, 2) };

    fn sequence() -> Vec<f32> {
        (0..SHAPE.len()).map(|i| (i / SHAPE.frame_len()) as f32 / 16.0 + (i % 4) as f32 / 100.0).collect()
    }

    fn plain() -> DietRecipe {
        DietRecipe { mirrored: 0.0, grey: 0.0, gain: [1.0, 1.0], noisy: 0.0, ..DietRecipe::default() }
    }

    #[test]
    fn frames_are_put_in_another_order_and_none_is_lost() {
        let mut out = sequence();
        disturb(&DietRecipe { shuffled: true, ..plain() }, &mut Random::new(1, 0), SHAPE, &mut out);
        let order = |out: &[f32]| out.chunks(SHAPE.frame_len()).map(|frame| frame[0]).collect::<Vec<_>>();
        let mut sorted = order(&out);
        assert!(sorted != order(&sequence()));
        sorted.sort_by(f32::total_cmp);
        assert_eq!(sorted, order(&sequence()));
    }

    #[test]
    fn a_mirror_swaps_left_and_right_and_grey_has_no_colour() {
        let mut out = sequence();
        disturb(&DietRecipe { mirrored: 1.0, ..plain() }, &mut Random::new(1, 0), SHAPE, &mut out);
        assert!(
            out.iter()
                .zip(sequence().chunks(4).flat_map(|row| row.iter().rev().copied().collect::<Vec<_>>()))
                .all(|(a, b)| *a == b)
        );
        let mut out: Vec<f32> = (0..SHAPE.len()).map(|i| (i % 7) as f32 / 7.0).collect();
        disturb(&DietRecipe { grey: 1.0, ..plain() }, &mut Random::new(1, 0), SHAPE, &mut out);
        let planes: Vec<&[f32]> = out[..SHAPE.frame_len()].chunks(SHAPE.size.area()).collect();
        assert!(planes[0] == planes[1] && planes[1] == planes[2]);
    }

    #[test]
    fn values_stay_in_range() {
        let mut out: Vec<f32> = (0..SHAPE.len()).map(|i| (i % 2) as f32).collect();
        let recipe = DietRecipe { gain: [1.5, 1.5], noisy: 1.0, noise: 0.3, ..plain() };
        disturb(&recipe, &mut Random::new(1, 0), SHAPE, &mut out);
        assert!(out.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(out.iter().any(|value| *value > 0.0 && *value < 1.0));
    }
}
