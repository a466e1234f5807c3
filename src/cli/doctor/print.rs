//! The report as aligned text.

use std::fmt::Write as _;

use super::graphics::Adapter;
use super::{Network, Report};

/// Width of the left column.
const INDENT: usize = 11;
/// Longest line of the right column.
const WIDTH: usize = 96;

/// The whole report, ending without a line break.
pub(super) fn text(report: &Report) -> String {
    let mut text = format!("percept {}\n\n", report.percept);
    section(&mut text, "System", &machine(report));
    section(&mut text, "Display", &display(report));
    section(&mut text, "Graphics", &graphics(report));
    section(&mut text, "Network", &network(&report.network));
    section(&mut text, "FFmpeg", &ffmpeg(report));
    section(&mut text, "Cameras", &cameras(report));
    section(&mut text, "Folders", &folders(report));
    if report.advice.is_empty() {
        text.push_str("\nNothing is missing.");
    } else {
        text.push_str("\nWhat to do");
        for advice in &report.advice {
            for (i, line) in wrapped(advice).iter().enumerate() {
                push(&mut text, &format!("\n  {} {line}", if i == 0 { "-" } else { " " }));
            }
        }
    }
    text
}

fn section(text: &mut String, heading: &str, lines: &[String]) {
    for (i, line) in lines.iter().flat_map(|line| wrapped(line)).enumerate() {
        push(text, &format!("{:INDENT$}{line}\n", if i == 0 { heading } else { "" }));
    }
}

/// Breaks between words so that no line is longer than `WIDTH`, where no word is; later lines keep the indent.
fn wrapped(text: &str) -> Vec<String> {
    let indent = " ".repeat(text.len() - text.trim_start().len());
    let mut lines = vec![indent.clone()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > indent.len() && line + 1 + word.chars().count() > WIDTH {
            lines.push(indent.clone());
        }
        if let Some(line) = lines.last_mut() {
            let gap = if line.len() > indent.len() { " " } else { "" };
            push(line, &format!("{gap}{word}"));
        }
    }
    lines
}

/// Writing to a string cannot fail.
fn push(text: &mut String, more: &str) {
    text.write_str(more).unwrap_or_default();
}

fn machine(report: &Report) -> Vec<String> {
    let machine = &report.machine;
    let processor = machine.processor.as_deref().unwrap_or("unknown processor");
    let mut parts = vec![processor.to_owned(), format!("{} threads", machine.threads)];
    if !machine.features.is_empty() {
        parts.push(machine.features.join(" "));
    }
    parts.extend(machine.memory_bytes.map(|bytes| format!("{} memory", size(bytes))));
    vec![format!("{}, {}", machine.system, machine.architecture), parts.join(", ")]
}

fn display(report: &Report) -> Vec<String> {
    let display = &report.display;
    vec![match display.kind {
        None => "none".to_owned(),
        Some(kind) => format!("{kind} {}", display.name).trim_end().to_owned(),
    }]
}

fn graphics(report: &Report) -> Vec<String> {
    let graphics = &report.graphics;
    if graphics.adapters.is_empty() {
        return vec!["no adapter".to_owned()];
    }
    let mut lines: Vec<_> = graphics.adapters.iter().flat_map(adapter).collect();
    lines.extend(graphics.chosen.iter().map(|name| format!("taken: {name}")));
    lines.extend(graphics.trouble.clone());
    lines
}

fn adapter(adapter: &Adapter) -> [String; 2] {
    let driver = if adapter.driver.is_empty() { "unknown driver" } else { &adapter.driver };
    [
        format!("{}: {}, {}, {driver}", adapter.backend, adapter.name, adapter.kind),
        format!(
            "  limits: buffer {}, bound to a shader {}, {} buffers a shader, texture {} px",
            size(adapter.max_buffer_bytes),
            size(adapter.max_storage_buffer_binding_bytes),
            adapter.max_storage_buffers_per_stage,
            adapter.max_texture_side_px
        ),
    ]
}

fn network(network: &Network) -> Vec<String> {
    let mut lines = vec![network.device.clone().unwrap_or_else(|| "cannot run".to_owned())];
    lines.extend(network.note.clone());
    lines.extend(network.timing.as_ref().map(|timing| {
        format!(
            "one step of {} at {}x{}: {:.1} ms (the first: {:.0} ms)",
            timing.model, timing.width, timing.height, timing.median_ms, timing.first_ms
        )
    }));
    lines.extend(network.trouble.clone());
    lines
}

fn ffmpeg(report: &Report) -> Vec<String> {
    let media = &report.media;
    let libraries: Vec<_> =
        media.libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let encoders =
        if media.mp4_encoders.is_empty() { "none".to_owned() } else { media.mp4_encoders.join(", ") };
    vec![
        format!("{} ({})", media.ffmpeg, media.licence),
        libraries.join(", "),
        format!("encoders for MP4: {encoders}"),
    ]
}

fn cameras(report: &Report) -> Vec<String> {
    if report.media.cameras.is_empty() {
        return vec!["none".to_owned()];
    }
    let line = |camera: &super::Camera| {
        let state = if camera.usable { "" } else { " (cannot be opened)" };
        format!("{}: {}{state}", camera.device.display(), camera.name)
    };
    report.media.cameras.iter().map(line).collect()
}

fn folders(report: &Report) -> Vec<String> {
    let line = |folder: &super::Folder| {
        let state = if folder.exists { "" } else { " (not made yet)" };
        format!("{}: {}{state}", folder.purpose, folder.path.display())
    };
    if report.folders.is_empty() {
        vec!["none: there is no home folder".to_owned()]
    } else {
        report.folders.iter().map(line).collect()
    }
}

/// Bytes in the largest unit that leaves a whole part.
fn size(bytes: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    let value = (value * 10.0).round() / 10.0;
    let digits = usize::from(value.fract() > 0.0 && value < 100.0);
    format!("{value:.digits$} {}", units.get(unit).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, size, wrapped};

    #[test]
    fn long_lines_break_between_words_and_keep_their_indent() {
        let lines = wrapped(&format!("  {}", "word ".repeat(40)));
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.starts_with("  word") && line.chars().count() <= WIDTH));
        let long = "x".repeat(200);
        assert_eq!(wrapped(&long), [long]);
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(128 << 20), "128 MiB");
        assert_eq!(size((1 << 31) - 1), "2 GiB");
        assert_eq!(size(8_329_433_088), "7.8 GiB");
        assert_eq!(size(12), "12 bytes");
    }
}
