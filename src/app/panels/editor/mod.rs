//! The live editor in the place of the parameters: an illusion's whole file, its faults at their lines, and the
//! ways to keep it.

use egui::{Align, Layout, Panel, RichText, Ui};

use crate::app::commands::WindowCommand as W;
use crate::app::editor::Sheet;
use crate::app::widgets::icon::{self, Icon};
use crate::app::widgets::icon_button::icon_button;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;

mod code;
pub(super) mod name;

/// Least width of the editor, and of what is left of the window beside it.
const LEAST: f32 = 320.0;
const BESIDE: f32 = 420.0;
/// Most height of a message.
const MESSAGE: f32 = 96.0;

/// Shows the editor.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::same(12));
    let most = (ui.available_width() - BESIDE).max(LEAST);
    let shown = Panel::right("editor")
        .frame(frame)
        .resizable(true)
        .default_size(app.ui.editor_width.min(most))
        .size_range(LEAST..=most)
        .show(ui, |ui| {
            let room = ui.available_rect_before_wrap();
            ui.allocate_rect(room, egui::Sense::hover());
            let ui = &mut ui.new_child(egui::UiBuilder::new().max_rect(room));
            ui.shrink_clip_rect(room.expand(2.0));
            contents(app, ui);
        });
    app.ui.editor_width = shown.response.rect.width();
}

fn contents(app: &mut PerceptApp, ui: &mut Ui) {
    ui.spacing_mut().item_spacing.y = 6.0;
    head(app, ui);
    ways(app, ui);
    let Some(sheet) = app.editor.sheet.clone() else { return };
    if sheet.path().is_none() {
        let words = "Part of percept: what you change is in no file. Duplicate it to make one of it";
        ui.add(egui::Label::new(RichText::new(words).small().weak()).wrap());
    }
    let height = (ui.available_height() - message_height(&sheet)).max(80.0);
    code::show(app, ui, height);
    message(app, ui, &sheet);
}

fn head(app: &mut PerceptApp, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let about = "Back to the parameters; what was typed stays (F7)";
            if icon_button(ui, Icon::Close, "Close editor", about, false).clicked() {
                app.editor.open = false;
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let Some(sheet) = &app.editor.sheet else { return };
                let name = format!("{}.wgsl", sheet.slug);
                let title = ui.add(egui::Label::new(theme::title(name)).truncate());
                if let Some(path) = sheet.path() {
                    title.on_hover_text(path.display().to_string());
                }
                if sheet.is_changed() {
                    ui.add(egui::Label::new(RichText::new("not saved").small().weak()).truncate());
                }
            });
        });
    });
}

fn ways(app: &mut PerceptApp, ui: &mut Ui) {
    let now_s = ui.input(|input| input.time);
    let sheet = app.editor.sheet.as_ref();
    let (changed, path) = sheet.map_or((false, None), |sheet| (sheet.is_changed(), sheet.path().cloned()));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (command, label, enabled) in [
            (W::SaveIllusion, "Save", changed || path.is_none()),
            (W::DuplicateIllusion, "Duplicate…", true),
            (W::NewIllusion, "New…", true),
        ] {
            let button = ui.add_enabled(enabled, egui::Button::new(label)).on_hover_text(command.tooltip());
            if button.clicked() {
                app.perform(ui.ctx(), command);
            }
        }
        let undo = ui.button("Undo").on_hover_text("Take back the last change (Ctrl+Z; again: Ctrl+Shift+Z)");
        if undo.clicked() {
            code::undo(app, ui.ctx());
        }
        let about = "Back to the text as it is in the file";
        if ui.add_enabled(changed, egui::Button::new("Discard")).on_hover_text(about).clicked() {
            app.discard(now_s);
        }
        if let Some(path) = path {
            let shown = path.display().to_string();
            if ui.button("Copy path").on_hover_text(&shown).clicked() {
                ui.ctx().copy_text(shown);
            }
            if ui.button("Folder").on_hover_text("Show the folder in which the file is").clicked() {
                PerceptApp::show_in_folder(&path);
            }
        }
    });
}

fn message_height(sheet: &Sheet) -> f32 {
    if sheet.complaint.is_some() { MESSAGE } else { 24.0 }
}

/// What is wrong, or that nothing is.
fn message(app: &mut PerceptApp, ui: &mut Ui, sheet: &Sheet) {
    let Some(complaint) = &sheet.complaint else {
        let words =
            if sheet.checked == sheet.version { "In order: shown as it is here" } else { "Checking…" };
        ui.label(RichText::new(words).small().weak());
        return;
    };
    egui::ScrollArea::vertical().id_salt("message").max_height(MESSAGE - 8.0).show(ui, |ui| {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(16.0, 20.0), egui::Sense::hover());
            icon::paint(ui.painter(), rect, Icon::Warning, theme::ink(ui, palette::ERROR));
            if let Some(line) = complaint.line {
                let go = ui.button(format!("Line {line}")).on_hover_text("Go to this line");
                if go.clicked() {
                    app.editor.go_to = Some(line);
                }
            }
            ui.add(egui::Label::new(&complaint.what).wrap().selectable(true));
        });
        let words = "The last text that was in order goes on being shown";
        ui.label(RichText::new(words).small().weak());
    });
}
