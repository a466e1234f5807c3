//! Chance for a diet: the same for a seed on every machine.

use std::ops::RangeInclusive;

use crate::model::prednet::init::SplitMix64;

/// A stream of random numbers with what a diet asks of it.
#[derive(Clone, Debug)]
pub struct Random(SplitMix64);

impl Random {
    /// The stream number `index` of `seed`: streams of one seed have nothing to do with each other.
    #[must_use]
    pub fn new(seed: u64, index: u64) -> Self {
        let mut first = SplitMix64::new(seed);
        let mut second = SplitMix64::new(first.next_u64() ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(SplitMix64::new(second.next_u64()))
    }

    /// Evenly in 0..1.
    pub fn unit(&mut self) -> f32 {
        self.0.next_unit()
    }

    /// Evenly between two values.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Evenly in a range of the recipe.
    pub fn within(&mut self, range: [f32; 2]) -> f32 {
        self.between(range[0], range[1])
    }

    /// Between two positive values, every octave alike.
    pub fn log_within(&mut self, range: [f32; 2]) -> f32 {
        self.between(range[0].ln(), range[1].ln()).exp()
    }

    /// A whole number of `0..count`; 0 for none.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.0.next_u64() >> 32) as usize * count) >> 32
    }

    /// A whole number of the range.
    pub fn whole(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + self.below(1 + range.end().saturating_sub(*range.start()))
    }

    /// Whether something happens that does so with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Of mean 0 and standard deviation 1: the sum of four even numbers (excess kurtosis -0.3, and none above 3.5).
    pub fn normal(&mut self) -> f32 {
        let bits = self.0.next_u64();
        let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xFFFF).sum();
        // Four numbers of variance 1/12 have one of 1/3.
        (sum as f32 / 65_536.0 - 2.0 + 2.0 / 65_536.0) * 3.0_f32.sqrt()
    }

    /// A direction: a unit vector.
    pub fn direction(&mut self) -> [f32; 2] {
        let (y, x) = self.between(0.0, std::f32::consts::TAU).sin_cos();
        [x, y]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_as_they_should_be() {
        let mut random = Random::new(3, 5);
        let (mut sum, mut square, mut counts) = (0.0, 0.0, [0; 5]);
        for _ in 0..20_000 {
            let value = f64::from(random.normal());
            sum += value;
            square += value * value;
            counts[random.whole(2..=6) - 2] += 1;
            assert!((0.3..=6.0).contains(&random.log_within([0.3, 6.0])));
        }
        assert!((sum / 20_000.0).abs() < 0.03 && (square / 20_000.0 - 1.0).abs() < 0.03, "{sum} {square}");
        assert!(counts.iter().all(|count| (3700..4300).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn streams_are_repeatable_and_different() {
        let first = |seed, index| Random::new(seed, index).unit();
        assert_eq!(first(1, 2), first(1, 2));
        assert!(first(1, 2) != first(1, 3) && first(1, 2) != first(2, 2));
    }
}
