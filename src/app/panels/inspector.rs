//! Beside the layers: how the enlarged map is drawn, and the units that are recorded.

use egui::{ComboBox, DragValue, RichText, Ui, vec2};

use super::beside;
use super::picture::{self, Cell, Whole};
use crate::app::maps::{Channel, RangeMode};
use crate::app::widgets::chips::one_of;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::widgets::switch::switch;
use crate::app::{PerceptApp, maps, theme};
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::Look;
use crate::model::Probe;
use crate::session::Snapshot;

/// Widths of the two lists.
const MAP_WIDTH: f32 = 220.0;
const UNITS_WIDTH: f32 = 220.0;

/// Colours of picked units, legible side by side to the colour-blind (after Okabe & Ito 2008).
const UNIT_COLORS: [[u8; 3]; 6] = [
    [0xF0, 0xE4, 0x42],
    [0x56, 0xB4, 0xE9],
    [0xCC, 0x79, 0xA7],
    [0x00, 0x9E, 0x73],
    [0xE6, 0x9F, 0x00],
    [0xD5, 0x5E, 0x00],
];

/// Colour of the picked unit number `i`.
pub(crate) const fn unit_color(i: usize) -> [u8; 3] {
    UNIT_COLORS[i % UNIT_COLORS.len()]
}

/// Shows both lists in columns.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let at = picture::probe_of(app, snapshot, Cell::Inspected);
    let probe = at.and_then(|at| Some((at, snapshot.probes.get(at)?.clone())));
    let difference = Whole::of(app, snapshot) == Whole::Difference;
    if probe.is_none() && !difference {
        return;
    }
    let shown = |app: &mut PerceptApp, ui: &mut Ui| match &probe {
        Some((at, probe)) => map(app, ui, snapshot, *at, probe),
        None => apart(app, ui, snapshot),
    };
    // Side by side where there is room, else one under the other.
    if ui.available_width() >= MAP_WIDTH + 24.0 + UNITS_WIDTH {
        column(ui, MAP_WIDTH, |ui| shown(app, ui));
        ui.add_space(16.0);
        column(ui, UNITS_WIDTH, |ui| units(app, ui));
    } else {
        column(ui, ui.available_width().clamp(160.0, MAP_WIDTH), |ui| {
            shown(app, ui);
            ui.add_space(12.0);
            units(app, ui);
        });
    }
}

fn column(ui: &mut Ui, width: f32, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 0.0), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(4.0, 6.0);
        contents(ui);
    });
}

fn map(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, at: usize, probe: &Probe) {
    ui.add(egui::Label::new(theme::title(picture::title_of(probe))).truncate());
    let look = maps::look_of(probe, app.desk.channel);
    ui.horizontal(|ui| {
        channel(app, ui, probe);
        if look != Look::Picture {
            colors(app, ui, probe);
        }
    });
    if look != Look::Picture {
        range(app, ui, snapshot, at, probe);
    }
    blend(app, ui);
}

fn blend(app: &mut PerceptApp, ui: &mut Ui) {
    let (name, about) = ("Blend values", "Blend neighbouring values instead of crisp squares");
    if switch(ui, app.ui.smooth, name, "", about).clicked() {
        app.ui.smooth = !app.ui.smooth;
    }
}

/// How the difference of two predictions is drawn.
fn apart(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.label(theme::title("Difference of the predictions"));
    let choices = [RangeMode::Fixed, RangeMode::PerFrame].map(|mode| (mode, mode.label()));
    let fixed = app.ui.range_mode == RangeMode::Fixed;
    let current = if fixed { RangeMode::Fixed } else { RangeMode::PerFrame };
    if let Some(mode) = one_of(ui, "Range", current, &choices) {
        app.ui.range_mode = mode;
    }
    if fixed {
        let [_, mut reach] = app.desk.fixed_range.unwrap_or(beside::FIXED);
        let field = DragValue::new(&mut reach).speed(0.002).range(0.001..=1.0).max_decimals(3).prefix("± ");
        let field = ui.add(field).accessible_name("Reach of the difference");
        if field.on_hover_text("Value at both ends of the colours").changed() {
            app.desk.fixed_range = Some([-reach, reach]);
        }
    } else if let Some(known) = snapshot.second.as_ref().and_then(|second| second.difference) {
        let words = format!("values from {} to {}", maps::short(known.min), maps::short(known.max));
        ui.label(RichText::new(words).small().weak());
    }
    let words = "A minus B, mean over colours. Click a map at the left to enlarge it in its place";
    ui.add(egui::Label::new(RichText::new(words).small().weak()).wrap());
    blend(app, ui);
}

fn range(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, at: usize, probe: &Probe) {
    let choices = RangeMode::ALL.map(|mode| (mode, mode.label()));
    if let Some(mode) = one_of(ui, "Range", app.ui.range_mode, &choices) {
        app.ui.range_mode = mode;
    }
    if app.ui.range_mode == RangeMode::Fixed {
        fixed(app, ui, probe);
    } else if let Some(range) = snapshot.inspected.filter(|_| snapshot.stats.len() > at) {
        let words = format!("values from {} to {}", maps::short(range.min), maps::short(range.max));
        ui.label(RichText::new(words).small().weak());
    }
}

fn channel(app: &mut PerceptApp, ui: &mut Ui, probe: &Probe) {
    let auto = match maps::look_of(probe, Channel::Auto) {
        Look::Picture => "Picture",
        Look::SignedError => "Signed",
        _ => "Mean",
    };
    let current = match app.desk.channel {
        Channel::Auto => auto.to_owned(),
        Channel::Mean => "Mean".to_owned(),
        Channel::One(channel) => format!("Channel {channel}"),
    };
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("channel").width(92.0).selected_text(current).show_ui(ui, |ui| {
        if ui.selectable_label(app.desk.channel == Channel::Auto, auto).clicked() {
            chosen = Some(Channel::Auto);
        }
        if auto != "Mean" && ui.selectable_label(app.desk.channel == Channel::Mean, "Mean").clicked() {
            chosen = Some(Channel::Mean);
        }
        for channel in 0..probe.channels as u32 {
            let on = app.desk.channel == Channel::One(channel);
            if ui.selectable_label(on, format!("Channel {channel}")).clicked() {
                chosen = Some(Channel::One(channel));
            }
        }
    });
    combo.response.accessible_name("Channel").on_hover_text("Which number of the map is shown");
    if let Some(channel) = chosen {
        app.desk.channel = channel;
        app.desk.fixed_range = None;
    }
}

fn colors(app: &mut PerceptApp, ui: &mut Ui, probe: &Probe) {
    let suited = maps::colormap_of(probe, maps::look_of(probe, app.desk.channel), ui.visuals().dark_mode);
    let current = app.ui.colormap.map_or_else(|| suited.label(), Colormap::label);
    let mut chosen = None;
    let combo =
        ComboBox::from_id_salt("colours").width(92.0).selected_text(current).truncate().show_ui(ui, |ui| {
            if ui.selectable_label(app.ui.colormap.is_none(), "By meaning").clicked() {
                chosen = Some(None);
            }
            for map in Colormap::ALL {
                if ui.selectable_label(app.ui.colormap == Some(map), map.label()).clicked() {
                    chosen = Some(Some(map));
                }
            }
        });
    combo.response.accessible_name("Colours").on_hover_text("Colours of the enlarged map");
    if let Some(map) = chosen {
        app.ui.colormap = map;
    }
}

fn fixed(app: &mut PerceptApp, ui: &mut Ui, probe: &Probe) {
    let look = maps::look_of(probe, app.desk.channel);
    let [mut low, mut high] = app.desk.fixed_range.unwrap_or_else(|| maps::fixed_range(probe, look));
    let signed = maps::is_signed(probe, look);
    let speed = f64::from(high - low).max(1e-3) / 100.0;
    ui.horizontal(|ui| {
        let before = [low, high];
        let low_field = ui.add_enabled(!signed, DragValue::new(&mut low).speed(speed).max_decimals(4));
        low_field.accessible_name("Low end").on_hover_text("Value at the low end of the colours");
        ui.label(RichText::new("to").weak());
        let high_field = ui.add(DragValue::new(&mut high).speed(speed).max_decimals(4));
        high_field.accessible_name("High end").on_hover_text("Value at the high end of the colours");
        if [low, high] != before {
            let high = high.max(if signed { 1e-4 } else { low + 1e-4 });
            app.desk.fixed_range = Some([if signed { -high } else { low }, high]);
        }
    });
}

fn units(app: &mut PerceptApp, ui: &mut Ui) {
    ui.label(theme::title("Picked units"));
    if app.desk.picked.is_empty() {
        ui.add(
            egui::Label::new(RichText::new("Click a place in a picture to record that unit").weak()).wrap(),
        );
        return;
    }
    let mut removed = None;
    for (i, unit) in app.desk.picked.iter().enumerate() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let (dot, _) = ui.allocate_exact_size(vec2(10.0, 20.0), egui::Sense::hover());
            ui.painter().circle_filled(dot.center(), 4.0, theme::color(unit_color(i)));
            let text = format!("{} {unit}", i + 1);
            ui.add(egui::Label::new(theme::number(text)).truncate());
            let name = format!("Remove {unit}");
            if sized(ui, Icon::Close, &name, "Stop recording this unit", false, 20.0).clicked() {
                removed = Some(unit.clone());
            }
        });
    }
    if let Some(unit) = removed {
        app.toggle_pick(unit);
    }
}
