//! The graphics adapters of this machine, and the one that percept takes.

use crate::gpu::Gpu;

/// One adapter: a card, or software that stands for one.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Adapter {
    /// Name as the driver gives it.
    pub name: String,
    /// Vulkan, Metal, DirectX 12 or OpenGL.
    pub backend: String,
    /// Driver and its version.
    pub driver: String,
    /// "discrete GPU", "integrated GPU", "virtual GPU", "software", "unknown".
    pub kind: &'static str,
    /// Largest buffer that a shader may read, in bytes: bounds the size of one tensor.
    pub max_storage_buffer_binding_bytes: u64,
    /// Largest buffer, in bytes.
    pub max_buffer_bytes: u64,
    /// Longest side of a texture, in pixels: bounds the size of the window and of an illusion.
    pub max_texture_side_px: u32,
    /// Storage buffers that one shader may use; burn's kernels need 8.
    pub max_storage_buffers_per_stage: u32,
}

/// All adapters and the choice among them.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Graphics {
    /// Every adapter of every backend.
    pub adapters: Vec<Adapter>,
    /// The adapter that window and shaders take.
    pub chosen: Option<String>,
    /// Whether the chosen one is software.
    pub software: bool,
    /// Why no device could be opened.
    pub trouble: Option<String>,
}

impl Graphics {
    /// Lists the adapters of `backends` and opens the best of them.
    pub(super) fn look(backends: wgpu::Backends) -> (Self, Option<Gpu>) {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let found = pollster::block_on(instance.enumerate_adapters(backends));
        let adapters: Vec<_> = found.iter().map(Adapter::of).collect();
        let opened = if adapters.is_empty() { None } else { Some(Gpu::headless()) };
        let (gpu, trouble) = match opened {
            None => (None, None),
            Some(Ok(gpu)) => (Some(gpu), None),
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        let chosen = gpu.as_ref().map(Gpu::name);
        let software = gpu.as_ref().is_some_and(Gpu::is_software);
        (Self { adapters, chosen, software, trouble }, gpu)
    }

    pub(super) fn advice(&self) -> Vec<String> {
        let text = if self.adapters.is_empty() {
            "No graphics adapter was found: the window cannot open, and illusions cannot be drawn. Install \
             your card's Vulkan driver, or Mesa's software one (Debian, Ubuntu: mesa-vulkan-drivers; Fedora: \
             mesa-vulkan-drivers; Arch: vulkan-swrast)."
        } else if self.trouble.is_some() {
            "The graphics adapter does not open a device: update its driver, or try another backend with \
             WGPU_BACKEND=gl or WGPU_BACKEND=vulkan."
        } else if self.software {
            "Graphics are drawn in software. Everything works, slowly. If this machine has a graphics card, \
             install its Vulkan driver (Debian, Ubuntu: mesa-vulkan-drivers for AMD and Intel, nvidia-driver \
             for NVIDIA)."
        } else {
            return Vec::new();
        };
        vec![text.to_owned()]
    }
}

impl Adapter {
    fn of(adapter: &wgpu::Adapter) -> Self {
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let driver = [info.driver, info.driver_info];
        Self {
            name: info.name,
            backend: backend_name(info.backend).to_owned(),
            driver: driver
                .iter()
                .map(|part| part.trim())
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            kind: kind_name(info.device_type),
            max_storage_buffer_binding_bytes: limits.max_storage_buffer_binding_size,
            max_buffer_bytes: limits.max_buffer_size,
            max_texture_side_px: limits.max_texture_dimension_2d,
            max_storage_buffers_per_stage: limits.max_storage_buffers_per_shader_stage,
        }
    }
}

fn backend_name(backend: wgpu::Backend) -> &'static str {
    match backend {
        wgpu::Backend::Vulkan => "Vulkan",
        wgpu::Backend::Metal => "Metal",
        wgpu::Backend::Dx12 => "DirectX 12",
        wgpu::Backend::Gl => "OpenGL",
        wgpu::Backend::BrowserWebGpu => "WebGPU",
        wgpu::Backend::Noop => "none",
    }
}

fn kind_name(kind: wgpu::DeviceType) -> &'static str {
    match kind {
        wgpu::DeviceType::DiscreteGpu => "discrete GPU",
        wgpu::DeviceType::IntegratedGpu => "integrated GPU",
        wgpu::DeviceType::VirtualGpu => "virtual GPU",
        wgpu::DeviceType::Cpu => "software",
        wgpu::DeviceType::Other => "unknown",
    }
}
