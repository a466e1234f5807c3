//! What holds for every built-in illusion.

use percept::param::ParamValues;
use percept::stimulus::illusion::{catalogue, compose};

use crate::drawn::{Drawn, difference, farthest};

const TIMES_S: [f64; 5] = [0.0, 0.1, 0.6, 1.7, 61.3];

#[test]
fn there_are_ten_and_each_has_a_whole_card() {
    let all = catalogue::built_in();
    assert_eq!(all.len(), 10);
    for one in &all {
        let (slug, card) = (&one.slug, &one.card);
        compose::validate(one).unwrap_or_else(|error| panic!("{slug}: {error}"));
        assert!((2..=6).contains(&card.params.len()), "{slug} has {} parameters", card.params.len());
        assert!(card.presets.len() >= 2, "{slug} has {} presets", card.presets.len());
        assert!(!card.control.0.is_empty() && !card.control_note.is_empty(), "{slug} has no control");
        for text in [&card.percept, &card.look, &card.flash] {
            assert!(!text.is_empty(), "{slug} leaves something out");
        }
        assert!(!card.papers.is_empty(), "{slug} names no paper");
        for param in &card.params {
            assert_eq!(param.clamp(param.default), param.default, "{slug}: {} is off its grid", param.name);
        }
    }
}

#[test]
fn light_stays_in_range_at_every_extreme_of_every_parameter() {
    for one in catalogue::built_in() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        drawn.samples = 1;
        let mut settings = vec![vec![]];
        for param in &one.card.params {
            settings.push(vec![(param.name.as_str(), param.min)]);
            settings.push(vec![(param.name.as_str(), param.max)]);
        }
        settings.push(one.card.params.iter().map(|param| (param.name.as_str(), param.min)).collect());
        settings.push(one.card.params.iter().map(|param| (param.name.as_str(), param.max)).collect());
        for set in settings {
            drawn.showing.values = ParamValues::default();
            drawn.set(&set);
            for time_s in TIMES_S {
                let planes = drawn.frame(time_s).planes;
                assert!(
                    planes.iter().all(|value| (0.0..=1.0).contains(value)),
                    "{} leaves 0..1 at {time_s} s with {set:?}",
                    one.slug
                );
            }
        }
    }
}

#[test]
fn no_illusion_turns_black_or_blank_for_good() {
    for one in catalogue::built_in() {
        let drawn = Drawn::new(&one.slug, &[]);
        let spread = [0.0, 0.6, 1.1].map(|time_s| {
            let planes = drawn.frame(time_s).planes;
            let mean = planes.iter().sum::<f32>() / planes.len() as f32;
            assert!((0.3..0.85).contains(&mean), "{}: mean {mean}", one.slug);
            planes.iter().map(|value| (value - mean).abs()).fold(0.0, f32::max)
        });
        assert!(spread.iter().any(|&most| most > 0.2), "{}: {spread:?}", one.slug);
    }
}

#[test]
fn the_same_seed_gives_the_same_picture_and_another_seed_another_texture() {
    for one in catalogue::built_in() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        if one.slug == "reverse_phi" {
            drawn.set(&[("pattern", 1.0)]);
        }
        let first = drawn.frame(0.4).planes;
        assert_eq!(first, drawn_again(&drawn).frame(0.4).planes);
        drawn.showing.seed = 8;
        let is_random = ["reverse_phi", "surprise_patch"].contains(&one.slug.as_str());
        let changed = difference(&first, &drawn.frame(0.4).planes) > 0.002;
        assert_eq!(changed, is_random, "{}", one.slug);
    }
}

fn drawn_again(drawn: &Drawn) -> Drawn {
    let mut again = Drawn::of(drawn.illusion.clone());
    again.showing = drawn.showing.clone();
    again
}

#[test]
fn the_mirror_shows_the_mirrored_picture() {
    for one in catalogue::built_in() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        drawn.samples = 2;
        for time_s in [0.6, 1.7] {
            drawn.showing.mirror = false;
            let plain = drawn.frame(time_s).planes;
            drawn.showing.mirror = true;
            let mirrored = drawn.frame(time_s).planes;
            let width = drawn.size.width as usize;
            let turned: Vec<f32> =
                plain.chunks_exact(width).flat_map(|row| row.iter().rev().copied()).collect();
            assert!(farthest(&mirrored, &turned) < 2e-3, "{}: {}", one.slug, farthest(&mirrored, &turned));
        }
    }
}

#[test]
fn the_control_differs_from_the_illusion() {
    for one in catalogue::built_in() {
        let drawn = Drawn::new(&one.slug, &[]);
        let run = |drawn: &Drawn| [0.1, 0.4, 0.7, 1.7].map(|time_s| drawn.frame(time_s).planes);
        let shown = run(&drawn);
        let control = run(&drawn.control());
        let most = shown.iter().zip(&control).map(|(a, b)| difference(a, b)).fold(0.0, f32::max);
        assert!(most > 0.001, "{}: the control is the illusion itself ({most})", one.slug);
    }
}

#[test]
fn marks_fall_where_the_cards_say_and_not_where_the_control_takes_them_away() {
    let times = |slug: &str, control: bool| {
        let mut drawn = Drawn::new(slug, &[]);
        drawn.showing.control = control;
        let marks = drawn.illusion.marks(&drawn.showing, 0.0, 2.0);
        marks
            .iter()
            .map(|mark| (mark.label.clone(), (mark.time_s * 1000.0).round() as i64))
            .collect::<Vec<_>>()
    };
    assert_eq!(times("photo_on_grey", false), [("on".to_owned(), 600), ("off".to_owned(), 1300)]);
    assert_eq!(times("photo_on_grey", true), []);
    assert_eq!(times("surprise_patch", false), [("event".to_owned(), 1500)]);
    assert_eq!(times("surprise_patch", true), []);
    let flashes: Vec<_> = times("flash_lag", false).into_iter().map(|(_, time)| time).collect();
    assert_eq!(flashes, [600, 1200, 1800]);
    assert_eq!(times("kanizsa", false), []);
    assert_eq!(times("drifting_grating", false), []);
}
