//! The prediction beside its target: a recent frame as the network met it.

use std::sync::Arc;

use egui::{
    Align2, ColorImage, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::status::grouped;
use crate::app::{PerceptApp, theme};
use crate::figure::palette;
use crate::frame::Picture;
use crate::gpu::colormap::Colormap;
use crate::train::moment::Moment;

/// Height of the names.
const HEAD: f32 = 20.0;
const GAP: f32 = 10.0;
/// Names and colours of the pictures.
const NAMES: [(&str, [u8; 3]); 4] = [
    ("Last frame", palette::BASELINE),
    ("Target", palette::ACTUAL),
    ("Prediction", palette::PREDICTION),
    ("Difference", palette::ERROR),
];

/// Pictures on the graphics device, and what they were made of.
pub(crate) struct Drawn {
    moment: Arc<Moment>,
    dark: bool,
    smooth: bool,
    textures: [TextureHandle; 4],
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("frames", &self.moment.frames).finish_non_exhaustive()
    }
}

/// Room for the four pictures in so many columns, names included, as large as fit into `room`.
pub(super) fn fit(room: Vec2, columns: u8, moment: &Moment) -> Vec2 {
    let aspect = (moment.size.aspect() as f32).max(0.1);
    let (columns, rows) = (f32::from(columns), f32::from(4 / columns));
    let wide = (room.x - (columns - 1.0) * GAP) / columns;
    let high = (room.y - (rows - 1.0) * GAP) / rows - HEAD;
    let width = wide.min(high * aspect).max(24.0).floor();
    let size = vec2(width, (width / aspect).floor() + HEAD);
    vec2(columns * (size.x + GAP) - GAP, rows * (size.y + GAP) - GAP)
}

/// Shows the four pictures in so many columns, in a room that [`fit`] gave.
pub(super) fn show(app: &mut PerceptApp, ui: &mut Ui, moment: &Arc<Moment>, room: Vec2, columns: u8) {
    let textures = textures(app, ui, moment);
    let (across, down) = (f32::from(columns), f32::from(4 / columns));
    let size = (room + Vec2::splat(GAP)) / vec2(across, down) - vec2(GAP, GAP + HEAD);
    let width = size.x;
    let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
    let about = format!(
        "At {} frames. The network had seen the last frame and those before it, and expected the prediction; the \
         target came. Difference: orange where the prediction is too dark, blue where it is too bright",
        grouped(moment.frames)
    );
    for (i, ((name, color), texture)) in NAMES.into_iter().zip(textures).enumerate() {
        let (column, row) = ((i % usize::from(columns)) as f32, (i / usize::from(columns)) as f32);
        let min = rect.min + vec2(column * (width + GAP), row * (size.y + HEAD + GAP));
        let body = Rect::from_min_size(min + vec2(0.0, HEAD), size);
        let response = ui.interact(body, ui.scope_id().with(name), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        let (greys, font) = (theme::greys(ui), egui::TextStyle::Small.resolve(ui.style()));
        let painter = ui.painter();
        let middle = HEAD / 2.0 - 2.0;
        painter.circle_filled(min + vec2(4.0, middle), 3.5, theme::ink(ui, color));
        painter.text(min + vec2(12.0, middle), Align2::LEFT_CENTER, name, font.clone(), greys.weak);
        if i == 3 && width > 150.0 {
            let words = format!("mean {:.3}", moment.mean_difference());
            let corner = min + vec2(width, middle);
            painter.text(corner, Align2::RIGHT_CENTER, words, font, greys.weak);
        }
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(texture, body, whole, egui::Color32::WHITE);
        response.on_hover_text(&about);
    }
}

/// The pictures as textures, made again when they or how they are shown has changed.
fn textures(app: &mut PerceptApp, ui: &Ui, moment: &Arc<Moment>) -> [egui::TextureId; 4] {
    let (dark, smooth) = (ui.visuals().dark_mode, app.ui.smooth);
    let same =
        |drawn: &&Drawn| Arc::ptr_eq(&drawn.moment, moment) && drawn.dark == dark && drawn.smooth == smooth;
    if let Some(drawn) = app.training.drawn.as_ref().filter(same) {
        return drawn.textures.each_ref().map(TextureHandle::id);
    }
    let map = if dark { Colormap::DivergingDark } else { Colormap::Diverging };
    let options = if smooth { TextureOptions::LINEAR } else { TextureOptions::NEAREST };
    let textures = moment.pictures(map).map(|picture| {
        let name = "picture of a training";
        ui.ctx().load_texture(name, image(&picture), options)
    });
    let ids = textures.each_ref().map(TextureHandle::id);
    app.training.drawn = Some(Drawn { moment: Arc::clone(moment), dark, smooth, textures });
    ids
}

fn image(picture: &Picture) -> ColorImage {
    let size = [picture.size.width as usize, picture.size.height as usize];
    ColorImage::from_rgb(size, &picture.rgb)
}
