//! The rollout by the layers that burn runs, and burn's own differentiation, on any device that burn has: where training goes on a
//! graphics card. The numbers are those of [`crate::cpu::training::Rollout`].

use burn::tensor::{Device, Tensor, TensorData};

use crate::cpu::training::{RolloutConfig, WeightList};
use crate::error::{Context as _, Error, Kind, Result};
use crate::model::prednet::layer::{Conv, Layer, LayerState, error_units};
use crate::units::PixelSize;

/// What the way back needs.
#[derive(Debug)]
struct Traced {
    leaves: Vec<Tensor<1>>,
    errors: Tensor<2>,
}

/// A `PredNet` unrolled over a batch of sequences on a device of burn.
#[derive(Debug)]
pub struct DeviceRollout {
    config: RolloutConfig,
    list: WeightList,
    device: Device,
    /// Where the last pass ended; `None` before the first.
    last: Option<Vec<LayerState>>,
    carries_on: bool,
    traced: Option<Traced>,
    /// Of every step, all images.
    predictions: Vec<Tensor<4>>,
}

impl DeviceRollout {
    /// For rollouts of this shape on `device`; its number of threads does not count.
    #[must_use]
    pub fn new(config: &RolloutConfig, device: &Device) -> Self {
        Self {
            list: WeightList::new(&config.widths, config.readout),
            config: config.clone(),
            device: device.clone().autodiff(),
            last: None,
            carries_on: false,
            traced: None,
            predictions: Vec::new(),
        }
    }

    /// Names, shapes and order of the weights.
    #[must_use]
    pub const fn weight_list(&self) -> &WeightList {
        &self.list
    }

    /// The next pass begins where the last one ended; gradients end at the seam.
    pub const fn carry_on(&mut self) {
        self.carries_on = true;
    }

    /// The next pass begins with states of zero.
    pub const fn start_over(&mut self) {
        self.carries_on = false;
    }

    /// Mean error units `[step][column]`, as [`crate::cpu::training::Rollout::forward`].
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for another number of weights or values, [`Kind::Gpu`] when the device fails.
    pub fn forward(&mut self, weights: &[f32], frames: &[f32]) -> Result<Vec<f32>> {
        let RolloutConfig { widths, rows, columns, batch, steps, readout, .. } = &self.config;
        let (channels, frame) = (widths[0], widths[0] * rows * columns);
        if weights.len() != self.list.len() || frames.len() != batch * steps * frame {
            let what = format!("{} weights and {} values of frames", weights.len(), frames.len());
            return Err(Error::new(Kind::Mismatch, what));
        }
        let entries = self.list.entries().iter();
        let leaf = |range: std::ops::Range<usize>| {
            Tensor::<1>::from_floats(&weights[range], &self.device).require_grad()
        };
        let leaves: Vec<_> = entries.map(|entry| leaf(entry.range.clone())).collect();
        let mut arrays = leaves.iter().cloned();
        let layers: Vec<Layer> =
            (0..widths.len()).map(|l| Layer::of_tensors(l, widths, &mut arrays)).collect();
        let read = readout.then(|| Conv::readout(channels, &mut arrays));
        let data = TensorData::new(frames.to_vec(), [*batch, *steps, channels, *rows, *columns]);
        let frames = Tensor::<5>::from_data(data, &self.device);
        let mut state = match self.last.take() {
            Some(last) if self.carries_on => last,
            _ => self.zeros(),
        };
        let (mut means, mut predictions) = (Vec::new(), Vec::new());
        for step in 0..*steps {
            represent(&layers, &mut state);
            let came = frames.clone().narrow(1, step, 1).squeeze_dim::<4>(1);
            let a_hat = compare(&layers, &mut state, &came, &mut means);
            let predicted = match &read {
                Some(conv) => {
                    let predicted = conv.predict_pixels(state[0].r.clone());
                    means.push(error_units(&came, &predicted).mean());
                    predicted
                }
                None => a_hat,
            };
            predictions.push(predicted.detach());
        }
        let detached =
            |state: LayerState| LayerState { r: state.r.detach(), c: state.c.detach(), e: state.e.detach() };
        self.last = Some(state.into_iter().map(detached).collect());
        self.predictions = predictions;
        let wanted = [*steps as i32, (widths.len() + usize::from(*readout)) as i32];
        let errors = Tensor::cat(means, 0).reshape(wanted);
        let values = host(errors.clone().detach().flatten(0, 1))?;
        self.traced = Some(Traced { leaves, errors });
        Ok(values)
    }

    /// The gradient by every weight, given that by every mean error. Follows one [`DeviceRollout::forward`].
    ///
    /// # Errors
    /// [`Kind::Internal`] without one, [`Kind::Gpu`] when the device fails.
    pub fn backward(&mut self, by_errors: &[f32], gradient: &mut [f32]) -> Result<()> {
        let traced = self.traced.take();
        let Traced { leaves, errors } =
            traced.ok_or_else(|| Error::new(Kind::Internal, "a way back without a way there"))?;
        let by = Tensor::<2>::from_data(TensorData::new(by_errors.to_vec(), errors.dims()), &self.device);
        let gradients = (errors * by).sum().backward();
        for (entry, leaf) in self.list.entries().iter().zip(&leaves) {
            let place = &mut gradient[entry.range.clone()];
            match leaf.grad(&gradients) {
                Some(found) => place.copy_from_slice(&host(found)?),
                None => place.fill(0.0),
            }
        }
        Ok(())
    }

    /// The prediction of a frame, `[channel][row][column]`; `None` for an image or step that is not there.
    #[must_use]
    pub fn prediction(&self, image: usize, step: usize) -> Option<Vec<f32>> {
        let all = self.predictions.get(step).filter(|_| image < self.config.batch)?;
        host(all.clone().narrow(0, image, 1).flatten(0, 3)).ok()
    }

    fn zeros(&self) -> Vec<LayerState> {
        let RolloutConfig { widths, rows, columns, batch, .. } = &self.config;
        let layer = |(l, &width): (usize, &usize)| {
            let size = PixelSize::new((columns >> l) as u32, (rows >> l) as u32);
            LayerState::zeros(*batch, width, size, &self.device)
        };
        widths.iter().enumerate().map(layer).collect()
    }
}

/// A frame from the top down: representations and memory cells.
fn represent(layers: &[Layer], state: &mut [LayerState]) {
    let mut above: Option<Tensor<4>> = None;
    for (layer, state) in layers.iter().zip(state).rev() {
        (state.r, state.c) = layer.represent(state, true, true, above.as_ref());
        above = Some(state.r.clone());
    }
}

/// A frame from the pixels up: errors, and the mean of each layer's; returns the prediction of the frame.
fn compare(
    layers: &[Layer],
    state: &mut [LayerState],
    came: &Tensor<4>,
    means: &mut Vec<Tensor<1>>,
) -> Tensor<4> {
    let (mut from_below, mut predicted) = (Some(came.clone()), came.clone());
    for (l, (layer, state)) in layers.iter().zip(state).enumerate() {
        let Some(a) = from_below.take() else { break };
        let a_hat = layer.predict(&state.r, l == 0);
        state.e = error_units(&a, &a_hat);
        means.push(state.e.clone().mean());
        from_below = layer.pass_up(&state.e);
        if l == 0 {
            predicted = a_hat;
        }
    }
    predicted
}

fn host(tensor: Tensor<1>) -> Result<Vec<f32>> {
    let data = tensor.try_into_data().context(Kind::Gpu, "the training's numbers cannot be read")?;
    data.try_to_vec::<f32>().context(Kind::Internal, "the training's numbers are not f32")
}
