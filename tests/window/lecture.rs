//! Before a class: the screen filled, and the guess before the answer.

use egui::{Key, Role};
use egui_kittest::kittest::Queryable as _;
use percept::session::Command;

use crate::canned::Bench;
use crate::{click, press};

fn sees(bench: &Bench, label: &str) -> bool {
    bench.window.query_by_label(label).is_some()
}

fn says(bench: &Bench, words: &str) -> bool {
    bench.window.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn the_screen_is_filled_keys_still_work_and_escape_leaves() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::F8);
    assert!(sees(&bench, "What you see") && !sees(&bench, "What it expects") && !sees(&bench, "Menu"));
    press(&mut bench, Key::C);
    assert_eq!(bench.commands(), [Command::SetControl(true)]);
    press(&mut bench, Key::F9);
    assert!(sees(&bench, "What you see") && sees(&bench, "What it expects"));
    press(&mut bench, Key::Escape);
    assert!(sees(&bench, "Menu"));
}

#[test]
fn the_audience_has_a_window_of_its_own() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::F12);
    assert!(sees(&bench, "What the audience sees"));
    press(&mut bench, Key::F12);
    assert!(!sees(&bench, "What the audience sees"));
}

#[test]
fn a_class_guesses_sees_the_control_and_then_the_answer() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::F10);
    assert!(says(&bench, "What will the network expect?"));
    assert!(sees(&bench, "Covered until you have guessed"));
    let answer = bench.window.query_by_role_and_label(Role::Image, "What it expects");
    assert!(answer.is_none() && !sees(&bench, "Map r1"), "nothing gives it away");
    click(&mut bench, "It turns clockwise");
    assert_eq!(bench.commands(), [Command::SetControl(true)], "the control comes first");
    assert!(says(&bench, "First the control") && says(&bench, "Your guess: it turns clockwise"));
    assert!(sees(&bench, "Covered until you have guessed"));
    click(&mut bench, "Uncover what the network expects");
    assert_eq!(bench.commands(), [Command::SetControl(false)]);
    assert!(sees(&bench, "What it expects") && !sees(&bench, "Covered until you have guessed"));
    assert!(says(&bench, "In people:"));
    click(&mut bench, "Again");
    assert!(says(&bench, "What will the network expect?"));
    for key in [Key::Num3, Key::Enter] {
        press(&mut bench, key);
    }
    assert!(says(&bench, "Your guess: it does not turn") && sees(&bench, "What it expects"));
    press(&mut bench, Key::Escape);
    assert!(sees(&bench, "Menu") && sees(&bench, "Map r1"));
}
