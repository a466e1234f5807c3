//! A second window for an audience: the stimulus and nothing else. It draws itself at its own pace from what the
//! main window last told it, so that neither waits for the other.

use std::sync::Arc;
use std::time::Duration;

use egui::{Context, FontId, Key, Modifiers, Rect, Ui, ViewportBuilder, ViewportCommand, ViewportId, vec2};
use parking_lot::Mutex;

use crate::app::PerceptApp;
use crate::app::clock::DisplayClock;
use crate::app::paint::Slot;
use crate::app::panels::stimulus::{self, Placing};
use crate::app::shield::State;
use crate::gpu::canvas::WHOLE;
use crate::gpu::raster::Program;
use crate::session::{OnShow, Snapshot};
use crate::units::PixelSize;

/// Behind the picture.
const GROUND: egui::Color32 = egui::Color32::from_gray(8);
/// What an audience reads while the warning is in the main window.
const HELD_BACK: &str = "Held back: it flashes, has stripes, or has not been looked through yet";

/// What both windows know.
#[derive(Clone, Default)]
pub(crate) struct Audience {
    scene: Arc<Mutex<Scene>>,
    /// Whether the window is open.
    pub open: bool,
}

impl std::fmt::Debug for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audience").field("open", &self.open).finish_non_exhaustive()
    }
}

/// What is shown.
#[derive(Default)]
struct Scene {
    snapshot: Option<Snapshot>,
    program: Option<Arc<Program>>,
    clock: DisplayClock,
    /// Samples per pixel and side while it moves.
    samples: u32,
    has_gpu: bool,
    /// What is done about what flashes.
    shield: State,
    closed: bool,
}

fn id() -> ViewportId {
    ViewportId::from_hash_of("audience")
}

impl PerceptApp {
    /// Opens the window for the audience, or closes it.
    pub(crate) fn toggle_audience(&mut self) {
        self.desk.audience.open = !self.desk.audience.open;
        self.desk.audience.scene.lock().closed = false;
    }

    /// Tells the audience's window what there is to show. To be called in every frame in which it is open.
    pub(crate) fn show_audience(&mut self, ctx: &Context, snapshot: Option<&Snapshot>) {
        if !self.desk.audience.open {
            return;
        }
        // What is withheld from the one is withheld from the other, and what is slowed for the one is slowed for the other.
        let shield = self.shield.state;
        let snapshot = snapshot.filter(|_| matches!(shield, State::Open | State::Slowed));
        let program = match snapshot.map(|snapshot| &snapshot.on_show) {
            Some(OnShow::Illusion { illusion, program, .. }) => self.programs.get(illusion, program.as_ref()),
            _ => None,
        };
        let scene = Arc::clone(&self.desk.audience.scene);
        let mut told = scene.lock();
        if told.closed {
            self.desk.audience.open = false;
            return;
        }
        let sequence = |snapshot: Option<&Snapshot>| snapshot.map(|snapshot| snapshot.sequence);
        let is_new = sequence(told.snapshot.as_ref()) != sequence(snapshot)
            || told.program.is_some() != program.is_some()
            || told.shield != shield
            || told.snapshot.as_ref().map(|old| &old.showing) != snapshot.map(|new| &new.showing);
        told.snapshot = snapshot.cloned();
        told.program = program;
        told.samples = if self.own_pace { 2 } else { 1 };
        told.has_gpu = self.has_gpu;
        told.shield = shield;
        drop(told);
        if is_new {
            ctx.request_repaint_of(id());
        }
        let builder = ViewportBuilder::default()
            .with_title("percept: for the audience")
            .with_app_id("percept")
            .with_inner_size([960.0, 768.0])
            .with_min_inner_size([240.0, 192.0]);
        ctx.show_viewport_deferred(id(), builder, move |ui, _class| window(ui, &mut scene.lock()));
    }
}

/// Draws the audience's window.
fn window(ui: &mut Ui, scene: &mut Scene) {
    let ctx = ui.ctx().clone();
    let key = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let is_own = ctx.viewport_id() == id();
    if is_own {
        let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        if key(Key::F) || key(Key::F11) {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
        }
        let leave = key(Key::Escape);
        if leave && full {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
        }
        if (leave && !full) || ctx.input(|input| input.viewport().close_requested()) {
            scene.closed = true;
            ctx.request_repaint_of(ViewportId::ROOT);
        }
    }
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, GROUND);
    let response = ui.allocate_rect(area, egui::Sense::hover());
    let held_back = matches!(scene.shield, State::Warned | State::Waiting);
    let label = if held_back { HELD_BACK } else { "What the audience sees" };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, label));
    if held_back {
        let (middle, font) = (egui::Align2::CENTER_CENTER, FontId::proportional(20.0));
        ui.painter().text(area.center(), middle, HELD_BACK, font, egui::Color32::from_gray(150));
    }
    let Scene { snapshot: Some(snapshot), program, clock, samples, has_gpu, shield, .. } = scene else {
        return;
    };
    let slowed = *shield == State::Slowed;
    let network = snapshot.probes.first().map(|probe| probe.size);
    let aspect = network.map_or(1.25, PixelSize::aspect) as f32;
    let width = area.width().min(area.height() * aspect);
    let rect = Rect::from_center_size(area.center(), vec2(width, width / aspect));
    let place = &snapshot.place;
    match &snapshot.on_show {
        OnShow::Illusion { illusion, showing, time_s, .. } => {
            let Some(program) = program else { return };
            let (wall_s, length) = (ui.input(|input| input.time), illusion.card.duration_s);
            let now_s = clock.time(snapshot.sequence, *time_s, place.playing, place.speed, length, wall_s);
            // What is slowed is drawn at the times at which the main window draws it.
            let now_s = if slowed { *time_s } else { now_s };
            let moves = !slowed && place.playing && !program.is_still(&illusion.uniform_values(showing));
            let samples = if moves { *samples } else { 2 };
            let drawn = stimulus::Drawn { illusion, showing, time_s: now_s, samples, window: WHOLE };
            stimulus::sharp(ui, ui.painter(), rect, Arc::clone(program), &drawn, Slot::Audience);
            if moves {
                let every = snapshot.pace.draw_every_s.clamp(0.001, 1.0);
                ctx.request_repaint_after(Duration::from_secs_f64(every));
            }
        }
        OnShow::Picture(picture) if *has_gpu && picture.size.area() > 0 => {
            let placing = Placing {
                network: network.unwrap_or(picture.size),
                fit: snapshot.fit,
                mirror: snapshot.showing.mirror,
                window: WHOLE,
            };
            stimulus::film(ui, ui.painter(), rect, picture, placing, Slot::Audience);
        }
        OnShow::Nothing | OnShow::Picture(_) => {}
    }
}
