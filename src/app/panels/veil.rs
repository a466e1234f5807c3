//! Over pictures that flash beyond the limits: dimmed, with a plain warning; and the question about flashing and
//! motion at the first start.

use egui::{Align2, Rect, RichText, Ui, UiBuilder, vec2};

use super::picture::Cell;
use crate::app::commands::WindowCommand as W;
use crate::app::shield::{Found, State};
use crate::app::widgets::switch::switch;
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;

/// How dark a picture becomes.
const DIM: u8 = 216;

/// Dims a picture and warns over the stimulus.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, cell: Cell, rect: Rect) {
    if app.shield.state != State::Warned {
        return;
    }
    ui.painter_at(rect).rect_filled(rect, 2.0, egui::Color32::from_black_alpha(DIM));
    if cell != Cell::Actual {
        return;
    }
    let inner = rect.shrink2(vec2(12.0, 8.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("veil"));
    ui.shrink_clip_rect(rect);
    let white = |text: &str| RichText::new(text).color(egui::Color32::WHITE);
    let room = inner.height();
    ui.vertical_centered(|ui| {
        ui.add_space(((room - 150.0) / 2.0).max(0.0));
        let found = Found::all(snapshot);
        ui.label(white(found.title()).strong().size(17.0));
        if room > 110.0 {
            let about = match found {
                Found { flashes: true, .. } => {
                    "It can trigger seizures in people with photosensitive epilepsy."
                }
                _ => "It troubles some people, and can trigger seizures in a few.",
            };
            ui.label(white(about));
        }
        let told = snapshot.safety.verdict.as_ref().and_then(|verdict| verdict.findings().into_iter().next());
        if let Some(told) = told.filter(|_| room > 250.0) {
            ui.label(white(&told).small());
        }
        ui.add_space(6.0);
        if ui.button(W::ShowFlashing.label()).on_hover_text(W::ShowFlashing.tooltip()).clicked() {
            app.perform(ui.ctx(), W::ShowFlashing);
        }
        let hold = ui.button("Hold to view").on_hover_text("Shown while this, or the key V, is held down");
        if hold.is_pointer_button_down_on() {
            app.desk.veil_held = true;
            ui.ctx().request_repaint();
        }
        let always = W::PatternsAtOnce;
        if !found.flashes
            && ui
                .link(white("Do not ask about stripes and slow flashing again").small())
                .on_hover_text(always.tooltip())
                .clicked()
        {
            app.perform(ui.ctx(), always);
        }
    });
}

/// Keeps a held mouse button at work while the veil, and with it the button, is away.
pub(super) fn keep_holding(app: &mut PerceptApp, ui: &Ui) {
    if app.shield.holding && ui.input(|input| input.pointer.primary_down()) {
        app.desk.veil_held = true;
        ui.ctx().request_repaint();
    }
}

/// Asks, once, what the person wants to be spared; not in the way of anything.
pub(super) fn ask(app: &mut PerceptApp, ctx: &egui::Context) {
    if !app.ui.ask_safety {
        return;
    }
    egui::Window::new("Flashing and motion")
        .title_bar(false)
        .resizable(false)
        .frame(theme::dialog(ctx))
        .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -76.0))
        .show(ctx, |ui| {
            ui.set_width(300.0);
            ui.label(theme::title("Flashing and motion"));
            ui.label(
                "Some illusions flash, and some are of stripes that trouble some people. They are shown when you ask \
                 for them.",
            );
            for command in [W::ReduceFlashing, W::PatternsAtOnce, W::ReducedMotion] {
                let on = match command {
                    W::ReduceFlashing => app.ui.reduce_flashing,
                    W::PatternsAtOnce => app.ui.patterns_at_once,
                    _ => app.ui.reduced_motion,
                };
                if switch(ui, on, command.label(), "", command.entry().about).clicked() {
                    app.perform(ctx, command);
                }
            }
            if ui.button("Done").clicked() {
                app.ui.ask_safety = false;
            }
        });
}
