//! Adam (Kingma & Ba, ICLR 2015, arXiv 1412.6980, algorithm 1) on flat lists of numbers.

use pulp::{Simd, WithSimd};

use super::conv::fits;
use super::dispatch::dispatch;
use crate::cpu::simd::{load, store};
use crate::error::Result;

/// Decay of the mean of gradients, and of that of their squares.
const BETA: [f64; 2] = [0.9, 0.999];
/// Keeps the division defined.
const EPSILON: f32 = 1e-8;
/// Numbers that are updated together; the lists are padded to a multiple.
const STRIDE: usize = 16;

/// The optimiser's memory: running means of gradients and of their squares.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: u32,
}

impl Adam {
    /// For so many weights.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { mean: vec![0.0; len], square: vec![0.0; len], steps: 0 }
    }

    /// Goes on from saved means after `steps` updates.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] when the two differ in length.
    pub fn resume(mean: Vec<f32>, square: Vec<f32>, steps: u32) -> Result<Self> {
        fits("running squares", square.len(), mean.len())?;
        Ok(Self { mean, square, steps })
    }

    /// Running means of gradients, of their squares, and the number of updates so far.
    #[must_use]
    pub fn state(&self) -> (&[f32], &[f32], u32) {
        (&self.mean, &self.square, self.steps)
    }

    /// Moves `weights` against `gradient` by about `rate` each.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] when one of them has another length.
    pub fn update(&mut self, rate: f32, gradient: &[f32], weights: &mut [f32]) -> Result<()> {
        fits("gradients", gradient.len(), self.mean.len())?;
        fits("weights", weights.len(), self.mean.len())?;
        self.steps = self.steps.saturating_add(1);
        let [first, second] = BETA.map(|beta| 1.0 - beta.powi(self.steps.try_into().unwrap_or(i32::MAX)));
        let scale = (f64::from(rate) / first) as f32;
        let root = (1.0 / second.sqrt()) as f32;
        dispatch(Update { adam: self, scale, root, gradient, weights });
        Ok(())
    }
}

struct Update<'a> {
    adam: &'a mut Adam,
    scale: f32,
    root: f32,
    gradient: &'a [f32],
    weights: &'a mut [f32],
}

impl WithSimd for Update<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Self { adam, scale, root, gradient, weights } = self;
        let chunks = weights.chunks_mut(STRIDE).zip(gradient.chunks(STRIDE));
        let means = adam.mean.chunks_mut(STRIDE).zip(adam.square.chunks_mut(STRIDE));
        for ((weights, gradient), (mean, square)) in chunks.zip(means) {
            if weights.len() == STRIDE {
                update(s, scale, root, gradient, (mean, square), weights);
                continue;
            }
            // The last few, in a padded copy.
            let mut rest = [[0.0; STRIDE]; 4];
            let count = weights.len();
            for (row, values) in rest.iter_mut().zip([&*weights, gradient, &*mean, &*square]) {
                row[..count].copy_from_slice(values);
            }
            let [new, gradient, new_mean, new_square] = &mut rest;
            update(s, scale, root, gradient, (new_mean, new_square), new);
            weights.copy_from_slice(&new[..count]);
            mean.copy_from_slice(&new_mean[..count]);
            square.copy_from_slice(&new_square[..count]);
        }
    }
}

#[inline(always)]
fn update<S: Simd>(
    s: S,
    scale: f32,
    root: f32,
    gradient: &[f32],
    (mean, square): (&mut [f32], &mut [f32]),
    weights: &mut [f32],
) {
    let share = s.splat_f32s((1.0 - BETA[0]) as f32);
    let share_square = s.splat_f32s((1.0 - BETA[1]) as f32);
    for at in (0..STRIDE).step_by(S::F32_LANES) {
        let gradient = load::<S>(gradient, at);
        let (old, old_square) = (load::<S>(mean, at), load::<S>(square, at));
        let new = s.mul_add_e_f32s(share, s.sub_f32s(gradient, old), old);
        let squared = s.sub_f32s(s.mul_f32s(gradient, gradient), old_square);
        let new_square = s.mul_add_e_f32s(share_square, squared, old_square);
        let below = s.mul_add_e_f32s(s.sqrt_f32s(new_square), s.splat_f32s(root), s.splat_f32s(EPSILON));
        let change = s.div_f32s(s.mul_f32s(new, s.splat_f32s(-scale)), below);
        store::<S>(mean, at, new);
        store::<S>(square, at, new_square);
        store::<S>(weights, at, s.add_f32s(load::<S>(weights, at), change));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Algorithm 1 of the paper, word for word, in double precision.
    fn reference(rate: f64, gradients: &[Vec<f32>], weights: &[f32]) -> Vec<f64> {
        let mut state: Vec<[f64; 3]> = weights.iter().map(|&w| [f64::from(w), 0.0, 0.0]).collect();
        for (t, gradient) in gradients.iter().enumerate() {
            let t = t as i32 + 1;
            for ([w, m, v], &g) in state.iter_mut().zip(gradient) {
                let g = f64::from(g);
                *m = 0.9 * *m + 0.1 * g;
                *v = 0.999 * *v + 0.001 * g * g;
                let (m, v) = (*m / (1.0 - 0.9_f64.powi(t)), *v / (1.0 - 0.999_f64.powi(t)));
                *w -= rate * m / (v.sqrt() + 1e-8);
            }
        }
        state.iter().map(|s| s[0]).collect()
    }

    #[test]
    fn it_is_the_papers() {
        let len = 37;
        let gradients: Vec<Vec<f32>> =
            (0..20).map(|t| (0..len).map(|i| ((t * len + i) as f32 * 0.37).sin() * 0.01).collect()).collect();
        let start: Vec<f32> = (0..len).map(|i| (i as f32).cos()).collect();
        let (mut adam, mut weights) = (Adam::new(len), start.clone());
        for gradient in &gradients {
            adam.update(1e-3, gradient, &mut weights).unwrap();
        }
        for (ours, theirs) in weights.iter().zip(reference(1e-3, &gradients, &start)) {
            assert!((f64::from(*ours) - theirs).abs() < 1e-6, "{ours} {theirs}");
        }
    }

    #[test]
    fn it_goes_on_where_it_stopped() {
        let gradient: Vec<f32> = (0..20).map(|i| i as f32 - 9.5).collect();
        let (mut one, mut weights) = (Adam::new(20), vec![0.0; 20]);
        one.update(0.1, &gradient, &mut weights).unwrap();
        let (mean, square, steps) = one.state();
        let mut two = Adam::resume(mean.to_vec(), square.to_vec(), steps).unwrap();
        let mut copy = weights.clone();
        one.update(0.1, &gradient, &mut weights).unwrap();
        two.update(0.1, &gradient, &mut copy).unwrap();
        assert_eq!(weights, copy);
        assert!(one.update(0.1, &gradient[1..], &mut weights).is_err());
    }
}
