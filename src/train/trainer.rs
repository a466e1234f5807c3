//! The loop: batches in, smaller errors out.

use std::path::Path;

use super::checkpoint::{Checkpoint, Progress};
use super::feed::Batch;
use super::hardware::Hardware;
use super::moment::Moment;
use super::recipe::Recipe;
use super::unrolled::Unrolled;
use super::{schedule, start};
use crate::cpu::training::{Adam, RolloutConfig};
use crate::error::{Error, Kind, Result};
use crate::model::weights::{HostTensor, NamedTensors};

/// What a batch told.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// Mean error units of the pixels, over all frames but the first of each sequence: half the mean absolute
    /// difference of prediction and frame.
    pub error: f64,
    /// What copying the last frame would have given on the same frames.
    pub copy_error: f64,
    /// What training made small.
    pub loss: f64,
    /// Length of the last gradient.
    pub gradient_norm: f64,
    /// Mean of the last prediction of the first sequence.
    pub mean_prediction: f32,
    /// The learning rate.
    pub rate: f32,
}

/// A network in training.
pub struct Trainer {
    recipe: Recipe,
    rollout: Unrolled,
    weights: Vec<f32>,
    gradient: Vec<f32>,
    adam: Adam,
    progress: Progress,
    window: Vec<f32>,
    moment: Option<Moment>,
}

impl Trainer {
    /// Begins with the weights that the recipe asks for, or where a checkpoint ended. `data` is the folder that the
    /// recipe's files are relative to.
    ///
    /// # Errors
    /// When there is not enough memory, or the recipe's file of weights cannot be taken.
    pub fn new(recipe: &Recipe, from: Option<Checkpoint>, data: &Path, hardware: &Hardware) -> Result<Self> {
        let widths = recipe.network.widths.clone();
        let size = recipe.network.size;
        let (rows, columns) = (size.height as usize, size.width as usize);
        let (batch, steps) = (recipe.training.batch, recipe.training.window);
        let (threads, readout) = (hardware.threads, recipe.training.loss.has_readout());
        let config = RolloutConfig { widths, rows, columns, batch, steps, threads, readout };
        let rollout = Unrolled::new(&config, hardware.device.as_ref())?;
        let list = rollout.weight_list();
        let start = match from {
            Some(checkpoint) => checkpoint,
            None => Checkpoint {
                weights: start::weights(recipe, data, list)?,
                adam: Adam::new(list.len()),
                progress: Progress::default(),
            },
        };
        Ok(Self {
            gradient: vec![0.0; list.len()],
            window: vec![0.0; batch * steps * 3 * rows * columns],
            recipe: recipe.clone(),
            rollout,
            weights: start.weights,
            adam: start.adam,
            progress: start.progress,
            moment: None,
        })
    }

    /// How far it is.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Whether the recipe's frames are done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.progress.frames >= self.recipe.training.frames
    }

    /// Learns from a batch, window by window.
    ///
    /// # Errors
    /// [`Kind::NotFinite`] when the loss is no number any more: the last checkpoint is the last good state.
    pub fn learn(&mut self, batch: &Batch) -> Result<Report> {
        let (layers, steps) = (self.recipe.network.widths.len(), self.recipe.training.window);
        let mut report = Report { copy_error: copy_error(batch), ..Report::default() };
        let mut counted = 0.0;
        for first in (0..batch.frames).step_by(steps) {
            let is_first = first == 0;
            if is_first {
                self.rollout.start_over();
            } else {
                self.rollout.carry_on();
            }
            self.take_window(batch, first);
            let errors = self.rollout.forward(&self.weights, &self.window)?;
            let by_errors = schedule::loss_weights(&self.recipe.training, layers, is_first);
            let loss: f64 = errors.iter().zip(&by_errors).map(|(e, by)| f64::from(e * by)).sum();
            // The column of what predicts the frame.
            let columns = errors.len() / steps;
            let picture = if columns > layers { layers } else { 0 };
            let of_pixels = errors.iter().skip(picture).step_by(columns).skip(usize::from(is_first));
            report.error += of_pixels.map(|e| f64::from(*e)).sum::<f64>();
            report.loss = loss;
            // The way back writes over the predictions.
            let last = self.rollout.prediction(0, steps - 1).unwrap_or_default();
            report.mean_prediction = last.iter().sum::<f32>() / last.len().max(1) as f32;
            if first + steps >= batch.frames {
                self.remember(last);
            }
            counted += (steps - usize::from(is_first)) as f64;
            self.rollout.backward(&by_errors, &mut self.gradient)?;
            report.gradient_norm = self.clip();
            if !loss.is_finite() || !report.gradient_norm.is_finite() {
                return Err(Error::new(Kind::NotFinite, "the loss is no number any more")
                    .advise("Resume from the last checkpoint with a lower learning_rate"));
            }
            let done = self.progress.frames as f32 / self.recipe.training.frames as f32;
            report.rate = schedule::rate(&self.recipe.training, done);
            self.adam.update(report.rate, &self.gradient, &mut self.weights)?;
            self.progress.frames += (steps * self.recipe.training.batch) as u64;
            self.progress.updates += 1;
        }
        report.error /= counted;
        self.progress.batches += 1;
        Ok(report)
    }

    /// The last frame of the first sequence in the last batch, and what was expected of it; `None` before a batch.
    #[must_use]
    pub const fn moment(&self) -> Option<&Moment> {
        self.moment.as_ref()
    }

    /// Keeps what was expected of the last frame in the first sequence of the window.
    fn remember(&mut self, prediction: Vec<f32>) {
        let size = self.recipe.network.size;
        let (steps, batch) = (self.recipe.training.window, self.recipe.training.batch);
        let done = self.progress.frames + (steps * batch) as u64;
        // A window has two frames at least.
        let mut frames = self.window.chunks_exact(3 * size.area()).skip(steps - 2);
        let mut next = || frames.next().unwrap_or_default().to_vec();
        let (last, target) = (next(), next());
        self.moment = Some(Moment { frames: done, size, last, target, prediction });
    }

    /// The frames of a window, sequence by sequence.
    fn take_window(&mut self, batch: &Batch, first: usize) {
        let frame_len = 3 * self.recipe.network.size.area();
        let len = self.recipe.training.window * frame_len;
        for (window, sequence) in self.window.chunks_exact_mut(len).zip(&batch.sequences) {
            window.copy_from_slice(&sequence[first * frame_len..first * frame_len + len]);
        }
    }

    /// Shortens the gradient where it is too long; returns its length before.
    fn clip(&mut self) -> f64 {
        let norm = self.gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        let most = f64::from(self.recipe.training.clip_norm);
        if norm > most {
            let factor = (most / norm) as f32;
            self.gradient.iter_mut().for_each(|g| *g *= factor);
        }
        norm
    }

    /// What to write so that training can be taken up again.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { weights: self.weights.clone(), adam: self.adam.clone(), progress: self.progress }
    }

    /// The weights by name, as a model file has them.
    #[must_use]
    pub fn tensors(&self) -> NamedTensors {
        let tensor = |entry: &crate::cpu::training::weights::Entry| {
            let values = self.weights[entry.range.clone()].to_vec();
            (entry.name.clone(), HostTensor { shape: entry.shape.clone(), values })
        };
        self.rollout.weight_list().entries().iter().map(tensor).collect()
    }
}

/// Half the mean absolute difference of successive frames: the error units of copying.
fn copy_error(batch: &Batch) -> f64 {
    let (mut sum, mut count) = (0.0, 0_usize);
    for sequence in &batch.sequences {
        let len = sequence.len() / batch.frames.max(1);
        let pairs = sequence[len..].iter().zip(sequence);
        sum += pairs.map(|(now, last)| f64::from((now - last).abs())).sum::<f64>();
        count += sequence.len() - len;
    }
    0.5 * sum / count.max(1) as f64
}
