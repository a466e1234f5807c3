//! Motion between two pictures, in px: a dense field to a few hundredths of a pixel, the arrows of the published
//! protocol, and the rates (drift, turning, growth) that either comes to.
//!
//! Columns count to the right and rows down, whole numbers at the middles of pixels, but motion is given as on
//! paper: `u` to the right and `v` UP, angles counter-clockwise from the right.

pub mod dense;
mod method;
pub(crate) mod pyramid;
pub mod rates;
pub mod sparse;

pub use dense::{Dense, dense, dense_with, with_edges};
pub use method::Method;
pub use rates::{Rate, expansion, rotation, translation};
pub use sparse::{Arrow, Sparse, sparse};

use crate::error::{Error, Kind, Result};
use crate::frame::NetworkFrame;
use crate::units::PixelSize;

/// The shortest side of a picture in which motion can be measured, px.
pub const SHORTEST_SIDE: u32 = 8;

/// A grey picture: luma (ITU-R BT.601) of sRGB-coded values.
#[derive(Clone, Debug, PartialEq)]
pub struct Luma {
    /// Columns and rows.
    pub size: PixelSize,
    /// `size.area()` values, rows from the top; 0..1 where the picture is.
    pub values: Vec<f32>,
}

impl Luma {
    /// A grey picture of these values.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when they are not as many as the pixels.
    pub fn new(size: PixelSize, values: Vec<f32>) -> Result<Self> {
        if values.len() != size.area() {
            let what = format!("{} values are no grey picture of {size} pixels", values.len());
            return Err(Error::new(Kind::Mismatch, what));
        }
        Ok(Self { size, values })
    }

    /// The luma of planar values: three planes, or one that is grey already.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when they are neither.
    pub fn of_planes(size: PixelSize, planes: &[f32]) -> Result<Self> {
        let area = size.area();
        if planes.len() != 3 * area {
            return Self::new(size, planes.to_vec());
        }
        let (red, rest) = planes.split_at(area);
        let (green, blue) = rest.split_at(area);
        let each = red.iter().zip(green).zip(blue);
        Self::new(size, each.map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect())
    }

    /// The luma of what a network was given or answered.
    ///
    /// # Errors
    /// As [`Luma::of_planes`].
    pub fn of(frame: &NetworkFrame) -> Result<Self> {
        Self::of_planes(frame.size, &frame.planes)
    }

    /// The picture seen in a mirror that stands beside it: left and right change places.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.values.chunks_exact(self.size.width.max(1) as usize);
        Self { size: self.size, values: rows.flat_map(|row| row.iter().rev().copied()).collect() }
    }
}

/// Motion at every pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Columns and rows.
    pub size: PixelSize,
    /// Motion to the right; px from one picture to the other where the field is a flow.
    pub u: Vec<f32>,
    /// Motion UP, in the same unit.
    pub v: Vec<f32>,
    /// How far `u` and `v` can be believed: 0 (not at all) to 1.
    pub confidence: Vec<f32>,
}

impl Field {
    /// No motion, and no confidence in it.
    #[must_use]
    pub fn still(size: PixelSize) -> Self {
        let zeros = vec![0.0; size.area()];
        Self { size, u: zeros.clone(), v: zeros.clone(), confidence: zeros }
    }

    /// Mean size of the motion, weighted by its confidence; 0 where there is none.
    #[must_use]
    pub fn mean_size(&self) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        for ((u, v), weight) in self.u.iter().zip(&self.v).zip(&self.confidence) {
            sum += f64::from(weight * u.hypot(*v));
            total += f64::from(*weight);
        }
        if total > 0.0 { sum / total } else { 0.0 }
    }

    /// Adds another of the same size to a sum that [`Field::averaged`] makes a mean, by its confidence.
    pub(crate) fn add(&mut self, other: &Self) {
        for (at, confidence) in other.confidence.iter().enumerate() {
            self.u[at] += confidence * other.u[at];
            self.v[at] += confidence * other.v[at];
            self.confidence[at] += confidence;
        }
    }

    /// The mean of so many that were added up from [`Field::still`].
    #[must_use]
    pub(crate) fn averaged(&self, count: usize) -> Self {
        let mut mean = self.clone();
        for at in 0..mean.confidence.len() {
            let weight = mean.confidence[at].max(f32::MIN_POSITIVE);
            mean.u[at] /= weight;
            mean.v[at] /= weight;
            mean.confidence[at] /= count.max(1) as f32;
        }
        mean
    }
}

/// The middle of a picture: column and row.
#[must_use]
pub fn middle(size: PixelSize) -> [f64; 2] {
    [size.width, size.height].map(|side| (f64::from(side) - 1.0) / 2.0)
}

/// What cannot be compared, or is too small to.
fn comparable(from: &Luma, to: &Luma) -> Result<()> {
    for picture in [from, to] {
        let size = picture.size;
        if size != from.size || picture.values.len() != size.area() {
            let what = format!("motion between pictures of {} and {size} pixels", from.size);
            return Err(Error::new(Kind::Mismatch, what).advise("Give two whole pictures of one size"));
        }
        if size.width.min(size.height) < SHORTEST_SIDE {
            let what = format!("a picture of {size} pixels is too small to measure motion in");
            return Err(Error::new(Kind::Mismatch, what)
                .advise(format!("Give pictures of {SHORTEST_SIDE} pixels or more a side")));
        }
        if picture.values.iter().any(|value| !value.is_finite()) {
            return Err(Error::new(
                Kind::NotFinite,
                "a picture to measure motion in has values that are no numbers",
            ));
        }
    }
    Ok(())
}
