//! What is safe: limits of what is read, and whether what is shown flashes or is striped beyond what people with
//! photosensitive epilepsy may be shown.
//!
//! [`Analyser`] is fed with pictures in time and gives a [`Verdict`]. `grid` averages a picture's light into cells,
//! `swing` finds where a cell's light turns, `turns` counts how often, `area` how much of the field does so at once,
//! `stripes` looks for regular patterns.

mod analyser;
mod area;
mod grid;
mod light;
pub mod limits;
mod stripes;
mod swing;
mod turns;
mod verdict;

pub use analyser::Analyser;
pub use grid::{Field, Pixels};
pub use verdict::{Class, Finding, FlashClass, Flashes, Pattern, Span, Verdict};
