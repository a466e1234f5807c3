//! Winograd's minimal filtering F(4x4,3x3): six numbers of a row to six points, six points to four outputs.
//!
//! With the points 0, 1, -1, 2, -2 and infinity (Lavin & Gray 2016, arXiv 1509.09308, section 4.3):
//! `Y = A' [(G g G') * (B' d B)] A`. A 6x6 patch has 36 points, numbered `6 * row + column`.

use pulp::Simd;

use crate::cpu::simd::{Vector, load};

/// Points along one side.
pub const SIDE: usize = 6;

/// Points of a patch.
pub const POINTS: usize = SIDE * SIDE;

/// The point (in either direction) that is zero on an input doubled by repetition: see [`upsampled`].
pub const SILENT: usize = 2;

/// The points along one side that are not.
pub const LOUD: [usize; 5] = [0, 1, 3, 4, 5];

/// `G`: a kernel's three taps at the six points.
const KERNEL: [[f64; 3]; SIDE] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// Whether a point vanishes on an input that was doubled in size.
#[must_use]
pub const fn is_silent(point: usize) -> bool {
    point / SIDE == SILENT || point % SIDE == SILENT
}

/// `G g G'`: the 36 points of a 3x3 kernel (row by row), computed in double precision.
#[must_use]
pub fn kernel(taps: &[f32; 9]) -> [f32; POINTS] {
    let dot = |weights: &[f64; 3], values: [f64; 3]| {
        weights[0] * values[0] + weights[1] * values[1] + weights[2] * values[2]
    };
    let mut points = [0.0; POINTS];
    for (i, vertical) in KERNEL.iter().enumerate() {
        let column = |j: usize| dot(vertical, [0, 1, 2].map(|k| f64::from(taps[3 * k + j])));
        let row = [column(0), column(1), column(2)];
        for (j, horizontal) in KERNEL.iter().enumerate() {
            points[SIDE * i + j] = dot(horizontal, row) as f32;
        }
    }
    points
}

/// Where a patch is read from. A trait and no closure: a closure is a function of its own, which the compiler may
/// leave outside of the one that was compiled for the machine's vectors.
pub trait Source<S: Simd> {
    /// The pixel of a row and column of the patch.
    fn pixel(&self, simd: S, row: usize, column: usize) -> Vector<S>;
}

/// Where points go.
pub trait Sink<S: Simd> {
    /// Takes the value of a point.
    fn put(&mut self, simd: S, point: usize, value: Vector<S>);
}

/// `k x + y`.
#[inline(always)]
fn times<S: Simd>(simd: S, k: f32, x: Vector<S>, y: Vector<S>) -> Vector<S> {
    simd.mul_add_e_f32s(simd.splat_f32s(k), x, y)
}

/// `B'`: six neighbours to six points.
#[inline(always)]
pub fn forward<S: Simd>(simd: S, d: [Vector<S>; 6]) -> [Vector<S>; 6] {
    let even = times(simd, -4.0, d[2], d[4]);
    let odd = times(simd, -4.0, d[1], d[3]);
    let outer = simd.sub_f32s(d[4], d[2]);
    let inner = simd.sub_f32s(d[3], d[1]);
    [
        times(simd, 4.0, d[0], times(simd, -5.0, d[2], d[4])),
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        times(simd, 2.0, inner, outer),
        times(simd, -2.0, inner, outer),
        times(simd, 4.0, d[1], times(simd, -5.0, d[3], d[5])),
    ]
}

/// `B'` of `a b b c c d`, four neighbours of the small map each shown twice: the points [`LOUD`]. The other one
/// is the difference of the two halves of a pair, which are equal.
#[inline(always)]
pub fn upsampled<S: Simd>(simd: S, [a, b, c, d]: [Vector<S>; 4]) -> [Vector<S>; 5] {
    let step = simd.sub_f32s(c, b);
    [
        times(simd, 4.0, a, times(simd, -5.0, b, c)),
        times(simd, -8.0, b, simd.add_f32s(c, c)),
        simd.mul_f32s(simd.splat_f32s(3.0), step),
        simd.sub_f32s(b, c),
        times(simd, 4.0, b, times(simd, -5.0, c, d)),
    ]
}

/// `A'`: six points to four neighbouring outputs.
#[inline(always)]
pub fn inverse<S: Simd>(simd: S, m: [Vector<S>; 6]) -> [Vector<S>; 4] {
    let (near, across) = (simd.add_f32s(m[1], m[2]), simd.sub_f32s(m[1], m[2]));
    let (far, over) = (simd.add_f32s(m[3], m[4]), simd.sub_f32s(m[3], m[4]));
    [
        simd.add_f32s(simd.add_f32s(m[0], near), far),
        times(simd, 2.0, over, across),
        times(simd, 4.0, far, near),
        simd.add_f32s(times(simd, 8.0, over, across), m[5]),
    ]
}

/// Both directions of [`inverse`]: 36 points, `values[start + point * stride]` and its neighbours, to 4x4 outputs.
#[inline(always)]
pub fn inverse_tile<S: Simd>(simd: S, values: &[f32], start: usize, stride: usize) -> [[Vector<S>; 4]; 4] {
    let zero = simd.splat_f32s(0.0);
    let mut rows = [[zero; SIDE]; 4];
    for j in 0..SIDE {
        let mut points = [zero; SIDE];
        for i in 0..SIDE {
            points[i] = load::<S>(values, start + (SIDE * i + j) * stride);
        }
        let column = inverse(simd, points);
        for i in 0..4 {
            rows[i][j] = column[i];
        }
    }
    [inverse(simd, rows[0]), inverse(simd, rows[1]), inverse(simd, rows[2]), inverse(simd, rows[3])]
}

/// Both directions of [`forward`]: a 6x6 patch to 36 points.
#[inline(always)]
pub fn forward_tile<S: Simd>(simd: S, source: &impl Source<S>, sink: &mut impl Sink<S>) {
    let zero = simd.splat_f32s(0.0);
    let mut rows = [[zero; SIDE]; SIDE];
    for j in 0..SIDE {
        let mut pixels = [zero; SIDE];
        for i in 0..SIDE {
            pixels[i] = source.pixel(simd, i, j);
        }
        let column = forward(simd, pixels);
        for i in 0..SIDE {
            rows[i][j] = column[i];
        }
    }
    for i in 0..SIDE {
        let row = forward(simd, rows[i]);
        for j in 0..SIDE {
            sink.put(simd, SIDE * i + j, row[j]);
        }
    }
}

/// Both directions of [`upsampled`]: 4x4 small pixels to the 25 loud points.
#[inline(always)]
pub fn upsampled_tile<S: Simd>(simd: S, source: &impl Source<S>, sink: &mut impl Sink<S>) {
    let zero = simd.splat_f32s(0.0);
    let mut rows = [[zero; 4]; LOUD.len()];
    for j in 0..4 {
        let mut pixels = [zero; 4];
        for i in 0..4 {
            pixels[i] = source.pixel(simd, i, j);
        }
        let column = upsampled(simd, pixels);
        for i in 0..LOUD.len() {
            rows[i][j] = column[i];
        }
    }
    for i in 0..LOUD.len() {
        let row = upsampled(simd, rows[i]);
        for j in 0..LOUD.len() {
            sink.put(simd, SIDE * LOUD[i] + LOUD[j], row[j]);
        }
    }
}
