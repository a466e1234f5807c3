//! A long run watched: how evenly the window is drawn and what that costs, the network's steps and drops, and
//! memory; a line every ten seconds and a summary at the end.

use std::time::{Duration, Instant};

use crate::session::Session;

mod process;

/// Time from one line to the next.
const EVERY: Duration = Duration::from_secs(10);
/// Waits longer than this are rest, not animation: nothing came that could have been drawn.
const REST: Duration = Duration::from_secs(1);

/// Counts what happens between two lines and prints them.
#[derive(Debug)]
pub(super) struct Soak {
    /// When the program began.
    begun: Instant,
    length: Duration,
    line_at: Instant,
    last_frame: Option<Instant>,
    first_picture: FirstPicture,
    is_over: bool,
    now: Tally,
    whole: Tally,
}

/// Where the first frame with stimulus and prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FirstPicture {
    Awaited,
    /// It is being drawn: with the next frame it is on the screen.
    Drawn,
    Seen,
}

/// What is counted over some time.
#[derive(Debug)]
struct Tally {
    since: Instant,
    intervals_ms: Vec<f32>,
    cpu_ms: Vec<f32>,
    frames: u64,
    /// Network steps and missed frames before.
    steps: u64,
    dropped: u64,
    used: process::Used,
}

/// What a frame of the window knows of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    /// Whether stimulus and prediction are in it.
    pub complete: bool,
    /// Time of the processor that the window's thread spent on the frame before, seconds.
    pub cpu_s: Option<f32>,
}

impl Soak {
    /// A run of `length_s` seconds of a program that began at `begun`.
    pub(super) fn new(begun: Instant, length_s: f64) -> Self {
        let now = Instant::now();
        Self {
            begun,
            length: Duration::from_secs_f64(length_s.clamp(0.0, 1e6)),
            line_at: now + EVERY,
            last_frame: None,
            first_picture: FirstPicture::Awaited,
            is_over: false,
            now: Tally::new(now),
            whole: Tally::new(now),
        }
    }

    /// Called once per frame of the window.
    pub(super) fn frame(&mut self, ctx: &egui::Context, session: &Session, drawn: Drawn) {
        let now = Instant::now();
        let waited = self.last_frame.replace(now).map(|last| now - last);
        for tally in [&mut self.now, &mut self.whole] {
            tally.count(waited, drawn.cpu_s);
        }
        self.watch_for_first_picture(ctx, drawn.complete);
        let left = self.length.saturating_sub(now - self.begun);
        ctx.request_repaint_after(left.min(self.line_at.saturating_duration_since(now)));
        if now >= self.line_at {
            self.line_at += EVERY;
            print_tally("", self.begun, &self.now, session);
            self.now = self.now.follow(now, session);
        }
        if left.is_zero() && !std::mem::replace(&mut self.is_over, true) {
            print_tally("whole run: ", self.begun, &self.whole, session);
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    #[allow(clippy::print_stdout, reason = "the printed lines are what a watched run is for")]
    fn watch_for_first_picture(&mut self, ctx: &egui::Context, complete: bool) {
        match self.first_picture {
            FirstPicture::Awaited if complete => {
                self.first_picture = FirstPicture::Drawn;
                ctx.request_repaint();
            }
            FirstPicture::Drawn => {
                self.first_picture = FirstPicture::Seen;
                println!(
                    "stimulus and prediction on screen after {} ms, {:.0} ms of the processor",
                    self.begun.elapsed().as_millis(),
                    process::used().all_ms
                );
            }
            _ => {}
        }
    }
}

impl Tally {
    fn new(since: Instant) -> Self {
        let used = process::used();
        Self { since, intervals_ms: Vec::new(), cpu_ms: Vec::new(), frames: 0, steps: 0, dropped: 0, used }
    }

    fn count(&mut self, waited: Option<Duration>, cpu_s: Option<f32>) {
        self.frames += 1;
        self.intervals_ms.extend(waited.filter(|waited| *waited < REST).map(|w| w.as_secs_f32() * 1e3));
        self.cpu_ms.extend(cpu_s.map(|seconds| seconds * 1e3));
    }

    /// The tally of the next stretch of time.
    fn follow(&self, now: Instant, session: &Session) -> Self {
        let latest = session.latest();
        let before = |count: fn(&crate::session::Snapshot) -> u64, old| {
            latest.as_ref().map_or(old, |snapshot| count(snapshot))
        };
        Self {
            steps: before(|snapshot| snapshot.place.step, self.steps),
            dropped: before(|snapshot| snapshot.pace.dropped, self.dropped),
            ..Self::new(now)
        }
    }
}

#[allow(clippy::print_stdout, reason = "the printed lines are what a watched run is for")]
fn print_tally(name: &str, begun: Instant, tally: &Tally, session: &Session) {
    let Some(snapshot) = session.latest() else { return };
    let seconds = tally.since.elapsed().as_secs_f64().max(1e-3);
    let used = process::used();
    let per = |ms: f64, count: f64| ms / count.max(1.0);
    let memory = used.resident_mib.map_or_else(|| "unknown".to_owned(), |mib| format!("{mib:.1}"));
    println!(
        "{name}{:5.0} s  frames {:.1}/s  every {} ms  thread {} ms  drawing {:.1} ms/frame  \
         steps {:.1}/s  step {:.1} ms  dropped {}  processor {:.0} %  memory {memory} MiB",
        begun.elapsed().as_secs_f64(),
        tally.frames as f64 / seconds,
        spread(&tally.intervals_ms),
        spread(&tally.cpu_ms),
        per(used.drawing_ms - tally.used.drawing_ms, tally.frames as f64),
        snapshot.place.step.saturating_sub(tally.steps) as f64 / seconds,
        snapshot.pace.step_ms,
        snapshot.pace.dropped.saturating_sub(tally.dropped),
        (used.all_ms - tally.used.all_ms) / seconds / 10.0,
    );
}

/// Median, 95th and 99th percentile and the largest of some numbers.
fn spread(values: &[f32]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |part: f32| {
        sorted.get((part * sorted.len().saturating_sub(1) as f32).round() as usize).copied().unwrap_or(0.0)
    };
    format!("p50 {:.1} p95 {:.1} p99 {:.1} most {:.1}", at(0.5), at(0.95), at(0.99), at(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_median_percentiles_and_largest() {
        let values: Vec<f32> = (0..=100).rev().map(|i| i as f32).collect();
        assert_eq!(spread(&values), "p50 50.0 p95 95.0 p99 99.0 most 100.0");
        assert_eq!(spread(&[]), "p50 0.0 p95 0.0 p99 0.0 most 0.0");
    }

    #[test]
    fn rest_is_no_interval() {
        let mut tally = Tally::new(Instant::now());
        tally.count(None, None);
        tally.count(Some(Duration::from_millis(20)), Some(0.004));
        tally.count(Some(Duration::from_secs(3)), None);
        assert_eq!((tally.frames, tally.intervals_ms.len(), tally.cpu_ms.len()), (3, 1, 1));
    }
}
