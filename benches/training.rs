//! A training step of PredNet, forward and backward through time, 4 sequences of 10 frames, on two threads:
//! `cargo bench --bench training`. Beside it: `python scripts/bench/train_torch.py small` (or `full`).

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot start should stop")]

use criterion::{Criterion, criterion_group, criterion_main};
use percept::cpu::training::{Rollout, RolloutConfig};
use percept::model::prednet::init::SplitMix64;

fn step(c: &mut Criterion, name: &str, widths: &[usize], (rows, columns): (usize, usize)) {
    let (batch, steps, threads) = (4, 10, 2);
    let config =
        RolloutConfig { widths: widths.to_vec(), rows, columns, batch, steps, threads, readout: false };
    let mut rollout = Rollout::new(&config).unwrap();
    let mut random = SplitMix64::new(1);
    let mut weights = vec![0.0; rollout.weight_list().len()];
    for entry in rollout.weight_list().entries().iter().filter(|entry| entry.shape.len() == 4) {
        let bound = (6.0 / ((entry.shape[0] + entry.shape[1]) * 9) as f32).sqrt();
        weights[entry.range.clone()].fill_with(|| bound * (2.0 * random.next_unit() - 1.0));
    }
    let count = batch * steps * widths[0] * rows * columns;
    let frames: Vec<f32> = (0..count).map(|_| random.next_unit()).collect();
    let mut gradient = vec![0.0; weights.len()];
    // The loss is the mean error of the pixels over all frames.
    let of = |index: usize| if index.is_multiple_of(widths.len()) { 1.0 / steps as f32 } else { 0.0 };
    let by_errors: Vec<f32> = (0..steps * widths.len()).map(of).collect();
    c.benchmark_group("training step").sample_size(10).bench_function(name, |bench| {
        bench.iter(|| {
            rollout.forward(&weights, &frames).unwrap();
            rollout.backward(&by_errors, &mut gradient).unwrap();
        });
    });
}

fn steps(c: &mut Criterion) {
    step(c, "(3,16,32,64) at 80x64", &[3, 16, 32, 64], (64, 80));
    step(c, "(3,48,96,192) at 160x128", &[3, 48, 96, 192], (128, 160));
}

criterion_group!(benches, steps);
criterion_main!(benches);
