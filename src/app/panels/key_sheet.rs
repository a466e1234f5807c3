//! Every key on one sheet, made from the table of commands.

use egui::{Modal, RichText, Ui, vec2};

use crate::app::commands::{self, Group};
use crate::app::state::Dialog;
use crate::app::{PerceptApp, theme};

/// Width of one column of the sheet.
const COLUMN: f32 = 300.0;

/// Shows the sheet.
pub(super) fn show(app: &mut PerceptApp, ctx: &egui::Context) {
    let room = ctx.content_rect().size() - vec2(80.0, 120.0);
    let modal = Modal::new(egui::Id::unique("keys")).frame(theme::dialog(ctx)).show(ctx, |ui| {
        let columns = (room.x / (COLUMN + 24.0)).floor().clamp(1.0, 3.0) as usize;
        ui.set_width(columns as f32 * (COLUMN + 24.0) - 24.0);
        ui.set_max_height(room.y);
        ui.label(RichText::new("Keys").heading().strong());
        ui.add_space(4.0);
        egui::ScrollArea::vertical().max_height((room.y - 40.0).max(120.0)).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 24.0;
                for groups in split(columns) {
                    ui.vertical(|ui| {
                        ui.set_width(COLUMN.min(ui.available_width()));
                        for group in groups {
                            table(ui, *group);
                        }
                    });
                }
            });
        });
    });
    if modal.should_close() {
        app.desk.dialog = Dialog::None;
    }
}

fn split(columns: usize) -> Vec<&'static [Group]> {
    const ALL: [Group; 5] = Group::ALL;
    const STATIC: &[Group] = &ALL;
    match columns {
        1 => vec![STATIC],
        2 => vec![&STATIC[..2], &STATIC[2..]],
        _ => vec![&STATIC[1..2], &STATIC[3..4], &[Group::File, Group::Stimulus, Group::Help]],
    }
}

fn table(ui: &mut Ui, group: Group) {
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.label(theme::title(group.label()));
    for entry in commands::ALL.iter().filter(|entry| entry.group == group) {
        ui.horizontal(|ui| {
            ui.set_width(COLUMN.min(ui.available_width()));
            ui.label(entry.label).on_hover_text(entry.about);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(RichText::new(entry.command.keys()).weak());
            });
        });
    }
    ui.add_space(8.0);
}
