//! The network's own shaders answer as its plain tensor operations do: on golden data, with every lesion, on
//! its own predictions, from saved states, and for as long as it is watched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use model_support::{frame, gpu, npy, npz, shared, values};
use percept::gpu::Gpu;
use percept::gpu::reduce::{Found, Reducer, Wanted};
use percept::gpu::view::TensorView;
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::gpu::GpuPredNet;
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::weights::{HostTensor, NamedTensors, safetensors};
use percept::model::{Activity, Model, ModelCard, Response};
use percept::readout::Unit;
use percept::readout::stats::{Summary, summarize, summarize_with};
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

fn tensors(response: &Response) -> Vec<Tensor<4>> {
    response.activities.iter().map(Activity::tensor).collect()
}

/// Every value of every probe.
fn all(response: &Response) -> Vec<Vec<f32>> {
    tensors(response).iter().map(values).collect()
}

fn on_the_cpu(response: &Response) -> Response {
    Response::of_tensors(tensors(response).into_iter().map(|tensor| tensor.to_device(&Device::flex())))
}

/// Steps both on the same frames and gives the largest difference of any probe.
fn together(a: &mut dyn Model, b: &mut dyn Model, frame: Option<&Tensor<4>>) -> f32 {
    let of = |model: &mut dyn Model| all(&model.step(frame.cloned()).unwrap());
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
        for (probe, values) in net.probes().iter().zip(all(&response)) {
            let key = format!("t{step}.{}{}", probe.symbol, probe.layer);
            let Some(wanted) = expected.get(&key) else { continue };
            let worst = difference(&values, &wanted.values);
            assert!(worst <= TOLERANCE, "{key}: {worst}");
            compared += 1;
        }
    }
    assert_eq!(compared, expected.len(), "arrays that no probe answers for");
}

fn small(prefix: &str) -> BTreeMap<String, HostTensor> {
    let all = npz(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/prednet_small.npz"));
    all.into_iter()
        .filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?.to_owned(), tensor)))
        .collect()
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
        let kept: Vec<_> =
            frames[from..].iter().map(|frame| own.step(Some(frame.clone())).unwrap()).collect();
        // Read only now: later steps must not have written over earlier answers.
        kept.iter().map(all).collect()
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
        assert!(values(&last.tensor(1).unwrap()).iter().all(|value| value.is_finite()));
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

#[test]
fn reduced_numbers_are_those_of_the_read_outs() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(40, 24);
    let (mut own, _) = pair(&[3, 6, 9, 5], size, on);
    let mut random = SplitMix64::new(9);
    own.step(Some(noise(size, &mut random, &on.1))).unwrap();
    let response = own.step(Some(noise(size, &mut random, &on.1))).unwrap();
    let views: Vec<_> =
        tensors(&response).iter().map(|tensor| TensorView::new(&on.0, tensor).unwrap()).collect();
    let wanted: Vec<_> = (0..views.len())
        .map(|map| (map, Wanted::Moments(0..views[map].extent[2])))
        .chain([(7, Wanted::Values { channels: 2..3, first: 5, skip: 7, count: 30 })])
        .collect();
    let maps: Vec<_> = views.iter().collect();
    let found = Reducer::of(&on.0).unwrap().run(&maps, &wanted).unwrap();
    let host = on_the_cpu(&response);
    let summary = summarize(&host, &[], None).unwrap();
    for (map, found) in found[..views.len()].iter().enumerate() {
        let Found::Moments(moments) = found else { panic!("{found:?}") };
        let stats = &summary.stats[map];
        let pairs = [
            (moments.mean, stats.mean),
            (moments.mean_square, summary.mean_square[map]),
            (moments.min, stats.min),
            (moments.max, stats.max),
        ];
        assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 1e-5), "{map}: {pairs:?}");
    }
    let all = values(&response.tensor(7).unwrap());
    let plane = views[7].extent[0] as usize * views[7].extent[1] as usize;
    let there: Vec<f32> = (0..30).map(|index| all[2 * plane + 5 + 7 * index]).collect();
    assert_eq!(found[views.len()], Found::Values(there));
    let outside = Wanted::Values { channels: 0..1, first: 0, skip: 1, count: 1_000_000 };
    assert!(Reducer::of(&on.0).unwrap().run(&maps, &[(0, outside)]).is_err());
}

#[test]
fn a_value_that_is_no_number_shows_in_the_mean_square() {
    let Some((gpu, _)) = gpu() else { return };
    let mut values = vec![0.5; 300];
    values[211] = f32::NAN;
    let view = TensorView::upload(gpu, &values, [10, 15, 2]).unwrap();
    let found = Reducer::of(gpu).unwrap().run(&[&view], &[(0, Wanted::Moments(0..2))]).unwrap();
    let Found::Moments(moments) = &found[0] else { panic!("{found:?}") };
    assert!(moments.mean_square.is_nan());
}

#[test]
fn a_summary_is_the_same_wherever_the_network_runs() {
    let Some(on) = gpu() else { return };
    let size = PixelSize::new(80, 64);
    let (mut own, _) = pair(&[3, 6, 9], size, on);
    let response = own.step(Some(noise(size, &mut SplitMix64::new(6), &on.1))).unwrap();
    let host = on_the_cpu(&response);
    let unit = |x, y, channel| Unit { probe: String::new(), channel, x, y };
    let wanted = [
        (3, unit(5, 7, Some(1))),
        (99, unit(0, 0, None)),
        (8, unit(39, 31, None)),
        (1, unit(80, 0, Some(0))),
        (14, unit(3, 2, Some(8))),
    ];
    for inspect in [None, Some((2, None)), Some((7, Some(4))), Some((7, Some(400)))] {
        let extra = |response: &Response| vec![response.tensor(0).unwrap().mean()];
        let here = summarize_with(&response, &wanted, inspect, extra(&response)).unwrap();
        let there = summarize_with(&host, &wanted, inspect, extra(&host)).unwrap();
        let flat = |summary: &Summary| -> Vec<f32> {
            let stats = summary.stats.iter().flat_map(|stats| [stats.mean, stats.min, stats.max]);
            let range =
                summary.inspected.iter().flat_map(|range| [range.min, range.p01, range.p99, range.max]);
            let rest = summary.mean_square.iter().chain(&summary.units).chain(&summary.extra).copied();
            stats.chain(rest).chain(range).map(|value| if value.is_nan() { -99.0 } else { value }).collect()
        };
        assert!(difference(&flat(&here), &flat(&there)) < 1e-5, "{here:?}\n{there:?}");
        assert_eq!(here.not_finite, there.not_finite);
    }
}
