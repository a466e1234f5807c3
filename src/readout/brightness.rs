//! How much brighter a picture is under one mask than under another, in % of its range.

use crate::error::{Error, Kind, Result};

/// Means under two masks, and what lies between them.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Brightness {
    /// Mean under the first mask, in the picture's own unit.
    pub x: f64,
    /// Mean under the second.
    pub y: f64,
    /// The first minus the second, % of the range; above 0 the first is brighter.
    pub difference_percent: f64,
}

/// Compares a picture (or any map with one value a pixel) under two masks, whose values weigh the pixels.
/// `range` is what counts as 100 %: from 0 to 1 for what a network was given or answered.
///
/// # Errors
/// [`Kind::Mismatch`] for masks of another size or a range that is none, [`Kind::Empty`] for a mask with nothing
/// in it, [`Kind::NotFinite`] for a mean that is no number.
pub fn brightness(values: &[f32], x: &[f32], y: &[f32], range: (f64, f64)) -> Result<Brightness> {
    let span = range.1 - range.0;
    if !(span.is_finite() && span > 0.0) {
        let what = format!("brightness in % of a range from {} to {}", range.0, range.1);
        return Err(Error::new(Kind::Mismatch, what).advise("Give the lower end first"));
    }
    let (x, y) = (mean_under(values, x)?, mean_under(values, y)?);
    Ok(Brightness { x, y, difference_percent: 100.0 * (x - y) / span })
}

/// Mean of values weighted by a mask.
///
/// # Errors
/// As [`brightness`].
pub fn mean_under(values: &[f32], mask: &[f32]) -> Result<f64> {
    if values.len() != mask.len() {
        let what = format!("a mask of {} pixels over a picture of {}", mask.len(), values.len());
        return Err(Error::new(Kind::Mismatch, what));
    }
    let (mut sum, mut total) = (0.0, 0.0);
    for (value, weight) in values.iter().zip(mask).filter(|(_, weight)| **weight != 0.0) {
        sum += f64::from(*value) * f64::from(*weight);
        total += f64::from(*weight);
    }
    if total <= 0.0 {
        return Err(Error::new(Kind::Empty, "the mask holds no pixel"));
    }
    let mean = sum / total;
    let not_finite =
        || Error::new(Kind::NotFinite, "the picture has values under the mask that are no numbers");
    mean.is_finite().then_some(mean).ok_or_else(not_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_in_percent_of_the_range() {
        let values = [0.2, 0.4, 0.6, f32::NAN];
        let found = brightness(&values, &[0.0, 1.0, 1.0, 0.0], &[1.0, 0.0, 0.0, 0.0], (0.0, 1.0)).unwrap();
        assert!((found.x - 0.5).abs() < 1e-6 && (found.difference_percent - 30.0).abs() < 1e-5);
        let swapped = brightness(&values, &[1.0, 0.0, 0.0, 0.0], &[0.0, 1.0, 1.0, 0.0], (-1.0, 1.0)).unwrap();
        assert!((swapped.difference_percent + 15.0).abs() < 1e-5);
    }

    #[test]
    fn masks_weigh() {
        assert!((mean_under(&[1.0, 0.0], &[3.0, 1.0]).unwrap() - 0.75).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_answer_is_an_error() {
        let kind = |result: Result<f64>| result.unwrap_err().kind;
        assert_eq!(kind(mean_under(&[1.0], &[0.0])), Kind::Empty);
        assert_eq!(kind(mean_under(&[1.0], &[1.0, 1.0])), Kind::Mismatch);
        assert_eq!(kind(mean_under(&[f32::INFINITY], &[1.0])), Kind::NotFinite);
        assert_eq!(brightness(&[1.0], &[1.0], &[1.0], (1.0, 1.0)).unwrap_err().kind, Kind::Mismatch);
    }
}
