//! The program: read the command line, open the window or run headless.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use percept::cli::{self, Cli};

fn main() -> ExitCode {
    let arguments = Cli::parse();
    log_to_stderr();
    let done = arguments.precision.choose().and_then(|()| match &arguments.command {
        Some(command) => cli::run(command),
        None => percept::app::launch::open(&arguments.window),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("percept: {error}");
            match error.kind {
                percept::error::Kind::Usage => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
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
