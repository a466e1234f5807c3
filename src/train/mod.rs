//! Training networks: a recipe says what a network is, how it learns and what it sees; `run` follows it.
//!
//! ```text
//!  recipe ──► diet ──► feed ──batches──► trainer ──► checkpoint, log, model, card
//!             sights    threads           the loop
//! ```

mod card;
pub mod checkpoint;
pub mod diet;
pub mod feed;
pub mod log;
pub mod ops;
pub mod preview;
pub mod random;
pub mod recipe;
pub mod run;
pub mod schedule;
pub mod trainer;

#[cfg(test)]
mod tests;
