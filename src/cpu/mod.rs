//! The CPU engine: streaming 3x3 convolutions and what recurrent networks do between them, one frame at a time.
//!
//! A direct convolution on two cores is bound by arithmetic, and the well-known engines run near that bound
//! already. So this one multiplies less: every convolution is done on 4x4 tiles by Winograd's minimal filtering,
//! F(4x4,3x3) (Lavin & Gray 2016, arXiv 1509.09308), which needs 36 products where 144 were; on an input that was
//! doubled in size 11 of the 36 points vanish. In between, one product of matrices per point and layer makes all
//! gates; biases, nonlinearities, memory cells, errors and pooling are done while the tile is in registers.
//!
//! ```text
//!  memory   pages of zeros          simd      vectors of the machine: AVX-512, AVX2, NEON or plain
//!  team     threads that block      winograd  tiles to 36 points and back
//!  chunks   who may write where     gemm      packed kernels, products of matrices
//!  map      channels last, halo     wide, pixels   what a layer does with tiles
//!  direct   few channels, no tiles
//!  training forward and backward through time, with layouts and threads of its own
//! ```
//!
//! Vectors come from `pulp`: one source for every instruction set, chosen at run time. The products have their own
//! kernel because the general ones pack their operands at every call, and these weights never change; threads are
//! our own because a step has some twenty phases of a few microseconds each.
#![allow(clippy::inline_always, reason = "see `simd`: vectors must stay in registers")]
#![allow(
    clippy::needless_range_loop,
    reason = "iterators and closures may stay functions of their own: see `winograd`"
)]

pub mod chunks;
pub mod direct;
pub mod gemm;
pub mod map;
pub mod memory;
pub mod pixels;
pub mod precision;
pub mod simd;
pub mod summary;
pub mod team;
pub mod training;
pub mod wide;
pub mod winograd;
