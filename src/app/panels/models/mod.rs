//! The page of models: every network and baseline with its scores and its card. One of them watches (A), another
//! may watch beside it (B); choosing takes effect at once, while the stimulus goes on.

use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use crate::app::PerceptApp;
use crate::app::commands::WindowCommand as W;
use crate::app::shelf::Entry;
use crate::app::state::Page;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::icon_button;
use crate::session::Snapshot;

mod detail;
mod list;
mod live;

/// Height of the head.
const HEAD: f32 = 36.0;
/// From this width on the card stands beside the list.
const BESIDE: f32 = 620.0;

/// Which of the two networks a model is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Roles {
    /// It watches.
    first: bool,
    /// It watches beside the first.
    second: bool,
}

impl Roles {
    fn of(entry: &Entry, snapshot: &Snapshot) -> Self {
        let second = snapshot.second.as_ref().map(|second| &second.model_source);
        Self { first: snapshot.model_source == entry.source, second: second == Some(&entry.source) }
    }
}

/// Shows the page.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let area = ui.available_rect_before_wrap();
    let entries = app.models();
    let head_rect = Rect::from_min_size(area.min, vec2(area.width(), HEAD));
    let body = Rect::from_min_max(pos2(area.left(), head_rect.bottom() + 4.0), area.max);
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(head_rect).layout(Layout::left_to_right(Align::Center)));
    head(app, &mut child, snapshot);

    let shown = app.desk.model_shown.clone().unwrap_or_else(|| snapshot.model_source.clone());
    let entry = entries.iter().find(|entry| entry.source == shown).or_else(|| entries.first());
    if body.width() < BESIDE {
        part(ui, body, "models", |ui| {
            list::show(app, ui, snapshot, &entries, &shown);
            ui.add_space(16.0);
            if let Some(entry) = entry {
                detail::show(app, ui, snapshot, entry);
            }
        });
    } else {
        let width = (body.width() * 0.46).clamp(320.0, 480.0);
        let left = Rect::from_min_size(body.min, vec2(width, body.height()));
        let right = Rect::from_min_max(pos2(left.right() + 24.0, body.top()), body.max);
        part(ui, left, "models", |ui| list::show(app, ui, snapshot, &entries, &shown));
        part(ui, right, "card", |ui| {
            if right.height() > 300.0 {
                live::show(app, ui, snapshot);
            }
            if let Some(entry) = entry {
                detail::show(app, ui, snapshot, entry);
            }
        });
    }
    ui.advance_cursor_after_rect(area);
}

/// A part of the page that scrolls by itself.
fn part(ui: &mut Ui, rect: Rect, name: &str, contents: impl FnOnce(&mut Ui)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    child.shrink_clip_rect(rect.expand(2.0));
    egui::ScrollArea::vertical().id_salt(name).auto_shrink(false).show(&mut child, |ui| {
        // Room for the scroll bar, so that nothing jumps when it comes.
        ui.set_width((ui.available_width() - 10.0).max(120.0));
        contents(ui);
    });
}

fn head(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.label(RichText::new("Models").heading().strong());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if icon_button(ui, Icon::Close, "Close models", "Back to the pictures (Esc)", false).clicked() {
            app.open_page(Page::Pictures);
        }
        let open = ui.button(W::OpenModel.label()).on_hover_text(W::OpenModel.tooltip());
        if open.clicked() {
            app.perform(ui.ctx(), W::OpenModel);
        }
        if snapshot.second.is_some() {
            for command in [W::EndComparison, W::Exchange] {
                let button = ui.button(command.label()).on_hover_text(command.tooltip());
                if button.clicked() {
                    app.perform(ui.ctx(), command);
                }
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let words = "A watches, B watches beside it. The stimulus goes on";
            ui.add(egui::Label::new(RichText::new(words).weak()).truncate());
        });
    });
}
