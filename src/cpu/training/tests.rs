//! The training operations against plain loops in double precision.

use proptest::prelude::*;

use super::{Conv3x3, ConvConfig, Rollout, RolloutConfig, WeightList};

/// Numbers in -1..1, the same for a seed.
fn numbers(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    };
    (0..count).map(next).collect()
}

/// A map in double precision: channels of rows of columns.
#[derive(Clone)]
struct Plain {
    channels: usize,
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Plain {
    fn zeros(channels: usize, rows: usize, columns: usize) -> Self {
        Self { channels, rows, columns, values: vec![0.0; channels * rows * columns] }
    }

    fn at(&self, channel: usize, row: isize, column: isize) -> f64 {
        let inside = (0..self.rows as isize).contains(&row) && (0..self.columns as isize).contains(&column);
        let index = (channel * self.rows) as isize + row;
        if inside { self.values[(index * self.columns as isize + column) as usize] } else { 0.0 }
    }

    fn from(channels: usize, rows: usize, columns: usize, make: impl Fn(usize, isize, isize) -> f64) -> Self {
        let place = |i: usize| (i / (rows * columns), (i / columns % rows) as isize, (i % columns) as isize);
        let values = (0..channels * rows * columns).map(place).map(|(k, y, x)| make(k, y, x)).collect();
        Self { channels, rows, columns, values }
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { values: self.values.iter().map(|&x| f(x)).collect(), ..*self }
    }

    fn stack(parts: &[&Self]) -> Self {
        let values: Vec<f64> = parts.iter().flat_map(|part| part.values.clone()).collect();
        let channels = parts.iter().map(|part| part.channels).sum();
        Self { channels, values, ..*parts[0] }
    }

    fn conv(&self, outputs: usize, kernels: &[f64], biases: &[f64]) -> Self {
        Self::from(outputs, self.rows, self.columns, |o, y, x| {
            let mut sum = biases[o];
            for i in 0..self.channels {
                for tap in 0..9 {
                    let (dy, dx) = (tap as isize / 3 - 1, tap as isize % 3 - 1);
                    sum += kernels[(o * self.channels + i) * 9 + tap] * self.at(i, y + dy, x + dx);
                }
            }
            sum
        })
    }

    fn doubled(&self) -> Self {
        Self::from(self.channels, 2 * self.rows, 2 * self.columns, |k, y, x| self.at(k, y / 2, x / 2))
    }

    fn halved(&self) -> Self {
        Self::from(self.channels, self.rows / 2, self.columns / 2, |k, y, x| {
            let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(dy, dx)| self.at(k, 2 * y + dy, 2 * x + dx));
            four.into_iter().fold(0.0, f64::max)
        })
    }
}

/// The network in plain loops; mean errors `[step][layer]`.
fn reference(config: &RolloutConfig, weights: &[f64], frames: &[f32]) -> Vec<f64> {
    reference_after(config, (0, weights), weights, frames)
}

/// The same with other weights in the first steps.
fn reference_after(
    config: &RolloutConfig,
    (first_steps, first_weights): (usize, &[f64]),
    weights: &[f64],
    frames: &[f32],
) -> Vec<f64> {
    let list = WeightList::new(&config.widths, config.readout);
    let conv_of = |weights: &[f64], x: &Plain, name: &str, layer: usize, outputs: usize| {
        let array = |kind: &str| {
            let name = format!("layer_{name}_{layer}.{kind}");
            let entry = list.entries().iter().find(|entry| entry.name == name).unwrap();
            weights[entry.range.clone()].to_vec()
        };
        x.conv(outputs, &array("weight"), &array("bias"))
    };
    let (layers, widths) = (config.widths.len(), &config.widths);
    let columns = layers + usize::from(config.readout);
    let mut means = vec![0.0; config.steps * columns];
    let frame_len = widths[0] * config.rows * config.columns;
    for image in 0..config.batch {
        let zeros = |k: usize, l: usize| Plain::zeros(k * widths[l], config.rows >> l, config.columns >> l);
        let all = |k| (0..layers).map(|l| zeros(k, l)).collect::<Vec<_>>();
        let (mut r, mut c, mut e) = (all(1), all(1), all(2));
        for step in 0..config.steps {
            let now = if step < first_steps { first_weights } else { weights };
            let conv = |x: &Plain, name: &str, l, outputs| conv_of(now, x, name, l, outputs);
            for l in (0..layers).rev() {
                let above = r.get(l + 1).map(Plain::doubled);
                let parts: Vec<&Plain> = [&r[l], &e[l]].into_iter().chain(above.as_ref()).collect();
                let x = Plain::stack(&parts);
                let gate = |name| conv(&x, name, l, widths[l]).map(|y| (0.2 * y + 0.5).clamp(0.0, 1.0));
                let (i, f, o) = (gate("i"), gate("f"), gate("o"));
                let g = conv(&x, "c", l, widths[l]).map(f64::tanh);
                for (k, cell) in c[l].values.iter_mut().enumerate() {
                    *cell = f.values[k] * *cell + i.values[k] * g.values[k];
                }
                let open = |(k, cell): (usize, &f64)| o.values[k] * cell.tanh();
                r[l].values = c[l].values.iter().enumerate().map(open).collect();
            }
            let first = (image * config.steps + step) * frame_len;
            let mut a = zeros(1, 0);
            a.values = frames[first..first + frame_len].iter().map(|&x| f64::from(x)).collect();
            if config.readout {
                let p = conv(&r[0], "p", 0, widths[0]).map(|y| y.clamp(0.0, 1.0));
                let differences = p.values.iter().zip(&a.values).map(|(p, a)| (p - a).abs());
                let count = (config.batch * 2 * p.values.len()) as f64;
                means[step * columns + layers] += differences.sum::<f64>() / count;
            }
            for l in 0..layers {
                let most = if l == 0 { 1.0 } else { f64::INFINITY };
                let ahat = conv(&r[l], "ahat", l, widths[l]).map(|y| y.clamp(0.0, most));
                let difference = |sign: f64| {
                    let pairs = ahat.values.iter().zip(&a.values);
                    let values = pairs.map(|(p, a)| (sign * (p - a)).max(0.0)).collect();
                    Plain { values, ..a.clone() }
                };
                e[l] = Plain::stack(&[&difference(1.0), &difference(-1.0)]);
                let count = (config.batch * e[l].values.len()) as f64;
                means[step * columns + l] += e[l].values.iter().sum::<f64>() / count;
                if l + 1 < layers {
                    a = conv(&e[l], "a", l, widths[l + 1]).halved();
                }
            }
        }
    }
    means
}

struct Case {
    config: RolloutConfig,
    weights: Vec<f32>,
    frames: Vec<f32>,
    by_errors: Vec<f32>,
}

fn case(seed: u64, widths: &[usize], (rows, columns): (usize, usize), batch: usize, steps: usize) -> Case {
    let config = RolloutConfig {
        widths: widths.to_vec(),
        rows,
        columns,
        batch,
        steps,
        threads: 1 + seed as usize % 2,
        readout: false,
    };
    case_of(seed, config)
}

fn case_of(seed: u64, config: RolloutConfig) -> Case {
    let RolloutConfig { widths, rows, columns, batch, steps, readout, .. } = &config;
    let list = WeightList::new(widths, *readout);
    let mut weights = numbers(seed, list.len());
    for entry in list.entries() {
        let scale = if entry.shape.len() == 4 { (2.0 / (entry.shape[1] * 9) as f32).sqrt() } else { 0.3 };
        weights[entry.range.clone()].iter_mut().for_each(|w| *w *= scale);
        if entry.name == "layer_ahat_0.bias" || entry.name == "layer_p_0.bias" {
            weights[entry.range.clone()].fill(0.45);
        }
    }
    let frames = numbers(seed + 1, batch * steps * widths[0] * rows * columns);
    let frames = frames.into_iter().map(|x| 0.5 + 0.5 * x).collect();
    let by_errors = numbers(seed + 2, steps * (widths.len() + usize::from(*readout)));
    Case { config, weights, frames, by_errors }
}

fn run(case: &Case) -> (Vec<f32>, Vec<f32>) {
    let mut rollout = Rollout::new(&case.config).unwrap();
    let errors = rollout.forward(&case.weights, &case.frames).unwrap().to_vec();
    let mut gradient = vec![f32::NAN; case.weights.len()];
    rollout.backward(&case.by_errors, &mut gradient).unwrap();
    (errors, gradient)
}

/// Errors agree, and along the gradient of every array the loss rises as steeply as the gradient says.
fn check(case: &Case) {
    let (errors, gradient) = run(case);
    let weights: Vec<f64> = case.weights.iter().map(|&w| f64::from(w)).collect();
    let wanted = reference(&case.config, &weights, &case.frames);
    for (ours, theirs) in errors.iter().zip(&wanted) {
        assert!((f64::from(*ours) - theirs).abs() < 1e-5, "{:?}: {ours} {theirs}", case.config);
    }
    let loss = |weights: &[f64]| {
        let errors = reference(&case.config, weights, &case.frames);
        errors.iter().zip(&case.by_errors).map(|(e, by)| e * f64::from(*by)).sum::<f64>()
    };
    check_slopes(&case.config, &weights, &gradient, loss);
}

/// Along the gradient of every array the loss rises as steeply as the gradient says.
fn check_slopes(config: &RolloutConfig, weights: &[f64], gradient: &[f32], loss: impl Fn(&[f64]) -> f64) {
    for entry in WeightList::new(&config.widths, config.readout).entries() {
        let slope = &gradient[entry.range.clone()];
        let length = slope.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        assert!(length.is_finite(), "{}", entry.name);
        let moved = |by: f64| {
            let mut moved = weights.to_vec();
            for (weight, g) in moved[entry.range.clone()].iter_mut().zip(slope) {
                *weight += by * f64::from(*g) / length.max(1e-12);
            }
            loss(&moved)
        };
        let h = 1e-6;
        let steepness = (moved(h) - moved(-h)) / (2.0 * h);
        let allowed = 2e-3 * length + 1e-6;
        assert!((steepness - length).abs() < allowed, "{}: {steepness} {length}", entry.name);
    }
}

#[test]
fn a_tiny_network_is_differentiated() {
    check(&case(1, &[3, 5, 4], (8, 12), 2, 3));
}

#[test]
fn one_layer_is_a_network_too() {
    check(&case(2, &[1], (5, 7), 3, 4));
}

#[test]
fn whole_blocks_and_odd_maps_are_differentiated() {
    check(&case(3, &[1, 8, 16], (12, 20), 1, 3));
}

#[test]
fn wide_pixels_are_differentiated() {
    check(&case(4, &[6, 9], (6, 10), 2, 2));
}

#[test]
fn a_readout_is_differentiated() {
    let widths = vec![3, 5, 4];
    let config =
        RolloutConfig { widths, rows: 8, columns: 12, batch: 2, steps: 3, threads: 2, readout: true };
    check(&case_of(9, config));
}

#[test]
fn one_step_is_enough() {
    check(&case(5, &[3, 4, 5, 6], (16, 8), 1, 1));
}

/// A sequence in two windows gives the errors of the whole, and the gradient is that of the second window with the
/// first left as it was.
#[test]
fn a_sequence_goes_on_in_the_next_window() {
    let (case, window) = (case(8, &[3, 8, 5], (8, 12), 2, 5), 2);
    let config = RolloutConfig { steps: window, ..case.config.clone() };
    let mut rollout = Rollout::new(&config).unwrap();
    let frame = 3 * 8 * 12;
    let frames_of = |steps: std::ops::Range<usize>| -> Vec<f32> {
        let sequences = case.frames.chunks(case.config.steps * frame);
        sequences.flat_map(|frames| frames[steps.start * frame..steps.end * frame].to_vec()).collect()
    };
    rollout.forward(&case.weights, &frames_of(0..2)).unwrap();
    rollout.carry_on();
    let errors = rollout.forward(&case.weights, &frames_of(2..4)).unwrap().to_vec();
    let mut gradient = vec![0.0; case.weights.len()];
    rollout.backward(&case.by_errors[..window * 3], &mut gradient).unwrap();

    let weights: Vec<f64> = case.weights.iter().map(|&w| f64::from(w)).collect();
    let second = |weights_now: &[f64]| {
        let all = reference_after(&case.config, (window, &weights), weights_now, &case.frames);
        all[window * 3..2 * window * 3].to_vec()
    };
    for (ours, theirs) in errors.iter().zip(second(&weights)) {
        assert!((f64::from(*ours) - theirs).abs() < 1e-5, "{ours} {theirs}");
    }
    check_slopes(&case.config, &weights, &gradient, |moved| {
        second(moved).iter().zip(&case.by_errors).map(|(e, by)| e * f64::from(*by)).sum()
    });

    rollout.start_over();
    let again = rollout.forward(&case.weights, &frames_of(0..2)).unwrap().to_vec();
    let fresh = Rollout::new(&config).unwrap().forward(&case.weights, &frames_of(0..2)).unwrap().to_vec();
    assert_eq!(again, fresh);
}

#[test]
fn a_rollout_can_be_repeated_to_the_last_bit() {
    let case = case(6, &[3, 8], (16, 16), 3, 3);
    let mut rollout = Rollout::new(&case.config).unwrap();
    let mut once = || {
        let errors = rollout.forward(&case.weights, &case.frames).unwrap().to_vec();
        let mut gradient = vec![0.0; case.weights.len()];
        rollout.backward(&case.by_errors, &mut gradient).unwrap();
        (errors, gradient)
    };
    let first = once();
    assert_eq!(first, once());
    assert_eq!(first, run(&case));
}

#[test]
fn lengths_and_sizes_that_do_not_fit_are_refused() {
    let case = case(7, &[3, 4], (8, 8), 1, 2);
    let mut rollout = Rollout::new(&case.config).unwrap();
    assert!(rollout.forward(&case.weights[1..], &case.frames).is_err());
    assert!(rollout.forward(&case.weights, &case.frames[1..]).is_err());
    assert!(rollout.backward(&case.by_errors[1..], &mut case.weights.clone()).is_err());
    assert!(rollout.prediction(1, 0).is_none() && rollout.prediction(0, 2).is_none());
    let wrong = |change: fn(&mut RolloutConfig)| {
        let mut config = case.config.clone();
        change(&mut config);
        Rollout::new(&config).is_err()
    };
    assert!(wrong(|config| config.rows = 7) && wrong(|config| config.widths = vec![]));
    assert!(wrong(|config| config.batch = 0) && wrong(|config| config.widths = vec![3, 0]));
}

/// Sum of the products: what a gradient does to a change.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn conv_config() -> impl Strategy<Value = ConvConfig> {
    (1..4_usize, 1..20_usize, 1..20_usize, 1..14_usize, 1..14_usize, 1..4_usize).prop_map(
        |(batch, inputs, outputs, rows, columns, threads)| ConvConfig {
            batch,
            inputs,
            outputs,
            rows,
            columns,
            threads,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The convolution is the plain one; and as it is linear in `x` and in the kernels, its gradients are right when
    /// they give the same products with random changes.
    #[test]
    fn a_convolution_and_its_gradients_are_the_plain_ones(config in conv_config(), seed in 0..1000_u64) {
        let ConvConfig { batch, inputs, outputs, rows, columns, .. } = config;
        let x = numbers(seed, config.input_len());
        let kernels = numbers(seed + 1, config.kernels_len());
        let biases = numbers(seed + 2, outputs);
        let by_y = numbers(seed + 3, config.output_len());
        let plain = |kernels: &[f32], biases: &[f32], x: &[f32]| -> Vec<f32> {
            let double = |values: &[f32]| values.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
            let image = |x: &[f32]| {
                let x = Plain { channels: inputs, rows, columns, values: double(x) };
                x.conv(outputs, &double(kernels), &double(biases)).values
            };
            x.chunks(inputs * rows * columns).flat_map(image).map(|y| y as f32).collect()
        };
        let mut conv = Conv3x3::new(config).unwrap();
        let mut y = vec![0.0; config.output_len()];
        conv.forward(&kernels, &biases, &x, &mut y).unwrap();
        for (ours, theirs) in y.iter().zip(plain(&kernels, &biases, &x)) {
            prop_assert!((ours - theirs).abs() < 2e-4, "{ours} {theirs}");
        }
        let (mut by_x, mut by_kernels) = (vec![0.0; x.len()], vec![0.0; kernels.len()]);
        let mut by_biases = vec![0.0; outputs];
        conv.backward(&kernels, &x, &by_y, (&mut by_x, &mut by_kernels, &mut by_biases)).unwrap();
        let zeros = vec![0.0; outputs];
        for round in 0..4 {
            let dx = numbers(seed + 10 + round, x.len());
            let dk = numbers(seed + 20 + round, kernels.len());
            let allowed = 1e-4 * (config.output_len() as f64 * inputs as f64).sqrt() + 1e-4;
            let (ours, theirs) = (dot(&by_x, &dx), dot(&by_y, &plain(&kernels, &zeros, &dx)));
            prop_assert!((ours - theirs).abs() < allowed, "by x: {ours} {theirs}");
            let (ours, theirs) = (dot(&by_kernels, &dk), dot(&by_y, &plain(&dk, &zeros, &x)));
            prop_assert!((ours - theirs).abs() < allowed, "by kernels: {ours} {theirs}");
        }
        for (channel, ours) in by_biases.iter().enumerate() {
            let planes = by_y.chunks(rows * columns).skip(channel).step_by(outputs);
            let theirs: f64 = planes.flatten().map(|&g| f64::from(g)).sum();
            prop_assert!((f64::from(*ours) - theirs).abs() < 1e-3, "by biases: {ours} {theirs}");
        }
        prop_assert_eq!(batch * outputs * rows * columns, y.len());
    }
}
