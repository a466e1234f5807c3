//! The CPU engine against plain arithmetic in double precision, and beside the same network by burn's operations.

#![allow(clippy::single_range_in_vec_init, reason = "a product takes a list of ranges")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use burn::tensor::{Device, Tensor, TensorData};
use model_support::part;
use percept::cpu::gemm::{Packed, Product};
use percept::cpu::map::{Grid, Layout, Map, TILE, padded};
use percept::cpu::precision::Precision;
use percept::cpu::simd::dispatch;
use percept::cpu::wide::{DoubledPatches, Patches, Predictions, Products, Strip};
use percept::cpu::winograd::POINTS;
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::cpu::CpuPredNet;
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::weights::NamedTensors;
use percept::model::{Model, ModelCard};
use percept::units::PixelSize;
use proptest::prelude::*;

fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut random = SplitMix64::new(seed);
    (0..count).map(|_| 2.0 * random.next_unit() - 1.0).collect()
}

/// `relu(conv x + bias)` with zeros around, one product after the other, in double precision.
fn naive(x: &[f32], kernels: &[f32], bias: &[f32], grid: Grid) -> Vec<f64> {
    let Grid { width, height } = grid;
    let from = x.len() / (width * height);
    let mut all = Vec::new();
    for (to, bias) in bias.iter().enumerate() {
        for y in 0..height {
            for x_place in 0..width {
                let mut sum = f64::from(*bias);
                for input in 0..from {
                    for tap in 0..9 {
                        let (row, column) = (y + tap / 3, x_place + tap % 3);
                        if row >= 1 && row <= height && column >= 1 && column <= width {
                            let value = x[(input * height + row - 1) * width + column - 1];
                            sum += f64::from(value) * f64::from(kernels[(to * from + input) * 9 + tap]);
                        }
                    }
                }
                all.push(sum.max(0.0));
            }
        }
    }
    all
}

/// The map, every pixel shown four times.
fn doubled(x: &[f32], small: Grid) -> Vec<f32> {
    let channels = x.len() / (small.width * small.height);
    let mut all = Vec::new();
    for channel in 0..channels {
        for y in 0..2 * small.height {
            all.extend(
                (0..2 * small.width).map(|c| x[(channel * small.height + y / 2) * small.width + c / 2]),
            );
        }
    }
    all
}

/// The same by the engine's own pieces: to points, products, back.
fn engine(
    x: &Map,
    kernels: &[f32],
    bias: &[f32],
    grid: Grid,
    is_doubled: bool,
    precision: Precision,
) -> Vec<f32> {
    let (from, to) = (x.layout.channels, bias.len());
    let (inputs, outputs) = (padded(from), padded(to));
    let weights =
        Packed::new(inputs, if is_doubled { inputs } else { 0 }, outputs, precision, |output, input| {
            (output < to && input < from)
                .then(|| std::array::from_fn(|tap| kernels[(output * from + input) * 9 + tap]))
        })
        .unwrap();
    let strip = Strip { tiles: grid.across(), inputs, offset: 0 };
    let mut points = vec![0.0; strip.len() * grid.down()];
    for (row, points) in points.chunks_exact_mut(strip.len()).enumerate() {
        if is_doubled {
            dispatch(DoubledPatches { source: x, row, strip, points });
        } else {
            dispatch(Patches { source: x, row, strip, points });
        }
    }
    let piece = grid.across() * grid.down() * outputs;
    let mut products = vec![0.0; POINTS * piece];
    for (point, c) in products.chunks_exact_mut(piece).enumerate() {
        dispatch(Product {
            weights: &weights,
            point,
            a: &points,
            blocks: (point * grid.across() * inputs, strip.len()),
            tiles: (grid.down(), grid.across()),
            stride: inputs,
            inputs: &[0..inputs],
            c,
        });
    }
    let products = Products {
        values: &products,
        point: piece,
        part: (grid.down(), piece),
        across: grid.across(),
        outputs,
    };
    let mut bias = bias.to_vec();
    bias.resize(outputs, 0.0);
    let mut map = Map::zeros(Layout::wide(grid, to, 1)).unwrap();
    let row_len = map.layout.row;
    for (row, a_hat) in map.values[row_len..].chunks_mut(TILE * row_len).take(grid.down()).enumerate() {
        dispatch(Predictions { products, bias: &bias, grid, row, products_row: row, a_hat });
    }
    map.to_planar()
}

fn close(got: &[f32], wanted: &[f64], scale: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.len(), wanted.len());
    for (index, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        let off = (f64::from(*got) - wanted).abs();
        prop_assert!(off <= 1e-5 * scale, "value {} is {}, should be {}", index, got, wanted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_convolution_is_that_of_plain_arithmetic(
        width in 1_usize..23, height in 1_usize..14, from in 1_usize..37, to in 1_usize..35, seed in 0_u64..1000,
    ) {
        let grid = Grid { width, height };
        let x = random(from * width * height, seed);
        let (kernels, bias) = (random(to * from * 9, seed + 1), random(to, seed + 2));
        let mut map = Map::zeros(Layout::wide(grid, from, 1)).unwrap();
        map.set_planar(&x);
        let wanted = naive(&x, &kernels, &bias, grid);
        close(&engine(&map, &kernels, &bias, grid, false, Precision::Single), &wanted, (from as f64 * 9.0).sqrt())?;
        // Errors of 2^-9 of each operand, which the transforms make larger.
        if Precision::Bfloat16.is_available() {
            let rough = engine(&map, &kernels, &bias, grid, false, Precision::Bfloat16);
            close(&rough, &wanted, 1.5e4 * (from as f64 * 9.0).sqrt())?;
        }
    }

    #[test]
    fn a_convolution_of_a_doubled_map_is_that_of_plain_arithmetic(
        width in 1_usize..12, height in 1_usize..9, from in 1_usize..21, to in 1_usize..20, seed in 0_u64..1000,
    ) {
        let small = Grid { width, height };
        let grid = Grid { width: 2 * width, height: 2 * height };
        let x = random(from * width * height, seed);
        let (kernels, bias) = (random(to * from * 9, seed + 1), random(to, seed + 2));
        let mut map = Map::zeros(Layout::wide(small, from, 1)).unwrap();
        map.set_planar(&x);
        let wanted = naive(&doubled(&x, small), &kernels, &bias, grid);
        close(&engine(&map, &kernels, &bias, grid, true, Precision::Single), &wanted, (from as f64 * 9.0).sqrt())?;
    }

    #[test]
    fn every_network_steps_as_with_plain_operations(
        widths in prop_oneof![
            Just(vec![3]), Just(vec![1, 5]), Just(vec![3, 40]), Just(vec![3, 7, 18]), Just(vec![3, 16, 4, 2]), Just(vec![1, 2, 3, 4, 5]),
        ],
        tiles in (1_u32..4, 1_u32..4), threads in 1_usize..4, seed in 0_u64..1000,
    ) {
        let config = Config::new(widths).unwrap();
        let side = |times: u32| (config.divisor() * times).max(8).next_multiple_of(config.divisor());
        let size = PixelSize::new(side(tiles.0), side(tiles.1));
        beside(&config, &weights(&config, seed), size, threads, 4, seed, |_, _| {})?;
    }
}

fn weights(config: &Config, seed: u64) -> NamedTensors {
    let mut weights = untrained(config, seed);
    let mut random = SplitMix64::new(seed + 7);
    for tensor in weights.values_mut().filter(|tensor| tensor.shape.len() == 1) {
        tensor.values.iter_mut().for_each(|value| *value = random.next_unit() - 0.3);
    }
    weights
}

/// Lets both look at the same frames and compares all probes; `each` is called before every step.
fn beside(
    config: &Config,
    weights: &NamedTensors,
    size: PixelSize,
    threads: usize,
    steps: usize,
    seed: u64,
    mut each: impl FnMut(usize, &mut [&mut dyn Model; 2]),
) -> Result<f32, TestCaseError> {
    let device = Device::flex();
    let card = ModelCard::default;
    let mut engine = CpuPredNet::new(card(), config.clone(), weights, size, threads).unwrap();
    let mut burn = PredNet::new(card(), config.clone(), weights, size, &device).unwrap();
    let dims = [1, 3, size.height as usize, size.width as usize];
    let mut worst = 0.0_f32;
    for step in 0..steps {
        each(step, &mut [&mut engine, &mut burn]);
        // A frame that moves a little from step to step, and now and then its own prediction.
        let phase = step as f32 * 0.3 + seed as f32;
        let pixel =
            |i: usize| 0.5 + 0.5 * ((i % dims[3]) as f32 * 0.7 + (i / dims[3]) as f32 * 0.2 + phase).sin();
        let values: Vec<f32> = (0..dims.iter().product()).map(pixel).collect();
        let frame = (step % 7 != 5).then(|| Tensor::from_data(TensorData::new(values, dims), &device));
        let (got, wanted) = (engine.step(frame.clone()).unwrap(), burn.step(frame).unwrap());
        for (index, (got, wanted)) in got.activities.iter().zip(&wanted.activities).enumerate() {
            prop_assert_eq!(got.dims(), wanted.dims());
            for (got, wanted) in part(got).into_iter().zip(part(wanted)) {
                worst = worst.max((got - wanted).abs());
                let name = &engine.probes()[index].name;
                prop_assert!((got - wanted).abs() < 1e-4, "step {} {}: {} and {}", step, name, got, wanted);
            }
        }
    }
    Ok(worst)
}

#[test]
fn a_thousand_frames_later_both_still_see_the_same() {
    let config = Config::new(vec![3, 16, 32]).unwrap();
    let size = PixelSize::new(32, 24);
    let worst = beside(&config, &weights(&config, 3), size, 2, 1000, 3, |_, _| {}).unwrap();
    println!("largest difference in 1000 frames: {worst:e}");
}

#[test]
fn whatever_is_switched_along_the_way_both_go_on_alike() {
    let config = Config::new(vec![3, 6, 20]).unwrap();
    let mut saved = None;
    let switch = |step: usize, models: &mut [&mut dyn Model; 2]| {
        for model in models.iter_mut() {
            match step {
                2 => model.set_lesion("feedback", true).unwrap(),
                4 => model.set_lesion("lateral", true).unwrap(),
                6 => model.set_lesion("error", true).unwrap(),
                8 => model.set_lesion("layer1", true).unwrap(),
                9 => model.set_lesion("layer0", true).unwrap(),
                10 => ["feedback", "lateral", "error", "layer0", "layer1"]
                    .iter()
                    .for_each(|name| model.set_lesion(name, false).unwrap()),
                17 => model.reset(),
                _ => {}
            }
            // What is prepared before a switch must not survive it.
            model.prepare().unwrap();
        }
        match step {
            12 => saved = Some(models[0].save_state()),
            // The engine's state is given to both.
            15 => models.iter_mut().for_each(|model| model.restore_state(saved.as_ref().unwrap()).unwrap()),
            19 => {
                let state = models[1].save_state();
                models[0].restore_state(&state).unwrap();
            }
            _ => {}
        }
    };
    beside(&config, &weights(&config, 5), PixelSize::new(24, 20), 2, 24, 1, switch).unwrap();
}

/// Large maps are worked through in bands of rows, each in parts: here the last band has no row for its last parts.
#[test]
fn large_maps_come_out_even_where_bands_do_not() {
    let config = Config::new(vec![1, 20]).unwrap();
    for threads in [1, 9] {
        beside(&config, &weights(&config, 4), PixelSize::new(640, 200), threads, 3, 4, |_, _| {}).unwrap();
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let config = Config::new(vec![3, 18, 33]).unwrap();
    let (weights, size) = (weights(&config, 9), PixelSize::new(40, 36));
    let run = |threads: usize| {
        let mut net = CpuPredNet::new(ModelCard::default(), config.clone(), &weights, size, threads).unwrap();
        let frame = Tensor::full([1, 3, 36, 40], 0.7, &Device::flex());
        let last = (0..20).map(|_| net.step(Some(frame.clone())).unwrap()).next_back().unwrap();
        last.activities.iter().map(part).collect::<Vec<_>>()
    };
    let alone = run(1);
    for threads in [2, 3, 9] {
        assert_eq!(run(threads), alone, "{threads} threads");
    }
}

/// Lesions give ranges of inputs, sizes that divide by nothing give groups of every number of tiles.
#[test]
fn bfloat16_is_near_single_precision_where_the_processor_has_it() {
    if !Precision::Bfloat16.is_available() {
        println!("this processor has no AVX-512 BF16: nothing to compare");
        assert!(Precision::Bfloat16.choose().is_err());
        return;
    }
    let config = Config::new(vec![3, 20, 48]).unwrap();
    let weights = untrained(&config, 4);
    for size in [PixelSize::new(24, 20), PixelSize::new(72, 44)] {
        let make = |precision| {
            CpuPredNet::with_precision(ModelCard::default(), config.clone(), &weights, size, 2, precision)
        };
        let (mut single, mut rough) = (make(Precision::Single).unwrap(), make(Precision::Bfloat16).unwrap());
        let (mut worst, mut sum, mut count) = (0.0_f32, 0.0_f64, 0);
        for step in 0..30_u32 {
            for net in [&mut single, &mut rough] {
                net.set_lesion("lateral", (10..20).contains(&step)).unwrap();
            }
            let dims = [1, 3, size.height as usize, size.width as usize];
            let values = random(dims.iter().product(), u64::from(step)).iter().map(|x| x.abs()).collect();
            let frame = Tensor::from_data(TensorData::new::<f32, _>(values, dims), &Device::flex());
            let (exact, near) = (single.step(Some(frame.clone())).unwrap(), rough.step(Some(frame)).unwrap());
            for (exact, near) in exact.activities.iter().zip(&near.activities) {
                for (exact, near) in part(exact).into_iter().zip(part(near)) {
                    worst = worst.max((exact - near).abs());
                    sum += f64::from(exact - near).powi(2);
                    count += 1;
                }
            }
        }
        let typical = (sum / f64::from(count)).sqrt();
        println!("{size}: bfloat16 differs by {worst:.4} at most, {typical:.5} typically");
        assert!(worst > 0.0 && worst < 0.1 && typical < 2e-3, "{worst} {typical}");
    }
}

#[test]
fn what_readers_hold_is_not_written_over() {
    let config = Config::new(vec![3, 4]).unwrap();
    let weights = weights(&config, 2);
    let mut net = CpuPredNet::new(ModelCard::default(), config, &weights, PixelSize::new(16, 16), 1).unwrap();
    let frame = |level: f32| Some(Tensor::full([1, 3, 16, 16], level, &Device::flex()));
    let mut held = Vec::new();
    for step in 0..6 {
        let response = net.step(frame(step as f32 / 6.0)).unwrap();
        let values: Vec<_> = response.activities.iter().map(part).collect();
        held.push((response, values));
        net.prepare().unwrap();
    }
    for (response, values) in held {
        assert_eq!(response.activities.iter().map(part).collect::<Vec<_>>(), values);
    }
}
