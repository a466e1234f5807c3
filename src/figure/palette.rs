//! One colour per meaning, legible to the colour-blind (after Okabe & Ito 2008), on screen and on paper.

use crate::model::Role;

/// What arrives.
pub const ACTUAL: [u8; 3] = [0x56, 0xB4, 0xE9];
/// What was expected.
pub const PREDICTION: [u8; 3] = [0xE6, 0x9F, 0x00];
/// Error units as a whole.
pub const ERROR: [u8; 3] = [0xD5, 0x5E, 0x00];
/// Error +: too dark predicted.
pub const ERROR_TOO_DARK: [u8; 3] = [0xD5, 0x5E, 0x00];
/// Error −: too bright predicted.
pub const ERROR_TOO_BRIGHT: [u8; 3] = [0x00, 0x72, 0xB2];
/// Representation units.
pub const REPRESENTATION: [u8; 3] = [0x00, 0x9E, 0x73];
/// Memory cells.
pub const CELL: [u8; 3] = [0xCC, 0x79, 0xA7];

/// The second of two networks, beside the first's prediction.
pub const SECOND: [u8; 3] = [0xB3, 0x8C, 0xFF];

/// Baselines, such as copying the last frame.
pub const BASELINE: [u8; 3] = [0x80, 0x80, 0x86];

/// Hues of picked units, each as far from the one before as can be.
const UNITS: [[u8; 3]; 6] = [
    [0x00, 0x72, 0xB2],
    [0xE6, 0x9F, 0x00],
    [0x00, 0x9E, 0x73],
    [0xCC, 0x79, 0xA7],
    [0xD5, 0x5E, 0x00],
    [0x56, 0xB4, 0xE9],
];

/// The colour of the picked unit with this number, counted from 0.
#[must_use]
pub fn of_unit(index: usize) -> [u8; 3] {
    UNITS.get(index % UNITS.len()).copied().unwrap_or(BASELINE)
}

/// The colour of a probe's role.
#[must_use]
pub const fn of_role(role: Role) -> [u8; 3] {
    match role {
        Role::Actual => ACTUAL,
        Role::Prediction => PREDICTION,
        Role::Error => ERROR,
        Role::Representation => REPRESENTATION,
        Role::Cell => CELL,
    }
}

/// The role's colour shaded for a layer: deeper layers are lighter, so that four layers stay apart.
#[must_use]
pub fn of_layer(role: Role, layer: usize) -> [u8; 3] {
    let towards_white = (layer as f32 * 0.15).min(0.5);
    of_role(role).map(|c| (f32::from(c) + (255.0 - f32::from(c)) * towards_white) as u8)
}
