//! The page of trainings: a network that learns, here or in another program. Its curves, its prediction beside the
//! target, and what it is made of.

use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use crate::app::PerceptApp;
use crate::app::commands::WindowCommand as W;
use crate::app::state::Page;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::icon_button;

mod curve;
mod pictures;
mod setup;
mod status;

pub(crate) use pictures::Drawn;

/// Height of the head.
const HEAD: f32 = 36.0;
/// Least and greatest height of the curves.
const CURVES: f32 = 150.0;
const MOST: f32 = 460.0;
/// Below this height the pictures stand beside the curves, from this width on.
const LOW: f32 = 360.0;
const BESIDE: f32 = 560.0;
/// Least and greatest height of the pictures.
const PICTURES: [f32; 2] = [96.0, 232.0];
/// Space between parts.
const GAP: f32 = 10.0;

/// Shows the page.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui) {
    let area = ui.available_rect_before_wrap();
    let head_rect = Rect::from_min_size(area.min, vec2(area.width(), HEAD));
    let body = Rect::from_min_max(pos2(area.left(), head_rect.bottom() + 4.0), area.max);
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(head_rect).layout(Layout::left_to_right(Align::Center)));
    head(app, &mut child);
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("training"));
    child.shrink_clip_rect(body.expand(2.0));
    egui::ScrollArea::vertical().id_salt("training").auto_shrink(false).show(&mut child, |ui| {
        ui.set_width((ui.available_width() - 10.0).max(120.0));
        if app.training.is_open() {
            contents(app, ui, body.bottom());
        } else {
            invitation(app, ui);
        }
    });
    ui.advance_cursor_after_rect(area);
}

fn head(app: &mut PerceptApp, ui: &mut Ui) {
    ui.label(RichText::new("Training").heading().strong());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if icon_button(ui, Icon::Close, "Close training", "Back to the pictures (Esc)", false).clicked() {
            app.desk.page = Page::Pictures;
        }
        for command in [W::FollowTraining, W::OpenRecipe] {
            let button = ui.button(command.label()).on_hover_text(command.tooltip());
            if button.clicked() {
                app.perform(ui.ctx(), command);
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let view = app.training.view();
            ui.add(egui::Label::new(RichText::new(&view.title).strong()).truncate());
            if view.name != view.title {
                ui.add(egui::Label::new(RichText::new(&view.name).weak()).truncate());
            }
        });
    });
}

/// Before there is anything to show.
fn invitation(app: &mut PerceptApp, ui: &mut Ui) {
    ui.set_max_width(ui.available_width().min(560.0));
    ui.add_space(8.0);
    for words in [
        "A recipe, one TOML file, says what a network is, how it learns and what it sees: your own videos, panoramas, \
         moving objects. Percept follows it, shows how it goes, and ends with a network that you can watch with.",
        "Open a recipe to start a training here, or the folder of one that runs in a terminal (percept train) or was \
         stopped. You may drop either on the window.",
    ] {
        ui.add(egui::Label::new(words).wrap());
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for command in [W::OpenRecipe, W::FollowTraining] {
            let big = egui::Button::new(command.label()).min_size(vec2(148.0, 32.0));
            if ui.add(big).on_hover_text(command.tooltip()).clicked() {
                app.perform(ui.ctx(), command);
            }
        }
    });
    ui.add_space(4.0);
    let words = "docs/training.md tells how to write one; assets/models/recipes has examples";
    ui.add(egui::Label::new(RichText::new(words).weak()).wrap());
}

fn contents(app: &mut PerceptApp, ui: &mut Ui, bottom: f32) {
    let view = app.training.view();
    ui.spacing_mut().item_spacing.y = 6.0;
    status::show(app, ui, &view);
    setup::show(app, ui, &view);
    ui.add_space(GAP - 6.0);
    let room = vec2(ui.available_width(), (bottom - ui.cursor().top() - GAP).max(CURVES));
    let Some(moment) = &view.moment else {
        return curve::show(app, ui, &view, vec2(room.x, room.y.min(MOST)));
    };
    if room.x >= BESIDE && room.y < LOW {
        // Where height is scarce the pictures stand beside the curves.
        let pictures = pictures::fit(vec2(room.x * 0.42, room.y), 2, moment);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * GAP;
            curve::show(app, ui, &view, vec2(room.x - pictures.x - 2.0 * GAP, room.y));
            pictures::show(app, ui, moment, pictures, 2);
        });
    } else {
        let columns = if room.x >= 400.0 { 4 } else { 2 };
        let most = (room.y - CURVES - GAP).clamp(PICTURES[0], PICTURES[1]);
        let pictures = pictures::fit(vec2(room.x, most), columns, moment);
        let curves = (room.y - pictures.y - GAP).clamp(CURVES, MOST);
        curve::show(app, ui, &view, vec2(room.x, curves));
        ui.add_space(GAP - 6.0);
        pictures::show(app, ui, moment, pictures, columns);
    }
}
