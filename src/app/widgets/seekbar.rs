//! The seek bar: where the run is, where it loops, what happens when; click or drag to go there.

use egui::{Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::theme;
use crate::frame::Mark;

/// What the bar shows.
pub(crate) struct Seekbar<'a> {
    /// Now, seconds.
    pub time_s: f64,
    /// Length, seconds; above zero.
    pub length_s: f64,
    /// Loop between two times.
    pub between_s: Option<(f64, f64)>,
    /// A loop's first mark that waits for its second.
    pub a_s: Option<f64>,
    /// Events.
    pub marks: &'a [Mark],
    /// Whether one can go anywhere.
    pub seekable: bool,
}

impl Seekbar<'_> {
    /// Shows the bar; the second value is the time under the hand while it is clicked or dragged.
    pub(crate) fn show(&self, ui: &mut Ui) -> (Response, Option<f64>) {
        let sense = if self.seekable { Sense::click_and_drag() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), sense);
        let track = Rect::from_center_size(rect.center(), vec2(rect.width() - 12.0, 4.0));
        let held = response.is_pointer_button_down_on() || response.clicked() || response.dragged();
        let asked = response
            .interact_pointer_pos()
            .filter(|_| held && self.seekable)
            .map(|pointer| self.time_at(track, pointer.x));
        let shown = asked.unwrap_or(self.time_s);
        let enabled = ui.is_enabled() && self.seekable;
        response.widget_info(|| WidgetInfo::slider(enabled, shown, "Position in seconds"));
        if ui.is_rect_visible(rect) {
            self.paint(ui, track, shown, &response);
        }
        (response, asked)
    }

    fn time_at(&self, track: Rect, x: f32) -> f64 {
        f64::from(((x - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0)) * self.length_s
    }

    fn paint(&self, ui: &Ui, track: Rect, shown_s: f64, response: &Response) {
        let greys = theme::greys(ui);
        let painter = ui.painter();
        let x = |time_s: f64| {
            track.left() + track.width() * (time_s / self.length_s.max(1e-9)).clamp(0.0, 1.0) as f32
        };
        painter.rect_filled(track, 2.0, greys.selected);
        if let Some((from, to)) = self.between_s {
            let span = Rect::from_x_y_ranges(x(from)..=x(to), track.expand2(vec2(0.0, 4.0)).y_range());
            painter.rect_filled(span, 2.0, greys.selected);
            for edge in [from, to] {
                painter.vline(x(edge), track.expand(6.0).y_range(), (2.0, greys.strong));
            }
        }
        if let Some(a) = self.a_s {
            painter.vline(x(a), track.expand(6.0).y_range(), (2.0, greys.strong));
        }
        let done = Rect::from_min_max(track.min, pos2(x(shown_s), track.bottom()));
        painter.rect_filled(done, 2.0, greys.weak);
        for mark in self.marks {
            painter.vline(x(mark.time_s), track.expand(3.0).y_range(), (1.0, greys.text));
        }
        if self.seekable {
            let radius = if response.hovered() || response.dragged() { 7.0 } else { 5.5 };
            painter.circle_filled(pos2(x(shown_s), track.center().y), radius, greys.strong);
        }
    }
}
