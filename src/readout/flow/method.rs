//! The two ways in which motion is found: everywhere, or at the corners that can be followed.

use super::{Dense, Field, Luma, Sparse, sparse, with_edges};
use crate::error::Result;

/// How motion between two pictures is found.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// At every pixel, to hundredths of a pixel.
    #[default]
    Dense,
    /// At corners alone, by the published protocol (Shi & Tomasi's corners, pyramidal Lucas-Kanade, motion above 0.4
    /// px discarded), as Watanabe et al. (2018) and later work on illusions of networks measured it.
    Corners,
}

impl Method {
    /// The motion. Of corners, all other pixels have none and no confidence.
    ///
    /// # Errors
    /// As [`super::dense()`] and [`sparse()`].
    pub fn field(self, from: &Luma, to: &Luma) -> Result<Field> {
        self.field_and_edges(from, to).map(|(field, _)| field)
    }

    /// The same, and the part that is across edges ([`with_edges`]); corners know no such part.
    ///
    /// # Errors
    /// As [`Method::field`].
    pub fn field_and_edges(self, from: &Luma, to: &Luma) -> Result<(Field, Field)> {
        if self == Self::Dense {
            return with_edges(from, to, &Dense::default());
        }
        let mut field = Field::still(from.size);
        for arrow in sparse(from, to, &Sparse::FREE)? {
            let at = arrow.row as usize * from.size.width as usize + arrow.column as usize;
            if let (Some(u), Some(v), Some(confidence)) =
                (field.u.get_mut(at), field.v.get_mut(at), field.confidence.get_mut(at))
            {
                (*u, *v, *confidence) = (arrow.u, arrow.v, 1.0);
            }
        }
        Ok((field, Field::still(from.size)))
    }
}
