//! Which frame comes next under a plan, and how it is got from the source.

use super::{Order, Plan, Taken};
use crate::error::Result;
use crate::frame::Shown;
use crate::stimulus::images::PICTURES_HZ;
use crate::stimulus::{Source, Want};

/// Slowest and fastest grid.
const GRID_HZ: std::ops::RangeInclusive<f64> = 0.001..=100_000.0;

/// What is to be read next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// By the source's own frames; first to the frame last taken, where one is given.
    Frame { from_s: Option<f64>, want: Want },
    /// The k-th place of the grid.
    Grid(u64),
}

impl Step {
    pub(super) fn first(order: &Order) -> Self {
        let Plan::FixedHz(rate_hz) = order.plan else {
            let relative = matches!(order.want, Want::Next | Want::Previous);
            return match order.taken_s.filter(|_| relative) {
                None if relative => Self::Frame { from_s: None, want: Want::Start },
                from_s => Self::Frame { from_s, want: order.want },
            };
        };
        let rate_hz = on_grid(rate_hz);
        let place = |time_s: f64| (time_s.max(0.0) * rate_hz + 1e-6).floor() as u64;
        let taken = order.taken_s.map(place);
        Self::Grid(match (order.want, taken) {
            (Want::At(time_s), _) => place(time_s),
            (Want::Next, Some(taken)) => taken + 1,
            (Want::Previous, Some(taken)) => taken.saturating_sub(1),
            (Want::Start, _) | (Want::Next | Want::Previous, None) => 0,
        })
    }

    /// Reads; returns also the step after this one, `None` at the end.
    pub(super) fn take(self, source: &mut dyn Source, plan: Plan) -> (Taken, Option<Self>) {
        let read = match self {
            Self::Frame { from_s, want } => frame(source, from_s, want),
            Self::Grid(place) => {
                let time_s = place as f64 / rate(plan);
                let shown = source.read(Want::At(time_s));
                shown.map(|shown| shown.map(|shown| Shown { time_s, ..shown }))
            }
        };
        match read {
            Ok(Some(shown)) => {
                let after = match self {
                    Self::Frame { .. } => Self::Frame { from_s: None, want: Want::Next },
                    Self::Grid(place) => Self::Grid(place + 1),
                };
                (Taken::Frame(shown), Some(after))
            }
            Ok(None) => (Taken::End, None),
            Err(error) => (Taken::Failed(error), None),
        }
    }
}

fn frame(source: &mut dyn Source, from_s: Option<f64>, want: Want) -> Result<Option<Shown>> {
    if let Some(time_s) = from_s
        && source.info().seekable
    {
        source.read(Want::At(time_s))?;
    }
    let shown = source.read(want)?;
    match want {
        Want::Previous if shown.is_none() && source.info().seekable => source.read(Want::Start),
        _ => Ok(shown),
    }
}

fn rate(plan: Plan) -> f64 {
    match plan {
        Plan::FixedHz(rate_hz) => on_grid(rate_hz),
        Plan::EveryFrame => 1.0,
    }
}

/// A rate that makes sense: in range, and 10 Hz for NaN.
fn on_grid(rate_hz: f64) -> f64 {
    if rate_hz.is_nan() { PICTURES_HZ } else { rate_hz.clamp(*GRID_HZ.start(), *GRID_HZ.end()) }
}
