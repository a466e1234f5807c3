//! How a response begins and whether it lasts: latency, peak and transience of a time course.

use crate::error::{Error, Kind, Result};

/// A response to an onset. Values are differences from the mean before it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Response {
    /// Mean before the onset (the value at it where nothing came before), in the course's own unit.
    pub baseline: f64,
    /// The largest difference in the window; below 0 for a response that is a decrease.
    pub peak: f64,
    /// Seconds from the onset to the peak.
    pub peak_s: f64,
    /// Seconds from the onset to where half the peak is first crossed, linearly between rows.
    pub latency_s: f64,
    /// Mean difference over the last quarter of the window.
    pub sustained: f64,
    /// (peak - sustained) / (peak + sustained): 0 for a response that stays, 1 for one that is gone, or has turned
    /// round, at the end of the window.
    pub transience: f64,
}

/// The response to an onset at `onset_s` within `window_s` after it; `None` for a course that does not change.
/// Rows must be in order of time; those that are no numbers are left out.
///
/// # Errors
/// [`Kind::Mismatch`] for columns of different lengths, a time that runs backwards or a window that is none,
/// [`Kind::Empty`] for a window with fewer than two rows.
pub fn response(time_s: &[f64], values: &[f32], onset_s: f64, window_s: f64) -> Result<Option<Response>> {
    let wrong = |what: &str| Err(Error::new(Kind::Mismatch, format!("a time course {what}")));
    if time_s.len() != values.len() {
        return wrong(&format!("of {} times and {} values", time_s.len(), values.len()));
    }
    if !time_s.is_sorted() {
        return wrong("whose time runs backwards");
    }
    if !(window_s > 0.0 && window_s.is_finite() && onset_s.is_finite()) {
        return wrong(&format!("with an onset at {onset_s} s and a window of {window_s} s"));
    }
    let rows: Vec<(f64, f64)> = time_s
        .iter()
        .zip(values)
        .map(|(t, v)| (t - onset_s, f64::from(*v)))
        .filter(|(_, v)| v.is_finite())
        .collect();
    let (before, rest) = rows.split_at(rows.partition_point(|(t, _)| *t < 0.0));
    let after = rest.get(..rest.partition_point(|(t, _)| *t <= window_s)).unwrap_or_default();
    let (Some(first), true) = (after.first(), after.len() > 1) else {
        let what = format!("fewer than two rows in the {window_s} s after the onset at {onset_s} s");
        return Err(Error::new(Kind::Empty, what).advise("Record for longer, or choose another onset"));
    };
    let mean = |rows: &[(f64, f64)]| rows.iter().map(|(_, v)| v).sum::<f64>() / rows.len() as f64;
    let baseline = if before.is_empty() { first.1 } else { mean(before) };
    // backwards, since the last of equals is taken
    let largest = after.iter().rev().max_by(|a, b| (a.1 - baseline).abs().total_cmp(&(b.1 - baseline).abs()));
    let Some((peak_s, peak)) = largest.map(|(t, v)| (*t, v - baseline)).filter(|(_, peak)| *peak != 0.0)
    else {
        return Ok(None);
    };
    let late =
        after.get(after.partition_point(|(t, _)| *t < 0.75 * window_s)..).filter(|rows| !rows.is_empty());
    let sustained = mean(late.unwrap_or(&after[after.len() - 1..])) - baseline;
    // what is left of the peak, 1 for all of it
    let left = (sustained / peak).max(0.0);
    let start = before.last().map_or((0.0, 0.0), |(t, v)| (*t, (v - baseline) / peak));
    let crossed = crossing(start, after.iter().map(|(t, v)| (*t, (v - baseline) / peak)));
    Ok(Some(Response {
        baseline,
        peak,
        peak_s,
        latency_s: crossed.unwrap_or(peak_s),
        sustained,
        transience: (1.0 - left) / (1.0 + left),
    }))
}

/// When a half is first reached, not before time 0.
fn crossing(mut last: (f64, f64), rows: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    for (t, share) in rows {
        if share >= 0.5 {
            let rise = share - last.1;
            let part = if rise > 0.0 { ((0.5 - last.1) / rise).clamp(0.0, 1.0) } else { 1.0 };
            return Some((last.0 + part * (t - last.0)).max(0.0));
        }
        last = (t, share);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten rows a second from -1 s.
    fn course(value: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f32>) {
        (0..41).map(|i| f64::from(i) * 0.1 - 1.0).map(|t| (t, value(t) as f32)).unzip()
    }

    fn of(value: impl Fn(f64) -> f64) -> Response {
        let (time_s, values) = course(value);
        response(&time_s, &values, 0.0, 2.0).unwrap().unwrap()
    }

    #[test]
    fn a_ramp_that_stays_has_half_its_rise_as_latency_and_no_transience() {
        let found = of(|t| 3.0 + 2.0 * (t / 0.5).clamp(0.0, 1.0));
        assert!((found.baseline - 3.0).abs() < 1e-6 && (found.peak - 2.0).abs() < 1e-6);
        assert!((found.latency_s - 0.25).abs() < 1e-6 && (found.peak_s - 0.5).abs() < 1e-6);
        assert!(found.transience.abs() < 1e-6);
    }

    #[test]
    fn a_pulse_is_transient_and_a_third_left_is_one_half() {
        assert_eq!(of(|t| f64::from(u8::from((0.15..0.55).contains(&t)))).transience, 1.0);
        let third = of(|t| {
            if t < 0.0 {
                0.0
            } else if t < 0.5 {
                0.9
            } else {
                0.3
            }
        });
        assert!((third.transience - 0.5).abs() < 1e-6 && (third.sustained - 0.3).abs() < 1e-6);
        let turned = of(|t| {
            if t < 0.0 {
                0.0
            } else if t < 0.5 {
                0.9
            } else {
                -0.3
            }
        });
        assert_eq!(turned.transience, 1.0);
    }

    #[test]
    fn a_decrease_is_a_response_too() {
        let found = of(|t| 1.0 - 0.5 * (t / 0.4).clamp(0.0, 1.0));
        assert!((found.peak + 0.5).abs() < 1e-6 && (found.latency_s - 0.2).abs() < 1e-6);
    }

    #[test]
    fn what_is_no_number_is_left_out_and_no_change_is_no_response() {
        let (time_s, mut values) = course(|t| f64::from(u8::from(t > 0.05)));
        values[3] = f32::NAN;
        let found = response(&time_s, &values, 0.0, 2.0).unwrap().unwrap();
        assert!((found.peak - 1.0).abs() < 1e-6 && (found.latency_s - 0.05).abs() < 1e-6);
        let (time_s, values) = course(|_| 4.0);
        assert_eq!(response(&time_s, &values, 0.0, 2.0).unwrap(), None);
    }

    #[test]
    fn what_has_no_answer_is_an_error() {
        let (mut time_s, values) = course(|t| t);
        let kind = |time_s: &[f64], onset_s: f64, window_s: f64| {
            response(time_s, &values, onset_s, window_s).unwrap_err().kind
        };
        assert_eq!(kind(&time_s, 9.0, 1.0), Kind::Empty);
        assert_eq!(kind(&time_s, 0.0, 0.05), Kind::Empty);
        assert_eq!(kind(&time_s, 0.0, -1.0), Kind::Mismatch);
        assert_eq!(kind(&time_s[1..], 0.0, 1.0), Kind::Mismatch);
        time_s.swap(0, 1);
        assert_eq!(kind(&time_s, 0.0, 1.0), Kind::Mismatch);
    }
}
