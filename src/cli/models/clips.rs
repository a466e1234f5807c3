//! What networks are scored on: the frames of a video at a rate, and camera turns in panoramas.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Context as _, Error, Kind, Result};
use crate::frame::{Image, NetworkFrame, Picture};
use crate::stimulus::fit::{Fit, fit_image};
use crate::stimulus::open::{is_still_picture, open};
use crate::stimulus::{Source, StimulusSpec, Want, picture};
use crate::train::diet::texture::Texture;
use crate::train::diet::turns;
use crate::units::PixelSize;

/// Speeds of the camera's turns in pixels per frame.
const TURNS_PX: [f32; 3] = [0.7, 2.0, 4.0];
/// Frames of a turn.
const TURN_FRAMES: usize = 40;

/// Something to be scored on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Clip {
    /// A video or a folder of pictures.
    Film(PathBuf),
    /// Camera turns in these panoramas.
    Turns(Vec<PathBuf>),
}

impl Clip {
    /// Name in tables and results.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Film(path) => path.display().to_string(),
            Self::Turns(paths) if paths.len() == 1 => "camera turns in a panorama".to_owned(),
            Self::Turns(paths) => format!("camera turns in {} panoramas", paths.len()),
        }
    }

    /// Shows every frame of `size` to `look`, which says whether it wants more, and every cut to `cut`.
    ///
    /// # Errors
    /// Those of reading the files and of `look`.
    pub(super) fn show(
        &self,
        (size, rule, fps): (PixelSize, Fit, Option<f64>),
        on: &mut dyn FnMut(Event) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Film(path) => {
                let mut frames = Frames::open(path, fps)?;
                while let Some(image) = frames.next()? {
                    if !on(Event::Frame(fit_image(&image, size, rule, false)))? {
                        break;
                    }
                }
            }
            Self::Turns(paths) => {
                for path in paths {
                    let texture = Arc::new(Texture::new(&panorama(path)?));
                    for (index, speed_px) in TURNS_PX.into_iter().enumerate() {
                        on(Event::Cut)?;
                        for planes in turns(&texture, size, speed_px, TURN_FRAMES, index as u64) {
                            on(Event::Frame(NetworkFrame { size, planes }))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// What comes next of a clip.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    /// A frame.
    Frame(NetworkFrame),
    /// What follows has nothing to do with what was before.
    Cut,
}

/// Files as they are, and the pictures in folders, by name.
///
/// # Errors
/// When a folder cannot be read or holds no picture.
pub(super) fn panoramas(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let entries =
            std::fs::read_dir(path).context(Kind::Unreadable, "the folder of panoramas cannot be read");
        let entries = entries.map_err(|error| error.at(path))?;
        let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut pictures: Vec<_> = files.filter(|file| is_still_picture(file)).collect();
        if pictures.is_empty() {
            return Err(Error::new(Kind::Empty, "there is no picture in this folder")
                .at(path)
                .advise("Name the panoramas, or a folder of them"));
        }
        pictures.sort();
        all.extend(pictures);
    }
    Ok(all)
}

fn panorama(path: &Path) -> Result<Picture> {
    let picture = picture::load(path)?;
    if picture.size.width != 2 * picture.size.height {
        let what = format!("a panorama is twice as wide as high; this picture has {} pixels", picture.size);
        return Err(Error::new(Kind::Mismatch, what).at(path).advise("Choose an equirectangular picture"));
    }
    Ok(picture)
}

/// The frames of a clip, at most so many a second.
struct Frames {
    source: Box<dyn Source>,
    period_s: f64,
    due_s: f64,
    given: u64,
}

impl Frames {
    fn open(clip: &Path, fps: Option<f64>) -> Result<Self> {
        let source = open(&StimulusSpec::File(clip.to_path_buf()))?;
        Ok(Self { source, period_s: fps.map_or(0.0, |fps| 1.0 / fps), due_s: 0.0, given: 0 })
    }

    /// The next frame that is due. A frame is shown once, however high the rate.
    fn next(&mut self) -> Result<Option<Image>> {
        loop {
            let want = if self.given == 0 { Want::Start } else { Want::Next };
            let Some(shown) = self.source.read(want)? else { return Ok(None) };
            // times in files are rounded, to a millisecond in the coarsest containers
            if self.given == 0 || shown.time_s >= self.due_s - 0.001 {
                let late = shown.time_s - self.due_s;
                self.due_s = if late > self.period_s { shown.time_s } else { self.due_s } + self.period_s;
                self.given += 1;
                return Ok(Some(shown.image));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Shown;
    use crate::stimulus::{Source, SourceInfo};

    /// A source whose frames come every `period_s`.
    struct Clock {
        info: SourceInfo,
        period_s: f64,
        at: u64,
    }

    impl Source for Clock {
        fn info(&self) -> &SourceInfo {
            &self.info
        }

        fn read(&mut self, want: Want) -> Result<Option<Shown>> {
            self.at = if want == Want::Start { 0 } else { self.at + 1 };
            let picture = Picture::uniform(PixelSize::new(1, 1), [self.at as u8; 3]);
            let shown =
                Shown { time_s: self.at as f64 * self.period_s, number: self.at, image: picture.into() };
            Ok((self.at < 31).then_some(shown))
        }
    }

    fn numbers(rate_hz: f64, fps: Option<f64>) -> Vec<u8> {
        let source = Clock { info: SourceInfo::default(), period_s: 1.0 / rate_hz, at: 0 };
        let period_s = fps.map_or(0.0, |fps| 1.0 / fps);
        let mut frames = Frames { source: Box::new(source), period_s, due_s: 0.0, given: 0 };
        std::iter::from_fn(|| frames.next().unwrap().map(|image| image.picture().rgb[0])).collect()
    }

    #[test]
    fn frames_come_at_the_rate_that_is_asked_for() {
        assert_eq!(numbers(30.0, Some(10.0)), [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
        assert_eq!(numbers(25.0, Some(10.0)), [0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25, 28, 30]);
        assert_eq!(numbers(5.0, Some(10.0)).len(), 31);
        assert_eq!(numbers(30.0, None).len(), 31);
    }
}
