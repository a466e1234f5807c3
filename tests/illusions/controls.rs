//! A control differs from its illusion only where it should: what each leaves alone stands here, and is looked at.

use percept::stimulus::illusion::{Illusion, catalogue, compose};

use crate::drawn::{Drawn, compiled, farthest, linear};

const TIMES_S: [f64; 6] = [0.1, 0.6, 1.3, 1.7, 2.9, 4.3];

/// What a control leaves as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// What is measured and what it is compared with: only what is around differs.
    Targets,
    /// All but what is measured and what it is compared with.
    Around,
    /// The picture at the start: only what becomes of it differs.
    Start,
    /// How much of every shade there is: only the places differ.
    Shades,
    /// The mean light over time.
    Light,
}

/// Differences of a control from its illusion; `None` where there is nothing to compare.
#[derive(Clone, Copy, Debug, Default)]
struct Differs {
    targets: Option<f32>,
    around: Option<f32>,
    start: f32,
    shades: f64,
    light: f64,
}

impl Differs {
    fn of(one: &Illusion) -> Self {
        let (shown, control) = (Drawn::new(&one.slug, &[]), Drawn::new(&one.slug, &[]).control());
        let mut all =
            Self { start: farthest(&shown.frame(0.0).planes, &control.frame(0.0).planes), ..Self::default() };
        let region = compose::compose_region(one).map(|text| compiled(&text));
        let (mut sorted, mut sums) = ([Vec::new(), Vec::new()], [0.0; 2]);
        for time_s in TIMES_S {
            let pictures = [&shown, &control].map(|drawn| drawn.frame(time_s).planes);
            for (at, picture) in pictures.iter().enumerate() {
                let light = picture.iter().map(|&value| linear(value));
                sorted[at].extend(light.clone());
                sums[at] += light.sum::<f64>();
            }
            let Some(region) = &region else { continue };
            let area = shown.size.area();
            let weights = [&shown, &control].map(|drawn| {
                let planes = region.render_planes(&drawn.view(time_s), &drawn.params()).unwrap();
                (0..area).map(|at| planes[at].max(planes[area + at])).collect::<Vec<f32>>()
            });
            for (at, (&one, &other)) in weights[0].iter().zip(&weights[1]).enumerate() {
                let apart = (0..3).map(|channel| channel * area + at);
                let apart = apart.map(|at| (pictures[0][at] - pictures[1][at]).abs()).fold(0.0, f32::max);
                let place = if one.min(other) > 0.99 {
                    &mut all.targets
                } else if one.max(other) < 0.01 {
                    &mut all.around
                } else {
                    continue;
                };
                *place = Some(place.unwrap_or_default().max(apart));
            }
        }
        for values in &mut sorted {
            values.sort_by(f64::total_cmp);
        }
        let [one, other] = &sorted;
        all.shades = one.iter().zip(other).map(|(a, b)| (a - b).abs()).sum::<f64>() / one.len() as f64;
        all.light = (sums[0] - sums[1]).abs() / sums[0];
        all
    }

    /// Whether this is left as it is, up to rounding and, of means, to what edges between pixels make of it.
    fn keeps(&self, what: Kept) -> bool {
        match what {
            Kept::Targets => self.targets.is_some_and(|apart| apart < 0.01),
            Kept::Around => self.around.is_some_and(|apart| apart < 0.01),
            Kept::Start => self.start < 0.01,
            Kept::Shades => self.shades < 0.01,
            Kept::Light => self.light < 0.02,
        }
    }
}

/// What each control leaves alone. Every illusion stands here at least once.
const KEPT: &[(Kept, &[&str])] = &[
    (
        Kept::Targets,
        &[
            "induced_motion",
            "freezing_rotation",
            "direction_repulsion",
            "colour_phi",
            "motion_binding",
            "flash_lag",
            "flash_drag",
            "frame_effect",
            "white",
            "simultaneous_contrast",
            "grating_induction",
            "cornsweet",
            "todorovic",
            "benary_cross",
            "checkerboard_contrast",
            "adelson_snake",
            "dungeon",
            "checker_shadow",
            "asahi",
            "scintillating_grid",
            "contrast_contrast",
            "contrast_asynchrony",
            "neon_spreading",
            "munker",
            "delboeuf",
            "rod_frame",
            "tilt_illusion",
            "growing_disc",
            "enigma",
            "barber_pole",
        ],
    ),
    (
        Kept::Around,
        &[
            "evolved_bands",
            "evolved_discs",
            "pinna_brelstaff",
            "plaid",
            "two_stroke",
            "thompson",
            "spinner",
            "rotating_reversals",
            "omega_effect",
            "motion_aftereffect",
            "perpetual_diamond",
            "phenomenal_phenomenon",
            "stereokinetic",
            "flash_lag",
            "lilac_chaser",
            "silencing",
            "oddball",
            "occluder",
            "gabor",
            "sparse_noise",
            "contrast_response",
            "orientation_tuning",
            "random_dots",
        ],
    ),
    (
        Kept::Start,
        &[
            "propeller",
            "reverse_phi",
            "four_stroke",
            "two_stroke",
            "wagon_wheel",
            "rotating_reversals",
            "omega_effect",
            "motion_aftereffect",
            "ternus",
            "structure_from_motion",
            "flash_drag",
            "double_drift",
            "motion_induced_position_shift",
            "frohlich",
            "twinkle_goes",
            "motion_induced_blindness",
            "silencing",
            "surprise_patch",
            "oddball",
            "occluder",
            "growing_disc",
            "gabor",
            "orientation_tuning",
            "drifting_grating",
            "optic_flow",
        ],
    ),
    (
        Kept::Shades,
        &[
            "snake_elements",
            "ouchi",
            "jitter_aftereffect",
            "stream_bounce",
            "biological_motion",
            "slalom",
            "flash_grab",
            "mueller_lyer",
            "ebbinghaus",
            "ponzo",
            "zoellner",
            "poggendorff",
            "vertical_horizontal",
            "cafe_wall",
            "tilt_aftereffect",
            "kanizsa",
            "troxler",
            "growing_bar",
        ],
    ),
    (
        Kept::Light,
        &[
            "rotating_snakes",
            "fraser_wilcox",
            "fraser_wilcox_rows",
            "missing_fundamental",
            "second_order",
            "footsteps",
            "colour_phase",
            "chevreul",
            "orbison",
            "fraser_spiral",
            "photo_on_grey",
            "swimmers",
        ],
    ),
];

/// Places in degrees that a control leaves as they are.
type Places = fn(f64, f64) -> bool;

/// The same by place, where what is measured moves with the control or is no region.
const KEPT_AT: &[(&str, Places)] = &[
    ("breathing_square", |x, y| x.abs() < 0.7 || y.abs() < 0.7),
    ("hering", |x, y| (x.abs() - 2.5).abs() < 0.15 && y.abs() < 7.0),
    ("hermann_grid", |x, y| {
        let away = |place: f64| ((place / 3.0).rem_euclid(1.0) - 0.5) * 3.0;
        away(x).hypot(away(y)) < 0.2
    }),
    ("moving_phantoms", |_, y| y.abs() < 1.8),
    ("swimmers", |x, y| {
        let [column, row] = [(x / 4.4).floor().clamp(-2.0, 1.0) + 0.5, (y / 5.0).round().clamp(-1.0, 1.0)];
        ((x - 4.4 * column) / 1.15).hypot((y - 5.0 * row) / 1.7) < 0.7
    }),
];

#[test]
fn a_control_leaves_alone_what_it_should() {
    let mut named = Vec::new();
    for one in catalogue::built_in() {
        let wanted: Vec<_> = KEPT
            .iter()
            .filter(|(_, slugs)| slugs.contains(&one.slug.as_str()))
            .map(|(kept, _)| *kept)
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let differs = Differs::of(&one);
        for kept in wanted {
            assert!(differs.keeps(kept), "{}: {kept:?} is not as it was: {differs:?}", one.slug);
        }
        named.push(one.slug);
    }
    named.extend(KEPT_AT.iter().map(|(slug, _)| (*slug).to_owned()));
    let left_out: Vec<_> =
        catalogue::built_in().into_iter().map(|one| one.slug).filter(|slug| !named.contains(slug)).collect();
    assert!(left_out.is_empty(), "what do these controls leave alone? {left_out:?}");
}

#[test]
fn a_control_leaves_these_places_alone() {
    for (slug, is_kept) in KEPT_AT {
        let (shown, control) = (Drawn::new(slug, &[]), Drawn::new(slug, &[]).control());
        let scale = shown.illusion.card.field_deg / f64::from(shown.size.width);
        let (width, area) = (shown.size.width as usize, shown.size.area());
        let mut compared = 0;
        for time_s in TIMES_S {
            let [one, other] = [&shown, &control].map(|drawn| drawn.frame(time_s).planes);
            for at in 0..area {
                let x = ((at % width) as f64 + 0.5) * scale - 0.5 * scale * width as f64;
                let y = 0.5 * scale * f64::from(shown.size.height) - ((at / width) as f64 + 0.5) * scale;
                if is_kept(x, y) {
                    compared += 1;
                    let apart =
                        (0..3).map(|channel| (one[channel * area + at] - other[channel * area + at]).abs());
                    let apart = apart.fold(0.0, f32::max);
                    assert!(apart < 0.01, "{slug}: ({x:.2}, {y:.2}) at {time_s} s differs by {apart}");
                }
            }
        }
        assert!(compared > 100, "{slug}: {compared} places");
    }
}
