//! Training networks.

pub mod ops;

#[cfg(test)]
mod tests;
