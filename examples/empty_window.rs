//! What a window costs that shows nothing: drawn sixty times a second in one colour. Percept's own (`--soak`) is to be
//! compared with this, where the processor draws.
//!
//! `cargo run --release --example empty_window -- 1280x800 10`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example that prints and may stop")]

use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let size = arguments.next().unwrap_or_else(|| "1280x800".to_owned());
    let (width, height) = size.split_once('x').unwrap();
    let seconds: f64 = arguments.next().map_or(10.0, |text| text.parse().unwrap());
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_inner_size([width.parse::<f32>().unwrap(), height.parse::<f32>().unwrap()]),
        renderer: eframe::Renderer::Wgpu,
        persist_window: false,
        ..eframe::NativeOptions::default()
    };
    let empty =
        Empty { begun: Instant::now(), seconds, last: None, waits_ms: Vec::new(), used_ms: used_ms() };
    eframe::run_native("empty", options, Box::new(|_| Ok(Box::new(empty)))).unwrap();
}

struct Empty {
    begun: Instant,
    seconds: f64,
    last: Option<Instant>,
    waits_ms: Vec<f64>,
    used_ms: f64,
}

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let now = Instant::now();
        if let Some(last) = self.last.replace(now) {
            self.waits_ms.push((now - last).as_secs_f64() * 1e3);
        } else {
            // The cost of the start is not that of a frame.
            (self.begun, self.used_ms) = (now, used_ms());
        }
        if self.begun.elapsed().as_secs_f64() > self.seconds {
            self.print();
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        ui.ctx().request_repaint_after(Duration::from_millis(16).saturating_sub(now.elapsed()));
    }
}

impl Empty {
    fn print(&mut self) {
        let frames = self.waits_ms.len().max(1) as f64;
        self.waits_ms.sort_by(f64::total_cmp);
        let at = |part: f64| self.waits_ms.get((part * (frames - 1.0)).round() as usize).unwrap_or(&0.0);
        println!(
            "frames {:.1}/s  every p50 {:.1} p95 {:.1} p99 {:.1} ms  processor {:.1} ms/frame",
            frames / self.begun.elapsed().as_secs_f64(),
            at(0.5),
            at(0.95),
            at(0.99),
            (used_ms() - self.used_ms) / frames,
        );
    }
}

/// Time of the processor that all threads of this process have used, where the system says it (Linux).
fn used_ms() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let texts = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
    let nanoseconds = texts.filter_map(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.sum::<f64>() / 1e6
}
