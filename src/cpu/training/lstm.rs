//! The pointwise half of a convolutional LSTM (hard sigmoids, as in the authors' code of `PredNet`), forward and
//! backward, on rows of equal length.

use pulp::Simd;

use super::layout::{Map, group_lanes};
use super::rows::{HALF, Scratch, all, gather, scatter, span};
use crate::cpu::simd::{Vector, load, store, tanh, unit};

/// Slope of the hard sigmoid.
const SLOPE: f32 = 0.2;
/// Its value at 0.
const OFFSET: f32 = 0.5;

/// A gate in place: the hard sigmoid.
#[inline(always)]
fn gate<S: Simd>(s: S, values: &mut [f32], at: usize) -> Vector<S> {
    let (slope, offset) = (s.splat_f32s(SLOPE), s.splat_f32s(OFFSET));
    let open = unit(s, s.mul_add_e_f32s(load::<S>(values, at), slope, offset));
    store::<S>(values, at, open);
    open
}

/// The gradient through a gate that is this far open.
#[inline(always)]
fn through_gate<S: Simd>(s: S, open: Vector<S>, gradient: Vector<S>) -> Vector<S> {
    let (one, zero) = (s.splat_f32s(1.0), s.splat_f32s(0.0));
    let inside = s.and_m32s(s.greater_than_f32s(open, zero), s.less_than_f32s(open, one));
    s.select_f32s(inside, s.mul_f32s(gradient, s.splat_f32s(SLOPE)), zero)
}

/// `[i, f, o, g]` from what the convolution gave to what the gates are, in place; the new cell and the output.
#[inline(always)]
pub fn forward<S: Simd>(s: S, [i, f, o, g]: [&mut [f32]; 4], before: &[f32], c: &mut [f32], r: &mut [f32]) {
    for at in (0..c.len()).step_by(S::F32_LANES) {
        let (i, f, o) = (gate(s, i, at), gate(s, f, at), gate(s, o, at));
        let content = tanh(s, load::<S>(g, at));
        store::<S>(g, at, content);
        let cell = s.mul_add_e_f32s(f, load::<S>(before, at), s.mul_f32s(i, content));
        store::<S>(c, at, cell);
        store::<S>(r, at, s.mul_f32s(o, tanh(s, cell)));
    }
}

/// The gradient of [`forward`]: `gates` from their values to the gradients of what the convolution gave, `dc` from
/// the gradient of the new cell to that of the old one; `dr` is the gradient of the output.
#[inline(always)]
pub fn backward<S: Simd>(
    s: S,
    gates: [&mut [f32]; 4],
    (before, c): (&[f32], &[f32]),
    dr: &[f32],
    dc: &mut [f32],
) {
    let one = s.splat_f32s(1.0);
    let [i, f, o, g] = gates;
    for at in (0..dc.len()).step_by(S::F32_LANES) {
        let squashed = tanh(s, load::<S>(c, at));
        let dr = load::<S>(dr, at);
        let (gi, gf) = (load::<S>(i, at), load::<S>(f, at));
        let (go, gg) = (load::<S>(o, at), load::<S>(g, at));
        let through = s.mul_f32s(dr, go);
        let slope = s.sub_f32s(one, s.mul_f32s(squashed, squashed));
        let dcell = s.mul_add_e_f32s(through, slope, load::<S>(dc, at));
        store::<S>(i, at, through_gate(s, gi, s.mul_f32s(dcell, gg)));
        store::<S>(f, at, through_gate(s, gf, s.mul_f32s(dcell, load::<S>(before, at))));
        store::<S>(o, at, through_gate(s, go, s.mul_f32s(dr, squashed)));
        let slope = s.sub_f32s(one, s.mul_f32s(gg, gg));
        store::<S>(g, at, s.mul_f32s(s.mul_f32s(dcell, gi), slope));
        store::<S>(dc, at, s.mul_f32s(dcell, gf));
    }
}

/// The maps of a convolutional LSTM of some channels and the scratch its rows need.
#[derive(Clone, Debug)]
pub struct Cell {
    gates: Map,
    /// Maps of cells.
    one: Map,
    /// Maps of outputs, and of their gradient.
    r: Map,
    scratch: Scratch<8>,
}

impl Cell {
    /// For outputs in maps of shape `r`.
    #[must_use]
    pub fn new(r: Map) -> Self {
        let one = Map { border: 0, ..r };
        Self {
            gates: Map { channels: 4 * group_lanes(r.channels), ..one },
            one,
            r,
            scratch: Scratch::new(one),
        }
    }

    fn whole_blocks(&self) -> bool {
        group_lanes(self.one.channels) > HALF
    }

    /// [`forward`] for whole maps: `gates` in place, `before` the old cells, to the new cells and outputs.
    pub fn forward<S: Simd>(
        &mut self,
        s: S,
        gates: &mut [f32],
        before: &[f32],
        c: &mut [f32],
        r: &mut [f32],
    ) {
        s.vectorize(
            #[inline(always)]
            || {
                for at in all(self.one) {
                    if self.whole_blocks() {
                        self.forward_blocks(s, at, gates, before, c, r);
                    } else {
                        self.forward_gathered(s, at, gates, before, c, r);
                    }
                }
            },
        );
    }

    #[inline(always)]
    fn forward_blocks<S: Simd>(
        &self,
        s: S,
        at: (usize, usize),
        gates: &mut [f32],
        before: &[f32],
        c: &mut [f32],
        r: &mut [f32],
    ) {
        for block in 0..self.one.blocks() {
            let spans = std::array::from_fn(|gate| span(self.gates, gate * self.one.blocks() + block, at));
            let here = span(self.one, block, at);
            if let Ok(gates) = gates.get_disjoint_mut(spans) {
                let r = &mut r[span(self.r, block, at)];
                forward(s, gates, &before[here.clone()], &mut c[here], r);
            }
        }
    }

    #[inline(always)]
    fn forward_gathered<S: Simd>(
        &mut self,
        s: S,
        at: (usize, usize),
        gates: &mut [f32],
        before: &[f32],
        c: &mut [f32],
        r: &mut [f32],
    ) {
        let [i, f, o, g, old, new, out, _] = self.scratch.rows();
        for (k, row) in [&mut *i, &mut *f, &mut *o, &mut *g].into_iter().enumerate() {
            gather(self.gates, gates, at, k, row);
        }
        gather(self.one, before, at, 0, old);
        forward(s, [&mut *i, &mut *f, &mut *o, &mut *g], old, new, out);
        for (k, row) in [i, f, o, g].into_iter().enumerate() {
            scatter(self.gates, gates, at, k, row);
        }
        scatter(self.one, c, at, 0, new);
        scatter(self.r, r, at, 0, out);
    }

    /// [`backward`] for whole maps.
    pub fn backward<S: Simd>(
        &mut self,
        s: S,
        gates: &mut [f32],
        (before, c): (&[f32], &[f32]),
        dr: &[f32],
        dc: &mut [f32],
    ) {
        s.vectorize(
            #[inline(always)]
            || {
                for at in all(self.one) {
                    if self.whole_blocks() {
                        self.backward_blocks(s, at, gates, (before, c), dr, dc);
                    } else {
                        self.backward_gathered(s, at, gates, (before, c), dr, dc);
                    }
                }
            },
        );
    }

    #[inline(always)]
    fn backward_blocks<S: Simd>(
        &self,
        s: S,
        at: (usize, usize),
        gates: &mut [f32],
        (before, c): (&[f32], &[f32]),
        dr: &[f32],
        dc: &mut [f32],
    ) {
        for block in 0..self.one.blocks() {
            let spans = std::array::from_fn(|gate| span(self.gates, gate * self.one.blocks() + block, at));
            let here = span(self.one, block, at);
            if let Ok(gates) = gates.get_disjoint_mut(spans) {
                let dr = &dr[span(self.r, block, at)];
                backward(s, gates, (&before[here.clone()], &c[here.clone()]), dr, &mut dc[here]);
            }
        }
    }

    #[inline(always)]
    fn backward_gathered<S: Simd>(
        &mut self,
        s: S,
        at: (usize, usize),
        gates: &mut [f32],
        (before, c): (&[f32], &[f32]),
        dr: &[f32],
        dc: &mut [f32],
    ) {
        let [i, f, o, g, old, new, out, dcell] = self.scratch.rows();
        for (k, row) in [&mut *i, &mut *f, &mut *o, &mut *g].into_iter().enumerate() {
            gather(self.gates, gates, at, k, row);
        }
        gather(self.one, before, at, 0, old);
        gather(self.one, c, at, 0, new);
        gather(self.r, dr, at, 0, out);
        gather(self.one, dc, at, 0, dcell);
        backward(s, [&mut *i, &mut *f, &mut *o, &mut *g], (old, new), out, dcell);
        for (k, row) in [i, f, o, g].into_iter().enumerate() {
            scatter(self.gates, gates, at, k, row);
        }
        scatter(self.one, dc, at, 0, dcell);
    }
}
