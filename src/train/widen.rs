//! A larger network that begins as a smaller one: every channel several times (`Net2WiderNet` of Chen, Goodfellow & Shlens
//! 2016, arXiv 1511.05641).
//!
//! All units of a `PredNet` work channel by channel but for its convolutions. So where each channel is there `n` times and
//! each weight that leaves one of them is an `n`-th, the network computes what the small one did. A little chance in the
//! weights lets the copies part.

use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::prednet::config::Config;
use crate::model::weights::{HostTensor, NamedTensors};

/// The copies' weights differ by this part of themselves (standard deviation).
const CHANCE: f32 = 0.05;

/// The weights of `config` from those of a network of the same layers, each with a whole number of times fewer channels.
///
/// # Errors
/// [`Kind::Mismatch`] when the channels are no multiples.
pub(super) fn widened(small: &NamedTensors, from: &Config, to: &Config, seed: u64) -> Result<NamedTensors> {
    let fits = from.readout == to.readout
        && from.widths.len() == to.widths.len()
        && from.widths.iter().zip(&to.widths).all(|(from, to)| to.is_multiple_of(*from));
    if !fits {
        let what = format!("a network of {:?} channels cannot become one of {:?}", from.widths, to.widths);
        return Err(Error::new(Kind::Mismatch, what)
            .advise("Give each layer as many channels as the file's network has, or a multiple"));
    }
    let mut random = Random::new(seed, u64::MAX);
    let mut large = NamedTensors::new();
    for (name, shape) in to.shapes() {
        let missing = || Error::new(Kind::Mismatch, format!("{name} is missing"));
        let tensor = small.get(&name).ok_or_else(missing)?;
        let values = if shape.len() == 1 {
            (0..shape[0]).map(|output| tensor.values[output % tensor.shape[0]]).collect()
        } else {
            let groups = groups(&name, from, to);
            kernels(tensor, shape[0], &groups, &mut random)
        };
        large.insert(name, HostTensor { shape, values });
    }
    Ok(large)
}

/// Channels of each group of inputs, in the small network and in the large one.
fn groups(name: &str, from: &Config, to: &Config) -> Vec<(usize, usize)> {
    let layer: usize = name.split(['_', '.']).nth(2).and_then(|layer| layer.parse().ok()).unwrap_or(0);
    let channels = |layer: usize| from.widths.get(layer).copied().zip(to.widths.get(layer).copied());
    let own = channels(layer).into_iter();
    match name.split('_').nth(1) {
        // R, or both halves of E.
        Some("ahat" | "p") => own.collect(),
        Some("a") => own.clone().chain(own).collect(),
        // R, both halves of E, R above.
        _ => own.clone().chain(own.clone()).chain(own).chain(channels(layer + 1)).collect(),
    }
}

fn kernels(small: &HostTensor, outputs: usize, groups: &[(usize, usize)], random: &mut Random) -> Vec<f32> {
    const TAPS: usize = 9;
    let inputs: usize = groups.iter().map(|(from, _)| from).sum();
    let mut values = Vec::new();
    for output in 0..outputs {
        let row = output % small.shape[0] * inputs;
        let mut first = 0;
        for &(from, to) in groups {
            let times = (to / from) as f32;
            for input in 0..to {
                let start = (row + first + input % from) * TAPS;
                for value in &small.values[start..start + TAPS] {
                    // What is there once stays as it was.
                    let chance = if to == from { 0.0 } else { CHANCE * random.normal() };
                    values.push(value / times * (1.0 + chance));
                }
            }
            first += from;
        }
    }
    values
}
