//! From points to what is drawn: runs between gaps, thinned to what a page can show.

/// A stretch of points without gaps.
pub type Run = Vec<[f64; 2]>;

/// Cuts `points` where a value is not finite or x goes back (a stimulus that started again).
#[must_use]
pub fn runs(points: &[[f64; 2]]) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![Run::new()];
    let mut last_x = f64::NEG_INFINITY;
    for &[x, y] in points {
        let finite = x.is_finite() && y.is_finite();
        if (!finite || x < last_x) && runs.last().is_some_and(|run| !run.is_empty()) {
            runs.push(Run::new());
        }
        if finite {
            last_x = x;
            if let Some(run) = runs.last_mut() {
                run.push([x, y]);
            }
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Thins a run (x rising) to at most four points per column of width `column`: the first, the smallest, the
/// largest and the last, so that no peak is lost and the line looks the same.
#[must_use]
pub fn thin(run: &[[f64; 2]], column: f64) -> Run {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Run::new() };
    let columns = (last[0] - first[0]) / column;
    if !(columns.is_finite() && columns > 0.0 && run.len() as f64 > 4.0 * (columns + 1.0)) {
        return run.to_vec();
    }
    let place = |point: &[f64; 2]| ((point[0] - first[0]) / column) as usize;
    let mut thinned = Run::new();
    for bin in run.chunk_by(|a, b| place(a) == place(b)) {
        let extreme = |sign: f64| {
            (0..bin.len()).max_by(|&a, &b| (sign * bin[a][1]).total_cmp(&(sign * bin[b][1]))).unwrap_or(0)
        };
        let mut kept = [0, extreme(-1.0), extreme(1.0), bin.len() - 1];
        kept.sort_unstable();
        let mut before = None;
        for at in kept {
            if before.replace(at) != Some(at) {
                thinned.push(bin[at]);
            }
        }
    }
    thinned
}

/// Lower and upper edge of a band between gaps: `(x, low, high)`, thinned to the widest per column.
#[must_use]
pub fn bands(points: &[[f64; 2]], band: &[[f64; 2]], column: f64) -> Vec<Vec<[f64; 3]>> {
    let edge = |side: usize| -> Vec<[f64; 2]> {
        points
            .iter()
            .zip(band)
            .map(|(point, bounds)| {
                let known = bounds.iter().chain(point.first()).all(|value| value.is_finite());
                [point[0], if known { bounds[side] } else { f64::NAN }]
            })
            .collect()
    };
    let (lows, highs) = (runs(&edge(0)), runs(&edge(1)));
    lows.iter().zip(&highs).map(|(low, high)| widest(low, high, column)).collect()
}

fn widest(low: &[[f64; 2]], high: &[[f64; 2]], column: f64) -> Vec<[f64; 3]> {
    let joined: Vec<[f64; 3]> =
        low.iter().zip(high).map(|(l, h)| [l[0], l[1].min(h[1]), h[1].max(l[1])]).collect();
    let (Some(first), Some(last)) = (joined.first(), joined.last()) else { return Vec::new() };
    let columns = (last[0] - first[0]) / column;
    if !(columns.is_finite() && columns > 0.0 && joined.len() as f64 > 2.0 * (columns + 1.0)) {
        return joined;
    }
    let place = |point: &[f64; 3]| ((point[0] - first[0]) / column) as usize;
    let mut thinned = Vec::new();
    for bin in joined.chunk_by(|a, b| place(a) == place(b)) {
        let low = bin.iter().map(|p| p[1]).fold(f64::INFINITY, f64::min);
        let high = bin.iter().map(|p| p[2]).fold(f64::NEG_INFINITY, f64::max);
        let ends = [bin.first(), bin.last()];
        thinned.extend(ends.into_iter().flatten().map(|p| [p[0], low, high]));
    }
    thinned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_gaps_and_where_time_goes_back() {
        let nan = f64::NAN;
        let points = [[0.0, 1.0], [1.0, 2.0], [2.0, nan], [3.0, 4.0], [0.0, 5.0], [1.0, f64::INFINITY]];
        let runs = runs(&points);
        assert_eq!(runs, [vec![[0.0, 1.0], [1.0, 2.0]], vec![[3.0, 4.0]], vec![[0.0, 5.0]]]);
    }

    #[test]
    fn a_thinned_line_keeps_every_peak_and_its_ends() {
        let mut run: Run = (0..100_000).map(|i| [f64::from(i), f64::from(i % 7)]).collect();
        run[54_321][1] = 1000.0;
        run[54_400][1] = -1000.0;
        let thinned = thin(&run, 100.0);
        assert!(thinned.len() <= 4 * 1001 && thinned.len() > 1000);
        assert!(thinned.contains(&[54_321.0, 1000.0]) && thinned.contains(&[54_400.0, -1000.0]));
        assert_eq!((thinned.first(), thinned.last()), (run.first(), run.last()));
        assert!(thinned.windows(2).all(|w| w[0][0] < w[1][0]));
        assert_eq!(thin(&run[..50], 1.0), run[..50]);
    }

    #[test]
    fn a_band_ends_where_it_is_unknown() {
        let points = [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]];
        let cut = bands(&points, &[[0.5, 1.5], [f64::NAN, 1.5], [0.6, 1.4]], 0.1);
        assert_eq!(cut, [vec![[0.0, 0.5, 1.5]], vec![[2.0, 0.6, 1.4]]]);
    }
}
