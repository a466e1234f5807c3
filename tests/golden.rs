//! The network computes what the paper's equations say, in every probe of every step, on CPU and GPU.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::Device;
use model_support::{frame, gpu, npy, npz, part, shared};
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::cpu::CpuPredNet;
use percept::model::weights::{HostTensor, NamedTensors, safetensors};
use percept::model::{Model, ModelCard};
use percept::units::PixelSize;

const TOLERANCE: f32 = 1e-4;

/// What computes the network.
#[derive(Clone, Copy)]
enum Engine<'a> {
    /// The CPU engine with so many threads.
    Cpu(usize),
    /// burn's operations on a device.
    Burn(&'a Device),
}

fn net(weights: &NamedTensors, frames: &HostTensor, engine: Engine<'_>) -> Box<dyn Model> {
    let shapes = weights.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect();
    let config = Config::from_shapes(&shapes).unwrap();
    let size = PixelSize::new(frames.shape[3] as u32, frames.shape[2] as u32);
    let card = ModelCard::default();
    match engine {
        Engine::Cpu(threads) => Box::new(CpuPredNet::new(card, config, weights, size, threads).unwrap()),
        Engine::Burn(device) => Box::new(PredNet::new(card, config, weights, size, device).unwrap()),
    }
}

/// Runs `steps` steps, the frames first and then its own predictions, and compares every array that
/// `expected` has. Gives the largest difference.
fn compare(
    mut net: Box<dyn Model>,
    frames: &HostTensor,
    expected: &BTreeMap<String, HostTensor>,
    engine: Engine<'_>,
) -> f32 {
    let flex = Device::flex();
    let device = if let Engine::Burn(device) = engine { device } else { &flex };
    let steps = 1 + expected
        .keys()
        .filter_map(|key| key[1..].split('.').next()?.parse::<usize>().ok())
        .max()
        .unwrap();
    let (mut worst, mut compared) = (0.0_f32, 0);
    for step in 0..steps {
        let seen = (step < frames.shape[0]).then(|| frame(frames, step, device));
        let response = net.step(seen).unwrap();
        for (probe, activity) in net.probes().iter().zip(&response.activities) {
            let key = format!("t{step}.{}{}", probe.symbol, probe.layer);
            let Some(wanted) = expected.get(&key) else { continue };
            assert_eq!(activity.dims()[1..], wanted.shape[..], "{key}");
            let got = part(activity);
            let difference = got.iter().zip(&wanted.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(difference <= TOLERANCE, "{key}: {difference}");
            worst = worst.max(difference);
            compared += 1;
        }
    }
    assert_eq!(compared, expected.len(), "arrays that no probe answers for");
    worst
}

fn reference(engine: Engine<'_>) {
    let Some(folder) = shared("reference/prednet_golden") else { return };
    let weights = safetensors::read(&folder.join("weights.safetensors")).unwrap().tensors;
    let frames = npy(&folder.join("frames.npy"));
    let worst = compare(net(&weights, &frames, engine), &frames, &npz(&folder.join("expected.npz")), engine);
    println!("largest difference {worst:e}");
}

/// The small network's arrays under `prefix`, by the rest of their names.
fn small(prefix: &str) -> BTreeMap<String, HostTensor> {
    let all = npz(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/prednet_small.npz"));
    let strip = |(name, tensor): (String, HostTensor)| Some((name.strip_prefix(prefix)?.to_owned(), tensor));
    all.into_iter().filter_map(strip).collect()
}

fn small_net(which: &str, lesion: Option<&str>, engine: Engine<'_>) {
    let frames = &small(&format!("{which}/"))["frames"];
    let mut net = net(&small(&format!("{which}/weights/")), frames, engine);
    if let Some(lesion) = lesion {
        net.set_lesion(lesion, true).unwrap();
    }
    let expected = small(&format!("{which}/{}/", lesion.unwrap_or("intact")));
    compare(net, frames, &expected, engine);
}

/// The CPU engine with one thread and with more than the machine may have, and burn's operations on the CPU.
fn on_the_cpu(check: impl Fn(Engine<'_>)) {
    check(Engine::Cpu(1));
    check(Engine::Cpu(5));
    check(Engine::Burn(&Device::flex()));
}

#[test]
fn the_reference_network_on_the_cpu() {
    on_the_cpu(reference);
}

#[test]
fn the_reference_network_on_the_gpu() {
    if let Some((_, device)) = gpu() {
        reference(Engine::Burn(device));
    }
}

#[test]
fn a_small_network_and_its_extrapolation_on_the_cpu() {
    on_the_cpu(|engine| small_net("colour", None, engine));
}

#[test]
fn a_small_network_and_its_extrapolation_on_the_gpu() {
    if let Some((_, device)) = gpu() {
        small_net("colour", None, Engine::Burn(device));
    }
}

#[test]
fn a_grey_network_sees_luma() {
    on_the_cpu(|engine| small_net("grey", None, engine));
}

#[test]
fn every_lesion_takes_away_what_it_says() {
    for lesion in ["feedback", "lateral", "error", "layer1"] {
        on_the_cpu(|engine| small_net("colour", Some(lesion), engine));
    }
}
