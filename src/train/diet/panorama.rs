//! Panoramas: equirectangular photographs seen by a camera that turns and zooms, with exact motion and no parallax.

use std::f32::consts::{FRAC_PI_2, PI};

use super::path::{smooth, swing};
use super::texture::Texture;
use super::{Item, Shape};
use crate::train::random::Random;
use crate::units::PixelSize;

/// Highest and lowest look of a camera, in radians from the horizon.
const MOST_PITCH: f32 = 1.2;
/// Greatest change of the logarithm of the field of view per frame, and altogether.
const ZOOM: [f32; 2] = [0.02, 0.4];
/// Greatest turn about the line of sight per frame, and altogether, in radians.
const ROLL: [f32; 2] = [0.05, 0.6];

/// Where a camera looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Camera {
    /// To the right, in radians.
    pub(super) yaw: f32,
    /// Down, in radians.
    pub(super) pitch: f32,
    /// Turn about the line of sight, in radians.
    pub(super) roll: f32,
    /// Horizontal field of view in radians.
    pub(super) field: f32,
}

/// Photographs of all directions, and how a camera moves in them.
pub(super) struct Panoramas {
    /// The photographs, twice as wide as high.
    pub(super) pictures: Vec<std::sync::Arc<Texture>>,
    /// Slowest and fastest turn, in pixels per frame.
    pub(super) speed_px: [f32; 2],
    /// Narrowest and widest field of view, in degrees.
    pub(super) field_deg: [f32; 2],
}

impl Item for Panoramas {
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let speed = random.log_within(self.speed_px);
        let cameras = self.cameras(random, shape, speed);
        let picture = &self.pictures[random.below(self.pictures.len())];
        for (camera, frame) in cameras.iter().zip(out.chunks_exact_mut(shape.frame_len())) {
            view(picture, *camera, shape.size, frame);
        }
    }
}

impl Panoramas {
    /// A camera's way through a sequence at a speed in pixels per frame.
    pub(super) fn cameras(&self, random: &mut Random, shape: Shape, speed_px: f32) -> Vec<Camera> {
        let field = random.within(self.field_deg).to_radians();
        let path = smooth(random, shape.frames, speed_px * field / shape.size.width as f32);
        let zoom = swing(random, shape.frames, ZOOM[0], ZOOM[1]);
        let roll = swing(random, shape.frames, ROLL[0], ROLL[1]);
        let (yaw, pitch, tilt) =
            (random.between(-PI, PI), random.between(-0.5, 0.5), random.between(-0.3, 0.3));
        let at = |frame: usize| Camera {
            yaw: yaw + path[frame][0],
            pitch: reflected(pitch + path[frame][1], MOST_PITCH),
            roll: tilt + roll[frame],
            field: (field * zoom[frame].exp()).min(2.0),
        };
        (0..shape.frames).map(at).collect()
    }
}

/// A value that turns back at ±`most`.
fn reflected(value: f32, most: f32) -> f32 {
    let turn = (value + most).rem_euclid(4.0 * most);
    if turn <= 2.0 * most { turn - most } else { 3.0 * most - turn }
}

/// What a camera sees, as planes in 0..1; every pixel is the mean of four rays.
pub(super) fn view(picture: &Texture, camera: Camera, size: PixelSize, planes: &mut [f32]) {
    let (width, height) = (size.width as usize, size.height as usize);
    let (mut columns, mut rows) = (vec![0.0; 2 * width], vec![0.0; 2 * width]);
    planes.fill(0.0);
    for line in 0..2 * height {
        pulp::Arch::new().dispatch(|| rays(picture, camera, size, line, &mut columns, &mut rows));
        let begin = line / 2 * width;
        for (pixel, (x, y)) in columns.iter().zip(&rows).enumerate() {
            let color = picture.at_wrapped(*x, *y);
            for (plane, value) in color.into_iter().enumerate() {
                planes[plane * width * height + begin + pixel / 2] += 0.25 * value;
            }
        }
    }
}

/// Where in the picture the rays of half a row of pixels end.
#[allow(clippy::inline_always, reason = "so that it is compiled for the vectors that there are")]
#[inline(always)]
fn rays(
    picture: &Texture,
    camera: Camera,
    size: PixelSize,
    line: usize,
    columns: &mut [f32],
    rows: &mut [f32],
) {
    let focal = size.width as f32 / (camera.field / 2.0).tan();
    let y = (line as f32 + 0.5 - size.height as f32) / focal;
    let (sin_roll, cos_roll) = camera.roll.sin_cos();
    let (sin_pitch, cos_pitch) = camera.pitch.sin_cos();
    let across = picture.size.width as f32 / (2.0 * PI);
    let down = picture.size.height as f32 / PI;
    for (index, (column, row)) in columns.iter_mut().zip(rows).enumerate() {
        let x = (index as f32 + 0.5 - size.width as f32) / focal;
        let (x, y) = (cos_roll * x - sin_roll * y, sin_roll * x + cos_roll * y);
        let (y, z) = (cos_pitch * y - sin_pitch, sin_pitch * y + cos_pitch);
        *column = (arc(x, z) + camera.yaw + PI) * across - 0.5;
        *row = (arc(y, (x * x + z * z).sqrt()) + FRAC_PI_2) * down - 0.5;
    }
}

/// `up.atan2(along)` without branches.
#[allow(clippy::inline_always, reason = "so that loops over it become vectors")]
#[inline(always)]
fn arc(up: f32, along: f32) -> f32 {
    let (a, b) = (up.abs(), along.abs());
    let ratio = a.min(b) / a.max(b).max(f32::MIN_POSITIVE);
    let s = ratio * ratio;
    // A fit of atan on 0..1 by odd powers, with errors below 2.5e-7.
    let high = ((0.006_812_59 * s - 0.033_606_61) * s + 0.079_626_41) * s - 0.132_334_9;
    let sum = (((high * s + 0.198_078_54) * s - 0.333_173_72) * s + 0.999_996_1) * ratio;
    let steep = if a > b { FRAC_PI_2 - sum } else { sum };
    let half = if along < 0.0 { PI - steep } else { steep };
    if up < 0.0 { -half } else { half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Picture;

    #[test]
    fn angles_are_those_of_the_library() {
        for i in 0..1000 {
            let (y, x) = (i as f32 * 0.37).sin_cos();
            assert!((arc(y * 3.0, x * 3.0) - (y * 3.0).atan2(x * 3.0)).abs() < 2e-6, "{y} {x}");
        }
        assert_eq!(arc(0.0, 0.0), 0.0);
    }

    /// A panorama whose colour says where it is: red from west to east, green from the zenith to the nadir.
    fn atlas() -> Texture {
        let size = PixelSize::new(512, 256);
        let pixel = |i: usize| [(i % 512 / 2) as u8, (i / 512) as u8, 0];
        Texture::new(&Picture { size, rgb: (0..size.area()).flat_map(pixel).collect() })
    }

    fn middle(camera: Camera) -> [f32; 2] {
        let size = PixelSize::new(32, 32);
        let mut planes = vec![0.0; 3 * size.area()];
        view(&atlas(), camera, size, &mut planes);
        let at = |plane: usize, column: usize, row: usize| planes[(plane * 32 + row) * 32 + column];
        let mean = |plane| {
            (at(plane, 15, 15) + at(plane, 16, 15) + at(plane, 15, 16) + at(plane, 16, 16)) / 4.0 * 255.0
        };
        // To degrees of longitude and of latitude below the horizon.
        [mean(0) / 256.0 * 360.0 - 180.0, mean(1) / 256.0 * 180.0 - 90.0]
    }

    #[test]
    fn a_camera_looks_where_it_is_turned() {
        let field = 0.5;
        for (yaw_deg, pitch_deg) in [(0.0_f32, 0.0_f32), (90.0, 0.0), (-45.0, 30.0), (20.0, -50.0)] {
            let (yaw, pitch) = (yaw_deg.to_radians(), pitch_deg.to_radians());
            let [longitude, latitude] = middle(Camera { yaw, pitch, roll: 0.7, field });
            assert!((longitude - yaw_deg).abs() < 1.5, "{longitude} {yaw_deg}");
            assert!((latitude + pitch_deg).abs() < 1.5, "{latitude} {pitch_deg}");
        }
    }

    #[test]
    fn the_field_of_view_is_what_was_asked_for() {
        let size = PixelSize::new(64, 8);
        let mut planes = vec![0.0; 3 * size.area()];
        view(
            &atlas(),
            Camera { yaw: 0.0, pitch: 0.0, roll: 0.0, field: 60.0_f32.to_radians() },
            size,
            &mut planes,
        );
        let longitude = |column: usize| planes[4 * 64 + column] * 255.0 / 256.0 * 360.0 - 180.0;
        // Pixel centres are half a pixel inside the field's ends.
        assert!((longitude(63) - longitude(0) - 59.3).abs() < 1.5, "{} {}", longitude(63), longitude(0));
    }

    #[test]
    fn reflection_keeps_to_its_range() {
        for (value, wanted) in [(0.5, 0.5), (1.4, 1.0), (-1.4, -1.0), (4.8, 0.0)] {
            assert!((reflected(value, 1.2) - wanted).abs() < 1e-5);
        }
    }
}
