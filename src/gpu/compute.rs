//! Compute pipelines of our own: made with every complaint of the driver turned into an error.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::raster::guarded;

/// How a kernel uses one of its bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A small uniform block.
    Uniform,
    /// Values that it reads.
    Read,
    /// Values that it writes (and may read).
    Write,
}

/// A compute pipeline with the layouts of its bind groups.
#[derive(Debug)]
pub struct Kernel {
    /// The compiled entry point.
    pub pipeline: wgpu::ComputePipeline,
    /// Layout of each bind group.
    pub groups: Vec<wgpu::BindGroupLayout>,
}

impl Kernel {
    /// Compiles `entry` of a WGSL text whose bind groups are used as `groups` says, binding by binding.
    /// Workgroup memory is not cleared before use: the text must write it before it reads it.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when the driver refuses it.
    pub fn new(gpu: &Gpu, entry: &str, wgsl: &str, groups: &[&[Use]]) -> Result<Self> {
        let device = &gpu.device;
        watched(device, entry, || {
            let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(entry),
                source: wgpu::ShaderSource::Wgsl(wgsl.into()),
            });
            let groups: Vec<_> = groups.iter().map(|uses| group_layout(device, entry, uses)).collect();
            let some: Vec<_> = groups.iter().map(Some).collect();
            let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some(entry),
                bind_group_layouts: &some,
                immediate_size: 0,
            });
            let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry),
                layout: Some(&layout),
                module: &module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions {
                    zero_initialize_workgroup_memory: false,
                    ..Default::default()
                },
                cache: gpu.pipeline_cache(),
            });
            Self { pipeline, groups }
        })
    }

    /// Binds `resources`, in the order of the layout, as bind group `group`.
    pub fn bind(
        &self,
        device: &wgpu::Device,
        group: usize,
        resources: &[wgpu::BufferBinding<'_>],
    ) -> Option<wgpu::BindGroup> {
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry {
                binding,
                resource: wgpu::BindingResource::Buffer(resource.clone()),
            })
            .collect();
        Some(device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: self.groups.get(group)?,
            entries: &entries,
        }))
    }
}

/// Does `work` on the device; what the device has against it becomes an error that names `what`.
///
/// # Errors
/// [`Kind::Gpu`] when the device refuses, lacks memory or fails.
pub fn watched<T>(device: &wgpu::Device, what: &str, work: impl FnOnce() -> T) -> Result<T> {
    match guarded(device, work) {
        (made, None) => Ok(made),
        (_, Some(cause)) => {
            Err(Error::new(Kind::Gpu, format!("{what}: the graphics device refuses: {cause}"))
                .advise("Choose a smaller size or --device cpu"))
        }
    }
}

/// Puts `bytes` into `buffer` before whatever is submitted next. On a lost device, which takes submissions in
/// silence, this fails: call it before the work that must not be lost unnoticed.
///
/// # Errors
/// [`Kind::Gpu`] when the device was lost or refuses.
pub fn tell(gpu: &Gpu, buffer: &wgpu::Buffer, bytes: &[u8]) -> Result<()> {
    let size = wgpu::BufferSize::new(bytes.len() as u64);
    let view = size.and_then(|size| gpu.queue.write_buffer_with(buffer, 0, size));
    let Some(mut view) = view else {
        return Err(Error::new(Kind::Gpu, "the graphics device was lost")
            .advise("Start percept again: it goes on where it was"));
    };
    view.copy_from_slice(bytes);
    Ok(())
}

/// Something compiled once for a device and kept for the last one that asked: after a loss the new device
/// takes the place of the old.
#[derive(Debug)]
pub struct PerDevice<T>(Mutex<Option<(Gpu, Arc<T>)>>);

impl<T> Default for PerDevice<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> PerDevice<T> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// What there is for `gpu`, made by `make` when it is asked for the first time.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn of(&self, gpu: &Gpu, make: impl FnOnce(&Gpu) -> Result<T>) -> Result<Arc<T>> {
        let mut last = self.0.lock();
        if let Some((_, made)) = last.as_ref().filter(|(known, _)| known.is(gpu)) {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(make(gpu)?);
        *last = Some((gpu.clone(), Arc::clone(&made)));
        Ok(made)
    }
}

fn group_layout(device: &wgpu::Device, label: &str, uses: &[Use]) -> wgpu::BindGroupLayout {
    use wgpu::BufferBindingType as Type;
    let entries: Vec<_> = (0..)
        .zip(uses)
        .map(|(binding, used)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty: match used {
                    Use::Uniform => Type::Uniform,
                    Use::Read => Type::Storage { read_only: true },
                    Use::Write => Type::Storage { read_only: false },
                },
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        })
        .collect();
    device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries: &entries })
}
