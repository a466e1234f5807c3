//! Videos: every frame, exactly, both ways, in its own time and its own colours.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../common/media.rs"]
mod media;

mod feed;
mod picture;
mod seek;
mod written;

use std::path::PathBuf;

use media::make;

/// A clip of 60 frames at 25 Hz, each different from all others.
const TEST_PICTURE: &str = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=2.4";

fn clip(folder: &tempfile::TempDir, name: &str, arguments: &str) -> PathBuf {
    let path = folder.path().join(name);
    make(arguments, &path);
    path
}
