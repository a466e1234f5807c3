//! The log of a training: one JSON object per line, kept when it is resumed.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::run::Standing;
use super::trainer::Trainer;
use crate::atomic::{self, cannot_write};
use crate::error::{Context as _, Kind, Result};
use crate::safety::limits::MAX_LOG_BYTES;

/// A line: means since the line before.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Row {
    /// Frames done, all sequences counted.
    pub frames: u64,
    /// Updates of the weights.
    pub updates: u64,
    /// Mean error units of the pixels.
    pub error: f64,
    /// What copying the last frame would have given on the same frames.
    pub copy_error: f64,
    /// What training made small.
    pub loss: f64,
    /// Length of the last gradient.
    pub gradient_norm: f64,
    /// Mean of the last prediction.
    pub mean_a_hat0: f32,
    /// The learning rate.
    pub rate: f32,
    /// Frames a second since the start.
    pub frames_per_s: f64,
}

impl Row {
    /// Of a training as it stands.
    #[must_use]
    pub fn new(trainer: &Trainer, standing: &Standing<'_>) -> Self {
        let report = standing.report;
        let short = |value: f64| (value * 1e6).round() / 1e6;
        Self {
            frames: standing.frames,
            updates: trainer.progress().updates,
            error: short(report.error),
            copy_error: short(report.copy_error),
            loss: short(report.loss),
            gradient_norm: short(report.gradient_norm),
            mean_a_hat0: report.mean_prediction,
            rate: report.rate,
            frames_per_s: (standing.frames_per_s * 10.0).round() / 10.0,
        }
    }
}

/// A log that is being written.
pub struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Opens a log and drops the lines after `frames`, which will come again, and a last one that was cut off.
    ///
    /// # Errors
    /// [`Kind::Write`].
    pub fn open(path: &Path, frames: u64) -> Result<Self> {
        let old = std::fs::read_to_string(path).unwrap_or_default();
        let holds = |line: &&str| serde_json::from_str::<Row>(line).is_ok_and(|row| row.frames <= frames);
        let kept: String = old.lines().filter(holds).flat_map(|line| [line, "\n"]).collect();
        atomic::write(path, kept.as_bytes())?;
        let file = std::fs::OpenOptions::new().append(true).open(path);
        Ok(Self { file: file.map_err(|cause| cannot_write(path, &cause))?, path: path.to_path_buf() })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`Kind::Write`].
    pub fn write(&mut self, row: &Row) -> Result<()> {
        let line = serde_json::to_string(row).context(Kind::Internal, "a line of the log is no JSON")?;
        writeln!(self.file, "{line}").map_err(|cause| cannot_write(&self.path, &cause))
    }
}

/// The lines of a log that may be growing: a last one that is half written is left out; `None` where it cannot be read.
#[must_use]
pub fn read(path: &Path) -> Option<Vec<Row>> {
    if std::fs::metadata(path).ok()?.len() > MAX_LOG_BYTES {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let lines = bytes.split(|byte| *byte == b'\n');
    Some(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(frames: u64) -> Row {
        Row {
            frames,
            updates: 1,
            error: 0.1,
            copy_error: 0.2,
            loss: 0.1,
            gradient_norm: 1.0,
            mean_a_hat0: 0.4,
            rate: 1e-3,
            frames_per_s: 100.0,
        }
    }

    #[test]
    fn lines_after_the_checkpoint_are_dropped_and_so_is_half_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        let mut log = Log::open(&path, 0).unwrap();
        for frames in [100, 200, 300] {
            log.write(&row(frames)).unwrap();
        }
        drop(log);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"frames\": 150, \"upd");
        std::fs::write(&path, text).unwrap();
        Log::open(&path, 200).unwrap().write(&row(250)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let frames: Vec<u64> =
            text.lines().map(|line| serde_json::from_str::<Row>(line).unwrap().frames).collect();
        assert_eq!(frames, [100, 200, 250]);
    }
}
