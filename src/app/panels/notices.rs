//! The strip of messages under the top bar, and the hint while files are dragged over the window.

use egui::{Align, Layout, Panel, Ui, vec2};

use crate::app::widgets::icon::{self, Icon};
use crate::app::widgets::icon_button::sized;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::session::{OnShow, Snapshot};

/// Shows what there is to say; takes no room when there is nothing.
pub(crate) fn show(app: &mut PerceptApp, ui: &mut Ui, snapshot: Option<&Snapshot>) {
    let broken = snapshot.and_then(|snapshot| match &snapshot.on_show {
        OnShow::Illusion { illusion, .. } => app.programs.error(&illusion.slug).map(str::to_owned),
        _ => None,
    });
    if app.banner.is_none() && app.desk.toasts.is_empty() && broken.is_none() {
        return;
    }
    let greys = theme::greys(ui);
    let frame = egui::Frame::new().fill(greys.raised).inner_margin(egui::Margin::symmetric(12, 4));
    Panel::top("notices").frame(frame).resizable(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if let Some(text) = app.banner.clone()
            && line(ui, &text, false)
        {
            app.banner = None;
        }
        if let Some(text) = &broken {
            line(ui, text, true);
        }
        let mut closed = None;
        for (i, toast) in app.desk.toasts.iter().enumerate() {
            if line(ui, &toast.text, toast.is_error) {
                closed = Some(i);
            }
        }
        if let Some(i) = closed {
            app.desk.toasts.remove(i);
        }
    });
}

/// One message; `true` when it is to be closed.
fn line(ui: &mut Ui, text: &str, is_error: bool) -> bool {
    let mut closed = false;
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), egui::Sense::hover());
        if is_error {
            icon::paint(ui.painter(), rect, Icon::Warning, theme::ink(ui, palette::ERROR));
        } else {
            ui.painter().circle_filled(rect.center(), 3.0, theme::greys(ui).weak);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            closed = sized(ui, Icon::Close, "Close message", "Close this message", false, 20.0).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center).with_main_wrap(true), |ui| {
                ui.add(egui::Label::new(text).wrap().selectable(true));
            });
        });
    });
    closed
}

/// Says what happens when the files are let go.
pub(crate) fn drop_hint(ctx: &egui::Context) {
    let area = egui::Area::new(egui::Id::unique("drop hint"))
        .order(egui::Order::Foreground)
        .anchor(egui::Align2::CENTER_CENTER, vec2(0.0, 0.0));
    area.show(ctx, |ui| {
        egui::Frame::popup(ui.style()).inner_margin(egui::Margin::same(24)).show(ui, |ui| {
            ui.label(theme::title("Drop to open").size(17.0));
            ui.label("A video, a picture, a folder of pictures, a model or a recipe");
        });
    });
}
