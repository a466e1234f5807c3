//! Training on the CPU: a network forward and backward through time, faster than with general operations.

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
mod rows;
mod tiles;
mod worker;

pub use rollout::{Rollout, RolloutConfig};
pub use weights::WeightList;
