//! The page on which a class guesses before it sees: the stimulus beside the network's covered side, a question
//! with large answers, then the control, then what the network expects.

use egui::{Align2, FontId, Key, Modifiers, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use super::picture::{self, Cell};
use crate::app::guess::{Step, answers, given};
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::icon_button;
use crate::app::{PerceptApp, theme};
use crate::session::Snapshot;
use crate::session::reading::Reading;
use crate::stimulus::illusion::Card;

/// Height of a picture's title and of what is asked.
const HEAD: f32 = 28.0;
const ASKED: f32 = 176.0;
const GAP: f32 = 16.0;
const ANSWERS: [Key; 3] = [Key::Num1, Key::Num2, Key::Num3];

/// Shows the page.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let area = ui.available_rect_before_wrap();
    let Some(illusion) = app.shown_illusion() else {
        app.end_guess();
        return;
    };
    app.begin_guess(&illusion.slug);
    let asked = Rect::from_min_max(pos2(area.left(), area.bottom() - ASKED), area.max);
    let room = Rect::from_min_max(area.min, pos2(area.right(), asked.top() - 8.0));
    pictures(app, ui, snapshot, room);
    let close = Rect::from_min_size(area.right_top() - vec2(28.0, 0.0), vec2(28.0, 28.0));
    let mut corner = ui.new_child(UiBuilder::new().max_rect(close));
    if icon_button(&mut corner, Icon::Close, "Close guessing", "Back to the pictures (Esc)", false).clicked()
    {
        app.end_guess();
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(asked).id_salt("asked"));
    child.shrink_clip_rect(asked.expand(2.0));
    child.vertical_centered(|ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        match app.desk.guess.step {
            Step::Ask => ask(app, ui, &illusion.card),
            Step::Control => control(app, ui, &illusion.card),
            Step::Reveal => reveal(app, ui, &illusion.card),
        }
    });
    ui.advance_cursor_after_rect(area);
}

/// The stimulus, and the network's side, covered until the end.
fn pictures(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, room: Rect) {
    let aspect = snapshot.probes.first().map_or(1.25, |probe| probe.size.aspect()) as f32;
    let width = ((room.width() - GAP) / 2.0).min((room.height() - HEAD) * aspect).max(48.0).floor();
    let size = vec2(width, (width / aspect).floor());
    let left = room.center().x - width - GAP / 2.0;
    let covered = app.desk.guess.step != Step::Reveal;
    for (i, cell) in [Cell::Actual, Cell::Expected].into_iter().enumerate() {
        let at = pos2(left + i as f32 * (width + GAP), room.top());
        let rect = Rect::from_min_size(at + vec2(0.0, HEAD), size);
        let words = if cell == Cell::Actual { "What you see" } else { "What the network expects" };
        let font = FontId::new(15.0, theme::semibold());
        let ink = theme::greys(ui).strong;
        ui.painter().text(at + vec2(0.0, HEAD / 2.0 - 2.0), Align2::LEFT_CENTER, words, font, ink);
        if cell == Cell::Expected && covered {
            cover(ui, rect);
        } else {
            picture::plain(app, ui, snapshot, cell, rect);
        }
    }
}

fn cover(ui: &Ui, rect: Rect) {
    let greys = theme::greys(ui);
    let response = ui.interact(rect, ui.scope_id().with("covered"), egui::Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Covered until you have guessed"));
    ui.painter().rect_filled(rect, 4.0, greys.raised);
    let font = FontId::new((rect.height() * 0.4).clamp(24.0, 160.0), theme::semibold());
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, "?", font, greys.selected);
}

fn question(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(words).font(FontId::new(22.0, theme::semibold())).strong());
}

fn pressed(ui: &Ui, key: Key) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
}

/// Large buttons side by side; the number of the one that was clicked.
fn choices(ui: &mut Ui, words: &[&str]) -> Option<usize> {
    let gap = 12.0;
    let count = words.len() as f32;
    let most = if words.len() == 1 { 400.0 } else { 280.0 };
    let width = ((ui.available_width() - gap * (count - 1.0)) / count).min(most);
    let mut chosen = None;
    let whole = vec2(count * (width + gap) - gap, 56.0);
    ui.allocate_ui(whole, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (i, words) in words.iter().enumerate() {
                let text = RichText::new(*words).size(16.0);
                let button = egui::Button::new(text).wrap().min_size(vec2(width, 56.0));
                if ui.add_sized(vec2(width, 56.0), button).clicked() {
                    chosen = Some(i);
                }
            }
        });
    });
    chosen
}

fn note(ui: &mut Ui, words: &str) {
    if !words.is_empty() {
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(880.0));
            ui.add(egui::Label::new(RichText::new(words).size(14.5)).wrap());
        });
    }
}

fn ask(app: &mut PerceptApp, ui: &mut Ui, card: &Card) {
    question(ui, "What will the network expect?");
    let chosen = choices(ui, &answers(card));
    let typed = ANSWERS.iter().position(|key| pressed(ui, *key));
    ui.label(RichText::new("Keys 1, 2, 3; Esc leaves").small().weak());
    if let Some(answer) = chosen.or(typed) {
        app.guess(answer, !card.control.0.is_empty());
    }
}

/// Whether the guess was right, as far as the network's number tells by now.
fn judged(app: &PerceptApp, card: &Card, reading: &Reading) -> Option<String> {
    let (guess, given) = (app.desk.guess.answer?, given(reading)?);
    if guess == given {
        return Some("Right: so it does.".to_owned());
    }
    Some(format!("Not quite. The network's answer: {}", lower(answers(card).get(given)?)))
}

/// The guess again, for all to see.
fn guessed(app: &PerceptApp, card: &Card) -> String {
    let answers = answers(card);
    let answer = app.desk.guess.answer.and_then(|answer| answers.get(answer));
    answer.map_or_else(String::new, |answer| format!("Your guess: {}", lower(answer)))
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn control(app: &mut PerceptApp, ui: &mut Ui, card: &Card) {
    question(ui, "First the control: does the illusion vanish for you?");
    note(ui, &card.control_note);
    note(ui, &guessed(app, card));
    let go = choices(ui, &["Uncover what the network expects"]).is_some() | pressed(ui, Key::Enter);
    if go {
        app.reveal();
    }
}

fn reveal(app: &mut PerceptApp, ui: &mut Ui, card: &Card) {
    let guessed = guessed(app, card);
    question(ui, &guessed);
    let reading = app.session.belief().and_then(|belief| belief.reading.clone());
    let is_of_it = |reading: &Reading| reading.slug == app.desk.guess.slug && !reading.is_control;
    if let Some(reading) = reading.filter(is_of_it) {
        if let Some(words) = judged(app, card, &reading) {
            note(ui, &words);
        }
        note(ui, &reading.sentence());
    }
    if !card.human.is_empty() {
        note(ui, &format!("In people: {}", card.human));
    }
    let chosen = choices(ui, &["Again", "Next illusion", "Done"]);
    let enter = pressed(ui, Key::Enter);
    match chosen.or(enter.then_some(1)) {
        Some(0) => app.desk.guess = crate::app::guess::Guess::default(),
        Some(1) => app.perform(ui.ctx(), crate::app::commands::WindowCommand::NextIllusion),
        Some(_) => app.end_guess(),
        None => {}
    }
}
