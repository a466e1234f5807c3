//! The curves of a training that runs here: means over a few hundred equal stretches of it, so that the first minutes
//! show and the last do not burden.

use super::log::Row;
use super::trainer::Report;
use super::view::Point;

/// Stretches of a whole training.
const STRETCHES: u64 = 400;

/// Curves that grow.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    points: Vec<Point>,
    stretch: u64,
    sum: Point,
    count: u32,
}

impl Curve {
    /// Of a training of so many frames, of which these lines of the log are done.
    pub(super) fn new(rows: &[Row], all_frames: u64) -> Self {
        let stretch = (all_frames / STRETCHES).max(1);
        Self { points: rows.iter().map(point).collect(), stretch, sum: Point::default(), count: 0 }
    }

    /// Adds a batch, which ended after so many frames of the whole; `true` when there is a new point.
    pub(super) fn add(&mut self, frames: u64, batch: &Report) -> bool {
        self.sum.error += batch.error;
        self.sum.copy_error += batch.copy_error;
        self.count += 1;
        let last = self.points.last().map_or(0, |point| point.frames);
        if frames.saturating_sub(last) < self.stretch {
            return false;
        }
        let count = f64::from(self.count);
        self.points.push(Point {
            frames,
            error: self.sum.error / count,
            copy_error: self.sum.copy_error / count,
            rate: batch.rate,
        });
        (self.sum, self.count) = (Point::default(), 0);
        true
    }

    /// The points so far.
    pub(super) fn points(&self) -> &[Point] {
        &self.points
    }
}

/// A line of the log as a point.
pub(super) fn point(row: &Row) -> Point {
    Point { frames: row.frames, error: row.error, copy_error: row.copy_error, rate: row.rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_means_over_equal_stretches() {
        let mut curve = Curve::new(&[], 4000);
        let report = |error: f64| Report { error, copy_error: 2.0 * error, rate: 0.5, ..Report::default() };
        let new: Vec<bool> =
            (1..=6).map(|batch| curve.add(batch * 4, &report(f64::from(batch as u32)))).collect();
        assert_eq!(new, [false, false, true, false, false, true]);
        let first = Point { frames: 12, error: 2.0, copy_error: 4.0, rate: 0.5 };
        assert_eq!(curve.points(), [first, Point { frames: 24, error: 5.0, copy_error: 10.0, rate: 0.5 }]);
    }
}
