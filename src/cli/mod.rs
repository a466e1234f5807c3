//! The command line: every window action that makes a file has a headless twin here.

pub mod models;
