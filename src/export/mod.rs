//! Files that leave the program: one file per format, all written to a temporary name and renamed.

pub mod atomic;
pub mod gif;
pub mod mp4;
