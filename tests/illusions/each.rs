//! What each illusion must do, measured in linear light.

use crate::drawn::{Drawn, difference, fourier, linear, wrapped};

const GREY: f64 = 0.214_041;

#[test]
fn the_grating_has_its_frequency_its_contrast_and_its_speed() {
    // 0.25 cpd over 20 deg are 5 cycles; 4 deg/s are 1 Hz, so 36 deg of phase in 0.1 s.
    let drawn = Drawn::new("drifting_grating", &[]);
    let now = drawn.light(0.3);
    assert!((now.mean() - 0.5).abs() < 1e-3, "{}", now.mean());
    let (amplitude, phase) = fourier(now.row(10), 5.0);
    assert!((amplitude - 0.45).abs() < 0.005, "{amplitude}");
    for other in [1.0, 4.0, 6.0, 10.0, 15.0] {
        assert!(fourier(now.row(10), other).0 < 0.005, "{other} cycles");
    }
    let later = fourier(drawn.light(0.4).row(10), 5.0).1;
    assert!((wrapped(later - phase) - 36.0).abs() < 0.5, "{phase} to {later}");
}

#[test]
fn the_grating_goes_where_it_is_told() {
    let up = Drawn::new("drifting_grating", &[("direction", 90.0)]);
    let column = |time_s: f64| {
        let light = up.light(time_s);
        (0..64).rev().map(|row| light.row(row)[40]).collect::<Vec<_>>()
    };
    // 16 deg high: 4 cycles, counted from below.
    let moved = wrapped(fourier(&column(0.1), 4.0).1 - fourier(&column(0.0), 4.0).1);
    assert!((moved - 36.0).abs() < 0.5, "{moved}");
}

#[test]
fn the_gratings_control_stands_still() {
    let control = Drawn::new("drifting_grating", &[]).control();
    assert_eq!(control.frame(0.0), control.frame(3.7));
}

#[test]
fn the_plaid_is_two_gratings_and_its_control_one() {
    let drawn = Drawn::new("plaid", &[("radius", 0.0), ("spatial_frequency", 0.25)]);
    // Each component has the same frequency across, so their sum moves right at speed / cos(45 deg).
    let across = 0.25 * 45.0_f64.to_radians().cos() * 20.0;
    let phase = |drawn: &Drawn, time_s: f64, row: u32| fourier(drawn.light(time_s).row(row), across).1;
    let moved = wrapped(phase(&drawn, 0.1, 32) - phase(&drawn, 0.0, 32));
    assert!((moved - 0.25 * 3.0 * 0.1 * 360.0).abs() < 4.0, "{moved}");
    let along = |drawn: &Drawn| {
        let light = drawn.light(0.0);
        let corner = |x: f64, y: f64| light.at(x, y);
        (corner(1.0, 1.1) - corner(1.0, -1.1)).abs() + (corner(3.0, 1.1) - corner(3.0, -1.1)).abs()
    };
    assert!(along(&drawn) < 0.02, "the plaid is symmetric about the horizontal at the start");
    assert!(along(&drawn.control()) > 0.1, "one grating is not");
}

/// How well a profile round a disc is matched by itself run backwards, at the best shift: 1 is perfect.
fn symmetry(profile: &[f64]) -> f64 {
    let count = profile.len();
    let mean = profile.iter().sum::<f64>() / count as f64;
    let power: f64 = profile.iter().map(|value| (value - mean).powi(2)).sum();
    let matched = |shift: usize| -> f64 {
        (0..count).map(|i| (profile[i] - mean) * (profile[(2 * count + shift - i) % count] - mean)).sum()
    };
    (0..count).map(matched).fold(f64::MIN, f64::max) / power
}

#[test]
fn snakes_go_black_dark_white_light_counter_clockwise_and_their_control_has_no_order() {
    let mut drawn = Drawn::new("rotating_snakes", &[]);
    drawn.size = percept::units::PixelSize::new(640, 512);
    drawn.samples = 1;
    let full = drawn.light(0.0).round(6.6, 14 * 40);
    let mut runs: Vec<f64> = Vec::new();
    for value in &full {
        let level = [0.0, 0.15, 1.0, 0.55].into_iter().find(|level| (value - level).abs() < 0.01);
        if let Some(level) = level.filter(|&level| runs.last() != Some(&level)) {
            runs.push(level);
        }
    }
    assert!(runs.len() >= 52, "{} sectors", runs.len());
    let order = [0.0, 0.15, 1.0, 0.55];
    for pair in runs.windows(2) {
        let here = order.iter().position(|level| *level == pair[0]).unwrap();
        assert_eq!(pair[1], order[(here + 1) % 4], "{runs:?}");
    }
    let control = drawn.control().light(0.0).round(6.6, 14 * 40);
    assert!(symmetry(&control) > 0.97, "{}", symmetry(&control));
    assert!(symmetry(&full) < 0.9, "{}", symmetry(&full));
}

#[test]
fn snakes_in_colour_and_in_grey_have_the_same_luminance() {
    let colour = Drawn::new("rotating_snakes", &[("discs", 2.0)]).light(0.0);
    let grey = Drawn::new("rotating_snakes", &[("discs", 2.0), ("colour", 0.0)]).light(0.0);
    let most = colour.values.iter().zip(&grey.values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(most < 2e-3, "{most}");
}

#[test]
fn snakes_turn_really_only_when_they_are_told_to() {
    let still = Drawn::new("rotating_snakes", &[]);
    assert_eq!(still.frame(0.0), still.frame(5.0));
    let turning = Drawn::new("rotating_snakes", &[("rotation", 30.0)]);
    assert!(difference(&turning.frame(0.0).planes, &turning.frame(0.2).planes) > 0.05);
    // 14 repeats: after one of them, 25.714 deg, the disc is as before.
    let again = difference(&turning.frame(0.0).planes, &turning.frame(360.0 / 14.0 / 30.0).planes);
    assert!(again < 1e-3, "{again}");
}

#[test]
fn the_fraser_wilcox_ramp_rises_slowly_and_falls_at_once_and_its_control_is_symmetric() {
    let mut drawn = Drawn::new("fraser_wilcox", &[]);
    drawn.size = percept::units::PixelSize::new(640, 512);
    let profile = drawn.light(0.0).round(7.0, 14 * 36);
    let rising = profile.windows(2).filter(|pair| pair[1] > pair[0]).count();
    assert!(rising as f64 > 0.85 * profile.len() as f64, "{rising} of {}", profile.len());
    let control = drawn.control().light(0.0).round(7.0, 14 * 36);
    assert!(symmetry(&profile) < 0.8 && symmetry(&control) > 0.99);
}

#[test]
fn reverse_phi_steps_right_but_its_phase_goes_left() {
    // A quarter period to the right and an exchange of dark and light: a quarter to the left.
    let step = |drawn: &Drawn, from: f64| {
        let phase = |time_s: f64| fourier(drawn.light(time_s).row(5), 5.0).1;
        wrapped(phase(from + 0.1) - phase(from))
    };
    let drawn = Drawn::new("reverse_phi", &[]);
    for number in 0..6 {
        let moved = step(&drawn, 0.1 * f64::from(number));
        assert!((moved + 90.0).abs() < 0.5, "step {number}: {moved}");
    }
    assert_eq!(drawn.frame(0.30), drawn.frame(0.39), "it rests between its steps");
    let control = drawn.control();
    assert!((step(&control, 0.2) - 90.0).abs() < 0.5);
}

#[test]
fn checks_step_by_their_displacement() {
    let drawn = Drawn::new("reverse_phi", &[("pattern", 1.0), ("step", 1.0), ("inversion", 0.0)]);
    let (now, later) = (drawn.light(0.0), drawn.light(0.1));
    // 1 deg is 4 pixels.
    for row in [3, 30, 60] {
        for column in 0..76 {
            assert!((now.row(row)[column] - later.row(row)[column + 4]).abs() < 1e-3);
        }
    }
}

#[test]
fn the_flash_is_in_line_with_the_bar_and_lasts_one_network_step() {
    let mut drawn = Drawn::new("flash_lag", &[]);
    let flashed = |drawn: &Drawn, time_s: f64| {
        let frame = drawn.frame(time_s);
        let area = frame.size.area();
        // The flash is the only thing with colour: red well above blue.
        let yellow = |i: usize| f64::from((frame.planes[i] - frame.planes[2 * area + i]).max(0.0));
        (0..area).map(yellow).collect::<Vec<_>>()
    };
    let seen: Vec<bool> =
        (0..25).map(|n| flashed(&drawn, f64::from(n) * 0.1).iter().sum::<f64>() > 1.0).collect();
    let steps: Vec<usize> = (0..25).filter(|&n| seen[n]).collect();
    assert_eq!(steps, [6, 12, 18, 24]);

    drawn.size = percept::units::PixelSize::new(320, 256);
    let time_s = 0.62;
    let light = drawn.light(time_s);
    let angle_of = |weights: &dyn Fn(usize) -> f64| {
        // Direction of the long axis, from second moments.
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for i in 0..320 * 256 {
            let (x, y) = ((i % 320) as f64 - 159.5, 127.5 - (i / 320) as f64);
            let weight = weights(i);
            xx += weight * x * x;
            yy += weight * y * y;
            xy += weight * x * y;
        }
        0.5 * f64::atan2(2.0 * xy, xx - yy).to_degrees()
    };
    let yellow = flashed(&drawn, time_s);
    let flash = angle_of(&|i| yellow[i]);
    let bar = angle_of(&|i| if yellow[i] < 0.02 { (light.values[i] - 0.3).max(0.0) } else { 0.0 });
    assert!(wrapped(2.0 * (flash - bar)).abs() < 1.0, "flash {flash}, bar {bar}");
    let turned = wrapped(2.0 * (bar - (90.0 + 60.0 * time_s))) / 2.0;
    assert!(turned.abs() < 0.5, "bar {bar}");

    let control = drawn.control();
    for time_s in [0.0, 0.3, 0.6, 0.9] {
        assert!(flashed(&control, time_s).iter().sum::<f64>() > 1.0, "the control's outer bars stay");
    }
}

#[test]
fn after_the_flash_the_bar_does_as_it_is_told() {
    let same = |after: f64, one: f64, other: f64| {
        let drawn = Drawn::new("flash_lag", &[("after", after)]);
        difference(&drawn.frame(one).planes, &drawn.frame(other).planes) < 1e-4
    };
    assert!(!same(0.0, 0.7, 0.8), "goes on");
    assert!(same(1.0, 0.7, 0.8) && !same(1.0, 1.0, 1.1), "stops for half the time");
    assert!(same(2.0, 0.7, 1.1), "reverses and comes back through the same places");
    let vanished = Drawn::new("flash_lag", &[("after", 3.0)]);
    let brightest = |time_s: f64| vanished.light(time_s).values.iter().copied().fold(0.0, f64::max);
    assert!(brightest(0.7) < 0.3 && brightest(1.0) > 0.8, "vanishes for half the time");
}

#[test]
fn kanizsa_has_the_published_greys_and_its_control_the_same_discs_turned_outward() {
    let mut drawn = Drawn::new("kanizsa", &[]);
    drawn.size = percept::units::PixelSize::new(160, 128);
    let light = drawn.light(0.0);
    let (dark, ground) = (linear(85.0 / 255.0), linear(170.0 / 255.0));
    assert!((light.at(0.0, 0.0) - ground).abs() < 0.005);
    // Discs at (3, 3) deg and so on, mouths towards the middle.
    for (x, y) in [(3.0, 3.0), (-3.0, 3.0), (-3.0, -3.0), (3.0, -3.0)] {
        assert!((light.at(x * 1.25, y * 1.25) - dark).abs() < 0.005, "disc at {x} {y}");
        assert!((light.at(x * 0.75, y * 0.75) - ground).abs() < 0.005, "mouth at {x} {y}");
    }
    let control = drawn.control().light(0.0);
    assert!((control.at(2.25, 2.25) - dark).abs() < 0.005);
    assert!((control.at(3.75, 3.75) - ground).abs() < 0.005);
    assert!((control.mean() - light.mean()).abs() < 1e-3, "as much ink in both");
}

#[test]
fn kanizsa_turns_and_opens_its_mouths_when_told() {
    let still = Drawn::new("kanizsa", &[]);
    assert_eq!(still.frame(0.0), still.frame(2.0));
    let turning = Drawn::new("kanizsa", &[("turning", 45.0)]);
    assert!(difference(&turning.frame(0.0).planes, &turning.frame(1.0).planes) > 0.01);
    assert!(
        difference(&turning.frame(0.0).planes, &turning.frame(2.0).planes) < 1e-3,
        "a square after 90 deg"
    );
    let opening = Drawn::new("kanizsa", &[("discs_s", 0.5)]);
    assert_eq!(opening.frame(0.0), opening.frame(0.4));
    assert_eq!(opening.frame(0.5), still.frame(0.5));
    assert!(opening.light(0.0).mean() < still.light(0.0).mean(), "whole discs are darker");
}

#[test]
fn the_bar_grows_step_by_step_and_is_blank_in_between() {
    let drawn = Drawn::new("growing_bar", &[("longest", 10.0), ("lengths", 5.0), ("width", 0.5)]);
    let extent = |drawn: &Drawn, time_s: f64, upright: bool| {
        let light = drawn.light(time_s);
        let lit = |value: f64| ((value - GREY) / (1.0 - GREY)).max(0.0);
        let cells: Vec<f64> = if upright {
            (0..64).map(|row| lit(light.row(row)[40])).collect()
        } else {
            light.row(32).iter().map(|value| lit(*value)).collect()
        };
        cells.iter().sum::<f64>() * 0.25
    };
    for (number, expected) in [2.0, 4.0, 6.0, 8.0, 10.0, 2.0].into_iter().enumerate() {
        let length = extent(&drawn, number as f64 + 0.3, true);
        assert!((length - expected).abs() < 0.05, "bar {number}: {length} deg");
    }
    assert!((extent(&drawn, 2.3, false) - 0.5).abs() < 0.05, "its width stays");
    assert!(drawn.light(0.8).values.iter().all(|value| (value - GREY).abs() < 1e-3), "blank");
    assert!((extent(&drawn.control(), 2.3, false) - 6.0).abs() < 0.05, "the control lies across");
}

#[test]
fn the_photograph_comes_and_goes_on_mid_grey_and_stays_in_the_control() {
    let drawn = Drawn::new("photo_on_grey", &[]);
    let is_grey = |time_s: f64| drawn.frame(time_s).planes.iter().all(|value| (value - 0.5).abs() < 1e-3);
    let grey: Vec<bool> = (0..20).map(|n| is_grey(f64::from(n) * 0.1)).collect();
    let on: Vec<usize> = (0..20).filter(|&n| !grey[n]).collect();
    assert_eq!(on, [6, 7, 8, 9, 10, 11, 12]);
    assert!(difference(&drawn.frame(0.7).planes, &drawn.frame(2.7).planes) > 0.05, "another in each cycle");
    let control = drawn.control();
    let stays = control.frame(0.0);
    for time_s in [0.7, 1.9, 2.7, 6.5] {
        assert_eq!(control.frame(time_s), stays);
    }
}

#[test]
fn photographs_are_the_right_way_up_and_in_their_own_colours() {
    // The saucer of the coffee cup is red at the lower left; the wall behind the camera is light above.
    let coffee = Drawn::new("photo_on_grey", &[("picture", 0.0)]).control().frame(0.0);
    let area = coffee.size.area();
    let lower_left = 48 * 80 + 22;
    assert!(coffee.planes[lower_left] > 2.0 * coffee.planes[area + lower_left], "red saucer");
    let camera = Drawn::new("photo_on_grey", &[("picture", 2.0)]).control().light(0.0);
    assert!(camera.at(3.0, 5.5) > 2.0 * camera.at(-4.5, -1.0), "sky above, coat at the left");
}

#[test]
fn the_patch_glides_and_then_surprises() {
    let mut drawn = Drawn::new("surprise_patch", &[("kind", 0.0), ("size", 4.0)]);
    let place = |drawn: &Drawn, time_s: f64| drawn.light(time_s).centroid(GREY);
    let ([x0, y0], _) = place(&drawn, 0.5);
    for n in 1..25 {
        let ([x, y], _) = place(&drawn, 0.5 + 0.1 * f64::from(n));
        assert!((x - x0 - 0.4 * f64::from(n)).abs() < 0.15, "at step {n}: {x} from {x0}");
        assert!((y - y0).abs() < 0.15, "at step {n}: {y} from {y0}");
    }
    drawn.set(&[("kind", 1.0)]);
    let (before, after) = (place(&drawn, 1.4).0, place(&drawn, 1.5).0);
    assert!((after[1] - before[1] - 4.0).abs() < 0.2, "jumps up: {before:?} {after:?}");
    assert!((after[0] - before[0] - 0.4).abs() < 0.2, "and keeps on its way");
    drawn.set(&[("kind", 2.0)]);
    let x = |time_s: f64| place(&drawn, time_s).0[0];
    assert!(x(1.5) - x(1.4) > 0.3 && x(1.6) - x(1.5) < -0.3 && x(3.6) - x(3.5) > 0.3, "turns back");
    drawn.set(&[("kind", 3.0)]);
    assert!(
        place(&drawn, 1.4).1 > 5.0 && place(&drawn, 1.5).1 < 1.0 && place(&drawn, 2.5).1 > 5.0,
        "vanishes"
    );
}
