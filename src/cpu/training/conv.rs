//! One 3x3 convolution (stride 1, zeros around) of a batch, forward and backward, for networks that are no
//! `PredNet`: planes in, planes out.

use pulp::{Simd, WithSimd};

use super::dispatch::dispatch;
use super::kernels::{Layout, Packed, Pass, Shape};
use super::layout::{Map, Spectrum};
use super::planes::{put_planes, take_planes};
use super::product::{Into, Left, add_outer, multiply};
use super::threads::{Job, join, shares};
use super::transforms::{from_points, to_points};
use super::transposes::{add_from_points, bias_gradient, gradient_to_points};
use crate::cpu::memory::Buffer;
use crate::error::{Error, Kind, Result};

/// What a convolution is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvConfig {
    /// Images side by side.
    pub batch: usize,
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that come out.
    pub outputs: usize,
    /// Height in pixels.
    pub rows: usize,
    /// Width in pixels.
    pub columns: usize,
    /// Threads; no more than `batch` are used.
    pub threads: usize,
}

impl ConvConfig {
    /// Values of all planes that come in.
    #[must_use]
    pub const fn input_len(&self) -> usize {
        self.batch * self.inputs * self.rows * self.columns
    }

    /// Values of all planes that come out.
    #[must_use]
    pub const fn output_len(&self) -> usize {
        self.batch * self.outputs * self.rows * self.columns
    }

    /// Values of all kernels.
    #[must_use]
    pub const fn kernels_len(&self) -> usize {
        self.outputs * self.inputs * 9
    }
}

/// A convolution and the memory it needs.
#[derive(Debug)]
pub struct Conv3x3 {
    config: ConvConfig,
    layout: Layout,
    packed: [Packed; 2],
    workers: Vec<Worker>,
}

/// A thread's images.
#[derive(Debug)]
struct Worker {
    first: usize,
    input: Map,
    output: Map,
    x: Buffer,
    y: Buffer,
    v_at: Spectrum,
    v: Buffer,
    m_at: Spectrum,
    m: Buffer,
    gradient: Vec<f32>,
    by_bias: Vec<f32>,
}

impl Worker {
    fn new(config: &ConvConfig, first: usize, images: usize) -> Result<Self> {
        let ConvConfig { inputs, outputs, rows, columns, .. } = *config;
        let (input, output) =
            (Map::input(images, inputs, rows, columns), Map::output(images, outputs, rows, columns));
        let (v_at, m_at) = (
            Spectrum::new(input.blocks(), 1, input.tiles()),
            Spectrum::new(output.blocks(), 1, input.tiles()),
        );
        Ok(Self {
            first,
            input,
            output,
            x: Buffer::zeros(input.len())?,
            y: Buffer::zeros(output.len())?,
            v: Buffer::zeros(v_at.len())?,
            m: Buffer::zeros(m_at.len())?,
            v_at,
            m_at,
            gradient: Vec::new(),
            by_bias: Vec::new(),
        })
    }

    /// `y` from `x`, both as maps.
    fn forward<S: Simd>(&mut self, s: S, layout: &Layout, packed: &Packed, biases: &[f32]) {
        to_points(s, self.input, &self.x, self.v_at, 0, &mut self.v);
        let left = Left { values: &self.v, spectrum: self.v_at, first: 0 };
        let target = (self.m_at, 0, &mut *self.m);
        multiply(s, left, 0..self.v_at.blocks, (&layout.forward, &packed.forward), target, Into::Set);
        from_points(s, self.output, &mut self.y, biases, self.m_at, &self.m);
    }

    /// With the gradient of `y` in `y`: the gradients of kernels and biases, and that of `x` in `x`.
    fn backward<S: Simd>(&mut self, s: S, layout: &Layout, packed: &Packed) {
        to_points(s, self.input, &self.x, self.v_at, 0, &mut self.v);
        gradient_to_points(s, self.output, &self.y, self.m_at, &mut self.m);
        self.by_bias = bias_gradient(self.m_at, &self.m);
        self.gradient.clear();
        self.gradient.resize(layout.forward.len, 0.0);
        let input = Left { values: &self.v, spectrum: self.v_at, first: 0 };
        let target = (&layout.forward, &mut *self.gradient);
        add_outer(s, input, 0..self.v_at.blocks, (self.m_at, &self.m), target);
        let dm = Left { values: &self.m, spectrum: self.m_at, first: 0 };
        let target = (self.v_at, 0, &mut *self.v);
        multiply(s, dm, 0..self.m_at.blocks, (&layout.back, &packed.back), target, Into::Set);
        self.x.fill(0.0);
        add_from_points(s, self.input, &mut self.x, self.v_at, 0, &self.v);
    }
}

impl Conv3x3 {
    /// Takes the memory for a convolution.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for a size of zero, [`Kind::TooLarge`] without memory.
    pub fn new(config: ConvConfig) -> Result<Self> {
        if config.input_len() * config.outputs == 0 {
            return Err(Error::new(Kind::Mismatch, format!("a convolution of nothing: {config:?}")));
        }
        let shape = Shape { inputs: vec![vec![config.inputs]], doubled: 0, outputs: vec![config.outputs] };
        let workers = shares(config.batch, config.threads);
        let workers =
            workers.map(|(first, images)| Worker::new(&config, first, images)).collect::<Result<_>>()?;
        let layout = Layout::new(&shape);
        let packed = [Packed::new(&layout, Pass::Forward)?, Packed::new(&layout, Pass::Back)?];
        Ok(Self { config, layout, packed, workers })
    }

    /// `x` `[image][input][row][column]` convolved with `kernels` `[output][input][3][3]`, to `y`
    /// `[image][output][row][column]`.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when one of them has another length.
    pub fn forward(&mut self, kernels: &[f32], biases: &[f32], x: &[f32], y: &mut [f32]) -> Result<()> {
        let config = self.config;
        fits("kernels", kernels.len(), config.kernels_len())?;
        fits("biases", biases.len(), config.outputs)?;
        fits("inputs", x.len(), config.input_len())?;
        fits("outputs", y.len(), config.output_len())?;
        dispatch(Pack { layout: &self.layout, kernels, back: false, packed: &mut self.packed[0] });
        let biases = &*self.layout.pad_biases(biases);
        let (layout, packed) = (&self.layout, &self.packed[0]);
        let jobs = self.workers.iter_mut().map(|worker| {
            let job: Job<'_> = Box::new(move || {
                put(worker.input, worker.first, x, &mut worker.x);
                dispatch(Forward { worker, layout, packed, biases });
            });
            job
        });
        join(jobs.collect())?;
        for worker in &self.workers {
            take(worker.output, worker.first, &worker.y, y);
        }
        Ok(())
    }

    /// The gradients by `x`, by `kernels` and by the biases, given that by `y`.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] when one of them has another length.
    pub fn backward(
        &mut self,
        kernels: &[f32],
        x: &[f32],
        by_y: &[f32],
        (by_x, by_kernels, by_biases): (&mut [f32], &mut [f32], &mut [f32]),
    ) -> Result<()> {
        let config = self.config;
        fits("kernels", kernels.len(), config.kernels_len())?;
        fits("inputs", x.len(), config.input_len())?;
        fits("gradients by outputs", by_y.len(), config.output_len())?;
        fits("gradients by inputs", by_x.len(), config.input_len())?;
        fits("gradients by kernels", by_kernels.len(), config.kernels_len())?;
        fits("gradients by biases", by_biases.len(), config.outputs)?;
        dispatch(Pack { layout: &self.layout, kernels, back: true, packed: &mut self.packed[1] });
        let (layout, packed) = (&self.layout, &self.packed[1]);
        let jobs = self.workers.iter_mut().map(|worker| {
            let job: Job<'_> = Box::new(move || {
                put(worker.input, worker.first, x, &mut worker.x);
                put(worker.output, worker.first, by_y, &mut worker.y);
                dispatch(Backward { worker, layout, packed });
            });
            job
        });
        join(jobs.collect())?;
        by_kernels.fill(0.0);
        by_biases.fill(0.0);
        for worker in &self.workers {
            take(worker.input, worker.first, &worker.x, by_x);
            layout.add_bias_gradient(&worker.by_bias, by_biases);
        }
        let parts: Vec<&[f32]> = self.workers.iter().map(|worker| &*worker.gradient).collect();
        dispatch(Collect { layout, parts: &parts, gradient: by_kernels });
        Ok(())
    }
}

/// Refuses a slice of the wrong length.
pub(super) fn fits(what: &str, given: usize, wanted: usize) -> Result<()> {
    if given == wanted {
        return Ok(());
    }
    Err(Error::new(Kind::Mismatch, format!("{given} {what} were given where {wanted} belong")))
}

/// All images of a map, of which the first is image `first` of `planes`.
fn put(map: Map, first: usize, planes: &[f32], x: &mut [f32]) {
    let image_len = map.channels * map.rows * map.columns;
    for (image, planes) in planes.chunks_exact(image_len).skip(first).take(map.images).enumerate() {
        put_planes(map, image, planes, x);
    }
}

/// The reverse of [`put`].
fn take(map: Map, first: usize, x: &[f32], planes: &mut [f32]) {
    let image_len = map.channels * map.rows * map.columns;
    for (image, planes) in planes.chunks_exact_mut(image_len).skip(first).take(map.images).enumerate() {
        take_planes(map, image, x, planes);
    }
}

struct Pack<'a> {
    layout: &'a Layout,
    kernels: &'a [f32],
    back: bool,
    packed: &'a mut Packed,
}

impl WithSimd for Pack<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        if self.back {
            self.layout.pack_back(s, self.kernels, self.packed);
        } else {
            self.layout.pack_forward(s, self.kernels, self.packed);
        }
    }
}

struct Forward<'a> {
    worker: &'a mut Worker,
    layout: &'a Layout,
    packed: &'a Packed,
    biases: &'a [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        self.worker.forward(s, self.layout, self.packed, self.biases);
    }
}

struct Backward<'a> {
    worker: &'a mut Worker,
    layout: &'a Layout,
    packed: &'a Packed,
}

impl WithSimd for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        self.worker.backward(s, self.layout, self.packed);
    }
}

struct Collect<'a> {
    layout: &'a Layout,
    parts: &'a [&'a [f32]],
    gradient: &'a mut [f32],
}

impl WithSimd for Collect<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        self.layout.add_gradient(s, self.parts, self.gradient);
    }
}
