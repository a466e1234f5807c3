//! The export dialog: which files, where, how large; then progress, and a way to stop.

use egui::{DragValue, Modal, ProgressBar, RichText, TextEdit, Ui};

use crate::app::export::{ExportChoices, Job};
use crate::app::open::Purpose;
use crate::app::state::Dialog;
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;

/// Shows the dialog.
pub(super) fn show(app: &mut PerceptApp, ctx: &egui::Context, snapshot: Option<&Snapshot>) {
    let modal = Modal::new(egui::Id::unique("export")).frame(theme::dialog(ctx)).show(ctx, |ui| {
        ui.set_max_height(ctx.content_rect().height() - 48.0);
        ui.set_width(420.0_f32.min(ctx.content_rect().width() - 64.0));
        ui.label(RichText::new("Export").heading().strong());
        match app.desk.job.clone() {
            Some(job) => running(ui, &job),
            None => form(app, ui, snapshot),
        }
    });
    if modal.should_close() && app.desk.job.is_none() {
        app.desk.dialog = Dialog::None;
    }
}

fn running(ui: &mut Ui, job: &Job) {
    let doing = job.doing();
    ui.label(if doing.is_empty() { "Starting…" } else { doing.as_str() });
    ui.add(ProgressBar::new(job.progress()).desired_height(8.0)).accessible_name("Export progress");
    ui.horizontal(|ui| {
        let stopping = job.is_cancelled();
        let text = if stopping { "Stopping…" } else { "Stop" };
        if ui.add_enabled(!stopping, egui::Button::new(text)).clicked() {
            job.cancel();
        }
    });
}

fn form(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let height = (ui.ctx().content_rect().height() - 260.0).max(80.0);
    egui::ScrollArea::vertical().max_height(height).show(ui, |ui| choices(ui, &mut app.ui.export));
    ui.separator();
    place(app, ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let ready = app.ui.export.any() && !app.desk.export_folder.trim().is_empty();
            let go = egui::Button::new(theme::title("Export")).min_size(egui::vec2(88.0, 28.0));
            let go = ui.add_enabled(ready && snapshot.is_some(), go);
            if go.on_disabled_hover_text("Choose at least one kind of file and a folder").clicked()
                && let Some(snapshot) = snapshot
            {
                app.start_export(snapshot);
            }
            if ui.add(egui::Button::new("Cancel").min_size(egui::vec2(72.0, 28.0))).clicked() {
                app.desk.dialog = Dialog::None;
            }
        });
    });
}

fn choices(ui: &mut Ui, choices: &mut ExportChoices) {
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.label(RichText::new("As recorded in the window").small().weak());
    ui.checkbox(&mut choices.csv, "Time courses (CSV)");
    ui.horizontal(|ui| {
        ui.label("Figure");
        ui.checkbox(&mut choices.svg, "SVG");
        ui.checkbox(&mut choices.png, "PNG");
        ui.checkbox(&mut choices.pdf, "PDF");
    });
    ui.add_enabled_ui(choices.figure(), |ui| {
        ui.horizontal(|ui| {
            let [width, height] = &mut choices.figure_mm;
            let field = |value| DragValue::new(value).range(40.0..=1000.0).max_decimals(0).suffix(" mm");
            ui.add(field(width)).accessible_name("Figure width");
            ui.label(RichText::new("×").weak());
            ui.add(field(height)).accessible_name("Figure height");
        });
    });
    ui.checkbox(&mut choices.picture, "Actual and prediction as they are now (PNG)");
    ui.add_space(4.0);
    ui.label(RichText::new("Run again from the start, every frame").small().weak());
    ui.checkbox(&mut choices.npz, "Every probe (NPZ)");
    ui.checkbox(&mut choices.mp4, "Actual, prediction and error (MP4)");
    ui.add_enabled_ui(choices.rerun(), |ui| {
        let field = DragValue::new(&mut choices.frames).range(1..=100_000).suffix(" frames");
        ui.add(field).accessible_name("Frames");
    });
}

/// The name before a field, as wide as the widest.
fn field_name(ui: &mut Ui, name: &str) -> egui::Response {
    ui.scope(|ui| {
        ui.set_min_width(48.0);
        ui.label(name)
    })
    .inner
}

fn place(app: &mut PerceptApp, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let label = field_name(ui, "Folder");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("Choose…").clicked() && !app.dialogs.open(Purpose::ExportFolder) {
                app.tell(0.0, "The folder dialog cannot be opened. Type the folder instead".into(), true);
            }
            ui.add(TextEdit::singleline(&mut app.desk.export_folder).desired_width(f32::INFINITY))
                .labelled_by(label.id);
        });
    });
    ui.horizontal(|ui| {
        let label = field_name(ui, "Name");
        ui.add(TextEdit::singleline(&mut app.desk.export_stem).desired_width(f32::INFINITY))
            .labelled_by(label.id);
    });
}
