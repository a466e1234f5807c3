//! The table of who sees which illusion as a CSV file, written and read: what was measured before of the same weights and
//! the same picture and measure need not be measured again.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use super::gallery::Row;
use super::observer::Observer;
use super::verdict::{Finding, Sample, Verdict};
use crate::error::{Context as _, Error, Kind, Result};
use crate::model::weights::sha256_hex;
use crate::safety::limits::MAX_TABLE_BYTES;
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::measure::Measured;

/// Digits of a SHA-256 that the table holds.
pub const DIGITS: usize = 12;

/// First digits of the SHA-256 of all that a measurement of an illusion hangs on: its code, the field, the parameters'
/// defaults, the control and the measure. What its card tells people may be put better without a new measurement.
#[must_use]
pub fn fingerprint(illusion: &Illusion) -> String {
    let card = &illusion.card;
    let defaults: Vec<_> = card.params.iter().map(|param| (param.name.as_str(), param.default)).collect();
    let asked = serde_json::json!([illusion.code(), card.field_deg, defaults, card.control, card.measure]);
    sha256_hex(asked.to_string().as_bytes()).chars().take(DIGITS).collect()
}

/// The number of the illusion in the picture's own directions, and that of its mirror.
#[must_use]
pub fn shown_and_mirrored(row: &Row, finding: &Finding) -> (f64, f64) {
    (finding.mean.shown, turned(row.mirror_turns) * finding.mean.mirrored)
}

const fn turned(mirror_turns: bool) -> f64 {
    if mirror_turns { -1.0 } else { 1.0 }
}

/// The rows as a file.
#[must_use]
pub fn to_csv(rows: &[Row], device: &str) -> String {
    let mut text = format!("# percept {}, {device}\n", env!("CARGO_PKG_VERSION"));
    text.push_str(
        "illusion,text,network,weights,of,shown,mirrored,control,effect,interval95,least,verdict\n",
    );
    for row in rows {
        let weights: String = row.sha256.chars().take(DIGITS).collect();
        let Row { slug, text: fingerprint, model, .. } = row;
        let of = row.of.name();
        write!(text, "{slug},{fingerprint},{model},{weights},{of},").ok();
        let Some(finding) = row.finding else {
            text.push_str(",,,,,,\n");
            continue;
        };
        let (shown, mirrored) = shown_and_mirrored(row, &finding);
        let control = finding.mean.control;
        for number in [shown, mirrored, control, finding.effect, finding.interval, finding.least] {
            write!(text, "{number:.6},").ok();
        }
        writeln!(text, "{}", finding.verdict.name()).ok();
    }
    text
}

/// A line of such a file.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Line {
    /// The illusion's file name without ending.
    pub illusion: String,
    /// First digits of the SHA-256 of its text.
    pub text: String,
    /// The network's name.
    pub network: String,
    /// First digits of the SHA-256 of the network's weights; empty for rules and detectors.
    pub weights: String,
    /// What was measured.
    pub of: Measured,
    /// The number of the illusion, of its mirror and of its control.
    pub shown: Option<f64>,
    /// In the picture's own directions.
    pub mirrored: Option<f64>,
    /// Of the control that is not mirrored.
    pub control: Option<f64>,
    /// The number of the illusion minus that of its control.
    pub effect: Option<f64>,
    /// Half the width of its 95 % interval.
    pub interval95: Option<f64>,
    /// The smallest effect that counts.
    pub least: Option<f64>,
    /// What followed.
    pub verdict: Option<Verdict>,
}

/// The lines of a file that [`to_csv`] wrote.
///
/// # Errors
/// With the line that is wrong.
pub fn lines(text: &str) -> std::result::Result<Vec<Line>, csv::Error> {
    csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes()).deserialize().collect()
}

impl Line {
    fn finding(&self, mirror_turns: bool) -> Option<Finding> {
        let (shown, control, effect) = (self.shown?, self.control?, self.effect?);
        let mirrored = turned(mirror_turns) * self.mirrored?;
        // The control's mirror is not written down; the effect says what it was.
        let control_mirrored = shown + mirrored - 2.0 * effect - control;
        Some(Finding {
            mean: Sample { shown, mirrored, control, control_mirrored },
            effect,
            interval: self.interval95?,
            least: self.least?,
            verdict: self.verdict?,
        })
    }
}

/// What was measured earlier.
#[derive(Debug, Default)]
pub struct Earlier {
    /// By illusion and network.
    lines: HashMap<(String, String), Line>,
}

impl Earlier {
    /// Reads a file that [`to_csv`] wrote.
    ///
    /// # Errors
    /// [`Kind::Unreadable`], [`Kind::TooLarge`], and [`Kind::Damaged`] with the line that is wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let about = std::fs::metadata(path)
            .context(Kind::Unreadable, "the table cannot be read")
            .map_err(|e| e.at(path))?;
        if about.len() > MAX_TABLE_BYTES {
            let what = format!("{} bytes are no table of illusions", about.len());
            return Err(Error::new(Kind::TooLarge, what).at(path));
        }
        let text = std::fs::read_to_string(path)
            .context(Kind::Unreadable, "the table cannot be read")
            .map_err(|e| e.at(path))?;
        let lines =
            lines(&text).context(Kind::Damaged, "this is no table of illusions").map_err(|e| e.at(path))?;
        let lines =
            lines.into_iter().map(|line| ((line.illusion.clone(), line.network.clone()), line)).collect();
        Ok(Self { lines })
    }

    /// What it says of an illusion and somebody who watches, if both are still the same.
    #[must_use]
    pub fn row(&self, illusion: &Illusion, observer: &Observer) -> Option<Row> {
        let line = self.lines.get(&(illusion.slug.clone(), observer.name.clone()))?;
        let measure = illusion.card.measure.as_ref()?;
        let weights: String = observer.sha256.chars().take(DIGITS).collect();
        let same = line.text == fingerprint(illusion) && line.weights == weights && line.of == measure.of;
        same.then(|| {
            let row = Row::of(illusion, measure, observer);
            Row { finding: line.finding(row.mirror_turns), ..row }
        })
    }

    /// A row for everybody who watches: what it says where it still holds, and what `show` finds for the others.
    ///
    /// # Errors
    /// Those of `show`.
    pub fn complete(
        &self,
        illusion: &Illusion,
        observers: &mut [Observer],
        show: impl FnOnce(&mut [&mut Observer]) -> Result<Vec<Row>>,
    ) -> Result<Vec<Row>> {
        let mut rows: Vec<_> = observers.iter().map(|observer| self.row(illusion, observer)).collect();
        let unknown = observers.iter_mut().zip(&rows).filter(|(_, row)| row.is_none());
        let mut unknown: Vec<_> = unknown.map(|(observer, _)| observer).collect();
        if !unknown.is_empty() {
            let mut found = show(&mut unknown)?.into_iter();
            rows.iter_mut().filter(|row| row.is_none()).for_each(|row| *row = found.next());
        }
        Ok(rows.into_iter().flatten().collect())
    }
}
