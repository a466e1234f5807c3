//! The small marks of an illusion: its star, and whether the network sees it.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::gallery::badge::Badge;
use crate::app::widgets::icon::{self, Icon};
use crate::app::{PerceptApp, theme};
use crate::experiment::verdict::Verdict;
use crate::figure::palette;
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::measure::Measured;

/// Side of a star's button.
pub(super) const STAR: f32 = 24.0;

/// The star in `rect`: filled where the illusion is a favourite, an outline where `hot`; whether it is drawn.
pub(super) fn star(app: &mut PerceptApp, ui: &Ui, rect: Rect, illusion: &Illusion, hot: bool) -> bool {
    let on = app.ui.favourites.contains(&illusion.slug);
    let id = ui.scope_id().with(("star", &illusion.slug));
    let response = ui.interact(rect, id, Sense::click());
    let name = format!("Star for {}", illusion.card.name);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &name));
    if response.clicked() {
        app.toggle_favourite(&illusion.slug);
    }
    let greys = theme::greys(ui);
    let aimed_at = response.hovered() || response.has_focus();
    let drawn = on || hot || aimed_at;
    if drawn {
        let ink = if aimed_at { greys.strong } else { greys.weak };
        let ink = if on { theme::ink(ui, palette::PREDICTION) } else { ink };
        icon::paint(ui.painter(), rect, if on { Icon::StarFilled } else { Icon::Star }, ink);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 6.0, (1.0, greys.strong), egui::StrokeKind::Inside);
    }
    response.on_hover_text(if on { "No longer a favourite" } else { "Make it a favourite" });
    drawn
}

/// The badge, its right end at `right`; gives where it begins.
pub(super) fn badge(app: &PerceptApp, ui: &Ui, right: egui::Pos2, illusion: &Illusion) -> f32 {
    let badge = app.desk.badges.get(&illusion.slug).cloned().unwrap_or_default();
    let greys = theme::greys(ui);
    let center = pos2(right.x - 6.0, right.y);
    let mut left = center.x - 8.0;
    let painter = ui.painter();
    match badge.verdict.filter(|_| badge.of != Some(Measured::Surprise)) {
        None | Some(Verdict::Undecided) => {
            painter.circle_stroke(center, 3.5, (1.0, greys.selected));
        }
        Some(Verdict::Seen) => {
            painter.circle_filled(center, 4.5, theme::ink(ui, palette::REPRESENTATION));
        }
        Some(Verdict::NotSeen | Verdict::Opposite | Verdict::Artefact) => {
            painter.circle_stroke(center, 4.0, (1.5, greys.weak));
            let slope = vec2(3.0, -3.0);
            painter.line_segment([center - slope, center + slope], (1.5, greys.weak));
        }
    }
    // Of mean error there is nothing to see: its number is under the pointer alone.
    let seen = badge.verdict == Some(Verdict::Seen);
    if badge.verdict.is_some() && badge.of != Some(Measured::Surprise) && !badge.number.is_empty() {
        let small = egui::TextStyle::Small.resolve(ui.style());
        let at = pos2(left - 2.0, right.y);
        // Its unit is under the pointer: the row is narrow.
        let bare = badge.number.split(' ').next().unwrap_or_default();
        let ink = if seen { greys.text } else { greys.weak };
        left = painter.text(at, Align2::RIGHT_CENTER, bare, small, ink).left() - 4.0;
    }
    let rect = Rect::from_min_max(pos2(left, right.y - 8.0), pos2(right.x + 2.0, right.y + 8.0));
    let response = ui.interact(rect, ui.scope_id().with(("badge", &illusion.slug)), Sense::hover());
    let words = words(&badge, illusion);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response.on_hover_text(words);
    left
}

fn words(badge: &Badge, illusion: &Illusion) -> String {
    format!("{}: {}", illusion.card.name, badge.words())
}
