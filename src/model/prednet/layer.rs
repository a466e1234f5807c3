//! One layer of a `PredNet` on the device: its kernels, its state, and the equations of one step.
//!
//! Lotter, Kreiman & Cox (ICLR 2017), eqs 1 to 5, with the order of channels of the authors' code.

use burn::tensor::activation::{relu, tanh};
use burn::tensor::module::{conv2d, interpolate, max_pool2d};
use burn::tensor::ops::{ConvOptions, InterpolateMode, InterpolateOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use crate::error::{Error, Kind, Result};
use crate::model::prednet::gates::GATES;
use crate::model::weights::{HostTensor, NamedTensors};
use crate::units::PixelSize;

/// Largest value of a pixel: the prediction of layer 0 is cut off there.
const PIXEL_MAX: f32 = 1.0;

/// Slope and offset of what is no gate.
const PLAIN: [(f32, f32); 1] = [(1.0, 0.0)];

/// A 3x3 convolution, stride 1, zeros around, with bias.
#[derive(Clone, Debug)]
pub(crate) struct Conv {
    weight: Tensor<4>,
    bias: Tensor<1>,
}

impl Conv {
    /// A convolution of the pixels' own channels, out of the next arrays.
    pub(crate) fn readout(width: usize, arrays: &mut impl Iterator<Item = Tensor<1>>) -> Self {
        Self::of_tensors(&PLAIN, width, width, arrays)
    }

    /// Stacks convolutions of the same inputs: all their kernels come first, then all biases. Each is scaled by its
    /// slope, and its biases moved by its offset.
    fn of_tensors(
        scales: &[(f32, f32)],
        from: usize,
        to: usize,
        arrays: &mut impl Iterator<Item = Tensor<1>>,
    ) -> Self {
        let kernels = scales.iter().zip(arrays.by_ref());
        let kernels = kernels.map(|((slope, _), part)| part.reshape([to, from, 3, 3]) * *slope).collect();
        let biases = scales.iter().zip(arrays);
        let biases = biases.map(|((slope, offset), part)| part * *slope + *offset).collect();
        Self { weight: Tensor::cat(kernels, 0), bias: Tensor::cat(biases, 0) }
    }

    /// `relu` of it, cut off at 1: a prediction of pixels.
    pub(crate) fn predict_pixels(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.forward(x)).clamp_max(PIXEL_MAX)
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let same = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
        conv2d(x, self.weight.clone(), Some(self.bias.clone()), same)
    }
}

/// What a layer remembers from one frame to the next, of one stream or of several side by side.
#[derive(Clone, Debug)]
pub(crate) struct LayerState {
    /// Representation `[streams, width, rows, columns]`.
    pub(crate) r: Tensor<4>,
    /// Memory cell, as `r`.
    pub(crate) c: Tensor<4>,
    /// Error units `[streams, 2 width, rows, columns]`.
    pub(crate) e: Tensor<4>,
}

impl LayerState {
    /// The state at the start: zero.
    pub(crate) fn zeros(streams: usize, width: usize, size: PixelSize, device: &Device) -> Self {
        let zeros =
            |channels| Tensor::zeros([streams, channels, size.height as usize, size.width as usize], device);
        Self { r: zeros(width), c: zeros(width), e: zeros(2 * width) }
    }
}

/// A layer's kernels.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    width: usize,
    /// Channels of the layer above, 0 at the top.
    above: usize,
    /// The gates `i, f, o` and the new content `g`, stacked in this order. The three gates' weights carry the
    /// 0.2 of the hard sigmoid, their biases also its 0.5.
    gates: Conv,
    ahat: Conv,
    /// From the errors to what the layer above gets; `None` at the top.
    a: Option<Conv>,
}

impl Layer {
    /// Puts a layer's arrays, named as in the authors' files, on the device.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when an array is missing or has the wrong number of values.
    pub(crate) fn new(
        tensors: &NamedTensors,
        layer: usize,
        widths: &[usize],
        device: &Device,
    ) -> Result<Self> {
        let width = widths.get(layer).copied().unwrap_or_default();
        let above = widths.get(layer + 1).copied().unwrap_or_default();
        let conv = |name: &str, from, to| conv(tensors, &format!("layer_{name}_{layer}"), from, to, device);
        let a = if above > 0 { Some(conv("a", 2 * width, above)?) } else { None };
        let gates = gates(tensors, layer, 3 * width + above, width, device)?;
        Ok(Self { width, above, gates, ahat: conv("ahat", width, width)?, a })
    }

    /// The layer whose arrays are these tensors, in the order of the flat list of weights that training changes; they
    /// are differentiated. `arrays` gives the next ones.
    pub(crate) fn of_tensors(
        layer: usize,
        widths: &[usize],
        arrays: &mut impl Iterator<Item = Tensor<1>>,
    ) -> Self {
        let width = widths.get(layer).copied().unwrap_or_default();
        let above = widths.get(layer + 1).copied().unwrap_or_default();
        let gates = Conv::of_tensors(
            &GATES.map(|(_, slope, offset)| (slope, offset)),
            3 * width + above,
            width,
            arrays,
        );
        let ahat = Conv::of_tensors(&PLAIN, width, width, arrays);
        let a = (above > 0).then(|| Conv::of_tensors(&PLAIN, 2 * width, above, arrays));
        Self { width, above, gates, ahat, a }
    }

    /// The convolutional LSTM: the new `(R, C)` from this layer's `R` and `E` of the last step and the `R` of
    /// the layer above, which is of this step and is doubled in size. `None` is a switched-off input.
    pub(crate) fn represent(
        &self,
        state: &LayerState,
        lateral: bool,
        error: bool,
        above: Option<&Tensor<4>>,
    ) -> (Tensor<4>, Tensor<4>) {
        let or_zero = |on: bool, x: &Tensor<4>| if on { x.clone() } else { x.zeros_like() };
        let mut inputs = vec![or_zero(lateral, &state.r), or_zero(error, &state.e)];
        if self.above > 0 {
            inputs.push(above.map_or_else(|| self.no_feedback(&state.r), |r| upsample(r.clone())));
        }
        let gates = self.gates.forward(Tensor::cat(inputs, 1));
        let k = self.width;
        let open = gates.clone().narrow(1, 0, 3 * k).clamp(0.0, 1.0);
        let g = tanh(gates.narrow(1, 3 * k, k));
        let part = |index: usize| open.clone().narrow(1, index * k, k);
        let (i, f, o) = (part(0), part(1), part(2));
        let c = f * state.c.clone() + i * g;
        (o * tanh(c.clone()), c)
    }

    /// `Ahat = relu(conv R)`, at the pixels cut off at 1.
    pub(crate) fn predict(&self, r: &Tensor<4>, pixels: bool) -> Tensor<4> {
        if pixels { self.ahat.predict_pixels(r.clone()) } else { relu(self.ahat.forward(r.clone())) }
    }

    /// What the layer above gets: `maxpool(relu(conv E))`; `None` at the top. The rectifier comes last here:
    /// it commutes with the maximum, and has a quarter of the values left to do.
    pub(crate) fn pass_up(&self, e: &Tensor<4>) -> Option<Tensor<4>> {
        let a = self.a.as_ref()?;
        Some(relu(max_pool2d(a.forward(e.clone()), MaxPoolOptions::new([2, 2]))))
    }

    fn no_feedback(&self, like: &Tensor<4>) -> Tensor<4> {
        let [streams, _, rows, columns] = like.dims();
        Tensor::zeros([streams, self.above, rows, columns], &like.device())
    }
}

/// `E = [relu(Ahat - A), relu(A - Ahat)]`: too bright predicted, too dark predicted.
pub(crate) fn error_units(a: &Tensor<4>, ahat: &Tensor<4>) -> Tensor<4> {
    let difference = ahat.clone() - a.clone();
    Tensor::cat(vec![relu(difference.clone()), relu(-difference)], 1)
}

fn upsample(x: Tensor<4>) -> Tensor<4> {
    interpolate(x, InterpolateOptions::new(InterpolateMode::Nearest).with_scale_factor([2.0, 2.0]))
}

fn gates(tensors: &NamedTensors, layer: usize, from: usize, to: usize, device: &Device) -> Result<Conv> {
    let (mut weight, mut bias) = (Vec::new(), Vec::new());
    for (gate, slope, offset) in GATES {
        let name = format!("layer_{gate}_{layer}");
        weight.extend(
            find(tensors, &format!("{name}.weight"), to * from * 9)?.values.iter().map(|w| slope * w),
        );
        bias.extend(find(tensors, &format!("{name}.bias"), to)?.values.iter().map(|b| slope * b + offset));
    }
    Ok(put(weight, bias, from, 4 * to, device))
}

fn conv(tensors: &NamedTensors, name: &str, from: usize, to: usize, device: &Device) -> Result<Conv> {
    let weight = find(tensors, &format!("{name}.weight"), to * from * 9)?.values.clone();
    let bias = find(tensors, &format!("{name}.bias"), to)?.values.clone();
    Ok(put(weight, bias, from, to, device))
}

fn find<'a>(tensors: &'a NamedTensors, name: &str, count: usize) -> Result<&'a HostTensor> {
    tensors.get(name).filter(|tensor| tensor.values.len() == count).ok_or_else(|| {
        Error::new(Kind::Mismatch, format!("{name} is missing or does not have {count} values"))
    })
}

fn put(weight: Vec<f32>, bias: Vec<f32>, from: usize, to: usize, device: &Device) -> Conv {
    Conv {
        weight: Tensor::from_data(TensorData::new(weight, [to, from, 3, 3]), device),
        bias: Tensor::from_data(TensorData::new(bias, [to]), device),
    }
}
