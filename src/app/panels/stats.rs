//! Live numbers over the pictures: what takes how long.

use egui::{RichText, vec2};

use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;

/// Shows the numbers at the top left of the pictures.
pub(super) fn show(app: &PerceptApp, ctx: &egui::Context, snapshot: &Snapshot) {
    let left = if app.ui.gallery_open { app.ui.gallery_width } else { 0.0 };
    let frame_ms = ctx.input(|input| input.stable_dt) * 1000.0;
    let rows = [
        ("Device", app.device_name.clone()),
        ("Network step", step_of(snapshot)),
        ("Stimulus frame", format!("{:.1} ms", snapshot.pace.frame_ms)),
        ("Steps", format!("{:.1} /s", snapshot.pace.steps_per_s)),
        ("Dropped", snapshot.pace.dropped.to_string()),
        ("Window frame", format!("{frame_ms:.1} ms")),
        ("Snapshot", snapshot.sequence.to_string()),
        ("Probes", snapshot.probes.len().to_string()),
    ];
    egui::Area::new(egui::Id::unique("live numbers"))
        .anchor(egui::Align2::LEFT_TOP, vec2(left + 24.0, 88.0))
        .interactable(false)
        .show(ctx, |ui| {
            egui::Frame::popup(ui.style()).multiply_with_opacity(0.92).show(ui, |ui| {
                egui::Grid::new("live numbers").num_columns(2).spacing([16.0, 2.0]).show(ui, |ui| {
                    for (name, value) in rows {
                        ui.label(RichText::new(name).small().weak());
                        ui.label(theme::number(value));
                        ui.end_row();
                    }
                });
            });
        });
}

/// What a step takes; of both networks where two are compared.
fn step_of(snapshot: &Snapshot) -> String {
    let ms = snapshot.pace.step_ms;
    match &snapshot.second {
        Some(second) => {
            format!("{ms:.1} ms for both (A {:.1}, B {:.1})", ms - second.step_ms, second.step_ms)
        }
        None => format!("{ms:.1} ms"),
    }
}
