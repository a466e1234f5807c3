//! Forward through time: what `model::prednet` computes, for one thread's images.

use pulp::Simd;

use super::planes::put_planes;
use super::pool;
use super::product::{Into, Left, multiply};
use super::transforms::{from_points, to_points, to_points_doubled};
use super::worker::{Shared, Worker};

impl Worker {
    /// All steps; `frames` is `[image][step][channel][row][column]` of the whole batch.
    pub(super) fn forward<S: Simd>(&mut self, s: S, shared: &Shared, frames: &[f32]) {
        for step in 0..shared.steps {
            for layer in (0..self.plans.len()).rev() {
                self.represent(s, shared, step, layer);
            }
            self.take_frame(shared, frames, step);
            for layer in 0..self.plans.len() {
                self.compare(s, shared, step, layer);
            }
            self.read_out(s, shared, step);
        }
    }

    /// `R` and `C` of a layer.
    fn represent<S: Simd>(&mut self, s: S, shared: &Shared, step: usize, layer: usize) {
        let plan = &self.plans[layer];
        let desk = &mut self.desks[layer];
        let v = &mut desk.v;
        if let Some(above) = self.plans.get(layer + 1) {
            let r = &self.kept[step][layer + 1].r;
            to_points_doubled(s, above.r, r, plan.v_at(0), plan.re_blocks, v);
        }
        let start = &self.starts[layer];
        if step == 0 && self.begun {
            to_points(s, plan.r, &start.r, plan.v_at(0), 0, v);
            to_points(s, plan.e, &start.e, plan.v_at(0), plan.r_blocks, v);
        }
        // Where R and E are zero before the first step, only what comes from above counts.
        let begin = if step == 0 && !self.begun { plan.re_blocks } else { 0 };
        let left = Left { values: v, spectrum: plan.v_at(0), first: begin };
        let right = (&shared.layouts[layer].gates.forward, &*shared.packed[layer].gates.forward);
        multiply(
            s,
            left,
            begin..plan.v.blocks,
            right,
            (plan.slot(plan.m_gates, 0), 0, &mut desk.m_gates),
            Into::Set,
        );
        let (earlier, now) = self.kept.split_at_mut(step);
        let now = &mut now[0][layer];
        let before = earlier.last().map_or(&*start.c, |kept| &*kept[layer].c);
        from_points(
            s,
            plan.gates,
            &mut now.gates,
            &shared.biases[layer].gates,
            plan.slot(plan.m_gates, 0),
            &desk.m_gates,
        );
        desk.cell.forward(s, &mut now.gates, before, &mut now.c, &mut now.r);
        to_points(s, plan.r, &now.r, plan.v_at(0), 0, v);
    }

    /// The frame becomes what layer 0 predicts.
    fn take_frame(&mut self, shared: &Shared, frames: &[f32], step: usize) {
        let map = self.plans[0].a;
        let frame = map.channels * map.rows * map.columns;
        for image in 0..self.images {
            let from = ((self.first + image) * shared.steps + step) * frame;
            put_planes(map, image, &frames[from..from + frame], &mut self.desks[0].a);
        }
    }

    /// `Ahat`, `E` and what goes up.
    fn compare<S: Simd>(&mut self, s: S, shared: &Shared, step: usize, layer: usize) {
        let plan = &self.plans[layer];
        let (desks, above) = self.desks.split_at_mut(layer + 1);
        let desk = &mut desks[layer];
        let kept = &mut self.kept[step][layer];
        let (layouts, packed) = (&shared.layouts[layer], &shared.packed[layer]);
        let biases = &shared.biases[layer];
        let v = &mut desk.v;

        let left = Left { values: v, spectrum: plan.v_at(0), first: 0 };
        let right = (&layouts.ahat.forward, &*packed.ahat.forward);
        multiply(
            s,
            left,
            0..plan.r_blocks,
            right,
            (plan.slot(plan.m_ahat, 0), 0, &mut desk.m_ahat),
            Into::Set,
        );
        from_points(s, plan.a, &mut kept.ahat, &biases.ahat, plan.slot(plan.m_ahat, 0), &desk.m_ahat);
        let sum = desk.units.forward(s, &desk.a, &mut kept.ahat, &mut kept.e);
        self.sums[step * self.plans.len() + layer] = sum;
        to_points(s, plan.e, &kept.e, plan.v_at(0), plan.r_blocks, v);

        let (Some(up), Some(m_up), Some(layout)) = (plan.up, plan.m_up, &layouts.a) else { return };
        let m_up = plan.slot(m_up, 0);
        let (Some(packed), Some(bias), Some(above)) = (&packed.a, &biases.a, above.first_mut()) else {
            return;
        };
        let left = Left { values: v, spectrum: plan.v_at(0), first: plan.r_blocks };
        let right = (&layout.forward, &*packed.forward);
        multiply(s, left, 0..plan.re_blocks - plan.r_blocks, right, (m_up, 0, &mut desk.m_up), Into::Set);
        from_points(s, up, &mut desk.up, bias, m_up, &desk.m_up);
        pool::forward(s, up, &desk.up, &mut above.a, &mut kept.which);
    }
}
