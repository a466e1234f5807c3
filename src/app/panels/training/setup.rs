//! Where the recipe, its files and the training are, and how many threads learn.

use egui::{Align, DragValue, Layout, RichText, TextEdit, Ui};

use crate::app::PerceptApp;
use crate::app::open::Purpose;
use crate::app::widgets::section::section;
use crate::train::view::View;

/// Width of the names of fields.
const NAMES: f32 = 84.0;

/// Shows the fields, folded while there is more to see.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, view: &View) {
    // Open until it was begun: the fields are what there is to do then.
    let fresh = view.points.is_empty() && !view.state.is_going() && view.frames == 0;
    let name = if fresh { "Set up" } else { "Folders" };
    section(ui, name, fresh, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let free = !app.training.is_going() && !app.training.is_elsewhere();
        let recipe = app.training.fields.recipe.clone();
        if !recipe.is_empty() {
            row(ui, "Recipe", |ui, _| {
                ui.add(egui::Label::new(RichText::new(&recipe).weak()).truncate()).on_hover_text(&recipe);
            });
        }
        ui.add_enabled_ui(free, |ui| {
            let about = "The folder that the recipe's files are relative to";
            folder(app, ui, "Data", about, Purpose::TrainingData, false);
            let about = "The folder for checkpoint, log, picture and network";
            folder(app, ui, "Output", about, Purpose::TrainingOut, true);
            row(ui, "Threads", |ui, label| {
                let field = DragValue::new(&mut app.training.fields.threads).range(1..=256);
                ui.add(field).labelled_by(label).on_hover_text(
                    "Threads that learn; one more makes what they see. Fewer leave more to the window",
                );
            });
        });
    });
}

fn row(ui: &mut Ui, name: &str, contents: impl FnOnce(&mut Ui, egui::Id)) {
    ui.horizontal(|ui| {
        let label = ui.scope(|ui| {
            ui.set_min_width(NAMES);
            ui.label(RichText::new(name).weak()).id
        });
        contents(ui, label.inner);
    });
}

fn folder(app: &mut PerceptApp, ui: &mut Ui, name: &str, about: &str, purpose: Purpose, is_out: bool) {
    row(ui, name, |ui, label| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let choose = ui.button("Choose…").on_hover_text(about);
            if choose.clicked() {
                app.ask_for(purpose);
            }
            let fields = &mut app.training.fields;
            let text = if is_out { &mut fields.out } else { &mut fields.data };
            let field = TextEdit::singleline(text).desired_width(f32::INFINITY);
            let field = ui.add(field).labelled_by(label).on_hover_text(about);
            if is_out && field.lost_focus() {
                app.look_at_out();
            }
        });
    });
}
