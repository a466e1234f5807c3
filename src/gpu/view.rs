//! A tensor, ready to be drawn from its own buffer with no read-back.

use std::any::Any;
use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;

use burn::backend::Wgpu;
use burn::cubecl::wgpu::{AutoCompiler, WgpuServer};
use burn::tensor::{DType, Tensor};

use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::device::filled_buffer;

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
    /// The tensor and its place in memory: while they live, burn neither moves nor reuses it.
    _keep: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for TensorView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TensorView")
            .field("extent", &self.extent)
            .field("strides", &self.strides)
            .finish_non_exhaustive()
    }
}

/// A view's slice as a storage binding, and where in it the first element lies.
#[derive(Clone, Debug)]
pub struct Bound<'a> {
    /// What to bind.
    pub binding: wgpu::BufferBinding<'a>,
    /// Elements before the first.
    pub base: u32,
}

impl TensorView {
    /// The tensor's own buffer where it lives on `gpu`, else an upload of its values. Call it on the thread
    /// that computed the tensor: it also hands burn's pending work to the queue, so that a later submission
    /// of any thread finds the values there.
    ///
    /// # Errors
    /// When the tensor is not `f32` or the device fails.
    pub fn new(gpu: &Gpu, tensor: &Tensor<4>) -> Result<Self> {
        let dims = tensor.dims();
        if dims[0] != 1 || dims.contains(&0) {
            return Err(Error::new(Kind::Internal, format!("a tensor {dims:?} cannot be drawn")));
        }
        match tensor.clone().try_into_primitive::<Wgpu>() {
            Ok(own) => Self::share(own),
            Err(_) => Self::upload_tensor(gpu, tensor),
        }
    }

    /// The mean over a tensor's channels as a map of one channel: cheaper to draw large than
    /// [`crate::gpu::heat::Look::Mean`], which adds up the channels at every pixel of the target.
    ///
    /// # Errors
    /// As [`TensorView::new`].
    pub fn of_mean(gpu: &Gpu, tensor: &Tensor<4>) -> Result<Self> {
        Self::new(gpu, &tensor.clone().mean_dim(1))
    }

    /// Puts planar values (channel, row, column) into a new buffer.
    ///
    /// # Errors
    /// [`Kind::Internal`] when `extent` (columns, rows, channels) does not fit the values, [`Kind::Gpu`] when
    /// the device cannot hold them.
    pub fn upload(gpu: &Gpu, values: &[f32], extent: [u32; 3]) -> Result<Self> {
        let [width, height, channels] = extent;
        let count = extent.iter().map(|&n| n as usize).product::<usize>();
        if count != values.len() || count == 0 {
            let what = format!("{} values do not make a map of {width}x{height}x{channels}", values.len());
            return Err(Error::new(Kind::Internal, what));
        }
        let limits = gpu.device.limits();
        if size_of_val(values) as u64 > limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) {
            return Err(Error::new(Kind::Gpu, "a map is too large for the graphics device")
                .advise("Choose a smaller size of the network's input"));
        }
        let buffer = filled_buffer(
            &gpu.device,
            "uploaded map",
            bytemuck::cast_slice(values),
            wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC,
        );
        let size_bytes = buffer.size();
        let strides = [1, width, width * height];
        Ok(Self { buffer, offset_bytes: 0, size_bytes, extent, strides, _keep: Arc::new(()) })
    }

    /// Puts planar values (channel, row, column), as many as `extent` says, where `old` had them if they fit
    /// there, else into a new buffer.
    #[must_use]
    pub fn put(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        old: Option<Self>,
        values: &[f32],
        extent: [u32; 3],
    ) -> Self {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        if let Some(old) = old.filter(|old| old.extent == extent && old.size_bytes == bytes.len() as u64) {
            queue.write_buffer(&old.buffer, old.offset_bytes, bytes);
            return old;
        }
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST;
        let buffer = filled_buffer(device, "map", bytes, usage);
        let size_bytes = buffer.size();
        let strides = [1, extent[0], extent[0] * extent[1]];
        Self { buffer, offset_bytes: 0, size_bytes, extent, strides, _keep: Arc::new(()) }
    }

    /// The slice as a storage binding. The device wants offsets on a grid; what lies between the grid and
    /// the slice is given as `base`.
    #[must_use]
    pub fn bind(&self, device: &wgpu::Device) -> Bound<'_> {
        let grid = u64::from(device.limits().min_storage_buffer_offset_alignment).max(4);
        let before = self.offset_bytes % grid;
        let binding = wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: self.offset_bytes - before,
            size: NonZeroU64::new(self.size_bytes + before),
        };
        Bound { binding, base: (before / 4) as u32 }
    }

    /// Whether its values lie row after row, channel after channel, with no gaps.
    #[must_use]
    pub fn is_contiguous(&self) -> bool {
        let [width, height, _] = self.extent;
        self.strides == [1, width, width * height]
    }

    fn share(own: burn::backend::wgpu::CubeTensor) -> Result<Self> {
        // A tiled storage would have more than four strides.
        let (&[_, channels, height, width], &[_, by_channel, by_row, by_column]) =
            (&own.meta.shape().to_vec()[..], &own.meta.strides().to_vec()[..])
        else {
            return Err(Error::new(Kind::Internal, "a tensor with an unknown layout cannot be drawn"));
        };
        if own.dtype != DType::F32 {
            return Err(Error::new(Kind::Internal, format!("a tensor of {:?} cannot be drawn", own.dtype)));
        }
        let place = own
            .client
            .get_resource::<WgpuServer<AutoCompiler>>(own.handle.clone())
            .map_err(|cause| Error::new(Kind::Gpu, format!("a tensor's buffer cannot be had: {cause:?}")))?;
        own.client
            .flush()
            .map_err(|cause| Error::new(Kind::Gpu, format!("the graphics device failed: {cause:?}")))?;
        let resource = place.resource();
        Ok(Self {
            buffer: resource.buffer.clone(),
            offset_bytes: resource.offset,
            size_bytes: resource.size.next_multiple_of(4),
            extent: [width as u32, height as u32, channels as u32],
            strides: [by_column as u32, by_row as u32, by_channel as u32],
            _keep: Arc::new((place, own)),
        })
    }

    fn upload_tensor(gpu: &Gpu, tensor: &Tensor<4>) -> Result<Self> {
        let [_, channels, height, width] = tensor.dims();
        let data = tensor.try_to_data().context(Kind::Internal, "a tensor cannot be read")?;
        let values =
            data.as_slice::<f32>().map_err(|cause| Error::new(Kind::Internal, format!("{cause:?}")))?;
        Self::upload(gpu, values, [width as u32, height as u32, channels as u32])
    }
}
