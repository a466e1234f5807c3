//! Photographs that rest, and some that appear on uniform grey and go again.

use super::panorama::{Panoramas, view};
use super::{Item, Shape};
use crate::train::random::Random;

/// Levels of the grey before and after a picture, sRGB-coded.
const GREY: [f32; 2] = [0.3, 0.7];
/// Fewest frames that a picture or the grey stays.
const SHORTEST: usize = 3;

/// Views of photographs that do not move.
pub(super) struct Stills {
    /// The photographs and the camera's fields of view.
    pub(super) views: Panoramas,
    /// Probability that a sequence's pictures appear on grey and go; otherwise one is there all the time.
    pub(super) appearing: f32,
}

impl Item for Stills {
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let still = Shape { frames: 1, ..shape };
        let mut picture = vec![0.0; shape.frame_len()];
        let look = |random: &mut Random, picture: &mut [f32]| {
            let camera = self.views.cameras(random, still, 1.0);
            let texture = &self.views.pictures[random.below(self.views.pictures.len())];
            if let Some(camera) = camera.first() {
                view(texture, *camera, shape.size, picture);
            }
        };
        look(random, &mut picture);
        if !random.chance(self.appearing) {
            out.chunks_exact_mut(shape.frame_len()).for_each(|frame| frame.copy_from_slice(&picture));
            return;
        }
        let grey = random.within(GREY);
        let longest = (shape.frames / 2).max(SHORTEST);
        let (mut shown, mut left) = (random.chance(0.5), random.whole(SHORTEST..=longest));
        for frame in out.chunks_exact_mut(shape.frame_len()) {
            if left == 0 {
                shown = !shown;
                left = random.whole(SHORTEST..=longest);
                if shown {
                    look(random, &mut picture);
                }
            }
            left -= 1;
            if shown { frame.copy_from_slice(&picture) } else { frame.fill(grey) }
        }
    }
}
