//! Helpers that tests share.
#![allow(dead_code, reason = "each test file uses some of these")]

pub mod media;
