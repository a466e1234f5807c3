//! One wgpu device for window, shaders and network.
//!
//! `device` makes or adopts it, `view` draws tensors from their own buffers, `raster` runs an illusion's
//! WGSL at any size.

pub mod device;
pub mod view;

pub use device::{Compute, DeviceChoice, Gpu};
