//! An illusion: one WGSL file whose leading comment is its card.
//!
//! `parse` reads the file, `compose` makes a whole shader of it and finds its errors, `catalogue` holds
//! those of the program and of the user's folder, `watch` tells when that folder changes, `marks` puts
//! its events on the time axis, `sampling` says what frames cannot show of it.

use std::path::PathBuf;

pub mod catalogue;
mod check;
mod complaint;
pub mod compose;
mod depth;
mod marks;
pub mod measure;
pub mod moment;
pub mod own_picture;
pub mod parse;
pub mod sampling;
pub mod watch;

use crate::gpu::raster::View;
use crate::param::{Param, ParamValues};
use crate::units::{FieldDeg, PixelSize};

/// What an illusion says of itself (the TOML in its leading comment).
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name for people.
    pub name: String,
    /// Group in the gallery: "motion", "calibration", "contour", "surprise", "physiology", "motion and position".
    pub family: String,
    /// What a person sees, in one or two plain sentences.
    pub percept: String,
    /// How to look at it (fixate the cross, look beside it); may be empty.
    #[serde(default)]
    pub look: String,
    /// What its control takes away, and what should then be seen.
    #[serde(default)]
    pub control_note: String,
    /// Source papers, as a short reference with year.
    #[serde(default)]
    pub papers: Vec<String>,
    /// The read-out that turns the network's view into a number: "flow", "position", "phase", "brightness", "timecourse".
    pub readout: String,
    /// How the network's view becomes one number; `None` where nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<measure::Measure>,
    /// The human value with its source, where a paper gives one.
    #[serde(default)]
    pub human: String,
    /// Flash class: "none", "mild" or "strong" (above three general flashes a second over a quarter of the field).
    #[serde(default)]
    pub flash: String,
    /// Whether it has, with its defaults, regular stripes over so much of the picture that some people cannot bear
    /// them.
    #[serde(default)]
    pub stripes: bool,
    /// Width of the visual field that the picture covers, in degrees (0.1 to 180).
    #[serde(default = "default_field_deg")]
    pub field_deg: f64,
    /// Length of one cycle in seconds, after which a looped run starts again; `None` runs on.
    #[serde(default)]
    pub duration_s: Option<f64>,
    /// Parameters, strength first.
    #[serde(default, rename = "param")]
    pub params: Vec<Param>,
    /// Named sets of values.
    #[serde(default, rename = "preset")]
    pub presets: Vec<Preset>,
    /// The values under which the illusion vanishes.
    #[serde(default)]
    pub control: ParamValues,
    /// Events to mark on the time axis.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
}

fn default_field_deg() -> f64 {
    20.0
}

/// A named set of parameter values, usually after a paper.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Name for people.
    pub name: String,
    /// The values that differ from the defaults.
    pub values: ParamValues,
}

/// An event that happens at `at` and then every `every` seconds.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// One or two words.
    pub label: String,
    /// First time in seconds: a number or the name of a parameter.
    pub at: Quantity,
    /// Repetition in seconds: a number or the name of a parameter; absent for an event that happens once.
    #[serde(default)]
    pub every: Option<Quantity>,
    /// The parameter that must not be zero for it to happen (so that a control without it has no marks).
    #[serde(default)]
    pub when: Option<String>,
}

/// A number, or the name of the parameter that holds it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// A number, of times in seconds.
    Number(f64),
    /// A parameter's name.
    Param(String),
}

/// Where an illusion's file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Part of the program.
    BuiltIn,
    /// A file in the user's folder.
    User(PathBuf),
}

/// An illusion that has been read: its card and its WGSL text.
#[derive(Clone, Debug, PartialEq)]
pub struct Illusion {
    /// File name without `.wgsl`: its name on the command line.
    pub slug: String,
    /// What it says of itself.
    pub card: Card,
    /// The whole file, front matter included (so that line numbers are the user's own).
    pub wgsl: String,
    /// Where it is from.
    pub origin: Origin,
}

/// How an illusion is to be shown.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Showing {
    /// Values set by the user.
    pub values: ParamValues,
    /// Whether the control's values are laid over them.
    pub control: bool,
    /// Whether the picture is mirrored left to right.
    pub mirror: bool,
    /// Seed of everything random in it.
    pub seed: u32,
}

impl Illusion {
    /// The code after the card.
    #[must_use]
    pub fn code(&self) -> &str {
        let card = parse::front_matter(&self.wgsl).map_or(0, |card| card.end);
        self.wgsl.get(card..).unwrap_or_default()
    }

    /// Values of all parameters in the card's order, as the shader gets them.
    #[must_use]
    pub fn uniform_values(&self, showing: &Showing) -> Vec<f32> {
        let values = self.effective(showing);
        self.card.params.iter().map(|param| values.get(param) as f32).collect()
    }

    /// The whole picture of `size` at a time, shown so.
    #[must_use]
    pub fn view(&self, showing: &Showing, size: PixelSize, time_s: f64, samples: u32) -> View {
        View {
            size,
            field: FieldDeg::of(size, self.card.field_deg),
            time_s,
            mirror: showing.mirror,
            jitter_deg: [0.0; 2],
            seed: showing.seed,
            samples,
        }
    }

    /// The user's values, with the control's laid over them where the control is on.
    #[must_use]
    pub fn effective(&self, showing: &Showing) -> ParamValues {
        if showing.control { showing.values.overlaid(&self.card.control) } else { showing.values.clone() }
    }
}
