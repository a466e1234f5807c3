//! The window as a user of screen reader, mouse and keyboard meets it: everything is found by its label, and
//! what is done arrives at the session as a command.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

mod canned;
mod editor;
mod gallery;
mod journey;
mod lecture;
#[path = "../common/media.rs"]
mod media;
mod models;
mod pixels;
#[path = "../common/tiny_training.rs"]
mod tiny;
mod training;
mod veil;

use canned::{Bench, SetUp};
use egui::accesskit::Toggled;
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use percept::app::ThemeChoice;
use percept::app::commands;
use percept::app::state::UiState;
use percept::readout::Unit;
use percept::session::{Command, Looping};
use percept::stimulus::StimulusSpec;

/// Clicks what has this label and lets the window react.
fn click(bench: &mut Bench, label: &str) {
    bench.window.get_by_label(label).click();
    bench.window.run_steps(3);
}

/// Clicks the middle of a picture.
fn click_picture(bench: &mut Bench, label: &str) {
    bench.window.get_by_role_and_label(Role::Image, label).click();
    bench.window.run_steps(3);
}

/// Brings what has this label into sight of its scroll area.
fn scroll_to(bench: &mut Bench, role: Role, label: &str) {
    bench.window.get_by_role_and_label(role, label).scroll_to_me();
    bench.window.run_steps(30);
}

fn press(bench: &mut Bench, key: Key) {
    bench.window.key_press(key);
    bench.window.run_steps(3);
}

#[test]
fn play_and_pause_by_button_and_by_key() {
    let mut bench = Bench::usual();
    click(&mut bench, "Play");
    assert_eq!(bench.commands(), [Command::SetPlaying(true)]);
    assert!(bench.window.query_by_label("Pause").is_some(), "the button answers before the network does");
    press(&mut bench, Key::Space);
    assert_eq!(bench.commands(), [Command::SetPlaying(false)]);
}

#[test]
fn the_transport_sends_mpvs_commands() {
    let mut bench = Bench::usual();
    for (key, command) in [
        (Key::Period, Command::StepForward),
        (Key::Comma, Command::StepBack),
        (Key::ArrowLeft, Command::Seek(0.0)),
        (Key::CloseBracket, Command::SetSpeed(1.5)),
        (Key::Backspace, Command::SetSpeed(1.0)),
        (Key::R, Command::Reset),
        (Key::X, Command::Extrapolate(10)),
    ] {
        press(&mut bench, key);
        assert_eq!(bench.commands(), [command], "{key:?}");
    }
    bench.window.key_press_modifiers(Modifiers::SHIFT, Key::L);
    bench.window.run_steps(2);
    assert_eq!(bench.commands(), [Command::SetLooping(Looping::Off)]);
}

#[test]
fn control_mirror_and_lesions_are_switches() {
    let mut bench = Bench::usual();
    let toggled = |bench: &Bench, label: &str| {
        bench.window.get_by_role_and_label(Role::CheckBox, label).accesskit_node().toggled()
    };
    for (label, command) in [
        ("Control", Command::SetControl(true)),
        ("Mirror", Command::SetMirror(true)),
        ("Feedback off", Command::SetLesion("feedback".into(), true)),
    ] {
        assert_eq!(toggled(&bench, label), Some(Toggled::False));
        bench.window.get_by_role_and_label(Role::CheckBox, label).click();
        bench.window.run_steps(3);
        assert_eq!(bench.commands(), [command]);
        assert_eq!(toggled(&bench, label), Some(Toggled::True));
    }
    press(&mut bench, Key::C);
    assert_eq!(bench.commands(), [Command::SetControl(false)]);
}

#[test]
fn a_click_on_a_map_picks_the_unit_under_it_and_a_cross_lets_it_go() {
    let mut bench = Bench::usual();
    click_picture(&mut bench, "What it expects");
    let unit = Unit { probe: "a_hat0".into(), channel: None, x: 40, y: 32 };
    assert_eq!(bench.commands(), [Command::Pick(unit.clone())]);
    click(&mut bench, "Remove a_hat0[x40,y32]");
    assert_eq!(bench.commands(), [Command::Unpick(unit)]);
    click(&mut bench, "Map r1");
    bench.sent.try_iter().for_each(drop);
    click_picture(&mut bench, "Enlarged map");
    let picked = Unit { probe: "r1".into(), channel: None, x: 20, y: 16 };
    assert_eq!(bench.commands(), [Command::Pick(picked)]);
}

#[test]
fn an_enlarged_map_is_measured() {
    let mut bench = Bench::usual();
    bench.window.get_by_label("Map r2").click();
    bench.window.run_steps(3);
    let sent: Vec<_> = bench.sent.try_iter().collect();
    assert!(sent.contains(&Command::Inspect(Some(("r2".into(), None)))), "{sent:?}");
    click(&mut bench, "Back to the error");
}

#[test]
fn every_picture_has_a_button_that_saves_it() {
    let mut bench = Bench::usual();
    bench.window.get_by_label("Map r2").click();
    bench.window.run_steps(3);
    for (label, wanted) in
        [("Save what you see", "a0"), ("Save what it expects", "a_hat0"), ("Save enlarged map", "r2")]
    {
        click(&mut bench, label);
        let sent = bench.commands();
        let [Command::SavePicture(Some(probe), path)] = sent.as_slice() else { panic!("{label}: {sent:?}") };
        assert_eq!(probe, wanted);
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(name.ends_with(&format!("_{wanted}.png")), "{name}");
        let said = path.display().to_string();
        assert!(bench.window.query_all_by_label_contains(&said).next().is_some(), "{said}");
    }
}

#[test]
fn picked_units_come_back_where_the_network_has_them() {
    let picked = ["r1[x20,y16]", "nowhere[x1,y1]", "e0[c2,x79,y63]", "e0[x80,y0]", "not a unit"];
    let ui = UiState { picked: picked.map(str::to_owned).into(), ..UiState::default() };
    let (session, sent) = percept::session::Session::detached(Some(canned::snapshot()), canned::recording());
    let parts = canned::parts(session, ui, std::sync::Arc::default());
    let mut window = egui_kittest::Harness::builder()
        .with_size(egui::vec2(1440.0, 900.0))
        .build_eframe(|cc| percept::app::PerceptApp::new(&cc.egui_ctx, parts));
    window.run_steps(6);
    let picks: Vec<_> = sent.try_iter().filter(|command| matches!(command, Command::Pick(_))).collect();
    let unit = |text: &str| Command::Pick(text.parse().unwrap());
    assert_eq!(picks, [unit("r1[x20,y16]"), unit("e0[c2,x79,y63]")]);
    window.get_by_label("Remove r1[x20,y16]").click();
    window.run_steps(3);
    assert_eq!(window.state().ui_state().picked, ["e0[c2,x79,y63]"]);
}

#[test]
fn an_illusion_is_chosen_in_the_gallery() {
    let mut bench = Bench::usual();
    scroll_to(&mut bench, Role::Button, "Drifting grating");
    click(&mut bench, "Drifting grating");
    assert_eq!(bench.commands(), [Command::Open(StimulusSpec::Illusion("drifting_grating".into()))]);
}

#[test]
fn the_palette_finds_and_runs_a_command() {
    let mut bench = Bench::usual();
    bench.window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    bench.window.run_steps(3);
    bench.window.event(egui::Event::Text("mirr".into()));
    bench.window.run_steps(3);
    press(&mut bench, Key::Enter);
    assert_eq!(bench.commands(), [Command::SetMirror(true)]);
    press(&mut bench, Key::Space);
    assert_eq!(bench.commands(), [Command::SetPlaying(true)], "the palette is closed and keys work again");
}

#[test]
fn the_key_sheet_lists_every_command() {
    let mut bench = Bench::usual();
    press(&mut bench, Key::Questionmark);
    for entry in commands::ALL {
        assert!(bench.window.query_all_by_label(entry.label).next().is_some(), "{}", entry.label);
    }
    for keys in ["Space or P", "Ctrl+K or Ctrl+P", "Shift+Left"] {
        assert!(bench.window.query_all_by_label(keys).next().is_some(), "{keys}");
    }
    press(&mut bench, Key::Escape);
    assert!(bench.window.query_by_label("Space or P").is_none());
}

#[test]
fn a_parameter_is_changed_and_reset() {
    let mut bench = Bench::usual();
    let param = canned::illusion().card.params[0].clone();
    scroll_to(&mut bench, Role::Slider, &param.label());
    bench.window.get_by_role_and_label(Role::Slider, &param.label()).set_value_accesskit(param.min);
    bench.window.run_steps(3);
    assert_eq!(bench.commands(), [Command::SetParam(param.name.clone(), param.min)]);
    click(&mut bench, &format!("Reset {}", param.label()));
    assert_eq!(bench.commands(), [Command::SetParam(param.name.clone(), param.default)]);
}

#[test]
fn the_export_dialog_asks_for_what_is_ticked() {
    let mut bench = Bench::usual();
    click(&mut bench, "Export…");
    click(&mut bench, "Every probe (NPZ)");
    bench.window.get_by_role_and_label(Role::Button, "Export").click();
    bench.window.run_steps(3);
    let exports = bench.exports.lock();
    let [request] = exports.as_slice() else { panic!("one export, not {}", exports.len()) };
    assert!(request.choices.csv && request.choices.npz && !request.choices.mp4);
    assert_eq!(request.start.stimulus, StimulusSpec::Illusion("rotating_snakes".into()));
    assert_eq!(
        request.start.model.as_deref(),
        Some("/models/first-light.safetensors"),
        "the file, not its name"
    );
    assert_eq!(request.recording.len(), 60);
    assert!(bench.window.query_by_label("Stop").is_some(), "a running export can be stopped");
}

#[test]
fn the_seek_bar_of_a_video_goes_where_it_is_clicked() {
    let mut bench = Bench::new(SetUp { snapshot: Some(canned::video()), ..SetUp::default() });
    click(&mut bench, "Position in seconds");
    let sent = bench.commands();
    assert!(
        sent.iter().any(|c| matches!(c, Command::Seek(at) if (at - 6.0).abs() < 0.05)),
        "the middle of 12 s: {sent:?}"
    );
}

#[test]
fn dropped_frames_are_in_plain_sight() {
    let bench = Bench::usual();
    assert!(bench.window.query_by_label("3 dropped").is_some());
}

#[test]
fn key_controls_are_visible_in_every_window_size_and_theme() {
    for (size, scale) in
        [([1024.0, 600.0], 1.0), ([3840.0, 2160.0], 1.0), ([1024.0, 600.0], 2.0), ([1920.0, 1080.0], 2.0)]
    {
        for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
            let ui = UiState { theme, ..UiState::default() };
            let mut bench = Bench::new(SetUp { size, scale, ui, ..SetUp::default() });
            bench.window.run_steps(4);
            let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::Vec2::from(size) / scale);
            for (role, label) in [
                (Role::Button, "Play"),
                (Role::Button, "Step forward"),
                (Role::Button, "Menu"),
                (Role::Image, "What you see"),
                (Role::Image, "What it expects"),
                (Role::Image, "Enlarged map"),
            ] {
                let rect = bench.window.get_by_role_and_label(role, label).rect();
                assert!(rect.is_positive(), "{label} at {size:?}");
                assert!(
                    screen.expand(1.0).contains_rect(rect),
                    "{label} {rect:?} at {size:?}, scale {scale}"
                );
            }
        }
    }
}

#[test]
fn the_window_opens_before_the_network_has_answered() {
    let mut bench = Bench::new(SetUp { snapshot: None, ..SetUp::default() });
    bench.window.run_steps(2);
    assert!(bench.window.query_by_label("Waking the network…").is_some());
    scroll_to(&mut bench, Role::Button, "Drifting grating");
    click(&mut bench, "Drifting grating");
    assert_eq!(bench.commands().len(), 1);
}
