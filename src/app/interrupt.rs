//! Ctrl-C in the terminal, and the system's wish that the program ends, close the window as its own button does: the
//! session is kept and a training stops with a checkpoint.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::threads;

/// What a shell expects of a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// Closes the window on the first signal; a second one ends the program at once.
pub(super) fn closes(window: &egui::Context) {
    let window = window.clone();
    let asked = AtomicBool::new(false);
    let heard = move || {
        if asked.swap(true, Ordering::Relaxed) {
            threads::end_now(INTERRUPTED);
        }
        tracing::info!("closing; once more ends the program at once");
        window.send_viewport_cmd_to(egui::ViewportId::ROOT, egui::ViewportCommand::Close);
        window.request_repaint_of(egui::ViewportId::ROOT);
    };
    if let Err(cause) = ctrlc::set_handler(heard) {
        tracing::warn!("Ctrl-C will end the program without keeping anything: {cause}");
    }
}
