//! Backward through time, by hand, for one thread's images.
//!
//! A representation is read by two convolutions (its layer's prediction, and the gates of the next step) and, doubled
//! in size, by a third below; errors likewise by two. Their gradients meet in the Winograd domain, so that each is
//! transformed once, and so do the gradients of kernels, over all tiles, images and steps.
//!
//! Slots: the slot of a step holds what the convolutions read of it (`R` and `E` of the step; `R` of the layer above
//! one step later, for the gates of that step) and the gradients of what they gave. A slot is complete when the way
//! back has passed the errors of its step; then, slots enough, the products for the kernels are made.

use pulp::Simd;

use super::layout::Spectrum;
use super::pool;
use super::product::{Into, Left, add_outer, multiply};
use super::transforms::{to_points, to_points_doubled};
use super::transposes::{add_from_points, add_from_points_doubled, bias_gradient, gradient_to_points};
use super::worker::{Gradients, Shared, Worker};

impl Worker {
    /// All steps; `direct` is the gradient of each error unit, `[step][column]`: the layers and, where there is one, the
    /// readout.
    pub(super) fn backward<S: Simd>(&mut self, s: S, shared: &Shared, direct: &[f32], out: &mut Gradients) {
        out.clear();
        let (last, columns) = (shared.steps - 1, shared.columns());
        for (layer, desk) in self.desks.iter_mut().enumerate() {
            let (plan, kept) = (&self.plans[layer], &self.kept[last][layer]);
            desk.dv.fill(0.0);
            desk.dc.fill(0.0);
            to_points(s, plan.r, &kept.r, plan.v_at(last), 0, &mut desk.v);
            to_points(s, plan.e, &kept.e, plan.v_at(last), plan.r_blocks, &mut desk.v);
        }
        for step in (0..shared.steps).rev() {
            for layer in (0..self.plans.len()).rev() {
                let of_step = &direct[step * columns..(step + 1) * columns];
                self.send_up_back(s, shared, (step, layer), out);
                self.compare_back(s, shared, (step, layer), of_step[layer], out);
                if layer == 0 {
                    self.read_out_back(s, shared, step, of_step[columns - 1], out);
                }
                if step % self.plans[layer].slots == 0 {
                    self.kernels_back(s, shared, (step, layer), out);
                }
            }
            self.desks[0].dr.fill(0.0);
            for layer in 0..self.plans.len() {
                self.represent_back(s, shared, (step, layer), out);
            }
        }
    }

    /// Back through what goes up.
    fn send_up_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        (step, layer): (usize, usize),
        out: &mut Gradients,
    ) {
        let plan = &self.plans[layer];
        let (desks, above) = self.desks.split_at_mut(layer + 1);
        let desk = &mut desks[layer];
        let (layout, packed) = (&shared.layouts[layer].a, &shared.packed_back[layer].a);
        let place = &shared.list.layers[layer].a;
        let (Some(up), Some(m_up), Some(above)) = (plan.up, plan.m_up, above.first()) else { return };
        let (Some(place), Some(layout), Some(packed)) = (place, layout, packed) else { return };

        let m_up = plan.slot(m_up, step);
        pool::backward(s, up, &above.a, &self.kept[step][layer].which, &mut desk.up);
        gradient_to_points(s, up, &desk.up, m_up, &mut desk.m_up);
        layout.add_bias_gradient(&bias_gradient(m_up, &desk.m_up), &mut out.list[place.biases.clone()]);
        let dm = Left { values: &desk.m_up, spectrum: m_up, first: 0 };
        let target = (plan.v_at(0), plan.r_blocks, &mut *desk.dv);
        multiply(s, dm, 0..m_up.blocks, (&layout.back, &packed.back), target, Into::Add);
    }

    /// Back through the error units and the prediction.
    fn compare_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        (step, layer): (usize, usize),
        direct: f32,
        out: &mut Gradients,
    ) {
        let plan = &self.plans[layer];
        let desk = &mut self.desks[layer];
        let kept = &mut self.kept[step][layer];
        desk.de.fill(0.0);
        add_from_points(s, plan.e, &mut desk.de, plan.v_at(0), plan.r_blocks, &desk.dv);
        desk.units.backward(s, direct, (&kept.e, &desk.de), &mut kept.ahat, &mut desk.a);

        let m_ahat = plan.slot(plan.m_ahat, step);
        let layout = &shared.layouts[layer].ahat;
        let biases = shared.list.layers[layer].ahat.biases.clone();
        gradient_to_points(s, plan.a, &kept.ahat, m_ahat, &mut desk.m_ahat);
        layout.add_bias_gradient(&bias_gradient(m_ahat, &desk.m_ahat), &mut out.list[biases]);
        let dm = Left { values: &desk.m_ahat, spectrum: m_ahat, first: 0 };
        let right = (&layout.back, &*shared.packed_back[layer].ahat.back);
        multiply(s, dm, 0..m_ahat.blocks, right, (plan.v_at(0), 0, &mut desk.dv), Into::Add);
    }

    /// The gradients by the kernels of the complete slots from `step` on.
    fn kernels_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        (step, layer): (usize, usize),
        out: &mut Gradients,
    ) {
        let plan = &self.plans[layer];
        let desk = &self.desks[layer];
        let (layouts, kernels) = (&shared.layouts[layer], &mut out.kernels[layer]);
        let complete = plan.slots.min(shared.steps - step);
        // The last step's R and E were read by no gates.
        let read_by_gates = plan.slots.min(shared.steps - 1 - step);
        let view = |spectrum: Spectrum, slots| spectrum.slots(0, slots, plan.tiles);
        let input = |slots, first| Left { values: &desk.v, spectrum: view(plan.v, slots), first };

        let right = (view(plan.m_gates, read_by_gates), &*desk.m_gates);
        let target = (&layouts.gates.forward, &mut *kernels.gates);
        add_outer(s, input(read_by_gates, 0), 0..plan.v.blocks, right, target);
        let right = (view(plan.m_ahat, complete), &*desk.m_ahat);
        let target = (&layouts.ahat.forward, &mut *kernels.ahat);
        add_outer(s, input(complete, 0), 0..plan.r_blocks, right, target);
        if let (Some(m_up), Some(layout), Some(gradient)) = (plan.m_up, &layouts.a, &mut kernels.a) {
            let right = (view(m_up, complete), &*desk.m_up);
            let e = input(complete, plan.r_blocks);
            add_outer(s, e, 0..plan.re_blocks - plan.r_blocks, right, (&layout.forward, gradient));
        }
    }

    /// Back through the convolutional LSTM.
    fn represent_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        (step, layer): (usize, usize),
        out: &mut Gradients,
    ) {
        let plan = &self.plans[layer];
        let (desks, above) = self.desks.split_at_mut(layer + 1);
        let desk = &mut desks[layer];
        let (layouts, packed) = (&shared.layouts[layer].gates, &shared.packed_back[layer].gates);
        let (earlier, now) = self.kept.split_at_mut(step);
        let earlier = earlier.last().map(|kept| &kept[layer]);
        let (now, now_above) = now[0].split_at_mut(layer + 1);
        let kept = &mut now[layer];
        // What the gates of this step read lies in the slot of the step before.
        let slot = step.saturating_sub(1);
        let (v, m) = (plan.v_at(slot), plan.slot(plan.m_gates, slot));

        add_from_points(s, plan.r, &mut desk.dr, plan.v_at(0), 0, &desk.dv);
        let start = &self.starts[layer];
        let before = earlier.map_or(&*start.c, |kept| &*kept.c);
        desk.cell.backward(s, &mut kept.gates, (before, &kept.c), &desk.dr, &mut desk.dc);
        gradient_to_points(s, plan.gates, &kept.gates, m, &mut desk.m_gates);
        let biases = shared.list.layers[layer].gates.biases.clone();
        layouts.add_bias_gradient(&bias_gradient(m, &desk.m_gates), &mut out.list[biases]);

        let (r, e) = earlier.map_or((&start.r, &start.e), |kept| (&kept.r, &kept.e));
        if step > 0 || self.begun {
            to_points(s, plan.r, r, v, 0, &mut desk.v);
            to_points(s, plan.e, e, v, plan.r_blocks, &mut desk.v);
        }
        let plan_above = self.plans.get(layer + 1);
        if let (Some(above), Some(kept)) = (plan_above, now_above.first()) {
            to_points_doubled(s, above.r, &kept.r, v, plan.re_blocks, &mut desk.v);
        }
        if step == 0 {
            // R and E before the first step may be zero.
            let first = if self.begun { 0 } else { plan.re_blocks };
            let input = Left { values: &desk.v, spectrum: v, first };
            let gradient = (&layouts.forward, &mut *out.kernels[layer].gates);
            add_outer(s, input, first..plan.v.blocks, (m, &desk.m_gates), gradient);
        }

        let dm = Left { values: &desk.m_gates, spectrum: m, first: 0 };
        if step > 0 {
            let right = (&layouts.back, &*packed.back);
            multiply(s, dm, 0..m.blocks, right, (plan.v_at(0), 0, &mut desk.dv), Into::Set);
        }
        if let (Some(plan_above), Some(above)) = (plan_above, above.first_mut()) {
            let right = (&layouts.back_doubled, &*packed.back_doubled);
            let target = (plan.v_at(0), plan.re_blocks, &mut *desk.dv);
            multiply(s, dm, 0..m.blocks, right, target, Into::Set);
            above.dr.fill(0.0);
            add_from_points_doubled(s, plan_above.r, &mut above.dr, plan.v_at(0), plan.re_blocks, &desk.dv);
        }
    }
}
