//! Who sees what, where the answer is known: real motion, its mirror, and nothing.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use percept::experiment::gallery::{Row, show};
use percept::experiment::nulling::null;
use percept::experiment::observer::{DETECTORS, Observer};
use percept::experiment::table::{Earlier, to_csv};
use percept::experiment::verdict::Verdict;
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::readout::flow::Method;
use percept::stimulus::illusion::catalogue;

fn rows(slug: &str, names: &[&str]) -> Vec<Row> {
    rows_by(Method::Dense, slug, names)
}

fn rows_by(method: Method, slug: &str, names: &[&str]) -> Vec<Row> {
    let gpu = Gpu::headless().unwrap();
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let mut observers: Vec<_> = names.iter().map(|name| Observer::new(name, &compute).unwrap()).collect();
    let all = catalogue::built_in();
    let mut watching: Vec<_> = observers.iter_mut().collect();
    show(catalogue::find(&all, slug).unwrap(), &mut watching, method, &gpu, &compute).unwrap()
}

fn verdict(row: &Row) -> Verdict {
    row.finding.unwrap().verdict
}

#[test]
fn a_drifting_grating_is_seen_by_a_network_at_its_speed_and_not_by_a_copy() {
    let rows = rows("drifting_grating", &["family-1", "copy-last-frame"]);
    let found = rows[0].finding.unwrap();
    // 0.25 cpd at 4 deg/s, ten frames a second: a tenth of a cycle.
    assert!((found.effect - 0.1).abs() < 0.01, "{found:?}");
    assert!(
        (found.mean.shown - found.mean.mirrored).abs() < 0.01,
        "the mirror drifts the other way: {found:?}"
    );
    assert_eq!(verdict(&rows[0]), Verdict::Seen);
    assert_eq!(verdict(&rows[1]), Verdict::NotSeen);
    assert!(rows[1].finding.unwrap().effect.abs() < 1e-9);
}

#[test]
fn detectors_see_a_propeller_turn_and_are_asked_of_motion_alone() {
    for row in rows("propeller", &DETECTORS) {
        let found = row.finding.unwrap();
        assert_eq!(found.verdict, Verdict::Seen, "{}: {found:?}", row.model);
        assert!((found.mean.shown - found.mean.mirrored).abs() < 0.3 * found.effect, "{found:?}");
    }
    assert!(rows("white", &DETECTORS).iter().all(|row| row.finding.is_none()));
}

/// Real motion is nulled where there is none.
#[test]
fn a_grating_is_nulled_where_it_stands() {
    let gpu = Gpu::headless().unwrap();
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let names = ["family-1", "linear-extrapolation", "copy-last-frame"];
    let mut observers: Vec<_> = names.iter().map(|name| Observer::new(name, &compute).unwrap()).collect();
    let all = catalogue::built_in();
    let grating = catalogue::find(&all, "drifting_grating").unwrap();
    let mut null = |param: &str| {
        let mut watching: Vec<_> = observers.iter_mut().collect();
        null(grating, param, &[-2.0, -1.0, 1.0, 2.0], &mut watching, (&gpu, &compute))
    };
    let found = null("speed").unwrap();
    for nulled in &found[..2] {
        let zero = nulled.zero.unwrap();
        assert!(zero.abs() < 0.1, "{nulled:?}");
        assert!(nulled.numbers.windows(2).all(|pair| pair[0] < pair[1]), "{nulled:?}");
    }
    // A copy moves nothing, whatever the speed: there is no one zero.
    assert_eq!(found[2].zero, None, "{:?}", found[2]);
    let error = null("spin").unwrap_err();
    assert!(error.to_string().contains("speed"), "{error}");
}

/// A table is written and read; what it says is taken where illusion and weights are the same, and the rest is measured.
#[test]
fn what_was_measured_earlier_is_not_measured_again() {
    let names = ["copy-last-frame", "untrained", "correlator"];
    let mut rows = rows("white", &names[..1]);
    rows[0].finding.as_mut().unwrap().effect = 4.25;
    rows.extend(self::rows("white", &names[2..]));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    std::fs::write(&file, to_csv(&rows, "a processor")).unwrap();

    let earlier = Earlier::read(&file).unwrap();
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let mut observers: Vec<_> = names.iter().map(|name| Observer::new(name, &compute).unwrap()).collect();
    let all = catalogue::built_in();
    let white = catalogue::find(&all, "white").unwrap();
    let mut asked = 0;
    let mut again = |illusion: &percept::stimulus::illusion::Illusion| {
        let mut show = |observers: &mut [&mut Observer]| {
            asked = observers.len();
            Ok(vec![rows[0].clone(); observers.len()])
        };
        (earlier.complete(illusion, &mut observers, &mut show).unwrap(), asked)
    };
    // The untrained network is not in the table.
    let (found, asked) = again(white);
    assert_eq!((found.len(), asked), (3, 1));
    let (was, is) = (rows[0].finding.unwrap(), found[0].finding.unwrap());
    assert_eq!((is.effect, is.verdict, &found[0].sha256), (4.25, was.verdict, &rows[0].sha256));
    assert!((is.mean.shown - was.mean.shown).abs() < 1e-6 && (is.interval - was.interval).abs() < 1e-6);
    assert!(found[2].finding.is_none() && found[2].model == "correlator");
    // A mended illusion is another one.
    let mut mended = white.clone();
    mended.wgsl.push('\n');
    assert_eq!(again(&mended).1, 3);

    std::fs::write(&file, "illusion,text\nwhite,1\n").unwrap();
    let error = Earlier::read(&file).unwrap_err();
    assert!(
        error.kind == percept::error::Kind::Damaged && error.to_string().contains("table.csv"),
        "{error}"
    );
}
