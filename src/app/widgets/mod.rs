//! Small pieces that egui does not have: icons, switches, colour bars, maps, the seek bar.

pub(crate) mod chips;
pub(crate) mod colorbar;
pub(crate) mod icon;
pub(crate) mod icon_button;
pub(crate) mod ratio;
pub(crate) mod section;
pub(crate) mod seekbar;
pub(crate) mod switch;
