//! The command palette: type a few letters, run any command or show any illusion.

use egui::{Key, Modal, RichText, TextEdit, Ui, vec2};

use crate::app::commands::{self, WindowCommand, fuzzy};
use crate::app::state::Dialog;
use crate::app::{PerceptApp, shelf, theme};

/// Most rows on show.
const ROWS: usize = 12;

/// What a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Run(WindowCommand),
    Show(String),
    Watch(String),
    Compare(String),
    Open(std::path::PathBuf),
}

struct Row {
    deed: Deed,
    label: String,
    side: String,
}

/// Shows the palette.
pub(super) fn show(app: &mut PerceptApp, ctx: &egui::Context) {
    let rows = rows(app);
    let (up, down, enter) = ctx.input_mut(|input| {
        let mut take = |key| input.consume_key(egui::Modifiers::NONE, key);
        (take(Key::ArrowUp), take(Key::ArrowDown), take(Key::Enter))
    });
    let last = rows.len().saturating_sub(1);
    let row = &mut app.desk.palette_row;
    *row = (*row + usize::from(down)).saturating_sub(usize::from(up)).min(last);
    let selected = *row;
    let mut chosen = rows.get(selected).filter(|_| enter).map(|row| row.deed.clone());
    let area =
        Modal::default_area(egui::Id::unique("palette")).anchor(egui::Align2::CENTER_TOP, vec2(0.0, 72.0));
    let modal =
        Modal::new(egui::Id::unique("palette")).area(area).frame(theme::dialog(ctx)).show(ctx, |ui| {
            ui.set_width(520.0_f32.min(ctx.content_rect().width() - 48.0));
            ui.spacing_mut().item_spacing.y = 2.0;
            let field = TextEdit::singleline(&mut app.desk.palette_text)
                .hint_text("Command, illusion, network or file")
                .desired_width(f32::INFINITY);
            let field = ui.add(field);
            field.request_focus();
            if field.changed() {
                app.desk.palette_row = 0;
            }
            ui.add_space(6.0);
            let most = ((ctx.content_rect().height() - 190.0) / 28.0).clamp(3.0, ROWS as f32) as usize;
            let start = (selected + 1).saturating_sub(most);
            for (i, row) in rows.iter().enumerate().skip(start).take(most) {
                if row_ui(ui, row, i == selected).clicked() {
                    chosen = Some(row.deed.clone());
                }
            }
            if rows.is_empty() {
                ui.label(RichText::new("Nothing is called that").weak());
            }
        });
    if modal.should_close() {
        app.desk.dialog = Dialog::None;
    }
    if let Some(deed) = chosen {
        app.desk.dialog = Dialog::None;
        run(app, ctx, deed);
    }
}

fn run(app: &mut PerceptApp, ctx: &egui::Context, deed: Deed) {
    match deed {
        Deed::Run(command) => app.perform(ctx, command),
        Deed::Open(path) => app.open_path(path),
        Deed::Watch(model) => app.choose_model(&model),
        Deed::Compare(model) => app.compare_with(&model),
        Deed::Show(slug) => {
            app.open_stimulus(crate::stimulus::StimulusSpec::Illusion(slug));
        }
    }
}

fn row_ui(ui: &mut Ui, row: &Row, on: bool) -> egui::Response {
    let button = egui::Button::new(row.label.as_str())
        .selected(on)
        .shortcut_text(RichText::new(&row.side).weak())
        .frame_when_inactive(on)
        .min_size(vec2(ui.available_width(), 26.0));
    ui.add(button)
}

fn rows(app: &PerceptApp) -> Vec<Row> {
    let typed = app.desk.palette_text.trim();
    let mut scored: Vec<(i32, Row)> = Vec::new();
    for entry in commands::ALL {
        if let Some(score) = fuzzy(typed, entry.label) {
            let row = Row {
                deed: Deed::Run(entry.command),
                label: entry.label.to_owned(),
                side: entry.command.keys(),
            };
            scored.push((score, row));
        }
    }
    for illusion in &app.shown_illusions {
        let label = format!("Show {}", illusion.card.name);
        if let Some(score) = fuzzy(typed, &label) {
            let row =
                Row { deed: Deed::Show(illusion.slug.clone()), label, side: illusion.card.family.clone() };
            scored.push((score, row));
        }
    }
    for card in &app.models {
        let title = shelf::title(card);
        let deeds = [
            (Deed::Watch(card.name.clone()), format!("Watch with {title}")),
            (Deed::Compare(card.name.clone()), format!("Compare with {title}")),
        ];
        for (deed, label) in deeds {
            if let Some(score) = fuzzy(typed, &label) {
                scored.push((score, Row { deed, label, side: "network".to_owned() }));
            }
        }
    }
    if !typed.is_empty() {
        // Stable: what scores alike stays in menu order.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    let mut rows: Vec<Row> = scored.into_iter().map(|(_, row)| row).collect();
    if typed.contains(['/', '\\']) {
        let row =
            Row { deed: Deed::Open(typed.into()), label: format!("Open {typed}"), side: "file".to_owned() };
        rows.insert(0, row);
    }
    rows
}
