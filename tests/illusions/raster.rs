//! The three ways out of a shader agree, and none of them can be made to do harm.

use burn::tensor::Tensor;
use percept::error::Kind;
use percept::gpu::raster::{Program, View};
use percept::gpu::view::TensorView;
use percept::gpu::{Compute, DeviceChoice};
use percept::units::{FieldDeg, PixelSize};

use crate::drawn::{Drawn, farthest, gpu, linear};

/// Draws on a texture of `format` and reads its bytes back as red, green, blue in 0..1.
fn on_screen(drawn: &Drawn, format: wgpu::TextureFormat, time_s: f64) -> Vec<f32> {
    let gpu = gpu();
    let PixelSize { width, height } = drawn.size;
    let extent = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
    let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: extent,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    });
    let target = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let draw = drawn.program.prepare_screen(format, &drawn.view(time_s), &drawn.params());
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &target,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
        })],
        ..wgpu::RenderPassDescriptor::default()
    });
    drawn.program.draw_screen(&mut pass, &draw);
    drop(pass);
    let row = (4 * width).next_multiple_of(256);
    let landing = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: u64::from(row * height),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row), rows_per_image: None };
    encoder.copy_texture_to_buffer(
        texture.as_image_copy(),
        wgpu::TexelCopyBufferInfo { buffer: &landing, layout },
        extent,
    );
    gpu.queue.submit([encoder.finish()]);
    landing.map_async(wgpu::MapMode::Read, .., |mapped| mapped.unwrap());
    gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let bytes = landing.get_mapped_range(..).unwrap().to_vec();
    let value =
        |channel: usize, x: u32, y: u32| f32::from(bytes[(y * row + 4 * x) as usize + channel]) / 255.0;
    let mut planes = Vec::new();
    for channel in 0..3 {
        planes.extend(
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(channel, x, y)),
        );
    }
    planes
}

#[test]
fn a_person_and_a_network_are_shown_the_same_picture() {
    for slug in ["rotating_snakes", "flash_lag", "photo_on_grey", "reverse_phi"] {
        let mut drawn = Drawn::new(slug, &[]);
        drawn.showing.mirror = true;
        let planes = drawn.frame(0.7).planes;
        for format in [wgpu::TextureFormat::Rgba8Unorm, wgpu::TextureFormat::Rgba8UnormSrgb] {
            let screen = on_screen(&drawn, format, 0.7);
            let most = farthest(&planes, &screen);
            assert!(most < 1.6 / 255.0, "{slug} on {format:?}: {}", most * 255.0);
        }
    }
}

#[test]
fn a_tensor_gets_what_host_memory_gets() {
    let drawn = Drawn::new("rotating_snakes", &[]);
    let compute = Compute::choose(DeviceChoice::Gpu, Some(gpu())).unwrap();
    let tensor = Tensor::<4>::zeros([1, 3, 64, 80], &compute.burn);
    let view = match TensorView::new(gpu(), &tensor) {
        Ok(view) => view,
        Err(error) if error.what == "not built yet" => {
            println!("skipped: {error}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    drawn.program.render_into(&drawn.view(0.0), &drawn.params(), &view).unwrap();
    // Used by the network's own kernels after it was drawn, in the same queue.
    let values: Vec<f32> = (tensor * 1.0).into_data().try_to_vec().unwrap();
    assert!(farthest(&values, &drawn.frame(0.0).planes) < 1e-6);

    let mut other = Drawn::new("rotating_snakes", &[]);
    other.size = PixelSize::new(64, 80);
    let error = other.program.render_into(&other.view(0.0), &other.params(), &view).unwrap_err();
    assert_eq!(error.kind, Kind::Mismatch, "{error}");
}

#[test]
fn what_is_not_light_is_made_light() {
    let drawn = Drawn::of_code(
        "fn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(sqrt(at.x * 0.0 - 1.0 - t), 7.0, -3.0); }",
    );
    let planes = drawn.frame(0.0).planes;
    let area = drawn.size.area();
    assert!(planes[..area].iter().all(|&value| value == 0.0), "NaN is black");
    assert!(planes[area..2 * area].iter().all(|&value| value > 0.999), "too bright is white");
    assert!(planes[2 * area..].iter().all(|&value| value == 0.0), "less than nothing is black");
}

#[test]
fn a_pixel_is_the_mean_of_the_light_that_falls_on_it() {
    // Half of each pixel white: linear light 0.5, not the code 0.5.
    let drawn = Drawn::of_code(
        "fn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(select(0.0, 1.0, fract(at.x * 4.0) < 0.5)); }",
    );
    assert!(drawn.frame(0.0).planes.iter().all(|&value| (linear(value) - 0.5).abs() < 1e-3));
}

#[test]
fn place_is_in_degrees_from_the_centre_x_right_y_up() {
    let mut drawn = Drawn::of_code(
        "fn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(0.5 + at / 100.0, 0.01 * t); }",
    );
    drawn.samples = 1;
    let light = |drawn: &Drawn, channel: usize, x: usize, y: usize| {
        linear(drawn.frame(25.0).planes[channel * 5120 + y * 80 + x])
    };
    // 4 pixels a degree: the first column's centre is at -9.875 deg, the first row's at 7.875.
    assert!((light(&drawn, 0, 0, 0) - (0.5 - 0.098_75)).abs() < 1e-4);
    assert!((light(&drawn, 1, 0, 0) - (0.5 + 0.078_75)).abs() < 1e-4);
    assert!((light(&drawn, 2, 40, 40) - 0.25).abs() < 1e-4);
    drawn.jitter_deg = [1.0, -2.0];
    assert!((light(&drawn, 0, 0, 0) - (0.5 - 0.108_75)).abs() < 1e-4, "the picture moved right");
    assert!((light(&drawn, 1, 0, 0) - (0.5 + 0.098_75)).abs() < 1e-4, "and down");
}

#[test]
fn sizes_that_cannot_be_are_refused_before_anything_is_allocated() {
    let drawn = Drawn::new("plaid", &[]);
    for (width, height, kind) in [
        (0, 64, Kind::Usage),
        (80, 0, Kind::Usage),
        (u32::MAX, u32::MAX, Kind::TooLarge),
        (65_535, 65_535, Kind::TooLarge),
        (16_385, 1, Kind::TooLarge),
    ] {
        let size = PixelSize::new(width, height);
        let view = View { size, field: FieldDeg { width_deg: 20.0, height_deg: 16.0 }, ..drawn.view(0.0) };
        let error = drawn.program.render_planes(&view, &drawn.params()).unwrap_err();
        assert_eq!(error.kind, kind, "{size}: {error}");
    }
    let odd = View { size: PixelSize::new(33, 7), ..drawn.view(0.0) };
    assert_eq!(drawn.program.render_planes(&odd, &drawn.params()).unwrap().len(), 3 * 33 * 7);
}

#[test]
fn a_driver_is_never_given_a_shader_that_ends_the_program() {
    for text in ["", "fn", "fn stimulus() {}", "@compute @workgroup_size(0) fn host_compute() {}"] {
        let error = Program::new(gpu(), text).unwrap_err();
        assert_eq!(error.kind, Kind::Illusion, "{error}");
    }
}
