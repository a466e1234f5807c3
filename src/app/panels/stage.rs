//! The middle of the window: what is seen, what is expected and the error side by side at the same scale;
//! the layers under them.

use egui::{Rect, Ui, UiBuilder, Vec2, pos2, vec2};

use super::picture::{self, Cell};
use super::{inspector, layers, pointer};
use crate::app::{PerceptApp, theme};
use crate::readout::flow::Method;
use crate::session::{Command, Snapshot};

/// Height of a picture's title and of what stands under it.
const HEAD: f32 = 24.0;
const FOOT: f32 = 32.0;
/// Space between pictures.
const GAP: f32 = 12.0;
/// Least height of the layers.
const LAYERS_LEAST: f32 = 112.0;

/// Before the first snapshot.
pub(crate) fn starting(ui: &mut Ui) {
    ui.centered_and_justified(|ui| {
        ui.label(theme::title("Waking the network…"));
    });
}

/// Shows pictures and layers.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, with_layers: bool) {
    let area = ui.available_rect_before_wrap();
    let aspect = snapshot.probes.first().map_or(1.25, |probe| probe.size.aspect()) as f32;
    let rows = layers::rows(&snapshot.probes);
    let wanted = if with_layers { layers::height(rows).max(LAYERS_LEAST) } else { 0.0 };
    // The layers may have up to two fifths of the height, less where it is scarce; the pictures the rest.
    let share = if area.height() < 420.0 { 0.36 } else { 0.42 };
    let layers_height = wanted.min(area.height() * share);
    let room = vec2(area.width(), area.height() - layers_height - if with_layers { GAP } else { 0.0 });
    let cells = Cell::shown(snapshot);
    let grid = Grid::fit(room, aspect, cells.len());

    app.desk.inspected.take_if(|name| !snapshot.probes.iter().any(|probe| probe.name == *name));
    for (i, &cell) in cells.iter().enumerate() {
        let whole = grid.cell(area, i);
        let head = Rect::from_min_size(whole.min, vec2(whole.width(), HEAD));
        let body = Rect::from_min_size(head.left_bottom(), grid.picture);
        let foot = Rect::from_min_max(pos2(whole.left(), body.bottom() + 8.0), whole.max);
        picture::show(app, ui, snapshot, cell, [head, body, foot]);
    }
    pointer::send_interest(app, snapshot);
    let method = if app.ui.corners { Method::Corners } else { Method::Dense };
    let motion = (app.ui.motion, method);
    if app.desk.motion_told != Some(motion) && app.send(Command::ShowMotion(motion.0.then_some(method))) {
        app.desk.motion_told = Some(motion);
    }
    if with_layers {
        let top = area.top() + grid.height() + GAP;
        let rest = Rect::from_min_max(pos2(area.left(), top), area.max);
        let mut child = ui.new_child(UiBuilder::new().max_rect(rest).id_salt("layers"));
        child.shrink_clip_rect(rest);
        egui::ScrollArea::both().id_salt("layers").auto_shrink(false).show(&mut child, |ui| {
            ui.horizontal_top(|ui| {
                let row_height = layers::fit_row(rest.height(), rows);
                layers::show(app, ui, snapshot, row_height);
                ui.add_space(16.0);
                inspector::show(app, ui, snapshot);
            });
        });
    }
    ui.advance_cursor_after_rect(area);
}

/// How pictures of one size are laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    count: usize,
    columns: usize,
    picture: Vec2,
    left: f32,
}

impl Grid {
    /// As many columns as make the pictures largest.
    fn fit(room: Vec2, aspect: f32, count: usize) -> Self {
        let fit = |columns: usize| {
            let rows = count.div_ceil(columns) as f32;
            let columns_f = columns as f32;
            let width = (room.x - GAP * (columns_f - 1.0)) / columns_f;
            let height = (room.y - GAP * (rows - 1.0)) / rows - HEAD - FOOT;
            let width = width.min(height * aspect).max(48.0).floor();
            let picture = vec2(width, (width / aspect).floor());
            let used = picture.x * columns_f + GAP * (columns_f - 1.0);
            Self { count, columns, picture, left: ((room.x - used) / 2.0).max(0.0).floor() }
        };
        let one_row = fit(count);
        // Two rows only where they make the pictures clearly larger: side by side is easier to compare.
        let two = fit(2);
        if two.picture.x > one_row.picture.x * 1.25 { two } else { one_row }
    }

    fn cell(&self, area: Rect, i: usize) -> Rect {
        let (column, row) = ((i % self.columns) as f32, (i / self.columns) as f32);
        let size = self.picture + vec2(0.0, HEAD + FOOT);
        let at = vec2(column * (size.x + GAP) + self.left, row * (size.y + GAP));
        Rect::from_min_size(area.min + at, size)
    }

    fn height(&self) -> f32 {
        let rows = self.count.div_ceil(self.columns) as f32;
        rows * (self.picture.y + HEAD + FOOT) + (rows - 1.0) * GAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_one_size_do_not_overlap_and_stay_inside() {
        for room in [vec2(1200.0, 500.0), vec2(500.0, 900.0), vec2(3000.0, 1500.0), vec2(740.0, 260.0)] {
            let count = if room.x > 1000.0 { 4 } else { 3 };
            let grid = Grid::fit(room, 1.25, count);
            let area = Rect::from_min_size(pos2(10.0, 20.0), room);
            let cells: Vec<_> = (0..count).map(|i| grid.cell(area, i)).collect();
            for (i, cell) in cells.iter().enumerate() {
                assert!(area.expand(1.0).contains_rect(*cell), "{room:?} {cell:?}");
                assert!(cells[i + 1..].iter().all(|other| !other.intersects(*cell)));
            }
            assert!((grid.picture.x / grid.picture.y - 1.25).abs() < 0.05);
        }
    }
}
