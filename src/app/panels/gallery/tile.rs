//! One illusion on the page of the gallery: a large picture with its name under it.

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{marks, row, thumbnail};
use crate::app::gallery::Hit;
use crate::app::gallery::search::Why;
use crate::app::{PerceptApp, theme};

/// Height of what stands under the picture.
const FOOT: f32 = 46.0;
/// Space around the picture.
pub(super) const EDGE: f32 = 6.0;

/// Height of a tile of this width.
pub(super) fn height(width: f32) -> f32 {
    ((width - 2.0 * EDGE) * 0.8).round() + EDGE + FOOT
}

/// Shows the tile in `rect`; a click shows the illusion.
pub(super) fn show(app: &mut PerceptApp, ui: &Ui, hit: &Hit, rect: Rect, on: bool) {
    let card = &hit.illusion.card;
    let id = ui.scope_id().with(("tile", &hit.illusion.slug));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &card.name));
    if response.clicked() {
        app.choose(&hit.illusion.slug);
    }
    if on {
        app.scroll_once(ui, &hit.illusion.slug, rect);
    }
    if response.gained_focus() {
        ui.scroll_to_rect(rect.expand(24.0), None);
    }
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let hot = ui.rect_contains_pointer(rect) || response.has_focus();
        if on || hot {
            ui.painter().rect_filled(rect, 8.0, if on { greys.selected } else { greys.raised });
        }
        if response.has_focus() {
            ui.painter().rect_stroke(rect, 8.0, (1.0, greys.strong), egui::StrokeKind::Inside);
        }
        let size = vec2(rect.width() - 2.0 * EDGE, rect.height() - EDGE - FOOT);
        let picture = Rect::from_min_size(rect.min + vec2(EDGE, EDGE), size);
        thumbnail::paint(app, ui, picture, &hit.illusion, true, response.hovered());
        let [upper, lower] = [picture.bottom() + 15.0, picture.bottom() + 32.0];
        let star = Rect::from_center_size(pos2(picture.right() - 6.0, upper), vec2(marks::STAR, marks::STAR));
        let starred = marks::star(app, ui, star, &hit.illusion, hot);
        let end = if starred { star.left() } else { picture.right() };
        let badge = marks::badge(app, ui, pos2(picture.right(), lower), &hit.illusion);
        let left = picture.left();
        let ink = if on || hot { greys.strong } else { greys.text };
        row::line(ui, &card.name, &egui::TextStyle::Body, ink, [left, end, upper]);
        let words = match &hit.why {
            Why::Effect(words) => words,
            Why::Paper(paper) => paper,
            Why::Name => card.papers.first().unwrap_or(&card.family),
        };
        row::line(ui, words, &egui::TextStyle::Small, greys.weak, [left, badge, lower]);
    }
    row::about(response, &hit.illusion);
}
