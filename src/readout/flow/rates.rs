//! What a field of motion comes to: drift in a direction, turning and growing about a place, each with its 95 %
//! interval.
//!
//! Each is a weighted least-squares fit of one number (turning and growing do not disturb each other, pixel by
//! pixel). Neighbouring pixels share a window and are not independent, so the interval comes from leaving out one
//! tile of a grid after the other (delete-one jackknife, Efron & Tibshirani 1993, chapter 11) and Student's t, with
//! tiles of two sizes, of which the wider interval counts: coarse levels of a pyramid reach beyond a small tile.

use super::Field;
use crate::error::{Error, Kind, Result};

/// Columns and rows of the finer grid of tiles that are left out one by one; the other has half as many.
pub const TILES: usize = 6;

/// One number with its interval.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Rate {
    /// The estimate; NaN where nothing in the mask moved visibly (no confidence).
    pub value: f64,
    /// Lower end of the 95 % interval; NaN where fewer than two tiles hold anything.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Sum of confidence times mask: as many fully believed pixels.
    pub weight: f64,
}

impl Rate {
    /// Whether there is a number at all.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.value.is_finite()
    }

    /// Whether the interval leaves out zero.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// The same in another unit.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let [a, b] = [self.low, self.high].map(|end| end * factor);
        let (low, high) = if factor < 0.0 { (b, a) } else { (a, b) };
        Self { value: self.value * factor, low, high, weight: self.weight }
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        let [value, low, high] = [self.value, self.low, self.high].map(change);
        Self { value, low, high, weight: self.weight }
    }
}

/// Drift along a direction (degrees counter-clockwise from the right), in the field's unit (px per frame).
/// `mask` weighs the pixels, all alike without it.
///
/// # Errors
/// [`Kind::Mismatch`] for a mask or a field that does not have one value a pixel.
pub fn translation(field: &Field, mask: Option<&[f32]>, direction_deg: f64) -> Result<Rate> {
    let (sin, cos) = direction_deg.to_radians().sin_cos();
    ratio(field, mask, |at| (at.u * cos + at.v * sin, 1.0))
}

/// Turning about `centre_px` (column and row), degrees per frame, counter-clockwise; of a flow, which lives half
/// way, exactly: what turns rigidly by w moves 2 tan(w/2) times its distance half way.
///
/// # Errors
/// As [`translation`].
pub fn rotation(field: &Field, mask: Option<&[f32]>, centre_px: [f64; 2]) -> Result<Rate> {
    let rate = ratio(field, mask, |at| {
        let (x, y) = at.about(centre_px);
        (x * at.v - y * at.u, x * x + y * y)
    })?;
    Ok(rate.map(|per_px| (2.0 * (per_px / 2.0).atan()).to_degrees()))
}

/// Growing about `centre_px` (column and row): natural logarithm of the scale per frame, so that 0.01 is 1.005 %
/// larger and shrinking back is -0.01; of a flow, which lives half way, exactly.
///
/// # Errors
/// As [`translation`].
pub fn expansion(field: &Field, mask: Option<&[f32]>, centre_px: [f64; 2]) -> Result<Rate> {
    let rate = ratio(field, mask, |at| {
        let (x, y) = at.about(centre_px);
        (x * at.u + y * at.v, x * x + y * y)
    })?;
    Ok(rate.map(|per_px| 2.0 * (per_px / 2.0).clamp(-0.999, 0.999).atanh()))
}

/// Motion at a place.
struct Place {
    column: f64,
    row: f64,
    u: f64,
    v: f64,
}

impl Place {
    /// Right and up from the centre.
    fn about(&self, centre: [f64; 2]) -> (f64, f64) {
        (self.column - centre[0], centre[1] - self.row)
    }
}

/// Sums over one tile: above and below the line, and the weights alone.
#[derive(Clone, Copy, Debug, Default)]
struct Tile {
    above: f64,
    below: f64,
    weight: f64,
}

/// Sum of weighted numerators over sum of weighted denominators, with its interval.
fn ratio(field: &Field, mask: Option<&[f32]>, part: impl Fn(&Place) -> (f64, f64)) -> Result<Rate> {
    let (width, height) = (field.size.width as usize, field.size.height as usize);
    let area = width * height;
    let lengths = [field.u.len(), field.v.len(), field.confidence.len(), mask.map_or(area, <[f32]>::len)];
    if lengths.iter().any(|length| *length != area) {
        let what = format!("motion or its mask does not have one value for each of {} pixels", field.size);
        return Err(Error::new(Kind::Mismatch, what));
    }
    let mut tiles = [Tile::default(); TILES * TILES];
    let mut large = [Tile::default(); TILES / 2 * (TILES / 2)];
    for at in 0..area {
        let (column, row) = (at % width, at / width);
        let weight = f64::from(field.confidence[at] * mask.map_or(1.0, |mask| mask[at]));
        let (u, v) = (f64::from(field.u[at]), f64::from(field.v[at]));
        let (above, below) = part(&Place { column: column as f64, row: row as f64, u, v });
        let (tile_row, tile_column) = (row * TILES / height, column * TILES / width);
        for sum in [
            &mut tiles[tile_row * TILES + tile_column],
            &mut large[tile_row / 2 * (TILES / 2) + tile_column / 2],
        ] {
            sum.above += weight * above;
            sum.below += weight * below;
            sum.weight += weight;
        }
    }
    let (small, large) = (jackknife(&tiles), jackknife(&large));
    // A comparison with NaN is false: where only one grid has an interval, it is that one.
    let wider = large.high - large.low > small.high - small.low || !small.high.is_finite();
    Ok(if wider { large } else { small })
}

fn jackknife(tiles: &[Tile]) -> Rate {
    let total = tiles.iter().fold(Tile::default(), |sum, tile| Tile {
        above: sum.above + tile.above,
        below: sum.below + tile.below,
        weight: sum.weight + tile.weight,
    });
    let unknown = Rate { value: f64::NAN, low: f64::NAN, high: f64::NAN, weight: total.weight };
    if total.below <= f64::EPSILON {
        return unknown;
    }
    let value = total.above / total.below;
    // A tile that holds nothing tells nothing; one that holds everything cannot be left out.
    let held = tiles.iter().filter(|tile| tile.below > 1e-6 * total.below);
    let rest = held.filter(|tile| total.below - tile.below > 1e-6 * total.below);
    let without: Vec<f64> =
        rest.map(|tile| (total.above - tile.above) / (total.below - tile.below)).collect();
    let count = without.len() as f64;
    if count < 2.0 {
        return Rate { value, ..unknown };
    }
    let mean = without.iter().sum::<f64>() / count;
    let squares: f64 = without.iter().map(|one| (one - mean).powi(2)).sum();
    let reach = student(count - 1.0) * ((count - 1.0) / count * squares).sqrt();
    Rate { value, low: value - reach, high: value + reach, ..unknown }
}

/// 97.5 % quantile of Student's t: from a table up to 3 degrees of freedom, else within 0.5 % (Cornish-Fisher).
fn student(freedom: f64) -> f64 {
    if let Some(exact) = [12.706, 12.706, 4.303, 3.182].get(freedom.round() as usize) {
        return *exact;
    }
    let (z, n) = (1.959_964_f64, freedom);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readout::flow::middle;
    use crate::units::PixelSize;

    /// A field that is `motion(x, y)`, x to the right and y up from the middle.
    fn field(motion: impl Fn(f64, f64) -> (f64, f64)) -> Field {
        let size = PixelSize::new(60, 48);
        let centre = middle(size);
        let each =
            (0..size.area()).map(|at| motion((at % 60) as f64 - centre[0], centre[1] - (at / 60) as f64));
        let (u, v) = each.map(|(u, v)| (u as f32, v as f32)).unzip();
        Field { size, u, v, confidence: vec![1.0; size.area()] }
    }

    #[test]
    fn rigid_motions_are_themselves_and_none_of_the_others() {
        let degree = 2.0 * (0.5_f64.to_radians()).tan();
        let turning = field(|x, y| (-degree * y, degree * x));
        let centre = middle(turning.size);
        let rate = rotation(&turning, None, centre).unwrap();
        assert!((rate.value - 1.0).abs() < 1e-6 && rate.is_significant() && rate.high - rate.low < 1e-6);
        assert!(expansion(&turning, None, centre).unwrap().value.abs() < 1e-9);
        assert!(translation(&turning, None, 30.0).unwrap().value.abs() < 1e-6);
        let growing = field(|x, y| (0.02 * x, 0.02 * y));
        let scale = (1.0 + 0.01) / (1.0 - 0.01_f64);
        assert!((expansion(&growing, None, centre).unwrap().value - scale.ln()).abs() < 1e-6);
        let drifting = field(|_, _| (0.3, 0.4));
        let along = 0.4_f64.atan2(0.3).to_degrees();
        assert!((translation(&drifting, None, along).unwrap().value - 0.5).abs() < 1e-6);
        assert!((translation(&drifting, None, along + 180.0).unwrap().value + 0.5).abs() < 1e-6);
        assert!(translation(&drifting, None, along + 90.0).unwrap().value.abs() < 1e-6);
    }

    #[test]
    fn what_the_mask_or_the_confidence_leaves_out_does_not_count() {
        let mut halves = field(|x, _| (if x < 0.0 { -1.0 } else { 2.0 }, 0.0));
        let left: Vec<f32> = (0..halves.size.area()).map(|at| f32::from(u8::from(at % 60 < 30))).collect();
        assert_eq!(translation(&halves, Some(&left), 0.0).unwrap().value, -1.0);
        assert_eq!(translation(&halves, None, 0.0).unwrap().value, 0.5);
        halves.confidence.clone_from(&left);
        assert_eq!(translation(&halves, None, 0.0).unwrap().value, -1.0);
        assert_eq!(translation(&halves, None, 0.0).unwrap().weight, 30.0 * 48.0);
        halves.confidence.fill(0.0);
        let unknown = translation(&halves, None, 0.0).unwrap();
        assert!(!unknown.is_known() && !unknown.is_significant());
        assert!(translation(&halves, Some(&left[1..]), 0.0).is_err());
    }

    #[test]
    fn the_interval_is_that_of_the_mean_of_independent_tiles() {
        // 36 tiles of equal weight: the jackknife of a mean is its standard error
        let values: Vec<f64> = (0..36).map(|i| f64::from((i * 7) % 36)).collect();
        let tiles: Vec<Tile> =
            values.iter().map(|v| Tile { above: 80.0 * v, below: 80.0, weight: 80.0 }).collect();
        let mean = values.iter().sum::<f64>() / 36.0;
        let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 35.0 / 36.0).sqrt();
        let rate = jackknife(&tiles);
        assert!((rate.value - 17.5).abs() < 1e-9);
        assert!((rate.high - rate.value - 2.0301 * error).abs() < 1e-3 * error);
        assert!((student(10.0) - 2.228).abs() < 2e-3 && (student(4.0) - 2.776).abs() < 1.4e-2);
    }

    #[test]
    fn another_unit_keeps_the_ends_in_order() {
        let rate = Rate { value: 1.0, low: -1.0, high: 2.0, weight: 3.0 };
        assert_eq!(rate.times(-2.0), Rate { value: -2.0, low: -4.0, high: 2.0, weight: 3.0 });
    }
}
