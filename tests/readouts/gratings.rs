//! Phase of gratings, displacement of objects.

use std::f64::consts::TAU;

use percept::error::Kind;
use percept::readout::displacement::displacement;
use percept::readout::flow::Luma;
use percept::readout::phase::{Grating, phase_step};
use percept::units::PixelSize;
use proptest::prelude::*;

use crate::texture::picture;

const SIZE: PixelSize = PixelSize::new(80, 64);

/// A grating that has moved by some cycles along its direction.
fn moved(grating: &Grating, cycles: f64, contrast: f64) -> Luma {
    let (sin, cos) = grating.direction_deg.to_radians().sin_cos();
    picture(SIZE, |x, y| {
        0.5 + 0.5 * contrast * (TAU * (grating.frequency_cpp * (x * cos + y * sin) - cycles) + 0.7).cos()
    })
}

fn step(grating: &Grating, from: f64, to: f64) -> f64 {
    phase_step(&moved(grating, from, 0.4), &moved(grating, to, 0.4), grating, None).unwrap().step_cycles
}

proptest! {
    #[test]
    fn steps_of_any_grating_are_found_exactly(
        frequency_cpp in 0.02_f64..0.45, direction_deg in -180.0_f64..180.0, cycles in -0.49_f64..0.49,
        start in 0.0_f64..1.0,
    ) {
        let grating = Grating { frequency_cpp, direction_deg };
        prop_assert!((step(&grating, start, start + cycles) - cycles).abs() < 1e-4);
        let behind = Grating { direction_deg: direction_deg + 180.0, ..grating };
        let pair = (moved(&grating, start, 0.4), moved(&grating, start + cycles, 0.4));
        let back = phase_step(&pair.0, &pair.1, &behind, None).unwrap();
        prop_assert!((back.step_cycles + cycles).abs() < 1e-4);
        prop_assert!((back.confidence() - 0.2).abs() < 1e-4);
    }
}

#[test]
fn more_than_half_a_cycle_wraps_to_the_other_direction() {
    let grating = Grating { frequency_cpp: 0.1, direction_deg: 30.0 };
    assert!((step(&grating, 0.0, 0.6) + 0.4).abs() < 1e-5);
    assert!((step(&grating, 0.2, -0.55) - 0.25).abs() < 1e-5);
    let found = phase_step(&moved(&grating, 0.0, 0.4), &moved(&grating, 0.25, 0.4), &grating, None).unwrap();
    assert!((found.step_px(&grating) - 2.5).abs() < 1e-3);
}

#[test]
fn reversed_contrast_is_half_a_cycle_so_that_a_quarter_forward_goes_back() {
    let grating = Grating { frequency_cpp: 0.08, direction_deg: 0.0 };
    let pair = |cycles, contrast| (moved(&grating, 0.0, 0.4), moved(&grating, cycles, contrast));
    let (from, to) = pair(0.0, -0.4);
    assert!((phase_step(&from, &to, &grating, None).unwrap().step_cycles.abs() - 0.5).abs() < 1e-5);
    let (from, to) = pair(0.25, -0.4);
    assert!((phase_step(&from, &to, &grating, None).unwrap().step_cycles + 0.25).abs() < 1e-5);
}

#[test]
fn the_window_chooses_and_needs_no_whole_cycles() {
    let grating = Grating { frequency_cpp: 0.07, direction_deg: 0.0 };
    let at = |cycles: f64| {
        picture(SIZE, |x, _| 0.5 + 0.2 * (TAU * (0.07 * x - if x < 0.0 { cycles } else { -cycles })).cos())
    };
    let left: Vec<f32> = (0..SIZE.area()).map(|at| f32::from(u8::from(at % 80 < 33))).collect();
    let right: Vec<f32> = (0..SIZE.area()).map(|at| f32::from(u8::from(at % 80 >= 47))).collect();
    let found = |window: &[f32]| phase_step(&at(0.0), &at(0.1), &grating, Some(window)).unwrap().step_cycles;
    assert!((found(&left) - 0.1).abs() < 1e-4 && (found(&right) + 0.1).abs() < 1e-4);
}

#[test]
fn phases_that_have_no_answer_are_errors() {
    let grating = Grating { frequency_cpp: 0.1, direction_deg: 0.0 };
    let shown = moved(&grating, 0.0, 0.4);
    let kind = |grating: Grating, window: &[f32]| {
        phase_step(&shown, &shown, &grating, Some(window)).unwrap_err().kind
    };
    assert_eq!(kind(grating, &[1.0]), Kind::Mismatch);
    assert_eq!(kind(grating, &vec![0.0; SIZE.area()]), Kind::Empty);
    let mut two_pixels = vec![0.0; SIZE.area()];
    two_pixels[..2].fill(1.0);
    assert_eq!(kind(grating, &two_pixels), Kind::Empty);
    assert_eq!(kind(Grating { frequency_cpp: 0.6, ..grating }, &vec![1.0; SIZE.area()]), Kind::Mismatch);
    let flat = phase_step(&moved(&grating, 0.0, 0.0), &shown, &grating, None).unwrap();
    assert!(flat.confidence() < 1e-6);
}

/// A soft disc of 6 px radius at a place, on grey.
fn disc(x: f64, y: f64, contrast: f64) -> Luma {
    picture(SIZE, |px, py| {
        let rim = 6.0 - (px - x).hypot(py - y);
        0.5 + contrast / (1.0 + (-2.0 * rim).exp())
    })
}

#[test]
fn an_object_is_found_where_it_went_both_ways() {
    let around = |at: usize| {
        let (x, y) = ((at % 80) as f64 - 39.5, 31.5 - (at / 80) as f64);
        f32::from(u8::from((x - 5.0).hypot(y + 3.0) < 18.0))
    };
    let mask: Vec<f32> = (0..SIZE.area()).map(around).collect();
    for (px, contrast) in [(0.1, 0.4), (0.7, -0.3), (-2.0, 0.4)] {
        let (sin, cos) = 25.0_f64.to_radians().sin_cos();
        let (from, to) = (disc(5.0, -3.0, contrast), disc(5.0 + px * cos, -3.0 + px * sin, contrast));
        for ground in [None, Some(picture(SIZE, |_, _| 0.5))] {
            let found = displacement(&from, &to, ground.as_ref(), &mask, 25.0).unwrap();
            assert!((found.flow_px.value - px).abs() < (0.05 * px.abs()).max(0.01), "{px}: {found:?}");
            assert!((found.centroid_px - px).abs() < 0.01, "{px}: {found:?}");
            assert!((found.visible - 1.0).abs() < 0.01);
            let across = displacement(&from, &to, ground.as_ref(), &mask, 115.0).unwrap();
            assert!(across.flow_px.value.abs() < 0.02 && across.centroid_px.abs() < 0.01);
        }
    }
    let (shown, gone) = (disc(5.0, -3.0, 0.4), picture(SIZE, |_, _| 0.5));
    let found = displacement(&shown, &gone, Some(&gone), &mask, 0.0).unwrap();
    assert!(found.centroid_px.is_nan() && found.visible == 0.0);
    assert_eq!(
        displacement(&shown, &gone, None, &vec![0.0; SIZE.area()], 0.0).unwrap_err().kind,
        Kind::Empty
    );
    assert_eq!(
        displacement(&shown, &gone, None, &vec![1.0; SIZE.area()], 0.0).unwrap_err().kind,
        Kind::Empty
    );
    assert_eq!(displacement(&shown, &gone, None, &[1.0], 0.0).unwrap_err().kind, Kind::Mismatch);
}
