//! The training operations against the network that is shown, and against burn's own differentiation of it.

use burn::tensor::activation::{relu, tanh};
use burn::tensor::module::{conv2d, interpolate, max_pool2d};
use burn::tensor::ops::{ConvOptions, InterpolateMode, InterpolateOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::graphics::DeviceRollout;
use super::ops::{RolloutSession, conv3x3, flatten};
use crate::cpu::training::{Rollout, RolloutConfig};
use crate::model::prednet::PredNet;
use crate::model::prednet::config::Config;
use crate::model::prednet::init::{SplitMix64, untrained};
use crate::model::weights::NamedTensors;
use crate::model::{Model, ModelCard};
use crate::units::PixelSize;

fn uniform(seed: u64, count: usize) -> Vec<f32> {
    let mut random = SplitMix64::new(seed);
    (0..count).map(|_| random.next_unit()).collect()
}

/// Untrained kernels, somewhat stronger, and biases that are not zero.
fn weights(widths: &[usize], seed: u64) -> NamedTensors {
    let mut weights = untrained(&Config::new(widths.to_vec()).unwrap(), seed);
    let mut random = SplitMix64::new(seed + 100);
    for (name, tensor) in &mut weights {
        let bias = tensor.shape.len() == 1 && name != "layer_ahat_0.bias";
        for value in &mut tensor.values {
            *value = if bias { 0.4 * (random.next_unit() - 0.5) } else { 1.5 * *value };
        }
    }
    weights
}

fn config(widths: &[usize], (rows, columns): (usize, usize), batch: usize, steps: usize) -> RolloutConfig {
    RolloutConfig { widths: widths.to_vec(), rows, columns, batch, steps, threads: 2, readout: false }
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().unwrap()
}

#[test]
fn a_rollout_sees_what_the_network_sees() {
    for (widths, size, batch) in
        [(vec![3, 16, 8], (16, 24), 3), (vec![3, 5, 7, 4], (24, 40), 2), (vec![3], (9, 11), 1)]
    {
        let steps = 10;
        let config = config(&widths, size, batch, steps);
        let named = weights(&widths, 3);
        let mut rollout = Rollout::new(&config).unwrap();
        let list: Vec<f32> =
            rollout.weight_list().entries().iter().flat_map(|e| named[&e.name].values.clone()).collect();
        let frame_len = 3 * size.0 * size.1;
        let frames = uniform(8, batch * steps * frame_len);
        let errors = rollout.forward(&list, &frames).unwrap().to_vec();

        let device = Device::flex();
        let pixels = PixelSize::new(size.1 as u32, size.0 as u32);
        let mut means = vec![0.0; errors.len()];
        for image in 0..batch {
            let shape = Config::new(widths.clone()).unwrap();
            let mut net = PredNet::new(ModelCard::default(), shape, &named, pixels, &device).unwrap();
            for step in 0..steps {
                let at = (image * steps + step) * frame_len;
                let data = TensorData::new(frames[at..at + frame_len].to_vec(), [1, 3, size.0, size.1]);
                let response = net.step(Some(Tensor::from_data(data, &device))).unwrap();
                let seen = rollout.prediction(image, step).unwrap();
                let wanted = values(response.tensor(1).unwrap().flatten(0, 3));
                let worst = seen.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst < 1e-4, "{widths:?} image {image} step {step}: {worst}");
                for layer in 0..widths.len() {
                    let e = response.tensor(5 * layer + 2).unwrap();
                    means[step * widths.len() + layer] += e.mean().into_scalar::<f32>() / batch as f32;
                }
            }
        }
        for (ours, theirs) in errors.iter().zip(&means) {
            assert!((ours - theirs).abs() < 1e-5, "{widths:?}: {ours} {theirs}");
        }
    }
}

/// The network in burn's own operations, from parts in the order of the list: mean errors `[step, layer]`.
fn plain(widths: &[usize], frames: &Tensor<5>, parts: &[Tensor<1>]) -> Tensor<2> {
    let [batch, steps, channels, rows, columns] = frames.dims();
    let device = frames.device();
    let mut at = 0;
    let mut next = |count: usize| {
        at += count;
        parts[at - count..at].to_vec()
    };
    let mut layers = Vec::new();
    for (l, &width) in widths.iter().enumerate() {
        let above = widths.get(l + 1).copied();
        let mut conv = |names: usize, from: usize, to: usize| {
            let kernels: Vec<Tensor<4>> =
                next(names).into_iter().map(|part| part.reshape([to, from, 3, 3])).collect();
            (Tensor::cat(kernels, 0), Tensor::cat(next(names), 0))
        };
        let gates = conv(4, 3 * width + above.unwrap_or(0), width);
        let ahat = conv(1, width, width);
        let a = above.map(|above| conv(1, 2 * width, above));
        layers.push((gates, ahat, a));
    }
    let apply = |x: Tensor<4>, (kernels, biases): &(Tensor<4>, Tensor<1>)| {
        conv2d(x, kernels.clone(), Some(biases.clone()), ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
    };
    let zeros = |times: usize, l: usize| {
        Tensor::<4>::zeros([batch, times * widths[l], rows >> l, columns >> l], &device)
    };
    let all = |times| (0..widths.len()).map(|l| zeros(times, l)).collect::<Vec<_>>();
    let (mut r, mut c, mut e) = (all(1), all(1), all(2));
    let mut means = Vec::new();
    for step in 0..steps {
        for l in (0..widths.len()).rev() {
            let mut inputs = vec![r[l].clone(), e[l].clone()];
            if let Some(above) = r.get(l + 1) {
                let double = InterpolateOptions::new(InterpolateMode::Nearest).with_scale_factor([2.0, 2.0]);
                inputs.push(interpolate(above.clone(), double));
            }
            let y = apply(Tensor::cat(inputs, 1), &layers[l].0);
            let part = |index| y.clone().narrow(1, index * widths[l], widths[l]);
            let open = |index| (part(index) * 0.2 + 0.5).clamp(0.0, 1.0);
            c[l] = open(1) * c[l].clone() + open(0) * tanh(part(3));
            r[l] = open(2) * tanh(c[l].clone());
        }
        let mut a = frames.clone().narrow(1, step, 1).reshape([
            batch as i32,
            channels as i32,
            rows as i32,
            columns as i32,
        ]);
        for l in 0..widths.len() {
            let ahat = relu(apply(r[l].clone(), &layers[l].1));
            let ahat = if l == 0 { ahat.clamp_max(1.0) } else { ahat };
            let difference = ahat - a.clone();
            e[l] = Tensor::cat(vec![relu(difference.clone()), relu(-difference)], 1);
            means.push(e[l].clone().mean());
            if let Some(up) = &layers[l].2 {
                a = relu(max_pool2d(apply(e[l].clone(), up), MaxPoolOptions::new([2, 2])));
            }
        }
    }
    Tensor::cat(means, 0).reshape([steps as i32, widths.len() as i32])
}

#[test]
fn burn_differentiates_a_rollout_as_its_own_operations() {
    for (widths, size, batch, steps) in
        [(vec![3, 8, 5], (16, 12), 3, 4), (vec![1, 6], (10, 14), 2, 3), (vec![3, 16, 4, 4], (16, 24), 2, 3)]
    {
        let session = RolloutSession::new(config(&widths, size, batch, steps)).unwrap();
        let (list, named) = (session.weights(), weights(&widths, 5));
        let device = Device::flex().autodiff();
        let leaves = || -> Vec<Tensor<1>> {
            let entries = list.entries().iter();
            entries
                .map(|entry| {
                    Tensor::from_floats(named[&entry.name].values.as_slice(), &device).require_grad()
                })
                .collect()
        };
        let count = batch * steps * widths[0] * size.0 * size.1;
        let data = TensorData::new(uniform(9, count), [batch, steps, widths[0], size.0, size.1]);
        let frames = Tensor::<5>::from_data(data, &device);
        let weighting = Tensor::<2>::from_data(
            TensorData::new(uniform(10, steps * widths.len()), [steps, widths.len()]),
            &device,
        );
        let (ours, theirs) = (leaves(), leaves());
        let errors = session.errors(frames.clone(), flatten(&list, ours.clone()).unwrap()).unwrap();
        // A pass in between: the first one's gradient must still be its own.
        let other = flatten(&list, leaves()).unwrap() * 0.5;
        drop(session.errors(frames.clone(), other).unwrap());
        let expected = plain(&widths, &frames, &theirs);
        let far = (errors.clone() - expected.clone()).abs().max().into_scalar::<f32>();
        assert!(far < 1e-5, "{widths:?}: errors differ by {far}");
        let grads = (errors * weighting.clone()).sum().backward();
        session.check().unwrap();
        let expected_grads = (expected * weighting).sum().backward();
        for ((entry, ours), theirs) in list.entries().iter().zip(&ours).zip(&theirs) {
            let (ours, theirs) = (ours.grad(&grads).unwrap(), theirs.grad(&expected_grads).unwrap());
            let largest = theirs.clone().abs().max().into_scalar::<f32>();
            let far = (ours - theirs).abs().max().into_scalar::<f32>();
            assert!(far < 1e-4 * largest + 1e-7, "{widths:?} {}: {far} of {largest}", entry.name);
        }
    }
}

/// Two windows, the second carried on from the first, with and without a readout, on the processor and on `device`.
fn device_beside_engine(device: &Device, widths: &[usize], size: (usize, usize), readout: bool) {
    let config = RolloutConfig { readout, ..config(widths, size, 2, 3) };
    let mut engine = Rollout::new(&config).unwrap();
    let mut other = DeviceRollout::new(&config, device);
    let named = {
        let config = Config { readout, ..Config::new(widths.to_vec()).unwrap() };
        untrained(&config, 4)
    };
    let entries = engine.weight_list().entries().iter();
    let list: Vec<f32> = entries.flat_map(|entry| named[&entry.name].values.clone()).collect();
    assert_eq!(engine.weight_list(), other.weight_list());
    let columns = widths.len() + usize::from(readout);
    for window in 0..3 {
        let frames = uniform(20 + window, 2 * 3 * widths[0] * size.0 * size.1);
        if window == 1 {
            engine.carry_on();
            other.carry_on();
        } else {
            engine.start_over();
            other.start_over();
        }
        let errors = engine.forward(&list, &frames).unwrap().to_vec();
        let others = other.forward(&list, &frames).unwrap();
        let near = |a: &[f32], b: &[f32], by: f32| a.iter().zip(b).all(|(a, b)| (a - b).abs() < by);
        assert!(errors.len() == others.len() && near(&errors, &others, 1e-5), "{errors:?} {others:?}");
        let (seen, wanted) = (other.prediction(1, 2).unwrap(), engine.prediction(1, 2).unwrap());
        assert!(seen.len() == wanted.len() && near(&seen, &wanted, 1e-4));
        assert!(other.prediction(2, 0).is_none() && other.prediction(0, 3).is_none());
        let by = uniform(30 + window, 3 * columns);
        let (mut gradient, mut others) = (vec![0.0; list.len()], vec![1.0; list.len()]);
        engine.backward(&by, &mut gradient).unwrap();
        other.backward(&by, &mut others).unwrap();
        let largest = gradient.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        assert!(near(&gradient, &others, 1e-4 * largest + 1e-7), "{widths:?} window {window}");
        assert!(other.backward(&by, &mut others).is_err(), "its traces are used up");
    }
    assert!(other.forward(&list[1..], &[]).is_err());
}

#[test]
fn a_device_of_burn_learns_as_the_engine_does() {
    let device = Device::flex();
    device_beside_engine(&device, &[3, 8, 5], (16, 12), false);
    device_beside_engine(&device, &[1, 6], (10, 14), true);
}

#[test]
fn a_graphics_device_learns_as_the_engine_does() {
    let Ok(gpu) = crate::gpu::Gpu::headless() else {
        println!("skipped: no graphics adapter here");
        return;
    };
    let compute = crate::gpu::Compute::choose(crate::gpu::DeviceChoice::Gpu, Some(&gpu)).unwrap();
    device_beside_engine(&compute.burn, &[3, 4], (8, 8), false);
}

#[test]
fn burn_differentiates_a_convolution_as_its_own() {
    let device = Device::flex().autodiff();
    let tensor = |seed, shape: [usize; 4]| {
        let data = TensorData::new(uniform(seed, shape.iter().product()), shape);
        Tensor::<4>::from_data(data, &device).require_grad()
    };
    let (x, kernels) = (tensor(1, [3, 5, 9, 10]), tensor(2, [11, 5, 3, 3]));
    let biases = Tensor::<1>::from_floats(uniform(3, 11).as_slice(), &device).require_grad();
    let weighting = tensor(4, [3, 11, 9, 10]).detach();
    let same = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let ours = conv3x3(x.clone(), kernels.clone(), biases.clone(), 2).unwrap();
    let theirs = conv2d(x.clone(), kernels.clone(), Some(biases.clone()), same);
    assert!((ours.clone() - theirs.clone()).abs().max().into_scalar::<f32>() < 1e-4);
    let (ours, theirs) = ((ours * weighting.clone()).sum().backward(), (theirs * weighting).sum().backward());
    let far = |ours: Tensor<1>, theirs: Tensor<1>| {
        (ours - theirs.clone()).abs().max().into_scalar::<f32>() / theirs.abs().max().into_scalar::<f32>()
    };
    let both = |x: &Tensor<4>| {
        let flat = |grads| x.grad(grads).unwrap().flatten::<1>(0, 3);
        far(flat(&ours), flat(&theirs))
    };
    assert!(both(&x) < 1e-5 && both(&kernels) < 1e-5);
    assert!(far(biases.grad(&ours).unwrap(), biases.grad(&theirs).unwrap()) < 1e-5);
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let device = Device::flex();
    let x = Tensor::<4>::zeros([1, 2, 4, 4], &device);
    let kernels = Tensor::<4>::zeros([5, 3, 3, 3], &device);
    assert!(conv3x3(x, kernels, Tensor::<1>::zeros([5], &device), 1).is_err());
    let session = RolloutSession::new(config(&[3, 4], (8, 8), 1, 2)).unwrap();
    let frames = |columns| Tensor::<5>::zeros([1, 2, 3, 8, columns], &device);
    let list = session.weights();
    assert!(session.errors(frames(10), Tensor::zeros([list.len()], &device)).is_err());
    assert!(session.errors(frames(8), Tensor::zeros([list.len() - 1], &device)).is_err());
    assert!(session.errors(frames(8), Tensor::zeros([list.len()], &device)).is_ok());
    assert!(flatten(&list, vec![Tensor::zeros([list.len()], &device)]).is_err());
}
