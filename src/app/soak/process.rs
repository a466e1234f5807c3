//! What this process has used so far, where the system says it (Linux).

use std::fs;

/// Time of the processor and memory.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    /// Time of all threads that live, milliseconds.
    pub all_ms: f64,
    /// Time of the window's own thread and of those on which a software driver draws and shows, milliseconds. These
    /// are named after the driver, or not at all: then they bear the name of the window's.
    pub drawing_ms: f64,
    /// Memory in use.
    pub resident_mib: Option<f64>,
}

/// What has been used since the process began.
pub(super) fn used() -> Used {
    let mut used = Used { resident_mib: resident_mib(), ..Used::default() };
    let own = fs::read_to_string("/proc/self/comm").unwrap_or_default();
    for thread in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let read = |file: &str| fs::read_to_string(thread.path().join(file)).unwrap_or_default();
        let nanoseconds: f64 =
            read("schedstat").split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
        used.all_ms += nanoseconds / 1e6;
        let name = read("comm");
        if name == own || name.starts_with("llvmpipe") {
            used.drawing_ms += nanoseconds / 1e6;
        }
    }
    used
}

/// Resident memory.
fn resident_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
