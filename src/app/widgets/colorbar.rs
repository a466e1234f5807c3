//! A colour bar with the values at its ends and its middle.

use egui::{Align2, Color32, Mesh, Rect, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2};

use crate::app::{maps, theme};
use crate::gpu::colormap::Colormap;

/// Steps of the drawn gradient.
const STEPS: u16 = 48;

/// Shows the bar as wide as there is room, with what the ends mean under it.
pub(crate) fn colorbar(ui: &mut Ui, colormap: Colormap, range: [f32; 2], ends: [&str; 2]) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let words = format!(
        "Colour bar, {}, from {} to {}",
        colormap.label(),
        maps::short(range[0]),
        maps::short(range[1])
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 8.0));
    ui.painter().add(gradient(bar, colormap));
    let greys = theme::greys(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let y = rect.bottom();
    let left = format!("{} {}", maps::short(range[0]), ends[0]);
    let right = format!("{} {}", ends[1], maps::short(range[1]));
    let painter = ui.painter();
    let a = painter.text(pos2(rect.left(), y), Align2::LEFT_BOTTOM, left.trim(), font.clone(), greys.weak);
    let b = painter.text(pos2(rect.right(), y), Align2::RIGHT_BOTTOM, right.trim(), font.clone(), greys.weak);
    let middle = maps::short(f32::midpoint(range[0], range[1]));
    let galley = painter.layout_no_wrap(middle, font, greys.weak);
    let center = Rect::from_center_size(pos2(rect.center().x, y - galley.size().y / 2.0), galley.size());
    if center.left() > a.right() + 8.0 && center.right() < b.left() - 8.0 {
        painter.galley(center.min, galley, greys.weak);
    }
}

fn gradient(rect: Rect, colormap: Colormap) -> Shape {
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let at = f32::from(step) / f32::from(STEPS);
        let [r, g, b] = colormap.color(at);
        let x = rect.left() + at * rect.width();
        mesh.colored_vertex(pos2(x, rect.top()), Color32::from_rgb(r, g, b));
        mesh.colored_vertex(pos2(x, rect.bottom()), Color32::from_rgb(r, g, b));
    }
    for step in 0..u32::from(STEPS) {
        let first = 2 * step;
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 1, first + 2, first + 3);
    }
    Shape::mesh(mesh)
}
