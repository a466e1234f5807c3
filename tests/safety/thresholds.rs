//! One clip on each side of every threshold.

use percept::safety::{Class, FlashClass};

use crate::clips::{BLACK_WHITE, Clip, Light, flicker, grey, is_on, whole};

#[test]
fn more_than_three_flashes_a_second() {
    for (hz, class) in [(1.0, Class::Passes), (2.9, Class::Passes), (3.1, Class::Fails), (15.0, Class::Fails)]
    {
        let verdict = whole(hz, 3.0, BLACK_WHITE);
        assert_eq!(verdict.class, class, "{hz} Hz: {}", verdict.words());
        let flash = if class == Class::Fails { FlashClass::Strong } else { FlashClass::Mild };
        assert_eq!(verdict.flash, flash, "{hz} Hz");
    }
}

#[test]
fn what_is_said_is_what_was_shown() {
    let verdict =
        Clip::new(4.0, |_, _, t| grey(if (1.0..3.0).contains(&t) && is_on(t, 5.0) { 1.0 } else { 0.0 }))
            .verdict();
    let over = verdict.general.over.clone().unwrap();
    assert!((over.per_second - 5.0).abs() < 0.1 && over.area > 0.99, "{over:?}");
    assert_eq!(over.spans.len(), 1);
    assert!((over.spans[0].from_s - 1.1).abs() < 0.1 && (over.spans[0].to_s - 3.0).abs() < 0.1, "{over:?}");
    assert!((1.0..2.1).contains(&over.worst_s), "{over:?}");
    assert!((verdict.length_s - 4.0).abs() < 1e-3 && verdict.frames == 241);
    assert!(verdict.words().starts_with("fails: 5.0 flashes a second over 100 %"), "{}", verdict.words());
}

#[test]
fn more_than_a_quarter_of_the_field() {
    // Of 4800 pixels: 1152 and 1260.
    for (sides, class) in [([48, 24], Class::Passes), ([42, 30], Class::Fails)] {
        let verdict = flicker(5.0, 3.0, BLACK_WHITE, sides);
        assert_eq!(verdict.class, class, "{sides:?}: {}", verdict.words());
    }
}

#[test]
fn many_small_flashes_far_apart_are_no_large_one() {
    // A fifth of every field of 10 degrees, and of the whole picture.
    let verdict = Clip::new(3.0, |x, y, t| {
        let is_in = x % 80 < 32 && y % 60 < 30;
        grey(if is_in && is_on(t, 5.0) { 1.0 } else { 0.0 })
    })
    .verdict();
    assert_eq!(verdict.flash, FlashClass::None, "{}", verdict.words());
}

#[test]
fn a_tenth_of_the_luminance() {
    for (change, class) in [(0.09, Class::Passes), (0.11, Class::Fails)] {
        let verdict = whole(5.0, 3.0, [grey(0.3), grey(0.3 + change)]);
        assert_eq!(verdict.class, class, "{change}: {}", verdict.words());
    }
}

#[test]
fn the_darker_state_is_below_four_fifths() {
    for (dark, class) in [(0.81, Class::Passes), (0.79, Class::Fails)] {
        let verdict = whole(5.0, 3.0, [grey(dark), grey(1.0)]);
        assert_eq!(verdict.class, class, "{dark}: {}", verdict.words());
    }
}

#[test]
fn a_saturated_red_flashes_where_blue_of_the_same_luminance_does_not() {
    let red: Light = [0.0722 / 0.2126, 0.0, 0.0];
    for (colour, class) in [(red, Class::Fails), ([0.0, 0.0, 1.0], Class::Passes)] {
        let verdict = whole(5.0, 3.0, [grey(0.0722), colour]);
        assert_eq!(verdict.class, class, "{colour:?}: {}", verdict.words());
        assert_eq!(verdict.red.over.is_some(), class == Class::Fails);
        assert_eq!(verdict.general.any, None);
    }
    assert_eq!(whole(2.9, 3.0, [grey(0.0722), red]).class, Class::Passes);
}

#[test]
fn a_red_below_four_fifths_or_a_small_change_of_colour_is_no_red_flash() {
    let of = |part: f64| [0.3 * part, 0.15 * (1.0 - part), 0.15 * (1.0 - part)];
    for (part, class) in [(0.79, Class::Passes), (0.82, Class::Fails)] {
        let verdict = whole(5.0, 3.0, [[0.0, 0.0, 0.3], of(part)]);
        assert_eq!(verdict.red.over.is_some(), class == Class::Fails, "{part}: {}", verdict.words());
    }
    // Both are saturated reds.
    let verdict = whole(5.0, 3.0, [[0.3, 0.0, 0.0], [0.3, 0.05, 0.0]]);
    assert_eq!(verdict.class, Class::Passes, "{}", verdict.words());
}

#[test]
fn two_or_three_a_second_for_more_than_five_seconds() {
    for (hz, seconds, class) in
        [(2.5, 4.0, Class::Passes), (2.5, 6.0, Class::Warning), (1.5, 8.0, Class::Passes)]
    {
        let verdict = whole(hz, seconds, BLACK_WHITE);
        assert_eq!(verdict.class, class, "{hz} Hz for {seconds} s: {}", verdict.words());
        assert_eq!(verdict.flash, FlashClass::Mild);
    }
}

#[test]
fn fine_balanced_checks_are_exempt_and_coarse_ones_are_not() {
    // Of a twelfth of a degree, and of a degree, on a screen of 720 pixels and 30 degrees.
    for (side, class) in [(2, Class::Passes), (24, Class::Fails)] {
        let mut clip = Clip::new(2.0, |x: u32, y: u32, t| {
            grey(if (x / side + y / side).is_multiple_of(2) == is_on(t, 8.0) { 0.9 } else { 0.1 })
        });
        clip.size = percept::units::PixelSize::new(720, 540);
        clip.rate_hz = 30.0;
        let verdict = clip.verdict();
        assert_eq!(verdict.flash == FlashClass::Strong, class == Class::Fails, "{side}: {}", verdict.words());
    }
}
