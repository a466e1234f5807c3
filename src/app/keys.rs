//! Key presses to commands, unless a text field or a dialog wants them.

use egui::{Event, Key};

use crate::app::PerceptApp;
use crate::app::commands::{self, WindowCommand};
use crate::app::state::{Dialog, Page};

/// Runs the commands of the keys pressed in this frame.
pub(crate) fn handle(app: &mut PerceptApp, ctx: &egui::Context) {
    if app.desk.dialog != Dialog::None {
        let escape = ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape));
        if escape {
            app.desk.dialog = Dialog::None;
        }
        return;
    }
    if ctx.text_edit_focused() {
        for command in pressed(ctx, while_typing) {
            app.perform(ctx, command);
        }
        return;
    }
    let in_lecture = app.desk.lecture.is_some();
    if in_lecture && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape)) {
        app.end_lecture(ctx);
    }
    let on_page = app.desk.page != Page::Pictures;
    if on_page && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape)) {
        if app.desk.page == Page::Guess {
            app.end_guess();
        }
        app.open_page(Page::Pictures);
    }
    for command in pressed(ctx, |_, _| true) {
        app.perform(ctx, command);
    }
}

/// Whether a key is free while a text is typed: those of functions, and to save.
fn while_typing(key: Key, modifiers: egui::Modifiers) -> bool {
    (modifiers.command && key == Key::S) || (Key::F1..=Key::F12).contains(&key)
}

fn pressed(ctx: &egui::Context, is_free: impl Fn(Key, egui::Modifiers) -> bool) -> Vec<WindowCommand> {
    // A focused button or slider keeps the keys that work it.
    let focused = ctx.memory(|memory| memory.focused().is_some());
    let kept = |key: Key| {
        focused && matches!(key, Key::Space | Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::End)
    };
    ctx.input_mut(|input| {
        let mut found = Vec::new();
        input.events.retain(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } if !kept(*key) && is_free(*key, *modifiers) => {
                match commands::of_key(*key, *modifiers) {
                    Some(command) => {
                        found.push(command);
                        false
                    }
                    None => true,
                }
            }
            _ => true,
        });
        found
    })
}
