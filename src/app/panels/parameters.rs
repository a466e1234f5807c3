//! The panel at the right: control and mirror, parameters, how the network is cut and fed, and the cards.

use egui::{ComboBox, DragValue, Panel, RichText, Slider, Ui, vec2};

use super::{believed, card};
use crate::app::commands::WindowCommand as W;
use crate::app::widgets::chips::one_of;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::sized;
use crate::app::widgets::section::{rule, section};
use crate::app::widgets::switch::switch;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::param::{Param, ParamValues};
use crate::session::{Command, OnShow, Sampling, Snapshot};
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::Illusion;

/// Shows the panel.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::same(12));
    let shown = Panel::right("parameters")
        .frame(frame)
        .resizable(true)
        .default_size(app.ui.parameters_width)
        .size_range(232.0..=520.0)
        .show(ui, |ui| {
            // A child of its own, so that a wide row is cut off instead of widening the panel frame by frame.
            let room = ui.available_rect_before_wrap();
            ui.allocate_rect(room, egui::Sense::hover());
            let ui = &mut ui.new_child(egui::UiBuilder::new().max_rect(room));
            ui.shrink_clip_rect(room);
            let Some(snapshot) = snapshot else { return };
            egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                // Room for the scroll bar, so that nothing jumps when it comes.
                ui.set_width((ui.available_width() - 8.0).max(160.0));
                contents(app, ui, snapshot);
            });
        });
    app.ui.parameters_width = shown.response.rect.width();
}

fn contents(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let illusion = match &snapshot.on_show {
        OnShow::Illusion { illusion, .. } => Some(std::sync::Arc::clone(illusion)),
        _ => None,
    };
    if let Some(illusion) = &illusion {
        head(app, ui, illusion);
        card::intro(ui, &illusion.card);
    } else if let Some(source) = &snapshot.source {
        card::source(ui, source);
    }
    card::caution(ui, &snapshot.safety);
    rule(ui);
    switches(app, ui, snapshot, illusion.as_deref());
    rule(ui);
    if illusion.as_ref().is_some_and(|illusion| illusion.card.measure.is_some()) {
        section(ui, "What the network expects", true, |ui| believed::number(app, ui));
        rule(ui);
    }
    if let Some(illusion) = &illusion
        && !illusion.card.params.is_empty()
    {
        section(ui, "Parameters", true, |ui| parameters(app, ui, snapshot, illusion));
        rule(ui);
    }
    if !snapshot.lesions.is_empty() {
        let title = if snapshot.second.is_some() { "Lesions of A" } else { "Lesions" };
        section(ui, title, true, |ui| lesions(app, ui, snapshot));
        rule(ui);
    }
    section(ui, "Sampling and fit", illusion.is_none(), |ui| feeding(app, ui, snapshot));
    rule(ui);
    if let Some(illusion) = &illusion {
        section(ui, "About the illusion", true, |ui| {
            card::illusion(ui, &illusion.card);
            let company = app.desk.company.get(&illusion.slug);
            card::fact(ui, "Who sees it", company.map_or("", String::as_str));
            card::safety(ui, &snapshot.safety);
        });
        rule(ui);
    } else if snapshot.safety.verdict.is_some() {
        section(ui, "About the picture", true, |ui| card::safety(ui, &snapshot.safety));
        rule(ui);
    }
    let title = if snapshot.second.is_some() { "About network A" } else { "About the network" };
    section(ui, title, true, |ui| card::model(ui, &snapshot.model));
    if let Some(second) = &snapshot.second {
        rule(ui);
        section(ui, "About network B", false, |ui| card::model(ui, &second.model));
    }
}

/// Name of the illusion, its star, and the way to its text.
fn head(app: &mut PerceptApp, ui: &mut Ui, illusion: &Illusion) {
    ui.horizontal_top(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let starred = app.ui.favourites.contains(&illusion.slug);
            let star = if starred { Icon::StarFilled } else { Icon::Star };
            for (icon, command, on) in [(Icon::Pencil, W::EditIllusion, false), (star, W::Favourite, starred)]
            {
                if sized(ui, icon, command.label(), &command.tooltip(), on, 24.0).clicked() {
                    app.perform(ui.ctx(), command);
                }
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Min), |ui| {
                ui.add(egui::Label::new(RichText::new(&illusion.card.name).heading().strong()).wrap());
            });
        });
    });
}

fn switches(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, illusion: Option<&Illusion>) {
    ui.spacing_mut().item_spacing.y = 4.0;
    let showing = &snapshot.showing;
    if let Some(illusion) = illusion {
        let has_control = !illusion.card.control.0.is_empty();
        let about = if illusion.card.control_note.is_empty() {
            W::Control.entry().about
        } else {
            &illusion.card.control_note
        };
        ui.add_enabled_ui(has_control, |ui| {
            if switch(ui, showing.control, W::Control.label(), "C", about).clicked() {
                app.perform(ui.ctx(), W::Control);
            }
        });
        if showing.control && !illusion.card.control_note.is_empty() {
            ui.add(egui::Label::new(RichText::new(&illusion.card.control_note).weak()).wrap());
        }
    }
    if switch(ui, showing.mirror, W::Mirror.label(), "M", W::Mirror.entry().about).clicked() {
        app.perform(ui.ctx(), W::Mirror);
    }
}

fn parameters(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, illusion: &Illusion) {
    presets(app, ui, snapshot, illusion);
    let controlled =
        |param: &Param| snapshot.showing.control && illusion.card.control.0.contains_key(&param.name);
    let shown = illusion.effective(&snapshot.showing);
    let mut set = None;
    for param in &illusion.card.params {
        ui.add_enabled_ui(!controlled(param), |ui| {
            if let Some(value) = parameter(ui, param, shown.get(param)) {
                set = Some((param.name.clone(), value));
            }
        });
        for beyond in snapshot.beyond.iter().filter(|beyond| beyond.param == param.name) {
            card::wrapped(ui, RichText::new(&beyond.what).small().color(theme::ink(ui, palette::ERROR)));
        }
    }
    if let Some((name, value)) = set {
        app.show_as(snapshot, |showing| {
            showing.values.0.insert(name, value);
        });
    }
    let changed = illusion.card.params.iter().any(|p| differs(p, snapshot.showing.values.get(p)));
    let reset = ui.add_enabled(changed, egui::Button::new(W::ResetParameters.label()));
    if reset.on_hover_text(W::ResetParameters.tooltip()).clicked() {
        app.perform(ui.ctx(), W::ResetParameters);
    }
}

fn presets(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot, illusion: &Illusion) {
    if illusion.card.presets.is_empty() {
        return;
    }
    let same = |values: &ParamValues| {
        illusion.card.params.iter().all(|p| (values.get(p) - snapshot.showing.values.get(p)).abs() < 1e-9)
    };
    let current = illusion.card.presets.iter().find(|preset| same(&preset.values));
    let text = match current {
        Some(preset) => preset.name.as_str(),
        None if same(&ParamValues::default()) => "Defaults",
        None => "Own values",
    };
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("preset").width(ui.available_width()).selected_text(text).truncate();
    let combo = combo.show_ui(ui, |ui| {
        if ui.selectable_label(same(&ParamValues::default()), "Defaults").clicked() {
            chosen = Some(ParamValues::default());
        }
        for preset in &illusion.card.presets {
            if ui.selectable_label(same(&preset.values), &preset.name).clicked() {
                chosen = Some(preset.values.clone());
            }
        }
    });
    combo.response.accessible_name("Preset").on_hover_text("Named sets of values, mostly after a paper");
    if let Some(values) = chosen {
        app.show_as(snapshot, |showing| showing.values = values);
    }
}

fn differs(param: &Param, value: f64) -> bool {
    (value - param.default).abs() > (param.max - param.min).abs() * 1e-9
}

/// One parameter: name and number on a line, a slider under it. Gives the new value.
fn parameter(ui: &mut Ui, param: &Param, value: f64) -> Option<f64> {
    let label = param.label();
    let mut new = value;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if param.choices.is_empty() {
            number_row(ui, param, &label, &mut new, differs(param, value));
            ui.spacing_mut().slider_width = ui.available_width();
            let slider = Slider::new(&mut new, param.min..=param.max)
                .show_value(false)
                .step_by(param.step.unwrap_or(0.0))
                .clamping(egui::SliderClamping::Always);
            let slider = ui.add(slider).accessible_name(label.clone());
            if !param.about.is_empty() {
                slider.on_hover_text(&param.about);
            }
        } else {
            choice(ui, param, &label, &mut new);
        }
    });
    let new = param.clamp(new);
    (new != value).then_some(new)
}

fn number_row(ui: &mut Ui, param: &Param, label: &str, value: &mut f64, changed: bool) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let name = ui.label(label);
        if !param.about.is_empty() {
            name.on_hover_text(&param.about);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if changed {
                let name = format!("Reset {label}");
                let tooltip = format!("Back to {} {}", param.default, param.unit);
                if sized(ui, Icon::Reset, &name, tooltip.trim(), false, 20.0).clicked() {
                    *value = param.default;
                }
            }
            let decimals = if param.step.is_some_and(|step| step >= 1.0) { 0 } else { 3 };
            let suffix = if param.unit.is_empty() { String::new() } else { format!(" {}", param.unit) };
            let field = DragValue::new(value)
                .range(param.min..=param.max)
                .speed((param.max - param.min) / 300.0)
                .max_decimals(decimals)
                .suffix(suffix);
            ui.add(field).accessible_name(format!("{label} value"));
        });
    });
}

fn choice(ui: &mut Ui, param: &Param, label: &str, value: &mut f64) {
    ui.horizontal(|ui| {
        ui.label(label);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let at = (*value - param.min).round().max(0.0) as usize;
            let current = param.choices.get(at).map_or("", String::as_str);
            let combo =
                ComboBox::from_id_salt(&param.name).width(120.0).selected_text(current).show_ui(ui, |ui| {
                    for (i, name) in param.choices.iter().enumerate() {
                        if ui.selectable_label(i == at, name).clicked() {
                            *value = param.min + i as f64;
                        }
                    }
                });
            combo.response.accessible_name(label);
        });
    });
    ui.add_space(4.0);
}

fn lesions(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.spacing_mut().item_spacing.y = 2.0;
    for lesion in &snapshot.lesions {
        if switch(ui, lesion.on, &lesion.label, "", &lesion.about).clicked() {
            let on = !lesion.on;
            if app.send(Command::SetLesion(lesion.name.clone(), on)) {
                app.wishes.lesions.entry(lesion.name.clone()).or_default().ask(on, snapshot.sequence);
            }
        }
    }
}

fn feeding(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
    let fits = [(Fit::Crop, "Crop"), (Fit::Letterbox, "Letterbox")];
    if let Some(fit) = one_of(ui, "Fit", snapshot.fit, &fits)
        && app.send(Command::SetFit(fit))
    {
        app.wishes.fit.ask(fit, snapshot.sequence);
    }
    let every = matches!(snapshot.sampling, Sampling::EveryFrame);
    let choices = [(true, "Every frame"), (false, "Fixed rate")];
    let mut new = one_of(ui, "Sampling", every, &choices).map(|every| {
        if every {
            Sampling::EveryFrame
        } else {
            Sampling::FixedHz(snapshot.model.frame_rate_hz.unwrap_or(10.0))
        }
    });
    if let Sampling::FixedHz(mut rate) = snapshot.sampling {
        let field = ui.add(DragValue::new(&mut rate).range(0.5..=120.0).speed(0.1).suffix(" Hz"));
        if field.accessible_name("Sampling rate").changed() {
            new = Some(Sampling::FixedHz(rate));
        }
    }
    if let Some(sampling) = new
        && app.send(Command::SetSampling(sampling))
    {
        app.wishes.sampling.ask(sampling, snapshot.sequence);
    }
}
