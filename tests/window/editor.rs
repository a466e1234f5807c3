//! The live editor: errors at their line, copies that join the gallery, saving.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use percept::app::PerceptApp;
use percept::app::state::UiState;
use percept::session::{Command, Session};
use percept::stimulus::StimulusSpec;
use percept::stimulus::illusion::Illusion;

use crate::canned;

struct Desk {
    window: Harness<'static, PerceptApp>,
    sent: crossbeam_channel::Receiver<Command>,
}

impl Desk {
    /// A window that saves illusions in `folder`.
    fn new(folder: &Path) -> Self {
        Self::with(folder, UiState::default())
    }

    fn with(folder: &Path, ui: UiState) -> Self {
        let (session, sent) = Session::detached(Some(canned::snapshot()), canned::recording());
        let mut parts = canned::parts(session, ui, Arc::default());
        parts.illusion_folder = Some(folder.to_path_buf());
        let mut window = Harness::builder()
            .with_size(egui::vec2(1600.0, 900.0))
            .build_eframe(|cc| PerceptApp::new(&cc.egui_ctx, parts));
        window.run_steps(4);
        Self { window, sent }
    }

    /// Runs the window until `ready`, at most ten seconds.
    fn wait(&mut self, what: &str, mut ready: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !ready(self) {
            assert!(begun.elapsed() < Duration::from_secs(10), "{what} never came");
            self.window.run_steps(2);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.window.run_steps(3);
    }

    /// Puts the cursor at the end of the text and types there.
    fn type_at_end(&mut self, text: &str) {
        let field = self.window.get_by_role_and_label(Role::MultilineTextInput, "Text of the illusion");
        field.focus();
        self.window.run_steps(3);
        self.press(Modifiers::COMMAND, Key::End);
        self.window.event(egui::Event::Text(text.into()));
        self.window.run_steps(3);
    }

    /// The illusion of this name as the network was last told of it.
    fn told(&self, slug: &str) -> Option<Illusion> {
        let lists = self.sent.try_iter().filter_map(|command| match command {
            Command::Illusions(list) => Some(list),
            _ => None,
        });
        lists.last()?.iter().find(|one| one.slug == slug).cloned()
    }

    fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }
}

#[test]
fn what_is_typed_is_shown_when_it_is_in_order_and_faults_are_told_at_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(folder.path());
    desk.press(Modifiers::NONE, Key::F7);
    assert!(desk.says("rotating_snakes.wgsl") && desk.says("Part of percept"));
    desk.sent.try_iter().for_each(drop);
    desk.type_at_end("// tried\n");
    let mut told = None;
    desk.wait("the draft", |desk| {
        told = desk.told("rotating_snakes").or(told.take());
        told.is_some()
    });
    let lines = told.unwrap().wgsl.lines().count();
    desk.type_at_end("const a = nothing;\n");
    let line = format!("Line {}", lines + 1);
    desk.wait("the complaint", |desk| desk.says(&line));
    assert!(desk.says("nothing"), "what is wrong is said");
    assert!(desk.told("rotating_snakes").is_none(), "the last good text goes on being shown");
    desk.window.get_by_label("Discard").click();
    desk.window.run_steps(3);
    desk.wait("the old text", |desk| desk.says("In order"));
    assert!(!folder.path().join("rotating_snakes.wgsl").exists(), "nothing was saved");
}

#[test]
fn what_was_not_saved_is_there_again_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(folder.path());
    desk.press(Modifiers::NONE, Key::F7);
    desk.type_at_end("// half a thought\n");
    desk.wait("it is kept", |desk| desk.window.state().ui_state().unsaved.is_some());
    let kept = desk.window.state().ui_state().clone();
    let kept: UiState = toml::from_str(&toml::to_string(&kept).unwrap()).unwrap();
    drop(desk);

    let mut desk = Desk::with(folder.path(), kept);
    desk.wait("it is told", |desk| desk.says("What you did not save of rotating_snakes"));
    let mut told = None;
    desk.wait("it is shown", |desk| {
        told = desk.told("rotating_snakes").filter(|one| one.wgsl.ends_with("// half a thought\n"));
        told.is_some()
    });
    desk.press(Modifiers::NONE, Key::F7);
    desk.window.get_by_label("Discard").click();
    desk.window.run_steps(3);
    desk.wait("it is given up", |desk| desk.window.state().ui_state().unsaved.is_none());
}

#[test]
fn a_copy_is_a_file_and_joins_the_gallery() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("not made yet");
    let mut desk = Desk::new(&inside);
    desk.press(Modifiers::COMMAND, Key::D);
    assert!(desk.says("Duplicate Rotating snakes"));
    desk.window.event(egui::Event::Text(" two".into()));
    desk.window.run_steps(3);
    desk.window.get_by_label("Create").click();
    let file = inside.join("my_rotating_snakes_two.wgsl");
    desk.wait("the editor", |desk| {
        desk.says("my_rotating_snakes_two.wgsl") && !desk.says("Duplicate Rotating")
    });
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"My Rotating snakes two\""), "the copy has its name");
    let sent: Vec<_> = desk.sent.try_iter().collect();
    let slug = "my_rotating_snakes_two";
    let joined = sent.iter().position(
        |command| matches!(command, Command::Illusions(list) if list.iter().any(|one| one.slug == slug)),
    );
    let opened = sent.iter().position(|c| *c == Command::Open(StimulusSpec::Illusion(slug.into())));
    assert!(joined.is_some() && joined < opened, "the network knows it before it is shown");
    assert!(desk.window.query_by_role_and_label(Role::Button, "My Rotating snakes two").is_some());
}

#[test]
fn a_new_illusion_begins_as_the_template_and_a_name_that_is_taken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(folder.path());
    std::fs::write(folder.path().join("new_illusion.wgsl"), "other").unwrap();
    desk.press(Modifiers::COMMAND, Key::N);
    desk.window.get_by_label("Create").click();
    desk.wait("the refusal", |desk| desk.says("already"));
    assert_eq!(std::fs::read_to_string(folder.path().join("new_illusion.wgsl")).unwrap(), "other");
    desk.window.event(egui::Event::Text(" 7".into()));
    desk.window.run_steps(3);
    desk.press(Modifiers::NONE, Key::Enter);
    let file = folder.path().join("new_illusion_7.wgsl");
    desk.wait("the file", |_| file.exists());
    assert!(std::fs::read_to_string(file).unwrap().contains("The card, in TOML"));
}
