//! Real video: random crops of clips that were decoded once, at about the rates the recipe asks for.

use std::path::Path;

use super::{Item, Shape};
use crate::error::{Error, Kind, Result};
use crate::frame::Picture;
use crate::stimulus::fit::{Fit, fit, fit_image};
use crate::stimulus::open::open;
use crate::stimulus::{StimulusSpec, Want};
use crate::train::random::Random;
use crate::units::PixelSize;

/// A clip's frames, reduced to what the smallest crop needs.
pub(super) struct Clip {
    /// Frames a second.
    pub(super) rate_hz: f64,
    /// The frames, all of one size.
    pub(super) frames: Vec<Picture>,
}

/// Clips and how they are cut.
pub(super) struct Videos {
    /// The clips.
    pub(super) clips: Vec<Clip>,
    /// Smallest and largest crop, as a part of the largest that fits.
    pub(super) crop: [f32; 2],
    /// Frames a second to choose from; a clip with fewer is shown frame by frame.
    pub(super) rates_hz: Vec<f64>,
}

impl Clip {
    /// Decodes a file or a folder of pictures, frames reduced to a shorter side of `side_px` where they are larger,
    /// until they take `room` bytes; says whether the end was reached.
    ///
    /// # Errors
    /// Those of opening and decoding; [`Kind::Empty`] with fewer than two frames.
    pub(super) fn read(path: &Path, side_px: u32, room: usize) -> Result<(Self, bool)> {
        let mut source = open(&StimulusSpec::File(path.to_path_buf()))?;
        let (mut frames, mut last_s, mut bytes, mut want) = (Vec::new(), 0.0, 0, Want::Start);
        let mut size = None;
        let mut whole = true;
        while let Some(shown) = source.read(want)? {
            want = Want::Next;
            last_s = shown.time_s;
            let size = *size.get_or_insert_with(|| reduced(shown.image.size, side_px));
            let frame = if shown.image.size == size {
                Picture::clone(shown.image.picture())
            } else {
                fit_image(&shown.image, size, Fit::Crop, false).to_picture()
            };
            bytes += frame.rgb.len();
            if bytes > room {
                whole = false;
                break;
            }
            frames.push(frame);
        }
        if frames.len() < 2 {
            return Err(Error::new(Kind::Empty, "fewer than two frames could be taken from it")
                .at(path)
                .advise("Choose a longer video, or give training more memory"));
        }
        let measured = (frames.len() - 1) as f64 / last_s.max(1e-3);
        let rate_hz = source.info().frame_rate_hz.filter(|rate| *rate > 0.0).unwrap_or(measured);
        Ok((Self { rate_hz, frames }, whole))
    }

    /// Seconds.
    fn length_s(&self) -> f64 {
        self.frames.len() as f64 / self.rate_hz
    }
}

/// The size with its shorter side reduced to `side_px`.
fn reduced(size: PixelSize, side_px: u32) -> PixelSize {
    let shorter = size.width.min(size.height);
    if shorter <= side_px {
        return size;
    }
    let scale = f64::from(side_px) / f64::from(shorter);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    PixelSize::new(side(size.width), side(size.height))
}

impl Item for Videos {
    /// Where a clip ends, another begins: a cut, as in films.
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let mut frames = out.chunks_exact_mut(shape.frame_len());
        while frames.len() > 0 {
            let shot = self.shot(random, shape.size, frames.len());
            for (number, frame) in shot.numbers().zip(&mut frames) {
                let cut = shot.cut(number);
                frame.copy_from_slice(&fit(&cut, shape.size, Fit::Crop, false).planes);
            }
        }
    }
}

/// A stretch of a clip, cut to a window.
struct Shot<'a> {
    clip: &'a Clip,
    first: usize,
    stride: usize,
    corner: [usize; 2],
    size: PixelSize,
}

impl Videos {
    /// A clip (long ones more often, by the root of their length), a rate, a place in it and a window.
    fn shot(&self, random: &mut Random, size: PixelSize, frames: usize) -> Shot<'_> {
        let clip = self.choose(random);
        let rate = self.rates_hz.get(random.below(self.rates_hz.len())).copied().unwrap_or(clip.rate_hz);
        let stride = ((clip.rate_hz / rate).round() as usize).max(1);
        let needed = ((frames - 1) * stride + 1).min(clip.frames.len());
        let first = random.below(clip.frames.len() - needed + 1);
        let from = clip.frames[0].size;
        let whole = f64::from(from.width).min(f64::from(from.height) * size.aspect());
        let part = f64::from(random.within(self.crop));
        let width = ((whole * part) as u32).clamp(1, from.width);
        let height = ((whole * part / size.aspect()) as u32).clamp(1, from.height);
        let corner = [
            random.below((from.width - width) as usize + 1),
            random.below((from.height - height) as usize + 1),
        ];
        Shot { clip, first, stride, corner, size: PixelSize::new(width, height) }
    }

    fn choose(&self, random: &mut Random) -> &Clip {
        let total: f64 = self.clips.iter().map(|clip| clip.length_s().sqrt()).sum();
        let mut left = f64::from(random.unit()) * total;
        let found = self.clips.iter().find(|clip| {
            left -= clip.length_s().sqrt();
            left < 0.0
        });
        found.unwrap_or(&self.clips[0])
    }
}

impl Shot<'_> {
    fn numbers(&self) -> impl Iterator<Item = usize> + use<> {
        (self.first..self.clip.frames.len()).step_by(self.stride)
    }

    fn cut(&self, number: usize) -> Picture {
        let frame = &self.clip.frames[number];
        let row_len = 3 * frame.size.width as usize;
        let [left, top] = self.corner;
        let rows = frame.rgb.chunks_exact(row_len).skip(top).take(self.size.height as usize);
        let cut = |row: &[u8]| row[3 * left..3 * (left + self.size.width as usize)].to_vec();
        Picture { size: self.size, rgb: rows.flat_map(cut).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(length: u8) -> Clip {
        let size = PixelSize::new(20, 10);
        Clip { rate_hz: 30.0, frames: (0..length).map(|level| Picture::uniform(size, [level; 3])).collect() }
    }

    fn levels(videos: &Videos, frames: usize, seed: u64) -> Vec<i32> {
        let shape = Shape { frames, size: PixelSize::new(8, 8) };
        let mut out = vec![0.0; frames * shape.frame_len()];
        videos.serve(&mut Random::new(seed, 0), shape, &mut out);
        out.chunks_exact(shape.frame_len()).map(|frame| (frame[5] * 255.0).round() as i32).collect()
    }

    #[test]
    fn frames_come_at_the_rate_and_a_clip_that_ends_is_followed_by_another() {
        let videos = Videos { clips: vec![clip(90)], crop: [0.5, 1.0], rates_hz: vec![10.0] };
        for seed in 0..20 {
            let levels = levels(&videos, 20, seed);
            assert!(levels.windows(2).all(|pair| pair[1] - pair[0] == 3), "{levels:?}");
        }
        let long = levels(&videos, 80, 1);
        assert_eq!(long.windows(2).filter(|pair| pair[1] - pair[0] != 3).count(), 2, "{long:?}");
    }

    #[test]
    fn frames_are_reduced_and_never_enlarged() {
        assert_eq!(reduced(PixelSize::new(1920, 1080), 160), PixelSize::new(284, 160));
        assert_eq!(reduced(PixelSize::new(160, 120), 160), PixelSize::new(160, 120));
    }
}
