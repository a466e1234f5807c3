//! What training needs beside the one-dimensional transforms of [`crate::cpu::winograd`]: their transposes, and the
//! kernels' transform with its own.

use pulp::Simd;

use crate::cpu::simd::Vector;

/// An array of what `make` gives for each index. `std::array::from_fn` is no help here: it is not always made part
/// of its caller, and vectors would go through memory.
#[inline(always)]
pub(super) fn tabulate<T: Copy, const N: usize>(blank: T, mut make: impl FnMut(usize) -> T) -> [T; N] {
    let mut table = [blank; N];
    for (index, place) in table.iter_mut().enumerate() {
        *place = make(index);
    }
    table
}

/// A transform of tiles of `A` by `A` to tiles of `B` by `B`: first of every column, then of every row.
#[inline(always)]
pub(super) fn separable<S: Simd, const A: usize, const B: usize>(
    s: S,
    line: impl Fn([Vector<S>; A]) -> [Vector<S>; B],
    load: impl Fn(usize, usize) -> Vector<S>,
    mut store: impl FnMut(usize, usize, Vector<S>),
) {
    let zero = s.splat_f32s(0.0);
    let mut columns = [[zero; B]; A];
    for (j, column) in columns.iter_mut().enumerate() {
        let mut values = [zero; A];
        for (i, value) in values.iter_mut().enumerate() {
            *value = load(i, j);
        }
        *column = line(values);
    }
    for i in 0..B {
        let mut values = [zero; A];
        for (value, column) in values.iter_mut().zip(&columns) {
            *value = column[i];
        }
        for (j, &value) in line(values).iter().enumerate() {
            store(i, j, value);
        }
    }
}

/// The transpose of [`crate::cpu::winograd::forward`].
#[inline(always)]
pub(super) fn forward_transposed<S: Simd>(s: S, v: [Vector<S>; 6]) -> [Vector<S>; 6] {
    let two = s.splat_f32s(2.0);
    let four = s.splat_f32s(4.0);
    let minus_four = s.splat_f32s(-4.0);
    let minus_five = s.splat_f32s(-5.0);
    let near_sum = s.add_f32s(v[1], v[2]);
    let near_difference = s.sub_f32s(v[1], v[2]);
    let far_sum = s.add_f32s(v[3], v[4]);
    let far_difference = s.mul_f32s(two, s.sub_f32s(v[3], v[4]));
    let third = s.mul_add_e_f32s(minus_five, v[0], s.mul_f32s(minus_four, near_sum));
    let fourth = s.mul_add_e_f32s(minus_five, v[5], near_difference);
    [
        s.mul_f32s(four, v[0]),
        s.mul_add_e_f32s(
            minus_four,
            near_difference,
            s.mul_add_e_f32s(four, v[5], s.neg_f32s(far_difference)),
        ),
        s.sub_f32s(third, far_sum),
        s.add_f32s(fourth, far_difference),
        s.add_f32s(s.add_f32s(v[0], near_sum), far_sum),
        v[5],
    ]
}

/// The transpose of [`crate::cpu::winograd::upsampled`].
#[inline(always)]
pub(super) fn upsampled_transposed<S: Simd>(s: S, v: [Vector<S>; 5]) -> [Vector<S>; 4] {
    let two = s.splat_f32s(2.0);
    let three = s.splat_f32s(3.0);
    let four = s.splat_f32s(4.0);
    let five = s.splat_f32s(-5.0);
    let eight = s.splat_f32s(-8.0);
    let slope = s.mul_add_e_f32s(three, v[2], s.neg_f32s(v[3]));
    let left = s.mul_add_e_f32s(five, v[0], s.mul_f32s(eight, v[1]));
    let right = s.mul_add_e_f32s(two, v[1], v[0]);
    [
        s.mul_f32s(four, v[0]),
        s.add_f32s(s.mul_add_e_f32s(four, v[4], left), s.neg_f32s(slope)),
        s.add_f32s(s.mul_add_e_f32s(five, v[4], right), slope),
        v[4],
    ]
}

/// The transpose of [`crate::cpu::winograd::inverse`].
#[inline(always)]
pub(super) fn inverse_transposed<S: Simd>(s: S, y: [Vector<S>; 4]) -> [Vector<S>; 6] {
    let two = s.splat_f32s(2.0);
    let four = s.splat_f32s(4.0);
    let even = s.add_f32s(y[0], y[2]);
    let odd = s.add_f32s(y[1], y[3]);
    let far_even = s.mul_add_e_f32s(four, y[2], y[0]);
    let far_odd = s.mul_f32s(two, s.mul_add_e_f32s(four, y[3], y[1]));
    [
        y[0],
        s.add_f32s(even, odd),
        s.sub_f32s(even, odd),
        s.add_f32s(far_even, far_odd),
        s.sub_f32s(far_even, far_odd),
        y[3],
    ]
}

/// Three taps of a kernel to six points.
#[inline(always)]
pub(super) fn kernel<S: Simd>(s: S, g: [Vector<S>; 3]) -> [Vector<S>; 6] {
    let quarter = s.splat_f32s(1.0 / 4.0);
    let sixth = s.splat_f32s(-1.0 / 6.0);
    let twelfth = s.splat_f32s(1.0 / 12.0);
    let small = s.splat_f32s(1.0 / 24.0);
    let outer = s.mul_f32s(sixth, s.add_f32s(g[0], g[2]));
    let middle = s.mul_f32s(sixth, g[1]);
    let wide = s.mul_add_e_f32s(small, g[0], s.neg_f32s(s.mul_f32s(sixth, g[2])));
    let slope = s.mul_f32s(twelfth, g[1]);
    [
        s.mul_f32s(quarter, g[0]),
        s.add_f32s(outer, middle),
        s.sub_f32s(outer, middle),
        s.add_f32s(wide, slope),
        s.sub_f32s(wide, slope),
        g[2],
    ]
}

/// The transpose of [`kernel`].
#[inline(always)]
pub(super) fn kernel_transposed<S: Simd>(s: S, u: [Vector<S>; 6]) -> [Vector<S>; 3] {
    let quarter = s.splat_f32s(1.0 / 4.0);
    let sixth = s.splat_f32s(1.0 / 6.0);
    let twelfth = s.splat_f32s(1.0 / 12.0);
    let small = s.splat_f32s(1.0 / 24.0);
    let near_sum = s.mul_f32s(sixth, s.add_f32s(u[1], u[2]));
    let near_difference = s.mul_f32s(sixth, s.sub_f32s(u[2], u[1]));
    let far_sum = s.add_f32s(u[3], u[4]);
    let far_difference = s.sub_f32s(u[3], u[4]);
    [
        s.sub_f32s(s.mul_add_e_f32s(small, far_sum, s.mul_f32s(quarter, u[0])), near_sum),
        s.mul_add_e_f32s(twelfth, far_difference, near_difference),
        s.sub_f32s(s.mul_add_e_f32s(sixth, far_sum, u[5]), near_sum),
    ]
}
