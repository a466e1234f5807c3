//! Training on the CPU: a recurrent network forward and backward through time, several times faster than with the
//! general operations of a library.
//!
//! Nearly all of the work is 3x3 convolutions, so they multiply less: Winograd's F(4x4,3x3) (Lavin & Gray 2016, arXiv
//! 1509.09308) forward, and its transpose for the gradients by maps and kernels; where a map was doubled in size, 11 of
//! 36 points vanish. Gradients that meet are summed in the Winograd domain, before they are transformed.
//!
//! ```text
//!  layout   where a value lies: maps, tiles        tiles       the transforms of one row of a tile
//!  product  36 products of matrices                transforms  maps to points and back, and their transposes
//!  kernels  packed kernels, their gradients        lstm errors pool   what is done pixel by pixel
//!  conv     one convolution of a batch             rollout     a PredNet through time: forward, backward
//!  adam     the update of the weights
//! ```
//!
//! Blocks of eight channels lie side by side, so that one source serves AVX2, NEON and plain code. Threads share a
//! batch image by image; nothing is allocated in the loop over time.
#![allow(
    clippy::inline_always,
    reason = "vectors pass through memory where a function is not part of its caller"
)]

pub mod adam;
pub mod conv;
pub mod dispatch;
pub mod errors;
pub mod kernels;
pub mod layout;
pub mod lstm;
pub mod pool;
pub mod product;
pub mod rollout;
pub mod transforms;
pub mod transposes;
pub mod weights;

mod backward;
mod forward;
mod pairs;
mod plan;
mod planes;
mod readout;
mod rows;
mod threads;
mod tiles;
mod worker;

pub use adam::Adam;
pub use conv::{Conv3x3, ConvConfig};
pub use rollout::{Rollout, RolloutConfig};
pub use weights::WeightList;

#[cfg(test)]
mod tests;
