//! Paths of a gaze or an object: smooth motion that rests, turns and reverses now and then.

use crate::train::random::Random;

/// Probability per frame that a motion changes its mind.
const CHANGE: f32 = 0.03;
/// Of the changes: how many are rests, and how many reversals; the others are new directions.
const RESTS: f32 = 0.35;
const REVERSALS: f32 = 0.2;
/// Frames of a rest.
const REST_FRAMES: [usize; 2] = [4, 40];
/// Random change of the velocity from frame to frame, as a part of the speed.
const UNSTEADY: f32 = 0.05;

/// Positions in pixels in `frames` frames, from (0, 0), at about `speed_px` a frame.
pub(super) fn smooth(random: &mut Random, frames: usize, speed_px: f32) -> Vec<[f32; 2]> {
    let mut velocity = random.direction().map(|part| part * speed_px);
    let (mut place, mut rest) = ([0.0; 2], 0);
    let mut places = Vec::with_capacity(frames);
    for _ in 0..frames {
        places.push(place);
        velocity = velocity.map(|part| part + random.normal() * UNSTEADY * speed_px);
        if rest > 0 {
            rest -= 1;
            continue;
        }
        if random.chance(CHANGE) {
            let kind = random.unit();
            if kind < RESTS {
                rest = random.whole(REST_FRAMES[0]..=REST_FRAMES[1]);
            } else if kind < RESTS + REVERSALS {
                velocity = velocity.map(|part| -part);
            } else {
                let speed = speed_px * random.log_within([0.5, 2.0]);
                velocity = random.direction().map(|part| part * speed);
            }
        }
        place = [place[0] + velocity[0], place[1] + velocity[1]];
    }
    places
}

/// A quantity that swings around 0 with this greatest speed per frame and amplitude; one in three moves at all.
pub(super) fn swing(random: &mut Random, frames: usize, speed: f32, amplitude: f32) -> Vec<f32> {
    let speed = if random.chance(1.0 / 3.0) { speed * random.unit() } else { 0.0 };
    let phase = random.between(0.0, std::f32::consts::TAU);
    (0..frames).map(|frame| amplitude * (phase + speed / amplitude * frame as f32).sin()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_about_its_speed_and_rests_at_times() {
        let mut random = Random::new(1, 0);
        let places = smooth(&mut random, 20_000, 2.0);
        let steps: Vec<f32> =
            places.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).collect();
        let resting = steps.iter().filter(|step| **step == 0.0).count() as f32 / steps.len() as f32;
        assert!((0.1..0.4).contains(&resting), "{resting}");
        let mut moving: Vec<f32> = steps.into_iter().filter(|step| *step > 0.0).collect();
        moving.sort_by(f32::total_cmp);
        assert!((1.0..5.0).contains(&moving[moving.len() / 2]), "{}", moving[moving.len() / 2]);
        assert_eq!(places[0], [0.0, 0.0]);
    }

    #[test]
    fn a_swing_keeps_its_bounds() {
        let mut random = Random::new(2, 0);
        for _ in 0..50 {
            let values = swing(&mut random, 80, 0.05, 0.3);
            assert!(values.iter().all(|value| value.abs() <= 0.3));
            assert!(values.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 0.0501));
        }
    }
}
