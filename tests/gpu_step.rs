//! The network's own shaders answer as its plain tensor operations do: on golden data, with every lesion, on
//! its own predictions, from saved states, and for as long as it is watched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use model_support::{frame, gpu, npy, npz, shared, values};
use percept::gpu::Gpu;
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::gpu::GpuPredNet;
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::weights::{HostTensor, NamedTensors, safetensors};
use percept::model::{Model, ModelCard};
use percept::units::PixelSize;

const TOLERANCE: f32 = 1e-4;

type On = (Gpu, Device);

fn net(weights: &NamedTensors, size: PixelSize, (gpu, device): &On) -> GpuPredNet {
    let shapes = weights.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect();
    let config = Config::from_shapes(&shapes).unwrap();
    GpuPredNet::new(ModelCard::default(), config, weights, size, (gpu, device)).unwrap()
}

/// An untrained network of `widths`, by shaders and by plain tensor operations on the CPU.
fn pair(widths: &[usize], size: PixelSize, on: &On) -> (GpuPredNet, PredNet) {
    let config = Config::new(widths.to_vec()).unwrap();
    let weights = untrained(&config, 7);
    let plain = PredNet::new(ModelCard::default(), config, &weights, size, &Device::flex()).unwrap();
    (net(&weights, size, on), plain)
}

fn size_of(frames: &HostTensor) -> PixelSize {
    PixelSize::new(frames.shape[3] as u32, frames.shape[2] as u32)
}

fn noise(size: PixelSize, random: &mut SplitMix64, device: &Device) -> Tensor<4> {
    let dims = [1, 3, size.height as usize, size.width as usize];
    let values: Vec<f32> = (0..3 * size.area()).map(|_| random.next_unit()).collect();
    Tensor::from_data(TensorData::new(values, dims), device)
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Steps both on the same frames and gives the largest difference of any probe.
fn together(a: &mut dyn Model, b: &mut dyn Model, frame: Option<&Tensor<4>>) -> f32 {
    let of = |model: &mut dyn Model| -> Vec<Vec<f32>> {
        model.step(frame.cloned()).unwrap().tensors.iter().map(values).collect()
    };
    let (a, b) = (of(a), of(b));
    a.iter().zip(&b).map(|(a, b)| difference(a, b)).fold(0.0, f32::max)
}

fn golden(mut net: GpuPredNet, frames: &HostTensor, expected: &BTreeMap<String, HostTensor>, on: &On) {
    let step_of = |key: &String| key[1..].split('.').next()?.parse::<usize>().ok();
    let steps = 1 + expected.keys().filter_map(step_of).max().unwrap();
    let mut compared = 0;
    for step in 0..steps {
        let seen = (step < frames.shape[0]).then(|| frame(frames, step, &on.1));
        let response = net.step(seen).unwrap();
        for (probe, tensor) in net.probes().iter().zip(&response.tensors) {
            let key = format!("t{step}.{}{}", probe.symbol, probe.layer);
            let Some(wanted) = expected.get(&key) else { continue };
            let worst = difference(&values(tensor), &wanted.values);
            assert!(worst <= TOLERANCE, "{key}: {worst}");
            compared += 1;
        }
    }
    assert_eq!(compared, expected.len(), "arrays that no probe answers for");
}

fn small(prefix: &str) -> BTreeMap<String, HostTensor> {
    let all = npz(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/prednet_small.npz"));
    all.into_iter().filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?.to_owned(), tensor))).collect()
}

fn small_net(which: &str, lesion: Option<&str>) {
    let Some(on) = gpu() else { return };
    let frames = &small(&format!("{which}/"))["frames"];
    let mut net = net(&small(&format!("{which}/weights/")), size_of(frames), on);
    if let Some(lesion) = lesion {
        net.set_lesion(lesion, true).unwrap();
    }
    golden(net, frames, &small(&format!("{which}/{}/", lesion.unwrap_or("intact"))), on);
}

#[test]
fn the_reference_network() {
    let (Some(on), Some(folder)) = (gpu(), shared("reference/prednet_golden")) else { return };
    let weights = safetensors::read(&folder.join("weights.safetensors")).unwrap().tensors;
    let frames = npy(&folder.join("frames.npy"));
    golden(net(&weights, size_of(&frames), on), &frames, &npz(&folder.join("expected.npz")), on);
}

#[test]
fn a_small_network_and_its_extrapolation() {
    small_net("colour", None);
}

#[test]
fn a_grey_network_sees_luma() {
    small_net("grey", None);
}

#[test]
fn every_lesion_takes_away_what_it_says() {
    for lesion in ["feedback", "lateral", "error", "layer1"] {
        small_net("colour", Some(lesion));
    }
}

#[test]
fn any_number_of_layers_widths_and_odd_sizes() {
    let Some(on) = gpu() else { return };
    let shapes: [(&[usize], u32, u32); 6] = [
        (&[3], 17, 9),
        (&[1], 33, 16),
        (&[3, 5], 22, 18),
        (&[1, 7, 3], 36, 20),
        (&[3, 18, 33, 9], 40, 24),
        (&[3, 2, 2, 2, 2], 80, 16),
    ];
    let mut random = SplitMix64::new(3);
    for (widths, width, height) in shapes {
        let size = PixelSize::new(width, height);
        let (mut own, mut plain) = pair(widths, size, on);
        for step in 0..4 {
            let frame = (step != 2).then(|| noise(size, &mut random, &on.1));
            let worst = together(&mut own, &mut plain, frame.as_ref());
            assert!(worst <= TOLERANCE, "{widths:?} at {size}, step {step}: {worst}");
        }
    }
}

#[test]
fn a_thousand_frames_do_not_drift_apart() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(24, 16);
    let (mut own, mut plain) = pair(&[3, 6, 9], size, on);
    let mut random = SplitMix64::new(11);
    let frames: Vec<_> = (0..10).map(|_| noise(size, &mut random, &on.1)).collect();
    let mut worst = 0.0_f32;
    for step in 0..1000 {
        let frame = frames.get(step * 7 % frames.len());
        if step % 50 < 45 {
            own.step(frame.cloned()).unwrap();
            plain.step(frame.cloned()).unwrap();
        } else {
            worst = worst.max(together(&mut own, &mut plain, frame));
        }
    }
    assert!(worst <= TOLERANCE, "{worst}");
}

#[test]
fn what_was_answered_stays_and_what_was_saved_comes_back() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(24, 16);
    let (mut own, _) = pair(&[3, 5, 6], size, on);
    let mut random = SplitMix64::new(2);
    let frames: Vec<_> = (0..6).map(|_| noise(size, &mut random, &on.1)).collect();
    let run = |own: &mut GpuPredNet, from: usize| -> Vec<Vec<Vec<f32>>> {
        let kept: Vec<_> = frames[from..].iter().map(|frame| own.step(Some(frame.clone())).unwrap()).collect();
        // Read only now: later steps must not have written over earlier answers.
        kept.iter().map(|response| response.tensors.iter().map(values).collect()).collect()
    };
    let all = run(&mut own, 0);
    assert_ne!(all[0], all[1]);
    own.reset();
    for frame in &frames[..3] {
        own.step(Some(frame.clone())).unwrap();
    }
    let saved = own.save_state();
    assert_eq!(run(&mut own, 3), all[3..]);
    own.restore_state(&saved).unwrap();
    assert_eq!(run(&mut own, 3), all[3..]);
    own.reset();
    assert_eq!(run(&mut own, 0), all);
    let (other, _) = pair(&[3, 5, 7], size, on);
    assert!(own.restore_state(&other.save_state()).is_err());
}

#[test]
fn a_state_of_the_plain_network_is_taken() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(16, 16);
    let (mut own, mut plain) = pair(&[3, 4], size, on);
    let mut random = SplitMix64::new(4);
    for _ in 0..3 {
        plain.step(Some(noise(size, &mut random, &Device::flex()))).unwrap();
    }
    own.restore_state(&plain.save_state()).unwrap();
    let next = noise(size, &mut random, &Device::flex());
    assert!(together(&mut own, &mut plain, Some(&next)) <= TOLERANCE);
}

#[test]
fn memory_does_not_grow() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(16, 16);
    let (mut own, _) = pair(&[3, 4], size, on);
    let frame = noise(size, &mut SplitMix64::new(1), &on.1);
    let mut held = std::collections::VecDeque::new();
    let mut run = |steps: usize| {
        for _ in 0..steps {
            held.push_back(own.step(Some(frame.clone())).unwrap());
            if held.len() > 2 {
                held.pop_front();
            }
        }
        let last = held.back().unwrap();
        assert!(values(&last.tensors[1]).iter().all(|value| value.is_finite()));
        resident_kb()
    };
    let (Some(early), Some(late)) = (run(200), run(2000)) else { return };
    assert!(late < early + 8 * 1024, "{early} kB after 200 steps, {late} kB after 2200");
}

/// Memory of this process, where the system tells.
fn resident_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}

#[test]
fn a_lost_device_is_an_error() {
    let Ok(gpu) = Gpu::headless() else { return };
    let device = percept::gpu::Compute::choose(percept::gpu::DeviceChoice::Gpu, Some(&gpu)).unwrap().burn;
    let size = PixelSize::new(16, 16);
    let on = (gpu, device);
    let (mut own, _) = pair(&[3, 4], size, &on);
    let frame = noise(size, &mut SplitMix64::new(1), &on.1);
    own.step(Some(frame.clone())).unwrap();
    on.0.device.destroy();
    let failed = (0..3).find_map(|_| own.step(Some(frame.clone())).err());
    assert!(failed.is_some(), "steps on a lost device must fail");
    own.reset();
    assert!(own.step(None).is_err());
}
