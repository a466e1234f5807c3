//! What flashes beyond the limits waits under a warning; what the person wants to be spared is asked once.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use percept::app::state::UiState;
use percept::safety::{Class, Pattern, Verdict};
use percept::session::{Command, Safety};

use crate::canned::{Bench, SetUp, snapshot};
use crate::{click, press};

fn flashing(ui: UiState) -> Bench {
    let mut snapshot = snapshot();
    let verdict = Verdict { class: Class::Fails, ..Verdict::default() };
    snapshot.safety = Safety { verdict: Some(Arc::new(verdict)), looking: false };
    Bench::new(SetUp { snapshot: Some(snapshot), ui, ..SetUp::default() })
}

#[test]
fn what_flashes_is_shown_when_it_is_asked_for() {
    let mut bench = flashing(UiState::default());
    assert!(bench.window.query_by_label("This flashes").is_some());
    assert!(bench.window.query_by_label("Hold to view").is_some());
    // An audience does not see it either.
    let held_back = "Held back: it flashes, has stripes, or has not been looked through yet";
    press(&mut bench, egui::Key::F12);
    assert!(bench.window.query_by_label(held_back).is_some());
    // Here the audience's window lies within this one, and over the button.
    press(&mut bench, egui::Key::F12);
    click(&mut bench, "Show it");
    assert!(bench.window.query_by_label("This flashes").is_none());
    press(&mut bench, egui::Key::F12);
    assert!(bench.window.query_by_label(held_back).is_none());
    assert!(bench.window.query_by_label("What the audience sees").is_some());
}

#[test]
fn stripes_are_asked_for_unless_the_person_wants_them_at_once() {
    let striped = |ui| {
        let mut snapshot = snapshot();
        let pattern = Some(Pattern { from_s: 0.0, to_s: 3.0, area: 0.8, pairs: 10 });
        let verdict = Verdict { class: Class::Warning, pattern, ..Verdict::default() };
        snapshot.safety = Safety { verdict: Some(Arc::new(verdict)), looking: false };
        Bench::new(SetUp { snapshot: Some(snapshot), ui, ..SetUp::default() })
    };
    let mut bench = striped(UiState::default());
    assert!(bench.window.query_by_label("Regular stripes").is_some());
    assert!(bench.window.query_by_label("This flashes").is_none());
    click(&mut bench, "Do not ask about stripes and slow flashing again");
    assert!(bench.window.query_by_label("Regular stripes").is_none());
    let kept = bench.window.state().ui_state();
    assert!(kept.patterns_at_once);
    let bench = striped(UiState { patterns_at_once: true, ..UiState::default() });
    assert!(bench.window.query_by_label("Regular stripes").is_none());
}

#[test]
fn what_is_safe_has_no_warning_and_nothing_is_asked_again() {
    let bench = Bench::usual();
    for label in ["This flashes", "Reduce flashing"] {
        assert!(bench.window.query_by_label(label).is_none(), "{label}");
    }
}

#[test]
fn reduced_flashing_shows_it_slowly_without_a_question() {
    let bench = flashing(UiState { reduce_flashing: true, ..UiState::default() });
    assert!(bench.window.query_by_label("This flashes").is_none());
}

#[test]
fn the_first_start_asks_once_and_the_answers_are_kept() {
    let mut bench =
        Bench::new(SetUp { ui: UiState { ask_safety: true, ..UiState::default() }, ..SetUp::default() });
    click(&mut bench, "Reduce flashing");
    click(&mut bench, "Reduced motion");
    click(&mut bench, "Done");
    let kept = bench.window.state().ui_state();
    assert!(kept.reduce_flashing && kept.reduced_motion && !kept.ask_safety);
    bench.commands();
    press(&mut bench, egui::Key::PageDown);
    assert!(bench.commands().contains(&Command::SetPlaying(false)));
}
