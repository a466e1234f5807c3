//! A long run watched: memory, the longest wait between two frames of the window, steps and drops.

use std::time::{Duration, Instant};

use crate::session::Session;

/// Time from one line to the next.
const EVERY: Duration = Duration::from_secs(10);

/// Counts what happens between two lines and prints them.
#[derive(Debug)]
pub(super) struct Soak {
    begun: Instant,
    length: Duration,
    line_at: Instant,
    last_frame: Instant,
    longest_gap: Duration,
    frames: u64,
    steps_before: u64,
}

impl Soak {
    /// A run of `length_s` seconds.
    pub(super) fn new(length_s: f64) -> Self {
        let now = Instant::now();
        Self {
            begun: now,
            length: Duration::from_secs_f64(length_s.clamp(0.0, 1e6)),
            line_at: now + EVERY,
            last_frame: now,
            longest_gap: Duration::ZERO,
            frames: 0,
            steps_before: 0,
        }
    }

    /// Called once per frame of the window.
    pub(super) fn frame(&mut self, ctx: &egui::Context, session: &Session) {
        let now = Instant::now();
        self.longest_gap = self.longest_gap.max(now - self.last_frame);
        self.last_frame = now;
        self.frames += 1;
        ctx.request_repaint_after(Duration::from_millis(100));
        if now >= self.line_at {
            self.print(session);
            self.line_at += EVERY;
            self.longest_gap = Duration::ZERO;
            self.frames = 0;
        }
        if now - self.begun >= self.length {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    #[allow(clippy::print_stdout, reason = "the printed lines are what a watched run is for")]
    fn print(&mut self, session: &Session) {
        let Some(snapshot) = session.latest() else { return };
        let memory = resident_mib().map_or_else(|| "unknown".to_owned(), |mib| format!("{mib:.1}"));
        let steps = snapshot.place.step.saturating_sub(self.steps_before);
        self.steps_before = snapshot.place.step;
        println!(
            "{:5.0} s  memory {memory} MiB  window {:.1} frames/s  longest gap {} ms  steps {steps}  step {:.1} ms  dropped {}",
            self.begun.elapsed().as_secs_f64(),
            self.frames as f64 / EVERY.as_secs_f64(),
            self.longest_gap.as_millis(),
            snapshot.pace.step_ms,
            snapshot.pace.dropped,
        );
    }
}

/// Resident memory of this process, where the system says it (Linux).
fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
