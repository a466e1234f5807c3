//! The real binary, headless: what `percept run` writes, and what it says when it cannot.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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
fn what_is_wrong_is_said_with_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 7] = [
        (&["run", "no-such.mp4", "--out", out], 1, "no-such.mp4"),
        (&["run", "no_such_illusion", "--out", out], 1, "no_such_illusion"),
        (&["run", "flash_lag", "--out", out, "--set", "no_such=1"], 2, "no_such"),
        (&["run", "flash_lag", "--out", out, "--files", "xls"], 2, "xls"),
        (&["run", "flash_lag", "--out", out, "--probes", "z9", "--frames", "1"], 2, "z9"),
        (&["run", "flash_lag", "--out", out, "--model", "no-such-model"], 1, "no-such-model"),
        (&["run", "flash_lag", "--out", out, "--size", "81x64"], 1, "81x64"),
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
