//! Saved states along the way, so that a recurrent network can be put back to an earlier frame.

use std::collections::VecDeque;

use crate::model::SavedState;

/// Steps between two checkpoints.
const EVERY_STEPS: u64 = 5;
/// Memory that all checkpoints together may take, in bytes.
const BUDGET_BYTES: usize = 48 * 1024 * 1024;

/// The network's state after it saw the frame at `time_s`.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub(super) time_s: f64,
    pub(super) step: u64,
    pub(super) state: SavedState,
}

/// A bounded row of checkpoints in order of time.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    row: VecDeque<Checkpoint>,
}

impl Checkpoints {
    /// Keeps the state after every few steps; the oldest goes when the budget is spent.
    pub(super) fn offer(&mut self, time_s: f64, step: u64, state: impl FnOnce() -> SavedState) {
        if !step.is_multiple_of(EVERY_STEPS) || self.row.back().is_some_and(|last| last.time_s >= time_s) {
            return;
        }
        let state = state();
        let bytes: usize =
            state.activities.iter().map(|part| part.dims().iter().product::<usize>() * 4).sum();
        let room = (BUDGET_BYTES / bytes.max(1)).max(2);
        while self.row.len() >= room {
            self.row.pop_front();
        }
        self.row.push_back(Checkpoint { time_s, step, state });
    }

    /// The latest checkpoint before `time_s`.
    pub(super) fn before(&self, time_s: f64) -> Option<&Checkpoint> {
        self.row.iter().rev().find(|checkpoint| checkpoint.time_s < time_s - 1e-9)
    }

    /// Forgets what lies at or after `time_s`.
    pub(super) fn truncate(&mut self, time_s: f64) {
        while self.row.back().is_some_and(|last| last.time_s >= time_s - 1e-9) {
            self.row.pop_back();
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.row.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_earlier_state_is_found_and_later_ones_are_forgotten() {
        let mut checkpoints = Checkpoints::default();
        for step in 0..21 {
            checkpoints.offer(step as f64 * 0.1, step, SavedState::default);
        }
        assert_eq!(checkpoints.before(1.7).map(|found| found.step), Some(15));
        assert_eq!(checkpoints.before(1.5).map(|found| found.step), Some(10));
        checkpoints.truncate(1.0);
        assert_eq!(checkpoints.before(9.0).map(|found| found.step), Some(5));
    }
}
