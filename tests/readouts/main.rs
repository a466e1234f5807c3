//! The read-outs against motions that are known exactly.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod detectors;
mod flow;
mod gratings;
mod panorama;
mod texture;
