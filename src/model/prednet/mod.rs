//! `PredNet`: layers that each predict what comes from below and pass on only their error.
//!
//! Lotter, Kreiman & Cox, "Deep predictive coding networks for video prediction and unsupervised learning"
//! (ICLR 2017, arXiv 1605.08104). Per step, first from the top down, then from the pixels up:
//!
//! ```text
//! i, f, o = hs(conv [R_l, E_l, up R_{l+1}])   g = tanh(conv [ … ])   hs(x) = clip(0.2 x + 0.5, 0, 1)
//! C_l = f C_l + i g          R_l = o tanh(C_l)
//! Ahat_l = relu(conv R_l)    (Ahat_0 at most 1)
//! E_l = [relu(Ahat_l - A_l), relu(A_l - Ahat_l)]
//! A_0 = frame                A_{l+1} = maxpool(relu(conv E_l))
//! ```
//!
//! So `Ahat_0` was made before the frame was seen: it is the prediction of this frame from those before it.

use burn::tensor::{Device, Tensor};

use crate::error::Result;
use crate::model::prednet::config::Config;
use crate::model::prednet::layer::{Layer, LayerState, error_units};
use crate::model::prednet::lesions::Lesions;
use crate::model::weights::NamedTensors;
use crate::model::{Activity, Lesion, Model, ModelCard, Probe, Response, SavedState, check_frame};
use crate::units::PixelSize;

pub mod config;
pub mod cpu;
pub(crate) mod gates;
pub mod gpu;
pub mod init;
pub(crate) mod layer;
mod lesions;
pub mod readout;

/// Name of the architecture in model cards.
pub const ARCHITECTURE: &str = "prednet";

/// A `PredNet` with its state, watching one stream.
#[derive(Debug)]
pub struct PredNet {
    card: ModelCard,
    config: Config,
    size: PixelSize,
    probes: Vec<Probe>,
    device: Device,
    layers: Vec<Layer>,
    state: Vec<LayerState>,
    lesions: Lesions,
}

impl PredNet {
    /// A network for frames of `size`, with the weights put on `device`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] when the size or an array does not fit.
    pub fn new(
        card: ModelCard,
        config: Config,
        tensors: &NamedTensors,
        size: PixelSize,
        device: &Device,
    ) -> Result<Self> {
        config.check_size(size)?;
        let layer = |l| Layer::new(tensors, l, &config.widths, device);
        let layers = (0..config.widths.len()).map(layer).collect::<Result<_>>()?;
        let mut net = Self {
            card,
            size,
            probes: config.probes(size),
            device: device.clone(),
            layers,
            state: Vec::new(),
            lesions: Lesions::none(config.widths.len()),
            config,
        };
        net.reset();
        Ok(net)
    }

    /// From the top down: every layer's representation.
    fn represent(&mut self) {
        let mut above: Option<Tensor<4>> = None;
        let layers = self.layers.iter().zip(&mut self.state).enumerate();
        for (l, (layer, state)) in layers.rev() {
            let feedback = above.as_ref().filter(|_| !self.lesions.feedback);
            let (r, c) = layer.represent(state, !self.lesions.lateral, !self.lesions.error, feedback);
            state.c = c;
            state.r = if self.lesions.silent(l) { r.zeros_like() } else { r };
            above = Some(state.r.clone());
        }
    }

    /// From the pixels up: every layer's prediction and error.
    fn compare(&mut self, frame: Option<Tensor<4>>) -> Vec<Tensor<4>> {
        let mut response = Vec::with_capacity(self.probes.len());
        let mut from_below = frame;
        let layers = self.layers.iter().zip(&mut self.state).enumerate();
        for (l, (layer, state)) in layers {
            let a_hat = layer.predict(&state.r, l == 0);
            let a = from_below.unwrap_or_else(|| a_hat.clone());
            let e = error_units(&a, &a_hat);
            state.e = if self.lesions.silent(l) { e.zeros_like() } else { e };
            from_below = layer.pass_up(&state.e);
            response.extend([a, a_hat, state.e.clone(), state.r.clone(), state.c.clone()]);
        }
        response
    }

    /// The frame in the network's own channels, checked.
    fn take(&self, frame: Tensor<4>) -> Result<Tensor<4>> {
        check_frame(&frame, self.size)?;
        let frame = if frame.device() == self.device { frame } else { frame.to_device(&self.device) };
        Ok(if self.config.widths.first() == Some(&1) { luma(&frame) } else { frame })
    }
}

/// Luma of sRGB-coded values (ITU-R BT.601), `[1, 1, rows, columns]`.
pub fn luma(frame: &Tensor<4>) -> Tensor<4> {
    let channel = |index, weight: f32| frame.clone().narrow(1, index, 1) * weight;
    channel(0, 0.299) + channel(1, 0.587) + channel(2, 0.114)
}

impl Model for PredNet {
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
        let frame = frame.map(|frame| self.take(frame)).transpose()?;
        self.represent();
        Ok(Response::of_tensors(self.compare(frame)))
    }

    fn reset(&mut self) {
        let layers = self.config.widths.iter().enumerate();
        self.state = layers
            .map(|(l, &width)| {
                LayerState::zeros(1, width, self.config.layer_size(self.size, l), &self.device)
            })
            .collect();
    }

    fn save_state(&self) -> SavedState {
        let all = self.state.iter().flat_map(|layer| [&layer.r, &layer.c, &layer.e]);
        SavedState::of_tensors(all.cloned())
    }

    fn restore_state(&mut self, state: &SavedState) -> Result<()> {
        state.check_like(&self.save_state())?;
        let here = |part: &Activity| part.tensor().to_device(&self.device);
        let (layers, _) = state.activities.as_chunks::<3>();
        self.state =
            layers.iter().map(|[r, c, e]| LayerState { r: here(r), c: here(c), e: here(e) }).collect();
        Ok(())
    }

    fn lesions(&self) -> Vec<Lesion> {
        self.lesions.list()
    }

    fn set_lesion(&mut self, name: &str, on: bool) -> Result<()> {
        self.lesions.set(name, on)
    }
}
