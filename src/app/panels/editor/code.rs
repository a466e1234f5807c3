//! The text with the numbers of its lines; a line at fault is marked in the margin.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, Color32, FontId, Rect, Shape, TextEdit, Ui, pos2};

use crate::app::editor::colours::Kind;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;

/// Width of the margin.
const MARGIN: f32 = 40.0;
/// Size of the letters.
const LETTERS: f32 = 12.5;

fn id() -> egui::Id {
    egui::Id::unique("illusion text")
}

/// Shows the text, `height` high.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, height: f32) {
    let greys = theme::greys(ui);
    let frame = egui::Frame::new().fill(greys.ground).corner_radius(6.0);
    frame.show(ui, |ui| {
        ui.set_height(height);
        let area = egui::ScrollArea::both().id_salt("illusion text").auto_shrink(false);
        area.show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(MARGIN);
                text(app, ui, height);
            });
        });
    });
}

fn text(app: &mut PerceptApp, ui: &mut Ui, height: f32) {
    let now_s = ui.input(|input| input.time);
    let crate::app::editor::Editor { sheet: Some(sheet), coloured, go_to: wanted, .. } = &mut app.editor
    else {
        return;
    };
    let dark = ui.visuals().dark_mode;
    let inks = [Kind::Plain, Kind::Comment, Kind::Keyword, Kind::Type, Kind::Number, Kind::Text, Kind::Fence]
        .map(|kind| (kind, ink(ui, kind)));
    let ink_of = |kind| inks.iter().find(|(known, _)| *known == kind).map_or(Color32::GRAY, |(_, ink)| *ink);
    let font = FontId::monospace(LETTERS);
    let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _width: f32| {
        let job = coloured.job(text.as_str(), dark, &font, ink_of);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    // Under the text.
    let ground = ui.painter().add(Shape::Noop);
    let output = TextEdit::multiline(&mut sheet.text)
        .id(id())
        .code_editor()
        .frame(egui::Frame::NONE)
        .margin(egui::Margin::symmetric(4, 6))
        .desired_width(f32::INFINITY)
        .min_size(egui::vec2(0.0, height - 8.0))
        .layouter(&mut layouter)
        .show(ui);
    if output.response.changed() {
        sheet.touch(now_s);
    }
    if let Some(line) = wanted.take() {
        go_to(ui.ctx(), &sheet.text, line);
        if let Some(row) = output.galley.rows.get(line.saturating_sub(1)) {
            let row = row.rect().translate(output.galley_pos.to_vec2());
            let start = Rect::from_min_size(row.min, egui::vec2(1.0, row.height()));
            ui.scroll_to_rect(start, Some(egui::Align::Center));
        }
    }
    let fault = sheet.complaint.as_ref().and_then(|complaint| complaint.line);
    let clip = ui.clip_rect();
    let greys = theme::greys(ui);
    // The margin stays where it is when the text moves sideways.
    let margin = Rect::from_min_max(clip.left_top(), pos2(clip.left() + MARGIN - 4.0, clip.bottom()));
    ui.painter().rect_filled(margin, 6.0, greys.ground);
    for (i, row) in output.galley.rows.iter().enumerate() {
        let [top, bottom] = [row.min_y(), row.max_y()].map(|y| output.galley_pos.y + y);
        if bottom < clip.top() || top > clip.bottom() {
            continue;
        }
        let is_fault = fault == Some(i + 1);
        let red = theme::ink(ui, palette::ERROR);
        if is_fault {
            let line = Rect::from_min_max(pos2(clip.left(), top), pos2(clip.right(), bottom));
            ui.painter().set(ground, Shape::rect_filled(line, 0.0, red.gamma_multiply(0.16)));
            let edge = Rect::from_min_max(pos2(clip.left(), top), pos2(clip.left() + 3.0, bottom));
            ui.painter().rect_filled(edge, 0.0, red);
        }
        let at = pos2(margin.right() - 4.0, f32::midpoint(top, bottom));
        let ink = if is_fault { red } else { greys.weak.gamma_multiply(0.8) };
        ui.painter().text(at, Align2::RIGHT_CENTER, (i + 1).to_string(), FontId::monospace(11.0), ink);
    }
    output.response.response.accessible_name("Text of the illusion");
}

fn ink(ui: &Ui, kind: Kind) -> Color32 {
    let greys = theme::greys(ui);
    match kind {
        Kind::Plain => greys.text,
        Kind::Comment | Kind::Fence => greys.weak,
        Kind::Keyword => theme::ink(ui, palette::SECOND),
        Kind::Type => theme::ink(ui, palette::ACTUAL),
        Kind::Number => theme::ink(ui, palette::PREDICTION),
        Kind::Text => theme::ink(ui, palette::REPRESENTATION),
    }
}

/// Puts the cursor at the beginning of a line.
fn go_to(ctx: &egui::Context, text: &str, line: usize) {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let at = before.map(|line| line.chars().count()).sum::<usize>();
    let mut state = TextEditState::load(ctx, id()).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(at))));
    state.store(ctx, id());
    ctx.memory_mut(|memory| memory.request_focus(id()));
}

/// Takes back the last change.
pub(super) fn undo(app: &mut PerceptApp, ctx: &egui::Context) {
    let now_s = ctx.input(|input| input.time);
    let (Some(sheet), Some(mut state)) = (&mut app.editor.sheet, TextEditState::load(ctx, id())) else {
        return;
    };
    let here = state.cursor.char_range().unwrap_or_default();
    let mut undoer = state.undoer();
    if let Some((range, text)) = undoer.undo(&(here, sheet.text.clone())).cloned() {
        sheet.text = text;
        sheet.touch(now_s);
        state.cursor.set_char_range(Some(range));
    }
    state.set_undoer(undoer);
    state.store(ctx, id());
}
