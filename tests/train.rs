//! `percept train`: a network learns, can be stopped and taken up again, and says what is wrong with a recipe.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails, fails the test")]

#[path = "common/tiny_training.rs"]
mod tiny;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use burn::tensor::Device;
use percept::error::Kind;
use percept::model::shipped;
use percept::train::diet::{Diet, Shape};
use percept::train::feed::{Feed, batch};
use percept::train::hardware::Hardware;
use percept::train::log::Row;
use percept::train::random::Random;
use percept::train::recipe::Recipe;
use percept::train::run::{Files, Plan, run};
use tiny::{RECIPE, data};

fn plan(data: &Path, out: &Path) -> Plan {
    Plan {
        recipe: Recipe::parse(RECIPE).unwrap(),
        data: data.to_path_buf(),
        out: out.to_path_buf(),
        resume: false,
        hardware: Hardware::cpu(1),
        most_frames: None,
    }
}

fn go(plan: &Plan) -> bool {
    run(plan, &AtomicBool::new(false), &mut |_| ()).unwrap()
}

#[test]
fn a_network_learns_and_says_what_it_saw() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let mut plan = plan(data.path(), out.path());
    plan.recipe.training.frames = 6000;
    let mut errors = Vec::new();
    let done =
        run(&plan, &AtomicBool::new(false), &mut |standing| errors.push(standing.report.error)).unwrap();
    assert!(done);
    let files = Files::of(out.path(), &plan.recipe);
    // The means of the log's first part and of its last, on frames never seen before.
    let rows: Vec<Row> = std::fs::read_to_string(&files.log)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(rows.last().unwrap().error < 0.6 * errors[0], "{} {}", rows.last().unwrap().error, errors[0]);
    let card = std::fs::read_to_string(&files.card).unwrap();
    for part in
        ["tiny", "waves, CC0", "a film, MIT", "Nothing but waves", "Held out: kept", "seed 7", "6000 frames"]
    {
        assert!(card.contains(part), "{part}: {card}");
    }
    // The card beside the file is believed where it is of this very file, and then says the size.
    let file = files.model.to_str().unwrap();
    let model = shipped::load(file, None, &Device::flex()).unwrap();
    assert_eq!((model.card().title.as_str(), model.size()), ("Tiny", plan.recipe.network.size));
    assert_eq!((model.card().widths.as_slice(), model.card().frame_rate_hz), (&[3, 8][..], Some(10.0)));
    for (from, to) in [("sha256 = \"", "sha256 = \"0"), ("title", "titel")] {
        std::fs::write(&files.card, card.replacen(from, to, 1)).unwrap();
        assert_eq!(shipped::card(file).unwrap().title, "tiny", "{to}");
    }
}

#[test]
fn a_training_that_was_stopped_ends_as_if_it_had_not_been() {
    let data = data();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let whole = plan(data.path(), one.path());
    assert!(go(&whole));
    let mut parts = plan(data.path(), two.path());
    parts.most_frames = Some(500);
    assert!(!go(&parts));
    let error = run(&parts, &AtomicBool::new(false), &mut |_| ()).unwrap_err();
    assert!(error.kind == Kind::Usage && error.to_string().contains("--resume"), "{error}");
    parts.resume = true;
    parts.most_frames = None;
    // Asked to stop before anything was done: nothing is lost.
    assert!(!run(&parts, &AtomicBool::new(true), &mut |_| ()).unwrap());
    assert!(go(&parts));
    let model = |plan: &Plan| std::fs::read(Files::of(&plan.out, &plan.recipe).model).unwrap();
    // No assert_eq: it would print the files.
    assert!(model(&whole) == model(&parts));

    let mut other = parts.clone();
    other.recipe.training.learning_rate = 1e-3;
    let error = run(&other, &AtomicBool::new(false), &mut |_| ()).unwrap_err();
    assert_eq!(error.kind, Kind::Mismatch);
    // A longer training is no other one.
    let mut longer = parts.clone();
    longer.recipe.training.frames = 1700;
    assert!(go(&longer));
    // What is done cannot be taken back.
    let mut shorter = longer.clone();
    shorter.recipe.training.frames = 100;
    let error = run(&shorter, &AtomicBool::new(false), &mut |_| ()).unwrap_err();
    assert!(error.kind == Kind::Usage && error.to_string().contains("done already"), "{error}");
    let checkpoint = Files::of(&parts.out, &parts.recipe).checkpoint;
    let bytes = std::fs::read(&checkpoint).unwrap();
    std::fs::write(&checkpoint, &bytes[..bytes.len() / 2]).unwrap();
    assert!(run(&parts, &AtomicBool::new(false), &mut |_| ()).is_err());
}

#[test]
fn a_training_may_begin_with_the_weights_of_another_at_another_size() {
    let (data, out) = (data(), tempfile::tempdir().unwrap());
    let first = plan(data.path(), &out.path().join("first"));
    assert!(go(&first));
    let model = Files::of(&first.out, &first.recipe).model;
    std::fs::copy(&model, data.path().join("first.safetensors")).unwrap();
    let mut second = plan(data.path(), &out.path().join("second"));
    second.recipe.start = Some("first.safetensors".to_owned());
    second.recipe.network.size = percept::units::PixelSize::new(40, 32);
    second.most_frames = Some(1);
    let mut errors = Vec::new();
    let mut tell = |standing: &percept::train::run::Standing<'_>| errors.push(standing.report.error);
    assert!(!run(&second, &AtomicBool::new(false), &mut tell).unwrap());
    let mut untrained = plan(data.path(), &out.path().join("untrained"));
    untrained.recipe.network.size = second.recipe.network.size;
    untrained.most_frames = Some(1);
    let mut tell = |standing: &percept::train::run::Standing<'_>| errors.push(standing.report.error);
    run(&untrained, &AtomicBool::new(false), &mut tell).unwrap();
    assert!(errors[0] < 0.8 * errors[1], "the first batch: {errors:?}");
    let card = std::fs::read_to_string(Files::of(&second.out, &second.recipe).card).unwrap();
    assert!(card.contains("Began with the weights of first.safetensors"), "{card}");

    // Every channel three times: it begins where the narrow one is, but for a little chance.
    second.out = out.path().join("third");
    second.recipe.network.widths = vec![3, 24];
    let mut tell = |standing: &percept::train::run::Standing<'_>| errors.push(standing.report.error);
    assert!(!run(&second, &AtomicBool::new(false), &mut tell).unwrap());
    assert!((errors[2] / errors[0] - 1.0).abs() < 0.05, "wide beside narrow: {errors:?}");

    // Of another network, or of none.
    second.out = out.path().join("fourth");
    second.recipe.network.widths = vec![3, 9];
    let error = run(&second, &AtomicBool::new(false), &mut |_| ()).unwrap_err();
    assert!(error.kind == Kind::Mismatch && error.to_string().contains("cannot become"), "{error}");
    second.recipe.start = Some("none.safetensors".to_owned());
    let error = run(&second, &AtomicBool::new(false), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("none.safetensors"), "{error}");
}

#[test]
fn what_is_seen_depends_on_the_seed_and_the_number_alone() {
    let data = data();
    let recipe = Recipe::parse(RECIPE).unwrap();
    let diet = std::sync::Arc::new(Diet::open(&recipe.diet, data.path(), recipe.network.size).unwrap());
    assert!(diet.notes.iter().any(|note| note.contains("12 frames")), "{:?}", diet.notes);
    let mut feed = Feed::start(&recipe, &diet, 3, 2).unwrap();
    for index in 3..8 {
        let batch = batch(&recipe, &diet, index);
        assert_eq!(feed.take().unwrap(), batch);
        assert!(batch.sequences.iter().flatten().all(|value| (0.0..=1.0).contains(value)));
        assert!([10, 20].contains(&batch.frames) && batch.sequences.len() == 2);
    }
    let mut other = recipe.clone();
    other.training.seed = 8;
    assert!(batch(&recipe, &diet, 0) != batch(&other, &diet, 0));
}

#[test]
fn what_is_held_out_is_never_seen() {
    let data = data();
    // Only the panorama that is held out is bright.
    let folder = data.path().join("panoramas");
    for name in ["square", "wood"] {
        image::RgbImage::from_pixel(64, 32, image::Rgb([40; 3]))
            .save(folder.join(format!("{name}.png")))
            .unwrap();
    }
    image::RgbImage::from_pixel(64, 32, image::Rgb([250; 3])).save(folder.join("kept.png")).unwrap();
    let mut recipe = Recipe::parse(RECIPE).unwrap();
    recipe.diet.video.clear();
    recipe.diet.still.clear();
    (recipe.diet.gain, recipe.diet.noisy) = ([1.0, 1.0], 0.0);
    let brightest = |recipe: &Recipe| {
        let diet = Diet::open(&recipe.diet, data.path(), recipe.network.size).unwrap();
        let shape = Shape { frames: 2, size: recipe.network.size };
        let mut out = vec![0.0; shape.len()];
        let mut most = 0.0_f32;
        for index in 0..40 {
            diet.serve(&mut Random::new(1, index), shape, &mut out);
            most = out.iter().copied().fold(most, f32::max);
        }
        most
    };
    assert!(brightest(&recipe) < 0.3);
    recipe.diet.held_out.clear();
    assert!(brightest(&recipe) > 0.9);
}

#[test]
fn files_that_are_missing_or_empty_are_named() {
    let data = data();
    let open = |recipe: &Recipe| Diet::open(&recipe.diet, data.path(), recipe.network.size).err().unwrap();
    let mut recipe = Recipe::parse(RECIPE).unwrap();
    recipe.diet.video[0].files = vec!["no-such-film".to_owned()];
    let error = open(&recipe);
    assert!(error.kind == Kind::Missing && error.to_string().contains("no-such-film"), "{error}");
    std::fs::create_dir(data.path().join("nothing")).unwrap();
    recipe.diet.video[0].files = vec!["nothing".to_owned()];
    assert_eq!(open(&recipe).kind, Kind::Empty);
    let mut recipe = Recipe::parse(RECIPE).unwrap();
    recipe.diet.memory_mib = 0;
    assert_eq!(open(&recipe).kind, Kind::Empty);
    assert_eq!(Recipe::read(&data.path().join("none.toml")).unwrap_err().kind, Kind::Unreadable);
}

#[test]
fn shipped_recipes_can_be_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/recipes");
    let recipes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let recipes: Vec<_> =
        recipes.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    assert!(!recipes.is_empty());
    for path in &recipes {
        Recipe::read(path).unwrap();
    }
    // And the one that the documentation begins with.
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/training.md")).unwrap();
    let recipe = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Recipe::parse(recipe).unwrap().name, "my-street");
}
