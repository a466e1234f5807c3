//! The page of models and two networks side by side: found by label, sent as commands.

use egui::accesskit::Toggled;
use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use percept::app::state::UiState;
use percept::session::{Command, Snapshot, Start, Whose};
use percept::stimulus::StimulusSpec;

use crate::canned::{self, Bench, SetUp};
use crate::pixels::{keep, real, wait};

fn click(bench: &mut Bench, role: Role, label: &str) {
    bench.window.get_by_role_and_label(role, label).click();
    bench.window.run_steps(3);
}

fn has(bench: &Bench, label: &str) -> bool {
    bench.window.query_all_by_label(label).next().is_some()
}

/// A shipped network watches alone.
fn alone() -> Bench {
    let snapshot = Snapshot { model_source: "first-light".into(), ..canned::snapshot() };
    Bench::new(SetUp { snapshot: Some(snapshot), ..SetUp::default() })
}

fn compared() -> Bench {
    Bench::new(SetUp { snapshot: Some(canned::compared()), ..SetUp::default() })
}

#[test]
fn the_page_opens_by_button_by_key_and_from_the_palette_and_closes() {
    let mut bench = alone();
    click(&mut bench, Role::Button, "Models");
    assert!(has(&bench, "Watch with First light") && has(&bench, "Compare with Copy last frame"));
    assert!(!has(&bench, "What you see"), "the page has the place of the pictures");
    click(&mut bench, Role::Button, "Close models");
    assert!(has(&bench, "What you see"));
    bench.window.key_press(Key::F5);
    bench.window.run_steps(3);
    assert!(has(&bench, "Watch with First light"));
    bench.window.key_press(Key::Escape);
    bench.window.run_steps(3);
    assert!(has(&bench, "What you see"));
    bench.window.key_press_modifiers(egui::Modifiers::COMMAND, Key::K);
    bench.window.run_steps(3);
    bench.window.event(egui::Event::Text("compare copy".into()));
    bench.window.run_steps(3);
    bench.window.key_press(Key::Enter);
    bench.window.run_steps(3);
    assert_eq!(bench.commands(), [Command::Compare(Some("copy".into()))]);
}

#[test]
fn a_card_says_what_there_is_to_know() {
    let mut bench = alone();
    click(&mut bench, Role::Button, "Models");
    for words in ["Illusions, faces, text", "3, 16, 32", "walk: 0.60 of copying's error"] {
        assert!(bench.window.query_all_by_label_contains(words).next().is_some(), "{words}");
    }
    click(&mut bench, Role::Button, "Card of Copy last frame");
    click(&mut bench, Role::Button, "Watch with it");
    assert_eq!(bench.commands(), [Command::SetModel("copy".into())]);
}

#[test]
fn one_click_chooses_a_model_or_puts_it_beside() {
    let mut bench = alone();
    click(&mut bench, Role::Button, "Models");
    click(&mut bench, Role::RadioButton, "Watch with Copy last frame");
    assert_eq!(bench.commands(), [Command::SetModel("copy".into())]);
    click(&mut bench, Role::RadioButton, "Compare with First light");
    assert_eq!(bench.commands(), [Command::Compare(Some("first-light".into()))]);

    let mut bench = compared();
    click(&mut bench, Role::Button, "Models");
    let state =
        |label: &str| bench.window.get_by_role_and_label(Role::RadioButton, label).accesskit_node().toggled();
    assert_eq!(state("Compare with Copy last frame"), Some(Toggled::True));
    assert_eq!(state("Compare with First light"), Some(Toggled::False));
    assert_eq!(state("Watch with First light"), Some(Toggled::True));
    click(&mut bench, Role::RadioButton, "Compare with Copy last frame");
    assert_eq!(bench.commands(), [Command::Compare(None)]);
}

#[test]
fn a_comparison_shows_both_predictions_and_their_difference_and_is_exchanged_and_ended() {
    let mut bench = compared();
    for picture in ["What you see", "What A expects", "What B expects", "Difference, A minus B"] {
        assert!(bench.window.get_by_role_and_label(Role::Image, picture).rect().is_positive(), "{picture}");
    }
    assert!(has(&bench, "RMS 0.020"));
    let step = bench.window.query_all_by_label_contains("(A and B)").next();
    assert!(step.is_some(), "the time of a step is said to be that of both");
    assert!(has(&bench, "A First light") && has(&bench, "B Copy last frame"));
    click(&mut bench, Role::Button, "Exchange A and B");
    assert_eq!(bench.commands(), [Command::Exchange]);
    bench.window.key_press(Key::B);
    bench.window.run_steps(3);
    assert_eq!(bench.commands(), [Command::Exchange]);
    click(&mut bench, Role::Button, "Save enlarged map");
    let saved = bench.commands();
    assert!(matches!(&saved[..], [Command::SavePicture(Some(name), _)] if name == "difference"), "{saved:?}");
    click(&mut bench, Role::Button, "Map e0");
    assert!(has(&bench, "Back to the difference"));
    click(&mut bench, Role::Button, "End the comparison");
    assert_eq!(bench.commands(), [Command::Compare(None)]);
}

#[test]
fn a_list_of_many_long_names_stays_inside_a_small_window() {
    let models = (0..8).map(|i| format!("/{}/net{i}.safetensors", "a long folder ".repeat(12))).collect();
    let ui = UiState { models, ..UiState::default() };
    let snapshot = Some(canned::compared());
    let mut bench = Bench::new(SetUp { size: [1024.0, 600.0], ui, snapshot, ..SetUp::default() });
    click(&mut bench, Role::Button, "Models");
    bench.window.run_steps(4);
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1024.0, 600.0));
    for label in ["Card of First light", "Card of Copy last frame"] {
        let rect = bench.window.get_by_role_and_label(Role::Button, label).rect();
        assert!(screen.contains_rect(rect), "{label} {rect:?}");
    }
    let last = bench.window.query_all_by_label_contains("Card of net7").next();
    assert!(last.is_some(), "every file is in the list");
}

#[test]
fn two_real_networks_are_put_side_by_side_and_the_difference_is_drawn() {
    let start = Start {
        stimulus: StimulusSpec::Illusion("rotating_snakes".into()),
        model: Some("first-light".into()),
        ..percept::cli::usual_start()
    };
    let mut window = real(start, UiState::default(), [1440.0, 900.0]);
    wait(&mut window, |window| window.state().session().latest().is_some_and(|seen| seen.place.step > 2));
    window.get_by_role_and_label(Role::Button, "Models").click();
    window.run_steps(3);
    // There are more networks than the page has room for.
    window.get_by_role_and_label(Role::RadioButton, "Compare with Untrained twin").scroll_to_me();
    window.run_steps(30);
    window.get_by_role_and_label(Role::RadioButton, "Compare with Untrained twin").click();
    wait(&mut window, |window| {
        let seen = window.state().session().latest();
        seen.is_some_and(|seen| seen.second.is_some() && seen.place.step > 4)
    });
    window.run_steps(3);
    keep(&window.render().unwrap(), "models");
    window.key_press(Key::Escape);
    wait(&mut window, |window| {
        let seen = window.state().session().latest();
        seen.is_some_and(|seen| seen.maps.iter().any(|map| map.whose == Whose::Difference))
    });
    window.run_steps(3);
    let image = window.render().unwrap();
    keep(&image, "compared");
    for picture in ["What A expects", "What B expects", "Difference, A minus B"] {
        let rect = window.get_by_role_and_label(Role::Image, picture).rect().shrink(6.0);
        let inside = image
            .enumerate_pixels()
            .filter(|(x, y, _)| rect.contains(egui::pos2(*x as f32, *y as f32)))
            .map(|(_, _, pixel)| pixel.0[1]);
        let (low, high) = inside.fold((255, 0), |(l, h), v| (v.min(l), v.max(h)));
        assert!(high - low > 10, "{picture} is flat: {low}..{high}");
    }
}
