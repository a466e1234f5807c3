//! One step of a PredNet on the graphics device, by its own shaders and in plain tensor operations: time,
//! launches, and those of the read-outs beside them.
//!
//! `cargo run --release --example gpu_step -- small|full [own] [--json] [STEPS]`

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement stops where something fails")]

use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};
use percept::gpu::{Compute, DeviceChoice, Gpu, profile};
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::gpu::{GpuPredNet, StepCost};
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::{Model, ModelCard, Response};
use percept::readout::stats::summarize;
use percept::units::PixelSize;

/// What was measured of one way to make a step.
#[derive(serde::Serialize)]
struct Measured {
    what: &'static str,
    device: String,
    widths: Vec<usize>,
    size: PixelSize,
    made_ms: f64,
    first_step_ms: f64,
    median_ms: f64,
    min_ms: f64,
    /// Until the step was handed over to the device, nothing waited for.
    handed_over_ms: f64,
    with_read_outs_ms: f64,
    /// Kernels that burn launches for a step, and for the read-outs of a step.
    burn_launches: profile::Launches,
    read_out_launches: usize,
    cost: Option<StepCost>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let steps = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(20_usize).max(1);
    let (widths, size) = if has("full") {
        (vec![3, 48, 96, 192], PixelSize::new(160, 128))
    } else {
        (vec![3, 16, 32, 64], PixelSize::new(80, 64))
    };
    let gpu = Gpu::headless().unwrap();
    let compute = Compute::choose(DeviceChoice::Gpu, Some(&gpu)).unwrap();
    let config = Config::new(widths).unwrap();
    let weights = untrained(&config, 1);
    let bench = Bench { gpu: &gpu, device: &compute.burn, name: &compute.name, steps };
    let card = ModelCard { widths: config.widths.clone(), ..ModelCard::default() };
    let start = Instant::now();
    let own = GpuPredNet::new(card.clone(), config.clone(), &weights, size, (&gpu, &compute.burn)).unwrap();
    let cost = own.cost();
    let mut all = vec![bench.measure("own shaders", Box::new(own), start, Some(cost))];
    if !has("own") {
        let start = Instant::now();
        let plain = PredNet::new(card, config, &weights, size, &compute.burn).unwrap();
        all.push(bench.measure("tensor operations", Box::new(plain), start, None));
    }
    for measured in &all {
        if has("--json") {
            println!("{}", serde_json::to_string(measured).unwrap());
        } else {
            println!("{}", serde_json::to_string_pretty(measured).unwrap());
        }
    }
}

struct Bench<'a> {
    gpu: &'a Gpu,
    device: &'a Device,
    name: &'a str,
    steps: usize,
}

impl Bench<'_> {
    fn measure(
        &self,
        what: &'static str,
        mut model: Box<dyn Model>,
        start: Instant,
        cost: Option<StepCost>,
    ) -> Measured {
        let made_ms = ms(start);
        let frame = self.frame(model.size());
        let mut step = || model.step(Some(frame.clone())).unwrap();
        let start = Instant::now();
        self.settle(&step());
        let first_step_ms = ms(start);
        let (response, burn_launches) = profile::launches(&mut step);
        let (_, read_outs) = profile::launches(|| summarize(&response, &[], None).unwrap());
        let times = self.times(|| self.settle(&step()));
        let with = self.times(|| drop(summarize(&step(), &[], None).unwrap()));
        let start = Instant::now();
        let last = (0..self.steps).map(|_| step()).last();
        let handed_over_ms = ms(start) / self.steps as f64;
        self.settle(&last.unwrap());
        Measured {
            what,
            device: self.name.to_owned(),
            widths: model.card().widths.clone(),
            size: model.size(),
            made_ms,
            first_step_ms,
            median_ms: times[self.steps / 2],
            min_ms: times[0],
            handed_over_ms,
            with_read_outs_ms: with[self.steps / 2],
            burn_launches,
            read_out_launches: read_outs.count(),
            cost,
        }
    }

    fn frame(&self, size: PixelSize) -> Tensor<4> {
        let mut random = SplitMix64::new(5);
        let values: Vec<f32> = (0..3 * size.area()).map(|_| random.next_unit()).collect();
        let dims = [1, 3, size.height as usize, size.width as usize];
        Tensor::from_data(TensorData::new(values, dims), self.device)
    }

    /// A value of the last probe is there when the whole step is done.
    fn settle(&self, response: &Response) {
        let last = response.tensor(response.activities.len() - 1).unwrap();
        last.narrow(1, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1).into_data();
        self.gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    }

    /// Sorted times of every step.
    fn times(&self, mut work: impl FnMut()) -> Vec<f64> {
        let one = |_| {
            let start = Instant::now();
            work();
            ms(start)
        };
        let mut times: Vec<f64> = (0..self.steps).map(one).collect();
        times.sort_by(f64::total_cmp);
        times
    }
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
