//! System, processor, memory, display and percept's own folders.

use std::path::PathBuf;

use crate::session::saved;
use crate::stimulus::illusion::catalogue;

/// System, processor, memory.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Machine {
    /// Name and version of the system.
    pub system: String,
    /// Instruction set: `x86_64`, `aarch64`.
    pub architecture: &'static str,
    /// The processor's name, where it can be had.
    pub processor: Option<String>,
    /// Processors that percept may use.
    pub threads: usize,
    /// Instruction sets that make the network fast on the CPU.
    pub features: Vec<&'static str>,
    /// Memory in bytes, where it can be had.
    pub memory_bytes: Option<u64>,
}

/// Where a window could open.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Display {
    /// "Wayland", "X11", "macOS", "Windows"; `None` where no window can open.
    pub kind: Option<&'static str>,
    /// The display's own name.
    pub name: String,
}

/// A folder that percept reads and writes of itself.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Folder {
    /// What is kept in it.
    pub purpose: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is there already (it is made when it is first needed).
    pub exists: bool,
}

impl Machine {
    /// What can be had without asking anyone.
    pub(crate) fn look() -> Self {
        Self {
            system: system_name(),
            architecture: std::env::consts::ARCH,
            processor: processor_name(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            features: features(),
            memory_bytes: value_of("/proc/meminfo", "MemTotal").and_then(|text| kilobytes(&text)),
        }
    }
}

impl Display {
    pub(super) fn look() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        if cfg!(target_os = "macos") {
            return Self { kind: Some("macOS"), name: String::new() };
        }
        if cfg!(windows) {
            return Self { kind: Some("Windows"), name: String::new() };
        }
        if let Some(name) = set("WAYLAND_DISPLAY") {
            return Self { kind: Some("Wayland"), name };
        }
        set("DISPLAY")
            .map_or(Self { kind: None, name: String::new() }, |name| Self { kind: Some("X11"), name })
    }

    pub(super) fn advice(&self) -> Vec<String> {
        if self.kind.is_some() {
            return Vec::new();
        }
        vec![
            "There is no display, so the window cannot open here. `percept run`, `percept illusions render` \
             and the other commands work without one."
                .to_owned(),
        ]
    }
}

pub(super) fn folders() -> Vec<Folder> {
    let folder = |purpose, path: PathBuf| Folder { purpose, exists: path.is_dir(), path };
    let session = saved::default_path().and_then(|file| Some(file.parent()?.to_path_buf()));
    let session = session.map(|path| folder("your last session", path));
    let illusions = catalogue::user_folder().map(|path| folder("your illusions", path));
    session.into_iter().chain(illusions).collect()
}

fn system_name() -> String {
    value_of("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|| std::env::consts::OS.to_owned())
}

fn processor_name() -> Option<String> {
    ["model name", "Model", "Hardware"]
        .into_iter()
        .find_map(|key| value_of("/proc/cpuinfo", key))
        .or_else(|| std::env::var("PROCESSOR_IDENTIFIER").ok())
}

/// The first value of `key` in a file of `key = value` or `key: value` lines, without quotes.
fn value_of(path: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let of_line = |line: &str| {
        let (name, value) = line.split_once([':', '='])?;
        (name.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
    };
    text.lines().find_map(of_line)
}

/// Bytes of "8134212 kB".
fn kilobytes(text: &str) -> Option<u64> {
    text.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(target_arch = "x86_64")]
fn features() -> Vec<&'static str> {
    let all = [
        ("AVX2", std::is_x86_feature_detected!("avx2")),
        ("FMA", std::is_x86_feature_detected!("fma")),
        ("AVX-512", std::is_x86_feature_detected!("avx512f")),
    ];
    all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> Vec<&'static str> {
    if cfg!(target_feature = "neon") { vec!["NEON"] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_kilobytes_only() {
        assert_eq!(kilobytes("2 kB"), Some(2048));
        assert_eq!(kilobytes("2 MB"), None);
        assert_eq!(kilobytes("99999999999999999999 kB"), None);
    }

    #[test]
    fn a_value_is_found_by_its_whole_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "NAME_LONG=\"no\"\nNAME=\"Some OS 12\"\nkey\t: a: b\n").unwrap();
        let path = file.path().to_str().unwrap();
        assert_eq!(value_of(path, "NAME").as_deref(), Some("Some OS 12"));
        assert_eq!(value_of(path, "key").as_deref(), Some("a: b"));
        assert_eq!(value_of(path, "OTHER"), None);
        assert_eq!(value_of("/nowhere", "NAME"), None);
    }
}
