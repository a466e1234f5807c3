//! A picture file becomes a stimulus: upright, in its colours, and moved as its card says.

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};
use percept::stimulus::illusion::{compose, own_picture};

use crate::drawn::{Drawn, difference};

/// 100 by 80: red at the left, blue at the right, white above on both.
fn saved(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    RgbImage::from_fn(100, 80, |x, y| match (x < 50, y < 20) {
        (_, true) => Rgb([255, 255, 255]),
        (true, false) => Rgb([200, 0, 0]),
        (false, false) => Rgb([0, 0, 200]),
    })
    .save(&path)
    .unwrap();
    path
}

fn drawn(set: &[(&str, f64)]) -> Drawn {
    let folder = tempfile::tempdir().unwrap();
    let illusion = own_picture::of(&saved(folder.path(), "a picture.png")).unwrap();
    compose::validate(&illusion).unwrap();
    assert_eq!(illusion.card.name, "a picture");
    let mut drawn = Drawn::of(illusion);
    drawn.set(set);
    drawn
}

#[test]
fn it_stands_upright_in_its_own_colours_and_fills_the_field() {
    let drawn = drawn(&[]);
    let frame = drawn.frame(0.0);
    let area = frame.size.area();
    let at = |column: usize, row: usize| [0, 1, 2].map(|c| frame.planes[c * area + row * 80 + column]);
    for (place, wanted) in
        [((4, 4), [1.0, 1.0, 1.0]), ((4, 60), [0.784, 0.0, 0.0]), ((75, 60), [0.0, 0.0, 0.784])]
    {
        let seen = at(place.0, place.1);
        assert!(seen.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.01), "{place:?}: {seen:?}");
    }
    assert!(drawn.program.is_still(&drawn.params()) || drawn.frame(3.0) == frame, "it stands");
}

#[test]
fn it_drifts_at_its_speed_trembles_within_its_amplitude_and_comes_and_goes() {
    // 4 deg/s over a field of 20 deg and 80 pixels: 16 pixels a second.
    let drifting = drawn(&[("course", 2.0)]);
    let edge = |drawn: &Drawn, time_s: f64| {
        let frame = drawn.frame(time_s);
        // Columns that are more red than blue, in a row of the lower part.
        (0..80).filter(|x| frame.planes[60 * 80 + x] > frame.planes[2 * 80 * 64 + 60 * 80 + x]).count() as f64
    };
    assert!((edge(&drifting, 0.5) - edge(&drifting, 0.0) - 8.0).abs() <= 1.0);
    let trembling = drawn(&[("course", 1.0)]);
    let places: Vec<f64> = (0..40).map(|n| edge(&trembling, 0.1 * f64::from(n))).collect();
    // 0.4 deg are 1.6 pixels, half of them to either side.
    assert!(places.iter().all(|place| (place - 40.0).abs() <= 2.0), "{places:?}");
    assert!(places.iter().any(|place| *place != places[0]), "it trembles");
    let flashed = drawn(&[("course", 3.0)]);
    assert!(difference(&flashed.frame(0.2).planes, &flashed.frame(1.0).planes) > 0.1);
    assert!(flashed.frame(1.0).planes.iter().all(|value| (value - 0.5).abs() < 1e-3), "grey between flashes");
}

#[test]
fn its_control_has_two_tones() {
    let mut tones: Vec<i32> =
        drawn(&[]).control().frame(0.0).planes.iter().map(|v| (v * 50.0).round() as i32).collect();
    tones.sort_unstable();
    tones.dedup();
    let (low, high) = (tones[0], *tones.last().unwrap());
    assert!(low < 10 && high > 40, "{tones:?}");
}

#[test]
fn names_that_would_end_the_card_do_not() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a\"b---*%.png", "'''.png", "PICTURE.png", "\u{202e}x.png"] {
        let Ok(illusion) = own_picture::of(&saved(folder.path(), name)) else { panic!("{name}") };
        compose::validate(&illusion).unwrap();
    }
    let missing = own_picture::of(&folder.path().join("no such.png")).unwrap_err();
    assert!(missing.to_string().contains("no such.png"), "{missing}");
}
