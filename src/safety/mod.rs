//! Limits, and later the analysis of flashes and patterns.

pub mod limits;
