//! Percept.
fn main() {}
