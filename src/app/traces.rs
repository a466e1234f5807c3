//! The recording as curves: the last pass through the stimulus, thinned to what a screen can show.

use crate::readout::timecourse::Recording;

/// Most points of one curve; a panel is narrower than that.
const MOST_POINTS: usize = 1200;
/// A step back in time by less than this is jitter of the clock, not a new pass.
const SAME_PASS_S: f64 = 1e-6;

/// First row of the last pass: after the last place where time went back.
pub(crate) fn last_pass(time_s: &[f64]) -> usize {
    time_s.windows(2).rposition(|pair| pair[1] + SAME_PASS_S < pair[0]).map_or(0, |at| at + 1)
}

/// Rows whose time is not before `from_s`, from row `first` on; times must grow from there.
pub(crate) fn since(time_s: &[f64], first: usize, from_s: f64) -> usize {
    let pass = time_s.get(first..).unwrap_or_default();
    first + pass.partition_point(|&time| time < from_s)
}

/// The curve of one column from row `first` on: every row where there are few, smallest and largest of each
/// stretch where there are many. Values that are not finite are left out.
pub(crate) fn curve(recording: &Recording, column: &str, first: usize) -> Vec<[f64; 2]> {
    let Some(values) = recording.values.get(column) else { return Vec::new() };
    let rows = recording.time_s.iter().zip(values).skip(first);
    let points: Vec<[f64; 2]> =
        rows.filter(|(_, value)| value.is_finite()).map(|(&time, &value)| [time, f64::from(value)]).collect();
    thin(points)
}

fn thin(points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    if points.len() <= MOST_POINTS {
        return points;
    }
    let stretch = points.len().div_ceil(MOST_POINTS / 2);
    let mut thinned = Vec::with_capacity(MOST_POINTS + 2);
    for part in points.chunks(stretch) {
        let by_value = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
        let (Some(low), Some(high)) = (part.iter().min_by(by_value), part.iter().max_by(by_value)) else {
            continue;
        };
        let (first, second) = if low[0] <= high[0] { (low, high) } else { (high, low) };
        thinned.push(*first);
        if first != second {
            thinned.push(*second);
        }
    }
    thinned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pass_begins_where_time_went_back() {
        assert_eq!(last_pass(&[0.0, 0.1, 0.2, 0.0, 0.1]), 3);
        assert_eq!(last_pass(&[0.0, 0.1]), 0);
        assert_eq!(last_pass(&[]), 0);
        assert_eq!(since(&[9.0, 0.0, 1.0, 2.0], 1, 1.0), 2);
    }

    #[test]
    fn thinning_keeps_peaks_and_order() {
        let mut points: Vec<[f64; 2]> = (0..100_000).map(|i| [f64::from(i), 0.0]).collect();
        points[54_321][1] = 7.0;
        let thinned = thin(points);
        assert!(thinned.len() <= MOST_POINTS + 2);
        assert!(thinned.contains(&[54_321.0, 7.0]));
        assert!(thinned.windows(2).all(|pair| pair[0][0] < pair[1][0]));
    }

    #[test]
    fn gaps_are_left_out() {
        let mut recording = Recording::default();
        recording.append(0.0, 0, &[("e0".to_owned(), 1.0)]);
        recording.append(0.1, 1, &[("e0".to_owned(), f32::NAN)]);
        recording.append(0.2, 2, &[("e0".to_owned(), 3.0)]);
        assert_eq!(curve(&recording, "e0", 0), [[0.0, 1.0], [0.2, 3.0]]);
        assert!(curve(&recording, "none", 0).is_empty());
    }
}
