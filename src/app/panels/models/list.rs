//! The list of models: one row each, with two buttons that let it watch and its scores as bars.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::Roles;
use crate::app::shelf::{self, Entry};
use crate::app::widgets::ratio;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::session::{Command, Snapshot};

/// Height of a row.
const ROW: f32 = 46.0;
/// Width of a button that lets a network watch.
const BADGE: f32 = 26.0;
/// Width of the bars with their number.
const BARS: f32 = 132.0;

/// Shows the list.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, entries: &[Entry], shown: &str) {
    ui.spacing_mut().item_spacing.y = 2.0;
    heads(ui, entries);
    for entry in entries {
        row(app, ui, snapshot, entry, entry.source == shown);
    }
}

fn heads(ui: &mut Ui, entries: &[Entry]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let (ink, font) = (theme::greys(ui).weak, egui::TextStyle::Small.resolve(ui.style()));
    if entries.iter().any(|entry| !entry.card.scores.is_empty()) {
        let at = pos2(rect.right() - 8.0, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, "Error, copying = 1", font, ink);
    }
}

fn row(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, entry: &Entry, on: bool) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let title = shelf::title(&entry.card);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, format!("Card of {title}")));
    let greys = theme::greys(ui);
    let hot = response.hovered() || response.has_focus();
    if on || hot {
        let fill = if on { greys.selected } else { greys.raised };
        ui.painter().rect_filled(rect, 6.0, fill);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 6.0, (1.0, greys.strong), egui::StrokeKind::Inside);
    }
    if response.clicked() {
        app.desk.model_shown = Some(entry.source.clone());
    }
    response.on_hover_text(if entry.is_file { &entry.source } else { "Show its card" });
    let left = badges(app, ui, snapshot, entry, rect) + 10.0;
    let scored = !entry.card.scores.is_empty() && rect.width() > 260.0;
    let right = if scored { rect.right() - BARS - 18.0 } else { rect.right() - 6.0 };
    let ink = if on || hot { greys.strong } else { greys.text };
    let line = |text: &str, style: egui::TextStyle, ink: egui::Color32, y: f32| {
        let mut job =
            egui::text::LayoutJob::simple_singleline(text.to_owned(), style.resolve(ui.style()), ink);
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - left).max(20.0));
        let galley = ui.painter().layout_job(job);
        ui.painter().galley(pos2(left, y - galley.size().y / 2.0), galley, ink);
    };
    line(title, egui::TextStyle::Body, ink, rect.center().y - 8.0);
    line(&facts(entry), egui::TextStyle::Small, greys.weak, rect.center().y + 9.0);
    if scored {
        let bars = Rect::from_min_max(
            pos2(rect.right() - BARS - 8.0, rect.top()),
            rect.right_bottom() - vec2(8.0, 0.0),
        );
        ratio::summary(ui, bars.shrink2(vec2(0.0, 8.0)), &entry.card);
    }
}

/// Where the badges end.
fn badges(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, entry: &Entry, rect: Rect) -> f32 {
    let roles = Roles::of(entry, snapshot);
    let title = shelf::title(&entry.card);
    let place = |i: f32| {
        let x = rect.left() + 4.0 + i * (BADGE + 4.0);
        Rect::from_center_size(pos2(x + BADGE / 2.0, rect.center().y), vec2(BADGE, BADGE))
    };
    let usable = entry.fault.is_none();
    let watch = Badge {
        letter: "A",
        color: palette::PREDICTION,
        on: roles.first,
        name: format!("Watch with {title}"),
        about: "Let this network watch",
    };
    if badge(ui, place(0.0), &watch, usable) && !roles.first {
        app.choose_model(&entry.source);
    }
    let about =
        if roles.second { "End the comparison" } else { "Put this network beside the one that watches" };
    let name = format!("Compare with {title}");
    let beside = Badge { letter: "B", color: palette::SECOND, on: roles.second, name, about };
    if badge(ui, place(1.0), &beside, usable) {
        if roles.second {
            app.send(Command::Compare(None));
        } else {
            app.compare_with(&entry.source);
        }
    }
    place(1.0).right()
}

/// A round button with a letter.
struct Badge {
    letter: &'static str,
    color: [u8; 3],
    on: bool,
    name: String,
    about: &'static str,
}

/// Shows the button; `true` when it was clicked.
fn badge(ui: &Ui, rect: Rect, badge: &Badge, usable: bool) -> bool {
    let sense = if usable { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(&badge.name), sense);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, usable, badge.on, &badge.name));
    let greys = theme::greys(ui);
    let hot = usable && (response.hovered() || response.has_focus());
    let painter = ui.painter();
    let (center, radius, color) = (rect.center(), 10.5, theme::ink(ui, badge.color));
    let ink = if badge.on {
        painter.circle_filled(center, radius, color);
        greys.panel
    } else {
        painter.circle_stroke(center, radius - 0.5, (1.5, if hot { color } else { greys.selected }));
        let quiet = if usable { greys.weak } else { greys.selected };
        if hot { greys.strong } else { quiet }
    };
    if response.has_focus() {
        painter.circle_stroke(center, radius + 1.5, (1.0, greys.strong));
    }
    let font = egui::TextStyle::Small.resolve(ui.style());
    painter.text(center, Align2::CENTER_CENTER, badge.letter, font, ink);
    response.on_hover_text(badge.about).clicked()
}

/// "PredNet, 0.77 M, seed 3", or why it cannot be had.
fn facts(entry: &Entry) -> String {
    if entry.fault.is_some() {
        return "Cannot be opened: see its card".to_owned();
    }
    let card = &entry.card;
    let mut facts = vec![shelf::architecture(card).to_owned()];
    facts.extend(shelf::parameters(card).map(|size| size.replace(" parameters", "")));
    facts.extend(shelf::seed(card).map(|seed| format!("seed {seed}")));
    if entry.is_file {
        facts.push("file".to_owned());
    }
    facts.retain(|fact| !fact.is_empty());
    facts.join(", ")
}
