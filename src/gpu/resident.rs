//! Tensors in buffers of their own: burn sees tensors, our kernels bind the buffers, nothing is copied.

use std::any::Any;
use std::fmt;

use burn::backend::Wgpu;
use burn::backend::wgpu::CubeTensor;
use burn::cubecl::wgpu::{AutoCompiler, WgpuResource, WgpuServer};
use burn::tensor::{Device, Tensor};

use crate::error::{Error, Kind, Result};

/// A tensor `[1, channels, rows, columns]` of `f32`, contiguous, in a wgpu buffer that holds nothing else.
/// Whoever writes to the buffer must ask [`Resident::is_free`] first: a tensor that was given out never
/// changes.
pub struct Resident {
    /// The one reference that is not given out.
    own: CubeTensor,
    resource: WgpuResource,
    /// Keeps the memory where it is.
    _place: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resident").field("resource", &self.resource).finish_non_exhaustive()
    }
}

impl Resident {
    /// A tensor with any values.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when `device` is not a wgpu device or has no room.
    pub fn new(device: &Device, dims: [usize; 4]) -> Result<Self> {
        let small = cube(Tensor::empty([1, 1, 1, 1], device))?;
        let make = |()| Tensor::<4>::empty(dims, device);
        let own = cube(small.client.memory_dedicated_allocation((), make))?;
        let place = own
            .client
            .get_resource::<WgpuServer<AutoCompiler>>(own.handle.clone())
            .map_err(|cause| failed(&format!("a tensor of {dims:?} has no room: {cause:?}")))?;
        let contiguous = [dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1];
        if own.meta.strides().to_vec() != contiguous && dims.iter().product::<usize>() > 1 {
            return Err(Error::new(Kind::Internal, format!("a tensor of {dims:?} is not contiguous")));
        }
        Ok(Self { own, resource: place.resource().clone(), _place: Box::new(place) })
    }

    /// The tensor, sharing the buffer.
    pub fn tensor(&self) -> Tensor<4> {
        Tensor::from_primitive::<Wgpu>(self.own.clone())
    }

    /// Whether nobody has the tensor any more.
    pub fn is_free(&self) -> bool {
        self.own.handle.can_mut()
    }

    /// All of it, to be bound.
    pub fn binding(&self) -> wgpu::BufferBinding<'_> {
        wgpu::BufferBinding {
            buffer: &self.resource.buffer,
            offset: self.resource.offset,
            size: wgpu::BufferSize::new(self.bytes()),
        }
    }

    /// Bytes of its values.
    pub fn bytes(&self) -> u64 {
        self.resource.size.next_multiple_of(4)
    }

    /// Hands burn's pending work of this thread to the queue, so that what is submitted afterwards finds it
    /// done.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when the device failed.
    pub fn flush(&self) -> Result<()> {
        self.own.client.flush().map_err(|cause| failed(&format!("the graphics device failed: {cause:?}")))
    }
}

fn cube(tensor: Tensor<4>) -> Result<CubeTensor> {
    tensor
        .try_into_primitive::<Wgpu>()
        .map_err(|cause| Error::new(Kind::Internal, format!("not a tensor of a graphics device: {cause:?}")))
}

fn failed(what: &str) -> Error {
    Error::new(Kind::Gpu, what).advise("Choose a smaller size or --device cpu")
}
