//! One wgpu device for window, shaders and network.
//!
//! `device` makes or adopts it, `view` finds a tensor's own buffer, `heat` draws it as a map or a picture,
//! `raster` runs an illusion's WGSL at any size, `canvas` keeps what was drawn.

pub mod canvas;
pub mod colormap;
pub mod compute;
pub mod device;
pub mod heat;
pub mod mesh;
pub mod photos;
pub mod pipelines;
pub mod profile;
pub mod raster;
mod raster_bindings;
pub mod reduce;
pub mod resident;
mod still;
pub mod view;

pub use device::{Compute, DeviceChoice, Gpu};
