//! The bar at the top: what is on show, which network watches it, where it runs, and the menu.

use egui::{Align, ComboBox, Layout, Panel, Popup, RichText, Ui};

use crate::app::commands::{self, Group, WindowCommand as W};
use crate::app::state::Page;
use crate::app::widgets::icon::Icon;
use crate::app::widgets::icon_button::{command_button, icon_button};
use crate::app::{PerceptApp, actions, shelf, theme};
use crate::session::{Command, OnShow, Second, Snapshot};
use crate::units::PixelSize;

/// Sizes of the network's input that are offered; those a network cannot take are left out.
const SIZES: [PixelSize; 5] = [
    PixelSize::new(80, 64),
    PixelSize::new(128, 96),
    PixelSize::new(160, 128),
    PixelSize::new(240, 192),
    PixelSize::new(320, 256),
];

/// Shows the bar.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 6));
    Panel::top("top bar").frame(frame).exact_size(40.0).resizable(false).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            menu(app, ui);
            let (left, right) = (app.ui.gallery_open, app.ui.parameters_open);
            panel_button(app, ui, Icon::PanelLeft, W::ToggleGallery, left);
            ui.label(theme::title("percept").size(15.0));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                panel_button(app, ui, Icon::PanelRight, W::ToggleParameters, right);
                text_button(app, ui, W::Export);
                text_button(app, ui, W::OpenFile);
                let room = ui.available_width();
                if let Some(snapshot) = snapshot {
                    if room > 480.0 {
                        device(app, ui, snapshot);
                        size_picker(app, ui, snapshot);
                    }
                    if room > 560.0 {
                        text_button(app, ui, W::Models);
                    }
                    if room > 400.0 {
                        training(app, ui);
                    }
                    if room > 720.0
                        && let Some(second) = &snapshot.second
                    {
                        second_picker(app, ui, second);
                    }
                    if room > 260.0 {
                        model_picker(app, ui, snapshot);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| name(ui, snapshot));
                }
            });
        });
    });
}

fn name(ui: &mut Ui, snapshot: &Snapshot) {
    ui.add_space(8.0);
    let kind = match (&snapshot.on_show, &snapshot.source) {
        (OnShow::Illusion { illusion, .. }, _) => illusion.card.family.clone(),
        (_, Some(source)) => {
            source.size.map_or_else(|| source.kind.clone(), |s| format!("{} {s}", source.kind))
        }
        _ => String::new(),
    };
    let wide = ui.available_width() > 240.0;
    ui.add(egui::Label::new(theme::title(actions::name_of(snapshot))).truncate());
    if wide {
        ui.add(egui::Label::new(RichText::new(kind).weak()).truncate());
    }
}

fn panel_button(app: &mut PerceptApp, ui: &mut Ui, icon: Icon, command: W, on: bool) {
    if command_button(ui, icon, command, on).clicked() {
        app.perform(ui.ctx(), command);
    }
}

fn text_button(app: &mut PerceptApp, ui: &mut Ui, command: W) {
    let button = ui.button(command.label()).on_hover_text(command.tooltip());
    if button.clicked() {
        app.perform(ui.ctx(), command);
    }
}

/// How far the training is that runs in this window, while its page is closed.
fn training(app: &mut PerceptApp, ui: &mut Ui) {
    if !app.training.is_going() || app.desk.page == Page::Training {
        return;
    }
    let view = app.training.view();
    let part = view.part().unwrap_or(0.0) * 100.0;
    let about = format!("{}: {}", view.title, W::Training.tooltip());
    if ui.button(format!("{} {part:.0} %", W::Training.label())).on_hover_text(about).clicked() {
        app.perform(ui.ctx(), W::Training);
    }
}

fn menu(app: &mut PerceptApp, ui: &mut Ui) {
    let button = icon_button(ui, Icon::Menu, "Menu", "Everything that can be done", false);
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(160.0);
        for group in Group::ALL {
            ui.menu_button(group.label(), |ui| {
                ui.set_min_width(260.0);
                for entry in commands::ALL.iter().filter(|entry| entry.group == group) {
                    let item = egui::Button::new(entry.label).shortcut_text(entry.command.keys());
                    if ui.add(item).on_hover_text(entry.about).clicked() {
                        app.perform(ui.ctx(), entry.command);
                        ui.close();
                    }
                }
            });
        }
    });
}

fn model_picker(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let title = shelf::title(&snapshot.model);
    let current = if snapshot.second.is_some() { format!("A {title}") } else { title.to_owned() };
    let mut chosen = None;
    let (mut open_page, mut open_file) = (false, false);
    let combo = ComboBox::from_id_salt("model")
        .width(168.0)
        .selected_text(RichText::new(current).strong())
        .truncate()
        .show_ui(ui, |ui| {
            for card in &app.models {
                let on = card.name == snapshot.model_source;
                let item = ui.selectable_label(on, shelf::title(card));
                if item.on_hover_text(&card.about).clicked() && !on {
                    chosen = Some(card.name.clone());
                }
            }
            ui.separator();
            open_page = ui.selectable_label(false, "All models, scores, compare…").clicked();
            open_file = ui.selectable_label(false, W::OpenModel.label()).clicked();
        });
    combo.response.accessible_name("Model").on_hover_text("The network that watches");
    if let Some(name) = chosen {
        app.choose_model(&name);
    }
    if open_page {
        app.open_page(Page::Models);
    }
    if open_file {
        app.perform(ui.ctx(), W::OpenModel);
    }
}

/// Which network watches beside the first.
fn second_picker(app: &mut PerceptApp, ui: &mut Ui, second: &Second) {
    let current = format!("B {}", shelf::title(&second.model));
    let (mut chosen, mut end) = (None, false);
    let combo = ComboBox::from_id_salt("second model")
        .width(152.0)
        .selected_text(RichText::new(current).strong())
        .truncate()
        .show_ui(ui, |ui| {
            for card in &app.models {
                let on = card.name == second.model_source;
                let item = ui.selectable_label(on, shelf::title(card));
                if item.on_hover_text(&card.about).clicked() && !on {
                    chosen = Some(card.name.clone());
                }
            }
            ui.separator();
            end = ui.selectable_label(false, W::EndComparison.label()).clicked();
        });
    combo.response.accessible_name("Second model").on_hover_text("The network that watches beside the first");
    if let Some(name) = chosen {
        app.compare_with(&name);
    }
    if end {
        app.perform(ui.ctx(), W::EndComparison);
    }
}

fn size_picker(app: &mut PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let Some(current) = snapshot.probes.first().map(|probe| probe.size) else { return };
    let layers = snapshot.probes.iter().map(|probe| probe.layer).max().unwrap_or(0);
    let divisor = 1_u32 << layers.min(10);
    let mut sizes: Vec<_> = SIZES.into_iter().chain([current]).chain(snapshot.model.trained_size).collect();
    sizes.retain(|size| size.divides_by(divisor) || *size == current);
    sizes.sort_by_key(|size| (size.area(), size.width));
    sizes.dedup();
    let mut chosen = None;
    let words = |size: PixelSize| format!("{} × {}", size.width, size.height);
    let combo = ComboBox::from_id_salt("size").width(88.0).selected_text(words(current)).show_ui(ui, |ui| {
        for size in sizes {
            let trained = snapshot.model.trained_size == Some(size);
            let text = if trained { format!("{} (trained)", words(size)) } else { words(size) };
            if ui.selectable_label(size == current, text).clicked() && size != current {
                chosen = Some(size);
            }
        }
    });
    combo
        .response
        .accessible_name("Network input")
        .on_hover_text("Columns and rows that the network looks at");
    if let Some(size) = chosen {
        app.send(Command::SetSize(size));
    }
}

fn device(app: &PerceptApp, ui: &mut Ui, snapshot: &Snapshot) {
    let on_gpu = app.device_name.starts_with("wgpu");
    let word = if on_gpu { "GPU" } else { "CPU" };
    let label = ui.add(egui::Label::new(RichText::new(word).weak()).sense(egui::Sense::hover()));
    let (ms, device) = (snapshot.pace.step_ms, &app.device_name);
    label.on_hover_text(match &snapshot.second {
        Some(second) => {
            let [a, b] = [ms - second.step_ms, second.step_ms];
            format!("Both networks run on {device}\n{ms:.1} ms per step for both: A {a:.1}, B {b:.1}")
        }
        None => format!("The network runs on {device}\n{ms:.1} ms per step"),
    });
}
