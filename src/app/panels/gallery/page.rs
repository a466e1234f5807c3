//! The page of the gallery: every illusion as a large picture, families as chips above, and the search.

use egui::{Align, Layout, Rect, RichText, Sense, Ui, UiBuilder, pos2, vec2};

use super::{favourites_only, nothing, search, slug_of, tile};
use crate::app::PerceptApp;
use crate::app::gallery::{Asked, Group, capital, groups};
use crate::app::state::Page;
use crate::app::theme;
use crate::app::widgets::chips::chip;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::icon_button;
use crate::session::Snapshot;

/// Height of the head.
const HEAD: f32 = 36.0;
/// Width that a tile has at least, and that of the search field.
const TILE: f32 = 184.0;
const SEARCH: f32 = 240.0;
/// Space between tiles.
const GAP: f32 = 8.0;

/// Shows the page.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let area = ui.available_rect_before_wrap();
    let head_rect = Rect::from_min_size(area.min, vec2(area.width(), HEAD));
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(head_rect).layout(Layout::left_to_right(Align::Center)));
    let groups = app.gallery();
    head(app, &mut child, &groups);
    // The grounds of tiles stand out, so that their pictures are in line with everything else.
    let body = Rect::from_min_max(
        pos2(area.left() - tile::EDGE, head_rect.bottom() + 4.0),
        pos2(area.right() + tile::EDGE, area.bottom()),
    );
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("gallery page"));
    child.shrink_clip_rect(body.expand(2.0));
    indented(&mut child, |ui| chips(app, ui));
    child.add_space(4.0);
    egui::ScrollArea::vertical().id_salt("gallery page").auto_shrink(false).show(&mut child, |ui| {
        // Room for the scroll bar, so that nothing jumps when it comes.
        ui.set_width((ui.available_width() - 10.0).max(TILE));
        if groups.is_empty() && !app.shown_illusions.is_empty() {
            nothing(app, ui);
        }
        let shown = slug_of(snapshot).map(str::to_owned);
        for group in &groups {
            grid(app, ui, group, shown.as_deref());
        }
    });
    ui.advance_cursor_after_rect(area);
}

fn head(app: &mut PerceptApp, ui: &mut Ui, groups: &[Group]) {
    ui.label(RichText::new("All illusions").heading().strong());
    let (found, all) =
        (groups.iter().map(|group| group.hits.len()).sum::<usize>(), app.shown_illusions.len());
    let count = if found == all { all.to_string() } else { format!("{found} of {all}") };
    ui.label(RichText::new(count).weak());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if icon_button(ui, Icon::Close, "Close gallery", "Back to the pictures (Esc)", false).clicked() {
            app.open_page(Page::Pictures);
        }
        favourites_only(app, ui);
        let width = SEARCH.min(ui.available_width() - 8.0).max(80.0);
        search(app, ui, width);
    });
}

/// Every family with its count; one at most is on.
fn chips(app: &mut PerceptApp, ui: &mut Ui) {
    let whole = groups(
        &app.shown_illusions,
        Asked {
            search: &app.desk.search,
            favourites: app.ui.favourites_only.then_some(&app.ui.favourites),
            ..Asked::default()
        },
    );
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        if chip(ui, app.desk.family.is_none(), "All", "Show family: all", None).clicked() {
            app.desk.family = None;
        }
        for group in &whole {
            let name = capital(&group.family);
            let label = format!("{name}  {}", group.hits.len());
            let on = app.desk.family.as_ref() == Some(&group.family);
            if chip(ui, on, &label, &format!("Show family: {name}"), None).clicked() {
                app.desk.family = (!on).then(|| group.family.clone());
            }
        }
    });
}

/// In line with the pictures of tiles.
fn indented(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(tile::EDGE);
        ui.vertical(contents);
    });
}

/// A family: its name and its tiles.
fn grid(app: &mut PerceptApp, ui: &mut Ui, group: &Group, shown: Option<&str>) {
    ui.spacing_mut().item_spacing.y = 4.0;
    ui.add_space(4.0);
    indented(ui, |ui| {
        ui.label(theme::title(capital(&group.family)));
    });
    let width = ui.available_width();
    let columns = ((width + GAP) / (TILE + GAP)).floor().max(1.0);
    let tile_width = ((width - GAP * (columns - 1.0)) / columns).floor();
    let (columns, size) = (columns as usize, vec2(tile_width, tile::height(tile_width)));
    let rows = group.hits.len().div_ceil(columns) as f32;
    let (area, _) = ui.allocate_exact_size(vec2(width, rows * (size.y + GAP)), Sense::hover());
    for (i, hit) in group.hits.iter().enumerate() {
        let place = vec2((i % columns) as f32, (i / columns) as f32);
        let rect = Rect::from_min_size(area.min + place * (size + vec2(GAP, GAP)), size);
        tile::show(app, ui, hit, rect, shown == Some(hit.illusion.slug.as_str()));
    }
}
