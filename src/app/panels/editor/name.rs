//! The dialog that asks for the name of a new illusion.

use egui::{Modal, RichText, TextEdit, vec2};

use crate::app::state::Dialog;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;

/// Shows the dialog.
pub(crate) fn show(app: &mut PerceptApp, ctx: &egui::Context) {
    let Some(mut naming) = app.editor.naming.clone() else {
        // It was made.
        app.desk.dialog = Dialog::None;
        return;
    };
    let slug = naming.slug(&app.shown_illusions);
    let (mut create, mut cancel) = (false, false);
    let modal = Modal::new(egui::Id::unique("name")).frame(theme::dialog(ctx)).show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ctx.content_rect().width() - 64.0));
        ui.label(RichText::new(&naming.title).heading().strong());
        let field = TextEdit::singleline(&mut naming.name).hint_text("Name").desired_width(f32::INFINITY);
        let field = ui.add(field).accessible_name("Name of the illusion");
        if field.changed() {
            naming.refused = None;
        }
        create = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        // Asked last: what has the focus again has not lost it.
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        match (&slug, &naming.refused) {
            (Ok(slug), None) => {
                let file = app.file_of(slug).unwrap_or_default();
                let text = RichText::new(file.display().to_string()).small().weak();
                ui.add(egui::Label::new(text).wrap());
            }
            (Err(why), _) | (_, Some(why)) => {
                let text = RichText::new(why).color(theme::ink(ui, palette::ERROR));
                ui.add(egui::Label::new(text).wrap());
            }
        }
        ui.add_space(4.0);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let go = egui::Button::new(theme::title("Create")).min_size(vec2(88.0, 28.0));
            create |= ui.add_enabled(slug.is_ok(), go).clicked();
            cancel = ui.add(egui::Button::new("Cancel").min_size(vec2(72.0, 28.0))).clicked();
        });
    });
    app.editor.naming = Some(naming);
    if cancel || modal.should_close() {
        app.editor.naming = None;
        app.desk.dialog = Dialog::None;
    } else if create && slug.is_ok() {
        app.create_illusion();
    }
}
