//! A batch of sequences through the network and back: errors per step and layer, and their gradient by every
//! weight.

use pulp::{Simd, WithSimd};

use super::conv::fits;
use super::dispatch::dispatch;
use super::kernels::{Layout, Packed, Pass};
use super::plan::{self, LayerKernels};
use super::planes::take_planes;
use super::threads::{Job, join, shares};
use super::weights::{Place, WeightList};
use super::worker::{Gradients, Shared, Worker};
use crate::error::Result;

/// What a rollout is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutConfig {
    /// Channels per layer, from the pixels up.
    pub widths: Vec<usize>,
    /// Height of the frames in pixels; divides by 2 to the number of layers but one.
    pub rows: usize,
    /// Width of the frames in pixels; divides as the height.
    pub columns: usize,
    /// Sequences side by side.
    pub batch: usize,
    /// Frames per sequence.
    pub steps: usize,
    /// Threads; no more than `batch` are used.
    pub threads: usize,
    /// Whether a convolution of its own reads the frame's prediction off `R_0`, whose error is one more column beside
    /// those of the layers (Lotter et al. 2020, the control whose error units are not penalised).
    pub readout: bool,
}

/// A `PredNet` unrolled over a batch of sequences, with all the memory that training needs.
///
/// States are zero before the first frame, unless [`Rollout::carry_on`] says otherwise. Results depend on the number of threads in the last digits only, and not
/// on chance.
pub struct Rollout {
    shared: Shared,
    workers: Vec<Worker>,
    errors: Vec<f32>,
}

impl std::fmt::Debug for Rollout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rollout({:?}, {} threads)", self.shared.widths, self.workers.len())
    }
}

fn room(layouts: &[LayerKernels<Layout>], pass: Pass) -> Result<Vec<LayerKernels<Packed>>> {
    let layer = |layout: &LayerKernels<Layout>| {
        Ok(LayerKernels {
            gates: Packed::new(&layout.gates, pass)?,
            ahat: Packed::new(&layout.ahat, pass)?,
            a: layout.a.as_ref().map(|a| Packed::new(a, pass)).transpose()?,
            p: layout.p.as_ref().map(|p| Packed::new(p, pass)).transpose()?,
        })
    };
    layouts.iter().map(layer).collect()
}

impl Rollout {
    /// Takes the memory for a rollout.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] for sizes that do not halve as often as there are layers, [`crate::error::Kind::TooLarge`] without
    /// memory.
    pub fn new(config: &RolloutConfig) -> Result<Self> {
        let RolloutConfig { widths, rows, columns, batch, steps, threads, readout } = config;
        plan::check(widths, *rows, *columns, *batch, *steps)?;
        let layouts = plan::kernels(widths, *readout);
        let shared = Shared {
            list: WeightList::new(widths, *readout),
            readout: *readout,
            packed: room(&layouts, Pass::Forward)?,
            packed_back: room(&layouts, Pass::Back)?,
            layouts,
            biases: Vec::new(),
            widths: widths.clone(),
            steps: *steps,
            rows: *rows,
            columns: *columns,
            batch: *batch,
        };
        let workers = shares(*batch, *threads).map(|(first, images)| Worker::new(&shared, first, images));
        let workers = workers.collect::<Result<_>>()?;
        Ok(Self { errors: vec![0.0; steps * shared.columns()], shared, workers })
    }

    /// Names, shapes and order of the weights.
    #[must_use]
    pub fn weight_list(&self) -> &WeightList {
        &self.shared.list
    }

    /// Mean error units `[step][column]` (the layers and, where there is one, the readout) for `weights` in the order of [`Rollout::weight_list`] and `frames`
    /// `[image][step][channel][row][column]`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] when one of them has another length.
    pub fn forward(&mut self, weights: &[f32], frames: &[f32]) -> Result<&[f32]> {
        let shared = &mut self.shared;
        fits("weights", weights.len(), shared.list.len())?;
        let frame = shared.widths[0] * shared.rows * shared.columns;
        fits("values of frames", frames.len(), shared.batch * shared.steps * frame)?;
        let layers = shared.layouts.iter().zip(&shared.list.layers);
        shared.biases = layers.map(|(layouts, places)| biases(layouts, places, weights)).collect();
        let (layouts, list) = (&shared.layouts, &shared.list);
        let (packed, packed_back) = (&mut shared.packed, &mut shared.packed_back);
        let pack = |back, packed: &mut [LayerKernels<Packed>]| {
            dispatch(Pack { layouts, list, weights, back, packed });
        };
        if self.workers.len() > 1 {
            join(vec![Box::new(|| pack(false, packed)), Box::new(|| pack(true, packed_back))])?;
        } else {
            pack(false, packed);
            pack(true, packed_back);
        }
        let shared = &self.shared;
        let jobs = self
            .workers
            .iter_mut()
            .map(|worker| Box::new(move || dispatch(Forward { worker, shared, frames })) as Job<'_>);
        join(jobs.collect())?;
        self.sum_errors();
        Ok(&self.errors)
    }

    /// The next [`Rollout::forward`] begins where the last one ended: its frames follow the last ones. Gradients end at
    /// the seam, as in truncated backpropagation through time (Williams & Peng 1990).
    pub fn carry_on(&mut self) {
        self.workers.iter_mut().for_each(Worker::carry_on);
    }

    /// The next [`Rollout::forward`] begins with states of zero: its frames are a new sequence.
    pub fn start_over(&mut self) {
        self.workers.iter_mut().for_each(Worker::start_over);
    }

    fn sum_errors(&mut self) {
        let shared = &self.shared;
        let columns = shared.columns();
        for (index, error) in self.errors.iter_mut().enumerate() {
            let (step, column) = (index / columns, index % columns);
            let sum: f64 = self.workers.iter().map(|worker| worker.sum(step, column)).sum();
            *error = (sum / shared.units(column)) as f32;
        }
    }

    /// The gradient by every weight, given that by every mean error `[step][column]`. Follows one
    /// [`Rollout::forward`], whose traces it uses up.
    ///
    /// # Errors
    /// [`crate::error::Kind::Mismatch`] when one of them has another length.
    pub fn backward(&mut self, by_errors: &[f32], gradient: &mut [f32]) -> Result<()> {
        let shared = &self.shared;
        fits("gradients of errors", by_errors.len(), self.errors.len())?;
        fits("gradients", gradient.len(), shared.list.len())?;
        let columns = shared.columns();
        let direct: Vec<f32> = by_errors
            .iter()
            .enumerate()
            .map(|(index, by)| (f64::from(*by) / shared.units(index % columns)) as f32)
            .collect();
        for worker in &mut self.workers {
            if worker.gradients.is_none() {
                worker.gradients = Some(Gradients::new(shared)?);
            }
        }
        let direct = &*direct;
        let jobs = self
            .workers
            .iter_mut()
            .map(|worker| Box::new(move || dispatch(Backward { worker, shared, direct })) as Job<'_>);
        join(jobs.collect())?;
        let parts: Vec<_> = self.workers.iter().filter_map(|worker| worker.gradients.as_ref()).collect();
        dispatch(Collect { shared, parts: &parts, gradient });
        Ok(())
    }

    /// The prediction of a frame, `[channel][row][column]`, of the last [`Rollout::forward`], until
    /// [`Rollout::backward`] writes over it; `None` for an image or step that is not there.
    #[must_use]
    pub fn prediction(&self, image: usize, step: usize) -> Option<Vec<f32>> {
        let worker = self.workers.iter().find(|w| (w.first..w.first + w.images).contains(&image))?;
        let map = worker.plans.first()?.a;
        let mut planes = vec![0.0; map.channels * map.rows * map.columns];
        let predicted = match &worker.readout {
            Some(readout) => readout.prediction(step)?,
            None => &worker.kept.get(step)?.first()?.ahat,
        };
        take_planes(map, image - worker.first, predicted, &mut planes);
        Some(planes)
    }
}

impl Shared {
    /// Errors per step: those of the layers and, where there is one, that of the readout.
    pub(super) fn columns(&self) -> usize {
        self.widths.len() + usize::from(self.readout)
    }

    /// Error units of a column in all images.
    fn units(&self, column: usize) -> f64 {
        let layer = if column < self.widths.len() { column } else { 0 };
        (self.batch * 2 * self.widths[layer] * (self.rows >> layer) * (self.columns >> layer)) as f64
    }
}

fn biases(
    layouts: &LayerKernels<Layout>,
    places: &super::weights::LayerPlaces,
    weights: &[f32],
) -> LayerKernels<Vec<f32>> {
    let padded = |layout: &Layout, place: &Place| layout.pad_biases(&weights[place.biases.clone()]);
    LayerKernels {
        gates: padded(&layouts.gates, &places.gates),
        ahat: padded(&layouts.ahat, &places.ahat),
        a: layouts.a.as_ref().zip(places.a.as_ref()).map(|(layout, place)| padded(layout, place)),
        p: layouts.p.as_ref().zip(places.p.as_ref()).map(|(layout, place)| padded(layout, place)),
    }
}

struct Pack<'a> {
    layouts: &'a [LayerKernels<Layout>],
    list: &'a WeightList,
    weights: &'a [f32],
    back: bool,
    packed: &'a mut [LayerKernels<Packed>],
}

impl WithSimd for Pack<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        plan::pack(s, self.layouts, self.list, self.weights, self.back, self.packed);
    }
}

struct Forward<'a> {
    worker: &'a mut Worker,
    shared: &'a Shared,
    frames: &'a [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        self.worker.forward(s, self.shared, self.frames);
    }
}

struct Backward<'a> {
    worker: &'a mut Worker,
    shared: &'a Shared,
    direct: &'a [f32],
}

impl WithSimd for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        if let Some(mut gradients) = self.worker.gradients.take() {
            self.worker.backward(s, self.shared, self.direct, &mut gradients);
            self.worker.gradients = Some(gradients);
        }
    }
}

struct Collect<'a> {
    shared: &'a Shared,
    parts: &'a [&'a Gradients],
    gradient: &'a mut [f32],
}

impl WithSimd for Collect<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Self { shared, parts, gradient } = self;
        gradient.fill(0.0);
        for part in parts {
            for (sum, value) in gradient.iter_mut().zip(&part.list) {
                *sum += value;
            }
        }
        for (layer, (layouts, places)) in shared.layouts.iter().zip(&shared.list.layers).enumerate() {
            let points = |pick: fn(&LayerKernels<crate::cpu::memory::Buffer>) -> Option<&[f32]>| {
                parts.iter().filter_map(|part| pick(&part.kernels[layer])).collect::<Vec<_>>()
            };
            let gates = points(|kernels| Some(&kernels.gates));
            layouts.gates.add_gradient(s, &gates, &mut gradient[places.gates.kernels.clone()]);
            let ahat = points(|kernels| Some(&kernels.ahat));
            layouts.ahat.add_gradient(s, &ahat, &mut gradient[places.ahat.kernels.clone()]);
            if let (Some(layout), Some(place)) = (&layouts.a, &places.a) {
                let a = points(|kernels| kernels.a.as_deref());
                layout.add_gradient(s, &a, &mut gradient[place.kernels.clone()]);
            }
            if let (Some(layout), Some(place)) = (&layouts.p, &places.p) {
                let p = points(|kernels| kernels.p.as_deref());
                layout.add_gradient(s, &p, &mut gradient[place.kernels.clone()]);
            }
        }
    }
}
