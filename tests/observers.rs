//! Who sees what, where the answer is known: real motion, its mirror, and nothing.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use percept::experiment::gallery::{Row, show};
use percept::experiment::observer::{DETECTORS, Observer};
use percept::experiment::verdict::Verdict;
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::stimulus::illusion::catalogue;

fn rows(slug: &str, names: &[&str]) -> Vec<Row> {
    let gpu = Gpu::headless().unwrap();
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let mut observers: Vec<_> = names.iter().map(|name| Observer::new(name, &compute).unwrap()).collect();
    let all = catalogue::built_in();
    show(catalogue::find(&all, slug).unwrap(), &mut observers, &gpu, &compute).unwrap()
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
