//! From what was asked for to a source: decided by what the file holds, never by its name.

use std::path::Path;

use super::images::Images;
use super::picture;
use super::sniff::{self, Content};
use super::video::Video;
use super::video::input::unreadable;
use super::{Source, StimulusSpec, camera};
use crate::error::{Error, Kind, Result};

/// Opens a video, a picture, a folder of pictures or a camera.
///
/// # Errors
/// One readable error with file, cause and advice. Devices, pipes and sockets given as a file are refused
/// unread. Illusions are no source: asking for one is [`Kind::Internal`].
pub fn open(spec: &StimulusSpec) -> Result<Box<dyn Source>> {
    match spec {
        StimulusSpec::Illusion(name) => Err(Error::new(
            Kind::Internal,
            format!("the illusion \"{name}\" is drawn and not read from a file"),
        )),
        StimulusSpec::File(path) => file(path),
        StimulusSpec::Camera(name) => Ok(Box::new(camera::Camera::open(name)?)),
    }
}

/// Whether this is a file with one picture that stands still, told by what it holds.
#[must_use]
pub fn is_still_picture(path: &Path) -> bool {
    if !std::fs::metadata(path).is_ok_and(|about| about.is_file()) {
        return false;
    }
    let Ok(head) = sniff::head(path) else { return false };
    match sniff::content(&head) {
        Content::Picture => true,
        Content::Animation => !picture::moves(path, &head),
        Content::Playlist | Content::Other => false,
    }
}

fn file(path: &Path) -> Result<Box<dyn Source>> {
    let about = std::fs::metadata(path).map_err(|cause| unreadable(path, &cause))?;
    if about.is_dir() {
        return Ok(Box::new(Images::folder(path)?));
    }
    if !about.is_file() {
        return Err(Error::new(Kind::Unreadable, "this is a device, pipe or socket and no file")
            .at(path)
            .advise("Choose a file; a camera is opened as a camera"));
    }
    let head = sniff::head(path).map_err(|cause| unreadable(path, &cause))?;
    if head.is_empty() {
        return Err(Error::new(Kind::Empty, "the file is empty").at(path).advise("Choose another file"));
    }
    match sniff::content(&head) {
        Content::Picture => Ok(Box::new(Images::still(path)?)),
        Content::Animation if !picture::moves(path, &head) => Ok(Box::new(Images::still(path)?)),
        Content::Playlist => {
            Err(Error::new(Kind::Unsupported, "this is a list of other files or addresses and no video")
                .at(path)
                .advise("Open the video that it names"))
        }
        Content::Animation | Content::Other => Ok(Box::new(Video::open(path)?)),
    }
}
