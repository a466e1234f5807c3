//! Opening the window: one graphics device for egui, shaders and network; then the session; then frames.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::app::soak::{Drawn, Soak};
use crate::app::state::UiState;
use crate::app::{
    AppParts, Catalogue, Departing, Keeper, PerceptApp, actions, export, interrupt, paint, theme,
};
use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::device::{ForWindow, descriptor_fn, for_window};
use crate::gpu::{Compute, DeviceChoice, Gpu, pipelines};
use crate::model::ModelCard;
use crate::session::{Session, Start};

/// Called by the worker when there is something new to draw.
pub type Wake = Box<dyn Fn() + Send + Sync>;
/// Makes the session on the window's device.
pub type StartSession = Box<dyn FnOnce(Option<Gpu>, Compute, Start, Wake) -> Result<Session>>;

/// What the session starts with.
pub struct SessionStart {
    /// What is shown first.
    pub start: Start,
    /// Where the network is to run.
    pub device: DeviceChoice,
    /// Makes the session.
    pub begin: StartSession,
}

/// What the window starts with.
pub struct AppStart {
    /// The illusions.
    pub catalogue: Catalogue,
    /// The shipped models.
    pub models: Vec<ModelCard>,
    /// Device name of the camera, where there is one.
    pub camera: Option<String>,
    /// Makes exports.
    pub export: export::Exporter,
    /// Keeps the state for the next run.
    pub keep: Keeper,
    /// State of the last run.
    pub ui: UiState,
    /// Takes a picture of the window after some seconds, writes it and closes.
    pub screenshot: Option<(PathBuf, f64)>,
    /// Width and height of the window in points; `None` for the usual.
    pub window_size: Option<[f32; 2]>,
    /// Prints how the window keeps up, every ten seconds, and closes after so many seconds.
    pub soak_s: Option<f64>,
    /// A recipe, or the folder of a training, to open at once.
    pub training: Option<crate::train::follow::Place>,
    /// Where a training goes when the window closes.
    pub departing: Departing,
    /// When the program began.
    pub begun: Instant,
}

/// Opens the window and returns when it is closed. Where it is known what to draw with, the network begins to watch
/// while the window is being made.
///
/// # Errors
/// [`Kind::Gpu`] when there is no display or no graphics adapter, with what to do.
pub fn run(session: SessionStart, start: AppStart) -> Result<()> {
    let (setup, gpu) = wgpu_setup();
    let network = match gpu {
        Some(gpu) => Network::Begun(Begun::new(gpu, session)?),
        None => Network::Waiting(session),
    };
    let options = native_options(start.window_size, setup);
    eframe::run_native(
        "percept",
        options,
        Box::new(move |creation| {
            let window = create(creation, start, network).map_err(Box::new)?;
            Ok(Box::new(window) as Box<dyn eframe::App>)
        }),
    )
    .map_err(|cause| {
        Error::new(Kind::Gpu, format!("the window cannot be opened ({cause})")).advise(
            "Check that there is a display, run `percept doctor`, or use `percept run` without a window",
        )
    })
}

fn native_options(size: Option<[f32; 2]>, wgpu_setup: egui_wgpu::WgpuSetup) -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title("percept")
        .with_app_id("percept")
        .with_inner_size(size.unwrap_or([1440.0, 900.0]))
        .with_min_inner_size([480.0, 300.0]);
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Wgpu,
        wgpu_options: egui_wgpu::WgpuConfiguration { wgpu_setup, ..egui_wgpu::WgpuConfiguration::default() },
        persist_window: size.is_none(),
        ..eframe::NativeOptions::default()
    }
}

/// What the window is drawn with, and the same where it is open already.
fn wgpu_setup() -> (egui_wgpu::WgpuSetup, Option<Gpu>) {
    match for_window() {
        ForWindow::Ready(gpu) => {
            let Gpu { instance, adapter, device, queue, .. } = (*gpu).clone();
            let existing = egui_wgpu::WgpuSetupExisting { instance, adapter, device, queue };
            (egui_wgpu::WgpuSetup::Existing(existing), Some(*gpu))
        }
        ForWindow::Choose(backends) => {
            let mut setup = egui_wgpu::WgpuSetupCreateNew::without_display_handle();
            setup.instance_descriptor.backends = backends;
            setup.power_preference = wgpu::PowerPreference::HighPerformance;
            setup.device_descriptor = descriptor_fn();
            (egui_wgpu::WgpuSetup::CreateNew(setup), None)
        }
    }
}

/// Where the session is when the window has been made.
enum Network {
    /// The window brings the device that it waits for.
    Waiting(SessionStart),
    Begun(Begun),
}

/// The session at work, perhaps before there is a window.
struct Begun {
    gpu: Gpu,
    session: Session,
    device_name: String,
    banner: Option<String>,
    /// The window to wake, once there is one.
    window: Arc<OnceLock<egui::Context>>,
    /// Whether it draws again by itself.
    animates: Arc<AtomicBool>,
}

impl Begun {
    fn new(gpu: Gpu, session: SessionStart) -> Result<Self> {
        let SessionStart { start, device, begin } = session;
        let gpu = gpu.keeping_pipelines(pipelines::usual_folder().as_deref());
        let compute = Compute::choose(device, Some(&gpu))?;
        let (banner, device_name) = (compute.banner.clone(), compute.name.clone());
        let window = Arc::<OnceLock<egui::Context>>::default();
        let animates = Arc::<AtomicBool>::default();
        let (woken, wakes) = (Arc::clone(&window), Arc::clone(&animates));
        let wake: Wake = Box::new(move || {
            if let Some(window) = woken.get()
                && !wakes.load(Ordering::Relaxed)
            {
                // A request for "now" would be answered by two frames, to give laid-out things time to settle.
                window.request_repaint_after(Duration::from_nanos(1));
            }
        });
        let session = begin(Some(gpu.clone()), compute, start, wake)?;
        Ok(Self { gpu, session, device_name, banner, window, animates })
    }
}

fn create(creation: &eframe::CreationContext<'_>, start: AppStart, network: Network) -> Result<Window> {
    let state = creation
        .wgpu_render_state
        .as_ref()
        .ok_or_else(|| Error::new(Kind::Gpu, "the window has no graphics device"))?;
    let Begun { gpu, session, device_name, banner, window, animates } = match network {
        Network::Begun(begun) => begun,
        Network::Waiting(session) => {
            let egui_wgpu::RenderState { instance, adapter, device, queue, .. } = state.clone();
            Begun::new(Gpu::new(instance, adapter, device, queue), session)?
        }
    };
    paint::install(state, gpu.pipeline_cache());
    interrupt::closes(&creation.egui_ctx);
    if window.set(creation.egui_ctx.clone()).is_err() {
        tracing::error!("the session wakes another window");
    }
    let own_pace = !gpu.is_software();
    let parts = AppParts {
        session,
        gpu: Some(gpu),
        device_name,
        banner,
        catalogue: start.catalogue,
        models: start.models,
        camera: start.camera,
        export: start.export,
        keep: start.keep,
        ui: start.ui,
        illusion_folder: crate::stimulus::illusion::catalogue::user_folder(),
        training: start.training,
        departing: start.departing,
        own_pace,
        is_unattended: start.screenshot.is_some() || start.soak_s.is_some(),
        animates,
    };
    let app = PerceptApp::new(&creation.egui_ctx, parts);
    let soak = start.soak_s.map(|length_s| Soak::new(start.begun, length_s));
    Ok(Window { app, screenshot: start.screenshot, soak })
}

/// The window as eframe sees it.
struct Window {
    app: PerceptApp,
    screenshot: Option<(PathBuf, f64)>,
    soak: Option<Soak>,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.contents(ui);
        self.take_screenshot(ui.ctx());
        if let Some(soak) = &mut self.soak {
            let drawn = Drawn { complete: self.app.desk.is_complete(), cpu_s: frame.info().cpu_usage };
            soak.frame(ui.ctx(), self.app.session(), drawn);
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::greys_of(visuals).panel.to_normalized_gamma_f32()
    }

    fn save(&mut self, _storage: &mut dyn eframe::Storage) {
        self.app.keep();
    }

    fn on_exit(&mut self) {
        self.app.training.leave();
        self.app.keep();
    }
}

impl Window {
    fn take_screenshot(&mut self, ctx: &egui::Context) {
        let Some((_, after_s)) = &self.screenshot else { return };
        let left_s = after_s - ctx.input(|input| input.time);
        if left_s > 0.0 {
            ctx.request_repaint_after_secs(left_s as f32 + 0.01);
        } else if let Some((path, _)) = self.screenshot.take() {
            let closer = ctx.clone();
            let taken = egui::ScreenshotCallback::new(move |image: Arc<egui::ColorImage>| {
                match write_png(&path, &image) {
                    Ok(()) => tracing::info!("{} written", path.display()),
                    Err(error) => tracing::error!("{error}"),
                }
                closer.send_viewport_cmd(egui::ViewportCommand::Close);
                closer.request_repaint();
            });
            ctx.send_viewport_cmd(egui::ViewportCommand::Screenshot(taken));
        }
    }
}

fn write_png(path: &std::path::Path, image: &egui::ColorImage) -> Result<()> {
    let bytes: Vec<u8> = image.pixels.iter().flat_map(egui::Color32::to_array).collect();
    let [width, height] = image.size.map(|side| side as u32);
    let mut png = std::io::Cursor::new(Vec::new());
    image::write_buffer_with_format(
        &mut png,
        &bytes,
        width,
        height,
        image::ExtendedColorType::Rgba8,
        image::ImageFormat::Png,
    )
    .context(Kind::Internal, "the screenshot cannot be coded")?;
    crate::atomic::write(path, png.get_ref())
}

impl PerceptApp {
    /// Has the state kept for the next run.
    fn keep(&self) {
        let start = self.session.latest().map(|snapshot| actions::start_of(&snapshot));
        (self.keep)(&self.ui, start);
    }
}

impl eframe::App for PerceptApp {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        // Whoever shows it this way has not cleared the window to the ground of the panels.
        self.fill(ui.painter(), ui.ctx().content_rect(), theme::greys(ui).panel);
        self.contents(ui);
    }
}
