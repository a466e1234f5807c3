//! Writing an illusion's file, on a thread of its own: whole or not at all, and never over one that is not meant.

use std::path::PathBuf;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::check;
use crate::error::{Error, Kind, Result};
use crate::safety::limits::MAX_ILLUSION_BYTES;
use crate::stimulus::illusion::{Illusion, Origin};

/// What came of writing.
pub(super) struct Wrote {
    pub(super) slug: String,
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) is_new: bool,
    /// The illusion, where the text is one.
    pub(super) outcome: Result<Option<Box<Illusion>>>,
}

/// What was written by threads that have ended.
pub(super) struct Writer {
    ctx: egui::Context,
    deliver: Sender<Wrote>,
    wrote: Receiver<Wrote>,
}

impl Writer {
    pub(super) fn new(ctx: egui::Context) -> Self {
        let (deliver, wrote) = bounded(16);
        Self { ctx, deliver, wrote }
    }

    /// Writes a file; a new one only where there is none of its name.
    pub(super) fn write(&self, slug: &str, path: PathBuf, text: String, is_new: bool) {
        let (slug, ctx, deliver) = (slug.to_owned(), self.ctx.clone(), self.deliver.clone());
        let work = move || {
            let outcome = write(&slug, &path, &text, is_new);
            if deliver.try_send(Wrote { slug, path, text, is_new, outcome }).is_err() {
                tracing::warn!("a file was written and nobody heard of it");
            }
            ctx.request_repaint();
        };
        if let Err(cause) = std::thread::Builder::new().name("percept-writer".to_owned()).spawn(work) {
            tracing::error!("the illusion is not saved: no thread: {cause}");
        }
    }

    pub(super) fn take(&self) -> Option<Wrote> {
        self.wrote.try_recv().ok()
    }
}

fn write(slug: &str, path: &PathBuf, text: &str, is_new: bool) -> Result<Option<Box<Illusion>>> {
    if is_new && path.exists() {
        return Err(Error::new(Kind::Write, "there is a file of this name already")
            .at(path)
            .advise("Choose another name"));
    }
    if text.len() as u64 > MAX_ILLUSION_BYTES {
        let most = MAX_ILLUSION_BYTES / 1024;
        return Err(Error::new(Kind::TooLarge, format!("an illusion's file may have {most} KiB at most")));
    }
    crate::atomic::write(path, text.as_bytes())?;
    Ok(check::illusion(slug, text, Origin::User(path.clone())).ok().map(Box::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_not_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/mine.wgsl");
        assert!(write("mine", &path, "no illusion", true).unwrap().is_none(), "the folder is made");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "no illusion");
        let error = write("mine", &path, "other", true).unwrap_err();
        assert!(error.to_string().contains("already"), "{error}");
        let template = include_str!("../../../assets/template.wgsl");
        let illusion = write("mine", &path, template, false).unwrap().unwrap();
        assert_eq!((illusion.slug.as_str(), &illusion.origin), ("mine", &Origin::User(path)));
    }
}
