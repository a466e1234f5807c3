//! What holds for every built-in illusion.

use percept::param::ParamValues;
use percept::stimulus::illusion::{Illusion, catalogue, compose};

use crate::drawn::{Drawn, compiled, difference, farthest};

/// The groups of the gallery.
const FAMILIES: [&str; 10] = [
    "motion",
    "motion and position",
    "brightness and contrast",
    "colour",
    "geometry",
    "contour",
    "stillness and fading",
    "calibration",
    "physiology",
    "surprise",
];

const TIMES_S: [f64; 5] = [0.0, 0.1, 0.6, 1.7, 61.3];

#[test]
fn there_are_sixty_and_each_has_a_whole_card() {
    let all = catalogue::built_in();
    assert!(all.len() >= 60, "only {}", all.len());
    let faults: Vec<String> = all.iter().flat_map(faults_of).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All that a card of our own must have and that a user's need not.
fn faults_of(one: &Illusion) -> Vec<String> {
    let card = &one.card;
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{}: {what}", one.slug));
        }
    };
    must(compose::validate(one).is_ok(), "no shader");
    must((2..=6).contains(&card.params.len()), "two to six parameters");
    must(card.presets.len() >= 2, "two presets");
    must(!card.control.0.is_empty() && !card.control_note.is_empty(), "a control");
    must(
        ![&card.percept, &card.look, &card.flash].iter().any(|text| text.is_empty()),
        "percept, look, flash",
    );
    must(!card.papers.is_empty(), "a paper");
    must(card.measure.is_some(), "what is measured");
    must(FAMILIES.contains(&card.family.as_str()), "a family of the gallery");
    must(card.percept.split_whitespace().count() <= 60, "two sentences that a student understands");
    must(
        card.params.iter().all(|param| param.clamp(param.default) == param.default),
        "defaults on their grid",
    );
    faults
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
        let spread = [0.0, 0.3, 0.6, 1.1, 1.7, 2.6, 4.1, 5.3, 7.3].map(|time_s| {
            let planes = drawn.frame(time_s).planes;
            let mean = planes.iter().sum::<f32>() / planes.len() as f32;
            assert!((0.05..0.95).contains(&mean), "{}: mean {mean}", one.slug);
            planes.iter().map(|value| (value - mean).abs()).fold(0.0, f32::max)
        });
        assert!(spread.iter().any(|&most| most > 0.15), "{}: {spread:?}", one.slug);
    }
}

/// Mean change from frame to frame, ten a second, over a second.
fn pace(drawn: &Drawn, from_s: f64) -> f32 {
    let frames: Vec<_> = (0..11).map(|n| drawn.frame(from_s + 0.1 * f64::from(n)).planes).collect();
    frames.windows(2).map(|pair| difference(&pair[0], &pair[1])).sum::<f32>() / 10.0
}

#[test]
fn after_ten_hours_everything_goes_on_at_its_pace() {
    for one in catalogue::built_in() {
        let drawn = Drawn::new(&one.slug, &[]);
        if drawn.program.is_still(&drawn.params()) {
            assert_eq!(drawn.frame(0.0), drawn.frame(36_000.0), "{}", one.slug);
            continue;
        }
        // What rests between its events is looked at long enough to meet some.
        let at = |from_s: f64| (0..8).map(|n| pace(&drawn, from_s + 1.1 * f64::from(n))).sum::<f32>() / 8.0;
        let (early, late) = (at(1.0), at(36_000.0));
        if early == 0.0 {
            // It moves only when it is told to.
            assert!(late == 0.0, "{} begins to move after ten hours", one.slug);
            continue;
        }
        assert!((0.5..2.0).contains(&(late / early)), "{}: {early} then {late}", one.slug);
    }
}

/// Those whose cycle is not a part of ten hours, or that are made of chance at every moment: their pace is what can be
/// told.
const OTHERWISE_LATE: [&str; 10] = [
    "omega_effect",
    "direction_repulsion",
    "ternus",
    "colour_phi",
    "stream_bounce",
    "twinkle_goes",
    "surprise_patch",
    "sparse_noise",
    "random_dots",
    "optic_flow",
];

#[test]
fn after_ten_hours_everything_is_where_it_should_be() {
    for one in catalogue::built_in().iter().filter(|one| !OTHERWISE_LATE.contains(&one.slug.as_str())) {
        let drawn = Drawn::new(&one.slug, &[]);
        for time_s in [0.3, 1.1, 2.7, 5.2] {
            let apart = difference(&drawn.frame(time_s).planes, &drawn.frame(36_000.0 + time_s).planes);
            assert!(apart < 0.005, "{}: {time_s} s and ten hours later differ by {apart}", one.slug);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_picture_and_only_what_is_random_has_another() {
    for one in catalogue::built_in() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        let first = drawn.frame(0.4).planes;
        assert_eq!(first, drawn_again(&drawn).frame(0.4).planes, "{}", one.slug);
        drawn.showing.seed = 8;
        if !["hash(", "noise(", "view.seed"].iter().any(|word| one.wgsl.contains(word)) {
            assert_eq!(first, drawn.frame(0.4).planes, "{}", one.slug);
            continue;
        }
        // Some choice of parameters shows what is random in it.
        let mut settings = vec![vec![]];
        settings.extend(one.card.params.iter().map(|param| vec![(param.name.as_str(), param.max)]));
        let changes = settings.iter().any(|set| {
            let [mut seven, mut eight] = [Drawn::new(&one.slug, set), Drawn::new(&one.slug, set)];
            (seven.showing.seed, eight.showing.seed) = (7, 8);
            [0.4, 1.3]
                .iter()
                .any(|&time_s| difference(&seven.frame(time_s).planes, &eight.frame(time_s).planes) > 5e-4)
        });
        assert!(changes, "{} asks for chance and shows none", one.slug);
    }
}

#[test]
fn regions_measured_lie_in_the_picture_and_do_not_overlap() {
    let mut faults = Vec::new();
    for one in catalogue::built_in() {
        let Some(text) = compose::compose_region(&one) else { continue };
        let drawn = Drawn::new(&one.slug, &[]);
        let program = compiled(&text);
        let area = drawn.size.area();
        let (mut inside, mut overlap) = (0.0_f32, 0.0_f32);
        // What is measured late is looked for late.
        let until_s = one.card.measure.as_ref().and_then(|measure| measure.to_s).unwrap_or(4.0).max(4.0);
        for n in 0..80 {
            let time_s = f64::from(n) * until_s / 80.0;
            let planes = program.render_planes(&drawn.view(time_s), &drawn.params()).unwrap();
            inside = inside.max(planes[..area].iter().sum::<f32>());
            let both = planes[..area].iter().zip(&planes[area..2 * area]).map(|(x, y)| x.min(*y));
            overlap = overlap.max(both.sum::<f32>());
        }
        if inside < 4.0 {
            faults.push(format!("{}: the region has {inside} pixels", one.slug));
        }
        if overlap > 0.25 * inside {
            faults.push(format!("{}: the regions share {overlap} of {inside} pixels", one.slug));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
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
        let run = |drawn: &Drawn| [0.1, 0.4, 0.7, 1.7, 2.9, 5.2].map(|time_s| drawn.frame(time_s).planes);
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
