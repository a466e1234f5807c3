//! What is shown: videos, pictures and cameras (a [`Source`] of frames) and illusions (a function of
//! place and time, drawn by the GPU at any size).
//!
//! One file per kind of source. `open` decides by content which one a file needs; `feed` runs a source
//! on its own thread ahead of the network; `fit` brings a picture to the network's size.

use std::path::PathBuf;

use crate::error::Result;
use crate::frame::Shown;
use crate::units::PixelSize;

pub mod camera;
pub mod examine;
pub mod feed;
pub mod fit;
pub mod illusion;
pub mod images;
pub mod open;
pub mod picture;
mod sniff;
pub mod video;

/// Which frame is wanted of a source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Want {
    /// The first frame.
    Start,
    /// The frame after the one last read.
    Next,
    /// The frame before the one last read.
    Previous,
    /// The frame on show at this time in seconds: the last one whose time is not later.
    At(f64),
}

/// What is known of a source before its first frame.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct SourceInfo {
    /// Name for people.
    pub name: String,
    /// The file or folder, where there is one.
    pub path: Option<PathBuf>,
    /// "video", "picture", "pictures" or "camera".
    pub kind: String,
    /// Size as shown: after rotation, with square pixels.
    pub size: Option<PixelSize>,
    /// Mean frame rate, where known.
    pub frame_rate_hz: Option<f64>,
    /// Length, where known; `None` for cameras and single pictures.
    pub duration_s: Option<f64>,
    /// Whether `Previous` and `At` work.
    pub seekable: bool,
    /// What was assumed or repaired, one sentence each ("colour range unspecified: limited assumed").
    pub notes: Vec<String>,
}

/// A source of pictures in time. Blocking: it is read on a thread of its own, never the window's.
pub trait Source: Send {
    /// What is known of it; notes may be added while it is read (damaged packets, changed size).
    fn info(&self) -> &SourceInfo;

    /// Reads a frame; `None` past the end.
    ///
    /// # Errors
    /// When the frame cannot be had at all; damaged parts are skipped and noted instead.
    fn read(&mut self, want: Want) -> Result<Option<Shown>>;
}

/// What to open: the one value that the command line, the gallery, dropped files and saved sessions share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StimulusSpec {
    /// An illusion by its slug.
    Illusion(String),
    /// A video, a picture or a folder of pictures.
    File(PathBuf),
    /// A camera by its device name, for example `/dev/video0`.
    Camera(String),
}
