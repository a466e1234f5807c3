//! The network computes what the paper's equations say, in every probe of every step, on CPU and GPU.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::Device;
use model_support::{frame, gpu, npy, npz, shared, values};
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::weights::{HostTensor, NamedTensors, safetensors};
use percept::model::{Model, ModelCard};
use percept::units::PixelSize;

const TOLERANCE: f32 = 1e-4;

fn net(weights: &NamedTensors, frames: &HostTensor, device: &Device) -> PredNet {
    let shapes = weights.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect();
    let config = Config::from_shapes(&shapes).unwrap();
    let size = PixelSize::new(frames.shape[3] as u32, frames.shape[2] as u32);
    PredNet::new(ModelCard::default(), config, weights, size, device).unwrap()
}

/// Runs `steps` steps, the frames first and then its own predictions, and compares every array that
/// `expected` has. Gives the largest difference.
fn compare(
    mut net: PredNet,
    frames: &HostTensor,
    expected: &BTreeMap<String, HostTensor>,
    device: &Device,
) -> f32 {
    let steps = 1 + expected
        .keys()
        .filter_map(|key| key[1..].split('.').next()?.parse::<usize>().ok())
        .max()
        .unwrap();
    let (mut worst, mut compared) = (0.0_f32, 0);
    for step in 0..steps {
        let seen = (step < frames.shape[0]).then(|| frame(frames, step, device));
        let response = net.step(seen).unwrap();
        for (probe, tensor) in net.probes().iter().zip(&response.tensors) {
            let key = format!("t{step}.{}{}", probe.symbol, probe.layer);
            let Some(wanted) = expected.get(&key) else { continue };
            assert_eq!(tensor.dims()[1..], wanted.shape[..], "{key}");
            let got = values(tensor);
            let difference = got.iter().zip(&wanted.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(difference <= TOLERANCE, "{key}: {difference}");
            worst = worst.max(difference);
            compared += 1;
        }
    }
    assert_eq!(compared, expected.len(), "arrays that no probe answers for");
    worst
}

fn reference(device: &Device) {
    let Some(folder) = shared("reference/prednet_golden") else { return };
    let weights = safetensors::read(&folder.join("weights.safetensors")).unwrap().tensors;
    let frames = npy(&folder.join("frames.npy"));
    let worst = compare(net(&weights, &frames, device), &frames, &npz(&folder.join("expected.npz")), device);
    println!("largest difference {worst:e}");
}

/// The small network's arrays under `prefix`, by the rest of their names.
fn small(prefix: &str) -> BTreeMap<String, HostTensor> {
    let all = npz(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/prednet_small.npz"));
    let strip = |(name, tensor): (String, HostTensor)| Some((name.strip_prefix(prefix)?.to_owned(), tensor));
    all.into_iter().filter_map(strip).collect()
}

fn small_net(which: &str, lesion: Option<&str>, device: &Device) {
    let frames = &small(&format!("{which}/"))["frames"];
    let mut net = net(&small(&format!("{which}/weights/")), frames, device);
    if let Some(lesion) = lesion {
        net.set_lesion(lesion, true).unwrap();
    }
    let expected = small(&format!("{which}/{}/", lesion.unwrap_or("intact")));
    compare(net, frames, &expected, device);
}

#[test]
fn the_reference_network_on_the_cpu() {
    reference(&Device::flex());
}

#[test]
fn the_reference_network_on_the_gpu() {
    if let Some((_, device)) = gpu() {
        reference(device);
    }
}

#[test]
fn a_small_network_and_its_extrapolation_on_the_cpu() {
    small_net("colour", None, &Device::flex());
}

#[test]
fn a_small_network_and_its_extrapolation_on_the_gpu() {
    if let Some((_, device)) = gpu() {
        small_net("colour", None, device);
    }
}

#[test]
fn a_grey_network_sees_luma() {
    small_net("grey", None, &Device::flex());
}

#[test]
fn every_lesion_takes_away_what_it_says() {
    for lesion in ["feedback", "lateral", "error", "layer1"] {
        small_net("colour", Some(lesion), &Device::flex());
    }
}
