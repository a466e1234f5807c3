//! A whole visit with nothing stubbed: a clip is dropped on the window, stepped and probed, then an illusion is
//! chosen and what was recorded is exported; the files are read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Key, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use percept::app::PerceptApp;
use percept::app::export::ExportChoices;
use percept::app::state::UiState;
use percept::readout::timecourse::Recording;
use percept::session::{OnShow, Snapshot, Start};
use percept::stimulus::StimulusSpec;

use crate::media;
use crate::pixels::{real, wait};

type Window = Harness<'static, PerceptApp>;

/// What the window system hands over when a file is dropped.
#[derive(Debug)]
pub(crate) struct Dropped(pub(crate) PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|cause| cause.to_string())
    }
}

fn until(window: &mut Window, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    wait(window, |window| window.state().session().latest().is_some_and(|seen| wanted(&seen)));
    // The window draws what the worker has published.
    window.run_steps(3);
    window.state().session().latest().unwrap()
}

fn click(window: &mut Window, role: Role, label: &str) {
    window.get_by_role_and_label(role, label).click();
    window.run_steps(4);
}

/// Exports what the dialog offers and waits for the message with `words`.
fn export(window: &mut Window, ticked: &[&str], words: &str) {
    click(window, Role::Button, "Export…");
    for label in ticked {
        click(window, Role::CheckBox, label);
    }
    click(window, Role::Button, "Export");
    if words.contains("stopped") {
        // The time courses are written before the new run begins.
        wait(window, |window| window.query_all_by_label_contains("Frame ").next().is_some());
        click(window, Role::Button, "Stop");
    }
    wait(window, |window| window.query_all_by_label_contains(words).next().is_some());
}

/// The values of a series, in the order of the rows.
fn series(csv: &str, name: &str) -> Vec<f32> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv.as_bytes());
    let column = |reader: &mut csv::Reader<&[u8]>, wanted: &str| {
        reader.headers().unwrap().iter().position(|name| name == wanted).unwrap()
    };
    let (at, value) = (column(&mut reader, "series"), column(&mut reader, "value"));
    let rows = reader.records().map(Result::unwrap).filter(|row| &row[at] == name);
    rows.map(|row| row[value].parse().unwrap_or(f32::NAN)).collect()
}

fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || a.is_nan() && b.is_nan())
}

#[test]
fn a_clip_is_dropped_stepped_and_probed_and_an_illusion_is_exported() {
    if !media::has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.mp4");
    media::make("-f lavfi -i testsrc2=size=160x128:rate=10:duration=3 -pix_fmt yuv420p", &clip);
    let ui = UiState {
        export_folder: Some(folder.path().join("out")),
        export: ExportChoices { frames: 100_000, ..ExportChoices::default() },
        ..UiState::default()
    };
    let start = Start { model: Some("untrained".into()), ..percept::cli::usual_start() };
    let mut window = real(start, ui, [1440.0, 900.0]);
    until(&mut window, |seen| seen.place.step > 1);

    window.input_mut().dropped_files.push(Arc::new(Dropped(clip.clone())));
    let seen = until(&mut window, |seen| matches!(seen.on_show, OnShow::Picture(_)));
    assert_eq!(seen.stimulus, StimulusSpec::File(clip));
    window.run_steps(4);
    click(&mut window, Role::Button, "Pause");
    let paused = until(&mut window, |seen| !seen.place.playing).place.clone();
    window.key_press(Key::Period);
    let stepped = until(&mut window, |seen| seen.place.step != paused.step).place.clone();
    assert_eq!((stepped.step, stepped.frame), (paused.step + 1, paused.frame + 1));

    click(&mut window, Role::Image, "What it expects");
    let unit = window.state().ui_state().picked.first().cloned().unwrap();
    assert!(unit.starts_with("a_hat0[x"), "{unit}");

    window.get_by_role_and_label(Role::Button, "Drifting grating").scroll_to_me();
    window.run_steps(30);
    click(&mut window, Role::Button, "Drifting grating");
    until(&mut window, |seen| matches!(seen.on_show, OnShow::Illusion { .. }));
    click(&mut window, Role::CheckBox, "Control");
    let control = until(&mut window, |seen| seen.showing.control).place.step;
    if window.query_by_label("Play").is_some() {
        click(&mut window, Role::Button, "Play");
    }
    until(&mut window, |seen| seen.place.step > control + 4);
    click(&mut window, Role::Button, "Pause");
    until(&mut window, |seen| !seen.place.playing);
    window.run_steps(8);

    export(&mut window, &[], "Exported ");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let csv = read("Drifting_grating.csv");
    for line in ["# stimulus: drifting_grating", "# model: untrained"] {
        assert!(csv.contains(line), "{line} is not in the head: {}", &csv[..600]);
    }
    let settings = csv.lines().find(|line| line.starts_with("# settings: ")).unwrap();
    assert!(settings.contains("control"), "{settings}");
    let recorded: Recording = window.state().session().recording(Clone::clone);
    assert!(recorded.len() > 4);
    for name in ["e0", "r1", "mse_prediction", unit.as_str()] {
        assert!(same(&series(&csv, name), &recorded.values[name]), "{name} is not what was recorded");
    }
    assert!(series(&csv, &unit).iter().any(|value| value.is_finite()), "the unit was recorded");
    let svg = read("Drifting_grating.svg");
    for words in
        ["Error units (E) by layer", "Representation (R) by layer", "Picked units", "drifting_grating"]
    {
        assert!(svg.contains(words), "{words} is not in the figure");
    }
    assert!(!svg.contains("Memory cells"));

    // The figure follows the chips, a second export lies beside the first, and stopping keeps what there is.
    click(&mut window, Role::CheckBox, "Plot R");
    click(&mut window, Role::CheckBox, "Plot C");
    export(&mut window, &["Every probe (NPZ)"], "the rest was stopped");
    let svg = read("Drifting_grating-2.svg");
    assert!(svg.contains("Memory cells (C) by layer") && !svg.contains("Representation (R) by layer"));
    assert!(svg.contains("Drifting grating seen by untrained"), "the title is not the file's name");
    assert_eq!(read("Drifting_grating.csv"), csv);
    assert!(window.query_by_label_contains("Drifting_grating-2.csv").is_some(), "what was written is said");
    // Beside each file of time courses lie its answers to events.
    let (answers, names): (Vec<_>, Vec<_>) = std::fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .partition(|name| name.ends_with("-responses.csv"));
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert!(read(&answers[0]).contains("transience"));
    assert_eq!(names.len(), 4, "{names:?}");
}
