//! How a training looks from outside: plain values for whoever shows it, wherever it runs.

use std::path::PathBuf;
use std::sync::Arc;

use super::moment::Moment;
use super::warning::Warning;
use crate::error::Error;

/// What a training is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It was not begun, or nothing is known of it yet.
    #[default]
    Ready,
    /// Videos and pictures are being read.
    Reading,
    /// It learns.
    Running,
    /// It finishes its batch and writes a checkpoint.
    Stopping,
    /// It can go on from its checkpoint.
    Stopped,
    /// The recipe's frames are done.
    Finished,
    /// It cannot go on, or cannot be read.
    Failed(Error),
}

impl State {
    /// Whether it is at work.
    #[must_use]
    pub const fn is_going(&self) -> bool {
        matches!(self, Self::Reading | Self::Running | Self::Stopping)
    }

    /// In a word or two.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Ready => "Not begun",
            Self::Reading => "Reading what it will see",
            Self::Running => "Running",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
            Self::Finished => "Finished",
            Self::Failed(_) => "Failed",
        }
    }
}

/// A point of the curves: means over the frames since the point before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Frames done.
    pub frames: u64,
    /// Mean error units of the pixels.
    pub error: f64,
    /// What copying the last frame would have given on the same frames.
    pub copy_error: f64,
    /// The learning rate.
    pub rate: f32,
}

impl Point {
    /// The error as a part of copying's; below 1 it is better.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.error / self.copy_error.max(1e-9)
    }
}

/// A training at a glance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Name of the model that it makes.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Folder that the recipe's files are relative to, where it is known.
    pub data: Option<PathBuf>,
    /// Folder of checkpoint, log, model and card, where it is known.
    pub out: Option<PathBuf>,
    /// The network as it was at the last checkpoint, where it has been written.
    pub model: Option<PathBuf>,
    /// Whether a checkpoint is there to go on from.
    pub resumable: bool,
    /// What it is doing.
    pub state: State,
    /// Frames done.
    pub frames: u64,
    /// Frames of the whole training, where they are known.
    pub all_frames: Option<u64>,
    /// Frames a second since its start; 0 where it is not known.
    pub frames_per_s: f64,
    /// The curves.
    pub points: Arc<Vec<Point>>,
    /// What is wrong with it.
    pub warning: Option<Warning>,
    /// A recent frame, and what was expected of it.
    pub moment: Option<Arc<Moment>>,
}

impl View {
    /// How far it is, 0 to 1, where that is known.
    #[must_use]
    pub fn part(&self) -> Option<f32> {
        let all = self.all_frames.filter(|all| *all > 0)?;
        Some((self.frames as f32 / all as f32).min(1.0))
    }

    /// Seconds until its end at the speed it had so far, while it runs.
    #[must_use]
    pub fn left_s(&self) -> Option<f64> {
        let left = self.all_frames?.saturating_sub(self.frames);
        (self.state == State::Running && self.frames_per_s > 0.0).then(|| left as f64 / self.frames_per_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_while_it_runs_and_its_length_is_known() {
        let running = View {
            state: State::Running,
            frames: 250,
            all_frames: Some(1000),
            frames_per_s: 50.0,
            ..View::default()
        };
        assert_eq!((running.left_s(), running.part()), (Some(15.0), Some(0.25)));
        assert_eq!(View { frames: 2000, ..running.clone() }.left_s(), Some(0.0));
        assert_eq!(View { state: State::Stopped, ..running.clone() }.left_s(), None);
        let unknown = View { all_frames: None, ..running };
        assert_eq!((unknown.left_s(), unknown.part()), (None, None));
    }
}
