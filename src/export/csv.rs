//! Response time courses as CSV: one file, long form, one line per value.
//!
//! The head holds `# key: value` lines: what the file is, where it comes from, units, then one
//! `# event: TIME_S LABEL` per event. `pandas.read_csv(file, comment="#")` reads the rest:
//!
//! | column | meaning |
//! |---|---|
//! | `time_s` | stimulus time in seconds |
//! | `frame` | frame number of the stimulus |
//! | `step` | row of the recording, counted from 0 |
//! | `series` | name of the curve: `e0`, `e1[c3,x10,y4]`, `mse_prediction` |
//! | `probe`, `symbol`, `layer` | the probe, the paper's symbol (`A`, `Ahat`, `E`, `R`, `C`), the layer; empty for other curves |
//! | `channel`, `x`, `y` | the picked unit; all empty for a mean over the layer, `channel` empty for a mean over channels |
//! | `value` | the number; empty where there is none |
//!
//! Decimals have a point in every language. A text that a spreadsheet would run as a formula has an
//! apostrophe before it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::atomic::{Pending, cannot_write};
use crate::error::Result;
use crate::model::Probe;
use crate::provenance::Provenance;
use crate::readout::Unit;
use crate::readout::timecourse::Recording;

const HEADER: [&str; 11] =
    ["time_s", "frame", "step", "series", "probe", "symbol", "layer", "channel", "x", "y", "value"];

/// Writes a recording as one CSV file.
///
/// # Errors
/// [`crate::error::Kind::Write`] when the file cannot be written; an older file of that name is kept then.
pub fn write_time_courses(
    path: &Path,
    recording: &Recording,
    probes: &[Probe],
    provenance: &Provenance,
) -> Result<()> {
    whole(path, |out| write_to(out, recording, probes, provenance))
}

/// Writes a file that appears whole or not at all.
pub(super) fn whole(path: &Path, write: impl FnOnce(BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let pending = Pending::new(path)?;
    let file = File::create(pending.path()).map_err(|cause| cannot_write(path, &cause))?;
    write(BufWriter::new(file)).map_err(|cause| cannot_write(path, &cause))?;
    pending.commit()
}

/// The bare cause, which says whether the disk is full.
pub(super) fn cause(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Writes the same to anything.
///
/// # Errors
/// When `out` fails.
pub fn write_to(
    mut out: impl Write,
    recording: &Recording,
    probes: &[Probe],
    provenance: &Provenance,
) -> io::Result<()> {
    write_head(&mut out, recording, provenance)?;
    let mut csv = ::csv::Writer::from_writer(out);
    write_rows(&mut csv, recording, probes).map_err(cause)?;
    csv.flush()
}

fn write_rows(
    csv: &mut ::csv::Writer<impl Write>,
    recording: &Recording,
    probes: &[Probe],
) -> ::csv::Result<()> {
    csv.write_record(HEADER)?;
    let describe = |name: &String| Some((describe(name, probes), recording.column(name)?));
    let columns: Vec<_> = recording.columns.iter().filter_map(describe).collect();
    for (step, (time_s, frame)) in recording.time_s.iter().zip(&recording.frame).enumerate() {
        let (time_s, frame, number) = (time_s.to_string(), frame.to_string(), step.to_string());
        for (description, values) in &columns {
            let value = written(values.get(step).copied().unwrap_or(f32::NAN));
            let place = [&time_s, &frame, &number];
            csv.write_record(place.into_iter().chain(description).chain([&value]))?;
        }
    }
    Ok(())
}

/// Where the file comes from.
pub(super) fn write_provenance(out: &mut impl Write, provenance: &Provenance) -> io::Result<()> {
    for (key, value) in provenance.pairs() {
        writeln!(out, "# {key}: {}", in_head(&value))?;
    }
    Ok(())
}

fn write_head(out: &mut impl Write, recording: &Recording, provenance: &Provenance) -> io::Result<()> {
    writeln!(out, "# percept time courses: version 1, one line per value")?;
    write_provenance(out, provenance)?;
    writeln!(
        out,
        "# units: time_s in seconds; value in arbitrary units; mse in squared pixel values of 0..1"
    )?;
    writeln!(out, "# mean: a series without channel and x and y is the mean over all units of its probe")?;
    writeln!(out, "# missing: empty")?;
    for mark in &recording.marks {
        writeln!(out, "# event: {} {}", mark.time_s, in_head(&mark.label))?;
    }
    Ok(())
}

/// series, probe, symbol, layer, channel, x, y
pub(super) fn describe(name: &str, probes: &[Probe]) -> [String; 7] {
    let unit: Option<Unit> = name.parse().ok();
    let probe_name = unit.as_ref().map_or(name, |unit| unit.probe.as_str());
    let probe = probes.iter().find(|probe| probe.name == probe_name);
    let text = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    [
        in_cell(name),
        probe.map(|probe| in_cell(&probe.name)).unwrap_or_default(),
        probe.map(|probe| probe.symbol.to_owned()).unwrap_or_default(),
        probe.map(|probe| probe.layer.to_string()).unwrap_or_default(),
        text(unit.as_ref().and_then(|unit| unit.channel)),
        text(unit.as_ref().map(|unit| unit.x)),
        text(unit.as_ref().map(|unit| unit.y)),
    ]
}

/// The shortest text that reads back as the same number; empty for NaN.
fn written(value: f32) -> String {
    if value.is_nan() { String::new() } else { format!("{value:?}") }
}

/// Spreadsheets run a cell that starts with one of these as a formula.
fn starts_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '|' | '%')
}

pub(super) fn in_cell(text: &str) -> String {
    let text = one_line(text);
    if text.starts_with(starts_formula) { format!("'{text}") } else { text }
}

/// In the head a comma or semicolon may start a new cell, so what follows it is looked at too.
fn in_head(text: &str) -> String {
    let mut safe = String::new();
    let mut cell_starts = false;
    for c in one_line(text).chars() {
        if cell_starts && starts_formula(c) {
            safe.push('\'');
        }
        safe.push(c);
        cell_starts = matches!(c, ',' | ';' | '"') || (cell_starts && c == ' ');
    }
    safe
}

/// Line ends and other control characters are written as escapes, so that a name cannot add lines.
fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
