//! What holds whatever is shown.

use percept::safety::{Analyser, Class, Field, FlashClass, Pixels, Verdict};

use crate::clips::{BLACK_WHITE, Clip, Light, SIZE, grey, whole};

/// A value in 0..1 that looks random and is the same every time.
fn hash(seed: u32) -> f64 {
    let mixed = (seed ^ 0x9e37_79b9).wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
    f64::from((mixed ^ (mixed >> 16)) & 0xffff) / 65_535.0
}

fn run(frames: &[Vec<f32>]) -> Verdict {
    let mut analyser = Analyser::new(Field::FullScreen);
    for (i, frame) in frames.iter().enumerate() {
        analyser.push(SIZE, Pixels::Planes(frame), i as f64 / 60.0);
    }
    analyser.verdict()
}

fn rate(verdict: &Verdict) -> f64 {
    let most =
        |found: &Option<percept::safety::Finding>| found.as_ref().map_or(0.0, |found| found.per_second);
    most(&verdict.general.over).max(most(&verdict.general.any))
}

#[test]
fn backwards_and_shifted_in_time_there_are_as_many_flashes() {
    for hz in [1.3, 2.2, 4.0, 7.0, 13.0] {
        let sine = |phase: f64| {
            Clip::new(3.0, move |x: u32, _, t: f64| {
                let strength = 0.2 + 0.3 * f64::from(x) / f64::from(SIZE.width);
                grey(0.5 + strength * (std::f64::consts::TAU * (hz * t + phase)).sin())
            })
        };
        let clip = sine(0.0);
        let mut frames: Vec<_> = clip.times().iter().map(|&t| clip.planes(t)).collect();
        let forwards = run(&frames);
        frames.reverse();
        for other in [run(&frames), sine(0.3).verdict(), sine(0.77).verdict()] {
            assert_eq!(other.flash, forwards.flash, "{hz} Hz: {} / {}", other.words(), forwards.words());
            assert!(
                (rate(&other) - rate(&forwards)).abs() < 0.06 * hz + 0.5,
                "{hz} Hz: {} / {}",
                other.words(),
                forwards.words()
            );
        }
        assert_eq!(forwards.class == Class::Fails, hz > 3.0, "{hz} Hz: {}", forwards.words());
    }
}

#[test]
fn noise_alone_passes() {
    let noise = Clip::new(2.0, |x, y, t| {
        grey(hash(x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ ((t * 60.0) as u32).wrapping_mul(65_537)))
    });
    // A grain of a sixteenth of a degree: WCAG exempts what is finer than a tenth.
    let mut fine = noise;
    fine.size = percept::units::PixelSize::new(480, 360);
    let verdict = fine.verdict();
    assert_eq!(verdict.class, Class::Passes, "{}", verdict.words());
}

#[test]
fn noise_over_it_hides_no_flicker() {
    let verdict = Clip::new(2.0, |x, y, t| {
        let noise =
            hash(x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ ((t * 60.0) as u32).wrapping_mul(65_537));
        grey(if crate::clips::is_on(t, 6.0) { 0.6 } else { 0.2 } + 0.1 * (noise - 0.5))
    })
    .verdict();
    assert_eq!(verdict.class, Class::Fails, "{}", verdict.words());
}

#[test]
fn what_stands_still_drifts_or_moves_passes() {
    let disc = |x: u32, y: u32, t: f64| -> Light {
        let (dx, dy) = (f64::from(x) - 120.0 - 60.0 * (4.0 * t).sin(), f64::from(y) - 90.0);
        grey(if dx * dx + dy * dy < 900.0 { 0.9 } else { 0.1 })
    };
    assert_eq!(Clip::new(3.0, disc).verdict().class, Class::Passes);
    // Three wide stripes that drift at 4 Hz: each place goes light and dark, but never much of the field at once.
    let drift = Clip::new(3.0, |x, _, t| {
        grey(0.5 + 0.4 * ((f64::from(x) / 80.0 - 4.0 * t) * std::f64::consts::TAU).sin())
    });
    assert_eq!(drift.verdict().flash, FlashClass::None, "{}", drift.verdict().words());
    let reversing = Clip::new(3.0, |x, _, t| {
        let sign = if crate::clips::is_on(t, 4.0) { 1.0 } else { -1.0 };
        grey(0.5 + 0.4 * sign * (f64::from(x) / 80.0 * std::f64::consts::TAU).sin())
    });
    assert_eq!(reversing.verdict().class, Class::Fails, "{}", reversing.verdict().words());
}

#[test]
fn a_slow_camera_and_a_fast_screen_see_the_same_flicker() {
    for rate_hz in [24.0, 25.0, 30.0, 50.0, 120.0] {
        for (hz, class) in [(2.4, Class::Passes), (4.0, Class::Fails)] {
            let clip = Clip {
                rate_hz,
                ..Clip::new(3.0, move |_, _, t| grey(f64::from(u8::from(crate::clips::is_on(t, hz)))))
            };
            assert_eq!(clip.verdict().class, class, "{hz} Hz at {rate_hz}: {}", clip.verdict().words());
        }
    }
}

#[test]
fn going_back_in_time_or_another_size_is_no_flash_and_loses_none() {
    let mut analyser = Analyser::new(Field::FullScreen);
    let shades = [0.0_f32, 1.0];
    for pass in 0..8 {
        for i in 0..4 {
            let frame = vec![shades[pass % 2]; SIZE.area()];
            analyser.push(SIZE, Pixels::Planes(&frame), f64::from(i) * 0.02);
        }
    }
    assert_eq!(analyser.verdict().class, Class::Passes);
    let mut analyser = Analyser::new(Field::FullScreen);
    for i in 0..60 {
        analyser.push(SIZE, Pixels::Planes(&vec![shades[i / 4 % 2]; SIZE.area()]), i as f64 / 60.0);
    }
    assert!(analyser.fails());
    analyser.push(percept::units::PixelSize::new(8, 8), Pixels::Rgb8(&[0; 192]), 0.0);
    assert!(analyser.fails() && analyser.verdict().frames == 61);
}

#[test]
fn odd_input_does_no_harm() {
    let mut analyser = Analyser::new(Field::WidthDeg(f64::NAN));
    for (size, bytes) in [((1, 1), 3), ((3, 200), 7), ((5000, 1), 0), ((2, 2), 12)] {
        let size = percept::units::PixelSize::new(size.0, size.1);
        analyser.push(size, Pixels::Rgb8(&vec![9; bytes]), f64::NAN);
        analyser.push(size, Pixels::Planes(&[f32::NAN; 12]), -1.0);
        analyser.push(size, Pixels::Planes(&[f32::INFINITY; 12]), 1e300);
    }
    assert_eq!(analyser.verdict().class, Class::Passes);
}

#[test]
fn bytes_and_planes_and_a_small_field() {
    let mut small = Analyser::new(Field::WidthDeg(4.0));
    let mut large = Analyser::new(Field::FullScreen);
    for i in 0..120 {
        let bytes = vec![if i / 5 % 2 == 0 { 255 } else { 0 }; 3 * SIZE.area()];
        for analyser in [&mut small, &mut large] {
            analyser.push(SIZE, Pixels::Rgb8(&bytes), f64::from(i) / 60.0);
        }
    }
    // 4 by 3 degrees are 16 % of a field of 10 degrees.
    assert_eq!((small.verdict().class, large.verdict().class), (Class::Passes, Class::Fails));
    assert_eq!(large.verdict().class, whole(6.0, 2.0, BLACK_WHITE).class);
}
