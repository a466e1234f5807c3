//! One measured part: how long it took, again and again, and how much the times differ.

use std::time::{Duration, Instant};

use super::Section;
use crate::error::Result;

/// Fewest repetitions, however long one takes.
const FEWEST: usize = 5;

/// How often something is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Repetitions that are not counted: caches fill, shaders are compiled, threads start.
    pub warm: usize,
    /// Repetitions that are.
    pub count: usize,
    /// After this time no more are begun, once there are five.
    pub limit: Duration,
}

impl Effort {
    /// Enough for a median that does not move much.
    pub const FULL: Self = Self { warm: 5, count: 100, limit: Duration::from_secs(8) };
    /// Enough to see that everything works.
    pub const QUICK: Self = Self { warm: 1, count: 10, limit: Duration::from_millis(400) };

    /// Whether one more repetition is to be made after `done` of them, begun at `start`.
    pub fn goes_on(&self, done: usize, start: Instant) -> bool {
        done < FEWEST.min(self.count) || (done < self.count && start.elapsed() < self.limit)
    }
}

/// Where the times of all repetitions lie, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Spread {
    /// Half of them were shorter.
    pub median_ms: f64,
    /// A tenth of them were shorter.
    pub p10_ms: f64,
    /// Nine tenths of them were shorter.
    pub p90_ms: f64,
    /// The shortest.
    pub min_ms: f64,
    /// The longest.
    pub max_ms: f64,
    /// How many there were.
    pub count: usize,
}

/// One measured part.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Figure {
    /// Which stretch of the way it belongs to.
    pub section: Section,
    /// Short name, the same in every run.
    pub name: String,
    /// What was done.
    pub about: String,
    /// How long it took.
    #[serde(flatten)]
    pub spread: Spread,
    /// Processor time of all threads together, mean of a repetition, where the system tells: it counts the
    /// work alone where the machine is busy with something else.
    pub cpu_ms: Option<f64>,
    /// Every single time in the order in which it was taken, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times_ms: Vec<f64>,
}

impl Spread {
    /// Of times in milliseconds, in any order.
    pub fn of(times_ms: &[f64]) -> Self {
        let mut times_ms = times_ms.to_vec();
        times_ms.sort_by(f64::total_cmp);
        let last = times_ms.len().saturating_sub(1) as f64;
        let at = |share: f64| times_ms.get((share * last).round() as usize).copied().unwrap_or_default();
        Self {
            median_ms: at(0.5),
            p10_ms: at(0.1),
            p90_ms: at(0.9),
            min_ms: at(0.0),
            max_ms: at(1.0),
            count: times_ms.len(),
        }
    }
}

/// Milliseconds since `start`.
pub(super) fn since_ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Times `work`: how long each repetition took, and the processor time of one on average.
///
/// # Errors
/// Those of `work`.
pub(super) fn measure(
    effort: Effort,
    mut work: impl FnMut() -> Result<()>,
) -> Result<(Vec<f64>, Option<f64>)> {
    for _ in 0..effort.warm {
        work()?;
    }
    let (mut times_ms, start, cpu) = (Vec::with_capacity(effort.count), Instant::now(), cpu_time_ms());
    while effort.goes_on(times_ms.len(), start) {
        let begun = Instant::now();
        work()?;
        times_ms.push(since_ms(begun));
    }
    let each = per_repetition(cpu, times_ms.len());
    Ok((times_ms, each))
}

/// Processor time since `before` for each of `count` repetitions.
pub(super) fn per_repetition(before: Option<f64>, count: usize) -> Option<f64> {
    Some((cpu_time_ms()? - before?).max(0.0) / count.max(1) as f64)
}

/// Processor time of all living threads of this program, in milliseconds. Linux keeps it to the nanosecond;
/// other systems are not asked.
pub(super) fn cpu_time_ms() -> Option<f64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let of_task = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    let nanoseconds: f64 = tasks.flatten().filter_map(of_task).sum();
    (nanoseconds > 0.0).then_some(nanoseconds / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_of_the_sorted_times() {
        let spread = Spread::of(&(0..=100).rev().map(f64::from).collect::<Vec<_>>());
        assert_eq!((spread.min_ms, spread.p10_ms, spread.median_ms), (0.0, 10.0, 50.0));
        assert_eq!((spread.p90_ms, spread.max_ms, spread.count), (90.0, 100.0, 101));
        assert_eq!(Spread::of(&[3.0]).p90_ms, 3.0);
        assert_eq!(Spread::of(&[]), Spread::default());
    }

    #[test]
    fn the_first_repetitions_do_not_count_and_the_slow_are_cut_short() {
        let effort = Effort { warm: 2, count: 40, limit: Duration::ZERO };
        let mut calls = 0;
        let (times_ms, _) = measure(effort, || {
            calls += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!((calls, times_ms.len()), (2 + FEWEST, FEWEST));
    }

    #[test]
    fn a_failure_ends_it() {
        let broken = || Err(crate::error::Error::new(crate::error::Kind::Internal, "no"));
        assert!(measure(Effort::QUICK, broken).is_err());
    }
}
