//! A model's card in full: what it is, how good it is, what it was trained on and what it has never been shown.

use egui::{Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use super::Roles;
use crate::app::shelf::{self, Entry};
use crate::app::widgets::ratio;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::model::{ModelCard, Score};
use crate::session::{Command, Snapshot};

/// Widest text.
const TEXT: f32 = 640.0;

/// Shows the card.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, entry: &Entry) {
    ui.set_max_width(ui.available_width().min(TEXT));
    ui.spacing_mut().item_spacing.y = 6.0;
    let card = &entry.card;
    ui.add(egui::Label::new(RichText::new(shelf::title(card)).heading().strong()).wrap().selectable(true));
    let name = if entry.is_file { &entry.source } else { &card.name };
    ui.add(egui::Label::new(theme::number(name).weak()).wrap().selectable(true));
    if let Some(fault) = &entry.fault {
        wrapped(ui, RichText::new(fault).color(theme::ink(ui, palette::ERROR)));
        forget(app, ui, entry);
        return;
    }
    ways(app, ui, snapshot, entry);
    if !card.about.is_empty() {
        wrapped(ui, RichText::new(&card.about));
    }
    scores(ui, card);
    facts(ui, card);
    text(ui, "Never shown", &card.never_shown);
    text(ui, "Trained on", &card.data);
    text(ui, "Training", &card.recipe);
    hash(ui, card);
    ui.add_space(12.0);
}

/// The two ways to let it watch.
fn ways(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, entry: &Entry) {
    let roles = Roles::of(entry, snapshot);
    ui.horizontal_wrapped(|ui| {
        let words = if roles.first { "Watches now" } else { "Watch with it" };
        let watch = ui.add_enabled(!roles.first, egui::Button::new(words));
        if watch.on_hover_text("The stimulus goes on; the network starts afresh").clicked() {
            app.choose_model(&entry.source);
        }
        if roles.second {
            if ui.button("End the comparison").clicked() {
                app.send(Command::Compare(None));
            }
        } else {
            let words = if roles.first {
                "Put a copy beside it".to_owned()
            } else {
                format!("Put beside {}", shelf::title(&snapshot.model))
            };
            let about = "Both start afresh and look at the same frames";
            if ui.button(words).on_hover_text(about).clicked() {
                app.compare_with(&entry.source);
            }
        }
        forget(app, ui, entry);
    });
}

/// A file can be taken off the list.
fn forget(app: &mut PerceptApp, ui: &mut Ui, entry: &Entry) {
    if entry.is_file {
        let button = ui.button("Take off the list").on_hover_text("The file itself stays");
        if button.clicked() {
            app.ui.models.retain(|known| *known != entry.source);
            app.desk.model_shown = None;
        }
    }
}

fn scores(ui: &mut Ui, card: &ModelCard) {
    if card.scores.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.label(theme::title("Prediction error on what it was not trained on"));
    let words = "Squared error as a part of that of copying the last frame. Below 1 is better than copying";
    wrapped(ui, RichText::new(words).small().weak());
    for score in &card.scores {
        scored(ui, score);
    }
    if card.scores.len() > 1
        && let Some(mean) = shelf::mean_ratio(card)
    {
        let words = format!("Geometric mean {}", ratio::digits(mean));
        ui.label(RichText::new(words).small().weak());
    }
}

/// One clip: the ratio as a bar and a number, the clip's name, both errors on hover.
fn scored(ui: &mut Ui, score: &Score) {
    let Some(part) = shelf::ratio(score) else { return };
    let words = format!("{}: {} of copying's error", score.clip, ratio::digits(part));
    let row = ui.horizontal(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(120.0, 16.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
        let bar = Rect::from_center_size(rect.center(), vec2(rect.width(), 8.0));
        ratio::bar(ui, ui.painter(), bar, part);
        ratio::copying(ui, ui.painter(), bar);
        ui.label(theme::number(ratio::digits(part)).strong());
        ui.add(egui::Label::new(RichText::new(&score.clip).small()).wrap());
    });
    row.response.on_hover_text(format!(
        "Mean squared error {:.6}; copying the last frame {:.6}",
        score.mse, score.copy_mse
    ));
}

fn facts(ui: &mut Ui, card: &ModelCard) {
    let widths: Vec<_> = card.widths.iter().map(ToString::to_string).collect();
    let rows = [
        ("Architecture", shelf::architecture(card).to_owned()),
        ("Channels by layer", widths.join(", ")),
        ("Size", shelf::parameters(card).unwrap_or_default()),
        ("Trained at", card.trained_size.map_or_else(String::new, |size| format!("{size} pixels"))),
        ("Frame rate", card.frame_rate_hz.map_or_else(String::new, |rate| format!("{rate} a second"))),
        ("Seed", shelf::seed(card).unwrap_or_default().to_owned()),
    ];
    ui.add_space(4.0);
    egui::Grid::new("facts of a model").num_columns(2).min_row_height(0.0).spacing([16.0, 4.0]).show(
        ui,
        |ui| {
            for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
                ui.label(RichText::new(*name).weak());
                ui.label(value);
                ui.end_row();
            }
        },
    );
}

fn text(ui: &mut Ui, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.label(theme::title(name));
    wrapped(ui, RichText::new(text));
}

fn hash(ui: &mut Ui, card: &ModelCard) {
    if card.sha256.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(theme::title("SHA-256 of the weights"));
        if ui.small_button("Copy").on_hover_text("Copy the whole hash").clicked() {
            ui.ctx().copy_text(card.sha256.clone());
        }
    });
    ui.add(egui::Label::new(theme::number(&card.sha256)).wrap().selectable(true));
}

fn wrapped(ui: &mut Ui, text: RichText) {
    ui.add(egui::Label::new(text).wrap().selectable(true));
}
