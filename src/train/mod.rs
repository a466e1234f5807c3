//! Training networks: a recipe says what a network is, how it learns and what it sees; `run` follows it.
//!
//! ```text
//!  recipe ──► diet ──► feed ──batches──► trainer ──► checkpoint, log, model, card
//!             sights    threads           the loop
//! ```
//!
//! `course` runs one on a thread of its own and `follow` watches one that runs elsewhere; both tell it as a `view`.

mod card;
pub mod checkpoint;
pub mod course;
mod curve;
pub mod diet;
pub mod feed;
pub mod follow;
pub mod graphics;
pub mod hardware;
mod hold;
pub mod kept;
pub mod log;
pub mod moment;
pub mod ops;
pub mod preview;
pub mod random;
pub mod recipe;
pub mod run;
pub mod schedule;
mod start;
pub mod trainer;
mod unrolled;
pub mod view;
pub mod warning;
mod widen;

#[cfg(test)]
mod tests;
