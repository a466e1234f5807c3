//! What the network believes: arrows of the motion that it expects, and the illusion's number with what to hold it
//! against.

use egui::{Painter, Pos2, Rect, RichText, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::session::baselines::Baseline;
use crate::session::reading::{Reading, fixed};
use crate::stimulus::illusion::measure::Measured;

/// How much longer than the motion its arrow is.
const MAGNIFIED: f32 = 8.0;
/// Longest arrow, in parts of the picture's width: hardly to the next one.
const LONGEST: f32 = 0.055;

/// Draws the arrows over the prediction.
pub(crate) fn arrows(app: &PerceptApp, painter: &Painter, rect: Rect) {
    let Some(belief) = app.session.belief() else { return };
    let lens = app.desk.lens;
    let pixel = rect.width() * lens.zoom() / belief.size.width.max(1) as f32;
    for arrow in &belief.arrows {
        let [x, y] = lens.to_frame(arrow.at);
        let from = pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
        if !rect.contains(from) {
            continue;
        }
        // Up on the screen is down in its coordinates.
        let motion = vec2(arrow.motion_px[0], -arrow.motion_px[1]) * MAGNIFIED * pixel;
        let longest = LONGEST * rect.width();
        let shown = if motion.length() > longest { motion.normalized() * longest } else { motion };
        one(painter, from, shown, arrow.across_edges);
    }
}

/// A dark line under a light one, so that it is seen on any ground; both fainter where only the motion across edges is
/// known.
fn one(painter: &Painter, from: Pos2, by: Vec2, is_faint: bool) {
    if by.length() < 1.5 {
        return;
    }
    let tip = from + by;
    let back = by.normalized() * (0.4 * by.length()).clamp(2.5, 6.0);
    let side = 0.55 * vec2(-back.y, back.x);
    let lines = [[from, tip], [tip, tip - back + side], [tip, tip - back - side]];
    let strength = if is_faint { 0.6 } else { 1.0 };
    let colors = [egui::Color32::from_black_alpha(190), theme::color(palette::PREDICTION)];
    for (width, color) in [3.2, 1.5].into_iter().zip(colors.map(|color| color.gamma_multiply(strength))) {
        for line in lines {
            painter.add(Shape::line_segment(line, Stroke::new(width, color)));
        }
    }
}

/// The number of the running illusion.
pub(crate) fn number(app: &PerceptApp, ui: &mut Ui) {
    let reading = app.session.belief().and_then(|belief| belief.reading.clone());
    let Some(reading) = reading else {
        ui.label(RichText::new("Nothing to measure yet").weak());
        return;
    };
    let grid = egui::Grid::new("believed").num_columns(2).spacing([12.0, 3.0]);
    let shown = grid.show(ui, |ui| {
        let unit = reading.of.unit();
        row(ui, "Now", &format!("{} ± {} {unit}", signed(reading.value), fixed(reading.interval, 3)));
        row(ui, "Control", &told(reading.control, "press C"));
        row(ui, "Mirrored", &told(reading.mirrored, "press M"));
    });
    let sentence = reading.sentence();
    shown.response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, sentence.clone()));
    shown.response.on_hover_text(about(&reading));
    let scale = match reading.of {
        Measured::Surprise => "Of the pixels in the region that counts; hold it against the control",
        _ if !reading.is_known => "Which way people see it is not known",
        _ if reading.as_people < 0.0 => "Mirrored: below the control it errs as people do",
        _ => "Above the control: it errs as people do",
    };
    ui.add(egui::Label::new(RichText::new(scale).small().weak()).wrap());
    baselines(ui, &reading);
}

/// What is no network, beside it.
fn baselines(ui: &mut Ui, reading: &Reading) {
    if reading.baselines.is_empty() {
        return;
    }
    let about = "What copying the last frame, going on in a straight line and two arrays of motion detectors make \
                 of the same frames. What they see too, the network need not have learnt. Numbers of detectors are \
                 parts of their mean answer.";
    let open = egui::CollapsingHeader::new(RichText::new("Without a network").small()).id_salt("baselines");
    let shown = open.show(ui, |ui| {
        egui::Grid::new("baselines").num_columns(2).spacing([12.0, 3.0]).show(ui, |ui| {
            for one in &reading.baselines {
                row(ui, one.name, &signed(one.value));
            }
        });
        // They see motion over several frames, and begin anew after a gap.
        if reading.of.is_motion() && !reading.baselines.iter().any(Baseline::is_of_detector) {
            let waiting = "Motion detectors wait for frames without a gap";
            ui.add(egui::Label::new(RichText::new(waiting).small().weak()).wrap());
        }
    });
    shown.header_response.on_hover_text(about);
}

fn row(ui: &mut Ui, name: &str, value: &str) {
    ui.label(RichText::new(name).small().weak());
    ui.label(theme::number(value.to_owned()));
    ui.end_row();
}

fn told(value: Option<f64>, otherwise: &str) -> String {
    value.map_or_else(|| otherwise.to_owned(), signed)
}

/// With its sign, but none before zero.
fn signed(value: f64) -> String {
    let text = fixed(value, 3);
    if text.starts_with('-') || text.chars().all(|digit| matches!(digit, '0' | '.')) {
        text
    } else {
        ["+", &text].concat()
    }
}

fn about(reading: &Reading) -> String {
    format!("{}. Mean over the last steps with its 95 % interval.", reading.sentence())
}
