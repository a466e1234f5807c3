//! Another number of threads: the pools below us read theirs once, from the environment, so the program
//! starts itself again with it.

use std::process::Command;

use crate::error::{Context as _, Error, Kind, Result};

/// Where the pools look: the CPU engine's, and that of burn's operations.
const VARIABLES: [&str; 2] = ["PERCEPT_THREADS", "RAYON_NUM_THREADS"];

/// How many threads the network may use here.
pub(super) fn count() -> usize {
    crate::cpu::team::usual_threads()
}

/// Runs this very command with `wanted` threads in a process of its own; `false` where this one has them
/// already.
///
/// # Errors
/// [`Kind::Internal`] when the process cannot be started, or what it said when it failed.
pub(super) fn run_with(wanted: usize) -> Result<bool> {
    if wanted == count() {
        return Ok(false);
    }
    let cannot = "percept cannot start itself again with another number of threads";
    let program = std::env::current_exe().context(Kind::Internal, cannot)?;
    let mut child = Command::new(program);
    child.args(std::env::args_os().skip(1)).envs(VARIABLES.map(|name| (name, wanted.to_string())));
    let status = child.status().context(Kind::Internal, cannot)?;
    if status.success() {
        return Ok(true);
    }
    Err(Error::new(Kind::Internal, format!("measuring with {wanted} threads failed")).advise("See above"))
}
