//! Icons, drawn as lines on a grid of 16 points: sharp at every size and in every font.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Triangle.
    Play,
    /// Two bars.
    Pause,
    /// Bar and triangle.
    StepForward,
    /// Triangle and bar.
    StepBack,
    /// To the start.
    ToStart,
    /// Ring with an arrow head.
    Loop,
    /// Two brackets.
    Between,
    /// Three lines.
    Menu,
    /// Cross.
    Close,
    /// Arrow that turns back.
    Reset,
    /// Folder.
    Folder,
    /// Film strip.
    Film,
    /// Camera.
    Camera,
    /// Panel at the left.
    PanelLeft,
    /// Panel at the right.
    PanelRight,
    /// Triangle with a bar in it.
    Warning,
    /// Arrow down into a tray.
    Save,
    /// Two arrows, one each way.
    Exchange,
    /// Outline of a star.
    Star,
    /// A star.
    StarFilled,
    /// Pencil.
    Pencil,
    /// Four squares.
    Grid,
    /// Arrow head to the right.
    Folded,
    /// Arrow head down.
    Unfolded,
}

/// Draws `icon` in the middle of `rect`, 16 points wide.
pub(crate) fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let pen = Pen { painter, origin: rect.center() - Vec2::splat(8.0), color };
    match icon {
        Icon::Play => pen.fill(&[(4.5, 2.5), (13.0, 8.0), (4.5, 13.5)]),
        Icon::Pause => {
            pen.block(4.0, 3.0, 3.0, 10.0);
            pen.block(9.0, 3.0, 3.0, 10.0);
        }
        Icon::StepForward => {
            pen.block(3.0, 3.0, 2.0, 10.0);
            pen.fill(&[(7.0, 3.0), (13.0, 8.0), (7.0, 13.0)]);
        }
        Icon::StepBack => {
            pen.block(11.0, 3.0, 2.0, 10.0);
            pen.fill(&[(9.0, 3.0), (9.0, 13.0), (3.0, 8.0)]);
        }
        Icon::ToStart => {
            pen.block(2.0, 3.0, 2.0, 10.0);
            pen.fill(&[(9.0, 3.0), (9.0, 13.0), (4.0, 8.0)]);
            pen.fill(&[(14.0, 3.0), (14.0, 13.0), (9.0, 8.0)]);
        }
        Icon::Loop => {
            pen.arc(8.0, 8.0, 5.0, -0.6, 4.6);
            pen.fill(&[(9.6, 1.2), (9.6, 6.4), (13.6, 4.6)]);
        }
        Icon::Between => {
            pen.line(&[(5.5, 3.0), (3.0, 3.0), (3.0, 13.0), (5.5, 13.0)]);
            pen.line(&[(10.5, 3.0), (13.0, 3.0), (13.0, 13.0), (10.5, 13.0)]);
            pen.line(&[(6.0, 8.0), (10.0, 8.0)]);
        }
        Icon::Menu => {
            for y in [4.0, 8.0, 12.0] {
                pen.line(&[(2.5, y), (13.5, y)]);
            }
        }
        Icon::Close => {
            pen.line(&[(4.0, 4.0), (12.0, 12.0)]);
            pen.line(&[(12.0, 4.0), (4.0, 12.0)]);
        }
        Icon::Reset => {
            pen.arc(8.0, 8.5, 4.5, -2.4, 2.4);
            pen.fill(&[(2.2, 6.6), (3.4, 2.2), (7.0, 5.2)]);
        }
        _ => paint_things(&pen, icon),
    }
}

fn paint_things(pen: &Pen<'_>, icon: Icon) {
    match icon {
        Icon::Folder => {
            pen.ring(&[(2.0, 4.0), (6.5, 4.0), (8.0, 5.8), (14.0, 5.8), (14.0, 13.0), (2.0, 13.0)]);
        }
        Icon::Film => {
            pen.ring(&[(2.0, 3.5), (14.0, 3.5), (14.0, 12.5), (2.0, 12.5)]);
            pen.fill(&[(6.5, 5.6), (10.5, 8.0), (6.5, 10.4)]);
        }
        Icon::Camera => {
            pen.ring(&[(1.5, 4.5), (10.5, 4.5), (10.5, 11.5), (1.5, 11.5)]);
            pen.ring(&[(10.5, 7.2), (14.5, 5.0), (14.5, 11.0), (10.5, 8.8)]);
        }
        Icon::PanelLeft => {
            pen.ring(&[(2.0, 3.0), (14.0, 3.0), (14.0, 13.0), (2.0, 13.0)]);
            pen.block(3.6, 4.6, 2.6, 6.8);
        }
        Icon::PanelRight => {
            pen.ring(&[(2.0, 3.0), (14.0, 3.0), (14.0, 13.0), (2.0, 13.0)]);
            pen.block(9.8, 4.6, 2.6, 6.8);
        }
        Icon::Exchange => {
            pen.line(&[(3.0, 5.0), (11.0, 5.0)]);
            pen.fill(&[(10.0, 2.0), (14.0, 5.0), (10.0, 8.0)]);
            pen.line(&[(5.0, 11.0), (13.0, 11.0)]);
            pen.fill(&[(6.0, 8.0), (6.0, 14.0), (2.0, 11.0)]);
        }
        Icon::Star => pen.ring(&star()),
        Icon::StarFilled => pen.star(),
        Icon::Grid => {
            for (x, y) in [(2.5, 2.5), (9.0, 2.5), (2.5, 9.0), (9.0, 9.0)] {
                pen.ring(&[(x, y), (x + 4.5, y), (x + 4.5, y + 4.5), (x, y + 4.5)]);
            }
        }
        Icon::Pencil => {
            pen.ring(&[(3.0, 13.0), (3.6, 10.2), (10.6, 3.2), (12.8, 5.4), (5.8, 12.4)]);
            pen.line(&[(9.2, 4.6), (11.4, 6.8)]);
        }
        Icon::Folded => pen.line(&[(6.0, 4.0), (10.0, 8.0), (6.0, 12.0)]),
        Icon::Unfolded => pen.line(&[(4.0, 6.0), (8.0, 10.0), (12.0, 6.0)]),
        Icon::Save => {
            pen.line(&[(8.0, 2.5), (8.0, 8.0)]);
            pen.fill(&[(4.8, 6.6), (11.2, 6.6), (8.0, 10.4)]);
            pen.line(&[(2.5, 10.0), (2.5, 13.2), (13.5, 13.2), (13.5, 10.0)]);
        }
        _ => {
            pen.ring(&[(8.0, 2.0), (14.5, 13.5), (1.5, 13.5)]);
            pen.line(&[(8.0, 6.5), (8.0, 10.0)]);
            pen.block(7.3, 11.2, 1.4, 1.4);
        }
    }
}

/// Corners of a star with five points, the first at the top.
fn star() -> [(f32, f32); 10] {
    std::array::from_fn(|i| {
        let radius = if i % 2 == 0 { 6.4 } else { 2.75 };
        let angle = std::f32::consts::PI * (i as f32 / 5.0 - 0.5);
        (8.0 + radius * angle.cos(), 8.4 + radius * angle.sin())
    })
}

struct Pen<'a> {
    painter: &'a Painter,
    origin: Pos2,
    color: Color32,
}

impl Pen<'_> {
    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        self.origin + vec2(x, y)
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|&point| self.at(point)).collect()
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(1.5, self.color)
    }

    fn fill(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::convex_polygon(self.points(points), self.color, Stroke::NONE));
    }

    fn line(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::line(self.points(points), self.stroke()));
    }

    fn ring(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::closed_line(self.points(points), self.stroke()));
    }

    /// A fan about the middle: the shape is not convex.
    fn star(&self) {
        let corners = self.points(&star());
        let mut mesh = egui::Mesh::default();
        mesh.colored_vertex(self.at((8.0, 8.4)), self.color);
        for corner in &corners {
            mesh.colored_vertex(*corner, self.color);
        }
        for i in 0..10 {
            mesh.add_triangle(0, i + 1, (i + 1) % 10 + 1);
        }
        self.painter.add(Shape::mesh(mesh));
        // The line softens the edges, which a mesh has not.
        self.painter.add(Shape::closed_line(corners, Stroke::new(1.0, self.color)));
    }

    fn block(&self, x: f32, y: f32, width: f32, height: f32) {
        self.painter.rect_filled(Rect::from_min_size(self.at((x, y)), vec2(width, height)), 0.5, self.color);
    }

    fn arc(&self, x: f32, y: f32, radius: f32, from: f32, to: f32) {
        let center = self.at((x, y));
        let point = |i: u8| {
            let angle = from + (to - from) * f32::from(i) / 24.0;
            pos2(center.x + radius * angle.cos(), center.y + radius * angle.sin())
        };
        self.painter.add(Shape::line((0..=24).map(point).collect(), self.stroke()));
    }
}
