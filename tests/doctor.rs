//! `percept doctor` on machines with less and less: it always ends well and says what to do.
#![allow(clippy::unwrap_used, reason = "a test that cannot start the program should stop")]

use std::process::Command;

/// The report as JSON, with these environment variables laid over the machine's own.
fn doctor(variables: &[(&str, &str)]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_percept"))
        .args(["doctor", "--json"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(!errors.contains("panicked at"), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn advice(report: &serde_json::Value) -> String {
    report["advice"].to_string()
}

#[test]
fn with_no_adapter_at_all_the_network_runs_on_the_cpu() {
    let nothing = "/nonexistent";
    let report = doctor(&[
        ("VK_DRIVER_FILES", nothing),
        ("VK_ICD_FILENAMES", nothing),
        ("LIBGL_DRIVERS_PATH", nothing),
        ("__EGL_VENDOR_LIBRARY_FILENAMES", nothing),
    ]);
    assert_eq!(report["graphics"]["adapters"].as_array().unwrap().len(), 0);
    assert!(report["network"]["device"].as_str().unwrap().starts_with("CPU ("));
    assert!(report["network"]["timing"]["median_ms"].as_f64().unwrap() > 0.0);
    assert!(advice(&report).contains("mesa-vulkan-drivers"), "{}", advice(&report));
}

#[test]
fn with_a_backend_that_this_system_does_not_have_it_says_so() {
    let foreign = if cfg!(target_os = "macos") { "dx12" } else { "metal" };
    let report = doctor(&[("WGPU_BACKEND", foreign)]);
    assert!(report["graphics"]["chosen"].is_null());
    assert!(advice(&report).contains("No graphics adapter"), "{}", advice(&report));
}

#[test]
fn without_a_home_or_a_display_it_still_reports() {
    let report = doctor(&[("HOME", "/nonexistent"), ("XDG_CONFIG_HOME", ""), ("XDG_DATA_HOME", "")]);
    assert_eq!(report["percept"], env!("CARGO_PKG_VERSION"));
    if cfg!(target_os = "linux") {
        assert!(advice(&report).contains("There is no display"), "{}", advice(&report));
    }
}
