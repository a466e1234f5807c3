//! A tensor, ready to be drawn from its own buffer with no read-back.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use burn::tensor::Tensor;

use crate::error::Result;
use crate::gpu::Gpu;

/// Channels of a `[1, channels, height, width]` tensor in a wgpu buffer. Holds the allocation in place
/// for as long as it may be drawn.
#[derive(Clone)]
pub struct TensorView {
    /// The buffer that the tensor is a slice of.
    pub buffer: wgpu::Buffer,
    /// Start of the slice in bytes.
    pub offset_bytes: u64,
    /// Length of the slice in bytes, a multiple of 4.
    pub size_bytes: u64,
    /// Columns, rows, channels.
    pub extent: [u32; 3],
    /// Elements from one column, row, channel to the next.
    pub strides: [u32; 3],
    keep: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for TensorView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TensorView").field("extent", &self.extent).field("strides", &self.strides).finish()
    }
}

impl TensorView {
    /// The tensor's own buffer where it lives on `gpu`, else an upload of its values.
    ///
    /// # Errors
    /// When the tensor is not `f32` or the device fails.
    pub fn new(_gpu: &Gpu, _tensor: &Tensor<4>) -> Result<Self> {
        Err(crate::error::Error::new(crate::error::Kind::Internal, "not built yet"))
    }
}
