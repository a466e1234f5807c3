//! How every curve answers every event, as CSV: one line per answer.
//!
//! | column | meaning |
//! |---|---|
//! | `series`, `probe`, `symbol`, `layer`, `channel`, `x`, `y` | the curve, as in the time courses |
//! | `event`, `onset_s` | what happened, and when |
//! | `window_s` | how long the answer was looked for: until the next event, two seconds at most |
//! | `baseline` | mean of the curve in the half second before |
//! | `peak`, `peak_s` | largest difference from it, and seconds until then |
//! | `latency_s` | seconds until half the peak, linearly between rows |
//! | `sustained` | mean difference in the last quarter of the window |
//! | `transience` | (peak - sustained) / (peak + sustained): 0 stays, 1 is gone or has turned round |

use std::io::{self, Write};
use std::path::Path;

use super::csv::{cause, describe, in_cell, whole, write_provenance};
use crate::error::Result;
use crate::model::Probe;
use crate::provenance::Provenance;
use crate::readout::responses::Answer;

const HEADER: [&str; 16] = [
    "series",
    "probe",
    "symbol",
    "layer",
    "channel",
    "x",
    "y",
    "event",
    "onset_s",
    "window_s",
    "baseline",
    "peak",
    "peak_s",
    "latency_s",
    "sustained",
    "transience",
];

/// Writes the answers as one CSV file.
///
/// # Errors
/// [`crate::error::Kind::Write`] when the file cannot be written; an older file of that name is kept then.
pub fn write_responses(
    path: &Path,
    answers: &[Answer],
    probes: &[Probe],
    provenance: &Provenance,
) -> Result<()> {
    whole(path, |out| write_to(out, answers, probes, provenance))
}

/// Writes the same to anything.
///
/// # Errors
/// When `out` fails.
pub fn write_to(
    mut out: impl Write,
    answers: &[Answer],
    probes: &[Probe],
    provenance: &Provenance,
) -> io::Result<()> {
    writeln!(out, "# percept responses: version 1, one line per curve and event")?;
    write_provenance(&mut out, provenance)?;
    writeln!(
        out,
        "# units: _s in seconds; baseline, peak and sustained in the curve's own; transience without"
    )?;
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record(HEADER).map_err(cause)?;
    for Answer { series, event, window_s, response } in answers {
        let numbers = [
            event.time_s,
            *window_s,
            response.baseline,
            response.peak,
            response.peak_s,
            response.latency_s,
            response.sustained,
            response.transience,
        ];
        let numbers = numbers.map(|number| format!("{number:.6}"));
        let place = describe(series, probes);
        csv.write_record(place.iter().chain([&in_cell(&event.label)]).chain(&numbers)).map_err(cause)?;
    }
    csv.flush()
}
