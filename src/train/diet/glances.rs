//! Photographs that an eye wanders over: it fixates, drifts meanwhile, and jumps to the next place. What is seen moves as
//! a whole, without depth, most of the time by little and now and then by much.

use std::sync::Arc;

use super::texture::{Levels, Texture};
use super::{Item, Shape};
use crate::train::random::Random;

/// Visual degrees that the frame's width stands for; decides how long a jump lasts.
const FIELD_DEG: f32 = 30.0;
/// Length of a jump in parts of the frame's width; most are short.
const JUMP: [f32; 2] = [0.05, 0.8];
/// Seconds that a jump takes: so many, and so many more per degree (Carpenter 1988, from 1 to 50 degrees).
const JUMP_S: [f32; 2] = [0.021, 0.0022];
/// Small jumps within a fixation a second, and their length in visual degrees (Martinez-Conde et al. 2004).
const MICROSACCADES_HZ: f32 = 1.5;
const MICROSACCADE_DEG: [f32; 2] = [0.1, 0.5];

/// Photographs, and how an eye moves in them.
pub(super) struct Glances {
    /// The photographs.
    pub(super) pictures: Vec<Arc<Levels>>,
    /// Smallest and largest part that is seen at once, of the largest that fits.
    pub(super) crop: [f32; 2],
    /// Shortest and longest fixation in seconds.
    pub(super) fixation_s: [f32; 2],
    /// Standard deviation of the drift in pixels per frame.
    pub(super) drift_px: f32,
    /// Frames a second.
    pub(super) rate_hz: f32,
}

impl Item for Glances {
    fn serve(&self, random: &mut Random, shape: Shape, out: &mut [f32]) {
        let levels = &self.pictures[random.below(self.pictures.len())];
        let size = levels.size();
        let [width, height] = [shape.size.width, shape.size.height].map(|side| side as f32);
        // Pixels of the picture that go to one of the frame.
        let largest = (size.width as f32 / width).min(size.height as f32 / height);
        let scale = largest * random.log_within(self.crop);
        let (texture, scale_there) = levels.for_scale(scale);
        // How far the middle of what is seen may be from that of the picture, in the frame's pixels.
        let room = [size.width as f32 / scale - width, size.height as f32 / scale - height];
        let gazes = self.gazes(random, shape, room.map(|side| 0.5 * side.max(0.0)));
        for (gaze, frame) in gazes.iter().zip(out.chunks_exact_mut(shape.frame_len())) {
            see(texture, scale_there, *gaze, shape, frame);
        }
    }
}

impl Glances {
    /// Where the eye looks in every frame: pixels of the frame from the picture's middle, at most `room`.
    fn gazes(&self, random: &mut Random, shape: Shape, room: [f32; 2]) -> Vec<[f32; 2]> {
        let width = shape.size.width as f32;
        let within = |place: [f32; 2]| [0, 1].map(|axis| place[axis].clamp(-room[axis], room[axis]));
        let fixation =
            |random: &mut Random| (random.within(self.fixation_s) * self.rate_hz).round().max(1.0) as usize;
        let mut place = room.map(|most| random.between(-most, most));
        // A sequence begins somewhere within a fixation.
        let mut left = fixation(random);
        left = random.whole(1..=left);
        let (mut jump, mut gazes): (Vec<[f32; 2]>, _) = (Vec::new(), Vec::with_capacity(shape.frames));
        for _ in 0..shape.frames {
            gazes.push(place);
            if let Some(next) = jump.pop() {
                place = next;
                continue;
            }
            left = left.saturating_sub(1);
            if left > 0 {
                let step = [random.normal(), random.normal()].map(|part| part * self.drift_px);
                let small = if random.chance(MICROSACCADES_HZ / self.rate_hz) {
                    let length = random.log_within(MICROSACCADE_DEG) * width / FIELD_DEG;
                    random.direction().map(|part| part * length)
                } else {
                    [0.0; 2]
                };
                place = within([place[0] + step[0] + small[0], place[1] + step[1] + small[1]]);
                continue;
            }
            let length = random.log_within(JUMP) * width;
            let direction = random.direction();
            let goal = within([place[0] + length * direction[0], place[1] + length * direction[1]]);
            jump = self.way(place, goal, width);
            place = jump.pop().unwrap_or(goal);
            left = fixation(random);
        }
        gazes
    }

    /// The places of a jump, frame by frame, the last one first: slow, fast, slow (least jerk; Flash & Hogan 1985).
    fn way(&self, from: [f32; 2], to: [f32; 2], width: f32) -> Vec<[f32; 2]> {
        let length_deg = (to[0] - from[0]).hypot(to[1] - from[1]) * FIELD_DEG / width;
        let frames = ((JUMP_S[0] + JUMP_S[1] * length_deg) * self.rate_hz).ceil().max(1.0) as usize;
        let at = |frame: usize| {
            let t = frame as f32 / frames as f32;
            let part = t * t * t * (10.0 - 15.0 * t + 6.0 * t * t);
            [0, 1].map(|axis| from[axis] + part * (to[axis] - from[axis]))
        };
        (1..=frames).rev().map(at).collect()
    }
}

/// What is seen around a gaze, as planes in 0..1; every pixel is the mean of four places.
fn see(texture: &Texture, scale: f32, gaze: [f32; 2], shape: Shape, planes: &mut [f32]) {
    let (width, height) = (shape.size.width as usize, shape.size.height as usize);
    let middle = [texture.size.width, texture.size.height].map(|side| 0.5 * side as f32);
    let place = |axis: usize, half: usize, side: usize| {
        let pixels = 0.5 * (half as f32 + 0.5) - 0.5 * side as f32 + gaze[axis];
        middle[axis] + scale * pixels - 0.5
    };
    planes.fill(0.0);
    for line in 0..2 * height {
        let y = place(1, line, height);
        for column in 0..2 * width {
            let color = texture.at_mirrored(place(0, column, width), y);
            for (plane, value) in color.into_iter().enumerate() {
                planes[plane * width * height + line / 2 * width + column / 2] += 0.25 * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Picture;
    use crate::units::PixelSize;

    const SHAPE: Shape = Shape { frames: 4000, size: PixelSize::new(80, 64) };

    fn glances(rate_hz: f32, picture: Picture) -> Glances {
        let pictures = vec![Arc::new(Levels::new(picture))];
        Glances { pictures, crop: [0.4, 0.4], fixation_s: [0.2, 0.6], drift_px: 0.3, rate_hz }
    }

    /// A picture whose red tells the column and whose green the row.
    fn ramp(width: u32, height: u32) -> Picture {
        let size = PixelSize::new(width, height);
        let part = |at: u32, side: u32| (255.0 * (at as f32 + 0.5) / side as f32) as u8;
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Picture { size, rgb: pixels.flat_map(|(x, y)| [part(x, width), part(y, height), 0]).collect() }
    }

    #[test]
    fn an_eye_fixates_most_of_the_time_and_jumps_some_times_a_second() {
        for rate_hz in [10.0, 100.0] {
            let eye = glances(rate_hz, ramp(8, 8));
            let gazes = eye.gazes(&mut Random::new(1, 2), SHAPE, [300.0, 200.0]);
            let steps: Vec<f32> = gazes
                .windows(2)
                .map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]))
                .collect();
            let mut sorted = steps.clone();
            sorted.sort_by(f32::total_cmp);
            assert!(sorted[sorted.len() / 2] < 1.0, "{rate_hz} Hz: {}", sorted[sorted.len() / 2]);
            // A jump of 0.2 field widths and more is one movement without rest.
            let far = |window: &[[f32; 2]]| {
                (window[0][0] - window[window.len() - 1][0]).hypot(window[0][1] - window[window.len() - 1][1])
                    > 12.0
            };
            let span = (0.08 * rate_hz).ceil() as usize + 1;
            let (mut jumps, mut at) = (0, 0);
            while at + span <= gazes.len() {
                if far(&gazes[at..at + span]) {
                    (jumps, at) = (jumps + 1, at + span);
                } else {
                    at += 1;
                }
            }
            let a_second = jumps as f32 * rate_hz / gazes.len() as f32;
            assert!((0.4..3.0).contains(&a_second), "{rate_hz} Hz: {a_second}");
            assert!(gazes.iter().all(|gaze| gaze[0].abs() <= 300.0 && gaze[1].abs() <= 200.0));
        }
    }

    #[test]
    fn what_is_seen_is_the_part_of_the_photograph_that_is_looked_at() {
        let eye = glances(10.0, ramp(1600, 900));
        let shape = Shape { frames: 30, ..SHAPE };
        let mut out = vec![0.0; shape.len()];
        eye.serve(&mut Random::new(3, 4), shape, &mut out);
        let area = shape.size.area();
        let mean = |frame: &[f32], plane: usize| {
            frame[plane * area..(plane + 1) * area].iter().sum::<f32>() / area as f32
        };
        for frame in out.chunks_exact(shape.frame_len()) {
            // 0.4 of the largest part that fits, 1125x900, is 450x360 of 1600x900 pixels.
            let across = frame[area / 2 + 79] - frame[area / 2];
            assert!((across - 450.0 / 1600.0 * 79.0 / 80.0).abs() < 0.01, "{across}");
            let down = frame[2 * area - 40] - frame[area + 40];
            assert!((down - 0.4 * 63.0 / 64.0).abs() < 0.01, "{down}");
            for (plane, half) in [(0, 225.0 / 1600.0), (1, 0.2)] {
                let middle = mean(frame, plane);
                assert!((half - 0.01..=1.01 - half).contains(&middle), "{plane}: {middle}");
            }
        }
    }
}
