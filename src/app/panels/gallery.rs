//! The gallery at the left: illusions by family with a picture each, what was opened lately, and the ways to
//! open something else.

use std::path::Path;
use std::sync::Arc;

use egui::{Panel, Rect, RichText, Role, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use crate::app::commands::{WindowCommand as W, fuzzy};
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::command_button;
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;
use crate::stimulus::StimulusSpec;
use crate::stimulus::illusion::{Illusion, Origin};

/// Height of one illusion.
const ROW: f32 = 56.0;

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
            ui.add(
                TextEdit::singleline(&mut app.desk.search)
                    .hint_text("Search illusions")
                    .desired_width(f32::INFINITY),
            );
            egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                illusions(app, ui, snapshot);
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
                    crate::app::widgets::icon_button::icon_button(
                        ui,
                        icon,
                        "Open video or picture…",
                        &command.tooltip(),
                        false,
                    )
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

/// Families in the order in which a newcomer should meet them; others follow by name.
const FAMILIES: [&str; 6] =
    ["motion", "motion and position", "contour", "surprise", "physiology", "calibration"];

/// Illusions as they stand in the gallery.
pub(crate) fn order(illusions: &[Arc<Illusion>]) -> Vec<Arc<Illusion>> {
    let mut sorted = illusions.to_vec();
    let rank = |family: &str| FAMILIES.iter().position(|known| *known == family).unwrap_or(FAMILIES.len());
    sorted.sort_by(|a, b| {
        let (a, b) = (&a.card, &b.card);
        (rank(&a.family), &a.family, &a.name).cmp(&(rank(&b.family), &b.family, &b.name))
    });
    sorted
}

fn illusions(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let typed = app.desk.search.clone();
    let hit = |illusion: &Illusion| {
        let card = &illusion.card;
        fuzzy(&typed, &card.name).or_else(|| fuzzy(&typed, &card.family)).is_some()
    };
    let found: Vec<_> = order(&app.shown_illusions).into_iter().filter(|i| hit(i)).collect();
    if found.is_empty() && !typed.is_empty() {
        ui.label(RichText::new(format!("No illusion is called \"{typed}\"")).weak());
    }
    ui.spacing_mut().item_spacing.y = 2.0;
    for illusion in &found {
        let on = snapshot.is_some_and(
            |snapshot| matches!(&snapshot.stimulus, StimulusSpec::Illusion(slug) if *slug == illusion.slug),
        );
        if row(app, ui, illusion, on).clicked() {
            app.show_illusion(illusion);
        }
    }
    ui.add_space(8.0);
}

/// One illusion: its picture, its name, its family.
fn row(app: &mut PerceptApp, ui: &mut Ui, illusion: &Arc<Illusion>, on: bool) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let card = &illusion.card;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &card.name));
    if ui.is_rect_visible(rect) {
        let greys = theme::greys(ui);
        let hot = response.hovered() || response.has_focus();
        let painter = ui.painter_at(rect);
        if on || hot {
            painter.rect_filled(rect, 6.0, if on { greys.selected } else { greys.raised });
        }
        let size = vec2((ROW - 8.0) * 1.25, ROW - 8.0);
        let picture = Rect::from_min_size(rect.min + vec2(4.0, 4.0), size);
        painter.rect_filled(picture, 4.0, greys.hovered);
        if let Some(texture) = app.programs.thumbnail(illusion) {
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            let shape = egui::epaint::RectShape::filled(picture, 4.0, egui::Color32::WHITE);
            painter.add(shape.with_texture(texture, uv));
        }
        let left = picture.right() + 10.0;
        let room = rect.right() - left - 4.0;
        let line = |text: &str, style: egui::TextStyle, ink: egui::Color32, y: f32| {
            let mut job =
                egui::text::LayoutJob::simple_singleline(text.to_owned(), style.resolve(ui.style()), ink);
            job.wrap = egui::text::TextWrapping::truncate_at_width(room);
            let galley = ui.painter().layout_job(job);
            painter.galley(pos2(left, y - galley.size().y / 2.0), galley, ink);
        };
        let ink = if on || hot { greys.strong } else { greys.text };
        line(&card.name, egui::TextStyle::Body, ink, rect.center().y - 8.0);
        line(&capital(&card.family), egui::TextStyle::Small, greys.weak, rect.center().y + 9.0);
    }
    response.on_hover_ui(|ui| {
        ui.label(theme::title(&card.name));
        ui.label(&card.percept);
        if let Origin::User(path) = &illusion.origin {
            ui.label(RichText::new(path.display().to_string()).weak());
        }
    })
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

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
