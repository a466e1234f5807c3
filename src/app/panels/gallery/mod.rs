//! The gallery at the left: illusions by family with a picture each, what was opened lately, and the ways to
//! open something else. The page shows the same in large.

use std::path::Path;

use egui::{Align2, Panel, RichText, Role, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use crate::app::commands::WindowCommand as W;
use crate::app::gallery::{Group, capital};
use crate::app::widgets::icon::{self, Icon};
use crate::app::widgets::icon_button::{command_button, icon_button};
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;
use crate::stimulus::StimulusSpec;

mod marks;
pub(crate) mod page;
mod row;
mod thumbnail;
mod tile;

/// Height of a family's head.
const HEAD: f32 = 28.0;

/// Shows the gallery.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::same(12));
    let shown = Panel::left("gallery")
        .frame(frame)
        .resizable(true)
        .default_size(app.ui.gallery_width)
        .size_range(184.0..=480.0)
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ways(app, ui);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if command_button(ui, Icon::Grid, W::GalleryPage, false).clicked() {
                        app.perform(ui.ctx(), W::GalleryPage);
                    }
                    favourites_only(app, ui);
                    ui.add_space(4.0);
                    search(app, ui, f32::INFINITY);
                });
            });
            egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                families(app, ui, snapshot);
                recent(app, ui);
            });
        });
    app.ui.gallery_width = shown.response.rect.width();
}

fn ways(app: &mut PerceptApp, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label(theme::title("Gallery"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for (icon, command) in
                [(Icon::Camera, W::OpenCamera), (Icon::Folder, W::OpenFolder), (Icon::Film, W::OpenFile)]
            {
                // The top bar has a button of the same name; here the label says which place it is in.
                let response = if command == W::OpenFile {
                    icon_button(ui, icon, "Open video or picture…", &command.tooltip(), false)
                } else {
                    command_button(ui, icon, command, false)
                };
                if response.clicked() {
                    app.perform(ui.ctx(), command);
                }
            }
        });
    });
}

/// The search field of panel and page.
fn search(app: &mut PerceptApp, ui: &mut Ui, width: f32) {
    let field = TextEdit::singleline(&mut app.desk.search)
        .hint_text("Name, paper, effect")
        .desired_width(width)
        .margin(egui::Margin::symmetric(8, 5));
    let field = ui.add(field).accessible_name("Search illusions");
    if std::mem::take(&mut app.desk.focus_search) {
        field.request_focus();
    }
    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if enter
        && !app.desk.search.is_empty()
        && let Some(first) = app.gallery_order().first()
    {
        app.choose(&first.slug);
    }
    field.on_hover_text(W::FindIllusion.tooltip());
}

fn favourites_only(app: &mut PerceptApp, ui: &mut Ui) {
    let on = app.ui.favourites_only;
    let icon = if on { Icon::StarFilled } else { Icon::Star };
    if icon_button(ui, icon, "Favourites only", "Show the illusions with a star alone", on).clicked() {
        app.ui.favourites_only = !on;
    }
}

/// What to say where nothing was found.
fn nothing(app: &mut PerceptApp, ui: &mut Ui) {
    let words = if app.desk.search.trim().is_empty() {
        "No illusion has a star yet. Point at one and click its star".to_owned()
    } else {
        format!("Nothing is found for \"{}\"", app.desk.search.trim())
    };
    ui.add(egui::Label::new(RichText::new(words).weak()).wrap());
    if ui.button("Show all").clicked() {
        app.desk.search.clear();
        app.desk.family = None;
        app.ui.favourites_only = false;
    }
}

fn families(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let groups = app.gallery();
    if groups.is_empty() && !app.shown_illusions.is_empty() {
        nothing(app, ui);
    }
    let shown = slug_of(snapshot);
    ui.spacing_mut().item_spacing.y = 2.0;
    for group in &groups {
        head(app, ui, group);
        for hit in group.hits.iter().filter(|_| group.open) {
            let on = shown == Some(hit.illusion.slug.as_str());
            row::show(app, ui, hit, on);
        }
    }
    ui.add_space(8.0);
}

/// File name, without ending, of the illusion that was asked for last.
fn slug_of(snapshot: Option<&Snapshot>) -> Option<&str> {
    match &snapshot?.stimulus {
        StimulusSpec::Illusion(slug) => Some(slug),
        _ => None,
    }
}

/// The name of a family and how many it has; a click folds it.
fn head(app: &mut PerceptApp, ui: &mut Ui, group: &Group) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::click());
    let name = capital(&group.family);
    let count = group.hits.len();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, group.open, format!("Family {name}")));
    if response.clicked() {
        let all = ui.input(|input| input.modifiers.command);
        app.fold(&group.family, group.open, all);
    }
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let hot = response.hovered() || response.has_focus();
        let ink = if hot { greys.strong } else { greys.text };
        let arrow = egui::Rect::from_center_size(pos2(rect.left() + 8.0, rect.center().y), vec2(16.0, 16.0));
        icon::paint(ui.painter(), arrow, if group.open { Icon::Unfolded } else { Icon::Folded }, greys.weak);
        let font = egui::FontId::new(12.5, theme::semibold());
        ui.painter().text(pos2(rect.left() + 22.0, rect.center().y), Align2::LEFT_CENTER, &name, font, ink);
        let small = egui::TextStyle::Small.resolve(ui.style());
        let at = pos2(rect.right() - 10.0, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, count.to_string(), small, greys.weak);
    }
    let plural = if count == 1 { "illusion" } else { "illusions" };
    response.on_hover_text(format!("{count} {plural}. Click to fold, Ctrl+click to fold every family"));
}

fn recent(app: &mut PerceptApp, ui: &mut Ui) {
    if app.ui.recent.is_empty() {
        return;
    }
    ui.label(RichText::new("Opened lately").small().weak());
    let mut chosen = None;
    for path in &app.ui.recent {
        let item = egui::Button::new(file_name(path)).frame(false).truncate();
        if ui.add(item).on_hover_text(path.display().to_string()).clicked() {
            chosen = Some(path.clone());
        }
    }
    if let Some(path) = chosen {
        app.open_path(path);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl PerceptApp {
    /// Shows an illusion that was chosen in the gallery.
    fn choose(&mut self, slug: &str) {
        self.open_stimulus(StimulusSpec::Illusion(slug.to_owned()));
        // What was chosen is in sight already: the list need not jump to it.
        self.desk.scrolled_to = Some(slug.to_owned());
        if self.desk.page == crate::app::state::Page::Gallery {
            self.open_page(crate::app::state::Page::Pictures);
            self.desk.scrolled_to = None;
        }
    }

    /// Has the gallery scroll to the illusion on show, once.
    fn scroll_once(&mut self, ui: &Ui, slug: &str, rect: egui::Rect) {
        if self.desk.scrolled_to.as_deref() != Some(slug) {
            self.desk.scrolled_to = Some(slug.to_owned());
            ui.scroll_to_rect(rect.expand(24.0), None);
        }
    }
}
