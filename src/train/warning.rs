//! What a training should be told to people for.

use std::fmt;

use super::log::Row;

/// Mean of the pixel prediction below which its rectifier has died.
const DEAD: f32 = 0.02;

/// Something that makes a training not worth its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Warning {
    /// The prediction is black; its mean.
    Black(f32),
    /// The prediction is no better than copying the last frame; errors of both.
    NoBetter(f64, f64),
}

impl Warning {
    /// What there is to say of a line of the log, in a training of so many frames.
    #[must_use]
    pub fn of(row: &Row, all_frames: u64) -> Option<Self> {
        if row.mean_a_hat0 < DEAD {
            Some(Self::Black(row.mean_a_hat0))
        } else if row.error > row.copy_error && row.frames > all_frames / 10 {
            Some(Self::NoBetter(row.error, row.copy_error))
        } else {
            None
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Black(mean) => write!(
                f,
                "the prediction is black (mean {mean:.3}): its rectifier has died; begin again with another seed"
            ),
            Self::NoBetter(error, copy) => {
                write!(
                    f,
                    "the prediction is no better than copying the last frame ({error:.4} and {copy:.4})"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_black_prediction_and_one_that_does_not_learn_are_told() {
        let row = |mean_a_hat0: f32, error: f64, frames: u64| Row {
            frames,
            updates: 1,
            error,
            copy_error: 0.1,
            loss: error,
            gradient_norm: 1.0,
            mean_a_hat0,
            rate: 1e-3,
            frames_per_s: 10.0,
        };
        assert_eq!(Warning::of(&row(0.01, 0.2, 5), 1000), Some(Warning::Black(0.01)));
        assert_eq!(Warning::of(&row(0.4, 0.2, 5), 1000), None, "at first nothing is as good as copying");
        assert_eq!(Warning::of(&row(0.4, 0.2, 500), 1000), Some(Warning::NoBetter(0.2, 0.1)));
        assert_eq!(Warning::of(&row(0.4, 0.05, 500), 1000), None);
    }
}
