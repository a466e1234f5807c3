//! Still pictures: one alone, on show for ever, or a folder of them as a film.

use std::cmp::Ordering;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};

use super::fit::{Fit, fit};
use super::sniff::{self, Content};
use super::video::convert::{MAX_SHOWN_SIDE_PX, check_size, on_grey};
use super::video::input::unreadable;
use super::{Source, SourceInfo, Want};
use crate::error::{Error, Kind, Result};
use crate::frame::{Picture, Shown};
use crate::safety::limits;
use crate::units::PixelSize;

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
        Shown { time_s: number as f64 / PICTURES_HZ, number, picture }
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

/// Whether a GIF has more than one picture. (An animated PNG says so in its header.)
pub(crate) fn moves(path: &Path, head: &[u8]) -> bool {
    if !head.starts_with(b"GIF8") {
        return true;
    }
    let Ok(file) = File::open(path) else { return false };
    let Ok(mut decoder) = image::codecs::gif::GifDecoder::new(BufReader::new(file)) else { return false };
    if decoder.set_limits(picture_limits()).is_err() {
        return false;
    }
    image::AnimationDecoder::into_frames(decoder).take(2).flatten().count() > 1
}

fn picture_limits() -> Limits {
    let mut all = Limits::no_limits();
    all.max_image_width = Some(limits::MAX_SIDE_PX);
    all.max_image_height = Some(limits::MAX_SIDE_PX);
    all.max_alloc = Some(limits::MAX_PICTURE_BYTES);
    all
}

/// Reads one picture: turned as its EXIF data say, transparent parts on mid-grey, no side above 1920.
///
/// # Errors
/// [`Kind::Unreadable`], [`Kind::TooLarge`] before anything is decoded, [`Kind::Damaged`].
pub fn load(path: &Path) -> Result<Picture> {
    let file = File::open(path).map_err(|cause| unreadable(path, &cause))?;
    let mut reader = ImageReader::new(BufReader::new(file))
        .with_guessed_format()
        .map_err(|cause| unreadable(path, &cause))?;
    let size = {
        let again = File::open(path).map_err(|cause| unreadable(path, &cause))?;
        let mut probe = ImageReader::new(BufReader::new(again))
            .with_guessed_format()
            .map_err(|cause| unreadable(path, &cause))?;
        probe.no_limits();
        probe.into_dimensions().map_err(|cause| refused(path, &cause))?
    };
    check_size(i64::from(size.0), i64::from(size.1)).map_err(|error| error.at(path))?;
    reader.limits(picture_limits());
    let mut decoder = reader.into_decoder().map_err(|cause| refused(path, &cause))?;
    if decoder.total_bytes() > limits::MAX_PICTURE_BYTES {
        return Err(Error::new(Kind::TooLarge, "decoding it would take more memory than is allowed")
            .at(path)
            .advise("Scale the picture down first"));
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(|cause| refused(path, &cause))?;
    decoded.apply_orientation(orientation);
    Ok(shrunk(flat(decoded)))
}

/// Lays the picture on mid-grey.
fn flat(decoded: DynamicImage) -> Picture {
    let size = PixelSize::new(decoded.width(), decoded.height());
    if !decoded.color().has_alpha() {
        return Picture { size, rgb: decoded.into_rgb8().into_raw() };
    }
    let rgba = decoded.into_rgba8();
    let rgb = rgba.pixels().flat_map(|pixel| {
        let [r, g, b, alpha] = pixel.0;
        [r, g, b].map(|value| on_grey(value, alpha))
    });
    Picture { size, rgb: rgb.collect() }
}

fn shrunk(picture: Picture) -> Picture {
    let longest = picture.size.width.max(picture.size.height);
    if longest <= MAX_SHOWN_SIDE_PX {
        return picture;
    }
    let factor = f64::from(MAX_SHOWN_SIDE_PX) / f64::from(longest);
    let side = |length: u32| ((f64::from(length) * factor).round() as u32).max(1);
    let size = PixelSize::new(side(picture.size.width), side(picture.size.height));
    fit(&picture, size, Fit::Crop, false).to_picture()
}

fn refused(path: &Path, cause: &ImageError) -> Error {
    let (kind, what, advice) = match cause {
        ImageError::Limits(_) => {
            (Kind::TooLarge, "the picture is above the limits".to_owned(), "Scale the picture down first")
        }
        ImageError::Unsupported(_) => (
            Kind::Unsupported,
            format!("this kind of picture is not taken ({cause})"),
            "Save it as png, jpeg, tiff, bmp, webp or gif",
        ),
        _ => (
            Kind::Damaged,
            format!("the picture is damaged or ends too early ({cause})"),
            "Try another copy of the file",
        ),
    };
    Error::new(kind, what).at(path).advise(advice)
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
