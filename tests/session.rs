//! The running session, without a window: what a person does, and what must come of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::readout::Unit;
use percept::session::reading::Reading;
use percept::session::{Command, OnShow, Session, Snapshot, Start};
use percept::stimulus::StimulusSpec;

/// A session on an illusion with the untrained network on the CPU; `None` where no adapter draws illusions.
fn session(slug: &str) -> Option<Session> {
    session_on(StimulusSpec::Illusion(slug.into()))
}

fn session_on(stimulus: StimulusSpec) -> Option<Session> {
    let Ok(gpu) = Gpu::headless() else {
        println!("skipped: no graphics adapter draws illusions here");
        return None;
    };
    let compute = Compute::choose(DeviceChoice::Cpu, Some(&gpu)).unwrap();
    let start = Start { stimulus, model: Some("untrained".into()), ..percept::cli::usual_start() };
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

fn wait_for_notice(session: &Session, part: &str) -> String {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(1) {
        if let Some(found) = session.take_notices().into_iter().find(|notice| notice.text.contains(part)) {
            return found.text;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("no notice with {part:?} came");
}

#[test]
fn it_starts_on_an_illusion_that_runs_and_a_network_that_watches() {
    let Some(session) = session("rotating_snakes") else { return };
    let snapshot = wait_for(&session, "five steps", |snapshot| snapshot.place.step >= 5);
    assert!(matches!(snapshot.on_show, OnShow::Illusion { .. }));
    assert!(!snapshot.maps.is_empty() && snapshot.maps.len() < snapshot.probes.len());
    assert_eq!(snapshot.stats.len(), snapshot.probes.len());
    assert!(snapshot.stats.iter().all(|stats| stats.mean.is_finite()));
    assert!(session.recording(|recording| recording.time_s.len()) >= 5);
    assert!(session.take_notices().is_empty());
}

#[test]
fn a_step_back_gives_the_same_frame_and_the_same_answer_as_before() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "a step", |snapshot| snapshot.place.step >= 1);
    session.send(Command::SetPlaying(false));
    wait_for(&session, "pause", |snapshot| !snapshot.place.playing);
    let first = session.latest().unwrap().place.step;
    let mut seen = Vec::new();
    for step in first + 1..first + 13 {
        session.send(Command::StepForward);
        let snapshot = wait_for(&session, "one step", |snapshot| snapshot.place.step == step);
        seen.push((snapshot.place.time_s, snapshot.stats.clone()));
    }
    for (time_s, stats) in seen.iter().rev().skip(1).take(8) {
        session.send(Command::StepBack);
        let snapshot =
            wait_for(&session, "one step back", |snapshot| (snapshot.place.time_s - time_s).abs() < 1e-6);
        for (before, now) in stats.iter().zip(&snapshot.stats) {
            assert!((before.mean - now.mean).abs() < 1e-5, "{time_s} s: {before:?} then {now:?}");
        }
    }
}

#[test]
fn a_question_about_a_number_makes_no_map_anew() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "three steps", |snapshot| snapshot.place.step >= 3);
    session.send(Command::SetPlaying(false));
    let paused = wait_for(&session, "pause", |snapshot| !snapshot.place.playing);
    for x in 0..5 {
        let unit = Unit { probe: "e0".into(), channel: Some(0), x, y: 2 };
        session.send(Command::Hover(Some(unit.clone())));
        let told = wait_for(&session, "its value", |snapshot| {
            snapshot.hovered.as_ref().is_some_and(|(known, _)| *known == unit)
        });
        assert_eq!(told.pictures, paused.pictures, "the maps were made again");
    }
    session.send(Command::StepForward);
    wait_for(&session, "new maps", |snapshot| snapshot.pictures > paused.pictures);
    // What the network was is forgotten, and so are its maps.
    session.send(Command::Reset);
    let forgotten = wait_for(&session, "a network that forgot", |snapshot| snapshot.place.step <= 1);
    assert!(forgotten.pictures > paused.pictures + 1);
}

#[test]
fn the_control_and_the_mirror_are_told_in_every_snapshot_and_file() {
    let Some(session) = session("drifting_grating") else { return };
    session.send(Command::SetControl(true));
    session.send(Command::SetMirror(true));
    let snapshot = wait_for(&session, "both", |snapshot| snapshot.showing.control && snapshot.showing.mirror);
    let settings = snapshot.provenance.settings.join(" ");
    assert!(settings.contains("control") && settings.contains("mirror"), "{settings}");
}

#[test]
fn a_picked_unit_is_recorded_from_then_on() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "two steps", |snapshot| snapshot.place.step >= 2);
    let unit = Unit { probe: "e0".into(), channel: Some(1), x: 4, y: 5 };
    session.send(Command::Pick(unit.clone()));
    let begun = session.latest().unwrap().place.step;
    wait_for(&session, "three more steps", |snapshot| snapshot.place.step >= begun + 3);
    let column = session.recording(|recording| recording.values.get(&unit.to_string()).cloned()).unwrap();
    assert!(column.first().unwrap().is_nan(), "nothing was recorded before the unit was picked");
    assert!(column.last().unwrap().is_finite());
}

#[test]
fn a_lesion_changes_the_answer_and_is_written_down() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "a step", |snapshot| snapshot.place.step >= 1);
    session.send(Command::SetLesion("feedback".into(), true));
    let snapshot = wait_for(&session, "the lesion", |snapshot| {
        snapshot.lesions.iter().any(|lesion| lesion.name == "feedback" && lesion.on)
    });
    assert!(snapshot.provenance.settings.iter().any(|setting| setting.contains("lesion feedback")));
}

#[test]
fn what_cannot_be_opened_is_told_and_the_old_stimulus_goes_on() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "a step", |snapshot| snapshot.place.step >= 1);
    for missing in ["no/such/clip.mp4", "/"] {
        session.send(Command::Open(StimulusSpec::File(PathBuf::from(missing))));
        let text = wait_for_notice(&session, missing);
        assert!(text.len() > missing.len() + 10, "{text}");
    }
    session.send(Command::Open(StimulusSpec::Illusion("no_such_illusion".into())));
    wait_for_notice(&session, "no_such_illusion");
    session.send(Command::SetModel("no-such-model".into()));
    wait_for_notice(&session, "no-such-model");
    let step = session.latest().unwrap().place.step;
    let snapshot = wait_for(&session, "more steps", |snapshot| snapshot.place.step > step + 2);
    assert_eq!(snapshot.stimulus, StimulusSpec::Illusion("drifting_grating".into()));
}

#[test]
fn another_model_and_another_size_start_afresh() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "three steps", |snapshot| snapshot.place.step >= 3);
    session.send(Command::SetSize(percept::units::PixelSize::new(48, 40)));
    let snapshot =
        wait_for(&session, "the size", |snapshot| snapshot.probes.iter().any(|probe| probe.size.width == 48));
    assert_eq!(snapshot.provenance.size, "48x40");
    session.send(Command::SetModel("copy-last-frame".into()));
    let snapshot = wait_for(&session, "the model", |snapshot| snapshot.model.name == "copy-last-frame");
    assert_eq!(snapshot.provenance.size, "48x40");
}

#[test]
fn extrapolation_feeds_the_prediction_back_for_as_long_as_asked() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "three steps", |snapshot| snapshot.place.step >= 3);
    session.send(Command::SetPlaying(false));
    wait_for(&session, "pause", |snapshot| !snapshot.place.playing);
    session.send(Command::Extrapolate(2));
    for left in [1, 0] {
        session.send(Command::StepForward);
        let snapshot = wait_for(&session, "a dreamt step", |snapshot| snapshot.place.extrapolating == left);
        let e0 = snapshot.probes.iter().position(|probe| probe.name == "e0").unwrap();
        assert!(snapshot.stats[e0].mean.abs() < 1e-6, "fed back, the prediction meets no error");
    }
    session.send(Command::StepForward);
    let snapshot = wait_for(&session, "a seen step", |snapshot| {
        let e0 = snapshot.probes.iter().position(|probe| probe.name == "e0").unwrap();
        snapshot.place.extrapolating == 0 && snapshot.stats[e0].mean > 1e-6
    });
    assert_eq!(snapshot.place.extrapolating, 0);
}

#[test]
fn a_missing_file_at_the_start_is_told_and_an_illusion_runs_instead() {
    let Some(session) = session_on(StimulusSpec::File(PathBuf::from("no/such/clip.mp4"))) else { return };
    wait_for_notice(&session, "no/such/clip.mp4");
    let snapshot = wait_for(&session, "two steps", |snapshot| snapshot.place.step >= 2);
    assert!(matches!(snapshot.stimulus, StimulusSpec::Illusion(_)));
}

#[test]
fn a_recording_that_changes_its_condition_says_where() {
    let Some(session) = session("drifting_grating") else { return };
    wait_for(&session, "two steps", |snapshot| snapshot.place.step >= 2);
    session.send(Command::SetControl(true));
    let snapshot = wait_for(&session, "the mark", |_| {
        session.recording(|recording| recording.marks.iter().any(|mark| mark.label == "control on"))
    });
    assert!(snapshot.place.step >= 2);
    let snapshot = wait_for(&session, "the next step", |later| later.place.step > snapshot.place.step);
    assert!(snapshot.provenance.settings.iter().any(|setting| setting.contains("changed while recording")));
}

#[test]
fn a_loop_is_recorded_over_itself_and_stays_in_order() {
    let Some(session) = session("flash_lag") else { return };
    wait_for(&session, "a step", |snapshot| snapshot.place.step >= 1);
    session.send(Command::SetSpeed(4.0));
    session.send(Command::SetLooping(percept::session::Looping::Between(0.0, 0.6)));
    let mut times = Vec::new();
    wait_for(&session, "a second pass", |snapshot| {
        let time_s = snapshot.place.time_s;
        if times.last() != Some(&time_s) {
            times.push(time_s);
        }
        times.windows(2).filter(|pair| pair[1] < pair[0]).count() >= 2
    });
    let recorded = session.recording(|recording| recording.time_s.clone());
    assert!(recorded.windows(2).all(|pair| pair[0] < pair[1]), "{recorded:?}");
    assert!(recorded.iter().any(|&time_s| time_s > 0.3), "the pass before is still there: {recorded:?}");
}

#[test]
fn a_lost_graphics_device_is_told_and_what_was_recorded_stays() {
    let Ok(gpu) = Gpu::headless() else {
        println!("skipped: no graphics adapter draws illusions here");
        return;
    };
    let compute = Compute::choose(DeviceChoice::Cpu, Some(&gpu)).unwrap();
    // A picture that stands still is drawn once: it needs no device any more.
    let stimulus = StimulusSpec::Illusion("drifting_grating".into());
    let start = Start { stimulus, model: Some("untrained".into()), ..percept::cli::usual_start() };
    let session = Session::start(Some(gpu.clone()), compute, start, Box::new(|| {})).unwrap();
    wait_for(&session, "three steps", |snapshot| snapshot.place.step >= 3);
    gpu.device.destroy();
    let text = wait_for_notice(&session, "graphics");
    assert!(!text.is_empty());
    assert!(session.recording(percept::readout::timecourse::Recording::len) >= 3);
}

#[test]
fn what_the_network_believes_is_told_with_control_and_mirror() {
    let Ok(gpu) = Gpu::headless() else {
        println!("skipped: no graphics adapter draws illusions here");
        return;
    };
    let compute = Compute::choose(DeviceChoice::Cpu, Some(&gpu)).unwrap();
    let stimulus = StimulusSpec::Illusion("propeller".into());
    let start = Start { stimulus, model: Some("family-1".into()), ..percept::cli::usual_start() };
    let session = Session::start(Some(gpu), compute, start, Box::new(|| {})).unwrap();
    let belief = |what: &str, wanted: &dyn Fn(&Reading) -> bool| {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            let belief = session.belief().filter(|belief| belief.reading.as_ref().is_some_and(wanted));
            if let Some(belief) = belief {
                return belief;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!(
            "never believed: {what}; last was {:?}",
            session.belief().and_then(|belief| belief.reading.clone())
        );
    };
    // 45 deg/s are 4.5 deg a frame; the first steps do not know it yet.
    let turning = belief("it turns", &|reading| reading.value > 2.5);
    assert!(!turning.arrows.is_empty());
    // Counter-clockwise: what is right of the middle goes up.
    let right: Vec<_> = turning.arrows.iter().filter(|arrow| arrow.at[0] > 0.65).collect();
    let up = right.iter().map(|arrow| arrow.motion_px[1]).sum::<f32>();
    assert!(up > 0.0, "{up} of {}", right.len());
    // Copying expects no motion; whatever detects motion sees that it turns, and which way.
    let told = |reading: &Reading, name: &str| {
        reading.baselines.iter().find(|one| one.name == name).map(|one| one.value)
    };
    let found = belief("detectors see it", &|reading| told(reading, "Motion energy").is_some());
    let reading = found.reading.clone().unwrap();
    let names: Vec<_> = reading.baselines.iter().map(|one| one.name).collect();
    assert_eq!(names, ["Copying the last frame", "Going on in a line", "Correlators", "Motion energy"]);
    assert!(told(&reading, "Copying the last frame").unwrap().abs() < 1e-3, "{reading:?}");
    assert!(told(&reading, "Motion energy").unwrap() > 0.0, "{reading:?}");
    assert!(
        reading.sentence().contains("counter-clockwise; control not shown yet"),
        "{}",
        reading.sentence()
    );
    session.send(Command::SetMirror(true));
    let mirrored = belief("it turns the other way", &|reading| {
        reading.value < -2.5 && reading.mirrored.is_some() && told(reading, "Motion energy").is_some()
    });
    let reading = mirrored.reading.clone().unwrap();
    assert!(told(&reading, "Motion energy").unwrap() < 0.0, "{reading:?}");
    assert!(reading.sentence().contains(" clockwise; control not shown yet"), "{}", reading.sentence());
    session.send(Command::SetMirror(false));
    session.send(Command::SetControl(true));
    let still = belief("it rests", &|reading| reading.value.abs() < 0.5 && reading.control.is_some());
    let sentence = still.reading.as_ref().unwrap().sentence();
    assert!(sentence.contains("control") && sentence.contains("deg/frame"), "{sentence}");
    // At corners no step longer than 0.4 px counts, as in the published protocol.
    let longest = |belief: &percept::session::belief::Belief| {
        belief.arrows.iter().map(|arrow| arrow.motion_px[0].hypot(arrow.motion_px[1])).fold(0.0, f32::max)
    };
    assert!(longest(&turning) > 0.5);
    session.send(Command::SetControl(false));
    let again = belief("it turns again", &|reading| reading.value > 2.5 && !reading.is_control);
    let sentence = again.reading.as_ref().unwrap().sentence();
    assert!(sentence.contains("counter-clockwise, as people see it; control"), "{sentence}");
    session.send(Command::ShowMotion(Some(percept::readout::flow::Method::Corners)));
    let begun = Instant::now();
    while session.belief().is_none_or(|belief| longest(&belief) > 0.401) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", session.belief());
        std::thread::sleep(Duration::from_millis(5));
    }
}
