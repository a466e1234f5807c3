//! What each window command does: mostly one command to the session.

use std::sync::Arc;

use crate::app::PerceptApp;
use crate::app::commands::WindowCommand as W;
use crate::app::lens::Lens;
use crate::app::open::Purpose;
use crate::app::panels::picture::Cell;
use crate::app::state::{Dialog, Lecture, Page};
use crate::model::{Lesion, Probe};
use crate::param::ParamValues;
use crate::readout::Unit;
use crate::session::{Command, Looping, OnShow, Snapshot, Start};
use crate::stimulus::StimulusSpec;
use crate::stimulus::illusion::{Illusion, Showing};

/// Speeds that the bracket keys go through.
pub(crate) const SPEEDS: [f64; 8] = [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0];
/// Steps of one press of "extrapolate".
const EXTRAPOLATE_STEPS: u32 = 10;

impl PerceptApp {
    /// Does what a window command says.
    pub(crate) fn perform(&mut self, ctx: &egui::Context, command: W) {
        match command {
            W::OpenFile => self.ask_for(Purpose::File),
            W::OpenFolder => self.ask_for(Purpose::Folder),
            W::OpenModel => self.ask_for(Purpose::Model),
            W::OpenCamera => self.open_camera(ctx),
            W::Export => self.open_export(),
            W::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            W::GalleryPage => self.toggle_page(Page::Gallery),
            W::FindIllusion => self.find_illusion(ctx),
            W::LectureStimulus => self.lecture(ctx, Lecture::Stimulus),
            W::LectureBoth => self.lecture(ctx, Lecture::Both),
            W::Audience => self.toggle_audience(),
            W::Guess => self.toggle_guess(ctx.input(|input| input.time)),
            W::EditIllusion => self.toggle_editor(ctx.input(|input| input.time)),
            W::SaveIllusion => self.save_illusion(),
            W::DuplicateIllusion => self.ask_for_name(false),
            W::NewIllusion => self.new_illusion(),
            W::Favourite => self.star_shown(),
            W::Models => self.toggle_page(Page::Models),
            W::Training => self.toggle_page(Page::Training),
            W::OpenRecipe => self.ask_for(Purpose::Recipe),
            W::FollowTraining => self.ask_for(Purpose::Training),
            W::Exchange => {
                self.send(Command::Exchange);
            }
            W::EndComparison => {
                self.send(Command::Compare(None));
            }
            W::Palette => self.open_dialog(Dialog::Palette),
            W::Keys => self.open_dialog(Dialog::Keys),
            W::ShowFlashing => self.shield.confirm(),
            W::ReduceFlashing => self.ui.reduce_flashing = !self.ui.reduce_flashing,
            W::PatternsAtOnce => self.ui.patterns_at_once = !self.ui.patterns_at_once,
            W::ReducedMotion => self.ui.reduced_motion = !self.ui.reduced_motion,
            W::Safety => self.ui.ask_safety = true,
            W::Stats => self.ui.stats = !self.ui.stats,
            W::Theme => self.ui.theme = self.ui.theme.other(),
            W::FullScreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!full));
            }
            W::ToggleGallery => self.toggle_side(ctx, false),
            W::ToggleParameters => self.toggle_side(ctx, true),
            W::ToggleLayers => self.ui.layers_open = !self.ui.layers_open,
            W::ToggleCourses => self.ui.courses_open = !self.ui.courses_open,
            W::Sharp => self.ui.as_network = !self.ui.as_network,
            W::Overlay => self.ui.overlay = !self.ui.overlay,
            W::Motion => self.ui.motion = !self.ui.motion,
            W::Corners => self.ui.corners = !self.ui.corners,
            W::ResetView => self.desk.lens = Lens::default(),
            W::ZoomIn => egui::gui_zoom::zoom_in(ctx),
            W::ZoomOut => egui::gui_zoom::zoom_out(ctx),
            W::ZoomReset => ctx.set_zoom_factor(1.0),
            W::PreviousIllusion => self.neighbour(-1),
            W::NextIllusion => self.neighbour(1),
            W::Reset => {
                self.send(Command::Reset);
            }
            W::UnpickAll => {
                for unit in std::mem::take(&mut self.desk.picked) {
                    self.send(Command::Unpick(unit));
                }
                self.keep_picks();
            }
            _ => {
                let latest = self.session.latest().map(|latest| self.wishes.overlay(&latest));
                if let Some(snapshot) = latest {
                    self.perform_on(ctx, command, &snapshot);
                }
            }
        }
    }

    /// The commands that depend on where the run is.
    fn perform_on(&mut self, ctx: &egui::Context, command: W, snapshot: &Snapshot) {
        let place = &snapshot.place;
        match command {
            W::PlayPause => self.set_playing(!place.playing),
            W::StepForward => self.step(Command::StepForward),
            W::StepBack => self.step(Command::StepBack),
            W::Forward5 => self.seek(place.time_s + 5.0),
            W::Back5 => self.seek(place.time_s - 5.0),
            W::Forward1 => self.seek(place.time_s + 1.0),
            W::Back1 => self.seek(place.time_s - 1.0),
            W::ToStart => self.seek(0.0),
            W::ToEnd => self.seek(place.duration_s.unwrap_or(place.time_s)),
            W::Slower => self.set_speed(SPEEDS.iter().rev().copied().find(|s| *s < place.speed - 1e-6)),
            W::Faster => self.set_speed(SPEEDS.iter().copied().find(|s| *s > place.speed + 1e-6)),
            W::NormalSpeed => self.set_speed(Some(1.0)),
            W::LoopBetween => self.loop_between(place.time_s, place.looping),
            W::LoopWhole => {
                let other = if place.looping == Looping::Off { Looping::Whole } else { Looping::Off };
                self.set_looping(other);
            }
            W::Extrapolate => {
                let steps = if place.extrapolating > 0 { 0 } else { EXTRAPOLATE_STEPS };
                self.send(Command::Extrapolate(steps));
            }
            W::Control => self.show_as(snapshot, |showing| showing.control = !showing.control),
            W::Mirror => self.show_as(snapshot, |showing| showing.mirror = !showing.mirror),
            W::ResetParameters => self.show_as(snapshot, |showing| showing.values = ParamValues::default()),
            W::SavePictures => self.save_picture(ctx, snapshot, None),
            W::SaveActual => self.save_cell(ctx, snapshot, Cell::Actual),
            W::SaveExpected => self.save_cell(ctx, snapshot, Cell::Expected),
            W::SaveSecond => self.save_cell(ctx, snapshot, Cell::Second),
            W::SaveMap => self.save_cell(ctx, snapshot, Cell::Inspected),
            _ => tracing::error!("the command {command:?} does nothing"),
        }
    }

    fn toggle_page(&mut self, page: Page) {
        self.open_page(if self.desk.page == page { Page::Pictures } else { page });
    }

    /// Opens a file dialog.
    pub(crate) fn ask_for(&mut self, purpose: Purpose) {
        if !self.dialogs.open(purpose) {
            self.tell(
                0.0,
                "The file dialog cannot be opened. Drop the file on the window instead".into(),
                true,
            );
        }
    }

    /// Opens a dialog of the window itself.
    pub(crate) fn open_dialog(&mut self, dialog: Dialog) {
        self.desk.dialog = dialog;
        self.desk.palette_text.clear();
        self.desk.palette_row = 0;
    }

    fn open_camera(&mut self, ctx: &egui::Context) {
        if let Some(camera) = self.camera.clone() {
            self.open_stimulus(StimulusSpec::Camera(camera));
        } else {
            let now_s = ctx.input(|input| input.time);
            self.tell(now_s, "There is no camera. Connect one and start percept again".into(), true);
        }
    }

    /// Fills the screen, or goes back where it was filled so.
    pub(crate) fn lecture(&mut self, ctx: &egui::Context, lecture: Lecture) {
        if self.desk.lecture == Some(lecture) {
            self.end_lecture(ctx);
        } else {
            self.desk.lecture = Some(lecture);
            self.desk.lecture_since_s = ctx.input(|input| input.time);
            ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(true));
        }
    }

    /// Back to the window as it was.
    pub(crate) fn end_lecture(&mut self, ctx: &egui::Context) {
        self.desk.lecture = None;
        ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(false));
    }

    /// Lets an illusion be looked for, where the gallery is or in its panel.
    fn find_illusion(&mut self, ctx: &egui::Context) {
        if !self.desk.gallery_shown {
            self.open_page(Page::Pictures);
            self.toggle_side(ctx, false);
        }
        self.desk.focus_search = true;
    }

    fn star_shown(&mut self) {
        let Some(snapshot) = self.session.latest() else { return };
        if let OnShow::Illusion { illusion, .. } = &snapshot.on_show {
            self.toggle_favourite(&illusion.slug);
        }
    }

    fn toggle_side(&mut self, ctx: &egui::Context, right: bool) {
        if self.desk.page == Page::Gallery {
            self.open_page(Page::Pictures);
        }
        if crate::app::layout::is_narrow(ctx.content_rect().size()) {
            let same = self.desk.narrow_shows_parameters == right;
            let plan = crate::app::layout::arrange(ctx.content_rect().size(), &self.ui, &self.desk);
            let shown = if right { plan.parameters } else { plan.gallery };
            self.desk.narrow_shows_parameters = right;
            self.desk.narrow_open = !(same && shown);
            let open = if right { &mut self.ui.parameters_open } else { &mut self.ui.gallery_open };
            *open = !shown;
        } else {
            let open = if right { &mut self.ui.parameters_open } else { &mut self.ui.gallery_open };
            *open = !*open;
        }
    }

    /// Plays or pauses.
    pub(crate) fn set_playing(&mut self, playing: bool) {
        if self.send(Command::SetPlaying(playing)) {
            let now = self.sequence();
            self.wishes.playing.ask(playing, now);
        }
    }

    fn step(&mut self, command: Command) {
        if self.send(command) {
            let now = self.sequence();
            self.wishes.playing.ask(false, now);
        }
    }

    /// Goes to a time, not before the start.
    pub(crate) fn seek(&mut self, time_s: f64) {
        let time_s = time_s.max(0.0);
        if self.send(Command::Seek(time_s)) {
            let now = self.sequence();
            self.wishes.time_s.ask(time_s, now);
        }
    }

    /// Sets the speed, if there is one to set.
    pub(crate) fn set_speed(&mut self, speed: Option<f64>) {
        if let Some(speed) = speed
            && self.send(Command::SetSpeed(speed))
        {
            let now = self.sequence();
            self.wishes.speed.ask(speed, now);
        }
    }

    /// Sets what happens at the end.
    pub(crate) fn set_looping(&mut self, looping: Looping) {
        self.desk.loop_a_s = None;
        if self.send(Command::SetLooping(looping)) {
            let now = self.sequence();
            self.wishes.looping.ask(looping, now);
        }
    }

    fn loop_between(&mut self, time_s: f64, looping: Looping) {
        match (looping, self.desk.loop_a_s) {
            (Looping::Between(..), _) => self.set_looping(Looping::Whole),
            (_, None) => self.desk.loop_a_s = Some(time_s),
            (_, Some(a)) if (a - time_s).abs() > 1e-3 => {
                self.set_looping(Looping::Between(a.min(time_s), a.max(time_s)));
            }
            (_, Some(_)) => self.desk.loop_a_s = None,
        }
    }

    /// Changes how the stimulus is shown and sends what changed.
    pub(crate) fn show_as(&mut self, snapshot: &Snapshot, change: impl FnOnce(&mut Showing)) {
        let old = &snapshot.showing;
        let mut new = old.clone();
        change(&mut new);
        let changed: Vec<_> =
            new.values.0.iter().filter(|(name, value)| old.values.0.get(*name) != Some(value)).collect();
        let mut sent = true;
        if new.values.0.len() < old.values.0.len() || changed.len() > 1 {
            sent &= self.send(Command::SetParams(new.values.clone()));
        } else if let Some((name, value)) = changed.first() {
            sent &= self.send(Command::SetParam((*name).clone(), **value));
        }
        if new.control != old.control {
            sent &= self.send(Command::SetControl(new.control));
        }
        if new.mirror != old.mirror {
            sent &= self.send(Command::SetMirror(new.mirror));
        }
        if sent {
            let now = self.sequence();
            self.wishes.showing.ask(new, now);
        }
    }

    /// Shows an illusion.
    pub(crate) fn show_illusion(&mut self, illusion: &Illusion) {
        self.open_stimulus(StimulusSpec::Illusion(illusion.slug.clone()));
    }

    fn neighbour(&mut self, by: isize) {
        let order = self.gallery_order();
        let Some(count) = isize::try_from(order.len()).ok().filter(|count| *count > 0) else { return };
        let current = self.session.latest().and_then(|snapshot| match &snapshot.on_show {
            OnShow::Illusion { illusion, .. } => order.iter().position(|known| known.slug == illusion.slug),
            _ => None,
        });
        let next = current.map_or(0, |at| (at as isize + by).rem_euclid(count));
        if let Some(illusion) = order.get(next as usize).map(Arc::clone) {
            self.show_illusion(&illusion);
        }
    }

    /// Records a unit, or stops recording it when it is recorded already.
    pub(crate) fn toggle_pick(&mut self, unit: Unit) {
        if let Some(at) = self.desk.picked.iter().position(|known| *known == unit) {
            self.desk.picked.remove(at);
            self.send(Command::Unpick(unit));
        } else if self.send(Command::Pick(unit.clone())) {
            self.desk.picked.push(unit);
        }
        self.keep_picks();
    }

    fn keep_picks(&mut self) {
        self.ui.picked = self.desk.picked.iter().map(ToString::to_string).collect();
    }

    /// Once, with the first snapshot: the units picked in the last run that this network has.
    pub(crate) fn restore_picks(&mut self, snapshot: &Snapshot) {
        if std::mem::replace(&mut self.desk.picks_restored, true) {
            return;
        }
        for unit in kept_units(&self.ui.picked, &snapshot.probes) {
            if !self.desk.picked.contains(&unit) && self.send(Command::Pick(unit.clone())) {
                self.desk.picked.push(unit);
            }
        }
    }
}

/// Name of what is on show.
pub(crate) fn name_of(snapshot: &Snapshot) -> String {
    match (&snapshot.on_show, &snapshot.source, &snapshot.stimulus) {
        (OnShow::Illusion { illusion, .. }, _, _) => illusion.card.name.clone(),
        (_, Some(source), _) => source.name.clone(),
        (_, None, StimulusSpec::Illusion(slug)) => slug.clone(),
        (_, None, StimulusSpec::File(path)) => {
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
        }
        (_, None, StimulusSpec::Camera(name)) => name.clone(),
    }
}

/// The start that would lead to where the session is.
pub(crate) fn start_of(snapshot: &Snapshot) -> Start {
    Start {
        stimulus: snapshot.stimulus.clone(),
        showing: snapshot.showing.clone(),
        model: Some(snapshot.model_source.clone()).filter(|name| !name.is_empty()),
        size: snapshot.probes.first().map(|probe| probe.size),
        sampling: snapshot.sampling,
        fit: snapshot.fit,
        lesions: names_on(&snapshot.lesions),
        second: snapshot.second.as_ref().map(|second| second.model_source.clone()),
        second_lesions: snapshot.second.as_ref().map_or_else(Vec::new, |second| names_on(&second.lesions)),
    }
}

fn names_on(lesions: &[Lesion]) -> Vec<String> {
    lesions.iter().filter(|lesion| lesion.on).map(|lesion| lesion.name.clone()).collect()
}

/// The units among `texts` that a network with these probes has.
fn kept_units(texts: &[String], probes: &[Probe]) -> Vec<Unit> {
    let units = texts.iter().filter_map(|text| text.parse::<Unit>().ok());
    let known = |unit: &Unit| {
        probes.iter().any(|probe| {
            probe.name == unit.probe
                && unit.x < probe.size.width
                && unit.y < probe.size.height
                && unit.channel.is_none_or(|channel| (channel as usize) < probe.channels)
        })
    };
    units.filter(known).collect()
}
