//! Training on the CPU: a network forward and backward through time, faster than with general operations.

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
pub mod weights;

mod backward;
mod forward;
mod plan;
mod planes;
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
