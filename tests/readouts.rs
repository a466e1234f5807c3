//! Read-outs on pictures whose answer is known: translations, rotations, growth, gratings, noise.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::f64::consts::TAU;

use percept::readout::flow::{Luma, dense, rates};
use percept::readout::{brightness, phase};
use percept::units::PixelSize;

const SIZE: PixelSize = PixelSize::new(80, 64);
const MIDDLE: [f64; 2] = [39.5, 31.5];

/// A number in 0..1 that follows from two others.
fn chance(seed: u64, number: u64) -> f64 {
    let mut h = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (h >> 11) as f64 / (1u64 << 53) as f64
}

/// A smooth texture, known at every place and not only at pixels: 40 waves of 8 to 70 pixels.
fn texture(seed: u64, x: f64, y: f64) -> f64 {
    let wave = |n: u64| {
        let [frequency, angle, phase] = [0, 1, 2].map(|which| chance(seed, 3 * n + which));
        let (frequency, angle) = (0.015 + 0.11 * frequency, TAU * angle);
        0.035 * (TAU * (frequency * (x * angle.cos() + y * angle.sin()) + phase)).sin()
    };
    0.5 + (0..40).map(wave).sum::<f64>()
}

fn picture(of: impl Fn(f64, f64) -> f64) -> Luma {
    let places = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| (f64::from(x), f64::from(y))));
    Luma { size: SIZE, values: places.map(|(x, y)| of(x, y) as f32).collect() }
}

#[test]
fn translations_from_a_twentieth_of_a_pixel_to_six_are_read() {
    for seed in 1..4 {
        let still = picture(|x, y| texture(seed, x, y));
        for distance in [0.05, 0.2, 0.5, 1.0, 2.0, 3.5, 6.0] {
            for direction_deg in [0.0_f64, 37.0, 90.0, 200.0] {
                let [dx, dy] = [direction_deg.to_radians().cos(), direction_deg.to_radians().sin()];
                // Up is towards smaller rows.
                let moved = picture(|x, y| texture(seed, x - distance * dx, y + distance * dy));
                let field = dense(&still, &moved);
                let along = rates::translation(&field, None, direction_deg).value;
                let beside = rates::translation(&field, None, direction_deg + 90.0).value;
                let most = (0.07 * distance).max(0.01);
                assert!((along - distance).abs() < most, "{distance} px to {direction_deg}: {along}");
                assert!(beside.abs() < most, "{distance} px to {direction_deg}: {beside} beside");
            }
        }
    }
}

#[test]
fn exchanging_the_pictures_turns_the_flow_round() {
    let [one, other] = [0.0, 1.3].map(|d| picture(|x, y| texture(5, x - d, y)));
    let (there, back) = (dense(&one, &other), dense(&other, &one));
    let worst = there.u.iter().zip(&back.u).map(|(a, b)| (a + b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-3, "{worst}");
}

#[test]
fn rotation_and_growth_are_told_apart() {
    for turned_deg in [-5.0_f64, -0.5, 0.1, 2.0] {
        let (cos, sin) = (turned_deg.to_radians().cos(), turned_deg.to_radians().sin());
        let back = |x: f64, y: f64| {
            let (x, y) = (x - MIDDLE[0], y - MIDDLE[1]);
            // Counter-clockwise on a screen whose rows count downwards.
            texture(9, MIDDLE[0] + cos * x - sin * y, MIDDLE[1] + sin * x + cos * y)
        };
        let field = dense(&picture(|x, y| texture(9, x, y)), &picture(back));
        let rotation = rates::rotation(&field, None, MIDDLE);
        assert!((rotation.value - turned_deg).abs() < 0.07 * turned_deg.abs(), "{turned_deg}: {rotation:?}");
        assert!(rates::expansion(&field, None, MIDDLE).value.abs() < 0.002);
    }
    let grown =
        |x: f64, y: f64| texture(9, MIDDLE[0] + (x - MIDDLE[0]) / 1.03, MIDDLE[1] + (y - MIDDLE[1]) / 1.03);
    let field = dense(&picture(|x, y| texture(9, x, y)), &picture(grown));
    let growth = rates::expansion(&field, None, MIDDLE).value;
    assert!((growth - 0.03).abs() < 0.003, "{growth}");
    assert!(rates::rotation(&field, None, MIDDLE).value.abs() < 0.1);
}

#[test]
fn nothing_moves_between_a_picture_and_itself_and_noise_has_no_direction() {
    let still = picture(|x, y| texture(3, x, y));
    let field = dense(&still, &still);
    assert!(field.u.iter().chain(&field.v).all(|motion| motion.abs() < 1e-6));
    // Two pictures that have nothing to do with each other: over many pairs the mean lies within its spread.
    let noise = |seed: u64| picture(move |x, y| chance(seed, (y * 80.0 + x) as u64));
    let means: Vec<f64> = (0..24)
        .map(|n| rates::translation(&dense(&noise(100 + n), &noise(500 + n)), None, 0.0).value)
        .collect();
    let mean = means.iter().sum::<f64>() / 24.0;
    let spread = (means.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 23.0).sqrt();
    assert!(mean.abs() < 3.5 * spread / 24.0_f64.sqrt(), "{mean} with spread {spread}");
}

#[test]
fn a_mask_chooses_what_counts() {
    let [one, other] = [0.0, 0.8].map(|d| {
        // The right half moves right, the left half stays.
        picture(move |x, y| texture(4, if x > 40.0 { x - d } else { x }, y))
    });
    let field = dense(&one, &other);
    let mask = |from: u32, to: u32| -> Vec<f32> {
        let inside = |n: u32| (from..to).contains(&(n % SIZE.width));
        (0..SIZE.area() as u32).map(|n| f32::from(u8::from(inside(n)))).collect()
    };
    let right = rates::translation(&field, Some(&mask(50, 72)), 0.0).value;
    let left = rates::translation(&field, Some(&mask(8, 30)), 0.0).value;
    assert!((right - 0.8).abs() < 0.08 && left.abs() < 0.02, "{left} and {right}");
    assert!(rates::translation(&field, Some(&mask(0, 0)), 0.0).value.is_nan(), "nothing counts");
}

#[test]
fn steps_of_gratings_are_read_up_to_half_a_cycle_and_contrast_reversal_is_half_a_cycle() {
    let frequency_cpp = 0.07;
    for direction_deg in [0.0_f64, 90.0, 150.0] {
        let [dx, dy] = [direction_deg.to_radians().cos(), direction_deg.to_radians().sin()];
        let grating = |phase: f64, contrast: f64| {
            picture(move |x, y| 0.5 + contrast * (TAU * (frequency_cpp * (x * dx - y * dy) - phase)).sin())
        };
        for cycles in [-0.4, -0.1, 0.0, 0.02, 0.25, 0.45] {
            let step = phase::step(
                &grating(0.3, 0.4),
                &grating(0.3 + cycles, 0.1),
                frequency_cpp,
                direction_deg,
                None,
            );
            let step = step.unwrap();
            assert!((step.cycles - cycles).abs() < 0.01, "{cycles} to {direction_deg}: {step:?}");
        }
        let reversed =
            phase::step(&grating(0.0, 0.4), &grating(0.0, -0.4), frequency_cpp, direction_deg, None).unwrap();
        assert!(reversed.cycles.abs() > 0.49, "{reversed:?}");
    }
    assert_eq!(phase::step(&picture(|_, _| 0.5), &picture(|_, _| 0.5), frequency_cpp, 0.0, None), None);
}

#[test]
fn brightness_is_a_difference_of_weighted_means() {
    let halves = picture(|x, _| if x < 40.0 { 0.2 } else { 0.7 });
    let side = |left: bool| -> Vec<f32> {
        (0..SIZE.area()).map(|n| if (n % 80 < 40) == left { 0.5 } else { 0.0 }).collect()
    };
    let difference = brightness::difference(&halves, &side(false), &side(true)).unwrap();
    assert!((difference - 50.0).abs() < 1e-4, "{difference}");
    assert_eq!(brightness::difference(&halves, &side(true), &vec![0.0; SIZE.area()]), None);
}
