//! Vectors of whatever width the machine has, and the nonlinearities on them.
//!
//! Everything that is `#[inline(always)]` in this room becomes part of the function that was compiled for the
//! machine's instruction set: without it the vectors would go through memory.

use pulp::{Arch, Simd, WithSimd};

/// The vector of an instruction set.
pub type Vector<S> = <S as Simd>::f32s;

/// Lanes to which channels are padded, so that layouts do not depend on the machine: the widest vector's.
pub const LANES: usize = 16;

/// Values in a line of the cache.
pub const LINE: usize = 16;

/// Beyond this the hyperbolic tangent is 1 in single precision.
const TANH_LIMIT: f32 = 9.0;

/// Odd and even coefficients of the rational approximation of tanh that Eigen and XLA use, highest power first.
const TANH_ODD: [f32; 7] = [
    -2.760_768_4e-16,
    2.000_188e-13,
    -8.604_672e-11,
    5.122_297e-8,
    1.485_722_4e-5,
    6.372_619e-4,
    4.893_524_6e-3,
];
const TANH_EVEN: [f32; 4] = [1.198_258_4e-6, 1.185_347e-4, 2.268_434_6e-3, 4.893_525e-3];

/// Runs an operation on the widest vectors that this processor has.
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    Arch::new().dispatch(op)
}

/// Lanes and number of the vectors that [`dispatch`] uses.
#[must_use]
pub fn vectors() -> (usize, usize) {
    struct Vectors;
    impl WithSimd for Vectors {
        type Output = (usize, usize);
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> (usize, usize) {
            (S::F32_LANES.min(LANES), S::REGISTER_COUNT)
        }
    }
    dispatch(Vectors)
}

/// What [`dispatch`] uses, in words.
#[must_use]
pub fn instruction_set() -> String {
    struct Name;
    impl WithSimd for Name {
        type Output = String;
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> String {
            let name = format!("{simd:?}");
            let short = match name.as_str() {
                text if text.starts_with("V4") => "AVX-512",
                text if text.starts_with("V3") => "AVX2 and FMA",
                text if text.starts_with("Neon") => "NEON",
                text if text.starts_with("Scalar") => "plain",
                _ => "other vectors",
            };
            format!("{short}, {} lanes", S::F32_LANES)
        }
    }
    dispatch(Name)
}

/// The vector that starts at `values[at]`.
#[inline(always)]
pub fn load<S: Simd>(values: &[f32], at: usize) -> Vector<S> {
    S::as_simd_f32s(&values[at..at + S::F32_LANES]).0[0]
}

/// Puts a vector at `values[at]`.
#[inline(always)]
pub fn store<S: Simd>(values: &mut [f32], at: usize, vector: Vector<S>) {
    S::as_mut_simd_f32s(&mut values[at..at + S::F32_LANES]).0[0] = vector;
}

/// Asks for the cache line of `values[at]`, to be there some hundred cycles later. Only a wish: a place beyond the
/// end, or a machine that has no such instruction, is no fault.
#[inline(always)]
#[allow(unsafe_code, reason = "the instruction takes an address; it reads nothing and never faults")]
pub fn prefetch<T>(values: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        let address = values.as_ptr().wrapping_add(at).cast();
        // SAFETY: a prefetch has no effect but on the cache, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(address) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}

/// As [`prefetch`], for a line that is about to be written: it is fetched as this core's own, into the nearest cache.
#[inline(always)]
#[allow(unsafe_code, reason = "the instruction takes an address; it reads nothing and never faults")]
pub fn prefetch_to_write(values: &[f32], at: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
        let address = values.as_ptr().wrapping_add(at).cast();
        // SAFETY: a prefetch has no effect but on the cache, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_ET0>(address) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}

/// `max(x, 0)`.
#[inline(always)]
pub fn relu<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    simd.max_f32s(x, simd.splat_f32s(0.0))
}

/// `x` cut to 0..1: the hard sigmoid, once its slope and offset are in the weights.
#[inline(always)]
pub fn unit<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    simd.min_f32s(relu(simd, x), simd.splat_f32s(1.0))
}

/// The hyperbolic tangent, within 5e-7 of the exact one.
#[inline(always)]
pub fn tanh<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let limit = simd.splat_f32s(TANH_LIMIT);
    let x = simd.max_f32s(simd.splat_f32s(-TANH_LIMIT), simd.min_f32s(x, limit));
    let square = simd.mul_f32s(x, x);
    let mut odd = simd.splat_f32s(TANH_ODD[0]);
    for &coefficient in &TANH_ODD[1..] {
        odd = simd.mul_add_e_f32s(odd, square, simd.splat_f32s(coefficient));
    }
    let mut even = simd.splat_f32s(TANH_EVEN[0]);
    for &coefficient in &TANH_EVEN[1..] {
        even = simd.mul_add_e_f32s(even, square, simd.splat_f32s(coefficient));
    }
    simd.div_f32s(simd.mul_f32s(x, odd), even)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tanh<'a>(&'a mut [f32]);

    impl WithSimd for Tanh<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            for at in (0..self.0.len()).step_by(S::F32_LANES) {
                let y = tanh(simd, load::<S>(self.0, at));
                store::<S>(self.0, at, y);
            }
        }
    }

    #[test]
    fn tanh_is_that_of_the_library() {
        let xs: Vec<f32> = (0..4096).map(|i| (i as f32 - 2048.0) / 150.0).collect();
        let mut ys = xs.clone();
        dispatch(Tanh(&mut ys));
        for (x, y) in xs.iter().zip(ys) {
            assert!((f64::from(*x).tanh() - f64::from(y)).abs() < 5e-7, "tanh {x} = {y}");
        }
    }

    #[test]
    fn tanh_stays_in_range_far_out() {
        let mut ys = vec![-1e30, -50.0, -9.5, 9.5, 50.0, 1e30, f32::MAX, f32::MIN];
        ys.resize(LANES, 0.0);
        dispatch(Tanh(&mut ys));
        assert!(ys.iter().all(|y| y.abs() <= 1.0 + 1e-6), "{ys:?}");
    }
}
