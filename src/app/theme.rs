//! How the window looks: colours, type sizes and a grid of 4 and 8 points. Greys carry the interface;
//! colour is kept for meaning (see `figure::palette`).

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Visuals, vec2};

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// Light text on near-black, so that the stimulus is the brightest thing.
    #[default]
    Dark,
    /// Dark text on near-white, for lecture rooms.
    Light,
}

impl ThemeChoice {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}

/// The greys of a theme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Greys {
    /// Behind the pictures.
    pub ground: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Buttons and fields.
    pub raised: Color32,
    /// The same under the pointer.
    pub hovered: Color32,
    /// Pressed or selected.
    pub selected: Color32,
    /// Hair lines.
    pub line: Color32,
    /// Secondary text, at least 4.5:1 on `panel`.
    pub weak: Color32,
    /// Text.
    pub text: Color32,
    /// Titles, and switches that are on.
    pub strong: Color32,
}

const DARK: Greys = Greys {
    ground: Color32::from_rgb(0x0E, 0x10, 0x13),
    panel: Color32::from_rgb(0x16, 0x19, 0x1E),
    raised: Color32::from_rgb(0x22, 0x27, 0x2E),
    hovered: Color32::from_rgb(0x2D, 0x33, 0x3C),
    selected: Color32::from_rgb(0x3A, 0x43, 0x50),
    line: Color32::from_rgb(0x26, 0x2B, 0x32),
    weak: Color32::from_rgb(0x93, 0x9D, 0xAB),
    text: Color32::from_rgb(0xCF, 0xD5, 0xDE),
    strong: Color32::from_rgb(0xF3, 0xF5, 0xF8),
};

const LIGHT: Greys = Greys {
    ground: Color32::from_rgb(0xF1, 0xF3, 0xF6),
    panel: Color32::from_rgb(0xFC, 0xFC, 0xFD),
    raised: Color32::from_rgb(0xE4, 0xE8, 0xED),
    hovered: Color32::from_rgb(0xD9, 0xDE, 0xE5),
    selected: Color32::from_rgb(0xC4, 0xCC, 0xD7),
    line: Color32::from_rgb(0xDA, 0xDE, 0xE4),
    weak: Color32::from_rgb(0x5B, 0x65, 0x73),
    text: Color32::from_rgb(0x2A, 0x30, 0x38),
    strong: Color32::from_rgb(0x10, 0x14, 0x19),
};

/// The greys of the theme that `ui` is drawn in.
pub(crate) fn greys(ui: &egui::Ui) -> Greys {
    greys_of(ui.visuals())
}

/// The greys of the theme that looks so.
pub(crate) const fn greys_of(visuals: &Visuals) -> Greys {
    if visuals.dark_mode { DARK } else { LIGHT }
}

/// An sRGB triple as egui's colour.
pub(crate) const fn color(rgb: [u8; 3]) -> Color32 {
    Color32::from_rgb(rgb[0], rgb[1], rgb[2])
}

/// A colour of `figure::palette` as text or line on this theme: darkened on light ground to stay legible.
pub(crate) fn ink(ui: &egui::Ui, rgb: [u8; 3]) -> Color32 {
    if ui.visuals().dark_mode { color(rgb) } else { color(rgb.map(|c| (f32::from(c) * 0.72) as u8)) }
}

/// The family of titles.
pub(crate) fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// A title inside a panel.
pub(crate) fn title(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).family(semibold()).strong()
}

/// Numbers that change in place keep their width.
pub(crate) fn number(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).text_style(TextStyle::Monospace)
}

/// The frame of a dialog.
pub(crate) fn dialog(ctx: &egui::Context) -> egui::Frame {
    egui::Frame::window(&ctx.global_style()).inner_margin(Margin::same(20))
}

/// Installs fonts, sizes and colours of both themes; call once per context.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.fallback_theme = egui::Theme::Dark;
    });
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        ctx.style_mut_of(theme, |style| {
            style.text_styles = text_styles();
            style.visuals = visuals(theme);
            spacing(style);
        });
    }
}

/// Shows the chosen theme.
pub(crate) fn choose(ctx: &egui::Context, choice: ThemeChoice) {
    let theme = match choice {
        ThemeChoice::Dark => egui::Theme::Dark,
        ThemeChoice::Light => egui::Theme::Light,
    };
    if ctx.theme() != theme {
        ctx.set_theme(theme);
    }
}

fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let mut add = |family: FontFamily, name: &str, bytes: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), egui::FontData::from_static(bytes).into());
        let names = std::iter::once(name.to_owned()).chain(fallback.iter().cloned()).collect();
        fonts.families.insert(family, names);
    };
    add(FontFamily::Proportional, "Inter", crate::figure::fonts::REGULAR);
    add(semibold(), "Inter SemiBold", crate::figure::fonts::SEMIBOLD);
    fonts
}

fn text_styles() -> std::collections::BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Heading, FontId::new(17.0, semibold())),
        (TextStyle::Body, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Small, FontId::new(11.5, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
    ]
    .into()
}

fn spacing(style: &mut egui::Style) {
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(32.0, 24.0);
    spacing.slider_width = 120.0;
    spacing.slider_rail_height = 4.0;
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(8);
    spacing.icon_width = 16.0;
    spacing.tooltip_width = 320.0;
    spacing.scroll = egui::style::ScrollStyle::thin();
    style.animation_time = 0.1;
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
}

fn visuals(theme: egui::Theme) -> Visuals {
    let (mut visuals, greys) = match theme {
        egui::Theme::Dark => (Visuals::dark(), DARK),
        egui::Theme::Light => (Visuals::light(), LIGHT),
    };
    visuals.panel_fill = greys.panel;
    visuals.window_fill = greys.panel;
    visuals.extreme_bg_color = greys.ground;
    visuals.text_edit_bg_color = Some(greys.raised);
    visuals.faint_bg_color = greys.raised;
    visuals.weak_text_color = Some(greys.weak);
    visuals.window_stroke = Stroke::new(1.0, greys.line);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.slider_trailing_fill = true;
    visuals.hyperlink_color = greys.strong;
    visuals.selection.bg_fill = greys.selected;
    visuals.selection.stroke = Stroke::new(1.0, greys.strong);
    visuals.handle_shape = egui::style::HandleShape::Circle;
    let widgets = &mut visuals.widgets;
    let set = |widget: &mut egui::style::WidgetVisuals, fill: Color32, text: Color32| {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::NONE;
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = CornerRadius::same(6);
        widget.expansion = 0.0;
    };
    set(&mut widgets.noninteractive, greys.panel, greys.text);
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, greys.line);
    set(&mut widgets.inactive, greys.raised, greys.text);
    set(&mut widgets.hovered, greys.hovered, greys.strong);
    set(&mut widgets.active, greys.selected, greys.strong);
    set(&mut widgets.open, greys.hovered, greys.strong);
    visuals
}
