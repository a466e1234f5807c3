//! Stripes on both sides of every threshold.

use percept::safety::Class;

use crate::clips::{Clip, SIZE, grey};

/// Still, or drifting, square stripes over a part of the width, for so long.
fn stripes(pairs: f64, drift_hz: f64, seconds: f64, contrast: f64, part: f64) -> Class {
    let clip = Clip::new(seconds.max(1.5), |x, _, t| {
        let at = f64::from(x) / f64::from(SIZE.width) / part;
        if at >= 1.0 || t > seconds + 1e-6 {
            return grey(0.3 + contrast / 2.0);
        }
        grey(if (at * pairs - drift_hz * t + 100.0).fract() < 0.5 { 0.3 + contrast } else { 0.3 })
    });
    let verdict = clip.verdict();
    assert!(verdict.class != Class::Fails, "{}", verdict.words());
    verdict.class
}

#[test]
fn eight_pairs_that_stand_still_and_six_that_move() {
    let found = |pairs, drift_hz| stripes(pairs, drift_hz, 1.5, 0.5, 1.0) == Class::Warning;
    assert!(!found(5.0, 0.0) && !found(7.0, 0.0) && found(8.0, 0.0) && found(15.0, 0.0));
    assert!(!found(5.0, 1.0) && found(6.0, 1.0));
}

#[test]
fn for_half_a_second() {
    assert_eq!(stripes(8.0, 0.0, 0.4, 0.5, 1.0), Class::Passes);
    assert_eq!(stripes(8.0, 0.0, 0.6, 0.5, 1.0), Class::Warning);
}

#[test]
fn with_a_tenth_of_the_luminance() {
    assert_eq!(stripes(8.0, 0.0, 1.5, 0.09, 1.0), Class::Passes);
    assert_eq!(stripes(8.0, 0.0, 1.5, 0.11, 1.0), Class::Warning);
}

#[test]
fn over_a_quarter_of_the_picture() {
    assert_eq!(stripes(8.0, 0.0, 1.5, 0.5, 0.22), Class::Passes);
    assert_eq!(stripes(8.0, 0.0, 1.5, 0.5, 0.3), Class::Warning);
}

#[test]
fn in_any_direction() {
    for degrees in [0.0, 30.0, 45.0, 60.0, 90.0, 135.0_f64] {
        let (across, up) = (degrees.to_radians().cos(), degrees.to_radians().sin());
        let clip = Clip::new(1.0, |x, y, _| {
            let at = f64::from(x) * across + f64::from(y) * up;
            grey(0.4 + 0.3 * (at / 10.0 * std::f64::consts::TAU).sin())
        });
        assert_eq!(clip.verdict().class, Class::Warning, "{degrees}");
    }
}

#[test]
fn stripes_that_reverse_are_a_pattern_too() {
    let clip = Clip::new(1.5, |x, _, t| {
        let stripe = (f64::from(x) / 20.0 * std::f64::consts::TAU).sin();
        grey(0.4 + 0.3 * stripe * (std::f64::consts::TAU * 1.2 * t).sin())
    });
    let verdict = clip.verdict();
    assert!(verdict.pattern.is_some(), "{}", verdict.words());
}
