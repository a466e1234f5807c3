//! What is written as a film is looked at for flashes: the result stands in its metadata and, where it fails, in its name.

use std::path::{Path, PathBuf};

use crate::frame::Picture;
use crate::safety::{Analyser, Class, Field, Pixels, Verdict};

/// What stands before the ending of the name of a film that flashes.
const MARK: &str = "flashes";

/// The key of the result in a film's metadata.
pub(super) const KEY: &str = "flashes";

/// Looks at the pictures of a film, as if it filled a screen.
pub(super) struct Watch {
    analyser: Analyser,
    rate_hz: f64,
    seen: u32,
}

impl Watch {
    pub(super) fn new(rate_hz: f64) -> Self {
        Self { analyser: Analyser::new(Field::FullScreen), rate_hz, seen: 0 }
    }

    pub(super) fn push(&mut self, picture: &Picture) {
        let time_s = f64::from(self.seen) / self.rate_hz;
        self.analyser.push(picture.size, Pixels::Rgb8(&picture.rgb), time_s);
        self.seen += 1;
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.analyser.verdict()
    }
}

/// The name under which a film of this verdict is kept: `film.flashes.mp4` for one that fails.
pub(super) fn name(path: &Path, verdict: &Verdict) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default();
    let marked = Path::new(stem).extension().is_some_and(|last| last == MARK);
    if verdict.class != Class::Fails || marked {
        return path.to_path_buf();
    }
    let mut name = stem.to_owned();
    name.push(".");
    name.push(MARK);
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
