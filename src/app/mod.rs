//! The window: the only room that knows egui. It draws the latest snapshot and sends commands; it never
//! waits for the worker, a disk or a dialog.
//!
//! `commands` lists what can be done, `actions` does it, `panels` show things, one file each; `widgets`
//! are the pieces they are made of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use egui::{CentralPanel, Ui};

mod actions;
mod audience;
mod clock;
pub mod commands;
mod editor;
pub mod export;
mod files;
mod gallery;
mod guess;
mod interrupt;
mod jobs;
mod keys;
pub mod launch;
mod layout;
mod lens;
mod maps;
mod memory;
mod meshes;
mod open;
mod paint;
mod panels;
mod programs;
mod shelf;
mod shield;
mod soak;
mod start;
pub mod state;
mod theme;
mod training;
mod widgets;
mod wish;
mod wishes;

pub use gallery::badge::Badge;
#[doc(hidden)]
pub use jobs::{JobKit, exporter};
pub use maps::RangeMode;
pub use paint::{install as install_pipelines, pictures_drawn};
pub use start::{AppStart, SessionStart, StartSession, Wake, run};
pub use theme::ThemeChoice;
pub use training::Departing;

use crate::gpu::Gpu;
use crate::model::ModelCard;
use crate::session::{Command, Session, Snapshot, Start};
use crate::stimulus::illusion::Illusion;
use clock::DisplayClock;
use editor::Editor;
use export::Exporter;
use open::Dialogs;
use programs::Programs;
use shelf::Shelf;
use shield::Shield;
use state::{Desk, Page, Toast, UiState};
use training::Training;
use wishes::Wishes;

/// Gives the illusions as they are now (the user's folder may change at any time). Must not wait.
pub type Catalogue = Box<dyn Fn() -> Arc<Vec<Illusion>> + Send>;

/// Keeps the window's state and where the session is for the next start.
pub type Keeper = Box<dyn Fn(&UiState, Option<Start>) + Send>;

/// What a window is made of.
pub struct AppParts {
    /// The running session.
    pub session: Session,
    /// The device that pictures are drawn with; `None` leaves them blank.
    pub gpu: Option<Gpu>,
    /// Where the network runs, in words.
    pub device_name: String,
    /// What to say about the device at the top of the window.
    pub banner: Option<String>,
    /// The illusions.
    pub catalogue: Catalogue,
    /// The shipped models.
    pub models: Vec<ModelCard>,
    /// Device name of the camera, where there is one.
    pub camera: Option<String>,
    /// Makes exports.
    pub export: Exporter,
    /// Keeps the state.
    pub keep: Keeper,
    /// State of the last run.
    pub ui: UiState,
    /// Where illusions are saved that the user writes; `None`: nowhere.
    pub illusion_folder: Option<std::path::PathBuf>,
    /// A recipe, or the folder of a training, to open at once.
    pub training: Option<crate::train::follow::Place>,
    /// Where a training goes that is stopped by closing the window, until its checkpoint is written.
    pub departing: Departing,
    /// Whether a moving illusion is drawn as often as the screen can show it. Where the processor draws, it
    /// is drawn as often as the network, which needs the same processor, leaves time for.
    pub own_pace: bool,
    /// Whether nobody is looking: a picture or a measurement of the window was asked for.
    pub is_unattended: bool,
    /// Set while the window draws again by itself: nobody need wake it.
    pub animates: Arc<AtomicBool>,
}

/// The window.
pub struct PerceptApp {
    session: Session,
    device_name: String,
    banner: Option<String>,
    catalogue: Catalogue,
    /// The illusions as they are in their files.
    base: Arc<Vec<Illusion>>,
    shown_illusions: Vec<Arc<Illusion>>,
    models: Vec<ModelCard>,
    camera: Option<String>,
    export: Exporter,
    keep: Keeper,
    has_gpu: bool,
    own_pace: bool,
    /// Whether nobody is looking: a picture or a measurement of the window was asked for.
    is_unattended: bool,
    animates: Arc<AtomicBool>,
    due: Instant,
    ui: UiState,
    desk: Desk,
    clock: DisplayClock,
    wishes: Wishes,
    programs: Programs,
    dialogs: Dialogs,
    shelf: Shelf,
    shield: Shield,
    training: Training,
    editor: Editor,
}

impl std::fmt::Debug for PerceptApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PerceptApp").field("ui", &self.ui).field("desk", &self.desk).finish_non_exhaustive()
    }
}

impl PerceptApp {
    /// A window over `parts`; sets up fonts and colours of `ctx`.
    #[must_use]
    pub fn new(ctx: &egui::Context, parts: AppParts) -> Self {
        theme::install(ctx);
        let waker = ctx.clone();
        let ui = parts.ui.sane();
        ctx.set_zoom_factor(ui.zoom);
        theme::choose(ctx, ui.theme);
        let has_gpu = parts.gpu.is_some();
        if has_gpu {
            meshes::install(ctx);
        }
        let mut app = Self {
            session: parts.session,
            device_name: parts.device_name,
            banner: parts.banner,
            catalogue: parts.catalogue,
            base: Arc::default(),
            shown_illusions: Vec::new(),
            models: parts.models,
            camera: parts.camera,
            export: parts.export,
            keep: parts.keep,
            has_gpu,
            own_pace: parts.own_pace,
            is_unattended: parts.is_unattended,
            animates: parts.animates,
            due: Instant::now(),
            ui,
            desk: Desk::default(),
            clock: DisplayClock::default(),
            wishes: Wishes::default(),
            programs: Programs::new(parts.gpu, move || waker.request_repaint()),
            dialogs: Dialogs::new(ctx.clone()),
            shelf: Shelf::new(ctx.clone()),
            shield: Shield::default(),
            training: Training::new(ctx.clone(), parts.departing),
            editor: Editor::new(ctx, parts.illusion_folder),
        };
        if app.ui.reduced_motion {
            app.set_playing(false);
        }
        if let Some(place) = parts.training {
            app.open_training(place);
        }
        app
    }

    /// The running session.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What is kept between runs.
    #[must_use]
    pub const fn ui_state(&self) -> &UiState {
        &self.ui
    }

    /// Says which illusions the network sees, by file name without ending; those that are missing are untested.
    pub fn set_badges(&mut self, badges: BTreeMap<String, Badge>) {
        self.desk.badges = badges;
    }

    /// Draws the window and reacts to what was done in it.
    pub fn contents(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.begin(&ctx);
        let snapshot = self.session.latest().map(|latest| self.wishes.overlay(&latest));
        let snapshot = snapshot.map(|snapshot| self.shielded(&ctx, snapshot));
        keys::handle(self, &ctx);
        self.desk.editing = self.editor.open && self.desk.page == Page::Pictures;
        self.show_audience(&ctx, snapshot.as_ref());
        if let (Some(lecture), Some(snapshot)) = (self.desk.lecture, &snapshot) {
            panels::lecture::show(self, ui, snapshot, lecture);
            panels::dialogs(self, &ctx, Some(snapshot));
            self.end(&ctx, Some(snapshot));
            return;
        }
        let plan = layout::arrange(ui.available_size(), &self.ui, &self.desk);

        panels::top_bar::show(self, ui, snapshot.as_ref());
        panels::notices::show(self, ui, snapshot.as_ref());
        panels::transport::show(self, ui, snapshot.as_ref());
        if let Some(snapshot) = &snapshot {
            self.keep_badges(snapshot);
        }
        self.desk.gallery_shown = plan.gallery || self.desk.page == Page::Gallery;
        if plan.gallery {
            panels::gallery::show(self, ui, snapshot.as_ref());
        }
        if plan.editor {
            panels::editor::show(self, ui);
        }
        if plan.parameters {
            panels::parameters::show(self, ui, snapshot.as_ref());
        }
        if plan.courses {
            panels::courses::show(self, ui, snapshot.as_ref(), plan.short);
        }
        let ground = egui::Frame::new().inner_margin(egui::Margin::same(GROUND_MARGIN));
        CentralPanel::default().frame(ground).show(ui, |ui| {
            self.fill(ui.painter(), ui.max_rect().expand(f32::from(GROUND_MARGIN)), theme::greys(ui).ground);
            match &snapshot {
                _ if self.desk.page == Page::Gallery => {
                    panels::gallery::page::show(self, ui, snapshot.as_ref());
                }
                _ if self.desk.page == Page::Training => panels::training::show(self, ui),
                Some(snapshot) if self.desk.page == Page::Guess => panels::guess::show(self, ui, snapshot),
                Some(snapshot) if self.desk.page == Page::Models => panels::models::show(self, ui, snapshot),
                Some(snapshot) => panels::stage::show(self, ui, snapshot, plan.layers),
                None => panels::stage::starting(ui),
            }
        });
        panels::dialogs(self, &ctx, snapshot.as_ref());
        self.end(&ctx, snapshot.as_ref());
    }

    /// Fills a large rectangle.
    fn fill(&self, painter: &egui::Painter, rect: egui::Rect, color: egui::Color32) {
        if self.has_gpu {
            painter.add(paint::fill(rect, color));
        } else {
            painter.rect_filled(rect, 0.0, color);
        }
    }

    /// What came in since the last frame.
    fn begin(&mut self, ctx: &egui::Context) {
        theme::choose(ctx, self.ui.theme);
        self.programs.collect(ctx);
        let now_s = ctx.input(|input| input.time);
        for notice in self.session.take_notices() {
            self.tell(now_s, notice.text, notice.is_error);
        }
        self.desk.toasts.retain(|toast| toast.is_error || toast.until_s > now_s);
        self.take_job(now_s);
        self.take_training();
        self.run_editor(ctx);
        self.take_catalogue();
        self.take_files(ctx);
        self.desk.pointer = None;
        self.desk.shown.clear();
        self.desk.moves = false;
        self.desk.hover_moves = false;
        (self.desk.stimulus_drawn, self.desk.prediction_drawn) = (false, false);
    }

    /// What the worker should know, and when to draw again.
    fn end(&mut self, ctx: &egui::Context, snapshot: Option<&Snapshot>) {
        self.ui.zoom = ctx.zoom_factor();
        if let Some(next) = self.desk.toasts.iter().filter(|toast| !toast.is_error).map(|t| t.until_s).next()
        {
            let wait = (next - ctx.input(|input| input.time)).max(0.05);
            ctx.request_repaint_after_secs(wait as f32);
        }
        if self.desk.job.is_some() {
            ctx.request_repaint_after_secs(0.1);
        }
        if self.desk.hover_moves {
            ctx.request_repaint_after_secs(HOVER_S);
        }
        let Some(snapshot) = snapshot else { return };
        // Where the stimulus cannot be drawn, thumbnails do not wait for it for ever.
        let settled = self.desk.is_complete() || ctx.input(|input| input.time) > PATIENCE_S;
        if settled && self.programs.settle() {
            ctx.request_repaint();
        }
        self.keep_models(snapshot);
        self.restore_picks(snapshot);
        self.ask_for_maps();
        self.ui.stimulus = Some(snapshot.stimulus.clone());
        self.animate(ctx, snapshot);
    }

    /// What moves is drawn again by the screen's own rhythm, not that of the network.
    fn animate(&mut self, ctx: &egui::Context, snapshot: &Snapshot) {
        let animates = snapshot.place.playing && self.desk.moves;
        self.animates.store(animates, Ordering::Relaxed);
        if animates && self.own_pace {
            ctx.request_repaint();
        } else if animates {
            // On a grid of its own, so that late frames do not make it drift; after a rest it begins anew.
            let every = Duration::from_secs_f64(snapshot.pace.draw_every_s.clamp(0.001, 1.0));
            let now = Instant::now();
            self.due = if self.due + every < now { now } else { self.due } + every;
            ctx.request_repaint_after((self.due - now).max(Duration::from_millis(1)));
        }
    }

    /// Sends a command; says so when the worker's queue is full.
    fn send(&mut self, command: Command) -> bool {
        let sent = self.session.send(command);
        if !sent && !self.desk.toasts.iter().any(|toast| toast.text == BUSY) {
            let toast = Toast { text: BUSY.to_owned(), is_error: true, until_s: f64::INFINITY };
            self.desk.toasts.push(toast);
        }
        sent
    }

    /// Has the worker make the maps that are on show, where they have changed.
    fn ask_for_maps(&mut self) {
        let shown = std::mem::take(&mut self.desk.shown);
        if shown != self.desk.shown_sent && self.session.send(Command::Show(shown.clone())) {
            self.desk.shown_sent = shown;
        }
    }

    /// Shows a message: news for some seconds, errors until closed.
    fn tell(&mut self, now_s: f64, text: String, is_error: bool) {
        if self.desk.toasts.iter().any(|toast| toast.text == text) {
            return;
        }
        let until_s = now_s + NEWS_S;
        self.desk.toasts.push(Toast { text, is_error, until_s });
        let extra = self.desk.toasts.len().saturating_sub(MOST_TOASTS);
        self.desk.toasts.drain(..extra);
    }

    /// Number of the snapshot on show.
    fn sequence(&self) -> u64 {
        self.session.latest().map_or(0, |snapshot| snapshot.sequence)
    }
}

/// Space around the pictures.
const GROUND_MARGIN: i8 = 12;
const BUSY: &str = "The network is busy: the last action was not taken. Try again";
/// How long thumbnails wait for what is on show.
const PATIENCE_S: f64 = 3.0;
/// Time from one drawing of the illusion under the pointer to the next.
const HOVER_S: f32 = 1.0 / 30.0;
/// How long news stay.
const NEWS_S: f64 = 8.0;
/// Most messages at once.
const MOST_TOASTS: usize = 4;
