//! A camera that turns in a panorama: every pixel's motion is known exactly, and differs from place to place.

use percept::readout::flow::{Luma, Sparse, dense, sparse};
use percept::units::PixelSize;

use crate::texture::{Dice, picture};

const SIZE: PixelSize = PixelSize::new(160, 128);
/// Horizontal field of view, in degrees.
const FIELD_DEG: f64 = 60.0;

type Vector = [f64; 3];
/// Turns to the right, up and clockwise, in pixels at the picture's middle or, the last, in degrees.
type Turn = [f64; 3];

fn focal_px() -> f64 {
    80.0 / (FIELD_DEG / 2.0).to_radians().tan()
}

/// A sight of all directions: waves over the sphere.
struct Panorama(Vec<(Vector, f64)>);

impl Panorama {
    /// Waves of 8 to 40 px.
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let waves = (0..60).map(|_| {
            let (height, angle) = (2.0 * dice.roll() - 1.0, std::f64::consts::TAU * dice.roll());
            let across = (1.0 - height * height).sqrt();
            let number = std::f64::consts::TAU * focal_px() / (8.0 * 5.0_f64.powf(dice.roll()));
            let wave = [across * angle.cos(), height, across * angle.sin()].map(|part| number * part);
            (wave, std::f64::consts::TAU * dice.roll())
        });
        Self(waves.collect())
    }

    fn at(&self, ray: Vector) -> f64 {
        let sum: f64 = self.0.iter().map(|(wave, phase)| (dot(*wave, ray) + phase).cos()).sum();
        (0.5 + 0.25 * sum * (2.0 / self.0.len() as f64).sqrt()).clamp(0.0, 1.0)
    }

    /// What a camera sees that has turned.
    fn seen(&self, turn: Turn) -> Luma {
        picture(SIZE, |x, y| self.at(turned(ray(x, y), turn)))
    }
}

fn dot(one: Vector, other: Vector) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The direction that a pixel looks into: right, up, ahead.
fn ray(x: f64, y: f64) -> Vector {
    let length = (x * x + y * y + focal_px().powi(2)).sqrt();
    [x / length, y / length, focal_px() / length]
}

/// A direction of the camera in the world.
fn turned([x, y, z]: Vector, [right, up, clockwise]: Turn) -> Vector {
    let (sin, cos) = (-clockwise).to_radians().sin_cos();
    let (x, y) = (cos * x - sin * y, sin * x + cos * y);
    let (sin, cos) = (up / focal_px()).sin_cos();
    let (y, z) = (cos * y + sin * z, cos * z - sin * y);
    let (sin, cos) = (right / focal_px()).sin_cos();
    [cos * x + sin * z, y, cos * z - sin * x]
}

/// Where the world's direction is on the picture of a camera that has turned.
fn place([x, y, z]: Vector, [right, up, clockwise]: Turn) -> (f64, f64) {
    let (sin, cos) = (-right / focal_px()).sin_cos();
    let (x, z) = (cos * x + sin * z, cos * z - sin * x);
    let (sin, cos) = (-up / focal_px()).sin_cos();
    let (y, z) = (cos * y + sin * z, cos * z - sin * y);
    let (sin, cos) = clockwise.to_radians().sin_cos();
    let (x, y) = (cos * x - sin * y, sin * x + cos * y);
    (focal_px() * x / z, focal_px() * y / z)
}

/// The exact motion of a place, right and up from the middle.
fn motion(x: f64, y: f64, turn: Turn) -> (f64, f64) {
    let (to_x, to_y) = place(ray(x, y), turn);
    (to_x - x, to_y - y)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

const TURNS: [Turn; 8] = [
    [0.05, 0.0, 0.0],
    [-0.4, 0.0, 0.0],
    [3.0, 0.0, 0.0],
    [-6.0, 0.0, 0.0],
    [0.0, 0.8, 0.0],
    [0.0, 0.0, 0.5],
    [0.0, 0.0, -2.0],
    [1.2, -0.7, 1.0],
];

#[test]
fn the_geometry_is_that_of_a_camera() {
    let (x, y) = motion(0.0, 0.0, [1.0, 0.0, 0.0]);
    assert!((x + 1.0).abs() < 1e-3 && y.abs() < 1e-9, "who looks to the right sees things go to the left");
    let (x, y) = motion(50.0, 0.0, [0.0, 0.0, 1.0]);
    assert!((y - 50.0 * 1.0_f64.to_radians().sin()).abs() < 1e-9 && x.abs() < 0.01, "clockwise: ({x}, {y})");
    for turn in TURNS {
        let back = place(turned(ray(21.0, -13.0), turn), turn);
        assert!((back.0 - 21.0).abs() < 1e-9 && (back.1 + 13.0).abs() < 1e-9, "{turn:?}: {back:?}");
    }
}

#[test]
fn dense_flow_is_exact_at_every_place_of_a_turning_panorama() {
    for (seed, turn) in TURNS.into_iter().enumerate() {
        let panorama = Panorama::new(seed as u64);
        let field = dense(&panorama.seen([0.0; 3]), &panorama.seen(turn)).unwrap();
        let (mut errors, mut sizes) = (Vec::new(), Vec::new());
        // What leaves the picture has no counterpart.
        for at in (0..SIZE.area()).filter(|at| field.confidence[*at] > 0.5) {
            let (x, y) = ((at % 160) as f64 - 79.5, 63.5 - (at / 160) as f64);
            let (u, v) = motion(x, y, turn);
            if x.abs() < 70.0 && y.abs() < 54.0 {
                errors.push((f64::from(field.u[at]) - u).hypot(f64::from(field.v[at]) - v));
                sizes.push(u.hypot(v));
            }
        }
        assert!(errors.len() > 5000, "{turn:?}: only {} places", errors.len());
        let (error, size) = (median(errors), median(sizes));
        assert!(error < (0.02 * size).max(0.004), "{turn:?}: off by {error} px where {size} px are right");
    }
}

/// Turns by steps that the published protocol counts: up to 0.4 px.
const SMALL_TURNS: [Turn; 5] =
    [[0.05, 0.0, 0.0], [-0.3, 0.0, 0.0], [0.0, 0.2, 0.0], [0.0, 0.0, 0.25], [0.1, -0.15, 0.1]];

#[test]
fn the_published_protocol_is_exact_at_its_corners() {
    for (seed, turn) in SMALL_TURNS.into_iter().enumerate() {
        let panorama = Panorama::new(20 + seed as u64);
        let arrows = sparse(&panorama.seen([0.0; 3]), &panorama.seen(turn), &Sparse::FREE).unwrap();
        let is_inside = |place: f32, side: f32| place > 10.0 && place < side - 10.0;
        let inside =
            arrows.iter().filter(|arrow| is_inside(arrow.column, 160.0) && is_inside(arrow.row, 128.0));
        let errors: Vec<f64> = inside
            .map(|arrow| {
                let (u, v) = motion(f64::from(arrow.column) - 79.5, 63.5 - f64::from(arrow.row), turn);
                (f64::from(arrow.u) - u).hypot(f64::from(arrow.v) - v)
            })
            .collect();
        assert!(errors.len() > 8, "{turn:?}: only {} corners", errors.len());
        let size = motion(40.0, 0.0, turn).0.hypot(motion(40.0, 0.0, turn).1);
        let error = median(errors);
        assert!(error < (0.05 * size).max(0.02), "{turn:?}: off by {error} px where {size} px are right");
    }
}
