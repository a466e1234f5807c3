//! Still pictures: one alone, on show for ever, or a folder of them as a film.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::picture::load;
use super::sniff::{self, Content};
use super::video::input::unreadable;
use super::{Source, SourceInfo, Want};
use crate::error::{Error, Kind, Result};
use crate::frame::{Picture, Shown};
use crate::safety::limits;

/// Pictures a second, where nothing says otherwise.
pub const PICTURES_HZ: f64 = 10.0;

/// Pictures in time: one for ever, or a folder in order of names.
pub struct Images {
    paths: Vec<PathBuf>,
    /// The one picture of a still.
    still: Option<Arc<Picture>>,
    /// Number of the picture last read.
    last: Option<u64>,
    skipped: usize,
    notes: Vec<String>,
    info: SourceInfo,
}

impl Images {
    /// One picture, on show for ever at [`PICTURES_HZ`].
    ///
    /// # Errors
    /// When it cannot be read or decoded, or is above the limits.
    pub fn still(path: &Path) -> Result<Self> {
        let picture = load(path)?;
        let info = SourceInfo {
            name: name(path),
            path: Some(path.to_path_buf()),
            kind: "picture".into(),
            size: Some(picture.size),
            seekable: true,
            notes: vec![format!("a still picture: shown again {PICTURES_HZ} times a second")],
            ..SourceInfo::default()
        };
        let still = Some(Arc::new(picture));
        Ok(Self { paths: vec![path.to_path_buf()], still, last: None, skipped: 0, notes: vec![], info })
    }

    /// The pictures of a folder (not of its sub-folders), by name with numbers in order of size, at
    /// [`PICTURES_HZ`].
    ///
    /// # Errors
    /// When the folder cannot be read or holds no picture.
    pub fn folder(path: &Path) -> Result<Self> {
        let entries = std::fs::read_dir(path).map_err(|cause| unreadable(path, &cause))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_file() && !name(path).starts_with('.'))
            .collect();
        paths.sort_by(|a, b| natural(&name(a), &name(b)));
        let files = paths.len();
        let mut notes = Vec::new();
        if files > limits::MAX_FOLDER_PICTURES {
            paths.truncate(limits::MAX_FOLDER_PICTURES);
            notes.push(format!("only the first {} of {files} files are taken", limits::MAX_FOLDER_PICTURES));
        }
        let taken = paths.len();
        paths.retain(|path| sniff::head(path).is_ok_and(|head| is_picture(&head)));
        if paths.is_empty() {
            return Err(Error::new(Kind::Empty, "there is no picture in this folder")
                .at(path)
                .advise("Choose a folder with png, jpeg, tiff, bmp, webp or gif files, or one video"));
        }
        if paths.len() < taken {
            notes.push(format!("{} other files are passed over", taken - paths.len()));
        }
        let first = paths.iter().find_map(|path| load(path).ok());
        let info = SourceInfo {
            name: name(path),
            path: Some(path.to_path_buf()),
            kind: "pictures".into(),
            size: first.map(|picture| picture.size),
            frame_rate_hz: Some(PICTURES_HZ),
            duration_s: Some(paths.len() as f64 / PICTURES_HZ),
            seekable: true,
            notes: notes.clone(),
        };
        Ok(Self { paths, still: None, last: None, skipped: 0, notes, info })
    }

    fn shown(&mut self, number: u64, picture: Arc<Picture>) -> Shown {
        self.last = Some(number);
        Shown { time_s: number as f64 / PICTURES_HZ, number, image: picture.into() }
    }

    /// The picture with this number or, where it is damaged, the nearest good one in the given direction.
    fn from(&mut self, number: u64, back: bool) -> Result<Option<Shown>> {
        if let Some(still) = self.still.clone() {
            return Ok(Some(self.shown(number, still)));
        }
        let mut at = number;
        while let Some(path) = usize::try_from(at).ok().and_then(|at| self.paths.get(at)) {
            match load(path) {
                Ok(picture) => return Ok(Some(self.shown(at, Arc::new(picture)))),
                Err(error) => self.skip(&error),
            }
            if back && at == 0 {
                break;
            }
            at = if back { at - 1 } else { at + 1 };
        }
        if self.last.is_none() {
            return Err(Error::new(Kind::Damaged, "none of the pictures in this folder can be read")
                .at(self.info.path.clone().unwrap_or_default())
                .advise(self.info.notes.last().cloned().unwrap_or_default()));
        }
        Ok(None)
    }

    fn skip(&mut self, error: &Error) {
        self.skipped += 1;
        self.info.notes.clone_from(&self.notes);
        self.info.notes.push(format!("{} damaged pictures skipped, the last: {error}", self.skipped));
    }
}

impl Source for Images {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, want: Want) -> Result<Option<Shown>> {
        match (want, self.last) {
            (Want::Start, _) | (Want::Next, None) => self.from(0, false),
            (Want::Next, Some(last)) => self.from(last + 1, false),
            (Want::Previous, None | Some(0)) => Ok(None),
            (Want::Previous, Some(last)) => self.from(last - 1, true),
            (Want::At(time_s), _) => {
                let number = (time_s.max(0.0) * PICTURES_HZ + 1e-6).floor() as u64;
                self.from(number, false)
            }
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn is_picture(head: &[u8]) -> bool {
    matches!(sniff::content(head), Content::Picture | Content::Animation)
}

/// Order of names in which `frame10` comes after `frame9`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (run_a, run_b) = (digits(a), digits(b));
        let order = if run_a > 0 && run_b > 0 {
            let number =
                |text: &str, run: usize| text.get(..run).unwrap_or("").trim_start_matches('0').to_owned();
            let (left, right) = (number(a, run_a), number(b, run_b));
            (a, b) = (a.get(run_a..).unwrap_or(""), b.get(run_b..).unwrap_or(""));
            left.len().cmp(&right.len()).then(left.cmp(&right)).then(run_a.cmp(&run_b))
        } else {
            let (mut rest_a, mut rest_b) = (a.chars(), b.chars());
            let order = rest_a.next().cmp(&rest_b.next());
            if a.is_empty() || b.is_empty() {
                return order;
            }
            (a, b) = (rest_a.as_str(), rest_b.as_str());
            order
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_ordered_by_size() {
        let mut names = ["f10.png", "f9.png", "f010.png", "f1.png", "e.png", "f.png", "fé2", "fé10"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["e.png", "f.png", "f1.png", "f9.png", "f10.png", "f010.png", "fé2", "fé10"]);
    }
}
