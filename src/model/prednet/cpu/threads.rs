//! How many threads take part: found by measuring, for on a machine with other work more are not always faster.

/// Steps that each number of threads gets; the fastest of them counts.
const TRIES: usize = 3;

/// Steps that are not measured, at the start.
const WARM_UP: usize = 2;

/// Steps over which the time is watched once the choice is made.
const WATCHED: usize = 32;

/// So much slower than when it was chosen is a reason to measure again.
const SLOWER: f64 = 1.6;

/// The choice as it stands.
#[derive(Debug)]
pub(super) struct Choice {
    /// The numbers to try, most first.
    candidates: Vec<usize>,
    /// The fastest step of each that was tried.
    best_ms: Vec<f64>,
    steps: usize,
    chosen: Option<(usize, f64)>,
    /// The fastest step since the watch began.
    watched_ms: f64,
}

impl Choice {
    /// Up to `most` threads.
    pub(super) fn new(most: usize) -> Self {
        let mut candidates = vec![most.max(1)];
        while let Some(&last) = candidates.last().filter(|&&last| last > 1) {
            candidates.push(last / 2);
        }
        Self { candidates, best_ms: Vec::new(), steps: 0, chosen: None, watched_ms: f64::INFINITY }
    }

    /// Takes the time of a whole step and says how many threads the next one should have.
    pub(super) fn next(&mut self, took_ms: f64) -> usize {
        self.steps += 1;
        match self.chosen {
            Some((threads, chosen_ms)) => self.watch(threads, chosen_ms, took_ms),
            None => self.try_out(took_ms),
        }
    }

    fn try_out(&mut self, took_ms: f64) -> usize {
        let most = self.candidates[0];
        let Some(measured) = self.steps.checked_sub(WARM_UP + 1) else { return most };
        let index = measured / TRIES;
        if index == self.best_ms.len() {
            self.best_ms.push(took_ms);
        } else if let Some(best) = self.best_ms.last_mut() {
            *best = best.min(took_ms);
        }
        let next = (measured + 1) / TRIES;
        if let Some(&threads) = self.candidates.get(next) {
            return threads;
        }
        let fastest = self.candidates.iter().zip(&self.best_ms).min_by(|a, b| a.1.total_cmp(b.1));
        let (&threads, &took_ms) = fastest.unwrap_or((&most, &took_ms));
        tracing::debug!("{threads} threads: {took_ms:.2} ms a step");
        self.chosen = Some((threads, took_ms));
        self.steps = 0;
        threads
    }

    fn watch(&mut self, threads: usize, chosen_ms: f64, took_ms: f64) -> usize {
        self.watched_ms = self.watched_ms.min(took_ms);
        if self.steps < WATCHED {
            return threads;
        }
        let much_slower = self.watched_ms > SLOWER * chosen_ms;
        self.steps = 0;
        self.watched_ms = f64::INFINITY;
        if much_slower {
            self.chosen = None;
            self.best_ms.clear();
            return self.candidates[0];
        }
        threads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets the choice run on a machine where `ms(threads)` is the time of a step.
    fn settle(choice: &mut Choice, mut threads: usize, steps: usize, ms: impl Fn(usize) -> f64) -> usize {
        for _ in 0..steps {
            threads = choice.next(ms(threads));
        }
        threads
    }

    #[test]
    fn the_fastest_number_is_kept() {
        let mut choice = Choice::new(8);
        assert_eq!(settle(&mut choice, 8, 100, |threads| 80.0 / threads as f64), 8);
        let mut choice = Choice::new(8);
        assert_eq!(settle(&mut choice, 8, 100, |threads| (threads as f64 - 2.0).abs() + 1.0), 2);
        assert_eq!(settle(&mut Choice::new(1), 1, 100, |_| 1.0), 1);
    }

    #[test]
    fn a_machine_that_became_busy_is_measured_again() {
        let mut choice = Choice::new(2);
        assert_eq!(settle(&mut choice, 2, 50, |threads| 20.0 / threads as f64), 2);
        assert_eq!(settle(&mut choice, 2, 100, |threads| 20.0 * (threads * threads) as f64), 1);
    }
}
