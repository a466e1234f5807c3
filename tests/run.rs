//! The real binary, headless: what `percept run` writes, and what it says when it cannot.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use percept::model::prednet::config::Config;
use percept::model::prednet::init::untrained;
use percept::model::weights::safetensors;
use percept::stimulus::open::open;
use percept::stimulus::{StimulusSpec, Want};

fn percept(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_percept")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A second of a moving test picture, or `None` where there is no ffmpeg to make it.
fn clip(folder: &Path) -> Option<PathBuf> {
    let path = folder.join("clip.mp4");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=176x144:rate=25:duration=1"])
        .args(["-pix_fmt", "yuv420p"])
        .arg(&path)
        .status();
    if made.is_ok_and(|status| status.success()) {
        return Some(path);
    }
    println!("skipped: no ffmpeg makes test clips here");
    None
}

/// Rows of the CSV file below its header, as cells.
fn rows(csv: &str) -> Vec<Vec<String>> {
    csv.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_video_becomes_time_courses_tensors_a_figure_and_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let Some(clip) = clip(folder.path()) else { return };
    let out = folder.path().join("out");
    let done = percept(&[
        "run",
        clip.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--frames",
        "8",
        "--device",
        "cpu",
        "--unit",
        "e1[c2,x3,y4]",
        "--json",
    ]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let result: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(result["steps"], 8);
    for file in [
        "timecourses.csv",
        "probes.npz",
        "timecourses.svg",
        "timecourses.png",
        "timecourses.pdf",
        "video.mp4",
    ] {
        let size = std::fs::metadata(out.join(file)).map_or(0, |meta| meta.len());
        assert!(size > 500, "{file} has {size} bytes");
    }
    let left_over: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(left_over.is_empty(), "{left_over:?}");
    let csv = std::fs::read_to_string(out.join("timecourses.csv")).unwrap();
    for said in ["model", "model_sha256", "stimulus", "device", "percept"] {
        assert!(
            csv.lines().any(|line| line.starts_with('#') && line.contains(said)),
            "{said} is not in the header"
        );
    }
    assert!(rows(&csv).iter().any(|row| row.iter().any(|cell| cell.contains("e1[c2"))), "the unit is there");
}

#[test]
fn the_same_run_gives_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    if percept::gpu::Gpu::headless().is_err() {
        println!("skipped: no graphics adapter draws illusions here");
        return;
    }
    let make = |name: &str| {
        let out = folder.path().join(name);
        let out_text = out.to_str().unwrap();
        let done = percept(&[
            "run",
            "flash_lag",
            "--out",
            out_text,
            "--frames",
            "6",
            "--files",
            "csv",
            "--device",
            "cpu",
        ]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        rows(&std::fs::read_to_string(out.join("timecourses.csv")).unwrap())
    };
    let (first, second) = (make("a"), make("b"));
    assert!(first.len() > 6);
    assert_eq!(first, second);
}

#[test]
fn its_own_prediction_fed_back_is_no_error_and_then_the_world_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let Some(clip) = clip(folder.path()) else { return };
    let out = folder.path().join("out");
    let line = ["run", clip.to_str().unwrap(), "--out", out.to_str().unwrap(), "--frames", "10"];
    let more = ["--extrapolate", "4:3", "--files", "csv", "--device", "cpu"];
    let done = percept(&[&line[..], &more].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let csv = std::fs::read_to_string(out.join("timecourses.csv")).unwrap();
    assert!(csv.contains("fed back from step 4 for 3 steps"), "it is in the header");
    let rows = rows(&csv);
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let (step, series, value) = (column("step"), column("series"), column("value"));
    let errors: Vec<(u32, f64)> = rows[1..]
        .iter()
        .filter(|row| row[series] == "e0")
        .map(|row| (row[step].parse().unwrap(), row[value].parse().unwrap()))
        .collect();
    assert_eq!(errors.len(), 10);
    for (step, error) in errors {
        assert_eq!(error == 0.0, (4..7).contains(&step), "step {step}: {error}");
    }
}

#[test]
fn the_film_of_a_grey_network_shows_what_it_expects() {
    if percept::gpu::Gpu::headless().is_err() {
        println!("skipped: no graphics adapter draws illusions here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("grey.safetensors");
    let tensors = untrained(&Config::new(vec![1, 4, 4]).unwrap(), 3);
    std::fs::write(&weights, safetensors::to_bytes(&tensors, &[]).unwrap()).unwrap();
    let out = folder.path().join("out");
    let line = ["run", "rotating_snakes", "--out", out.to_str().unwrap(), "--frames", "3", "--size", "80x64"];
    let more = ["--model", weights.to_str().unwrap(), "--probes", "a_hat0", "--files", "npz,mp4"];
    let done = percept(&[&line[..], &more, &["--device", "cpu"]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let mut archive = npyz::npz::NpzArchive::open(out.join("probes.npz")).unwrap();
    let expected: Vec<f32> = archive.by_name("t0.Ahat0").unwrap().unwrap().into_vec().unwrap();
    assert_eq!(expected.len(), 80 * 64);
    let film = StimulusSpec::File(out.join("video.mp4"));
    let shown = open(&film).unwrap().read(Want::Start).unwrap().unwrap().image;
    let shown = shown.picture();
    // 80 columns enlarged five times, with 16 pixels before each panel: the second is the prediction.
    let (left, top) = (16 + 400 + 16, 40 + 16);
    let (mut wanted, mut mean) = (0.0, [0.0; 3]);
    for y in 0..64 {
        for x in 0..80 {
            let at = 3 * ((top + 5 * y + 2) * shown.size.width as usize + left + 5 * x + 2);
            (0..3).for_each(|c| mean[c] += f64::from(shown.rgb[at + c]) / (80.0 * 64.0));
            wanted += f64::from(expected[80 * y + x]) * 255.0 / (80.0 * 64.0);
        }
    }
    assert!(wanted > 20.0 && mean.iter().all(|mean| (mean - wanted).abs() < 6.0), "{mean:?}, not {wanted}");
}

#[test]
fn a_second_network_looks_at_the_same_frames_and_both_are_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let Some(clip) = clip(folder.path()) else { return };
    let make = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let line = ["run", clip.to_str().unwrap(), "--out", out.to_str().unwrap(), "--frames", "6"];
        let files = ["--model", "untrained", "--files", "csv,npz,json,mp4", "--device", "cpu", "--json"];
        let done = percept(&[&line[..], &files, more].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let told: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        (out, told)
    };
    let (alone, told_alone) = make("alone", &[]);
    let (both, told) = make("both", &["--beside", "copy-last-frame"]);
    // What the second network copies is what copying gives; the first does what it does alone.
    assert_eq!(told["second_model"], "copy-last-frame");
    let number = |told: &serde_json::Value, name: &str| told[name].as_f64().unwrap();
    assert!((number(&told, "second_mse") - number(&told, "copy_last_frame_mse")).abs() < 1e-9);
    assert_eq!(told["mse"], told_alone["mse"]);
    assert!(told_alone["second_model"].is_null());

    let csv = |out: &Path| std::fs::read_to_string(out.join("timecourses.csv")).unwrap();
    assert!(csv(&both).contains("second network copy-last-frame"), "it is in the header");
    let (rows_alone, rows_both) = (rows(&csv(&alone)), rows(&csv(&both)));
    let of = |rows: &[Vec<String>], series: &str| -> Vec<String> {
        let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
        let (at, value) = (column("series"), column("value"));
        rows[1..].iter().filter(|row| row[at] == series).map(|row| row[value].clone()).collect()
    };
    assert_eq!(of(&rows_both, "e0").len(), 6);
    assert_eq!(of(&rows_both, "e0"), of(&rows_alone, "e0"));
    assert_eq!(of(&rows_both, "second_mse_prediction"), of(&rows_both, "mse_copy"));
    assert!(of(&rows_alone, "second_mse_prediction").is_empty());

    let figure = std::fs::read_to_string(both.join("timecourses.json")).unwrap();
    assert!(figure.contains("A untrained") && figure.contains("B copy-last-frame"), "{figure}");
    assert!(figure.contains("seen by untrained and copy-last-frame"));
    let mut archive = npyz::npz::NpzArchive::open(both.join("probes.npz")).unwrap();
    let mut array = |name: &str| -> Vec<f32> { archive.by_name(name).unwrap().unwrap().into_vec().unwrap() };
    assert_eq!(array("second_t3.Ahat0"), array("t2.A0"), "the second expects the frame before");

    let film = |out: &Path| {
        let film = StimulusSpec::File(out.join("video.mp4"));
        open(&film).unwrap().read(Want::Start).unwrap().unwrap().image.size
    };
    let (one, two) = (film(&alone), film(&both));
    assert!(one.height == two.height && two.width > one.width, "{one:?} {two:?}");
}

#[test]
fn what_is_wrong_is_said_with_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 11] = [
        (&["run", "no-such.mp4", "--out", out], 1, "no-such.mp4"),
        (&["run", "no_such_illusion", "--out", out], 1, "no_such_illusion"),
        (&["run", "flash_lag", "--out", out, "--set", "no_such=1"], 2, "no_such"),
        (&["run", "flash_lag", "--out", out, "--files", "xls"], 2, "xls"),
        (&["run", "flash_lag", "--out", out, "--probes", "z9", "--frames", "1"], 2, "z9"),
        (&["run", "flash_lag", "--out", out, "--model", "no-such-model"], 1, "no-such-model"),
        (&["run", "flash_lag", "--out", out, "--beside", "no-such-model"], 1, "no-such-model"),
        (&["run", "flash_lag", "--out", out, "--size", "81x64"], 1, "81x64"),
        (&["run", "flash_lag", "--out", out, "--extrapolate", "0:9"], 2, "FROM:N"),
        (&["run", "flash_lag", "--out", out, "--frames", "5", "--extrapolate", "5:1"], 2, "step 5"),
        (&["sweep", "flash_lag", "--param", "speed"], 2, "is not in this version yet"),
    ];
    for (arguments, code, said) in cases {
        let done = percept(arguments);
        let message = text(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(said), "{arguments:?}: {message}");
        assert!(!message.contains("panicked"), "{message}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_run() {
    let done = percept(&["run", "flash_lag", "--out", "/proc/percept", "--frames", "100000"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("/proc/percept"), "{}", text(&done.stderr));
}

/// A photograph that comes and goes: every layer's answer to each, in numbers.
#[test]
fn answers_to_events_are_written_beside_the_time_courses() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let line = [
        "run",
        "photo_on_grey",
        "--frames",
        "40",
        "--model",
        "family-1",
        "--device",
        "cpu",
        "--files",
        "csv",
    ];
    let done = percept(&[&line[..], &["--out", out]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let rows = rows(&std::fs::read_to_string(folder.path().join("responses.csv")).unwrap());
    let place = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let (series, event, transience) = (place("series"), place("event"), place("transience"));
    let of_errors: Vec<_> = rows[1..].iter().filter(|row| row[series] == "e0").collect();
    assert!(of_errors.len() >= 2 && of_errors[0][event] != of_errors[1][event], "{of_errors:?}");
    let number = |row: &[String], place: usize| row[place].parse::<f64>().unwrap();
    // The network did not know that a photograph would come, and soon does.
    assert!(number(of_errors[0], place("peak")) > 0.02);
    assert!(number(of_errors[0], place("latency_s")) < 0.2 && number(of_errors[0], transience) > 0.5);
    assert!(rows[1..].iter().all(|row| (0.0..=1.0).contains(&number(row, transience))));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_early_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_percept"))
        .args(["illusions", "list", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), text(&done.stderr).as_str()), (Some(141), ""));
}

/// Fewer digits are used where they are asked for and the processor can, and are named in what is written; the numbers are
/// near those of all digits, and not the same.
#[test]
fn fewer_digits_are_used_where_they_are_asked_for_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let mut line = vec!["run", "drifting_grating", "--frames", "6", "--model", "untrained", "--out"];
        line.push(out.to_str().unwrap());
        line.extend(more);
        let done = percept(&line);
        (done.status.success(), text(&done.stderr), std::fs::read_to_string(out.join("timecourses.csv")))
    };
    let (_, _, all) = run("all", &["--device", "cpu"]);
    let all = all.unwrap();
    assert!(!all.contains("bfloat16"));
    // Without --device the network goes to the CPU too, whatever graphics there are.
    for device in [&["--device", "cpu"][..], &[]] {
        let (worked, said, few) = run("few", &[&["--precision", "bfloat16"], device].concat());
        if !percept::cpu::precision::Precision::Bfloat16.is_available() {
            assert!(!worked && said.contains("no AVX-512 BF16"), "{said}");
            continue;
        }
        assert!(worked, "{said}");
        let few = few.unwrap();
        assert!(
            few.contains("products in bfloat16"),
            "{}",
            few.lines().take(12).collect::<Vec<_>>().join("\n")
        );
        let numbers = |csv: &str| -> Vec<f64> {
            rows(csv).concat().iter().filter_map(|cell| cell.parse().ok()).collect()
        };
        let (all, few) = (numbers(&all), numbers(&few));
        assert!(all.len() == few.len() && all != few);
        assert!(all.iter().zip(&few).all(|(one, other)| (one - other).abs() < 0.02));
    }
    let (worked, said, _) = run("refused", &["--precision", "bfloat16", "--device", "gpu"]);
    assert!(!worked && !said.is_empty(), "{said}");
}

#[test]
fn a_grating_beyond_what_the_frames_can_show_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, values: &[&str]| {
        let out = folder.path().join(name);
        let mut arguments = vec!["run", "drifting_grating", "--frames", "2", "--device", "cpu"];
        arguments.extend(["--out", out.to_str().unwrap()]);
        arguments.extend(values.iter().flat_map(|value| ["--set", value]));
        let done = percept(&arguments);
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stdout) + &text(&done.stderr)
    };
    assert!(!run("usual", &[]).contains("from one frame to the next"));
    let fast = run("fast", &["speed=20", "spatial_frequency=0.3"]);
    assert!(fast.contains("speed: The grating drifts 0.6 cycles"), "{fast}");
}
