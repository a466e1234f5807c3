//! The vectors this room computes with: of at most eight lanes, which is a block of channels.

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
