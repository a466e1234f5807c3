//! The response plot: what it holds, and what is drawn of it on paper.

use percept::export::write_figure;
use percept::figure::Figure;
use percept::figure::paper::PaperSize;
use percept::figure::timecourse::{Choice, time_course_figure};
use percept::frame::Mark;
use percept::model::{Probe, Role};
use percept::provenance::Provenance;
use percept::readout::timecourse::Recording;
use percept::units::PixelSize;

const WIDTHS: [usize; 4] = [3, 16, 32, 64];

fn probes() -> Vec<Probe> {
    let kinds = [
        ("a", "A", Role::Actual),
        ("a_hat", "Ahat", Role::Prediction),
        ("e", "E", Role::Error),
        ("r", "R", Role::Representation),
    ];
    let mut probes = Vec::new();
    for (layer, width) in WIDTHS.into_iter().enumerate() {
        for (name, symbol, role) in kinds {
            let channels = if role == Role::Error { 2 * width } else { width };
            let size = PixelSize::new(160 >> layer, 128 >> layer);
            let signed = role == Role::Representation;
            probes.push(Probe {
                name: format!("{name}{layer}"),
                symbol,
                layer,
                role,
                channels,
                size,
                signed,
            });
        }
    }
    probes
}

/// A made-up answer to a picture that comes, reverses and goes: transients at every event, then decay.
fn recording(steps: u64) -> Recording {
    let mut recording = Recording::default();
    let events = [0.4, 1.6, 2.8];
    for step in 0..steps {
        let time_s = step as f64 / 25.0;
        let since =
            events.iter().filter(|&&at| time_s >= at).map(|at| time_s - at).fold(f64::INFINITY, f64::min);
        let burst = if since.is_finite() { (-since / 0.18).exp() } else { (-time_s / 0.1).exp() };
        let ripple = ((step * 7919 % 101) as f64 / 101.0 - 0.5) * 0.006;
        let mut row = Vec::new();
        for layer in 0..4u32 {
            let depth = f64::from(layer);
            let error = (0.016 + 0.075 * burst) / (1.0 + 0.7 * depth) + ripple / (1.0 + depth);
            let slow = 0.11 * (1.0 - (-time_s / (0.3 + 0.2 * depth)).exp());
            row.push((format!("e{layer}"), error as f32));
            row.push((format!("r{layer}"), (slow - 0.05 * depth * burst + ripple) as f32));
            row.push((format!("a{layer}"), (0.3 + 0.1 * depth + 0.2 * burst) as f32));
            row.push((format!("a_hat{layer}"), (0.28 + 0.1 * depth + 0.15 * burst + ripple) as f32));
        }
        row.push(("mse_prediction".into(), (0.0011 + 0.004 * burst + ripple.abs() * 0.05) as f32));
        row.push(("mse_copy".into(), (0.0019 + 0.006 * burst + ripple.abs() * 0.08) as f32));
        if step > 20 {
            row.push(("e1[c3,x10,y4]".into(), (0.05 + 0.3 * burst) as f32));
            row.push(("e1[x10,y4]".into(), (0.03 + 0.1 * burst + ripple) as f32));
        }
        recording.append(time_s, step, &row);
    }
    for (time_s, label) in events.into_iter().zip(["onset", "reversal", "offset"]) {
        recording.marks.push(Mark { time_s, label: label.into() });
    }
    recording
}

fn provenance() -> Provenance {
    Provenance {
        version: "0.1.0".into(),
        model: "first-light (PredNet)".into(),
        model_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        stimulus: "moving-patch".into(),
        settings: vec!["speed=4 deg/s".into(), "title=\"<odd> & 'so'\"".into()],
        seed: 7,
        device: "CPU (flex)".into(),
        size: "160x128".into(),
        command: "percept run moving-patch --out out".into(),
    }
}

fn figure(choose: &Choice) -> Figure {
    time_course_figure(
        &recording(100),
        &probes(),
        &provenance(),
        "Responses to a patch that reverses",
        choose,
    )
}

/// `PERCEPT_LOOK=folder cargo test --test figure look` leaves the figures there, to be looked at.
#[test]
fn figures_can_be_written_at_both_column_widths_to_look_at() {
    let kept = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("PERCEPT_LOOK").map_or_else(|| kept.path().to_path_buf(), Into::into);
    let every = vec![Role::Error, Role::Representation, Role::Actual, Role::Prediction];
    let all = Choice { roles: every, ..Choice::default() };
    let paper = Choice { normalise: true, units: false, prediction_error: false, ..Choice::default() };
    for (name, choose) in [("default", Choice::default()), ("all", all), ("normalised", paper)] {
        let figure = figure(&choose);
        let panels = figure.panels.len();
        for (width, size) in
            [("89", PaperSize::single_column(panels)), ("183", PaperSize::double_column(panels))]
        {
            for ending in ["png", "svg", "pdf", "json"] {
                let file = folder.join(format!("{name}-{width}.{ending}"));
                write_figure(&file, &figure, size, 200.0).unwrap();
                assert!(std::fs::metadata(&file).unwrap().len() > 1000, "{}", file.display());
            }
        }
    }
}
