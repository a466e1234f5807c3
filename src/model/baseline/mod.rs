//! What any network must beat: predicting that nothing changes, or that every pixel goes on as it did.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use crate::error::{Error, Kind, Result};
use crate::model::{Model, ModelCard, Probe, Response, Role, SavedState};
use crate::safety::limits::NETWORK_SIDE_PX;
use crate::units::PixelSize;

/// What is predicted before anything was seen: mid-grey.
const NOTHING_SEEN: f32 = 0.5;

/// The rule by which the next frame is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The last frame again.
    CopyLastFrame,
    /// Every pixel changes once more by as much as it did, within 0..1; after one frame, that frame again.
    LinearExtrapolation,
}

impl Rule {
    /// Name on the command line and of the architecture in the card.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CopyLastFrame => "copy-last-frame",
            Self::LinearExtrapolation => "linear-extrapolation",
        }
    }
}

/// A baseline, watching one stream.
#[derive(Debug)]
pub struct Baseline {
    card: ModelCard,
    rule: Rule,
    size: PixelSize,
    probes: Vec<Probe>,
    device: Device,
    /// Up to two frames, the latest last.
    seen: Vec<Tensor<4>>,
}

impl Baseline {
    /// A baseline for frames of any size that a network may have.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when the size is out of range.
    pub fn new(card: ModelCard, rule: Rule, size: PixelSize, device: &Device) -> Result<Self> {
        if !NETWORK_SIDE_PX.contains(&size.width) || !NETWORK_SIDE_PX.contains(&size.height) {
            let (least, most) = (NETWORK_SIDE_PX.start(), NETWORK_SIDE_PX.end());
            return Err(Error::new(Kind::Mismatch, format!("frames of {size} pixels cannot be taken"))
                .advise(format!("Both sides must be {least} to {most}")));
        }
        Ok(Self { card, rule, size, probes: probes(size), device: device.clone(), seen: Vec::new() })
    }

    fn predict(&self) -> Tensor<4> {
        match (self.rule, self.seen.as_slice()) {
            (_, []) => Tensor::full(self.dims(), NOTHING_SEEN, &self.device),
            (Rule::LinearExtrapolation, [before, last]) => {
                (last.clone() * 2.0 - before.clone()).clamp(0.0, 1.0)
            }
            (_, [.., last]) => last.clone(),
        }
    }

    fn dims(&self) -> [usize; 4] {
        [1, 3, self.size.height as usize, self.size.width as usize]
    }
}

fn probes(size: PixelSize) -> Vec<Probe> {
    let kinds =
        [("a0", "A", Role::Actual, 3), ("a_hat0", "Ahat", Role::Prediction, 3), ("e0", "E", Role::Error, 6)];
    kinds
        .map(|(name, symbol, role, channels)| Probe {
            name: name.to_owned(),
            symbol,
            layer: 0,
            role,
            channels,
            size,
            signed: false,
        })
        .to_vec()
}

impl Model for Baseline {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn size(&self) -> PixelSize {
        self.size
    }

    fn step(&mut self, frame: Option<Tensor<4>>) -> Result<Response> {
        let a_hat = self.predict();
        let a = frame.unwrap_or_else(|| a_hat.clone());
        if a.dims() != self.dims() {
            let what = format!("the baseline was given a frame {:?} and takes {:?}", a.dims(), self.dims());
            return Err(Error::new(Kind::Mismatch, what));
        }
        let a = if a.device() == self.device { a } else { a.to_device(&self.device) };
        let difference = a_hat.clone() - a.clone();
        let e = Tensor::cat(vec![relu(difference.clone()), relu(-difference)], 1);
        if self.seen.len() == 2 {
            self.seen.remove(0);
        }
        self.seen.push(a.clone());
        Ok(Response::of_tensors([a, a_hat, e]))
    }

    fn reset(&mut self) {
        self.seen.clear();
    }

    fn save_state(&self) -> SavedState {
        SavedState::of_tensors(self.seen.iter().cloned())
    }

    fn restore_state(&mut self, state: &SavedState) -> Result<()> {
        if state.activities.len() > 2 || state.activities.iter().any(|frame| frame.dims() != self.dims()) {
            return Err(Error::new(Kind::Mismatch, "the saved state is of another network or size")
                .advise("Start from the beginning of the stimulus"));
        }
        self.seen = state.activities.iter().map(|frame| frame.tensor().to_device(&self.device)).collect();
        Ok(())
    }

    fn set_lesion(&mut self, name: &str, _on: bool) -> Result<()> {
        Err(Error::new(Kind::Usage, format!("there is no lesion \"{name}\""))
            .advise("A baseline has no parts to switch off"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rule: Rule, values: &[Option<f32>]) -> Vec<f32> {
        let (size, device) = (PixelSize::new(8, 8), Device::flex());
        let mut baseline = Baseline::new(ModelCard::default(), rule, size, &device).unwrap();
        let mut predicted = Vec::new();
        for value in values {
            let frame = value.map(|value| Tensor::full([1, 3, 8, 8], value, &device));
            let response = baseline.step(frame).unwrap();
            predicted.push(response.tensor(1).unwrap().mean().into_scalar::<f32>());
        }
        predicted
    }

    #[test]
    fn copying_predicts_the_last_frame() {
        assert_eq!(
            run(Rule::CopyLastFrame, &[Some(0.25), Some(0.75), None, Some(0.0)]),
            [0.5, 0.25, 0.75, 0.75]
        );
    }

    #[test]
    fn extrapolation_goes_on_in_a_line_and_stays_in_range() {
        let seen = [Some(0.25), Some(0.5), None, None, Some(0.5)];
        assert_eq!(run(Rule::LinearExtrapolation, &seen), [0.5, 0.25, 0.75, 1.0, 1.0]);
    }

    #[test]
    fn error_units_split_by_sign() {
        let (size, device) = (PixelSize::new(8, 8), Device::flex());
        let mut copy = Baseline::new(ModelCard::default(), Rule::CopyLastFrame, size, &device).unwrap();
        let response = copy.step(Some(Tensor::full([1, 3, 8, 8], 0.75, &device))).unwrap();
        let e = response.tensor(2).unwrap();
        assert_eq!(e.clone().narrow(1, 0, 3).mean().into_scalar::<f32>(), 0.0);
        assert_eq!(e.narrow(1, 3, 3).mean().into_scalar::<f32>(), 0.25);
    }
}
