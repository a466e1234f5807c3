//! `percept bench`: what it prints is whole and says where it was measured. How long anything takes is no
//! matter here.
#![allow(clippy::unwrap_used, reason = "a test that cannot start the program should stop")]

use std::process::{Command, Output};

use serde_json::Value;

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_percept")).arg("bench").args(arguments).output().unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let output = bench(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `section name` of all figures, each checked to be a spread of positive times.
fn parts(figures: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let check = |figure: &Value| {
        let at = |key: &str| figure[key].as_f64().unwrap();
        let order = ["min_ms", "p10_ms", "median_ms", "p90_ms", "max_ms"].map(at);
        assert!(order.is_sorted() && order[0] >= 0.0 && figure["count"].as_u64() >= Some(1), "{figure}");
        assert!(!text(&figure["about"]).is_empty());
        format!("{} {}", text(&figure["section"]), text(&figure["name"]))
    };
    figures.as_array().unwrap().iter().map(check).collect()
}

#[test]
fn a_quick_run_names_every_part_and_where_it_was_measured() {
    let report = report(&["--quick", "--json"]);
    assert_eq!(report["schema"], "percept-bench-1");
    assert_eq!(report["percept"], env!("CARGO_PKG_VERSION"));
    assert!(report["machine"]["architecture"].is_string() && report["threads"].as_u64() >= Some(1));
    assert_eq!(report["build"]["warning"].is_string(), cfg!(debug_assertions));
    let models = report["models"].as_array().unwrap();
    let about = &models[0]["model"];
    assert_eq!((models.len(), &about["name"]), (1, &Value::from("family-1")));
    assert_eq!(about["parameters"], 771_564);
    assert_eq!(about["multiply_accumulates"], 204_456_960);
    let mut found = parts(&models[0]["figures"]);
    found.extend(parts(&report["decode"]));
    let left_out: Vec<_> = report["left_out"].as_array().unwrap().iter().map(|it| &it["section"]).collect();
    for wanted in [
        "decode open",
        "decode frame",
        "decode fit",
        "stimulus rotating_snakes",
        "step open",
        "step step",
        "step answer",
        "readouts summary",
        "drawing views",
        "drawing map",
        "drawing window",
        "record row",
        "record npz",
        "latency whole",
        "latency step",
    ] {
        let section = wanted.split(' ').next().unwrap();
        let is_there = found.iter().any(|part| part == wanted);
        assert!(is_there || left_out.iter().any(|it| *it == section), "{wanted} is missing: {found:?}");
    }
}

#[test]
fn a_random_network_of_any_shape_runs_on_the_threads_that_are_asked_for() {
    let arguments = [
        "--quick",
        "--json",
        "--device",
        "cpu",
        "--only",
        "step",
        "--threads",
        "1",
        "--scaling",
        "--illusions",
    ];
    let report = report(&[&arguments[..], &["--model", "random:1,2", "--size", "16x12"]].concat());
    assert_eq!(report["threads"], 1);
    assert_eq!(report["models"][0]["model"]["widths"], serde_json::json!([1, 2]));
    let parts = parts(&report["models"][0]["figures"]);
    assert!(parts.iter().all(|part| part.starts_with("step ")), "{parts:?}");
    assert!(parts.contains(&"step step".to_owned()), "{parts:?}");
    assert_eq!(report["decode"], serde_json::json!([]));
    // All of them in large, or a note that nothing draws here.
    let large = report["illusions"].as_array().unwrap();
    assert!(large.iter().all(|figure| figure["median_ms"].as_f64().unwrap() > 0.0));
    assert!(large.len() == 2 || report["left_out"].to_string().contains("adapter"), "{large:?}");
    let over: Vec<_> = report["scaling"].as_array().unwrap().iter().map(|row| row["over"].as_str()).collect();
    assert_eq!(over, ["size", "size", "width", "width", "layers", "layers"].map(Some));
}

#[test]
fn what_makes_no_sense_is_refused_as_wrong_usage_or_by_name() {
    for (arguments, code, said) in [
        (&["--threads", "0"][..], 2, "threads"),
        (&["--only", "nothing"], 2, "decode"),
        (&["--size", "0x5"], 2, "WIDTHxHEIGHT"),
        (&["--model", "random:3,x"], 2, "random:3,48,96,192"),
        (&["--device", "cpu", "--model", "random:2,4"], 1, "pixels have 3 or 1"),
        (&["--device", "cpu", "--model", "third-light"], 1, "first-light"),
        (&["--device", "cpu", "--model", "random:3,4", "--size", "17x16"], 1, "16x16 or 18x16"),
        (&["--device", "cpu", "--only", "decode", "--clip", "nowhere.mp4"], 1, "nowhere.mp4"),
    ] {
        let output = bench(&[arguments, &["--quick"]].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?}: {errors}");
        assert!(output.stdout.is_empty());
    }
}
