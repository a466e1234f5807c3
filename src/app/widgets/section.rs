//! A titled part of a side panel that folds away.

use egui::{CollapsingHeader, Ui};

use crate::app::theme;

/// Shows `contents` under a title that folds.
pub(crate) fn section(ui: &mut Ui, title: &str, open: bool, contents: impl FnOnce(&mut Ui)) {
    CollapsingHeader::new(theme::title(title)).id_salt(title).default_open(open).show_unindented(ui, |ui| {
        ui.add_space(-2.0);
        contents(ui);
        ui.add_space(4.0);
    });
}

/// A line between sections.
pub(crate) fn rule(ui: &mut Ui) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.separator();
    });
}
