//! The page of trainings: a recipe is dropped on the window, a network learns from it, is stopped and goes on, and then
//! watches; and a training that runs elsewhere is followed.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use percept::session::Command;
use percept::train::recipe::Recipe;
use percept::train::run::{Files, Plan, run};

use crate::canned::{Bench, SetUp};
use crate::journey::Dropped;
use crate::pixels::{keep, real};
use crate::tiny;

fn has(bench: &Bench, label: &str) -> bool {
    bench.window.query_all_by_label_contains(label).next().is_some()
}

fn click(bench: &mut Bench, label: &str) {
    bench.window.get_by_role_and_label(Role::Button, label).click();
    bench.window.run_steps(3);
}

/// Runs the window until it shows this, at most a minute.
fn wait(bench: &mut Bench, label: &str) {
    let begun = Instant::now();
    while !has(bench, label) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{label} never came");
        bench.window.step();
        std::thread::sleep(Duration::from_millis(20));
    }
    bench.window.run_steps(3);
}

fn drop_on(bench: &mut Bench, path: &Path) {
    let dropped = std::sync::Arc::new(Dropped(path.to_path_buf()));
    bench.window.input_mut().dropped_files.push(dropped);
    bench.window.run_steps(3);
}

/// A recipe of so many frames among the pictures that it names.
fn recipe(frames: u64) -> (tempfile::TempDir, PathBuf) {
    let folder = tiny::data();
    let file = folder.path().join("street.toml");
    std::fs::write(&file, tiny::RECIPE.replace("frames = 1600", &format!("frames = {frames}"))).unwrap();
    (folder, file)
}

#[test]
fn the_page_opens_by_key_and_from_the_palette_and_says_what_to_do() {
    let mut bench = Bench::usual();
    bench.window.key_press(Key::F6);
    bench.window.run_steps(3);
    assert!(has(&bench, "A recipe, one TOML file") && !has(&bench, "What you see"));
    assert!(bench.window.query_all_by_label("Open recipe…").count() >= 2);
    bench.window.key_press(Key::Escape);
    bench.window.run_steps(3);
    assert!(has(&bench, "What you see"));
    bench.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::K);
    bench.window.run_steps(3);
    bench.window.event(egui::Event::Text("training".into()));
    bench.window.run_steps(3);
    bench.window.key_press(Key::Enter);
    bench.window.run_steps(3);
    assert!(has(&bench, "A recipe, one TOML file"));
    click(&mut bench, "Close training");
    assert!(has(&bench, "What you see"));
    assert!(bench.commands().is_empty(), "the stimulus goes on");
}

#[test]
fn a_recipe_is_dropped_learns_stops_goes_on_and_its_network_watches() {
    // So long that it does not end by itself.
    let (folder, file) = recipe(100_000_000);
    let mut bench = Bench::usual();
    drop_on(&mut bench, &file);
    wait(&mut bench, "0 of 100,000,000 frames");
    assert!(has(&bench, "Not begun"));
    let out = folder.path().join("tiny");
    let field = bench.window.get_by_role_and_label(Role::TextInput, "Output");
    assert_eq!(field.accesskit_node().value().as_deref(), out.to_str());
    assert!(!out.exists(), "nothing is made before it starts");

    click(&mut bench, "Start");
    wait(&mut bench, "Target");
    for picture in ["Last frame", "Target", "Prediction", "Difference"] {
        assert!(bench.window.get_by_role_and_label(Role::Image, picture).rect().is_positive(), "{picture}");
    }
    wait(&mut bench, "Running");
    click(&mut bench, "Stop");
    wait(&mut bench, "Stopped");
    let recipe = Recipe::read(&file).unwrap();
    let files = Files::of(&out, &recipe);
    assert!(files.checkpoint.is_file() && files.model.is_file() && files.preview.is_file());

    click(&mut bench, "Go on");
    wait(&mut bench, "Running");
    bench.window.key_press(Key::Escape);
    bench.window.run_steps(3);
    assert!(has(&bench, "What you see"), "it goes on while something else is shown");
    wait(&mut bench, "Training 0 %");
    click(&mut bench, "Training 0 %");
    click(&mut bench, "Stop");
    wait(&mut bench, "Stopped");
    click(&mut bench, "Watch with this network");
    assert_eq!(bench.commands(), [Command::SetModel(files.model.display().to_string())]);
    assert!(has(&bench, "What you see"));
}

#[test]
fn a_short_training_ends_with_its_curve_and_the_curve_can_be_shown_otherwise() {
    let (_folder, file) = recipe(400);
    let mut bench = Bench::usual();
    drop_on(&mut bench, &file);
    wait(&mut bench, "0 of 400 frames");
    click(&mut bench, "Start");
    wait(&mut bench, "Finished");
    wait(&mut bench, "Training curve, 4");
    assert!(has(&bench, "learning rate") && has(&bench, "of copying's"));
    for choice in ["Scale: Log", "Shown: Ratio"] {
        bench.window.get_by_role_and_label(Role::CheckBox, choice).click();
        bench.window.run_steps(3);
        let node = bench.window.get_by_role_and_label(Role::CheckBox, choice);
        assert_eq!(node.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True), "{choice}");
    }
    let curve = bench.window.get_by_role_and_label(Role::Image, "Learning rate").rect().center();
    bench.window.hover_at(curve);
    bench.window.run_steps(30);
    assert!(has(&bench, "frames\nerror 0."), "the pointer reads values");
}

#[test]
fn a_recipe_that_is_none_and_a_diet_that_is_missing_are_told_on_the_page() {
    let (folder, file) = recipe(400);
    let mut bench = Bench::usual();
    let other = folder.path().join("card.toml");
    std::fs::write(&other, "title = \"A card\"").unwrap();
    drop_on(&mut bench, &other);
    wait(&mut bench, "Failed");
    assert!(has(&bench, "this is no recipe"));
    std::fs::remove_dir_all(folder.path().join("film")).unwrap();
    drop_on(&mut bench, &file);
    wait(&mut bench, "0 of 400 frames");
    click(&mut bench, "Start");
    wait(&mut bench, "Failed");
    assert!(has(&bench, "/film: "));
}

#[test]
fn a_training_elsewhere_is_followed_when_its_folder_is_dropped() {
    let (folder, file) = recipe(1600);
    let out = folder.path().join("run");
    let plan = Plan {
        recipe: Recipe::read(&file).unwrap(),
        data: folder.path().to_path_buf(),
        out: out.clone(),
        resume: false,
        hardware: percept::train::hardware::Hardware::cpu(1),
        most_frames: Some(600),
    };
    let stop = std::sync::atomic::AtomicBool::new(false);
    assert!(!run(&plan, &stop, &mut |_| ()).unwrap());
    let mut bench = Bench::usual();
    drop_on(&mut bench, &out);
    wait(&mut bench, "Stopped");
    assert!(has(&bench, "of 1,600 frames") && has(&bench, "Tiny"));
    assert!(bench.window.get_by_role_and_label(Role::Image, "Prediction").rect().is_positive());
    assert!(bench.commands().is_empty(), "it is not opened as a folder of pictures");
    click(&mut bench, "Go on");
    wait(&mut bench, "Finished");
}

#[test]
fn the_curve_and_the_pictures_are_really_drawn_and_fit_into_a_small_window() {
    let (folder, file) = recipe(4000);
    let out = folder.path().join("tiny");
    let plan = Plan {
        recipe: Recipe::read(&file).unwrap(),
        data: folder.path().to_path_buf(),
        out,
        resume: false,
        hardware: percept::train::hardware::Hardware::cpu(1),
        most_frames: None,
    };
    run(&plan, &std::sync::atomic::AtomicBool::new(false), &mut |_| ()).unwrap();
    let mut window =
        real(percept::cli::usual_start(), percept::app::state::UiState::default(), [1024.0, 600.0]);
    window.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(plan.out.clone())));
    crate::pixels::wait(&mut window, |window| {
        window.query_all_by_role_and_label(Role::Image, "Prediction").next().is_some()
    });
    window.run_steps(4);
    let image = window.render().unwrap();
    keep(&image, "training_small");
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1024.0, 600.0));
    for picture in ["Last frame", "Target", "Prediction"] {
        let rect = window.get_by_role_and_label(Role::Image, picture).rect();
        assert!(screen.contains_rect(rect), "{picture}: {rect:?}");
        let inside = image
            .enumerate_pixels()
            .filter(|(x, y, _)| rect.shrink(4.0).contains(egui::pos2(*x as f32, *y as f32)))
            .map(|(_, _, pixel)| pixel.0[1]);
        let (low, high) = inside.fold((255, 0), |(l, h), v| (v.min(l), v.max(h)));
        assert!(high - low > 10, "{picture} is flat: {low}..{high}");
    }
}

#[test]
fn closing_the_window_stops_a_training_with_a_checkpoint() {
    let (folder, file) = recipe(100_000_000);
    let mut bench = Bench::new(SetUp::default());
    drop_on(&mut bench, &file);
    wait(&mut bench, "0 of 100,000,000 frames");
    click(&mut bench, "Start");
    wait(&mut bench, "Target");
    drop(bench);
    assert!(folder.path().join("tiny/checkpoint.safetensors").is_file());
}
