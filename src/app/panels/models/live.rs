//! What the networks make of the stimulus meanwhile: small pictures at the head of a card, so that a choice is
//! seen at once.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::paint::Slot;
use crate::app::{PerceptApp, maps, theme};
use crate::figure::palette;
use crate::gpu::canvas::WHOLE;
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look};
use crate::model::{Probe, Role as ProbeRole};
use crate::session::{Snapshot, Whose};

/// Height of a picture.
const PICTURE: f32 = 88.0;
const HEAD: f32 = 18.0;
const GAP: f32 = 8.0;

/// Shows the pictures in a row.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let at = |probes: &[Probe], role| probes.iter().position(|p| p.is_picture() && p.role == role);
    let mut cells = vec![
        ("The network sees", palette::ACTUAL, Whose::First, at(&snapshot.probes, ProbeRole::Actual)),
        ("A expects", palette::PREDICTION, Whose::First, at(&snapshot.probes, ProbeRole::Prediction)),
    ];
    if let Some(second) = &snapshot.second {
        let at = at(&second.probes, ProbeRole::Prediction);
        cells.push(("B expects", palette::SECOND, Whose::Second, at));
    }
    let aspect = snapshot.probes.first().map_or(1.25, |probe| probe.size.aspect()) as f32;
    let width = (PICTURE * aspect).min((ui.available_width() - 2.0 * GAP) / 3.0).floor();
    let size = vec2(width, (width / aspect).floor());
    let whole = vec2(cells.len() as f32 * (width + GAP) - GAP, size.y + HEAD);
    let (rect, _) = ui.allocate_exact_size(whole, Sense::hover());
    for (i, (name, color, whose, at)) in cells.into_iter().enumerate() {
        let min = pos2(rect.left() + i as f32 * (width + GAP), rect.top());
        let body = Rect::from_min_size(min + vec2(0.0, HEAD), size);
        let response = ui.interact(body, ui.scope_id().with(name), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        let (greys, font) = (theme::greys(ui), egui::TextStyle::Small.resolve(ui.style()));
        let painter = ui.painter();
        painter.circle_filled(min + vec2(4.0, HEAD / 2.0 - 1.0), 3.5, theme::ink(ui, color));
        let text_at = min + vec2(12.0, HEAD / 2.0 - 1.0);
        painter.text(text_at, Align2::LEFT_CENTER, name, font, greys.weak);
        let ground = painter.add(egui::Shape::Noop);
        let drawing = Drawing {
            look: Look::Picture,
            colormap: Colormap::Grey,
            range: [0.0, 1.0],
            window: WHOLE,
            smooth: app.ui.smooth,
        };
        let what = at.map(|at| (at, drawing));
        if !maps::show_of(app, painter, snapshot, body, Slot::Page(i), whose, what) {
            painter.set(ground, egui::Shape::rect_filled(body, 2.0, greys.raised));
        }
    }
    ui.add_space(12.0);
}
