//! The transport: where the run is, play and step, speed and loop, and how the machine keeps up.

use egui::{Align, ComboBox, Layout, Panel, RichText, Ui};

use crate::app::actions::SPEEDS;
use crate::app::commands::WindowCommand as W;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::{command_button, icon_button};
use crate::app::widgets::seekbar::Seekbar;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::session::{Looping, Place, Snapshot};

/// Length of the bar for a stimulus that has no end, at least.
const ENDLESS_S: f64 = 10.0;

/// Shows the transport.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 6));
    Panel::bottom("transport").frame(frame).resizable(false).exact_size(68.0).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let Some(snapshot) = snapshot else {
            ui.label("Starting…");
            return;
        };
        seek(app, ui, snapshot);
        ui.horizontal(|ui| {
            buttons(app, ui, snapshot);
            clock(ui, &snapshot.place);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                pace(ui, snapshot);
            });
        });
    });
}

fn seek(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let place = &snapshot.place;
    let marks = app.session.recording(|recording| recording.marks.clone());
    let length_s =
        place.duration_s.unwrap_or_else(|| (place.time_s / ENDLESS_S).floor() * ENDLESS_S + ENDLESS_S);
    let bar = Seekbar {
        time_s: app.desk.scrub_s.unwrap_or(place.time_s),
        length_s: length_s.max(1e-3),
        between_s: if let Looping::Between(a, b) = place.looping { Some((a, b)) } else { None },
        a_s: app.desk.loop_a_s,
        marks: &marks,
        seekable: snapshot.source.as_ref().is_none_or(|source| source.seekable),
    };
    let (response, asked) = bar.show(ui);
    scrub(app, &response, asked, snapshot.sequence);
}

/// While the hand is down one seek at a time is on its way; the last one is sent when it lets go.
pub(crate) fn scrub(app: &mut PerceptApp, response: &egui::Response, asked: Option<f64>, sequence: u64) {
    if let Some(time_s) = asked {
        let moved = app.desk.scrub_s.is_none_or(|old| (old - time_s).abs() > 1e-3);
        let free = app.desk.seek_sent_at != sequence;
        app.desk.scrub_s = Some(time_s);
        if response.clicked() || (moved && free && !response.drag_stopped()) {
            app.desk.seek_sent_at = sequence;
            app.seek(time_s);
        }
    }
    let held = response.is_pointer_button_down_on() || response.dragged();
    if !held && let Some(time_s) = app.desk.scrub_s.take_if(|_| response.drag_stopped()) {
        app.seek(time_s);
    }
    if response.clicked() {
        app.desk.scrub_s = None;
    }
}

fn buttons(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let place = &snapshot.place;
    ui.spacing_mut().item_spacing.x = 4.0;
    let run = |app: &mut PerceptApp, ui: &mut Ui, icon, command: W, on| {
        if command_button(ui, icon, command, on).clicked() {
            app.perform(ui.ctx(), command);
        }
    };
    run(app, ui, Icon::ToStart, W::ToStart, false);
    run(app, ui, Icon::StepBack, W::StepBack, false);
    let (icon, label) = if place.playing { (Icon::Pause, "Pause") } else { (Icon::Play, "Play") };
    if icon_button(ui, icon, label, &W::PlayPause.tooltip(), false).clicked() {
        app.perform(ui.ctx(), W::PlayPause);
    }
    run(app, ui, Icon::StepForward, W::StepForward, false);
    run(app, ui, Icon::Loop, W::LoopWhole, place.looping == Looping::Whole);
    let between = matches!(place.looping, Looping::Between(..)) || app.desk.loop_a_s.is_some();
    run(app, ui, Icon::Between, W::LoopBetween, between);
    run(app, ui, Icon::Reset, W::Reset, false);
    speed(app, ui, place);
    ui.spacing_mut().item_spacing.x = 12.0;
    ui.add_space(8.0);
}

fn speed(app: &mut PerceptApp, ui: &mut Ui, place: &Place) {
    let mut chosen = None;
    let words = |speed: f64| format!("{speed}×");
    let combo =
        ComboBox::from_id_salt("speed").width(56.0).selected_text(words(place.speed)).show_ui(ui, |ui| {
            for speed in SPEEDS {
                if ui.selectable_label((speed - place.speed).abs() < 1e-6, words(speed)).clicked() {
                    chosen = Some(speed);
                }
            }
        });
    combo.response.accessible_name("Speed").on_hover_text("Speed ([ slower, ] faster, Backspace normal)");
    app.set_speed(chosen);
}

fn clock(ui: &mut Ui, place: &Place) {
    let time = match place.duration_s {
        Some(length) => format!("{} / {}", minutes(place.time_s), minutes(length)),
        None => minutes(place.time_s),
    };
    ui.label(theme::number(time).strong()).on_hover_text("Time in the stimulus, minutes and seconds");
    if ui.available_width() > 330.0 {
        let counts = format!("frame {}  step {}", place.frame, place.step);
        ui.label(theme::number(counts).weak())
            .on_hover_text("Frame of the stimulus, and network steps since the last reset");
    }
    if place.extrapolating > 0 {
        let color = theme::ink(ui, palette::PREDICTION);
        ui.label(RichText::new(format!("Extrapolating, {} to go", place.extrapolating)).color(color));
    }
}

fn pace(ui: &mut Ui, snapshot: &Snapshot) {
    let pace = &snapshot.pace;
    let dropped = RichText::new(format!("{} dropped", pace.dropped));
    let dropped = if pace.dropped > 0 {
        dropped.color(theme::ink(ui, palette::ERROR)).strong()
    } else {
        dropped.weak()
    };
    ui.label(dropped).on_hover_text(
        "Frames that the network never saw because it is slower than the stimulus. Step, slow down or export to see every frame",
    );
    if ui.available_width() > 150.0 {
        let both = if snapshot.second.is_some() { " (A and B)" } else { "" };
        let rate = format!("{:.0} ms/step{both}  {:.1} steps/s", pace.step_ms, pace.steps_per_s);
        ui.label(theme::number(rate).weak())
            .on_hover_text("Time of one network step, and steps a second reached");
    }
}

/// Minutes, seconds and hundredths.
pub(crate) fn minutes(time_s: f64) -> String {
    let hundredths = (time_s.max(0.0) * 100.0).round() as u64;
    format!("{}:{:02}.{:02}", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn time_is_written_in_minutes_and_seconds() {
        assert_eq!(minutes(0.0), "0:00.00");
        assert_eq!(minutes(59.999), "1:00.00");
        assert_eq!(minutes(75.25), "1:15.25");
        assert_eq!(minutes(-3.0), "0:00.00");
    }
}
