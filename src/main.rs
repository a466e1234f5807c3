//! The program: read the command line, open the window or run headless.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use percept::cli::{self, Cli};
use percept::threads;

fn main() -> ExitCode {
    end_quietly_without_a_reader();
    let arguments = Cli::parse();
    log_to_stderr();
    let done = arguments.precision.choose().and_then(|()| match &arguments.command {
        Some(command) => cli::run(command),
        None => percept::app::launch::open(&arguments.window),
    });
    match done {
        Ok(()) => threads::end(0),
        Err(error) => {
            eprintln!("percept: {error}");
            match error.kind {
                percept::error::Kind::Usage => threads::end(2),
                _ => threads::end(1),
            }
        }
    }
}

/// Exit status of a program whose reader has gone, as shells report it: 128 and the number of the signal.
const READER_GONE: u8 = 141;

/// A reader that has seen enough (`percept models list | head`) is no fault: the program ends then, without a word.
fn end_quietly_without_a_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let printing =
            |text: &str| text.starts_with("failed printing to std") && text.contains("os error 32");
        if info.payload_as_str().is_some_and(printing) {
            threads::end_now(READER_GONE);
        }
        usual(info);
    }));
}

/// Warnings by default; `RUST_LOG` says otherwise. The graphics stack below us is quiet unless it fails.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new(
            "warn,wgpu_hal=error,wgpu_core=error,naga=error,cubecl=error,egui_winit=error",
        )
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .without_time()
        .init();
}
