//! Weights of a network that has learned nothing: random, but the same on every machine for a seed.

use crate::model::prednet::config::Config;
use crate::model::weights::{HostTensor, NamedTensors};

/// Bias of the pixel prediction at the start, about the mean of a picture: with zero its rectifier can die
/// in the first steps of training.
const PIXEL_BIAS: f32 = 0.45;

/// `SplitMix64` (Steele, Lea & Flood 2014): a few integer operations, alike on every platform.
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A stream of numbers for `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The next number in 0..1, on a grid of 2^-24, so that it is exact as an `f32`.
    pub fn next_unit(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }
}

/// Untrained weights: kernels uniform after Glorot & Bengio (2010), biases zero but for the pixels'.
#[must_use]
pub fn untrained(config: &Config, seed: u64) -> NamedTensors {
    let mut random = SplitMix64::new(seed);
    let shapes = config.shapes();
    shapes
        .into_iter()
        .map(|(name, shape)| {
            let count: usize = shape.iter().product();
            let values = match shape.as_slice() {
                &[to, from, rows, columns] => {
                    let bound = (6.0 / ((from + to) * rows * columns) as f32).sqrt();
                    (0..count).map(|_| (2.0 * random.next_unit() - 1.0) * bound).collect()
                }
                _ if name == "layer_ahat_0.bias" || name == "layer_p_0.bias" => vec![PIXEL_BIAS; count],
                _ => vec![0.0; count],
            };
            (name, HostTensor { shape, values })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn kernels_fill_their_range_evenly() {
        let config = Config::new(vec![3, 16, 32]).unwrap();
        let kernel = &untrained(&config, 1)["layer_f_1.weight"];
        let bound = (6.0_f32 / ((80 + 16) * 9) as f32).sqrt();
        let count = kernel.values.len() as f32;
        let mean: f32 = kernel.values.iter().sum::<f32>() / count;
        let square: f32 = kernel.values.iter().map(|v| v * v).sum::<f32>() / count;
        assert!(kernel.values.iter().all(|v| v.abs() <= bound));
        assert!(mean.abs() < 0.02 * bound, "{mean}");
        assert!((square * 3.0 / (bound * bound) - 1.0).abs() < 0.05, "{square}");
    }
}
