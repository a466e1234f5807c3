//! The report as aligned text.

use std::fmt::Write as _;

use super::network::About;
use super::place::Place;
use super::scaling::Scaled;
use super::spread::Figure;
use super::{Measured, Report};

/// The whole report, ending without a line break.
pub(super) fn text(report: &Report) -> String {
    let mut lines = place(&report.place);
    lines.extend(table("Decoding", &report.decode));
    lines.extend(table("Illusions in large", &report.illusions));
    for Measured { model, figures } in &report.models {
        lines.extend(table(&heading(model), figures));
    }
    lines.extend(scaling(&report.scaling));
    if !report.left_out.is_empty() {
        lines.extend([String::new(), "Left out".to_owned()]);
        lines.extend(report.left_out.iter().map(|it| format!("  {}: {}", it.section, it.why)));
    }
    lines.join("\n")
}

fn place(place: &Place) -> Vec<String> {
    let machine = &place.machine;
    let memory = machine.memory_bytes.map(|bytes| format!(", {:.0} GB", bytes as f64 / 1e9));
    let mut lines = vec![
        format!(
            "{}, {} processors, {}{}",
            machine.processor.as_deref().unwrap_or("unknown processor"),
            machine.threads,
            machine.features.join(" "),
            memory.unwrap_or_default()
        ),
        format!("{}, {}", machine.system, machine.architecture),
        format!("network on {}, {} threads", place.device, place.threads),
    ];
    lines.extend(place.graphics.iter().map(|name| format!("graphics {name}")));
    lines.extend(place.load_average.map(|load| format!("load before {load:.2}")));
    lines.extend(place.build.warning.map(|warning| format!("\n{warning}")));
    lines
}

fn heading(model: &About) -> String {
    let widths: Vec<_> = model.widths.iter().map(usize::to_string).collect();
    let mut text = format!("{} at {}", model.name, model.size);
    if !widths.is_empty() {
        let million = 1e-6 * model.multiply_accumulates as f64;
        let more = format!(
            ": channels {}, {} parameters, {million:.0} million multiply-accumulates a step",
            widths.join(", "),
            model.parameters
        );
        text.push_str(&more);
    }
    if let Some(memory) = model.peak_memory_mb {
        write!(text, ", {memory:.0} MB at most").unwrap_or_default();
    }
    text
}

fn table(heading: &str, figures: &[Figure]) -> Vec<String> {
    if figures.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), heading.to_owned()];
    let head = ["median", "p10", "p90", "min", "max", "cpu"].map(|name| format!("{name:>9}"));
    lines.push(format!("  {:28}{} {:>5}", "ms", head.concat(), "n"));
    lines.extend(figures.iter().map(|figure| {
        let spread = &figure.spread;
        let times = [spread.median_ms, spread.p10_ms, spread.p90_ms, spread.min_ms, spread.max_ms];
        let times = times.map(|ms| format!("{:>9}", number(ms))).concat();
        let cpu = figure.cpu_ms.map_or_else(String::new, number);
        let name = format!("{} {}", figure.section, figure.name);
        format!("  {name:28}{times}{cpu:>9} {:>5}  {}", spread.count, figure.about)
    }));
    lines
}

fn scaling(rows: &[Scaled]) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "How a step's cost grows".to_owned()];
    lines.push(format!(
        "  {:8}{:24}{:>10}{:>12}{:>11}{:>14}",
        "over", "channels", "size", "million MAC", "median ms", "GMAC/s direct"
    ));
    lines.extend(rows.iter().map(|row| {
        let widths: Vec<_> = row.widths.iter().map(usize::to_string).collect();
        let million = format!("{:.1}", 1e-6 * row.multiply_accumulates as f64);
        let (size, median) = (row.size.to_string(), number(row.spread.median_ms));
        let (over, widths, speed) = (row.over, widths.join(", "), row.giga_per_s);
        format!("  {over:8}{widths:24}{size:>10}{million:>12}{median:>11}{speed:>14.1}")
    }));
    lines
}

/// Three digits that count.
fn number(ms: f64) -> String {
    match ms {
        ms if ms >= 100.0 => format!("{ms:.0}"),
        ms if ms >= 10.0 => format!("{ms:.1}"),
        ms if ms >= 1.0 => format!("{ms:.2}"),
        ms => format!("{ms:.3}"),
    }
}
