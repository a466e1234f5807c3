//! Prediction error as a part of that of copying the last frame: a bar that is short where the network is good,
//! with a line where it is no better than copying.

use egui::{Align2, Color32, Painter, Rect, Ui, pos2, vec2};

use crate::app::{shelf, theme};
use crate::figure::palette;
use crate::model::ModelCard;

/// The ratio at the right end of a bar; what is worse is cut off there.
const MOST: f64 = 1.25;
/// Most bars of a summary.
const BARS: usize = 5;
/// Width of the number beside the bars.
const NUMBER: f32 = 36.0;

/// The ratio in digits: "0.49".
pub(crate) fn digits(ratio: f64) -> String {
    if ratio < 9.995 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

/// Green where it is better than copying, red where it is not.
pub(crate) fn color(ui: &Ui, ratio: f64) -> Color32 {
    theme::ink(ui, if ratio < 1.0 { palette::REPRESENTATION } else { palette::ERROR })
}

/// One thin bar per clip and the mean of their ratios, in `rect`.
pub(crate) fn summary(ui: &Ui, rect: Rect, card: &ModelCard) {
    let ratios: Vec<f64> = card.scores.iter().filter_map(shelf::ratio).take(BARS).collect();
    let Some(mean) = shelf::mean_ratio(card) else { return };
    let greys = theme::greys(ui);
    let painter = ui.painter();
    let font = egui::TextStyle::Monospace.resolve(ui.style());
    painter.text(rect.right_center(), Align2::RIGHT_CENTER, digits(mean), font, greys.strong);
    let bars = Rect::from_min_max(rect.min, pos2(rect.right() - NUMBER, rect.bottom()));
    let step = (bars.height() / ratios.len().max(1) as f32).min(9.0);
    let top = bars.center().y - step * ratios.len() as f32 / 2.0;
    for (i, ratio) in ratios.iter().enumerate() {
        let min = pos2(bars.left(), top + i as f32 * step + 1.0);
        bar(ui, painter, Rect::from_min_size(min, vec2(bars.width(), (step - 2.0).max(3.0))), *ratio);
    }
    let height = step * ratios.len() as f32;
    copying(ui, painter, Rect::from_min_size(pos2(bars.left(), top), vec2(bars.width(), height)));
}

/// One bar.
pub(crate) fn bar(ui: &Ui, painter: &Painter, rect: Rect, ratio: f64) {
    painter.rect_filled(rect, 2.0, theme::greys(ui).hovered);
    let part = (ratio / MOST).clamp(0.0, 1.0) as f32;
    let filled = Rect::from_min_size(rect.min, vec2(rect.width() * part, rect.height()));
    painter.rect_filled(filled, 2.0, color(ui, ratio));
}

/// The line where copying is.
pub(crate) fn copying(ui: &Ui, painter: &Painter, rect: Rect) {
    let x = rect.left() + rect.width() * (1.0 / MOST) as f32;
    painter.vline(x, rect.expand(2.0).y_range(), (1.0, theme::greys(ui).strong));
}
