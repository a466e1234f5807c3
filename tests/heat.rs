//! Tensors are drawn from their own buffers exactly as the CPU paints their values.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};
use model_support::{gpu, values};
use percept::frame::picture_of;
use percept::gpu::Gpu;
use percept::gpu::colormap::Colormap;
use percept::gpu::heat::{Drawing, Look, paint_host, read_picture};
use percept::gpu::view::TensorView;
use percept::model::prednet::init::SplitMix64;
use percept::units::PixelSize;

const CHANNELS: usize = 4;
const ROWS: usize = 20;
const COLUMNS: usize = 33;

fn noise(device: &Device) -> Tensor<4> {
    let mut random = SplitMix64::new(7);
    let values = (0..CHANNELS * ROWS * COLUMNS).map(|_| 1.4 * random.next_unit() - 0.2).collect();
    Tensor::from_data(TensorData::new::<f32, _>(values, [1, CHANNELS, ROWS, COLUMNS]), device)
}

/// A convolution that changes nothing, but whose output lies in memory as convolutions' outputs do.
fn through_a_convolution(x: Tensor<4>) -> Tensor<4> {
    let mut kernel = vec![0.0_f32; CHANNELS * CHANNELS * 9];
    for channel in 0..CHANNELS {
        kernel[(channel * CHANNELS + channel) * 9 + 4] = 1.0;
    }
    let kernel = Tensor::from_data(TensorData::new(kernel, [CHANNELS, CHANNELS, 3, 3]), &x.device());
    burn::tensor::module::conv2d(x, kernel, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
}

fn drawing(look: Look) -> Drawing {
    Drawing {
        look,
        colormap: Colormap::Viridis,
        range: [0.0, 1.0],
        window: [0.0, 0.0, 1.0, 1.0],
        smooth: false,
    }
}

fn extent(tensor: &Tensor<4>) -> [u32; 3] {
    let [_, channels, rows, columns] = tensor.dims();
    [columns as u32, rows as u32, channels as u32]
}

/// Both pictures agree: all pixels within one step of the table, nearly all of them exactly.
fn agree(gpu: &Gpu, tensor: &Tensor<4>, drawing: &Drawing, size: PixelSize, what: &str) {
    let view = TensorView::new(gpu, tensor).unwrap();
    assert_eq!(view.extent, extent(tensor));
    let drawn = read_picture(gpu, &view, drawing, size).unwrap();
    let painted = paint_host(&values(tensor), extent(tensor), drawing, size);
    let worst = drawn.rgb.iter().zip(&painted.rgb).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    let different = drawn.rgb.iter().zip(&painted.rgb).filter(|(a, b)| a != b).count();
    assert!(worst <= 4, "{what}: {worst}");
    assert!(different * 500 <= drawn.rgb.len(), "{what}: {different} of {} differ", drawn.rgb.len());
    let first = drawn.rgb[..3].to_vec();
    assert!(drawn.rgb.chunks(3).any(|rgb| rgb != first), "{what}: nothing was drawn");
}

#[test]
fn any_layout_in_memory_is_drawn_unit_by_unit() {
    let Some((gpu, device)) = gpu() else { return };
    let plain = noise(device);
    let conv = through_a_convolution(plain.clone());
    let own = conv.clone().try_into_primitive::<burn::backend::Wgpu>().unwrap();
    assert_ne!(own.meta.strides()[3], 1, "a convolution's output is not row-major; the test relies on it");
    let variants = [
        ("plain", plain.clone()),
        ("convolution", conv.clone()),
        ("one channel of it", conv.clone().narrow(1, 1, 1)),
        ("transposed", conv.clone().swap_dims(2, 3)),
        ("lower rows", conv.clone().narrow(2, 8, 12)),
        ("flipped", conv.clone().flip([3])),
        ("expanded", plain.clone().narrow(1, 0, 1).expand([1, 5, ROWS, COLUMNS])),
        ("computed", conv.clone() * 0.5 + 0.25),
        ("uploaded", noise(&Device::flex())),
        ("uploaded part", noise(&Device::flex()).narrow(1, 2, 2).swap_dims(2, 3)),
    ];
    for (name, tensor) in variants {
        let [width, height, channels] = extent(&tensor);
        let size = PixelSize::new(width, height);
        for channel in 0..channels {
            agree(gpu, &tensor, &drawing(Look::Channel(channel)), size, name);
        }
        agree(gpu, &tensor, &drawing(Look::Mean), size, name);
    }
}

#[test]
fn one_channel_as_a_picture_is_grey() {
    let grey = noise(&Device::flex()).narrow(1, 1, 1);
    let size = PixelSize::new(COLUMNS as u32, ROWS as u32);
    let painted = paint_host(&values(&grey), extent(&grey), &drawing(Look::Picture), size);
    assert!(painted.rgb.chunks(3).all(|rgb| rgb[0] == rgb[1] && rgb[1] == rgb[2]));
    assert_eq!(painted, picture_of(&values(&grey), size, 1));
    if let Some((gpu, device)) = gpu() {
        agree(gpu, &noise(device).narrow(1, 1, 1), &drawing(Look::Picture), size, "grey");
    }
}

#[test]
fn every_look_map_range_window_and_smoothing() {
    let Some((gpu, device)) = gpu() else { return };
    let tensor = through_a_convolution(noise(device));
    let signed = [-1.0, 1.0];
    let whole = [0.0, 0.0, 1.0, 1.0];
    for (look, range) in [
        (Look::Picture, [0.0, 1.0]),
        (Look::Channel(3), [0.2, 0.8]),
        (Look::Channel(99), [0.0, 1.0]),
        (Look::Mean, [0.0, 1.0]),
        (Look::SignedError, signed),
    ] {
        for window in [whole, [0.25, 0.1, 0.5, 0.7], [-0.5, -0.25, 1.25, 1.5]] {
            for smooth in [false, true] {
                for colormap in [Colormap::Magma, Colormap::Diverging] {
                    let drawing = Drawing { look, colormap, range, window, smooth };
                    agree(gpu, &tensor, &drawing, PixelSize::new(99, 70), &format!("{drawing:?}"));
                }
            }
        }
    }
}

#[test]
fn values_that_are_no_number_are_magenta_and_outside_ones_have_the_ends() {
    let Some((gpu, device)) = gpu() else { return };
    let some = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -3.0, 7.0, 0.0];
    let view_of = |device: &Device| {
        let tensor = Tensor::<4>::from_data(TensorData::new(some.to_vec(), [1, 1, 1, 6]), device);
        TensorView::new(gpu, &tensor).unwrap()
    };
    let (low, high) = (Colormap::Viridis.color(0.0), Colormap::Viridis.color(1.0));
    for view in [view_of(device), view_of(&Device::flex())] {
        for look in [Look::Channel(0), Look::Mean] {
            let picture = read_picture(gpu, &view, &drawing(look), PixelSize::new(6, 1)).unwrap();
            assert_eq!(picture.rgb, [[255, 0, 255], high, low, low, high, low].concat(), "{look:?}");
        }
        let flat = Drawing { range: [0.0, 0.0], ..drawing(Look::Mean) };
        let picture = read_picture(gpu, &view, &flat, PixelSize::new(6, 1)).unwrap();
        assert_eq!(picture.rgb, [[255, 0, 255], high, low, low, high, low].concat());
    }
}

#[test]
fn a_drawn_tensor_stays_in_place_while_others_come_and_go() {
    let Some((gpu, device)) = gpu() else { return };
    let tensor = noise(device);
    let painted = paint_host(
        &values(&tensor),
        extent(&tensor),
        &drawing(Look::Channel(0)),
        PixelSize::new(COLUMNS as u32, ROWS as u32),
    );
    let view = TensorView::new(gpu, &tensor).unwrap();
    drop(tensor);
    for round in 0..50 {
        let other = Tensor::<4>::ones([1, CHANNELS, ROWS, COLUMNS], device) * round;
        assert!(values(&other).iter().all(|value| *value == round as f32));
    }
    let drawn = read_picture(gpu, &view, &drawing(Look::Channel(0)), painted.size).unwrap();
    assert_eq!(drawn, painted);
}

#[test]
fn a_tensor_made_on_another_thread_is_complete_when_drawn() {
    let Some((gpu, device)) = gpu() else { return };
    for round in 0..10 {
        let value = round as f32 / 16.0;
        let view = std::thread::scope(|scope| {
            let made = std::thread::Builder::new().name("maker".into()).spawn_scoped(scope, || {
                let mut tensor = Tensor::<4>::zeros([1, 1, 16, 16], device);
                for _ in 0..8 {
                    tensor = tensor + value / 8.0;
                }
                TensorView::new(gpu, &tensor).unwrap()
            });
            made.unwrap().join().unwrap()
        });
        let drawn = read_picture(gpu, &view, &drawing(Look::Mean), PixelSize::new(4, 4)).unwrap();
        let wanted = Colormap::Viridis.color(value);
        assert!(drawn.rgb.chunks(3).all(|rgb| rgb == wanted), "{round}: {:?}", &drawn.rgb[..3]);
    }
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let Some((gpu, device)) = gpu() else { return };
    let two = Tensor::<4>::zeros([2, 1, 4, 4], device);
    assert!(TensorView::new(gpu, &two).is_err());
    assert!(TensorView::upload(gpu, &[0.0; 5], [2, 2, 1]).is_err());
    assert!(TensorView::upload(gpu, &[], [0, 2, 1]).is_err());
    let view = TensorView::upload(gpu, &[0.0; 4], [2, 2, 1]).unwrap();
    for size in [PixelSize::new(0, 4), PixelSize::new(1 << 20, 4)] {
        assert!(read_picture(gpu, &view, &drawing(Look::Mean), size).is_err(), "{size}");
    }
}
