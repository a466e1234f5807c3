//! Flow and its rates.

use percept::error::Kind;
use percept::frame::NetworkFrame;
use percept::readout::flow::{
    Luma, Method, Rate, Sparse, dense, expansion, middle, rotation, sparse, translation,
};
use percept::units::PixelSize;
use proptest::prelude::*;

use crate::texture::{Dice, Texture, noise};

const SMALL: PixelSize = PixelSize::new(64, 48);
const MEDIUM: PixelSize = PixelSize::new(160, 128);

/// Within 5 % or 0.01, whichever is more.
fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= (0.05 * wanted.abs()).max(0.01)
}

fn along(from: &Luma, to: &Luma, direction_deg: f64) -> Rate {
    translation(&dense(from, to).unwrap(), None, direction_deg).unwrap()
}

#[test]
fn translations_of_a_twentieth_to_six_pixels_are_found_at_odd_angles() {
    for (seed, px) in [0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0].into_iter().enumerate() {
        let texture = Texture::new(seed as u64);
        let angle = 17.0 + 61.0 * seed as f64;
        let (sin, cos) = f64::to_radians(angle).sin_cos();
        for size in [SMALL, MEDIUM] {
            let (from, to) = (texture.shifted(size, 0.0, 0.0), texture.shifted(size, px * cos, px * sin));
            let (found, across) = (along(&from, &to, angle), along(&from, &to, angle + 90.0));
            // 1 % of what is moved by more than a pixel, and what is between there and here
            let tolerance = if size == SMALL { (0.01 * px).max(0.002) } else { (0.003 * px).max(0.0005) };
            assert!((found.value - px).abs() < tolerance, "{size}, {px} px at {angle} deg: {found:?}");
            assert!(near(across.value, 0.0), "{size}, {px} px at {angle} deg: {across:?} across");
            assert!(found.is_significant() && found.high - found.low < 0.02);
        }
    }
}

#[test]
fn turns_are_found_in_degrees_counter_clockwise() {
    for (seed, deg) in [0.05, -0.2, 1.0, -3.0].into_iter().enumerate() {
        let texture = Texture::new(40 + seed as u64);
        for size in [SMALL, MEDIUM] {
            let field = dense(&texture.turned(size, 0.0), &texture.turned(size, deg)).unwrap();
            let found = rotation(&field, None, middle(size)).unwrap();
            assert!((found.value - deg).abs() < 0.01 * deg.abs(), "{size}, {deg} deg: {found:?}");
            let grown = expansion(&field, None, middle(size)).unwrap();
            assert!(grown.value.abs() < 1e-3, "{size}, {deg} deg: {grown:?}");
        }
    }
}

#[test]
fn growing_is_found_as_the_logarithm_of_the_scale() {
    for (seed, log) in [0.002, -0.01, 0.05].into_iter().enumerate() {
        let texture = Texture::new(50 + seed as u64);
        let field = dense(&texture.grown(MEDIUM, 0.0), &texture.grown(MEDIUM, log)).unwrap();
        let found = expansion(&field, None, middle(MEDIUM)).unwrap();
        assert!((found.value - log).abs() < 0.01 * log.abs(), "{log}: {found:?}");
        assert!(rotation(&field, None, middle(MEDIUM)).unwrap().value.abs() < 0.01);
    }
}

#[test]
fn identical_pictures_do_not_move_at_all() {
    let picture = Texture::new(1).shifted(MEDIUM, 0.0, 0.0);
    for still in [picture, noise(SMALL, &mut Dice::new(2))] {
        let field = dense(&still, &still).unwrap();
        assert!(field.u.iter().chain(&field.v).all(|d| *d == 0.0));
        assert!(field.confidence.iter().any(|seen| *seen > 0.5));
        let arrows = sparse(&still, &still, &Sparse::FREE).unwrap();
        assert!(!arrows.is_empty() && arrows.iter().all(|arrow| arrow.u == 0.0 && arrow.v == 0.0));
    }
}

#[test]
fn a_uniform_picture_has_no_rate() {
    let grey = Luma::of(&NetworkFrame::uniform(SMALL, 0.4)).unwrap();
    assert!(!along(&grey, &grey, 0.0).is_known());
    assert!(sparse(&grey, &grey, &Sparse::BANDS).unwrap().is_empty());
}

/// How many of the drifts and turns of 40 pairs leave out zero, and the mean confidence.
fn significant(size: PixelSize, mut pair: impl FnMut(u64) -> (Luma, Luma)) -> (usize, f64) {
    let (mut count, mut confidence) = (0, 0.0);
    for number in 0..40 {
        let (from, to) = pair(number);
        let field = dense(&from, &to).unwrap();
        let rates =
            [translation(&field, None, 30.0), rotation(&field, None, middle(size))].map(Result::unwrap);
        count += rates.iter().filter(|rate| rate.is_significant()).count();
        confidence += rates[0].weight / size.area() as f64 / 40.0;
    }
    println!("{size}: {count} of 80 leave out zero, confidence {confidence:.2}");
    (count, confidence)
}

#[test]
fn pairs_of_noise_have_no_mean_motion_and_little_confidence() {
    for size in [SMALL, PixelSize::new(112, 80)] {
        let mut dice = Dice::new(7);
        let (count, confidence) = significant(size, |_| (noise(size, &mut dice), noise(size, &mut dice)));
        // 5 % of 80 are 4; more than 10 come by chance once in 300 times
        assert!(count <= 10 && confidence < 0.4);
    }
}

#[test]
fn a_still_texture_under_noise_does_not_move_either() {
    let mut dice = Dice::new(11);
    let (count, confidence) = significant(SMALL, |number| {
        let still = Texture::new(number).shifted(SMALL, 0.0, 0.0);
        let mut noisy = || {
            let values = still.values.iter().map(|v| v + 0.3 * (dice.roll() as f32 - 0.5)).collect();
            Luma::new(SMALL, values).unwrap()
        };
        (noisy(), noisy())
    });
    assert!(count <= 10 && confidence > 0.8);
}

#[test]
fn a_little_noise_on_both_pictures_leaves_the_interval_around_the_truth() {
    let (mut dice, mut held) = (Dice::new(3), 0);
    for seed in 0..40 {
        let texture = Texture::new(seed);
        let noisy = |picture: Luma, dice: &mut Dice| {
            let values = picture.values.iter().map(|v| v + 0.1 * (dice.roll() as f32 - 0.5)).collect();
            Luma::new(SMALL, values).unwrap()
        };
        let from = noisy(texture.shifted(SMALL, 0.0, 0.0), &mut dice);
        let to = noisy(texture.shifted(SMALL, 0.2, 0.0), &mut dice);
        let found = along(&from, &to, 0.0);
        held += usize::from(found.low <= 0.2 && 0.2 <= found.high);
    }
    println!("{held} of 40 hold the truth");
    assert!(held >= 34, "{held} of 40");
}

#[test]
fn opposite_turns_in_two_halves_are_told_apart_by_masks() {
    let size = MEDIUM;
    let texture = Texture::new(9);
    let centres = [[39.5, 63.5], [119.5, 63.5]];
    let turned = |deg: f64| {
        texture.seen(size, |x, y| {
            let (centre, sign) = if x < 0.0 { (-40.0, 1.0) } else { (40.0, -1.0) };
            let (sin, cos) = f64::to_radians(sign * deg).sin_cos();
            let right = x - centre;
            (centre + cos * right + sin * y, cos * y - sin * right)
        })
    };
    let field = dense(&turned(0.0), &turned(0.6)).unwrap();
    for (centre, wanted) in centres.into_iter().zip([0.6, -0.6]) {
        let inside = |at: usize| {
            let (column, row) = ((at % 160) as f64, (at / 160) as f64);
            f32::from(u8::from((column - centre[0]).hypot(row - centre[1]) < 32.0))
        };
        let mask: Vec<f32> = (0..size.area()).map(inside).collect();
        let found = rotation(&field, Some(&mask), centre).unwrap();
        assert!(near(found.value, wanted) && found.is_significant(), "{found:?}");
    }
}

#[test]
fn a_mirror_turns_drift_and_rotation_around() {
    let texture = Texture::new(12);
    let (from, to) = (texture.turned(SMALL, 0.0), texture.turned(SMALL, 0.8));
    let turn = |a: &Luma, b: &Luma| rotation(&dense(a, b).unwrap(), None, middle(SMALL)).unwrap().value;
    let found = turn(&from, &to);
    assert!((found + turn(&from.mirrored(), &to.mirrored())).abs() < 0.002);
    assert!((found + turn(&to, &from)).abs() < 1e-4, "the order of the pictures is only a sign");
}

#[test]
fn arrows_of_the_published_protocol_agree_and_stay_below_its_limit() {
    let size = PixelSize::new(160, 120);
    let texture = Texture::new(21);
    let from = texture.shifted(size, 0.0, 0.0);
    let arrows = sparse(&from, &texture.shifted(size, 0.12, -0.05), &Sparse::BANDS).unwrap();
    assert!(arrows.len() > 10, "{}", arrows.len());
    for arrow in &arrows {
        assert!((arrow.u - 0.12).abs() < 0.02 && (arrow.v + 0.05).abs() < 0.02, "{arrow:?}");
    }
    for (i, a) in arrows.iter().enumerate() {
        assert!(arrows[..i].iter().all(|b| (a.column - b.column).hypot(a.row - b.row) >= 7.0));
    }
    // The same as a field: what is at corners alone comes to the same drift.
    let field = Method::Corners.field(&from, &texture.shifted(size, 0.12, -0.05)).unwrap();
    assert_eq!(field.confidence.iter().filter(|one| **one > 0.0).count(), arrows.len());
    assert!((translation(&field, None, 0.0).unwrap().value - 0.12).abs() < 0.01);
    assert!((translation(&field, None, 90.0).unwrap().value + 0.05).abs() < 0.01);
    let far = texture.shifted(size, 2.0, 1.0);
    assert!(sparse(&from, &far, &Sparse::FREE).unwrap().is_empty());
    let all = Sparse { longest_px: f32::INFINITY, ..Sparse::FREE };
    let mean = sparse(&from, &far, &all).unwrap().iter().map(|arrow| arrow.u).sum::<f32>();
    let count = sparse(&from, &far, &all).unwrap().len() as f32;
    assert!((mean / count - 2.0).abs() < 0.05, "{}", mean / count);
}

/// Where edges have one direction, the motion across them is known and no more (the aperture problem).
#[test]
fn of_a_grating_the_motion_across_its_edges_is_told_without_confidence_in_the_whole() {
    let grating = |shift_px: f32| {
        let wave = |x: u32| 0.5 + 0.4 * ((x as f32 - shift_px) * std::f32::consts::TAU / 13.0).sin();
        let values = (0..SMALL.height).flat_map(|_| (0..SMALL.width).map(wave)).collect();
        Luma::new(SMALL, values).unwrap()
    };
    let (field, across) = Method::Dense.field_and_edges(&grating(0.0), &grating(0.7)).unwrap();
    let middle = (SMALL.height / 2 * SMALL.width + SMALL.width / 2) as usize;
    assert!((across.u[middle] - 0.7).abs() < 0.02, "{}", across.u[middle]);
    assert!(across.v[middle].abs() < 0.01, "{}", across.v[middle]);
    assert!(
        field.confidence[middle] < 0.01 && across.confidence[middle] > 0.9,
        "{} {}",
        field.confidence[middle],
        across.confidence[middle]
    );
    // Oblique stripes that move down seem to move across themselves: down and to the right, by half of it each.
    let oblique = |down_px: f32| {
        let wave = |x: u32, y: u32| {
            0.5 + 0.4 * ((x as f32 + y as f32 - down_px) * std::f32::consts::TAU / 15.0).sin()
        };
        let values = (0..SMALL.height).flat_map(|y| (0..SMALL.width).map(move |x| wave(x, y))).collect();
        Luma::new(SMALL, values).unwrap()
    };
    let (_, across) = Method::Dense.field_and_edges(&oblique(0.0), &oblique(1.0)).unwrap();
    assert!((across.u[middle] - 0.5).abs() < 0.02 && (across.v[middle] + 0.5).abs() < 0.02);
    let grey = Luma::new(SMALL, vec![0.5; SMALL.area()]).unwrap();
    let (_, across) = Method::Dense.field_and_edges(&grey, &grey).unwrap();
    assert!(across.confidence.iter().all(|&value| value == 0.0));
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let (small, medium) = (noise(SMALL, &mut Dice::new(1)), noise(MEDIUM, &mut Dice::new(1)));
    let kind = |from: &Luma, to: &Luma| dense(from, to).unwrap_err().kind;
    assert_eq!(kind(&small, &medium), Kind::Mismatch);
    let tiny = noise(PixelSize::new(7, 40), &mut Dice::new(1));
    assert_eq!(kind(&tiny, &tiny), Kind::Mismatch);
    let mut broken = small.clone();
    broken.values[5] = f32::NAN;
    assert_eq!(kind(&small, &broken), Kind::NotFinite);
    broken.values.pop();
    assert_eq!(kind(&small, &broken), Kind::Mismatch);
    assert_eq!(Luma::of_planes(SMALL, &[0.0; 5]).unwrap_err().kind, Kind::Mismatch);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_size_and_any_motion_up_to_two_pixels(
        width in 24_u32..100, height in 24_u32..80, right in -1.4_f64..1.4, up in -1.4_f64..1.4, seed in 0_u64..1000,
    ) {
        let size = PixelSize::new(width, height);
        let texture = Texture::new(seed);
        let field = dense(&texture.shifted(size, 0.0, 0.0), &texture.shifted(size, right, up)).unwrap();
        prop_assert!(near(translation(&field, None, 0.0).unwrap().value, right));
        prop_assert!(near(translation(&field, None, 90.0).unwrap().value, up));
    }

    #[test]
    fn any_two_pictures_give_numbers(width in 8_u32..40, height in 8_u32..40, seed in 0_u64..1000) {
        let size = PixelSize::new(width, height);
        let mut dice = Dice::new(seed);
        let (from, to) = (noise(size, &mut dice), noise(size, &mut dice));
        let field = dense(&from, &to).unwrap();
        prop_assert!(field.u.iter().chain(&field.v).all(|d| d.is_finite()));
        prop_assert!(field.confidence.iter().all(|seen| (0.0..=1.0).contains(seen)));
        for arrow in sparse(&from, &to, &Sparse::FREE).unwrap() {
            prop_assert!(arrow.u.hypot(arrow.v) <= Sparse::FREE.longest_px);
        }
    }
}

/// `cargo test --release --test readouts -- --ignored --nocapture` prints errors and times.
#[test]
#[ignore = "prints a table, tests nothing"]
fn table_of_accuracy_and_times() {
    for size in [SMALL, MEDIUM, PixelSize::new(320, 256)] {
        for px in [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0] {
            let (mut worst, mut squares, mut fastest_ms) = (0.0_f64, 0.0, f64::INFINITY);
            for seed in 0..8_u64 {
                let texture = Texture::new(seed);
                let angle = 17.0 + 18.7 * seed as f64;
                let (sin, cos) = f64::to_radians(angle).sin_cos();
                let (from, to) = (texture.shifted(size, 0.0, 0.0), texture.shifted(size, px * cos, px * sin));
                let start = std::time::Instant::now();
                let field = dense(&from, &to).unwrap();
                fastest_ms = fastest_ms.min(1e3 * start.elapsed().as_secs_f64());
                worst = worst.max((translation(&field, None, angle).unwrap().value - px).abs());
                let each = field.u.iter().zip(&field.v);
                let error = each
                    .map(|(u, v)| (f64::from(*u) - px * cos).powi(2) + (f64::from(*v) - px * sin).powi(2));
                squares += error.sum::<f64>() / size.area() as f64 / 8.0;
            }
            let rms = squares.sqrt();
            println!(
                "{size} {px:4.2} px: mean off by {worst:.5} at most, pixels by {rms:.4}, {fastest_ms:.2} ms"
            );
        }
    }
    let texture = Texture::new(1);
    let (from, to) = (texture.shifted(MEDIUM, 0.0, 0.0), texture.shifted(MEDIUM, 0.1, 0.0));
    let start = std::time::Instant::now();
    let arrows = sparse(&from, &to, &Sparse::BANDS).unwrap().len();
    println!("{MEDIUM} sparse: {arrows} arrows, {:.2} ms", 1e3 * start.elapsed().as_secs_f64());
}
