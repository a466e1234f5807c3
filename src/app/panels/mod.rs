//! The parts of the window, one file each.

use crate::app::PerceptApp;
use crate::app::state::Dialog;
use crate::session::Snapshot;

mod believed;
mod beside;
mod card;
pub(crate) mod courses;
pub(crate) mod editor;
mod export_dialog;
pub(crate) mod gallery;
pub(crate) mod guess;
mod inspector;
mod key_sheet;
mod layers;
pub(crate) mod lecture;
pub(crate) mod models;
pub(crate) mod notices;
mod palette;
pub(crate) mod parameters;
pub(crate) mod picture;
mod pointer;
pub(crate) mod stage;
mod stats;
pub(crate) mod stimulus;
pub(crate) mod top_bar;
pub(crate) mod training;
pub(crate) mod transport;
mod veil;

/// Shows the open dialog, live numbers and the drop hint over everything else.
pub(crate) fn dialogs(app: &mut PerceptApp, ctx: &egui::Context, snapshot: Option<&Snapshot>) {
    if app.ui.stats
        && let Some(snapshot) = snapshot
    {
        stats::show(app, ctx, snapshot);
    }
    veil::ask(app, ctx);
    match app.desk.dialog {
        Dialog::None => {}
        Dialog::Palette => palette::show(app, ctx),
        Dialog::Keys => key_sheet::show(app, ctx),
        Dialog::Name => editor::name::show(app, ctx),
        Dialog::Export => export_dialog::show(app, ctx, snapshot),
    }
    if app.desk.files_over {
        notices::drop_hint(ctx);
    }
}
