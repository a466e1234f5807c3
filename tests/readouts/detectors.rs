//! Correlators and motion energy: gratings, mirrors, reversals, still pictures, small eye movements.

use std::f64::consts::TAU;

use percept::error::{Kind, Result};
use percept::readout::correlator::{Correlator, Detectors};
use percept::readout::flow::{Field, Luma, Rate, expansion, middle, rotation, translation};
use percept::readout::jitter::{Jitter, mean_field, moved};
use percept::readout::motion_energy::{Filters, MotionEnergy};
use percept::units::PixelSize;
use proptest::prelude::*;

use crate::texture::{Texture, picture};

const SIZE: PixelSize = PixelSize::new(64, 48);
const FRAMES: u32 = 24;

type Watch = Box<dyn FnMut(&Luma) -> Result<Field>>;

fn correlator(detectors: Detectors) -> Watch {
    let mut array = Correlator::new(SIZE, detectors).unwrap();
    Box::new(move |picture| array.step(picture))
}

fn energy() -> Watch {
    let mut filters = MotionEnergy::new(SIZE, Filters::default()).unwrap();
    Box::new(move |picture| filters.step(picture))
}

/// Every baseline, new.
fn all() -> [(&'static str, Watch); 4] {
    let contrast = Detectors { ground: 0.5, input_half: Some(0.2), ..Detectors::LINEAR };
    [
        ("linear", correlator(Detectors::LINEAR)),
        ("saturating", correlator(Detectors::SATURATING)),
        ("of contrast", correlator(contrast)),
        ("energy", energy()),
    ]
}

/// The mean over the later half of a film.
fn film(watch: &mut Watch, frame: impl Fn(f64) -> Luma) -> Field {
    let mut sum = Field::still(SIZE);
    for number in 0..FRAMES {
        let seen = watch(&frame(f64::from(number))).unwrap();
        if number >= FRAMES / 2 {
            sum.u.iter_mut().zip(&seen.u).for_each(|(sum, u)| *sum += u);
            sum.v.iter_mut().zip(&seen.v).for_each(|(sum, v)| *sum += v);
            sum.confidence.clone_from(&seen.confidence);
        }
    }
    sum
}

fn right(field: &Field) -> Rate {
    translation(field, None, 0.0).unwrap()
}

fn grating(cycles: f64, wavelength: f64, angle_deg: f64) -> Luma {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    picture(SIZE, |x, y| 0.5 + 0.3 * (TAU * ((x * cos + y * sin) / wavelength - cycles)).cos())
}

#[test]
fn drifting_gratings_are_seen_to_drift_in_their_direction() {
    for angle in [0.0, 45.0, 90.0, 180.0, 210.0, 270.0, 330.0] {
        for (name, mut watch) in all() {
            let field = film(&mut watch, |t| grating(t / 8.0, 10.0, angle));
            let [along, up, x] = [angle, 90.0, 0.0].map(|deg| translation(&field, None, deg).unwrap());
            assert!(along.value > 0.0 && along.is_significant(), "{name} at {angle}: {along:?}");
            let seen = up.value.atan2(x.value).to_degrees();
            let off = (seen - angle + 540.0).rem_euclid(360.0) - 180.0;
            assert!(off.abs() < 20.0, "{name} at {angle}: seen at {seen}");
        }
    }
}

#[test]
fn mirrors_and_films_run_backwards_turn_the_sign() {
    for ((name, mut one), (_, mut other)) in all().into_iter().zip(all()) {
        let texture = Texture::new(4);
        let frame = |t: f64| texture.shifted(SIZE, 0.7 * t, 0.2 * t);
        let (seen, mirrored) =
            (right(&film(&mut one, frame)), right(&film(&mut other, |t| frame(t).mirrored())));
        assert!(seen.value > 0.0 && seen.is_significant(), "{name}: {seen:?}");
        assert!((seen.value + mirrored.value).abs() < 0.02 * seen.value, "{name}: {seen:?} {mirrored:?}");
    }
    for ((name, mut one), (_, mut other)) in all().into_iter().zip(all()) {
        let there = right(&film(&mut one, |t| grating(t / 8.0, 10.0, 0.0)));
        let back = right(&film(&mut other, |t| grating(-t / 8.0, 10.0, 0.0)));
        assert!((there.value + back.value).abs() < 0.02 * there.value, "{name}: {there:?} {back:?}");
    }
}

#[test]
fn turning_and_growing_have_their_signs() {
    let texture = Texture::new(6);
    for ((name, mut one), (_, mut other)) in all().into_iter().zip(all()) {
        let turning = film(&mut one, |t| texture.turned(SIZE, -1.5 * t));
        let rate = rotation(&turning, None, middle(SIZE)).unwrap();
        assert!(rate.value < 0.0 && rate.is_significant(), "{name}: {rate:?}");
        let growing = film(&mut other, |t| texture.grown(SIZE, 0.025 * t));
        let rate = expansion(&growing, None, middle(SIZE)).unwrap();
        assert!(rate.value > 0.0 && rate.is_significant(), "{name}: {rate:?}");
    }
}

#[test]
fn what_stands_still_does_not_move() {
    let still = Texture::new(8).shifted(SIZE, 0.0, 0.0);
    for (name, mut watch) in all() {
        for number in 0..5 {
            let seen = watch(&still).unwrap();
            assert!(seen.u.iter().chain(&seen.v).all(|d| *d == 0.0), "{name}");
            assert_eq!(seen.confidence.iter().any(|seen| *seen > 0.0), number > 0, "{name}");
        }
    }
}

/// A texture that goes right while its contrast turns over with every step (Anstis 1970).
#[test]
fn reverse_phi_is_seen_backwards() {
    let wavelength = 12.0;
    for (name, mut watch) in all() {
        let field = film(&mut watch, |t| {
            let sign = if (t as u32).is_multiple_of(2) { 0.3 } else { -0.3 };
            picture(SIZE, |x, _| 0.5 + sign * (TAU * (x / wavelength - t / 4.0)).cos())
        });
        let rate = right(&field);
        assert!(rate.value < 0.0 && rate.is_significant(), "{name}: {rate:?}");
    }
}

/// A square wave without its fundamental, in steps of a quarter cycle: the third harmonic goes back by a quarter of its
/// own cycle (Adelson & Bergen 1985, after Adelson 1982).
#[test]
fn a_missing_fundamental_is_seen_backwards_and_the_whole_square_wave_forwards() {
    let wavelength = 24.0;
    let frame = |t: f64, fundamental: f64| {
        picture(SIZE, |x, _| {
            let phase = TAU * (x / wavelength - t / 4.0);
            let harmonics = [3.0, 5.0, 7.0].map(|n: f64| (n * phase).sin() / n).iter().sum::<f64>();
            0.5 + 0.25 * (fundamental * phase.sin() + harmonics)
        })
    };
    // each step is held for three frames, as in the demonstrations
    let missing = right(&film(&mut energy(), |t| frame((t / 3.0).floor(), 0.0)));
    assert!(missing.value < 0.0 && missing.is_significant(), "{missing:?}");
    let whole = right(&film(&mut energy(), |t| frame((t / 3.0).floor(), 1.0)));
    assert!(whole.value > 0.0 && whole.is_significant(), "{whole:?}");
}

/// Four levels of grey in an asymmetric order, as in Rotating Snakes.
fn snakes(levels: [f64; 4]) -> Luma {
    picture(SIZE, |x, _| levels[(0.5 * x + 20.0).floor() as usize % 4])
}

/// Drift to the right over whole periods of [`snakes`].
fn over_periods(field: &Field) -> f64 {
    let inside = |at: usize| f32::from(u8::from((8..56).contains(&(at % 64))));
    let inside: Vec<f32> = (0..SIZE.area()).map(inside).collect();
    translation(field, Some(&inside), 0.0).unwrap().value
}

#[test]
fn saturated_detectors_see_four_greys_appear_with_motion_and_linear_ones_do_not() {
    let grey = picture(SIZE, |_, _| 0.5);
    let appear = |detectors: Detectors, shown: &Luma| {
        let mut watch = correlator(detectors);
        watch(&grey).unwrap();
        over_periods(&watch(shown).unwrap())
    };
    let shown = snakes([0.0, 0.2, 1.0, 0.7]);
    let seen = appear(Detectors::SATURATING, &shown);
    assert!(seen.abs() > 0.002, "{seen}");
    assert!((seen + appear(Detectors::SATURATING, &shown.mirrored())).abs() < 1e-5, "the mirror test");
    assert!(appear(Detectors::LINEAR, &shown).abs() < 1e-6);
    // other greys, other direction: the island of Atala-Gérard & Bach (2017)
    let opposite = appear(Detectors::SATURATING, &snakes([0.0, 0.3, 1.0, 0.8]));
    assert!(opposite * seen < 0.0, "{seen} {opposite}");
    // a ladder whose steps are as large up as down has no direction
    assert!(appear(Detectors::SATURATING, &snakes([0.0, 0.5, 1.0, 0.5])).abs() < 1e-6);
}

#[test]
fn small_eye_movements_are_balanced() {
    let path = Jitter::default().path();
    assert_eq!(path.len(), 1 + 4 * (2 * 8 + 16));
    for pair in path.windows(2) {
        let step = (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
        assert!((step - 0.5).abs() < 1e-9 || pair == [[0.0, 0.0]; 2]);
    }
    for axis in 0..2 {
        assert!(path.iter().map(|place| place[axis]).sum::<f64>().abs() < 1e-9);
    }
    let still = Texture::new(3);
    let found = moved(&still.shifted(SIZE, 0.0, 0.0), [0.3, -0.4]).unwrap();
    let wanted = still.shifted(SIZE, 0.3, -0.4);
    let inner = (0..SIZE.area()).filter(|at| (4..60).contains(&(at % 64)) && (4..44).contains(&(at / 64)));
    for at in inner {
        assert!((found.values[at] - wanted.values[at]).abs() < 2e-3);
    }
}

#[test]
fn under_eye_movements_saturated_detectors_see_four_greys_move_and_the_mirror_turns_the_sign() {
    let jitter = Jitter { step_px: 2.0, ..Jitter::default() };
    let seen = |detectors: Detectors, shown: &Luma| {
        over_periods(&mean_field(shown, &jitter, correlator(detectors)).unwrap())
    };
    let snake = snakes([0.0, 0.2, 1.0, 0.7]);
    let (there, back) = (seen(Detectors::SATURATING, &snake), seen(Detectors::SATURATING, &snake.mirrored()));
    // black to dark grey to white to light grey, as people see it
    assert!(there > 1e-3 && (there + back).abs() < 1e-3 * there, "{there} {back}");
    assert!(seen(Detectors::LINEAR, &snake).abs() < 1e-5);
    let even = picture(SIZE, |x, y| 0.5 + 0.2 * (0.5 * x).cos() * (0.3 * y).cos());
    assert!(seen(Detectors::SATURATING, &even).abs() < 1e-5);
    for shown in [&snake, &even] {
        assert!(over_periods(&mean_field(shown, &jitter, energy()).unwrap()).abs() < 1e-6);
    }
}

#[test]
fn detectors_that_cannot_be_built_or_fed_are_errors() {
    for wrong in [
        Detectors { reach_px: 0, ..Detectors::LINEAR },
        Detectors { memory_frames: f32::NAN, ..Detectors::LINEAR },
        Detectors { output_half: Some(0.0), ..Detectors::LINEAR },
    ] {
        assert_eq!(Correlator::new(SIZE, wrong).unwrap_err().kind, Kind::Usage);
    }
    for wrong in [
        Filters { wavelength_px: 2.0, ..Filters::default() },
        Filters { scales: 0, ..Filters::default() },
        Filters { axes: 1, ..Filters::default() },
    ] {
        assert_eq!(MotionEnergy::new(SIZE, wrong).unwrap_err().kind, Kind::Usage);
    }
    let other = picture(PixelSize::new(32, 24), |_, _| 0.5);
    for (_, mut watch) in all() {
        assert_eq!(watch(&other).unwrap_err().kind, Kind::Mismatch);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_size_can_be_watched(width in 1_u32..40, height in 1_u32..40, reach_px in 1_u32..6, seed in 0_u64..100) {
        let size = PixelSize::new(width, height);
        let texture = Texture::new(seed);
        let mut array = Correlator::new(size, Detectors { reach_px, ..Detectors::SATURATING }).unwrap();
        let mut filters = MotionEnergy::new(size, Filters::default()).unwrap();
        for t in 0..3 {
            let frame = texture.shifted(size, f64::from(t), 0.0);
            for seen in [array.step(&frame).unwrap(), filters.step(&frame).unwrap()] {
                prop_assert!(seen.u.iter().chain(&seen.v).all(|d| d.is_finite()));
            }
        }
    }
}

/// `cargo test --release --test readouts -- --ignored --nocapture` prints the time of a frame.
#[test]
#[ignore = "prints a table, tests nothing"]
fn table_of_times() {
    for size in [SIZE, PixelSize::new(160, 128)] {
        let mut array = Correlator::new(size, Detectors::SATURATING).unwrap();
        let mut filters = MotionEnergy::new(size, Filters::default()).unwrap();
        let frame = Texture::new(1).shifted(size, 0.0, 0.0);
        let mut fastest_ms = [f64::INFINITY; 2];
        filters.step(&frame).unwrap();
        for _ in 0..8 {
            let start = std::time::Instant::now();
            array.step(&frame).unwrap();
            let middle = std::time::Instant::now();
            filters.step(&frame).unwrap();
            let times = [middle - start, middle.elapsed()].map(|time| 1e3 * time.as_secs_f64());
            fastest_ms = [fastest_ms[0].min(times[0]), fastest_ms[1].min(times[1])];
        }
        println!("{size}: correlator {:.2} ms, motion energy {:.2} ms", fastest_ms[0], fastest_ms[1]);
    }
}
