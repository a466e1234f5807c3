//! The one device: made by the window or, headless, by us; adopted by burn where it is a real GPU.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device as BurnDevice;
use burn::tensor::wgpu::WgpuSetup;

use parking_lot::Mutex;

use crate::cpu::precision::Precision;
use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::pipelines::Pipelines;

/// What the user asked for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A real GPU where there is one, else the CPU.
    #[default]
    Auto,
    /// wgpu, on a software adapter when there is no other.
    Gpu,
    /// The CPU engine.
    Cpu,
}

/// A wgpu device with what it came from. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// Where it all starts.
    pub instance: wgpu::Instance,
    /// The card, or the software that stands for it.
    pub adapter: wgpu::Adapter,
    /// The device.
    pub device: wgpu::Device,
    /// Its queue: window, shaders and network submit here.
    pub queue: wgpu::Queue,
    faults: Faults,
    pipelines: Option<Arc<Pipelines>>,
}

/// What the device complained of and nobody was waiting for.
type Faults = Arc<Mutex<Vec<Error>>>;

/// Most complaints that are kept; a broken device repeats itself at every frame.
const MAX_FAULTS: usize = 8;

/// Where the network runs.
#[derive(Clone, Debug)]
pub struct Compute {
    /// The device that burn's tensors live on.
    pub burn: BurnDevice,
    /// Whether that is the wgpu device (tensors are drawn with no read-back) or the CPU.
    pub on_gpu: bool,
    /// In words, for provenance: "CPU (AVX2 and FMA, 8 lanes)", "wgpu Vulkan: NVIDIA …".
    pub name: String,
    /// What to tell the user about the choice; `None` when there is nothing to say.
    pub banner: Option<String>,
}

/// Asks for everything that the adapter has. burn's kernels are chosen by the adapter's features, so a
/// device with fewer of them fails later, inside a kernel.
pub fn device_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    wgpu::DeviceDescriptor {
        label: Some("percept"),
        required_features: ordinary_features(adapter),
        required_limits: adapter.limits(),
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        ..Default::default()
    }
}

/// All features but the experimental ones (which need a promise we have no reason to give) and mappable
/// primary buffers (slow on discrete cards).
fn ordinary_features(adapter: &wgpu::Adapter) -> wgpu::Features {
    adapter
        .features()
        .difference(wgpu::Features::all_experimental_mask())
        .difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS)
}

/// Vulkan, Metal and DirectX 12 first, OpenGL where there is nothing else.
#[must_use]
pub fn backends() -> wgpu::Backends {
    wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY | wgpu::Backends::GL)
}

/// What a window is drawn with.
#[derive(Debug)]
pub enum ForWindow {
    /// The only adapter there is, opened: to look for it once more would take a quarter of the time to start.
    Ready(Box<Gpu>),
    /// Whatever of these backends suits the window's surface best. OpenGL only where nothing else has an
    /// adapter: EGL looks for the display once more when it is let go, and by then the window's connection may
    /// be closed.
    Choose(wgpu::Backends),
}

/// Looks for what a window can be drawn with.
#[must_use]
pub fn for_window() -> ForWindow {
    let wanted = backends();
    let modern = wanted.intersection(wgpu::Backends::PRIMARY);
    let instance = new_instance(modern);
    let mut adapters = pollster::block_on(instance.enumerate_adapters(modern)).into_iter();
    match (adapters.next(), adapters.next()) {
        (None, _) => ForWindow::Choose(wanted),
        (Some(only), None) => {
            Gpu::open(instance, only).map_or(ForWindow::Choose(modern), |gpu| ForWindow::Ready(Box::new(gpu)))
        }
        (Some(_), Some(_)) => ForWindow::Choose(modern),
    }
}

fn new_instance(backends: wgpu::Backends) -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

impl Gpu {
    /// Adopts a device. Its errors and its loss are kept for [`Gpu::take_faults`] instead of ending the
    /// program, which is what wgpu does by default.
    pub fn new(
        instance: wgpu::Instance,
        adapter: wgpu::Adapter,
        device: wgpu::Device,
        queue: wgpu::Queue,
    ) -> Self {
        let faults = Faults::default();
        let (errors, losses) = (Arc::clone(&faults), Arc::clone(&faults));
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            tracing::error!("graphics: {error}");
            keep(&errors, Error::new(Kind::Gpu, format!("the graphics device reports: {error}")));
        }));
        device.set_device_lost_callback(move |reason, message| {
            // Being dropped at the end of the program is no loss.
            if reason != wgpu::DeviceLostReason::Unknown && message.is_empty() {
                return;
            }
            tracing::error!("graphics device lost ({reason:?}): {message}");
            let lost = Error::new(Kind::Gpu, format!("the graphics device was lost ({message})"));
            keep(&losses, lost.advise("Start percept again: it goes on where it was"));
        });
        Self { instance, adapter, device, queue, faults, pipelines: None }
    }

    /// The same device, with what its driver compiles kept in `folder` from one run to the next where that can be
    /// done. Call before anything is compiled; [`Gpu::keep_pipelines`] writes.
    #[must_use]
    pub fn keeping_pipelines(self, folder: Option<&Path>) -> Self {
        let pipelines = folder.and_then(|folder| Pipelines::open(&self.adapter, &self.device, folder));
        Self { pipelines: pipelines.map(Arc::new), ..self }
    }

    /// What the driver has compiled and is kept.
    #[must_use]
    pub fn pipelines(&self) -> Option<&Pipelines> {
        self.pipelines.as_deref()
    }

    /// Writes down what the driver has compiled by now. Goes to the disk: never on the window's thread.
    pub fn keep_pipelines(&self) {
        if let Some(Err(error)) = self.pipelines().map(Pipelines::keep) {
            tracing::debug!("compiled pipelines are not kept: {error}");
        }
    }

    /// What pipelines of this device are to be made with.
    #[must_use]
    pub fn pipeline_cache(&self) -> Option<&wgpu::PipelineCache> {
        self.pipelines().map(Pipelines::cache)
    }

    /// Whether both are the same device. (wgpu counts devices per instance, so that theirs may look equal.)
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.faults, &other.faults)
    }

    /// What went wrong on the device since the last call.
    pub fn take_faults(&self) -> Vec<Error> {
        // A device that nobody draws with just now tells of its loss only when it is asked.
        if let Err(cause) = self.device.poll(wgpu::PollType::Poll) {
            tracing::debug!("the graphics device cannot be asked: {cause}");
        }
        std::mem::take(&mut self.faults.lock())
    }

    /// A device with no window. Takes a software adapter when there is no other.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when there is no adapter at all, with what to install.
    pub fn headless() -> Result<Self> {
        // OpenGL is tried only when nothing else is there: without a display it complains loudly.
        let wanted = backends();
        Self::headless_on(wanted.intersection(wgpu::Backends::PRIMARY)).or_else(|error| {
            match wanted.intersection(wgpu::Backends::GL) {
                none if none.is_empty() => Err(error),
                gl => Self::headless_on(gl),
            }
        })
    }

    fn headless_on(backends: wgpu::Backends) -> Result<Self> {
        let instance = new_instance(backends);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter =
            pollster::block_on(instance.request_adapter(&options)).map_err(|cause| no_adapter(&cause))?;
        Self::open(instance, adapter)
    }

    fn open(instance: wgpu::Instance, adapter: wgpu::Adapter) -> Result<Self> {
        let (device, queue) = pollster::block_on(adapter.request_device(&device_descriptor(&adapter)))
            .context(Kind::Gpu, "the graphics device cannot be opened")?;
        Ok(Self::new(instance, adapter, device, queue))
    }

    /// Whether the adapter is software (lavapipe, llvmpipe, WARP), not a GPU.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// "Vulkan: (card)".
    #[must_use]
    pub fn name(&self) -> String {
        let info = self.adapter.get_info();
        format!("{}: {}", info.backend, info.name)
    }

    /// Registers this device in burn. Call once per device: each call makes a new runtime.
    fn adopt(&self) -> Result<BurnDevice> {
        let device = BurnDevice::wgpu_options()
            .setup(WgpuSetup {
                instance: self.instance.clone(),
                adapter: self.adapter.clone(),
                device: self.device.clone(),
                queue: self.queue.clone(),
                backend: self.adapter.get_info().backend,
            })
            .init()
            .context(Kind::Gpu, "the network cannot use the graphics device")?;
        ADOPTED.lock().push((device.clone(), self.clone()));
        Ok(device)
    }

    /// The device that burn knows as `device`; `None` for the CPU and for devices that burn made itself.
    #[must_use]
    pub fn behind(device: &BurnDevice) -> Option<Self> {
        ADOPTED.lock().iter().rev().find(|(known, _)| known == device).map(|(_, gpu)| gpu.clone())
    }
}

/// What burn has adopted, as burn knows it: burn keeps its devices for as long as the program runs, too.
static ADOPTED: Mutex<Vec<(BurnDevice, Gpu)>> = Mutex::new(Vec::new());

/// A buffer that holds `contents`. On a lost device it holds nothing and the loss is told; wgpu's own helper
/// would end the thread.
pub fn filled_buffer(
    device: &wgpu::Device,
    label: &str,
    contents: &[u8],
    usage: wgpu::BufferUsages,
) -> wgpu::Buffer {
    let size = (contents.len() as u64).next_multiple_of(wgpu::COPY_BUFFER_ALIGNMENT).max(4);
    let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: true };
    let buffer = device.create_buffer(&descriptor);
    match buffer.get_mapped_range_mut(..contents.len() as u64) {
        Ok(mut range) => range.copy_from_slice(contents),
        Err(cause) => tracing::error!("{label}: {cause}"),
    }
    buffer.unmap();
    buffer
}

fn keep(faults: &Faults, error: Error) {
    let mut faults = faults.lock();
    if faults.len() < MAX_FAULTS && !faults.contains(&error) {
        faults.push(error);
    }
}

fn no_adapter(cause: &wgpu::RequestAdapterError) -> Error {
    Error::new(Kind::Gpu, format!("no graphics adapter was found ({cause})")).advise(
        "Install a driver, or Mesa's software one (Debian, Ubuntu: mesa-vulkan-drivers), and run `percept doctor`",
    )
}

impl Compute {
    /// Chooses where the network runs. The CPU engine is 50 times and more faster than wgpu on a software
    /// adapter, so `Auto` takes wgpu only on a real GPU; an explicit `Gpu` takes what there is.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when `Gpu` is asked for and there is no adapter.
    pub fn choose(choice: DeviceChoice, gpu: Option<&Gpu>) -> Result<Self> {
        match (choice, gpu) {
            (DeviceChoice::Cpu, _) => Ok(Self::cpu(None)),
            (DeviceChoice::Gpu, None) => Err(Error::new(Kind::Gpu, "no graphics adapter was found")
                .advise("Leave out --device gpu to run on the CPU")),
            (DeviceChoice::Gpu, Some(gpu)) => Self::on(gpu),
            (DeviceChoice::Auto, None) => {
                Ok(Self::cpu(Some("No graphics adapter: the network runs on the CPU")))
            }
            (DeviceChoice::Auto, Some(_)) if Precision::chosen() != Precision::Single => {
                Ok(Self::cpu(Some("The network runs on the CPU, which alone has the --precision asked for")))
            }
            (DeviceChoice::Auto, Some(gpu)) if gpu.is_software() => Ok(Self::cpu(Some(
                "No usable GPU: the network runs on the CPU, and pictures are drawn in software, as often as it leaves time for",
            ))),
            (DeviceChoice::Auto, Some(gpu)) => Self::on(gpu).or_else(|error| {
                let mut cpu = Self::cpu(None);
                cpu.banner = Some(format!("{error}. The network runs on the CPU"));
                Ok(cpu)
            }),
        }
    }

    fn on(gpu: &Gpu) -> Result<Self> {
        if Precision::chosen() != Precision::Single {
            return Err(Error::new(Kind::Usage, "--precision is for networks on the CPU")
                .advise("Add --device cpu, or leave it out"));
        }
        let banner =
            gpu.is_software().then(|| "The network runs on a software graphics adapter, slowly".to_owned());
        Ok(Self { burn: gpu.adopt()?, on_gpu: true, name: format!("wgpu {}", gpu.name()), banner })
    }

    fn cpu(banner: Option<&str>) -> Self {
        Self {
            burn: BurnDevice::flex(),
            on_gpu: false,
            name: format!("CPU ({}{})", crate::cpu::simd::instruction_set(), Precision::chosen().note()),
            banner: banner.map(str::to_owned),
        }
    }
}

/// The descriptor in the shape that the window's toolkit wants.
#[must_use]
pub fn descriptor_fn() -> Arc<dyn Fn(&wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> + Send + Sync> {
    Arc::new(device_descriptor)
}
