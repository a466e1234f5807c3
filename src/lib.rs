//! Percept: watch a predictive network see visual illusions, live.
//!
//! Data flows one way, like light:
//!
//! ```text
//!  stimulus ──frame──► model ──response──► readout ──numbers──► experiment ──► figure ──► export
//!         └──────────── session: the running loop, transport, recording ──────────┘
//!                       app: the window (the only room that knows egui)
//!                       cli: the same session with no window
//! ```
//!
//! A room may use the rooms to its left and the plain values (`units`, `frame`, `param`, `error`,
//! `provenance`, `atomic`, `threads`) that everyone shares; never a room to its right.

pub mod app;
pub mod atomic;
pub mod cli;
pub mod cpu;
pub mod error;
pub mod experiment;
pub mod export;
pub mod figure;
pub mod frame;
pub mod gpu;
pub mod model;
pub mod param;
pub mod provenance;
pub mod readout;
pub mod safety;
pub mod session;
pub mod stimulus;
pub mod threads;
pub mod train;
pub mod units;
