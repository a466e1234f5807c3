//! A window over a canned snapshot, with the commands it sends and the exports it asks for.

use std::sync::Arc;

use crossbeam_channel::Receiver;
use egui_kittest::Harness;
use parking_lot::Mutex;
use percept::app::export::{ExportRequest, Job};
use percept::app::state::UiState;
use percept::app::{AppParts, PerceptApp};
use percept::frame::{Mark, Picture};
use percept::model::{Lesion, ModelCard, Probe, Role, Score};
use percept::readout::timecourse::Recording;
use percept::readout::{MapRange, ProbeStats};
use percept::session::{Command, Difference, OnShow, Pace, Place, Sampling, Second, Session, Snapshot};
use percept::stimulus::StimulusSpec;
use percept::stimulus::fit::Fit;
use percept::stimulus::illusion::{Illusion, Showing, catalogue};
use percept::units::PixelSize;

/// The window and the other ends of what it talks to.
pub(crate) struct Bench {
    pub(crate) window: Harness<'static, PerceptApp>,
    pub(crate) sent: Receiver<Command>,
    pub(crate) exports: Arc<Mutex<Vec<ExportRequest>>>,
}

/// How the window is set up.
pub(crate) struct SetUp {
    /// Physical pixels.
    pub(crate) size: [f32; 2],
    /// Physical pixels per point.
    pub(crate) scale: f32,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) ui: UiState,
}

impl Default for SetUp {
    fn default() -> Self {
        Self { size: [1440.0, 900.0], scale: 1.0, snapshot: Some(snapshot()), ui: UiState::default() }
    }
}

impl Bench {
    pub(crate) fn new(set_up: SetUp) -> Self {
        let (session, sent) = Session::detached(set_up.snapshot, recording());
        let exports: Arc<Mutex<Vec<ExportRequest>>> = Arc::default();
        let parts = parts(session, set_up.ui, Arc::clone(&exports));
        let mut window = Harness::builder()
            .with_size(egui::Vec2::from(set_up.size) / set_up.scale)
            .with_pixels_per_point(set_up.scale)
            .build_eframe(|cc| PerceptApp::new(&cc.egui_ctx, parts));
        window.run_steps(4);
        let bench = Self { window, sent, exports };
        bench.commands();
        bench
    }

    pub(crate) fn usual() -> Self {
        Self::new(SetUp::default())
    }

    /// The commands sent since the last call, without those about the pointer.
    pub(crate) fn commands(&self) -> Vec<Command> {
        let about_pointer =
            |c: &Command| matches!(c, Command::Hover(_) | Command::Inspect(_) | Command::Show(_));
        self.sent.try_iter().filter(|c| !about_pointer(c)).collect()
    }
}

pub(crate) fn parts(session: Session, ui: UiState, exports: Arc<Mutex<Vec<ExportRequest>>>) -> AppParts {
    let illusions = Arc::new(catalogue::built_in());
    AppParts {
        session,
        gpu: None,
        device_name: "CPU (AVX2 and FMA, 8 lanes)".into(),
        banner: None,
        catalogue: Box::new(move || Arc::clone(&illusions)),
        models: vec![card(), copy()],
        camera: None,
        export: Box::new(move |request| {
            exports.lock().push(request);
            Job::new()
        }),
        keep: Box::new(|_, _| {}),
        ui,
        illusion_folder: None,
        training: None,
        departing: Arc::default(),
        own_pace: true,
        is_unattended: false,
        animates: Arc::default(),
    }
}

pub(crate) fn illusion() -> Illusion {
    catalogue::built_in().into_iter().find(|i| i.slug == "rotating_snakes").unwrap()
}

pub(crate) fn card() -> ModelCard {
    ModelCard {
        name: "first-light".into(),
        title: "First light".into(),
        architecture: "prednet".into(),
        widths: vec![3, 16, 32],
        about: "A small PredNet trained on walks through a city.".into(),
        never_shown: "Illusions, faces, text".into(),
        scores: vec![Score { clip: "walk".into(), mse: 0.0031, copy_mse: 0.0052, ..Score::default() }],
        trained_size: Some(PixelSize::new(80, 64)),
        frame_rate_hz: Some(10.0),
        ..Default::default()
    }
}

/// A recording with slow waves in every layer mean.
pub(crate) fn recording() -> Recording {
    let mut recording = Recording::default();
    for step in 0..60_u32 {
        let t = f64::from(step) / 15.0;
        let row: Vec<(String, f32)> = probes()
            .iter()
            .map(|p| (p.name.clone(), 0.2 + 0.1 * ((t as f32) * (1.0 + p.layer as f32)).sin()))
            .collect();
        recording.append(t, u64::from(step), &row);
    }
    recording.marks.push(Mark { time_s: 1.0, label: "onset".into() });
    recording
}

pub(crate) fn probes() -> Vec<Probe> {
    let mut all = Vec::new();
    let roles = [
        ("a", "A", Role::Actual, false),
        ("a_hat", "Ahat", Role::Prediction, false),
        ("e", "E", Role::Error, false),
        ("r", "R", Role::Representation, true),
        ("c", "C", Role::Cell, true),
    ];
    for layer in 0..4_usize {
        let size = PixelSize::new(80 >> layer, 64 >> layer);
        for (name, symbol, role, signed) in roles {
            let base = [3, 16, 32, 64][layer];
            let channels = if role == Role::Error { 2 * base } else { base };
            all.push(Probe { name: format!("{name}{layer}"), symbol, layer, role, channels, size, signed });
        }
    }
    all
}

/// Rotating snakes, paused at four seconds.
pub(crate) fn snapshot() -> Snapshot {
    let probes = probes();
    let showing = Showing::default();
    Snapshot {
        sequence: 60,
        stimulus: StimulusSpec::Illusion("rotating_snakes".into()),
        source: None,
        on_show: OnShow::Illusion {
            illusion: Arc::new(illusion()),
            program: None,
            showing: showing.clone(),
            time_s: 4.0,
        },
        showing,
        model: Arc::new(card()),
        model_source: "/models/first-light.safetensors".into(),
        maps: Arc::default(),
        pictures: 0,
        stats: probes.iter().map(|_| ProbeStats { mean: 0.1, min: 0.0, max: 0.4 }).collect(),
        probes: Arc::new(probes),
        inspected: Some(MapRange { min: -0.2, p01: -0.1, p99: 0.1, max: 0.2 }),
        hovered: None,
        lesions: vec![Lesion {
            name: "feedback".into(),
            label: "Feedback off".into(),
            about: "No signal from the layer above".into(),
            on: false,
        }],
        place: Place { time_s: 4.0, frame: 60, step: 60, speed: 1.0, ..Place::default() },
        pace: Pace { step_ms: 23.0, frame_ms: 2.0, steps_per_s: 15.0, dropped: 3, draw_every_s: 0.016 },
        sampling: Sampling::EveryFrame,
        fit: Fit::Crop,
        squared_error: Some((0.0031, 0.0052)),
        second: None,
        safety: percept::session::Safety::default(),
        beyond: Vec::new(),
        provenance: percept::provenance::Provenance::default(),
    }
}

/// The same with a second network beside the first.
pub(crate) fn compared() -> Snapshot {
    let plain = snapshot();
    let second = Second {
        model: Arc::new(copy()),
        model_source: "copy".into(),
        probes: Arc::new(plain.probes.iter().take(3).cloned().collect()),
        stats: plain.stats.iter().take(3).copied().collect(),
        squared_error: Some((0.0052, 0.0052)),
        lesions: Vec::new(),
        step_ms: 3.0,
        difference: Some(Difference { min: -0.1, max: 0.2, mean_square: 0.0004 }),
    };
    Snapshot { second: Some(second), model_source: "first-light".into(), ..plain }
}

pub(crate) fn copy() -> ModelCard {
    ModelCard { name: "copy".into(), title: "Copy last frame".into(), ..Default::default() }
}

/// The same with a video frame on show.
pub(crate) fn video() -> Snapshot {
    Snapshot {
        stimulus: StimulusSpec::File("/clips/walk.mp4".into()),
        source: Some(percept::stimulus::SourceInfo {
            name: "walk.mp4".into(),
            kind: "video".into(),
            size: Some(PixelSize::new(640, 360)),
            frame_rate_hz: Some(25.0),
            duration_s: Some(12.0),
            seekable: true,
            ..Default::default()
        }),
        on_show: OnShow::Picture(Picture::uniform(PixelSize::new(640, 360), [90, 120, 60]).into()),
        place: Place { duration_s: Some(12.0), ..snapshot().place },
        ..snapshot()
    }
}
