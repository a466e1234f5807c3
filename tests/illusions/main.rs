//! Illusions as their users meet them: what is drawn, what is read of a file, what is said of a bad one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here fails the test, also in the functions that tests share"
)]

mod all;
mod bad_files;
mod controls;
mod drawn;
mod each;
mod files;
mod golden;
mod own_picture;
mod raster;
mod sheet;
