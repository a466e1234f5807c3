//! Which panels there is room for: a plain function of the window's size and the user's wishes.

use egui::Vec2;

use crate::app::state::{Desk, Page, UiState};

/// Below this width the gallery makes room for the editor.
const WITH_EDITOR: f32 = 1500.0;
/// Below this width (points) there is room for one side panel only.
const BOTH_SIDES: f32 = 1060.0;
/// Below this width a side panel is shown only when it is asked for.
const ONE_SIDE: f32 = 720.0;
/// Below this height the layers go.
const LAYERS: f32 = 500.0;
/// Below this height the time courses go.
const COURSES: f32 = 440.0;
/// Below this height panels take their least height.
const SHORT: f32 = 760.0;

/// Which panels are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "one panel each")]
pub(crate) struct Plan {
    /// Left.
    pub gallery: bool,
    /// Right.
    pub parameters: bool,
    /// In its place.
    pub editor: bool,
    /// Under the pictures.
    pub layers: bool,
    /// Above the transport.
    pub courses: bool,
    /// Whether panels take their least height.
    pub short: bool,
}

/// Decides for a window of `size` points.
pub(crate) fn arrange(size: Vec2, ui: &UiState, desk: &Desk) -> Plan {
    let (mut gallery, mut parameters) = (ui.gallery_open, ui.parameters_open);
    if is_narrow(size) {
        let wanted = size.x >= ONE_SIDE || desk.narrow_open;
        let right = desk.narrow_shows_parameters || !gallery;
        (gallery, parameters) = (gallery && wanted && !right, parameters && wanted && right);
    }
    // Of the page of the gallery the panel is the small form; what it opens comes with its parameters. Where the
    // network's answer is to be guessed, nothing may give it away.
    let on_gallery = matches!(desk.page, Page::Gallery | Page::Guess);
    Plan {
        gallery: gallery && !on_gallery && !(desk.editing && size.x < WITH_EDITOR),
        parameters: parameters && !on_gallery && !desk.editing,
        editor: desk.editing,
        layers: ui.layers_open && size.y >= LAYERS,
        // Pages are long: where height is scarce they have that of the time courses, and a training has its own.
        courses: ui.courses_open
            && size.y >= COURSES
            && match desk.page {
                Page::Pictures => true,
                Page::Models => size.y >= SHORT,
                Page::Training | Page::Gallery | Page::Guess => false,
            },
        short: size.y < SHORT,
    }
}

/// Whether there is room for one side panel only.
pub(crate) fn is_narrow(size: Vec2) -> bool {
    size.x < BOTH_SIDES
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    #[test]
    fn a_wide_window_shows_what_the_user_wants() {
        let plan = arrange(vec2(1600.0, 1000.0), &UiState::default(), &Desk::default());
        assert!(plan.gallery && plan.parameters && plan.layers && plan.courses && !plan.short);
        let closed = UiState { gallery_open: false, ..UiState::default() };
        assert!(!arrange(vec2(1600.0, 1000.0), &closed, &Desk::default()).gallery);
    }

    #[test]
    fn a_narrow_window_shows_one_side_at_most() {
        for desk in [Desk::default(), Desk { narrow_shows_parameters: true, ..Desk::default() }] {
            let plan = arrange(vec2(1024.0, 600.0), &UiState::default(), &desk);
            assert!(plan.gallery != plan.parameters);
            assert_eq!(plan.parameters, desk.narrow_shows_parameters);
        }
        let plan = arrange(vec2(512.0, 300.0), &UiState::default(), &Desk::default());
        assert!(!plan.gallery && !plan.parameters && !plan.layers && !plan.courses);
    }
}
