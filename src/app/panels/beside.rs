//! Two networks side by side: the head of the second one's picture, and the difference of what they expect.

use egui::{Sense, Ui, vec2};

use crate::app::commands::WindowCommand as W;
use crate::app::maps::{self, RangeMode};
use crate::app::theme::ThemeChoice;
use crate::app::widgets::colorbar::colorbar;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::{PerceptApp, shelf, theme};
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look};
use crate::session::Snapshot;

/// Values at the two ends of the colours where the range is fixed and was not set by hand.
pub(super) const FIXED: [f32; 2] = [-0.25, 0.25];

/// A spot of colour before a title.
pub(super) fn dot(ui: &mut Ui, color: [u8; 3]) {
    let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
    ui.painter().circle_filled(dot.center(), 4.0, theme::ink(ui, color));
}

/// "B Untrained twin", and what is lesioned in it.
pub(super) fn title(snapshot: &Snapshot) -> String {
    let Some(second) = &snapshot.second else { return String::new() };
    let lesioned = second.lesions.iter().any(|lesion| lesion.on);
    format!("B {}{}", shelf::title(&second.model), if lesioned { " (lesioned)" } else { "" })
}

/// Exchanging the two, and ending the comparison.
pub(super) fn buttons(app: &mut PerceptApp, ui: &mut Ui) {
    for (icon, command) in [(Icon::Close, W::EndComparison), (Icon::Exchange, W::Exchange)] {
        if sized(ui, icon, command.label(), &command.tooltip(), false, 22.0).clicked() {
            app.perform(ui.ctx(), command);
        }
    }
}

/// How far the predictions are apart, in one number.
pub(super) fn size(ui: &mut Ui, snapshot: &Snapshot) {
    let difference = snapshot.second.as_ref().and_then(|second| second.difference);
    if let Some(difference) = difference {
        let text = format!("RMS {}", maps::short(difference.mean_square.sqrt()));
        let about = "Root of the mean squared difference of the two predictions, over pixels and colours (pixel values are 0 to 1)";
        ui.label(theme::number(text).weak()).on_hover_text(about);
    }
}

/// Colours and ends of the difference.
pub(super) fn drawing(app: &PerceptApp, snapshot: &Snapshot) -> Drawing {
    let measured = snapshot.second.as_ref().and_then(|second| second.difference);
    let range = match (app.ui.range_mode, measured) {
        (RangeMode::Fixed, _) | (_, None) => app.desk.fixed_range.unwrap_or(FIXED),
        (_, Some(difference)) => {
            let reach = difference.min.abs().max(difference.max.abs());
            let reach = if reach.is_finite() { reach.max(1e-3) } else { FIXED[1] };
            [-reach, reach]
        }
    };
    let dark = app.ui.theme == ThemeChoice::Dark;
    Drawing {
        look: Look::Mean,
        colormap: if dark { Colormap::DivergingDark } else { Colormap::Diverging },
        range,
        window: app.desk.lens.window(),
        smooth: app.ui.smooth,
    }
}

/// The colour bar under the difference.
pub(super) fn bar(app: &PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let drawing = drawing(app, snapshot);
    let ends = if ui.available_width() < 220.0 { ["", ""] } else { ["B is brighter", "A is brighter"] };
    colorbar(ui, drawing.colormap, drawing.range, ends);
}
