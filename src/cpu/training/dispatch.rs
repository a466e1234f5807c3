//! The vectors this room computes with: of at most eight lanes, which is a block of channels; for products of matrices
//! twice that, where the machine has it.

use pulp::WithSimd;

/// Runs an operation on the machine's vectors of at most eight lanes: AVX2 with FMA, NEON, or plain.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    use pulp::Simd as _;
    match pulp::x86::V3::try_new() {
        Some(simd) => pulp::Simd::vectorize(simd, op),
        None => pulp::Scalar256b.vectorize(op),
    }
}

/// Runs an operation on the machine's vectors of at most eight lanes.
#[cfg(target_arch = "aarch64")]
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    pulp::Arch::new().dispatch(op)
}

/// Runs an operation on the machine's vectors of at most eight lanes.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    pulp::Simd::vectorize(pulp::Scalar256b, op)
}

/// Runs an operation on vectors of sixteen lanes; does nothing and says `false` where the machine has none.
pub(super) fn on_sixteen_lanes<Op: WithSimd<Output = ()>>(op: Op) -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(simd) = pulp::x86::V4::try_new() {
        pulp::Simd::vectorize(simd, op);
        return true;
    }
    drop(op);
    false
}
