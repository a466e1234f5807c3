//! Sequences ahead of the network, made on threads of their own.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, bounded};

use super::diet::{Diet, Shape};
use super::random::Random;
use super::recipe::Recipe;
use crate::error::{Context as _, Error, Kind, Result};

/// Batches that wait at most, per thread.
const AHEAD: usize = 2;

/// Sequences side by side, all of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Frames of each sequence.
    pub frames: usize,
    /// The sequences, each `[frame][plane][row][column]` in 0..1.
    pub sequences: Vec<Vec<f32>>,
}

/// Batch number `index` of a recipe: it depends on nothing else.
#[must_use]
pub fn batch(recipe: &Recipe, diet: &Diet, index: u64) -> Batch {
    let mut random = Random::new(recipe.training.seed, index);
    let lengths = &recipe.training.lengths;
    let frames = lengths[random.below(lengths.len())];
    let shape = Shape { frames, size: recipe.network.size };
    let sequence = |_| {
        let mut out = vec![0.0; shape.len()];
        diet.serve(&mut random, shape, &mut out);
        out
    };
    Batch { frames, sequences: (0..recipe.training.batch).map(sequence).collect() }
}

/// Threads that make batches in order.
pub struct Feed {
    lanes: Vec<Receiver<Batch>>,
    next: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Feed {
    /// Starts `threads` threads with batch number `first`.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(recipe: &Recipe, diet: &Arc<Diet>, first: u64, threads: usize) -> Result<Self> {
        let count = threads.max(1);
        let mut feed = Self { lanes: Vec::new(), next: 0, threads: Vec::new() };
        for lane in 0..count as u64 {
            let (send, receive) = bounded(AHEAD);
            let (recipe, diet) = (recipe.clone(), diet.clone());
            let work = move || {
                let mut index = first + lane;
                // Ends when nobody takes batches any more.
                while send.send(batch(&recipe, &diet, index)).is_ok() {
                    index += count as u64;
                }
            };
            let thread = std::thread::Builder::new().name("diet".to_owned()).spawn(work);
            feed.threads.push(thread.context(Kind::Internal, "no thread could be started")?);
            feed.lanes.push(receive);
        }
        Ok(feed)
    }

    /// The next batch, in order.
    ///
    /// # Errors
    /// When a thread that makes them has stopped.
    pub fn take(&mut self) -> Result<Batch> {
        let lane = &self.lanes[self.next];
        self.next = (self.next + 1) % self.lanes.len();
        lane.recv()
            .map_err(|_| Error::new(Kind::Internal, "a thread that makes the training's frames stopped"))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.lanes.clear();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread that makes the training's frames stopped");
            }
        }
    }
}
