//! A decoded frame that is handed on as it is, in planes of 4:2:0; it becomes RGB only when somebody asks.

use std::sync::Arc;

use ffmpeg_next as ffmpeg;

use ffmpeg::frame;
use parking_lot::Mutex;

use super::ffi::{self, Coding};
use super::planar::{Matrix, Planar};
use crate::frame::{Coded, Decoding, Picture, Planes};
use crate::units::PixelSize;

/// Pictures whose memory is looked at for use again: those read ahead, and what is on show.
const MOST_LENT: usize = 8;

/// The pictures that were given out last: the memory of those that came back is used again. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent(Arc<Mutex<Vec<Arc<Picture>>>>);

impl Lent {
    /// A picture that was given out and came back.
    pub(super) fn spare(&self) -> Option<Picture> {
        let mut lent = self.0.lock();
        let back = lent.iter().position(|picture| Arc::strong_count(picture) == 1);
        let spare = back.and_then(|at| Arc::into_inner(lent.swap_remove(at)));
        if lent.len() >= MOST_LENT {
            lent.remove(0);
        }
        spare
    }

    /// Gives a picture out.
    pub(super) fn lend(&self, picture: Picture) -> Arc<Picture> {
        let picture = Arc::new(picture);
        self.0.lock().push(Arc::clone(&picture));
        picture
    }
}

/// A frame with what its values mean.
pub(super) struct CodedFrame {
    frame: Arc<frame::Video>,
    coding: Coding,
    size: PixelSize,
    lent: Lent,
}

impl std::fmt::Debug for CodedFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodedFrame")
            .field("coding", &self.coding)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl CodedFrame {
    /// `None` for a frame of any other format, and for the few of this one that [`ffi::planes_420`] leaves out.
    pub(super) fn new(frame: &Arc<frame::Video>, coding: Coding, lent: &Lent) -> Option<Self> {
        ffi::planes_420(frame)?;
        let size = PixelSize::new(frame.width(), frame.height());
        Some(Self { frame: Arc::clone(frame), coding, size, lent: lent.clone() })
    }

    /// All of it as RGB, in the memory of a picture that came back.
    pub(super) fn rgb(&self) -> Picture {
        let mut rgb = self.lent.spare().map(|picture| picture.rgb).unwrap_or_default();
        rgb.resize(3 * self.size.area(), super::convert::BEHIND);
        if let Some(planes) = ffi::planes_420(&self.frame) {
            Planar::default().convert(&planes, Matrix::new(self.coding), self.size, &mut rgb);
        }
        Picture { size: self.size, rgb }
    }
}

impl Coded for CodedFrame {
    fn planes(&self) -> Option<(Planes<'_>, Decoding)> {
        Some((ffi::planes_420(&self.frame)?, self.coding.decoding()))
    }

    fn to_picture(&self) -> Arc<Picture> {
        self.lent.lend(self.rgb())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_when_it_came_back_and_not_before() {
        let lent = Lent::default();
        let picture = lent.lend(Picture::uniform(PixelSize::new(4, 4), [1; 3]));
        assert!(lent.spare().is_none());
        let memory = picture.rgb.as_ptr();
        drop(picture);
        assert_eq!(lent.spare().map(|picture| picture.rgb.as_ptr()), Some(memory));
        assert!(lent.spare().is_none());
    }
}
