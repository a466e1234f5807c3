//! The cards: what an illusion, a source and a network say of themselves.

use egui::{RichText, Ui};

use crate::app::theme;
use crate::figure::palette;
use crate::model::ModelCard;
use crate::session::Safety;
use crate::stimulus::SourceInfo;
use crate::stimulus::illusion::Card;

/// Percept of an illusion.
pub(super) fn intro(ui: &mut Ui, card: &Card) {
    wrapped(ui, RichText::new(&card.percept));
    if !card.look.is_empty() {
        wrapped(ui, RichText::new(&card.look).weak());
    }
    if card.flash == "strong" {
        let warning = RichText::new("Flashes strongly: pause it if you are sensitive to flashing light");
        wrapped(ui, warning.color(theme::ink(ui, palette::ERROR)));
    }
}

/// What was found of it to be borne in mind; what flashes beyond the limits is veiled and says so there.
pub(super) fn caution(ui: &mut Ui, safety: &Safety) {
    if let Some(caution) = safety.verdict.as_ref().and_then(|verdict| verdict.caution()) {
        wrapped(ui, RichText::new(caution).color(theme::ink(ui, palette::ERROR)));
    }
}

/// What looking through it came to.
pub(super) fn safety(ui: &mut Ui, safety: &Safety) {
    match &safety.verdict {
        Some(verdict) => fact(ui, "Flashes and stripes", &verdict.sentence()),
        None if safety.looking => fact(ui, "Flashes and stripes", "Being looked through"),
        None => {}
    }
}

/// Name and facts of a video, picture or camera.
pub(super) fn source(ui: &mut Ui, source: &SourceInfo) {
    ui.add(egui::Label::new(RichText::new(&source.name).heading().strong()).wrap());
    let mut facts = vec![source.kind.clone()];
    facts.extend(source.size.map(|size| size.to_string()));
    facts.extend(source.frame_rate_hz.map(|rate| format!("{rate:.2} Hz")));
    facts.extend(source.duration_s.map(|length| format!("{length:.2} s")));
    wrapped(ui, RichText::new(facts.join(", ")).weak());
    for note in &source.notes {
        wrapped(ui, RichText::new(note).weak());
    }
}

/// The rest of an illusion's card.
pub(super) fn illusion(ui: &mut Ui, card: &Card) {
    fact(ui, "Control", &card.control_note);
    fact(ui, "In people", &card.human);
    fact(ui, "Read-out", &card.readout);
    fact(ui, "Papers", &card.papers.join("\n"));
}

/// A network's card.
pub(super) fn model(ui: &mut Ui, card: &ModelCard) {
    let name = if card.title.is_empty() { &card.name } else { &card.title };
    ui.label(RichText::new(name).strong());
    wrapped(ui, RichText::new(&card.about));
    let widths: Vec<_> = card.widths.iter().map(ToString::to_string).collect();
    let widths = if widths.is_empty() { String::new() } else { format!(", channels {}", widths.join(", ")) };
    fact(ui, "Architecture", &format!("{}{widths}", card.architecture));
    if !card.scores.is_empty() {
        scores(ui, card);
    }
    fact(ui, "Trained on", &card.data);
    fact(ui, "Never shown", &card.never_shown);
    fact(ui, "Training", &card.recipe);
    let short: String = card.sha256.chars().take(16).collect();
    fact(ui, "SHA-256", &short);
}

/// Below one another: in a narrow panel three columns would be cut off, and widen what follows.
fn scores(ui: &mut Ui, card: &ModelCard) {
    ui.label(RichText::new("Squared error on what it was not trained on").small().weak());
    for score in &card.scores {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            wrapped(ui, RichText::new(&score.clip).small());
            let part = score.mse / score.copy_mse;
            let text = format!("{:.5}  copying {:.5}  ratio {part:.3}", score.mse, score.copy_mse);
            wrapped(ui, theme::number(text).small());
            if let (Some(ssim), Some(copy)) = (score.ssim, score.copy_ssim) {
                wrapped(ui, theme::number(format!("SSIM {ssim:.3}  copying {copy:.3}")).small());
            }
        });
    }
}

/// A fact under its name; nothing where there is none.
pub(super) fn fact(ui: &mut Ui, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.label(RichText::new(name).small().weak());
        wrapped(ui, RichText::new(text));
    });
}

pub(super) fn wrapped(ui: &mut Ui, text: RichText) {
    ui.add(egui::Label::new(text).wrap().selectable(true));
}
