//! A second network beside the first. It looks at the very same frames, in the same steps; what it expects is
//! compared with what the first expects.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::looker::{Looker, Question, Seen};
use super::stage::Kit;
use crate::error::{Error, Kind, Result};
use crate::model::prednet::luma;
use crate::model::{Lesion, ModelCard, Probe};
use crate::readout::{ProbeStats, Unit};
use crate::units::PixelSize;

/// Before the names of the second network's columns in a recording: `second_e0`, `second_mse_prediction`.
pub const PREFIX: &str = "second_";

/// The name by which the map of the difference is saved.
pub const DIFFERENCE: &str = "difference";

/// Which network a map is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The first, A.
    #[default]
    First,
    /// The second, B.
    Second,
    /// The prediction of A minus that of B, whichever probe is named.
    Difference,
}

/// What is shown of the second network.
#[derive(Clone, Debug)]
pub struct Second {
    /// Its card.
    pub model: Arc<ModelCard>,
    /// The name or file that it was loaded by.
    pub model_source: String,
    /// Its probes.
    pub probes: Arc<Vec<Probe>>,
    /// One row per probe.
    pub stats: Vec<ProbeStats>,
    /// Mean squared error of its prediction and of copying the last frame, in this step.
    pub squared_error: Option<(f32, f32)>,
    /// Its lesions and their switches.
    pub lesions: Vec<Lesion>,
    /// Median time of one of its steps, milliseconds.
    pub step_ms: f64,
    /// How the two predictions differ.
    pub difference: Option<Difference>,
}

/// The prediction of the first network minus that of the second, in this step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Difference {
    /// Smallest value of the mean over colours.
    pub min: f32,
    /// Largest value of the mean over colours.
    pub max: f32,
    /// Mean of the squared differences over pixels and colours.
    pub mean_square: f32,
}

/// The numbers of both networks in one step.
#[derive(Clone, Debug, Default)]
pub(super) struct Both {
    pub(super) first: Option<Seen>,
    pub(super) second: Option<Seen>,
    pub(super) difference: Option<Difference>,
}

impl Both {
    /// Asks both networks; `question` is about the first.
    pub(super) fn ask(first: &Looker, second: Option<&Looker>, question: &Question) -> Result<Self> {
        let seen = first.summary(question, Vec::new())?;
        let Some(other) = second else { return Ok(Self { first: seen, ..Self::default() }) };
        let extra = difference(first, other).map_or_else(Vec::new, |apart| {
            let over_colors = apart.clone().mean_dim(1);
            vec![over_colors.clone().min(), over_colors.max(), apart.square().mean()]
        });
        let theirs = other.summary(&Question::default(), extra)?;
        let difference = theirs.as_ref().and_then(|seen| match seen.extra.as_slice() {
            &[min, max, mean_square] => Some(Difference { min, max, mean_square }),
            _ => None,
        });
        Ok(Self { first: seen, second: theirs, difference })
    }

    /// The step's row of the recording: that of the first network with its picked units, and that of the second under
    /// names of its own. `None` when there was no step.
    pub(super) fn row(
        &self,
        first: &Looker,
        second: Option<&Looker>,
        picks: &[Unit],
    ) -> Option<Vec<(String, f32)>> {
        let mut row = self.first.as_ref()?.row(&first.probes, picks);
        if let (Some(theirs), Some(second)) = (&self.second, second) {
            let theirs = theirs.row(&second.probes, &[]).into_iter();
            row.extend(theirs.map(|(name, value)| (format!("{PREFIX}{name}"), value)));
        }
        Some(row)
    }
}

/// The prediction of `first` minus that of `second`, `[1, channels, rows, columns]`; in grey where one of them
/// sees no colours.
pub(super) fn difference(first: &Looker, second: &Looker) -> Option<Tensor<4>> {
    let (a, b) = (first.prediction()?, second.prediction()?);
    let (a, b) = match (channels(&a), channels(&b)) {
        (3, 1) => (luma(&a), b),
        (1, 3) => (a, luma(&b)),
        _ => (a, b),
    };
    if a.dims() != b.dims() {
        return None;
    }
    let b = if a.device() == b.device() { b } else { b.to_device(&a.device()) };
    Some(a - b)
}

fn channels(picture: &Tensor<4>) -> usize {
    picture.dims().get(1).copied().unwrap_or_default()
}

/// Two networks for frames of one size: `wanted` where both take it, else the nearest that both take.
pub(super) fn load_pair(
    [first, second]: [&str; 2],
    [first_lesions, second_lesions]: [&[String]; 2],
    wanted: Option<PixelSize>,
    kit: &Kit,
) -> Result<(Looker, Looker)> {
    let both = |size: Option<PixelSize>| {
        let first = Looker::load(first, size, first_lesions, kit)?;
        let size = Some(first.size());
        Ok((first, Looker::load(second, size, second_lesions, kit)?))
    };
    both(wanted).or_else(|error: Error| {
        if error.kind != Kind::Mismatch {
            return Err(error);
        }
        // Each at a size of its own, to learn how often it halves its input.
        let alone = [Looker::load(first, None, &[], kit)?, Looker::load(second, None, &[], kit)?];
        let divisor = alone.iter().map(divisor).max().unwrap_or(1);
        let size = nearest(wanted.unwrap_or_else(|| alone[0].size()), divisor);
        both(Some(size)).map_err(|error| {
            Error::new(
                Kind::Mismatch,
                format!("{first} and {second} cannot look at frames of one size ({error})"),
            )
            .advise(
                "Compare networks whose number of layers allows a common size, or change the input's size",
            )
        })
    })
}

/// Both sides of a network's input divide by this: 2 to the number of its layers but one.
fn divisor(looker: &Looker) -> u32 {
    let layers = looker.probes.iter().map(|probe| probe.layer).max().unwrap_or(0);
    1 << layers.min(10)
}

/// The size nearest to `size` with sides that divide by `divisor`.
fn nearest(size: PixelSize, divisor: u32) -> PixelSize {
    let side = |side: u32| ((side + divisor / 2) / divisor).max(1) * divisor;
    PixelSize::new(side(size.width), side(size.height))
}

/// What is said when the input had to change for a second network.
pub(super) fn say_size(size: PixelSize, before: PixelSize) -> Option<String> {
    (size != before).then(|| {
        format!("Both networks now look at {size} pixels: the nearest size to {before} that both can take")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_size_that_both_can_take() {
        assert_eq!(nearest(PixelSize::new(80, 64), 8), PixelSize::new(80, 64));
        assert_eq!(nearest(PixelSize::new(80, 64), 32), PixelSize::new(96, 64));
        assert_eq!(nearest(PixelSize::new(3, 5), 16), PixelSize::new(16, 16));
    }
}
