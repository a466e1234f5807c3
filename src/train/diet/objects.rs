//! Textured objects that move, turn, grow and cover each other, over a photograph that drifts or rests.

use super::panorama::{Panoramas, view};
use super::path::{smooth, swing};
use super::texture::Texture;
use super::{Item, Shape};
use crate::train::random::Random;

/// Brightness of an object's texture, times that of its photograph.
const GAIN: [f32; 2] = [0.5, 1.5];
/// Greatest turn per frame in radians.
const TURN: f32 = 0.3;
/// Greatest change of the logarithm of an object's size per frame, and altogether.
const GROWTH: [f32; 2] = [0.04, 0.5];
/// Speeds of the background in pixels per frame; the first is a rest.
const BACKGROUND_PX: [f32; 4] = [1e-3, 1e-3, 0.5, 1.5];

/// Objects cut from photographs.
pub(super) struct Objects {
    /// The photographs of backgrounds and textures, and the camera's fields of view.
    pub(super) views: Panoramas,
    /// Fewest and most objects.
    pub(super) count: [usize; 2],
    /// Smallest and largest half axis, as a part of the frame's height.
    pub(super) radius: [f32; 2],
    /// Fastest object in pixels per frame.
    pub(super) fastest_px: f32,
}

/// An ellipse or a box with a texture.
struct Object {
    skin: Texture,
    gain: f32,
    axes: [f32; 2],
    is_box: bool,
    path: Vec<[f32; 2]>,
    angle: f32,
    turn: f32,
    growth: Vec<f32>,
}

impl Item for Objects {
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let speed = BACKGROUND_PX[random.below(BACKGROUND_PX.len())];
        let cameras = self.views.cameras(random, shape, speed);
        let back = &self.views.pictures[random.below(self.views.pictures.len())];
        let objects: Vec<Object> =
            (0..random.whole(self.count[0]..=self.count[1])).map(|_| self.object(random, shape)).collect();
        for (index, frame) in out.chunks_exact_mut(shape.frame_len()).enumerate() {
            view(back, cameras[index], shape.size, frame);
            for object in &objects {
                object.draw(index, shape, frame);
            }
        }
    }
}

impl Objects {
    fn object(&self, random: &mut Random, shape: Shape) -> Object {
        let mut planes = vec![0.0; shape.frame_len()];
        let picture = &self.views.pictures[random.below(self.views.pictures.len())];
        if let Some(camera) = self.views.cameras(random, Shape { frames: 1, ..shape }, 1.0).first() {
            view(picture, *camera, shape.size, &mut planes);
        }
        let (width, height) = (shape.size.width as f32, shape.size.height as f32);
        let start = [random.between(0.0, width), random.between(0.0, height)];
        let speed = random.between(0.0, self.fastest_px);
        let path = smooth(random, shape.frames, speed);
        Object {
            skin: Texture::of_planes(&planes, shape.size),
            gain: random.within(GAIN),
            axes: [random.within(self.radius) * height, random.within(self.radius) * height],
            is_box: random.chance(0.5),
            path: path.into_iter().map(|[x, y]| [start[0] + x, start[1] + y]).collect(),
            angle: random.between(0.0, std::f32::consts::PI),
            turn: if random.chance(1.0 / 3.0) { random.between(-TURN, TURN) } else { 0.0 },
            growth: swing(random, shape.frames, GROWTH[0], GROWTH[1]),
        }
    }
}

impl Object {
    fn draw(&self, frame: usize, shape: Shape, planes: &mut [f32]) {
        let (width, height) = (shape.size.width as usize, shape.size.height as usize);
        let [x, y] = self.path[frame];
        let (sin, cos) = (self.angle + self.turn * frame as f32).sin_cos();
        let scale = self.growth[frame].exp();
        let axes = self.axes.map(|axis| axis * scale);
        let reach = axes[0].hypot(axes[1]) + 1.0;
        let span = |middle: f32, length: usize| {
            (middle - reach).max(0.0) as usize..(middle + reach).clamp(0.0, length as f32) as usize
        };
        for row in span(y, height) {
            for column in span(x, width) {
                let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
                let (along, across) = (cos * dx + sin * dy, cos * dy - sin * dx);
                let (u, v) = (along / axes[0], across / axes[1]);
                let from_middle = if self.is_box { u.abs().max(v.abs()) } else { u.hypot(v) };
                let cover = ((1.0 - from_middle) * axes[0].min(axes[1]) + 0.5).clamp(0.0, 1.0);
                if cover == 0.0 {
                    continue;
                }
                let middle = [width as f32 / 2.0, height as f32 / 2.0];
                let color = self.skin.at_mirrored(middle[0] + along / scale, middle[1] + across / scale);
                for (plane, value) in color.into_iter().enumerate() {
                    let pixel = &mut planes[(plane * height + row) * width + column];
                    *pixel += cover * ((value * self.gain).min(1.0) - *pixel);
                }
            }
        }
    }
}
