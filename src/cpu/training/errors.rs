//! Error units `E = [relu(Ahat - A), relu(A - Ahat)]` with the rectifier of the prediction, forward and backward.

use pulp::Simd;

use super::layout::Map;
use super::rows::{HALF, Scratch, all, gather, scatter, span};
use crate::cpu::simd::{Vector, load, relu, store};

/// The maps of a layer's error units and the scratch their rows need.
#[derive(Clone, Debug)]
pub struct ErrorUnits {
    /// Maps of predictions and of what is predicted.
    one: Map,
    /// Maps of error units, and of their gradient.
    e: Map,
    /// Largest value of a prediction.
    most: f32,
    scratch: Scratch<6>,
}

/// A row: `ahat` is cut to 0..`most`; too much predicted and too little predicted; their sums.
#[inline(always)]
fn forward<S: Simd>(
    s: S,
    most: f32,
    a: &[f32],
    ahat: &mut [f32],
    plus: &mut [f32],
    minus: &mut [f32],
) -> Vector<S> {
    let most = s.splat_f32s(most);
    let mut sum = s.splat_f32s(0.0);
    for at in (0..a.len()).step_by(S::F32_LANES) {
        let predicted = s.min_f32s(relu(s, load::<S>(ahat, at)), most);
        store::<S>(ahat, at, predicted);
        let difference = s.sub_f32s(predicted, load::<S>(a, at));
        let (over, under) = (relu(s, difference), relu(s, s.neg_f32s(difference)));
        store::<S>(plus, at, over);
        store::<S>(minus, at, under);
        sum = s.add_f32s(sum, s.add_f32s(over, under));
    }
    sum
}

/// The gradient of an error unit, where it is above zero.
#[inline(always)]
fn open<S: Simd>(s: S, e: &[f32], de: &[f32], direct: Vector<S>, at: usize) -> Vector<S> {
    let zero = s.splat_f32s(0.0);
    let gradient = s.add_f32s(load::<S>(de, at), direct);
    s.select_f32s(s.greater_than_f32s(load::<S>(e, at), zero), gradient, zero)
}

/// A row: the gradients of both kinds of error (each plus `direct`) to those of `a` (in `da`) and of what the
/// convolution gave (in `ahat`, whose values are used up).
#[inline(always)]
fn backward<S: Simd>(
    s: S,
    (most, direct): (f32, f32),
    (plus, minus): (&[f32], &[f32]),
    (dplus, dminus): (&[f32], &[f32]),
    ahat: &mut [f32],
    da: &mut [f32],
) {
    let (most, direct, zero) = (s.splat_f32s(most), s.splat_f32s(direct), s.splat_f32s(0.0));
    for at in (0..ahat.len()).step_by(S::F32_LANES) {
        let gradient = s.sub_f32s(open(s, plus, dplus, direct, at), open(s, minus, dminus, direct, at));
        let predicted = load::<S>(ahat, at);
        let inside = s.and_m32s(s.greater_than_f32s(predicted, zero), s.less_than_f32s(predicted, most));
        store::<S>(da, at, s.neg_f32s(gradient));
        store::<S>(ahat, at, s.select_f32s(inside, gradient, zero));
    }
}

impl ErrorUnits {
    /// For error units in maps of shape `e`, with predictions of at most `most`.
    #[must_use]
    pub fn new(e: Map, most: f32) -> Self {
        let one = Map { border: 0, channels: e.channels / 2, ..e };
        Self { one, e, most, scratch: Scratch::new(one) }
    }

    fn whole_blocks(&self) -> bool {
        self.one.channels > HALF
    }

    /// Rectifies `ahat` in place and sets `e`; returns the sum of all error units.
    pub fn forward<S: Simd>(&mut self, s: S, a: &[f32], ahat: &mut [f32], e: &mut [f32]) -> f64 {
        let one = self.one;
        let mut total = 0.0;
        s.vectorize(
            #[inline(always)]
            || {
                for at in all(one) {
                    if self.whole_blocks() {
                        for block in 0..one.blocks() {
                            let here = span(one, block, at);
                            let both = [span(self.e, block, at), span(self.e, one.blocks() + block, at)];
                            if let Ok([plus, minus]) = e.get_disjoint_mut(both) {
                                let (a, ahat) = (&a[here.clone()], &mut ahat[here]);
                                total +=
                                    f64::from(s.reduce_sum_f32s(forward(s, self.most, a, ahat, plus, minus)));
                            }
                        }
                    } else {
                        let [actual, predicted, plus, minus, _, _] = self.scratch.rows();
                        gather(one, a, at, 0, actual);
                        gather(one, ahat, at, 0, predicted);
                        total += f64::from(
                            s.reduce_sum_f32s(forward(s, self.most, actual, predicted, plus, minus)),
                        );
                        scatter(one, ahat, at, 0, predicted);
                        scatter(self.e, e, at, 0, plus);
                        scatter(self.e, e, at, 1, minus);
                    }
                }
            },
        );
        total
    }

    /// From the gradient `de` of the error units, to each of which `direct` is added, to those of `a` (written to
    /// `da`) and of the convolution before the rectifier (written over `ahat`).
    pub fn backward<S: Simd>(
        &mut self,
        s: S,
        direct: f32,
        (e, de): (&[f32], &[f32]),
        ahat: &mut [f32],
        da: &mut [f32],
    ) {
        let (one, how) = (self.one, (self.most, direct));
        s.vectorize(
            #[inline(always)]
            || {
                for at in all(one) {
                    if self.whole_blocks() {
                        for block in 0..one.blocks() {
                            let here = span(one, block, at);
                            let (plus, minus) =
                                (span(self.e, block, at), span(self.e, one.blocks() + block, at));
                            let errors = (&e[plus.clone()], &e[minus.clone()]);
                            let gradients = (&de[plus], &de[minus]);
                            backward(s, how, errors, gradients, &mut ahat[here.clone()], &mut da[here]);
                        }
                    } else {
                        let [plus, minus, dplus, dminus, predicted, target] = self.scratch.rows();
                        gather(self.e, e, at, 0, plus);
                        gather(self.e, e, at, 1, minus);
                        gather(self.e, de, at, 0, dplus);
                        gather(self.e, de, at, 1, dminus);
                        gather(one, ahat, at, 0, predicted);
                        backward(s, how, (plus, minus), (dplus, dminus), predicted, target);
                        scatter(one, ahat, at, 0, predicted);
                        scatter(one, da, at, 0, target);
                    }
                }
            },
        );
    }
}
