//! The report as aligned text.

use std::fmt::Write as _;

use super::graphics::Adapter;
use super::{Network, Report};

/// Width of the left column.
const INDENT: usize = 11;

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
        for line in &report.advice {
            push(&mut text, &format!("\n  - {line}"));
        }
    }
    text
}

fn section(text: &mut String, heading: &str, lines: &[String]) {
    for (i, line) in lines.iter().enumerate() {
        push(text, &format!("{:INDENT$}{line}\n", if i == 0 { heading } else { "" }));
    }
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
            "  buffers up to {}, {} of them in a shader; {} a shader; textures up to {} px",
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
    let digits = usize::from(value.fract() > 0.05 && value < 100.0);
    format!("{value:.digits$} {}", units.get(unit).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(128 << 20), "128 MiB");
        assert_eq!(size(1 << 31), "2 GiB");
        assert_eq!(size(8_329_433_088), "7.8 GiB");
        assert_eq!(size(12), "12 bytes");
    }
}
