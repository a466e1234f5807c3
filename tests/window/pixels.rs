//! The window over a real session, drawn by software Vulkan: pixels, not promises. `PERCEPT_LOOK=DIR` keeps
//! the pictures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use image::RgbaImage;
use percept::app::state::UiState;
use percept::app::{PerceptApp, ThemeChoice, install_pipelines, pictures_drawn};
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::session::{Session, Start};
use percept::stimulus::StimulusSpec;

use crate::canned;

/// A window over a running session.
pub(crate) fn real(start: Start, ui: UiState, size: [f32; 2]) -> Harness<'static, PerceptApp> {
    real_on(start, ui, size).0
}

/// The same with what it is drawn by.
fn real_on(
    start: Start,
    ui: UiState,
    size: [f32; 2],
) -> (Harness<'static, PerceptApp>, egui_wgpu::RenderState) {
    let mut setup = default_wgpu_setup();
    if let egui_wgpu::WgpuSetup::CreateNew(create) = &mut setup {
        create.device_descriptor = percept::gpu::device::descriptor_fn();
    }
    let state = create_render_state(setup, egui_wgpu::RendererOptions::PREDICTABLE);
    install_pipelines(&state, None);
    let gpu =
        Gpu::new(state.instance.clone(), state.adapter.clone(), state.device.clone(), state.queue.clone());
    let compute = Compute::choose(DeviceChoice::Auto, Some(&gpu)).unwrap();
    let (export, kit) = percept::app::exporter();
    kit.set(Some(gpu.clone()), compute.clone());
    let session = Session::start(Some(gpu.clone()), compute, start, Box::new(|| {})).unwrap();
    let mut parts = canned::parts(session, ui, Arc::default());
    parts.gpu = Some(gpu);
    parts.export = export;
    parts.models = percept::model::shipped::cards();
    let window = Harness::builder()
        .with_size(size)
        .renderer(WgpuTestRenderer::from_render_state(state.clone()))
        .build_eframe(|cc| PerceptApp::new(&cc.egui_ctx, parts));
    (window, state)
}

/// Runs the window until `ready`, at most a minute.
pub(crate) fn wait(
    window: &mut Harness<'static, PerceptApp>,
    mut ready: impl FnMut(&Harness<'static, PerceptApp>) -> bool,
) {
    let begin = Instant::now();
    while !ready(window) {
        if begin.elapsed() > Duration::from_mins(1) {
            keep(&window.render().unwrap(), "stuck");
            panic!("the window never got there");
        }
        window.step();
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Draws until pictures are there: what draws them on the screen may still be compiled while the network is at work.
fn draw(window: &mut Harness<'static, PerceptApp>, state: &egui_wgpu::RenderState) {
    let begin = Instant::now();
    while pictures_drawn(state) == 0 {
        assert!(begin.elapsed() < Duration::from_mins(1), "no picture was drawn");
        window.run_steps(2);
        window.render().unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    window.run_steps(2);
}

pub(crate) fn keep(image: &RgbaImage, name: &str) {
    if let Some(folder) = std::env::var_os("PERCEPT_LOOK") {
        image.save(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
}

fn start(slug: &str) -> Start {
    Start { stimulus: StimulusSpec::Illusion(slug.into()), ..percept::cli::usual_start() }
}

/// Smallest and largest brightness inside a picture.
fn contrast(image: &RgbaImage, rect: egui::Rect) -> (u8, u8) {
    let inner = rect.shrink(6.0);
    let pixels = (inner.top() as u32..inner.bottom() as u32)
        .flat_map(|y| (inner.left() as u32..inner.right() as u32).map(move |x| (x, y)));
    pixels.fold((255, 0), |(low, high), (x, y)| {
        let value = image.get_pixel(x, y).0[1];
        (low.min(value), high.max(value))
    })
}

#[test]
fn the_illusion_its_prediction_and_the_error_are_really_drawn() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let ui = UiState { theme, ..UiState::default() };
        // A network that leaves enough error on a resting picture for a map to be seen at its fixed range.
        let snakes = Start { model: Some("first-light".into()), ..start("rotating_snakes") };
        let (mut window, state) = real_on(snakes, ui, [1440.0, 900.0]);
        wait(&mut window, |window| {
            window.state().session().latest().is_some_and(|seen| seen.place.step > 20)
        });
        draw(&mut window, &state);
        let image = window.render().unwrap();
        keep(&image, name);
        for picture in ["What you see", "What it expects", "Enlarged map"] {
            let rect = window.get_by_role_and_label(Role::Image, picture).rect();
            let (low, high) = contrast(&image, rect);
            assert!(high - low > 40, "{picture} is flat in the {name} window: {low}..{high}");
        }
        let corner = image.get_pixel(4, 4).0[1];
        assert_eq!(corner < 128, theme == ThemeChoice::Dark);
    }
}

#[test]
fn what_has_not_changed_is_not_drawn_again() {
    let (mut window, state) = real_on(start("drifting_grating"), UiState::default(), [1200.0, 800.0]);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.step > 6));
    draw(&mut window, &state);
    window.key_press(egui::Key::Space);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| !seen.place.playing));
    // The last maps are asked for once more when the first frame of the rest has shown which there are.
    for _ in 0..4 {
        window.run_steps(4);
        window.render().unwrap();
        std::thread::sleep(Duration::from_millis(60));
    }
    let at_rest = pictures_drawn(&state);
    // A pointer that goes over the window has it drawn again and again, but not the pictures. In the gallery, which it
    // stays off, the illusion under it would run.
    for by in 0..12_u8 {
        window.hover_at(egui::pos2(260.0 + 70.0 * f32::from(by), 500.0));
        window.run_steps(3);
        window.render().unwrap();
    }
    assert_eq!(pictures_drawn(&state), at_rest);
    window.key_press(egui::Key::Space);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.playing));
    let from = window.state().session().latest().unwrap().place.step;
    wait(&mut window, |window| {
        window.state().session().latest().is_some_and(|seen| seen.place.step > from + 3)
    });
    window.render().unwrap();
    assert!(pictures_drawn(&state) > at_rest);
}

#[test]
fn every_state_of_the_window_is_drawn() {
    // A network that leaves enough error for it to be seen over the picture.
    let grating = Start { model: Some("first-light".into()), ..start("drifting_grating") };
    let mut window = real(grating, UiState::default(), [1440.0, 900.0]);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.step > 8));
    for picture in ["What you see", "What it expects"] {
        window.get_by_role_and_label(Role::Image, picture).click();
        window.run_steps(3);
    }
    window.get_by_role_and_label(Role::Button, "Map r1").click();
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.step > 24));
    window.get_by_role_and_label(Role::Image, "Enlarged map").click();
    window.get_by_role_and_label(Role::CheckBox, "Control").hover();
    window.run_steps(20);
    let mut shots = vec![("picked", window.render().unwrap())];
    window.key_press(egui::Key::E);
    let middle = window.get_by_role_and_label(Role::Image, "What it expects").rect().center();
    window.hover_at(middle + egui::vec2(30.0, 20.0));
    window.run_steps(2);
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 160.0),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
    });
    window.run_steps(20);
    // The map that is laid over comes with a step after the one in which it was asked for.
    let asked = window.state().session().latest().unwrap().place.step;
    wait(&mut window, |window| window.state().session().latest().is_some_and(|s| s.place.step > asked + 2));
    window.run_steps(3);
    let zoomed = window.render().unwrap();
    let seen = window.get_by_role_and_label(Role::Image, "What you see").rect().shrink(6.0);
    let coloured = |image: &RgbaImage| {
        image
            .enumerate_pixels()
            .filter(|(x, y, p)| {
                seen.contains(egui::pos2(*x as f32, *y as f32)) && p.0[0].abs_diff(p.0[2]) > 24
            })
            .count()
    };
    // The grating is grey; what the error lays over it is blue and orange.
    assert!(coloured(&zoomed) > 500 + coloured(&shots[0].1), "no overlay");
    shots.push(("zoomed", zoomed));
    window.key_press(egui::Key::E);
    window.key_press(egui::Key::Num0);
    window.run_steps(2);
    for (name, key) in [("keys", egui::Key::Questionmark), ("stats", egui::Key::I)] {
        window.key_press(key);
        window.run_steps(4);
        shots.push((name, window.render().unwrap()));
        window.key_press(egui::Key::Escape);
        window.run_steps(4);
    }
    for (name, key) in [("palette", egui::Key::K), ("export", egui::Key::E)] {
        window.key_press_modifiers(egui::Modifiers::COMMAND, key);
        window.run_steps(4);
        shots.push((name, window.render().unwrap()));
        window.key_press(egui::Key::Escape);
        window.run_steps(4);
    }
    window.get_by_label("Menu").click();
    window.run_steps(4);
    window.get_by_label("Play").hover();
    window.run_steps(6);
    for (name, size) in [("small", [1024.0, 600.0]), ("tiny", [512.0, 300.0]), ("large", [2560.0, 1440.0])] {
        window.set_size(size.into());
        window.run_steps(4);
        shots.push((name, window.render().unwrap()));
    }
    for (name, image) in &shots {
        keep(image, name);
        let whole = egui::Rect::from_min_size(
            egui::Pos2::ZERO,
            egui::vec2(image.width() as f32, image.height() as f32),
        );
        let (low, high) = contrast(image, whole);
        assert!(high - low > 100, "{name} is empty");
    }
}

/// Mean difference between two pictures of one size, 0 to 255.
fn difference(image: &RgbaImage, a: egui::Rect, b: egui::Rect) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for y in (6..a.height() as u32 - 6).step_by(2) {
        for x in (6..a.width() as u32 - 6).step_by(2) {
            let at = |rect: egui::Rect| image.get_pixel(rect.left() as u32 + x, rect.top() as u32 + y).0[1];
            sum += f64::from(at(a).abs_diff(at(b)));
            count += 1;
        }
    }
    sum / f64::from(count.max(1))
}

#[test]
fn the_sharp_stimulus_lies_over_what_the_network_sees_also_zoomed_and_mirrored() {
    let mut start = start("rotating_snakes");
    start.showing.mirror = true;
    let (mut window, state) = real_on(start, UiState::default(), [1200.0, 800.0]);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.step > 6));
    draw(&mut window, &state);
    window.get_by_role_and_label(Role::Button, "Map a0").click();
    window.get_by_role_and_label(Role::CheckBox, "Blend values").click();
    let seen = window.get_by_role_and_label(Role::Image, "What you see").rect();
    for zoom in [0.0, 180.0] {
        window.hover_at(seen.left_top() + seen.size() * egui::vec2(0.3, 0.35));
        window.run_steps(2);
        window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, zoom),
            modifiers: egui::Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
        });
        window.run_steps(20);
        window.remove_cursor();
        window.run_steps(3);
        let image = window.render().unwrap();
        keep(&image, &format!("aligned_{zoom}"));
        let network = window.get_by_role_and_label(Role::Image, "Enlarged map").rect();
        let apart = difference(&image, seen, network);
        let shifted = difference(
            &image,
            seen.translate(egui::vec2(0.0, 0.0)),
            network.translate(egui::vec2(14.0, 0.0)),
        );
        println!("zoom {zoom}: {apart:.1} apart, {shifted:.1} when shifted");
        assert!(apart < 0.75 * shifted, "zoom {zoom}: {apart} apart, {shifted} when shifted");
    }
}
