//! The curves of a training that runs here: fine at first, so that the first minutes show; then the lines of the log, and
//! where it stands since the last of them.

use super::log::Row;
use super::run::{LOGGED_FRAMES, Standing};
use super::view::Point;

/// Points before the first line of the log.
const FINE: u64 = 40;
/// Part of the frames between two lines after which there is a mean worth showing.
const WORTH: u64 = 8;

/// Curves that grow.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    points: Vec<Point>,
    /// Frames between fine points; `None` once the log has a line.
    fine: Option<u64>,
    sum: Point,
    count: u32,
    since: Option<Point>,
}

impl Curve {
    /// Of a training of so many frames, of which these lines of the log are done.
    pub(super) fn new(rows: &[Row], all_frames: u64) -> Self {
        let fine = (LOGGED_FRAMES.min(all_frames) / FINE).max(1);
        Self {
            points: rows.iter().map(point).collect(),
            fine: rows.is_empty().then_some(fine),
            sum: Point::default(),
            count: 0,
            since: None,
        }
    }

    /// Adds a batch.
    pub(super) fn add(&mut self, standing: &Standing<'_>) {
        let last = self.points.last().map_or(0, |point| point.frames);
        let new = standing.frames.saturating_sub(last);
        if let Some(fine) = self.fine {
            self.sum.error += standing.batch.error;
            self.sum.copy_error += standing.batch.copy_error;
            self.count += 1;
            if new >= fine || standing.row.is_some() {
                self.end_stretch(standing);
            }
            // What the first line says is told already.
            self.fine = self.fine.filter(|_| standing.row.is_none());
        } else if let Some(row) = &standing.row {
            self.points.push(point(row));
            self.since = None;
        } else if new >= LOGGED_FRAMES / WORTH {
            let (frames, report) = (standing.frames, &standing.report);
            let (error, copy_error, rate) = (report.error, report.copy_error, report.rate);
            self.since = Some(Point { frames, error, copy_error, rate });
        }
    }

    fn end_stretch(&mut self, standing: &Standing<'_>) {
        let count = f64::from(self.count);
        self.points.push(Point {
            frames: standing.frames,
            error: self.sum.error / count,
            copy_error: self.sum.copy_error / count,
            rate: standing.batch.rate,
        });
        (self.sum, self.count) = (Point::default(), 0);
    }

    /// The points so far.
    pub(super) fn points(&self) -> Vec<Point> {
        self.points.iter().chain(&self.since).copied().collect()
    }
}

/// A line of the log as a point.
pub(super) fn point(row: &Row) -> Point {
    Point { frames: row.frames, error: row.error, copy_error: row.copy_error, rate: row.rate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::trainer::Report;

    fn row(frames: u64, error: f64) -> Row {
        Row {
            frames,
            updates: 1,
            error,
            copy_error: 2.0 * error,
            loss: error,
            gradient_norm: 1.0,
            mean_a_hat0: 0.4,
            rate: 0.5,
            frames_per_s: 10.0,
        }
    }

    fn standing(frames: u64, error: f64, row: Option<Row>) -> Standing<'static> {
        let batch = Report { error, copy_error: 2.0 * error, rate: 0.5, ..Report::default() };
        Standing {
            frames,
            all_frames: 10_000,
            frames_per_s: 1.0,
            report: batch,
            batch,
            row,
            warning: None,
            moment: None,
            saved: false,
        }
    }

    fn made(curve: &Curve) -> Vec<(u64, f64)> {
        curve.points().iter().map(|point| (point.frames, point.error)).collect()
    }

    #[test]
    fn points_are_fine_until_the_log_has_a_line_and_then_its_lines() {
        let mut curve = Curve::new(&[], 10_000);
        for (frames, error) in [(60, 1.0), (120, 3.0), (180, 5.0)] {
            curve.add(&standing(frames, error, None));
        }
        assert_eq!(made(&curve), [(120, 2.0)], "a mean over a hundred frames or a little more");
        curve.add(&standing(4000, 7.0, Some(row(4000, 4.0))));
        assert_eq!(made(&curve), [(120, 2.0), (4000, 6.0)]);
        curve.add(&standing(4040, 8.0, None));
        assert_eq!(made(&curve).len(), 2, "the mean of one batch is not worth showing");
        curve.add(&standing(5000, 9.0, None));
        assert_eq!(made(&curve).last(), Some(&(5000, 9.0)));
        curve.add(&standing(8000, 9.5, Some(row(8000, 8.5))));
        assert_eq!(made(&curve), [(120, 2.0), (4000, 6.0), (8000, 8.5)]);
    }

    #[test]
    fn one_that_is_resumed_goes_on_with_lines() {
        let mut curve = Curve::new(&[row(4000, 1.0)], 10_000);
        curve.add(&standing(4600, 0.5, None));
        curve.add(&standing(4700, 0.4, None));
        assert_eq!(made(&curve), [(4000, 1.0), (4700, 0.4)]);
        assert_eq!(curve.points()[0].copy_error, 2.0);
    }
}
