//! Two networks on the same stimulus, and another network while it runs: nothing is mixed, nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use percept::gpu::heat::Look;
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::session::segments::NETWORK_MARK;
use percept::session::{Command, Looping, MapValues, Session, Snapshot, Start, Wanted, Whose};
use percept::stimulus::StimulusSpec;
use percept::units::PixelSize;

/// A session on an illusion; `None` where no adapter draws illusions.
fn session(model: &str, second: Option<&str>, device: DeviceChoice) -> Option<Session> {
    let Ok(gpu) = Gpu::headless() else {
        println!("skipped: no graphics adapter draws illusions here");
        return None;
    };
    let compute = Compute::choose(device, Some(&gpu)).unwrap();
    let start = Start {
        stimulus: StimulusSpec::Illusion("drifting_grating".into()),
        model: Some(model.into()),
        second: second.map(str::to_owned),
        ..percept::cli::usual_start()
    };
    Some(Session::start(Some(gpu), compute, start, Box::new(|| {})).unwrap())
}

/// Waits until a snapshot is as wanted.
fn wait_for(session: &Session, what: &str, mut wanted: impl FnMut(&Snapshot) -> bool) -> Arc<Snapshot> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        if let Some(snapshot) = session.latest().filter(|snapshot| wanted(snapshot)) {
            return snapshot;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never came: {what}; last was {:?}", session.latest().map(|snapshot| snapshot.place.clone()));
}

fn pause(session: &Session) -> Arc<Snapshot> {
    session.send(Command::SetPlaying(false));
    wait_for(session, "pause", |snapshot| !snapshot.place.playing)
}

/// From the first frame on, so many steps, none left out.
fn step_through(session: &Session, steps: u64) -> Arc<Snapshot> {
    pause(session);
    session.send(Command::Reset);
    wait_for(session, "the first frame", |snapshot| snapshot.place.step == 1 && snapshot.place.frame == 0);
    for step in 2..=steps {
        session.send(Command::StepForward);
        wait_for(session, "one step", |snapshot| snapshot.place.step == step);
    }
    session.latest().unwrap()
}

fn columns(session: &Session) -> BTreeMap<String, Vec<f32>> {
    session.recording(|recording| recording.values.clone())
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn host(snapshot: &Snapshot, whose: Whose, look: Look) -> Vec<f32> {
    let probe = |probes: &[percept::model::Probe]| probes.iter().position(|p| p.name == "a_hat0").unwrap();
    let at = match (whose, &snapshot.second) {
        (Whose::Second, Some(second)) => probe(&second.probes),
        _ => probe(&snapshot.probes),
    };
    match snapshot.map(whose, at, look) {
        Some(MapValues::Host(reduced)) => reduced.values.clone(),
        other => panic!("no map in host memory: {other:?}"),
    }
}

fn wanted(whose: Whose, look: Look) -> Wanted {
    Wanted { whose, probe: "a_hat0".into(), look }
}

#[test]
fn the_second_network_answers_as_it_does_alone() {
    let Some(alone) = session("first-light", None, DeviceChoice::Cpu) else { return };
    let Some(both) = session("untrained", Some("first-light"), DeviceChoice::Cpu) else { return };
    alone.send(Command::Show(vec![wanted(Whose::First, Look::Picture)]));
    both.send(Command::Show(vec![
        wanted(Whose::First, Look::Picture),
        wanted(Whose::Second, Look::Picture),
        wanted(Whose::Difference, Look::Mean),
    ]));
    let (a, b) = (step_through(&alone, 8), step_through(&both, 8));
    let (expected, got) = (columns(&alone), columns(&both));
    assert!(expected.len() > 10);
    for (name, values) in &expected {
        assert_eq!(bits(values), bits(&got[&format!("second_{name}")]), "{name}");
    }
    assert_ne!(bits(&got["e0"]), bits(&got["second_e0"]), "they are two networks");
    let second = host(&b, Whose::Second, Look::Picture);
    assert_eq!(bits(&host(&a, Whose::First, Look::Picture)), bits(&second));

    // The difference is that of the pictures, and its numbers are those of the map.
    let first = host(&b, Whose::First, Look::Picture);
    let apart: Vec<f32> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    let count = apart.len() / 3;
    let mean: Vec<f32> =
        (0..count).map(|i| (apart[i] + apart[i + count] + apart[i + 2 * count]) / 3.0).collect();
    let shown = host(&b, Whose::Difference, Look::Mean);
    assert!(shown.iter().zip(&mean).all(|(shown, mean)| (shown - mean).abs() < 1e-6));
    let told = b.second.as_ref().unwrap().difference.unwrap();
    let largest = mean.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    assert!((told.max - largest).abs() < 1e-6 && told.max > 1e-3);
    let square = apart.iter().map(|value| value * value).sum::<f32>() / apart.len() as f32;
    assert!((told.mean_square - square).abs() < 1e-4 * square);
    assert!(b.pace.step_ms >= b.second.as_ref().unwrap().step_ms, "the time shown is that of both");
    assert!(b.provenance.settings.iter().any(|setting| setting.contains("second network first-light")));
}

#[test]
fn a_network_beside_itself_differs_by_nothing() {
    for device in [DeviceChoice::Cpu, DeviceChoice::Gpu] {
        let Some(session) = session("untrained", None, device) else { return };
        wait_for(&session, "two steps", |snapshot| snapshot.place.step >= 2);
        session.send(Command::Compare(Some("untrained".into())));
        let snapshot = wait_for(&session, "both", |snapshot| {
            snapshot.place.step >= 4 && snapshot.second.as_ref().is_some_and(|s| s.difference.is_some())
        });
        let second = snapshot.second.as_ref().unwrap();
        let difference = second.difference.unwrap();
        assert_eq!((difference.min, difference.max, difference.mean_square), (0.0, 0.0, 0.0));
        assert_eq!(snapshot.squared_error, second.squared_error);
        // A lesion is of the first alone.
        session.send(Command::SetLesion("feedback".into(), true));
        let snapshot = wait_for(&session, "a difference", |snapshot| {
            let apart = snapshot.second.as_ref().and_then(|second| second.difference);
            apart.is_some_and(|apart| apart.mean_square > 0.0)
        });
        assert!(snapshot.second.as_ref().unwrap().lesions.iter().all(|lesion| !lesion.on));
        session.send(Command::Compare(None));
        wait_for(&session, "one network", |snapshot| snapshot.second.is_none());
    }
}

#[test]
fn another_network_goes_on_where_the_stimulus_is_and_is_marked() {
    let Some(session) = session("untrained", None, DeviceChoice::Cpu) else { return };
    let before = wait_for(&session, "six steps", |snapshot| snapshot.place.step >= 6);
    session.send(Command::SetModel("copy-last-frame".into()));
    let after = wait_for(&session, "the other network", |snapshot| {
        snapshot.model.name == "copy-last-frame" && snapshot.place.step >= 3
    });
    assert!(after.place.time_s > before.place.time_s, "{:?} then {:?}", before.place, after.place);
    assert!(after.place.frame > after.place.step, "it has seen fewer steps than the stimulus has frames");
    assert!(after.place.playing);
    let (rows, marks) = session.recording(|recording| (recording.time_s.clone(), recording.marks.clone()));
    let mark = marks.iter().find(|mark| mark.label.starts_with(NETWORK_MARK)).unwrap();
    assert!(mark.label.contains("copy-last-frame"));
    assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(rows.iter().any(|&row| row < mark.time_s), "what was recorded before is there");
    // The old network had representation units and the new one has none: nothing is mixed.
    session.recording(|recording| {
        for (row, value) in recording.time_s.iter().zip(&recording.values["r0"]) {
            assert_eq!(value.is_finite(), *row < mark.time_s - 1e-9, "{row} s, mark at {} s", mark.time_s);
        }
    });
    assert!(after.provenance.settings.iter().any(|setting| setting.contains("changed while recording")));
}

#[test]
fn a_paused_stimulus_stays_where_it_is() {
    let Some(session) = session("untrained", None, DeviceChoice::Cpu) else { return };
    wait_for(&session, "four steps", |snapshot| snapshot.place.step >= 4);
    let before = pause(&session);
    session.send(Command::SetModel("copy-last-frame".into()));
    let after = wait_for(&session, "the other network's answer", |snapshot| {
        snapshot.model.name == "copy-last-frame" && snapshot.squared_error.is_some()
    });
    assert_eq!(after.place.frame, before.place.frame);
    assert!((after.place.time_s - before.place.time_s).abs() < 1e-6 && !after.place.playing);
}

#[test]
fn round_a_loop_nothing_of_the_network_before_is_left() {
    let Some(session) = session("untrained", None, DeviceChoice::Cpu) else { return };
    session.send(Command::SetLooping(Looping::Between(0.0, 1.0)));
    wait_for(&session, "half a pass", |snapshot| snapshot.place.time_s >= 0.5);
    session.send(Command::SetModel("copy-last-frame".into()));
    let changed = wait_for(&session, "the other network", |s| s.model.name == "copy-last-frame");
    let mut last_s = changed.place.time_s;
    wait_for(&session, "a second pass", |snapshot| {
        let back = snapshot.place.time_s < last_s;
        last_s = snapshot.place.time_s;
        back && snapshot.place.step > 1
    });
    wait_for(&session, "a row", |snapshot| snapshot.place.time_s >= 0.2);
    session.recording(|recording| {
        assert!(recording.values["r0"].iter().all(|value| value.is_nan()), "{:?}", recording.values["r0"]);
        assert!(!recording.marks.iter().any(|mark| mark.label.starts_with(NETWORK_MARK)));
    });
}

#[test]
fn exchanged_networks_take_their_past_with_them() {
    let Some(session) = session("untrained", Some("first-light"), DeviceChoice::Cpu) else { return };
    step_through(&session, 5);
    let before = columns(&session);
    session.send(Command::Exchange);
    let snapshot = wait_for(&session, "the exchange", |snapshot| snapshot.model.name == "first-light");
    assert_eq!(snapshot.second.as_ref().unwrap().model.name, "untrained");
    let after = columns(&session);
    assert_eq!(bits(&before["e0"]), bits(&after["second_e0"]));
    assert_eq!(bits(&before["second_mse_prediction"]), bits(&after["mse_prediction"]));
    // They go on as if nothing had been exchanged.
    session.send(Command::StepForward);
    wait_for(&session, "a step", |snapshot| snapshot.place.step == 6);
    let Some(plain) = self::session("untrained", Some("first-light"), DeviceChoice::Cpu) else { return };
    step_through(&plain, 6);
    assert_eq!(bits(&columns(&plain)["e0"]), bits(&columns(&session)["second_e0"]));
}

#[test]
fn a_step_back_brings_both_networks_back() {
    let Some(session) = session("untrained", Some("first-light"), DeviceChoice::Cpu) else { return };
    step_through(&session, 12);
    let before = columns(&session);
    let time_s = session.latest().unwrap().place.time_s;
    for _ in 0..4 {
        let now_s = session.latest().unwrap().place.time_s;
        session.send(Command::StepBack);
        wait_for(&session, "one step back", |snapshot| snapshot.place.time_s < now_s - 1e-6);
    }
    for _ in 0..4 {
        let step = session.latest().unwrap().place.step;
        session.send(Command::StepForward);
        wait_for(&session, "one step", |snapshot| snapshot.place.step == step + 1);
    }
    assert!((session.latest().unwrap().place.time_s - time_s).abs() < 1e-6);
    let after = columns(&session);
    for name in ["e0", "second_e0", "second_mse_prediction"] {
        assert_eq!(before[name].len(), after[name].len());
        for (before, after) in before[name].iter().zip(&after[name]) {
            assert!(before.is_nan() && after.is_nan() || (before - after).abs() < 1e-5, "{name}");
        }
    }
}

#[test]
fn both_networks_take_another_size_together_and_a_missing_one_leaves_the_first() {
    let Some(session) = session("untrained", Some("copy-last-frame"), DeviceChoice::Cpu) else { return };
    wait_for(&session, "two steps", |snapshot| snapshot.place.step >= 2);
    session.send(Command::SetSize(PixelSize::new(48, 40)));
    let snapshot = wait_for(&session, "the size", |snapshot| {
        let second = snapshot.second.as_ref().and_then(|second| second.probes.first());
        second.is_some_and(|probe| probe.size.width == 48) && snapshot.place.step >= 1
    });
    assert!(snapshot.probes.iter().any(|probe| probe.size == PixelSize::new(48, 40)));
    // The baseline takes any size, the network of four layers only those that divide by eight.
    session.send(Command::SetSize(PixelSize::new(58, 46)));
    let snapshot = wait_for(&session, "a size that both take", |snapshot| {
        snapshot.second.as_ref().is_some_and(|second| {
            second.probes[0].size == snapshot.probes[0].size && second.probes[0].size.width == 56
        }) && snapshot.place.step >= 1
    });
    assert_eq!(snapshot.probes[0].size, PixelSize::new(56, 48));
    let said = session.take_notices();
    assert!(said.iter().any(|notice| notice.text.contains("Both networks now look at 56x48")), "{said:?}");
    session.send(Command::Compare(Some("no-such-network".into())));
    let begun = Instant::now();
    let told = loop {
        let notices = session.take_notices();
        if let Some(told) = notices.iter().find(|notice| notice.text.contains("no-such-network")) {
            break told.text.clone();
        }
        assert!(begun.elapsed() < Duration::from_mins(1));
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(told.contains("There are"), "{told}");
    assert_eq!(session.latest().unwrap().second.as_ref().unwrap().model.name, "copy-last-frame");
}
