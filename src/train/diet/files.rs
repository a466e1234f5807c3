//! The files that a recipe names, found, decoded and made into what a diet serves.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Item;
use super::glances::Glances;
use super::objects::Objects;
use super::panorama::Panoramas;
use super::still::Stills;
use super::texture::{Levels, Texture};
use super::video::{Clip, Videos};
use crate::error::{Error, Kind, Result};
use crate::stimulus::picture;
use crate::train::recipe::{self, DietRecipe};
use crate::units::PixelSize;

type Items = Vec<(f32, Box<dyn Item>)>;

/// Everything of a recipe, and what there is to say about it.
pub(super) fn open(diet: &DietRecipe, folder: &Path, size: PixelSize) -> Result<(Items, Vec<String>)> {
    let mut pantry = Pantry {
        folder,
        held_out: &diet.held_out,
        room: diet.memory_mib.saturating_mul(1 << 20),
        pictures: Vec::new(),
        notes: Vec::new(),
    };
    let mut items: Items = Vec::new();
    for item in diet.video.iter().filter(|item| item.weight > 0.0) {
        // The smallest crop has no fewer pixels than the frame.
        let side_px = (size.height.min(size.width) as f32 / item.crop[0].min(1.0)).ceil() as u32;
        let rates_hz =
            if item.rates_hz.is_empty() { vec![diet.frame_rate_hz] } else { item.rates_hz.clone() };
        let videos = Videos { clips: pantry.clips(&item.files, side_px)?, crop: item.crop, rates_hz };
        items.push((item.weight, Box::new(videos)));
    }
    for item in diet.panorama.iter().filter(|item| item.weight > 0.0) {
        let pictures = pantry.panoramas(&item.files)?;
        let views = Panoramas { pictures, speed_px: item.speed_px, field_deg: item.field_deg };
        items.push((item.weight, Box::new(views)));
    }
    for item in diet.objects.iter().filter(|item| item.weight > 0.0) {
        let objects = Objects {
            views: still_views(pantry.panoramas(&item.files)?),
            count: item.count,
            radius: item.radius,
            fastest_px: item.fastest_px,
        };
        items.push((item.weight, Box::new(objects)));
    }
    for item in diet.still.iter().filter(|item| item.weight > 0.0) {
        let views = still_views(pantry.panoramas(&item.files)?);
        items.push((item.weight, Box::new(Stills { views, appearing: item.appearing })));
    }
    for item in diet.photograph.iter().filter(|item| item.weight > 0.0) {
        let glances = Glances {
            pictures: pantry.photographs(&item.files)?,
            crop: item.crop,
            fixation_s: item.fixation_s,
            drift_px: item.drift_px,
            rate_hz: diet.frame_rate_hz as f32,
        };
        items.push((item.weight, Box::new(glances)));
    }
    Ok((items, pantry.notes))
}

fn still_views(pictures: Vec<Arc<Texture>>) -> Panoramas {
    Panoramas { pictures, speed_px: [1.0, 1.0], field_deg: recipe::usual_field() }
}

/// What was found and decoded so far.
struct Pantry<'a> {
    folder: &'a Path,
    held_out: &'a [String],
    /// Bytes left for decoded video.
    room: usize,
    /// Panoramas by file, so that two items share them.
    pictures: Vec<(PathBuf, Arc<Texture>)>,
    notes: Vec<String>,
}

impl Pantry<'_> {
    /// Whether a file is kept for testing.
    fn is_held_out(&self, path: &Path) -> bool {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        self.held_out.iter().any(|held| *held == *stem)
    }

    /// The files and sub-folders that the names stand for, in order, without those held out.
    fn find(&mut self, names: &[String]) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for name in names {
            let path = self.folder.join(name);
            if !path.exists() {
                return Err(Error::new(Kind::Missing, "the recipe names this and it is not there")
                    .at(&path)
                    .advise("Name the folder in which the recipe's files lie (--data)"));
            }
            found.push(path);
        }
        let (out, kept): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| self.is_held_out(path));
        self.notes.extend(out.iter().map(|path| format!("{} is held out", path.display())));
        Ok(kept)
    }

    /// The files of a folder by name, without hidden ones and those held out.
    fn files_of(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder).map_err(|cause| {
            Error::new(Kind::Unreadable, format!("the folder cannot be read ({cause})")).at(folder)
        })?;
        let hidden =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_file() && !hidden(path) && !self.is_held_out(path))
            .collect();
        files.sort();
        Ok(files)
    }

    /// Decodes videos, folders of videos and folders of numbered pictures.
    fn clips(&mut self, names: &[String], side_px: u32) -> Result<Vec<Clip>> {
        let mut clips = Vec::new();
        for path in self.find(names)? {
            if !path.is_dir() {
                clips.push(self.clip(&path, side_px)?);
                continue;
            }
            let files = self.files_of(&path)?;
            // A folder of pictures is one film; in a folder of films, what is no film is passed over.
            if files.first().is_some_and(|file| picture::load(file).is_ok()) {
                clips.push(self.clip(&path, side_px)?);
                continue;
            }
            for file in files {
                match self.clip(&file, side_px) {
                    Ok(clip) => clips.push(clip),
                    Err(error) => self.notes.push(format!("passed over: {error}")),
                }
            }
        }
        some(clips, names)
    }

    fn clip(&mut self, path: &Path, side_px: u32) -> Result<Clip> {
        let (clip, whole) = Clip::read(path, side_px, self.room)?;
        let bytes: usize = clip.frames.iter().map(|frame| frame.rgb.len()).sum();
        self.room = self.room.saturating_sub(bytes);
        let end = if whole { "" } else { ", and no more of it: memory_mib is used up" };
        self.notes.push(format!(
            "{}: {} frames at {:.2} Hz{end}",
            path.display(),
            clip.frames.len(),
            clip.rate_hz
        ));
        Ok(clip)
    }

    /// The pictures that the names stand for: files and those in folders.
    fn pictures_of(&mut self, names: &[String]) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for path in self.find(names)? {
            if path.is_dir() { files.extend(self.files_of(&path)?) } else { files.push(path) }
        }
        Ok(files)
    }

    /// Reads panoramas and folders of them.
    fn panoramas(&mut self, names: &[String]) -> Result<Vec<Arc<Texture>>> {
        let mut pictures = Vec::new();
        for path in self.pictures_of(names)? {
            if let Some((_, picture)) = self.pictures.iter().find(|(known, _)| *known == path) {
                pictures.push(picture.clone());
                continue;
            }
            match picture::load(&path) {
                Ok(picture) => {
                    let texture = Arc::new(Texture::new(&picture));
                    self.pictures.push((path, texture.clone()));
                    pictures.push(texture);
                }
                Err(error) => self.notes.push(format!("passed over: {error}")),
            }
        }
        some(pictures, names)
    }

    /// Reads photographs and folders of them.
    fn photographs(&mut self, names: &[String]) -> Result<Vec<Arc<Levels>>> {
        let mut pictures = Vec::new();
        for path in self.pictures_of(names)? {
            match picture::load(&path) {
                Ok(picture) => pictures.push(Arc::new(Levels::new(picture))),
                Err(error) => self.notes.push(format!("passed over: {error}")),
            }
        }
        some(pictures, names)
    }
}

fn some<T>(found: Vec<T>, names: &[String]) -> Result<Vec<T>> {
    if !found.is_empty() {
        return Ok(found);
    }
    Err(Error::new(Kind::Empty, format!("nothing that can be shown was found in {}", names.join(", ")))
        .advise("Name videos, pictures or folders of them"))
}
