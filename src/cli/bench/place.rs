//! Where and how it was measured: machine, build, load, memory.

use crate::cli::doctor::Machine;

/// How the program was built.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Build {
    /// "release" or "development".
    pub profile: &'static str,
    /// What to think of numbers from it; `None` where there is nothing to say.
    pub warning: Option<&'static str>,
}

/// Where it was measured.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Place {
    /// System, processor, its instruction sets, memory.
    pub machine: Machine,
    /// How the program was built.
    pub build: Build,
    /// Threads that the network may use.
    pub threads: usize,
    /// Programs that wanted a processor, mean of the last minute, before anything was measured, where the
    /// system tells. About 0 is quiet; from the number of processors on, times are too long.
    pub load_average: Option<f64>,
    /// The graphics adapter, where one was used.
    pub graphics: Option<String>,
    /// Where the network ran.
    pub device: String,
}

impl Build {
    /// That of this program.
    pub fn of_this() -> Self {
        if cfg!(debug_assertions) {
            let warning = "This is a development build, made to start soon and not to run fast: measure with \
                           cargo run --release -- bench";
            Self { profile: "development", warning: Some(warning) }
        } else {
            Self { profile: "release", warning: None }
        }
    }
}

/// Mean number of programs that wanted a processor in the last minute.
pub(super) fn load_average() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// The most memory that this program has held so far, in megabytes, where the system tells.
pub(super) fn peak_memory_mb() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
