//! Operations of our own within burn's automatic differentiation: a whole `PredNet` rollout, and a 3x3 convolution,
//! forward and backward on the CPU by [`crate::cpu::training`].
//!
//! The rollout gives the mean error units of every step and layer, so that any loss (`L_0`, `L_all`, other weights
//! per step) is a few ordinary operations on a `[step, layer]` tensor. The weights are one flat tensor in the order of
//! [`RolloutSession::weights`]; [`flatten`] makes it out of tensors of their own shapes, to which burn then carries the
//! gradients.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Tensor, TensorData};

use crate::cpu::training::{Conv3x3, ConvConfig, Rollout, RolloutConfig, WeightList};
use crate::error::{Error, Kind, Result};

/// A rollout's memory, kept from one training step to the next.
#[derive(Clone, Debug)]
pub struct RolloutSession {
    config: RolloutConfig,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    rollout: Rollout,
    /// Counts forward passes: a backward pass needs the traces of its own.
    passes: u64,
    /// The pass whose traces are there and unused.
    traced: Option<u64>,
    /// What went wrong inside an operation, which cannot return it.
    fault: Option<Error>,
}

impl RolloutSession {
    /// Takes the memory for rollouts of this shape.
    ///
    /// # Errors
    /// As [`Rollout::new`].
    pub fn new(config: RolloutConfig) -> Result<Self> {
        let rollout = Rollout::new(&config)?;
        let state = State { rollout, passes: 0, traced: None, fault: None };
        Ok(Self { config, state: Arc::new(Mutex::new(state)) })
    }

    /// Names, shapes and order of the weights in the flat tensor.
    #[must_use]
    pub fn weights(&self) -> WeightList {
        WeightList::new(&self.config.widths, self.config.readout)
    }

    /// Mean error units `[step, layer]` of `frames` `[image, step, channel, row, column]` (no gradient goes to them)
    /// under the flat `weights`, as an operation that burn differentiates.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for other shapes than the session's; what went wrong in this or in the last backward pass.
    pub fn errors(&self, frames: Tensor<5>, weights: Tensor<1>) -> Result<Tensor<2>> {
        let RolloutConfig { widths, rows, columns, batch, steps, .. } = &self.config;
        let wanted = [*batch, *steps, widths.first().copied().unwrap_or_default(), *rows, *columns];
        if frames.dims() != wanted {
            let what = format!("frames of {:?} were given where {wanted:?} belong", frames.dims());
            return Err(Error::new(Kind::Mismatch, what));
        }
        let errors = <Dispatch as TrainOps>::prednet_rollout(
            frames.into_dispatch(),
            weights.into_dispatch(),
            self.clone(),
        );
        self.check()?;
        Ok(Tensor::from_dispatch(errors))
    }

    /// What went wrong in a backward pass, whose gradient is then not a number.
    ///
    /// # Errors
    /// That.
    pub fn check(&self) -> Result<()> {
        self.lock().fault.take().map_or(Ok(()), Err)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forward(&mut self, frames: &[f32], weights: &[f32]) -> Result<Vec<f32>> {
        self.passes += 1;
        self.traced = None;
        let errors = self.rollout.forward(weights, frames)?.to_vec();
        self.traced = Some(self.passes);
        Ok(errors)
    }

    fn backward(
        &mut self,
        pass: u64,
        by_errors: &[f32],
        frames: &[f32],
        weights: &[f32],
    ) -> Result<Vec<f32>> {
        if self.traced != Some(pass) {
            // Another pass came in between, or this one was differentiated before.
            self.forward(frames, weights)?;
        }
        self.traced = None;
        let mut gradient = vec![0.0; weights.len()];
        self.rollout.backward(by_errors, &mut gradient)?;
        Ok(gradient)
    }
}

/// One flat tensor out of named ones, in the order of `list`.
///
/// # Errors
/// [`Kind::Mismatch`] when there are more or fewer numbers than the list has.
pub fn flatten(list: &WeightList, parts: Vec<Tensor<1>>) -> Result<Tensor<1>> {
    let count: usize = parts.iter().map(|part| part.dims()[0]).sum();
    if parts.len() != list.entries().len() || count != list.len() {
        let what = format!("{} arrays of {count} weights where {} belong", parts.len(), list.len());
        return Err(Error::new(Kind::Mismatch, what));
    }
    Ok(Tensor::cat(parts, 0))
}

/// `x` `[image, input, row, column]` convolved with `kernels` `[output, input, 3, 3]` (stride 1, zeros around), plus
/// `biases`, as an operation that burn differentiates.
///
/// # Errors
/// [`Kind::Mismatch`] for shapes that do not fit each other.
pub fn conv3x3(x: Tensor<4>, kernels: Tensor<4>, biases: Tensor<1>, threads: usize) -> Result<Tensor<4>> {
    let ([_, inputs, _, _], [outputs, from, high, wide]) = (x.dims(), kernels.dims());
    if from != inputs || (high, wide) != (3, 3) || biases.dims() != [outputs] || x.shape().num_elements() == 0
    {
        let what = format!("{:?} cannot be convolved with {:?}", x.dims(), kernels.dims());
        return Err(Error::new(Kind::Mismatch, what));
    }
    let y = <Dispatch as TrainOps>::conv3x3(
        x.into_dispatch(),
        kernels.into_dispatch(),
        biases.into_dispatch(),
        threads,
    );
    Ok(Tensor::from_dispatch(y))
}

/// The operations as backends have them.
#[backend_extension(Flex, Autodiff)]
pub trait TrainOps: Backend {
    /// Mean error units `[step, layer]`.
    fn prednet_rollout(
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
    ) -> FloatTensor<Self>;

    /// The gradient by the weights of pass number `pass`.
    fn prednet_rollout_gradient(
        by_errors: FloatTensor<Self>,
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
        pass: u64,
    ) -> FloatTensor<Self>;

    /// See [`conv3x3`].
    fn conv3x3(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        threads: usize,
    ) -> FloatTensor<Self>;

    /// The gradients of a convolution by `x`, kernels and biases.
    fn conv3x3_gradients(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        by_y: FloatTensor<Self>,
        threads: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// A tensor's numbers.
fn host<B: Backend>(tensor: FloatTensor<B>) -> Result<Vec<f32>> {
    let data = pollster::block_on(B::float_into_data(tensor));
    let data =
        data.map_err(|cause| Error::new(Kind::Internal, format!("a tensor was not read: {cause:?}")))?;
    data.try_into_vec::<f32>()
        .map_err(|cause| Error::new(Kind::Mismatch, format!("numbers of another kind: {cause:?}")))
}

/// A tensor of these numbers, or of none where they could not be computed.
fn device_tensor<B: Backend>(
    values: Result<Vec<f32>>,
    shape: Vec<usize>,
    device: &burn::backend::tensor::Device<B>,
    fault: &mut Option<Error>,
) -> FloatTensor<B> {
    let values = values.unwrap_or_else(|error| {
        *fault = Some(error);
        vec![f32::NAN; shape.iter().product()]
    });
    B::float_from_data(TensorData::new(values, shape), device)
}

impl TrainOps for Flex {
    fn prednet_rollout(
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
    ) -> FloatTensor<Self> {
        let device = weights.device();
        let shape = vec![session.config.steps, session.config.widths.len()];
        let mut state = session.lock();
        let errors = host::<Self>(frames)
            .and_then(|frames| host::<Self>(weights).and_then(|weights| state.forward(&frames, &weights)));
        device_tensor::<Self>(errors, shape, &device, &mut state.fault)
    }

    fn prednet_rollout_gradient(
        by_errors: FloatTensor<Self>,
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
        pass: u64,
    ) -> FloatTensor<Self> {
        let (device, shape) = (weights.device(), vec![session.weights().len()]);
        let mut state = session.lock();
        let all = [by_errors, frames, weights].map(host::<Self>);
        let gradient = match all {
            [Ok(by_errors), Ok(frames), Ok(weights)] => state.backward(pass, &by_errors, &frames, &weights),
            [Err(error), ..] | [_, Err(error), _] | [.., Err(error)] => Err(error),
        };
        device_tensor::<Self>(gradient, shape, &device, &mut state.fault)
    }

    fn conv3x3(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        threads: usize,
    ) -> FloatTensor<Self> {
        let device = x.device();
        let config = conv_config(&x.shape(), &kernels.shape(), threads);
        let run = || {
            let mut y = vec![0.0; config.output_len()];
            let (x, kernels, biases) = (host::<Self>(x)?, host::<Self>(kernels)?, host::<Self>(biases)?);
            Conv3x3::new(config)?.forward(&kernels, &biases, &x, &mut y)?;
            Ok(y)
        };
        let shape = vec![config.batch, config.outputs, config.rows, config.columns];
        said(|fault| device_tensor::<Self>(run(), shape, &device, fault))
    }

    fn conv3x3_gradients(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        by_y: FloatTensor<Self>,
        threads: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let device = x.device();
        let (x_shape, kernel_shape) = (x.shape(), kernels.shape());
        let config = conv_config(&x_shape, &kernel_shape, threads);
        let run = || {
            let (mut by_x, mut by_kernels) = (vec![0.0; config.input_len()], vec![0.0; config.kernels_len()]);
            let mut by_biases = vec![0.0; config.outputs];
            let (x, kernels, by_y) = (host::<Self>(x)?, host::<Self>(kernels)?, host::<Self>(by_y)?);
            let gradients = (&mut *by_x, &mut *by_kernels, &mut *by_biases);
            Conv3x3::new(config)?.backward(&kernels, &x, &by_y, gradients)?;
            Ok::<_, Error>([by_x, by_kernels, by_biases])
        };
        let [by_x, by_kernels, by_biases] = match run() {
            Ok(gradients) => gradients.map(Ok),
            Err(error) => [Err(error.clone()), Err(error.clone()), Err(error)],
        };
        let back = |values, shape| said(|fault| device_tensor::<Self>(values, shape, &device, fault));
        (
            back(by_x, x_shape.to_vec()),
            back(by_kernels, kernel_shape.to_vec()),
            back(by_biases, vec![config.outputs]),
        )
    }
}

/// Reports a fault that no caller can be given; its result is not a number, which no training goes on with.
fn said<T>(run: impl FnOnce(&mut Option<Error>) -> T) -> T {
    let mut fault = None;
    let result = run(&mut fault);
    if let Some(error) = fault {
        tracing::error!("a convolution failed: {error}");
    }
    result
}

fn conv_config(x: &[usize], kernels: &[usize], threads: usize) -> ConvConfig {
    let size = |shape: &[usize], axis: usize| shape.get(axis).copied().unwrap_or_default();
    ConvConfig {
        batch: size(x, 0),
        inputs: size(x, 1),
        outputs: size(kernels, 0),
        rows: size(x, 2),
        columns: size(x, 3),
        threads,
    }
}

/// Step of the backward pass: a rollout.
#[derive(Debug)]
struct RolloutBack;

/// What a rollout's backward pass needs.
#[derive(Clone, Debug)]
struct RolloutTrace<T> {
    frames: T,
    weights: T,
    session: RolloutSession,
    pass: u64,
}

impl<B: TrainOps> Backward<B, 1> for RolloutBack {
    type State = RolloutTrace<FloatTensor<B>>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let by_errors = grads.consume::<B>(&ops.node);
        let RolloutTrace { frames, weights, session, pass } = ops.state;
        if let [Some(node)] = ops.parents {
            let gradient = B::prednet_rollout_gradient(by_errors, frames, weights, session, pass);
            grads.register::<B>(node.id, gradient);
        }
    }
}

/// Step of the backward pass: a convolution.
#[derive(Debug)]
struct ConvBack;

impl<B: TrainOps> Backward<B, 3> for ConvBack {
    type State = (FloatTensor<B>, FloatTensor<B>, usize);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let by_y = grads.consume::<B>(&ops.node);
        let (x, kernels, threads) = ops.state;
        let (by_x, by_kernels, by_biases) = B::conv3x3_gradients(x, kernels, by_y, threads);
        for (node, gradient) in ops.parents.into_iter().zip([by_x, by_kernels, by_biases]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: TrainOps, C: CheckpointStrategy> TrainOps for Autodiff<B, C> {
    fn prednet_rollout(
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
    ) -> FloatTensor<Self> {
        let (frames, (weights, node)) = (Self::inner(frames), weights.into_parts());
        let run = |frames, weights, session| B::prednet_rollout(frames, weights, session);
        match Backward::<B, 1>::prepare::<C>(RolloutBack, [node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let errors = run(frames.clone(), weights.clone(), session.clone());
                let pass = session.lock().passes;
                prep.finish(RolloutTrace { frames, weights, session, pass }, errors)
            }
            OpsKind::UnTracked(prep) => prep.finish(run(frames, weights, session)),
        }
    }

    fn prednet_rollout_gradient(
        by_errors: FloatTensor<Self>,
        frames: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        session: RolloutSession,
        pass: u64,
    ) -> FloatTensor<Self> {
        let [by_errors, frames, weights] = [by_errors, frames, weights].map(Self::inner);
        Self::from_inner(B::prednet_rollout_gradient(by_errors, frames, weights, session, pass))
    }

    fn conv3x3(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        threads: usize,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (kernels, kernels_node)) = (x.into_parts(), kernels.into_parts());
        let (biases, biases_node) = biases.into_parts();
        let nodes = [x_node, kernels_node, biases_node];
        match Backward::<B, 3>::prepare::<C>(ConvBack, nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::conv3x3(x.clone(), kernels.clone(), biases, threads);
                prep.finish((x, kernels, threads), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::conv3x3(x, kernels, biases, threads)),
        }
    }

    fn conv3x3_gradients(
        x: FloatTensor<Self>,
        kernels: FloatTensor<Self>,
        by_y: FloatTensor<Self>,
        threads: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [x, kernels, by_y] = [x, kernels, by_y].map(Self::inner);
        let (by_x, by_kernels, by_biases) = B::conv3x3_gradients(x, kernels, by_y, threads);
        (Self::from_inner(by_x), Self::from_inner(by_kernels), Self::from_inner(by_biases))
    }
}
