//! The CPU engine.

pub mod memory;
pub mod simd;
pub mod training;
