//! One step of a PredNet on the graphics device, in plain tensor operations and by its own shaders: time,
//! launches, and the read-outs beside them. `cargo run --release --example gpu_step -- small|full [STEPS]`

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement stops where something fails")]

use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};
use percept::gpu::{Compute, DeviceChoice, Gpu, profile};
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::gpu::GpuPredNet;
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::{Model, ModelCard, Response};
use percept::readout::stats::summarize;
use percept::units::PixelSize;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let full = arguments.iter().any(|argument| argument == "full");
    let plain_too = !arguments.iter().any(|argument| argument == "own");
    let steps = arguments.iter().filter_map(|argument| argument.parse().ok()).next().unwrap_or(20);
    let (widths, size) = if full {
        (vec![3, 48, 96, 192], PixelSize::new(160, 128))
    } else {
        (vec![3, 16, 32, 64], PixelSize::new(80, 64))
    };
    let gpu = Gpu::headless().unwrap();
    let compute = Compute::choose(DeviceChoice::Gpu, Some(&gpu)).unwrap();
    println!("{}; {widths:?} at {size}", compute.name);
    let config = Config::new(widths).unwrap();
    let weights = untrained(&config, 1);
    let start = Instant::now();
    let mut own =
        GpuPredNet::new(ModelCard::default(), config.clone(), &weights, size, (&gpu, &compute.burn)).unwrap();
    println!("own shaders: made in {:.2?}", start.elapsed());
    measure("own shaders", &mut own, &gpu, &compute.burn, steps);
    if plain_too {
        let mut plain = PredNet::new(ModelCard::default(), config, &weights, size, &compute.burn).unwrap();
        measure("tensor operations", &mut plain, &gpu, &compute.burn, steps);
    }
}

fn measure(what: &str, model: &mut dyn Model, gpu: &Gpu, device: &Device, steps: usize) {
    let size = model.size();
    let mut random = SplitMix64::new(5);
    let values: Vec<f32> = (0..3 * size.area()).map(|_| random.next_unit()).collect();
    let dims = [1, 3, size.height as usize, size.width as usize];
    let frame = Tensor::<4>::from_data(TensorData::new(values, dims), device);
    let settle = |response: &Response| {
        // A value of the last probe is there when the whole step is done.
        let last = response.tensors.last().unwrap().clone();
        last.narrow(1, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1).into_data();
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    };
    let start = Instant::now();
    settle(&model.step(Some(frame.clone())).unwrap());
    println!("{what}: first step {:.2?}", start.elapsed());
    eprintln!("== {what}");
    let (response, launches) = profile::launches(|| model.step(Some(frame.clone())).unwrap());
    settle(&response);
    eprintln!("== end");
    println!("{what}: burn launches in a step\n{launches}");
    let (_, launches) = profile::launches(|| summarize(&response, &[], None).unwrap());
    println!("read-outs of a step: {} launches", launches.count());
    let mut times: Vec<f64> = (0..steps)
        .map(|_| {
            let start = Instant::now();
            settle(&model.step(Some(frame.clone())).unwrap());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let cpu = Instant::now();
    for _ in 0..steps {
        model.step(Some(frame.clone())).unwrap();
    }
    let queued = cpu.elapsed().as_secs_f64() * 1e3 / steps as f64;
    gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    println!(
        "{what}: step median {:.3} ms, least {:.3} ms; handed over in {queued:.3} ms",
        times[steps / 2],
        times[0]
    );
}
