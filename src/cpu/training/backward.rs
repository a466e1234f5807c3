//! Backward through time, by hand, for one thread's images.
//!
//! A representation is read by two convolutions (its layer's prediction, and the gates of the next step) and, doubled
//! in size, by a third below; errors likewise by two. Their gradients meet in the Winograd domain, so that each is
//! transformed once, and so do the gradients of kernels, over all tiles, images and steps.

use pulp::Simd;

use super::pool;
use super::product::{Into, Left, add_outer, multiply};
use super::transforms::{
    add_bias_gradient, add_from_points, add_from_points_doubled, gradient_to_points, to_points,
    to_points_doubled,
};
use super::worker::{Gradients, Shared, Worker};

impl Worker {
    /// All steps; `direct` is the gradient of each error unit, `[step][layer]`.
    pub(super) fn backward<S: Simd>(&mut self, s: S, shared: &Shared, direct: &[f32], out: &mut Gradients) {
        out.clear();
        let last = shared.steps - 1;
        for (layer, desk) in self.desks.iter_mut().enumerate() {
            let (plan, kept) = (&self.plans[layer], &self.kept[last][layer]);
            desk.dv.fill(0.0);
            desk.dc.fill(0.0);
            to_points(s, plan.r, &kept.r, plan.v, 0, &mut desk.v[0]);
            to_points(s, plan.e, &kept.e, plan.v, plan.r_blocks, &mut desk.v[0]);
        }
        for step in (0..shared.steps).rev() {
            for layer in (0..self.plans.len()).rev() {
                let direct = direct[step * self.plans.len() + layer];
                self.compare_back(s, shared, (step, layer), direct, out);
            }
            self.desks[0].dr.fill(0.0);
            for layer in 0..self.plans.len() {
                self.represent_back(s, shared, (step, layer), out);
            }
        }
    }

    /// Back through what goes up, the error units and the prediction.
    fn compare_back<S: Simd>(
        &mut self,
        s: S,
        shared: &Shared,
        (step, layer): (usize, usize),
        direct: f32,
        out: &mut Gradients,
    ) {
        let plan = &self.plans[layer];
        let (desks, above) = self.desks.split_at_mut(layer + 1);
        let desk = &mut desks[layer];
        let kept = &mut self.kept[step][layer];
        let (layouts, packed) = (&shared.layouts[layer], &shared.packed_back[layer]);
        let (places, kernels) = (&shared.list.layers[layer], &mut out.kernels[layer]);
        let m = &mut *self.m;

        if let (Some(up), Some(m_up), Some(above), Some(place), Some(layout), Some(packed), Some(gradient)) =
            (plan.up, plan.m_up, above.first(), &places.a, &layouts.a, &packed.a, &mut kernels.a)
        {
            pool::backward(s, up, &above.a, &kept.which, &mut desk.up);
            gradient_to_points(s, up, &desk.up, m_up, m);
            add_bias_gradient(m_up, up.channels, m, &mut out.list[place.biases.clone()]);
            let e = Left { values: &desk.v[0], spectrum: plan.v, first: plan.r_blocks };
            let blocks = plan.re_blocks - plan.r_blocks;
            add_outer(s, e, 0..blocks, (m_up, m), (&layout.forward, gradient));
            let dm = Left { values: m, spectrum: m_up, first: 0 };
            let target = (plan.v, plan.r_blocks, &mut *desk.dv);
            multiply(s, dm, 0..m_up.blocks, (&layout.back, &packed.back), target, Into::Add);
        }

        desk.de.fill(0.0);
        add_from_points(s, plan.e, &mut desk.de, plan.v, plan.r_blocks, &desk.dv);
        desk.units.backward(s, direct, (&kept.e, &desk.de), &mut kept.ahat, &mut desk.a);

        let m_ahat = plan.m_ahat;
        gradient_to_points(s, plan.a, &kept.ahat, m_ahat, m);
        add_bias_gradient(m_ahat, plan.a.channels, m, &mut out.list[places.ahat.biases.clone()]);
        let r = Left { values: &desk.v[0], spectrum: plan.v, first: 0 };
        add_outer(s, r, 0..plan.r_blocks, (m_ahat, m), (&layouts.ahat.forward, &mut kernels.ahat));
        let dm = Left { values: m, spectrum: m_ahat, first: 0 };
        let right = (&layouts.ahat.back, &*packed.ahat.back);
        multiply(s, dm, 0..m_ahat.blocks, right, (plan.v, 0, &mut desk.dv), Into::Add);
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
        let m = &mut *self.m;
        let m_gates = plan.m_gates;

        add_from_points(s, plan.r, &mut desk.dr, plan.v, 0, &desk.dv);
        let (now, now_above) = now[0].split_at_mut(layer + 1);
        let kept = &mut now[layer];
        let before = earlier.map_or(&*self.zeros, |kept| &*kept.c);
        desk.cell.backward(s, &mut kept.gates, (before, &kept.c), &desk.dr, &mut desk.dc);
        gradient_to_points(s, plan.gates, &kept.gates, m_gates, m);
        let biases = shared.list.layers[layer].gates.biases.clone();
        add_bias_gradient(m_gates, plan.gates.channels, m, &mut out.list[biases]);

        // What the gates of this step read: R and E of the step before, R of the layer above.
        desk.v.swap(0, 1);
        let v = &mut desk.v[0];
        if let Some(earlier) = earlier {
            to_points(s, plan.r, &earlier.r, plan.v, 0, v);
            to_points(s, plan.e, &earlier.e, plan.v, plan.r_blocks, v);
        }
        let plan_above = self.plans.get(layer + 1);
        if let (Some(above), Some(kept)) = (plan_above, now_above.first()) {
            to_points_doubled(s, above.r, &kept.r, plan.v, plan.re_blocks, v);
        }
        let begin = if step == 0 { plan.re_blocks } else { 0 };
        let input = Left { values: v, spectrum: plan.v, first: begin };
        let gradient = (&layouts.forward, &mut *out.kernels[layer].gates);
        add_outer(s, input, begin..plan.v.blocks, (m_gates, m), gradient);

        let dm = Left { values: m, spectrum: m_gates, first: 0 };
        if step > 0 {
            let right = (&layouts.back, &*packed.back);
            multiply(s, dm, 0..m_gates.blocks, right, (plan.v, 0, &mut desk.dv), Into::Set);
        }
        if let (Some(plan_above), Some(above)) = (plan_above, above.first_mut()) {
            let right = (&layouts.back_doubled, &*packed.back_doubled);
            let target = (plan.v, plan.re_blocks, &mut *desk.dv);
            multiply(s, dm, 0..m_gates.blocks, right, target, Into::Set);
            above.dr.fill(0.0);
            add_from_points_doubled(s, plan_above.r, &mut above.dr, plan.v, plan.re_blocks, &desk.dv);
        }
    }
}
