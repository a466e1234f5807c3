//! The CPU engine's pieces at the shapes of the published network, (3,48,96,192) at 160x128, and whole steps:
//! `cargo bench --bench kernels`. Products report multiplications and additions per second.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot start should stop")]
#![allow(clippy::single_range_in_vec_init, reason = "a product takes a list of ranges")]

use std::hint::black_box;

use burn::tensor::{Device, Tensor};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use percept::cpu::gemm::{Packed, Product};
use percept::cpu::map::{Grid, Layout, Map};
use percept::cpu::precision::Precision;
use percept::cpu::simd::dispatch;
use percept::cpu::team::usual_threads;
use percept::cpu::wide::{DoubledPatches, Patches, Strip};
use percept::model::prednet::config::Config;
use percept::model::prednet::cpu::CpuPredNet;
use percept::model::prednet::init::untrained;
use percept::model::{Model, ModelCard};
use percept::units::PixelSize;

/// Layers above the pixels: columns, rows, inputs and outputs of the gates.
const LAYERS: [(usize, usize, usize, usize); 3] =
    [(80, 64, 240, 192), (40, 32, 480, 384), (20, 16, 576, 768)];

fn products(c: &mut Criterion) {
    let mut group = c.benchmark_group("product of a point");
    for (layer, (width, height, inputs, outputs)) in LAYERS.into_iter().enumerate() {
        let grid = Grid { width, height };
        let tiles = (grid.down(), grid.across());
        let weights = Packed::new(inputs, 0, outputs, Precision::Single, |_, _| Some([0.1; 9])).unwrap();
        let a = vec![0.5; tiles.0 * tiles.1 * inputs];
        let mut c = vec![0.0; tiles.0 * tiles.1 * outputs];
        group.throughput(Throughput::Elements((2 * a.len() * outputs) as u64));
        group.bench_function(format!("gates of layer {}", layer + 1), |bench| {
            bench.iter(|| {
                let (blocks, stride) = ((0, tiles.1 * inputs), inputs);
                let (weights, c) = (&weights, &mut c[..]);
                dispatch(Product {
                    weights,
                    point: 7,
                    a: &a,
                    blocks,
                    tiles,
                    stride,
                    inputs: &[0..inputs],
                    c,
                });
            });
        });
    }
    group.finish();
}

fn transforms(c: &mut Criterion) {
    let mut group = c.benchmark_group("points of a row of tiles");
    for (channels, width) in [(48, 80), (96, 40), (192, 20)] {
        let grid = Grid { width, height: 16 };
        let strip = Strip { tiles: grid.across(), inputs: channels, offset: 0 };
        let source = &Map::zeros(Layout::wide(grid, channels, 1)).unwrap();
        let mut points = vec![0.0; strip.len()];
        group.bench_function(format!("{channels} channels, {width} columns"), |bench| {
            bench.iter(|| dispatch(Patches { source, row: 1, strip, points: black_box(&mut points) }));
        });
        let doubled = Strip { tiles: width.div_ceil(2), ..strip };
        group.bench_function(format!("{channels} channels, doubled from {width} columns"), |bench| {
            let points = &mut points[..doubled.len()];
            bench.iter(|| {
                dispatch(DoubledPatches { source, row: 1, strip: doubled, points: black_box(points) });
            });
        });
    }
    group.finish();
}

fn steps(c: &mut Criterion) {
    let mut group = c.benchmark_group("step");
    group.sample_size(30);
    for (widths, size) in
        [(vec![3, 48, 96, 192], PixelSize::new(160, 128)), (vec![3, 16, 32, 64], PixelSize::new(80, 64))]
    {
        let config = Config::new(widths).unwrap();
        let weights = untrained(&config, 1);
        let name = format!("{:?} at {size}", config.widths);
        let mut net = CpuPredNet::new(ModelCard::default(), config, &weights, size, usual_threads()).unwrap();
        let dims = [1, 3, size.height as usize, size.width as usize];
        let frame = Tensor::<4>::full(dims, 0.5, &Device::flex());
        group.bench_function(name, |bench| bench.iter(|| net.step(Some(frame.clone())).unwrap()));
    }
    group.finish();
}

criterion_group!(benches, products, transforms, steps);
criterion_main!(benches);
