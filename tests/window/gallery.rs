//! The gallery: search, families, favourites, badges, and the page of all illusions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::accesskit::Toggled;
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use percept::app::Badge;
use percept::app::state::UiState;
use percept::experiment::verdict::Verdict;
use percept::session::{Command, OnShow};
use percept::stimulus::StimulusSpec;
use percept::stimulus::illusion::catalogue;

use crate::canned::{Bench, SetUp, snapshot};
use crate::{click, press, scroll_to};

fn shown(slug: &str) -> Command {
    Command::Open(StimulusSpec::Illusion(slug.into()))
}

fn is_listed(bench: &Bench, name: &str) -> bool {
    bench.window.query_by_role_and_label(Role::Button, name).is_some()
}

/// Types into the search field, which a key gives the focus.
fn look_for(bench: &mut Bench, text: &str) {
    bench.window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    bench.window.run_steps(3);
    bench.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    bench.window.event(egui::Event::Text(text.into()));
    bench.window.run_steps(4);
}

#[test]
fn an_illusion_is_found_by_paper_effect_family_and_name() {
    let mut bench = Bench::usual();
    for (typed, found, missing) in [
        ("nijhawan", "Flash-lag", "Rotating snakes"),
        ("seem to trail", "Flash-lag", "Plaid"),
        ("motion position", "Flash-lag", "Plaid"),
        ("anstis 1970", "Reverse phi", "Flash-lag"),
        ("SNAKES", "Rotating snakes", "Reverse phi"),
    ] {
        look_for(&mut bench, typed);
        assert!(is_listed(&bench, found), "{typed} finds {found}");
        assert!(!is_listed(&bench, missing), "{typed} does not find {missing}");
    }
    look_for(&mut bench, "no such thing");
    assert!(bench.window.query_by_label_contains("Nothing is found").is_some());
    click(&mut bench, "Show all");
    assert!(is_listed(&bench, "Plaid"));
}

#[test]
fn enter_in_the_search_field_shows_the_first_that_was_found() {
    let mut bench = Bench::usual();
    look_for(&mut bench, "nijhawan");
    press(&mut bench, Key::Enter);
    assert_eq!(bench.commands(), [shown("flash_lag")]);
}

#[test]
fn favourites_are_kept_for_the_next_run_and_can_be_shown_alone() {
    let mut bench = Bench::usual();
    look_for(&mut bench, "plaid");
    click(&mut bench, "Star for Plaid");
    look_for(&mut bench, " ");
    click(&mut bench, "Favourites only");
    assert!(is_listed(&bench, "Plaid") && !is_listed(&bench, "Rotating snakes"));
    let kept = toml::Table::try_from(bench.window.state().ui_state()).unwrap();
    let ui: UiState = kept.try_into().unwrap();
    assert_eq!(ui.favourites, BTreeSet::from(["plaid".to_owned()]));
    let mut bench = Bench::new(SetUp { ui, ..SetUp::default() });
    assert!(is_listed(&bench, "Plaid") && !is_listed(&bench, "Rotating snakes"));
    let star = bench.window.get_by_role_and_label(Role::CheckBox, "Star for Plaid");
    assert_eq!(star.accesskit_node().toggled(), Some(Toggled::True));
    click(&mut bench, "Star for Plaid");
    assert!(bench.window.query_by_label_contains("No illusion has a star").is_some());
}

#[test]
fn the_illusion_on_show_gets_a_star_by_key() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::D);
    assert!(bench.window.state().ui_state().favourites.contains("rotating_snakes"));
    press(&mut bench, Key::D);
    assert!(bench.window.state().ui_state().favourites.is_empty());
}

#[test]
fn families_fold_and_the_next_illusion_is_the_next_in_sight() {
    let mut last = snapshot();
    last.stimulus = StimulusSpec::Illusion("two_stroke".into());
    if let OnShow::Illusion { illusion, .. } = &mut last.on_show {
        *illusion = Arc::new(catalogue::find(&catalogue::built_in(), "two_stroke").unwrap().clone());
    }
    let mut bench = Bench::new(SetUp { snapshot: Some(last), ..SetUp::default() });
    press(&mut bench, Key::PageDown);
    assert_eq!(
        bench.commands(),
        [shown("double_drift")],
        "after the last of the family comes the next family"
    );
    scroll_to(&mut bench, Role::Button, "Family Motion and position");
    click(&mut bench, "Family Motion and position");
    assert!(!is_listed(&bench, "Flash-lag"));
    press(&mut bench, Key::PageDown);
    assert_eq!(bench.commands(), [shown("asahi")], "what is folded is passed over");
    look_for(&mut bench, "lag");
    assert!(is_listed(&bench, "Flash-lag"), "what is looked for is never folded away");
}

#[test]
fn the_page_shows_one_family_and_a_click_opens_an_illusion() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::G);
    assert!(bench.window.query_by_label("All illusions").is_some());
    assert!(bench.window.query_by_role_and_label(Role::Image, "What you see").is_none());
    click(&mut bench, "Show family: Motion and position");
    assert!(is_listed(&bench, "Flash-lag") && !is_listed(&bench, "Plaid"));
    look_for(&mut bench, "plaid");
    click(&mut bench, "Show family: all");
    click(&mut bench, "Plaid");
    assert_eq!(bench.commands(), [shown("plaid")]);
    assert!(
        bench.window.query_by_role_and_label(Role::Image, "What you see").is_some(),
        "the page is closed"
    );
    press(&mut bench, Key::G);
    press(&mut bench, Key::Escape);
    assert!(bench.window.query_by_role_and_label(Role::Image, "What you see").is_some());
}

#[test]
fn a_badge_says_whether_the_network_sees_it() {
    let mut bench = Bench::usual();
    look_for(&mut bench, "lag");
    let said = |bench: &Bench, words: &str| bench.window.query_by_label(words).is_some();
    assert!(said(&bench, "Flash-lag: not tested yet"));
    let badge = Badge { verdict: Some(Verdict::Seen), of: None, number: "+0.3 deg".into() };
    bench.window.state_mut().set_badges(BTreeMap::from([("flash_lag".to_owned(), badge)]));
    bench.window.run_steps(2);
    assert!(said(&bench, "Flash-lag: the network sees it, +0.3 deg"));
}
