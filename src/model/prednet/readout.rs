//! A `PredNet` whose prediction is read off `R_0` by a convolution of its own: the control of Lotter, Kreiman & Cox
//! (2020, extended data figure 9), whose error units no loss made small.

use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};

use crate::error::{Error, Kind, Result};
use crate::model::prednet::config::Config;
use crate::model::weights::NamedTensors;
use crate::model::{Activity, Lesion, Model, ModelCard, Probe, Response, SavedState};
use crate::units::PixelSize;

/// Place of the probe `p0` among the others.
pub(super) const PLACE: usize = 1;

/// A network and the convolution that reads its prediction.
pub struct ReadOut {
    inner: Box<dyn Model>,
    probes: Vec<Probe>,
    /// Place of `r0` among the probes of the network alone.
    r0: usize,
    weight: TensorData,
    bias: TensorData,
}

impl std::fmt::Debug for ReadOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadOut({})", self.inner.card().name)
    }
}

impl ReadOut {
    /// Around a network without readout, with the arrays `layer_p_0` of `tensors`.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when an array is missing.
    pub fn new(inner: Box<dyn Model>, config: &Config, tensors: &NamedTensors) -> Result<Self> {
        let data = |name: &str| {
            let tensor = tensors.get(name);
            let tensor = tensor.ok_or_else(|| Error::new(Kind::Mismatch, format!("there is no {name}")))?;
            Ok(TensorData::new(tensor.values.clone(), tensor.shape.clone()))
        };
        let r0 = inner.probes().iter().position(|probe| probe.name == "r0");
        let r0 = r0.ok_or_else(|| Error::new(Kind::Internal, "the network has no r0"))?;
        let probes = config.probes(inner.size());
        Ok(Self { probes, r0, weight: data("layer_p_0.weight")?, bias: data("layer_p_0.bias")?, inner })
    }

    /// What `R_0` of a response predicts.
    fn predict(&self, response: &Response) -> Result<Tensor<4>> {
        let r = response.tensor(self.r0);
        let r = r.ok_or_else(|| Error::new(Kind::Internal, "the network did not answer with r0"))?;
        let device = r.device();
        let weight = Tensor::<4>::from_data(self.weight.clone(), &device);
        let bias = Tensor::<1>::from_data(self.bias.clone(), &device);
        let same = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
        Ok(relu(conv2d(r, weight, Some(bias), same)).clamp_max(1.0))
    }
}

impl Model for ReadOut {
    fn card(&self) -> &ModelCard {
        self.inner.card()
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn size(&self) -> PixelSize {
        self.inner.size()
    }

    fn step(&mut self, frame: Option<Tensor<4>>) -> Result<Response> {
        let frame = if let Some(frame) = frame {
            frame
        } else {
            // R_0 of a step does not depend on its frame: it is had by a step that is taken back.
            let before = self.inner.save_state();
            let predicted = self.inner.step(None).and_then(|response| self.predict(&response))?;
            self.inner.restore_state(&before)?;
            if predicted.dims()[1] == 1 { predicted.repeat_dim(1, 3) } else { predicted }
        };
        let mut response = self.inner.step(Some(frame))?;
        let predicted = self.predict(&response)?;
        response.activities.insert(PLACE.min(response.activities.len()), Activity::from(predicted));
        Ok(response)
    }

    fn prepare(&mut self) -> Result<()> {
        self.inner.prepare()
    }

    fn profile(&self) -> Vec<(String, f64)> {
        self.inner.profile()
    }

    fn reset(&mut self) {
        self.inner.reset();
    }

    fn save_state(&self) -> SavedState {
        self.inner.save_state()
    }

    fn restore_state(&mut self, state: &SavedState) -> Result<()> {
        self.inner.restore_state(state)
    }

    fn lesions(&self) -> Vec<Lesion> {
        self.inner.lesions()
    }

    fn set_lesion(&mut self, name: &str, on: bool) -> Result<()> {
        self.inner.set_lesion(name, on)
    }
}
