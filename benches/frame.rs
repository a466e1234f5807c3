//! What every frame costs: the shipped network's step, its numbers, its maps, and the frame itself.
//!
//! `cargo bench --bench frame`; `percept bench` measures the same and more in the finished program.
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::hint::black_box;
use std::path::PathBuf;

use burn::tensor::{Tensor, TensorData};
use criterion::{Criterion, criterion_group, criterion_main};
use percept::export::mp4::{Mp4Writer, encoders};
use percept::frame::{NetworkFrame, Picture};
use percept::gpu::colormap::Colormap;
use percept::gpu::heat::{Drawing, Look, paint_host, read_picture};
use percept::gpu::view::TensorView;
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::model::{Model, Response, shipped};
use percept::readout::stats::summarize;
use percept::stimulus::fit::{Fit, fit};
use percept::stimulus::video::Video;
use percept::stimulus::{Source, Want};
use percept::units::PixelSize;

const CLIP: PixelSize = PixelSize::new(640, 360);
const MAP: PixelSize = PixelSize::new(480, 384);

/// A picture that differs from step to step.
fn picture(size: PixelSize, step: u32) -> Picture {
    let byte = |at: u32| (at.wrapping_mul(2_654_435_761) >> 27) as u8;
    let wave = |x: u32, y: u32| 128.0 + 90.0 * (0.1 * (x as f32 + 0.5 * y as f32 - 2.0 * step as f32)).sin();
    let pixel = |at: u32| {
        let value = wave(at % size.width, at / size.width) as u8;
        [value, value / 2 + 40, byte(at)]
    };
    Picture { size, rgb: (0..size.area() as u32).flat_map(pixel).collect() }
}

fn cpu() -> Compute {
    Compute::choose(DeviceChoice::Cpu, None).expect("the CPU is always there")
}

fn input(compute: &Compute, size: PixelSize) -> Tensor<4> {
    let NetworkFrame { planes, .. } = fit(&picture(CLIP, 3), size, Fit::Crop, false);
    let shape = [1, 3, size.height as usize, size.width as usize];
    Tensor::from_data(TensorData::new(planes, shape), &compute.burn)
}

/// The shipped network and its answer to one frame.
fn answered() -> (Box<dyn Model>, Tensor<4>, Response) {
    let compute = cpu();
    let mut model = shipped::load(shipped::DEFAULT, None, &compute.burn).expect("the shipped network opens");
    let input = input(&compute, model.size());
    let response = model.step(Some(input.clone())).expect("the network steps");
    (model, input, response)
}

fn network(c: &mut Criterion) {
    let (mut model, input, response) = answered();
    c.bench_function("step of the shipped network on the CPU", |b| {
        b.iter(|| model.step(Some(input.clone())).expect("the network steps"));
    });
    c.bench_function("numbers of all probes", |b| {
        b.iter(|| summarize(black_box(&response), &[], None).expect("the numbers can be had"));
    });
}

fn maps(c: &mut Criterion) {
    let (model, _, response) = answered();
    let (Some(probe), Some(tensor)) = (model.probes().get(7), response.tensor(7)) else { return };
    let drawing = Drawing {
        look: Look::Mean,
        colormap: Colormap::Viridis,
        range: [0.0, 0.3],
        window: [0.0, 0.0, 1.0, 1.0],
        smooth: false,
    };
    let values = percept::readout::stats::host_values(tensor.clone()).expect("the values can be had");
    let extent = [probe.size.width, probe.size.height, probe.channels as u32];
    c.bench_function("one map painted on the CPU", |b| {
        b.iter(|| paint_host(black_box(&values), extent, &drawing, MAP));
    });
    let Ok(gpu) = Gpu::headless() else {
        println!("no graphics adapter: maps on the graphics device are left out");
        return;
    };
    c.bench_function("one map on the graphics device, uploaded and read back", |b| {
        b.iter(|| {
            let view = TensorView::new(&gpu, &tensor).expect("the tensor can be drawn");
            read_picture(&gpu, &view, &drawing, MAP).expect("the map is drawn")
        });
    });
}

fn clip() -> Option<(tempfile::TempDir, PathBuf)> {
    if encoders().is_empty() {
        println!("this FFmpeg has no encoder to make a clip with: decoding is left out");
        return None;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("clip.mp4");
    let mut film = Mp4Writer::create(&path, CLIP, 24.0, &[]).expect("the clip can be written");
    (0..72).for_each(|step| film.push(&picture(CLIP, step)).expect("the clip can be written"));
    film.finish().expect("the clip can be written");
    Some((folder, path))
}

fn frames(c: &mut Criterion) {
    let shown = picture(CLIP, 0);
    c.bench_function("a picture of 640x360 brought to 160x128", |b| {
        b.iter(|| fit(black_box(&shown), PixelSize::new(160, 128), Fit::Crop, false));
    });
    let Some((_folder, path)) = clip() else { return };
    let mut video = Video::open(&path).expect("the clip opens");
    c.bench_function("one frame of 640x360 decoded", |b| {
        b.iter(|| match video.read(Want::Next).expect("the clip can be read") {
            Some(shown) => Some(shown),
            None => video.read(Want::Start).expect("the clip can be read"),
        });
    });
}

criterion_group! {
    name = every_frame;
    config = Criterion::default().sample_size(30);
    targets = network, maps, frames
}
criterion_main!(every_frame);
