//! One illusion in the list: its picture, its name, its first paper, its star and its badge.

use std::sync::Arc;

use egui::{Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{marks, thumbnail};
use crate::app::gallery::Hit;
use crate::app::gallery::search::Why;
use crate::app::{PerceptApp, theme};
use crate::stimulus::illusion::{Illusion, Origin};

/// Height of a row, and of the picture in it.
const ROW: f32 = 48.0;
const PICTURE: f32 = 40.0;

/// Shows the row; a click shows the illusion.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, hit: &Hit, on: bool) {
    let illusion = &hit.illusion;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &illusion.card.name));
    if response.clicked() {
        app.choose(&illusion.slug);
    }
    if on {
        app.scroll_once(ui, &illusion.slug, rect);
    }
    if ui.is_rect_visible(rect) {
        contents(app, ui, hit, rect, &response, on);
    }
    about(response, illusion);
}

fn contents(app: &mut PerceptApp, ui: &Ui, hit: &Hit, rect: Rect, response: &Response, on: bool) {
    let greys = theme::greys(ui);
    let card = &hit.illusion.card;
    let over = ui.rect_contains_pointer(rect);
    let hot = over || response.has_focus();
    if on || hot {
        ui.painter().rect_filled(rect, 6.0, if on { greys.selected } else { greys.raised });
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 6.0, (1.0, greys.strong), egui::StrokeKind::Inside);
    }
    let size = vec2(PICTURE * 1.25, PICTURE);
    let picture = Rect::from_min_size(rect.min + vec2(4.0, (ROW - PICTURE) / 2.0), size);
    thumbnail::paint(app, ui, picture, &hit.illusion, false, response.hovered());

    let [upper, lower] = [rect.center().y - 9.0, rect.center().y + 9.0];
    let star = Rect::from_center_size(pos2(rect.right() - 14.0, upper), vec2(marks::STAR, marks::STAR));
    let starred = marks::star(app, ui, star, &hit.illusion, hot);
    let end = if starred { star.left() } else { rect.right() - 8.0 };
    let badge = marks::badge(app, ui, pos2(rect.right() - 8.0, lower), &hit.illusion);

    let left = picture.right() + 10.0;
    let ink = if on || hot { greys.strong } else { greys.text };
    line(ui, &card.name, &egui::TextStyle::Body, ink, [left, end, upper]);
    line(ui, &second_line(hit), &egui::TextStyle::Small, greys.weak, [left, badge, lower]);
}

/// Why it was found, else its first paper.
fn second_line(hit: &Hit) -> String {
    match &hit.why {
        Why::Paper(paper) => paper.clone(),
        Why::Effect(words) => words.clone(),
        Why::Name => hit.illusion.card.papers.first().cloned().unwrap_or_default(),
    }
}

/// A line of text between left and right about a height, cut off with dots.
pub(super) fn line(ui: &Ui, text: &str, style: &egui::TextStyle, ink: egui::Color32, place: [f32; 3]) {
    let [left, right, y] = place;
    let font = style.resolve(ui.style());
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, ink);
    job.wrap = egui::text::TextWrapping::truncate_at_width((right - left - 2.0).max(8.0));
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(left, y - galley.size().y / 2.0), galley, ink);
}

/// What is said of an illusion under the pointer.
pub(super) fn about(response: Response, illusion: &Arc<Illusion>) -> Response {
    let card = &illusion.card;
    response.on_hover_ui(|ui| {
        ui.label(theme::title(&card.name));
        ui.label(&card.percept);
        if !card.papers.is_empty() {
            ui.label(RichText::new(card.papers.join("; ")).small().weak());
        }
        if let Origin::User(path) = &illusion.origin {
            ui.label(RichText::new(path.display().to_string()).small().weak());
        }
    })
}
