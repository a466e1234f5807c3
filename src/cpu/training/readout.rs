//! A convolution of `R_0` that predicts the frame in place of `Ahat_0`, for the control whose error units are free
//! (Lotter, Kreiman & Cox 2020, extended data figure 9): they still go where they went, and no loss makes them small.

use pulp::Simd;

use super::errors::ErrorUnits;
use super::layout::Spectrum;
use super::plan::LayerPlan;
use super::product::{Into, Left, add_outer, multiply};
use super::transforms::from_points;
use super::transposes::{bias_gradient, gradient_to_points};
use super::worker::{Gradients, Shared, Worker};
use crate::cpu::memory::Buffer;
use crate::error::Result;

/// What one thread needs for it.
pub(super) struct Readout {
    /// Prediction of every step, before the way back; its gradient after.
    p: Vec<Buffer>,
    /// Too much and too little predicted, of every step.
    e: Vec<Buffer>,
    /// Zeros: nothing else reads these errors.
    no_gradient: Buffer,
    m: Buffer,
    units: ErrorUnits,
    /// Sums of the errors, per step.
    sums: Vec<f64>,
}

impl Readout {
    pub(super) fn new(plan: &LayerPlan, steps: usize) -> Result<Self> {
        let maps = |len: usize| (0..steps).map(|_| Buffer::zeros(len)).collect::<Result<Vec<_>>>();
        Ok(Self {
            p: maps(plan.a.len())?,
            e: maps(plan.e.len())?,
            no_gradient: Buffer::zeros(plan.e.len())?,
            m: Buffer::zeros(plan.m_ahat.len())?,
            units: ErrorUnits::new(plan.e, 1.0),
            sums: vec![0.0; steps],
        })
    }

    /// The prediction of a step.
    pub(super) fn prediction(&self, step: usize) -> Option<&Buffer> {
        self.p.get(step)
    }
}

impl Worker {
    /// Sum of a step's errors: of a layer, or of the readout.
    pub(super) fn sum(&self, step: usize, column: usize) -> f64 {
        match &self.readout {
            Some(readout) if column == self.plans.len() => readout.sums[step],
            _ => self.sums[step * self.plans.len() + column],
        }
    }

    /// The prediction and its errors, while the points of `R_0` and the frame are there.
    pub(super) fn read_out<S: Simd>(&mut self, s: S, shared: &Shared, step: usize) {
        let (plan, desk) = (&self.plans[0], &self.desks[0]);
        let (Some(readout), Some(layout)) = (&mut self.readout, &shared.layouts[0].p) else { return };
        let (Some(packed), Some(bias)) = (&shared.packed[0].p, &shared.biases[0].p) else { return };
        let left = Left { values: &desk.v, spectrum: plan.v_at(0), first: 0 };
        let m = plan.slot(plan.m_ahat, 0);
        let right = (&layout.forward, &*packed.forward);
        multiply(s, left, 0..plan.r_blocks, right, (m, 0, &mut readout.m), Into::Set);
        from_points(s, plan.a, &mut readout.p[step], bias, m, &readout.m);
        let sum = readout.units.forward(s, &desk.a, &mut readout.p[step], &mut readout.e[step]);
        readout.sums[step] = sum;
    }

    /// Back through the prediction, to `R_0` and, slots enough, to the kernels.
    pub(super) fn read_out_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        step: usize,
        direct: f32,
        out: &mut Gradients,
    ) {
        let (plan, desk) = (&self.plans[0], &mut self.desks[0]);
        let (Some(readout), Some(layout)) = (&mut self.readout, &shared.layouts[0].p) else { return };
        let (Some(packed), Some(place)) = (&shared.packed_back[0].p, &shared.list.layers[0].p) else {
            return;
        };
        let errors = (&*readout.e[step], &*readout.no_gradient);
        // The gradient by the frame goes nowhere.
        readout.units.backward(s, direct, errors, &mut readout.p[step], &mut desk.a);
        let m = plan.slot(plan.m_ahat, step);
        gradient_to_points(s, plan.a, &readout.p[step], m, &mut readout.m);
        layout.add_bias_gradient(&bias_gradient(m, &readout.m), &mut out.list[place.biases.clone()]);
        let dm = Left { values: &readout.m, spectrum: m, first: 0 };
        let target = (plan.v_at(0), 0, &mut *desk.dv);
        multiply(s, dm, 0..m.blocks, (&layout.back, &*packed.back), target, Into::Add);

        let Some(gradient) = out.kernels[0].p.as_deref_mut().filter(|_| step.is_multiple_of(plan.slots))
        else {
            return;
        };
        let complete = plan.slots.min(shared.steps - step);
        let view = |spectrum: Spectrum| spectrum.slots(0, complete, plan.tiles);
        let r = Left { values: &desk.v, spectrum: view(plan.v), first: 0 };
        add_outer(s, r, 0..plan.r_blocks, (view(plan.m_ahat), &*readout.m), (&layout.forward, gradient));
    }
}
