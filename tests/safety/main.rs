//! Flashes and patterns: both sides of every threshold, what holds for any clip, and what the illusions' cards say.
#![allow(
    clippy::unwrap_used,
    reason = "what fails here fails the test, also in the functions that tests share"
)]

mod clips;
mod illusions;
mod patterns;
mod properties;
mod thresholds;
