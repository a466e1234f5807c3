//! The rollout by burn's operations and its own differentiation, on any device that burn has: where training goes on a
//! graphics card. The numbers are those of [`crate::cpu::training::Rollout`].

use burn::tensor::activation::{relu, tanh};
use burn::tensor::module::{conv2d, interpolate, max_pool2d};
use burn::tensor::ops::{ConvOptions, InterpolateMode, InterpolateOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use crate::cpu::training::{RolloutConfig, WeightList};
use crate::error::{Context as _, Error, Kind, Result};

/// Kernels and biases.
type Conv = (Tensor<4>, Tensor<1>);

/// The convolutions of a layer.
struct Layer {
    gates: Conv,
    ahat: Conv,
    a: Option<Conv>,
}

/// State of a layer between two frames, all images of the batch.
#[derive(Clone, Debug)]
struct State {
    r: Tensor<4>,
    c: Tensor<4>,
    e: Tensor<4>,
}

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
    last: Option<Vec<State>>,
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
        let (layers, read) = layers(widths, *readout, &leaves);
        let data = TensorData::new(frames.to_vec(), [*batch, *steps, channels, *rows, *columns]);
        let frames = Tensor::<5>::from_data(data, &self.device);
        let mut state = match self.last.take() {
            Some(last) if self.carries_on => last,
            _ => self.zeros(),
        };
        let (mut means, mut predictions) = (Vec::new(), Vec::new());
        for step in 0..*steps {
            represent(&layers, widths, &mut state);
            let came = frames.clone().narrow(1, step, 1).squeeze_dim::<4>(1);
            let ahat = compare(&layers, &mut state, came.clone(), &mut means);
            let predicted = match &read {
                Some(conv) => {
                    let p = relu(apply(state[0].r.clone(), conv)).clamp_max(1.0);
                    means.push(errors(&p, &came).mean());
                    p
                }
                None => ahat,
            };
            predictions.push(predicted.detach());
        }
        let detached = |state: State| State { r: state.r.detach(), c: state.c.detach(), e: state.e.detach() };
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

    fn zeros(&self) -> Vec<State> {
        let RolloutConfig { widths, rows, columns, batch, .. } = &self.config;
        let layer = |(l, &width): (usize, &usize)| {
            let zeros =
                |channels: usize| Tensor::zeros([*batch, channels, rows >> l, columns >> l], &self.device);
            State { r: zeros(width), c: zeros(width), e: zeros(2 * width) }
        };
        widths.iter().enumerate().map(layer).collect()
    }
}

/// The convolutions out of the arrays in the order of the list, and the readout where there is one.
fn layers(widths: &[usize], readout: bool, leaves: &[Tensor<1>]) -> (Vec<Layer>, Option<Conv>) {
    let mut rest = leaves;
    let mut conv = |names: usize, from: usize, to: usize| {
        let (kernels, others) = rest.split_at(names);
        let (biases, others) = others.split_at(names);
        rest = others;
        let kernels = kernels.iter().map(|part| part.clone().reshape([to, from, 3, 3])).collect();
        (Tensor::cat(kernels, 0), Tensor::cat(biases.to_vec(), 0))
    };
    let layer = |(l, &width): (usize, &usize)| {
        let above = widths.get(l + 1).copied();
        let gates = conv(4, 3 * width + above.unwrap_or(0), width);
        let ahat = conv(1, width, width);
        Layer { gates, ahat, a: above.map(|above| conv(1, 2 * width, above)) }
    };
    let layers = widths.iter().enumerate().map(layer).collect();
    let read = readout.then(|| conv(1, widths[0], widths[0]));
    (layers, read)
}

fn apply(x: Tensor<4>, (kernels, biases): &Conv) -> Tensor<4> {
    conv2d(x, kernels.clone(), Some(biases.clone()), ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
}

/// From the top down: representations and memory cells.
fn represent(layers: &[Layer], widths: &[usize], state: &mut [State]) {
    for l in (0..layers.len()).rev() {
        let mut inputs = vec![state[l].r.clone(), state[l].e.clone()];
        if let Some(above) = state.get(l + 1) {
            let double = InterpolateOptions::new(InterpolateMode::Nearest).with_scale_factor([2.0, 2.0]);
            inputs.push(interpolate(above.r.clone(), double));
        }
        let y = apply(Tensor::cat(inputs, 1), &layers[l].gates);
        let part = |index| y.clone().narrow(1, index * widths[l], widths[l]);
        let open = |index| (part(index) * 0.2 + 0.5).clamp(0.0, 1.0);
        let c = open(1) * state[l].c.clone() + open(0) * tanh(part(3));
        state[l].r = open(2) * tanh(c.clone());
        state[l].c = c;
    }
}

/// From the pixels up: errors, and the mean of each layer's; returns the prediction of the frame.
fn compare(layers: &[Layer], state: &mut [State], mut a: Tensor<4>, means: &mut Vec<Tensor<1>>) -> Tensor<4> {
    let mut predicted = a.clone();
    for (l, (layer, state)) in layers.iter().zip(state).enumerate() {
        let mut ahat = relu(apply(state.r.clone(), &layer.ahat));
        if l == 0 {
            ahat = ahat.clamp_max(1.0);
            predicted = ahat.clone();
        }
        state.e = errors(&ahat, &a);
        means.push(state.e.clone().mean());
        if let Some(up) = &layer.a {
            a = relu(max_pool2d(apply(state.e.clone(), up), MaxPoolOptions::new([2, 2])));
        }
    }
    predicted
}

fn errors(expected: &Tensor<4>, came: &Tensor<4>) -> Tensor<4> {
    let difference = expected.clone() - came.clone();
    Tensor::cat(vec![relu(difference.clone()), relu(-difference)], 1)
}

fn host(tensor: Tensor<1>) -> Result<Vec<f32>> {
    let data = tensor.try_into_data().context(Kind::Gpu, "the training's numbers cannot be read")?;
    data.try_to_vec::<f32>().context(Kind::Internal, "the training's numbers are not f32")
}
