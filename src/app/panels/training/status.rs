//! How a training stands: its state, how far it is, how fast, what is wrong with it, and the buttons that start and
//! stop it.

use egui::{Align, Color32, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::widgets::icon::{self, Icon};
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::train::view::{State, View};

/// Shows it.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, view: &View) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(10.0, 24.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 4.0, color(ui, &view.state));
        let elsewhere = if app.training.is_elsewhere() { " in another program" } else { "" };
        ui.label(theme::title(format!("{}{elsewhere}", view.state.label())));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| buttons(app, ui, view));
    });
    progress(ui, view);
    ui.add(egui::Label::new(facts(view)).wrap().selectable(true));
    if let State::Failed(error) = &view.state {
        fault(ui, &sentence(&error.to_string()));
    }
    if let Some(warning) = &view.warning {
        fault(ui, &sentence(&warning.to_string()));
    }
}

fn progress(ui: &mut Ui, view: &View) {
    let part = view.part().unwrap_or(0.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Training progress"));
    let (greys, track) = (theme::greys(ui), rect.shrink2(vec2(0.0, 2.0)));
    ui.painter().rect_filled(track, 2.0, greys.selected);
    let done = Rect::from_min_size(track.min, vec2(track.width() * part, track.height()));
    ui.painter().rect_filled(done, 2.0, theme::ink(ui, palette::PREDICTION));
}

fn color(ui: &Ui, state: &State) -> Color32 {
    match state {
        State::Reading | State::Running | State::Stopping => theme::ink(ui, palette::PREDICTION),
        State::Finished => theme::ink(ui, palette::REPRESENTATION),
        State::Failed(_) => theme::ink(ui, palette::ERROR),
        State::Ready | State::Stopped => theme::greys(ui).weak,
    }
}

fn buttons(app: &mut PerceptApp, ui: &mut Ui, view: &View) {
    let wide = |text: &str| egui::Button::new(theme::title(text)).min_size(vec2(88.0, 26.0));
    if app.training.is_going() {
        let stopping = view.state == State::Stopping;
        let about = "Finish this batch and write a checkpoint to go on from";
        if ui.add_enabled(!stopping, wide("Stop")).on_hover_text(about).clicked() {
            app.training.stop();
        }
    } else {
        let (words, about) = if view.resumable {
            ("Go on", "Go on from the checkpoint in the folder")
        } else {
            ("Start", "Begin this training, on a thread of its own")
        };
        let why = why_not(app, view);
        let start = ui.add_enabled(app.training.can_start(), wide(words));
        if start.on_hover_text(about).on_disabled_hover_text(why).clicked() {
            app.start_training();
        }
    }
    let about = "Let the network watch as it was at its last checkpoint";
    let watch = ui.add_enabled(view.model.is_some(), egui::Button::new("Watch with this network"));
    let why = "There is a network to watch with from the first checkpoint on";
    if watch.on_hover_text(about).on_disabled_hover_text(why).clicked()
        && let Some(model) = &view.model
    {
        app.watch_trained(model);
    }
}

fn why_not(app: &PerceptApp, view: &View) -> &'static str {
    if app.training.is_elsewhere() {
        "It runs in another program: stop it there (Ctrl-C)"
    } else if view.state == State::Finished {
        "All frames of the recipe are done. Give the recipe more frames to go on"
    } else if view.resumable {
        "Open its recipe to go on with it: the folder does not say which it is"
    } else {
        "Choose a recipe, and a folder for the training"
    }
}

/// "312,000 of 2,000,000 frames (16 %), 214 a second, 2 h 11 min left, rate 0.001, error 0.52 of copying's".
fn facts(view: &View) -> String {
    let mut facts = vec![match view.all_frames {
        Some(all) => {
            let part = view.part().unwrap_or(0.0) * 100.0;
            format!("{} of {} frames ({part:.0} %)", grouped(view.frames), grouped(all))
        }
        None => format!("{} frames", grouped(view.frames)),
    }];
    if view.frames_per_s > 0.0 {
        facts.push(format!("{:.0} a second", view.frames_per_s));
    }
    facts.extend(view.left_s().map(|left_s| format!("{} left", duration(left_s))));
    if let Some(last) = view.points.last() {
        facts.push(format!("learning rate {}", rate(last.rate)));
        facts.push(format!("error {:.2} of copying's", last.ratio()));
    }
    facts.join(", ")
}

fn fault(ui: &mut Ui, text: &str) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        icon::paint(ui.painter(), rect, Icon::Warning, theme::ink(ui, palette::ERROR));
        let text = RichText::new(text).color(theme::ink(ui, palette::ERROR));
        ui.add(egui::Label::new(text).wrap().selectable(true));
    });
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A learning rate in few digits: "0.001", "3.2e-5".
pub(super) fn rate(rate: f32) -> String {
    if rate >= 1e-3 || rate == 0.0 {
        format!("{}", (rate * 1e5).round() / 1e5)
    } else {
        format!("{rate:.1e}")
    }
}

/// A whole number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "45 s", "12 min", "2 h 11 min", "3 d 4 h".
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    let (hours, days) = (minutes / 60, minutes / 1440);
    match minutes {
        _ if seconds < 99.5 => format!("{seconds:.0} s"),
        0..100 => format!("{minutes} min"),
        100..2880 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        let times = [0.4, 99.0, 100.0, 3600.0, 7860.0, 273_600.0].map(duration);
        assert_eq!(times, ["0 s", "99 s", "2 min", "60 min", "2 h 11 min", "3 d 4 h"]);
        assert_eq!([1e-3, 3e-3, 3.21e-5, 0.0].map(rate), ["0.001", "0.003", "3.2e-5", "0"]);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let bare = View { frames: 1200, ..View::default() };
        assert_eq!(facts(&bare), "1,200 frames");
        let running = View { all_frames: Some(2400), frames_per_s: 20.0, state: State::Running, ..bare };
        assert_eq!(facts(&running), "1,200 of 2,400 frames (50 %), 20 a second, 60 s left");
    }
}
