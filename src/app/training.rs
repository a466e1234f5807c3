//! Trainings in the window: the one that is shown, whether it runs here or elsewhere, and what its page says of where
//! things are.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::app::PerceptApp;
use crate::app::panels::training::Drawn;
use crate::app::state::Page;
use crate::cpu::team::usual_threads;
use crate::error::Result;
use crate::train::course::{Course, Wake};
use crate::train::follow::{Follower, Place, Sighting};
use crate::train::hardware::Hardware;
use crate::train::run::Plan;
use crate::train::view::{State, View};

/// Trainings that go on after the window, until their checkpoint is written.
pub type Departing = Arc<Mutex<Vec<Course>>>;

/// What the fields of the page say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    /// The recipe; empty where the folder of the training says which.
    pub recipe: String,
    /// Folder that the recipe's files are relative to.
    pub data: String,
    /// Folder of the training.
    pub out: String,
    /// Threads of the network.
    pub threads: usize,
}

/// How the curves are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether the errors are on a logarithmic axis.
    pub log: bool,
    /// Whether the error is shown as a part of copying's.
    pub ratio: bool,
}

/// The training that is shown.
#[derive(Debug)]
pub(crate) struct Training {
    ctx: egui::Context,
    departing: Departing,
    course: Option<Course>,
    follower: Option<Follower>,
    place: Place,
    /// Whether the fields are still to be filled from what is seen in the folder.
    unfilled: bool,
    /// Whether the end of the one that runs here is still to be told.
    untold: bool,
    /// Fields of the page.
    pub fields: Fields,
    /// How the curves are shown.
    pub look: Look,
    /// Pictures as they were drawn last.
    pub drawn: Option<Drawn>,
}

impl Training {
    /// None is shown.
    pub(crate) fn new(ctx: egui::Context, departing: Departing) -> Self {
        // The window and its network want to go on meanwhile.
        let threads = usual_threads().saturating_sub(1).max(1);
        Self {
            ctx,
            departing,
            course: None,
            follower: None,
            place: Place::default(),
            unfilled: false,
            untold: false,
            fields: Fields { threads, ..Fields::default() },
            look: Look::default(),
            drawn: None,
        }
    }

    fn wake(&self) -> Wake {
        let ctx = self.ctx.clone();
        Box::new(move || ctx.request_repaint_after(Duration::from_nanos(1)))
    }

    /// Whether there is one.
    pub(crate) const fn is_open(&self) -> bool {
        self.follower.is_some()
    }

    /// Whether one runs in this window.
    pub(crate) fn is_going(&self) -> bool {
        self.course.as_ref().is_some_and(|course| !course.is_over())
    }

    /// Shows another one.
    ///
    /// # Errors
    /// When no thread can be started.
    fn open(&mut self, place: Place) -> Result<()> {
        let follower = Follower::start(place.clone(), self.wake())?;
        let text =
            |path: &Option<PathBuf>| path.as_ref().map_or_else(String::new, |p| p.display().to_string());
        self.fields = Fields {
            recipe: text(&place.recipe),
            out: text(&place.out),
            data: String::new(),
            threads: self.fields.threads,
        };
        (self.course, self.follower, self.place) = (None, Some(follower), place);
        (self.unfilled, self.drawn) = (true, None);
        Ok(())
    }

    /// Looks into the folder that its field names.
    ///
    /// # Errors
    /// When no thread can be started.
    pub(crate) fn look_there(&mut self) -> Result<()> {
        let named = self.fields.out.trim();
        let out = (!named.is_empty()).then(|| PathBuf::from(named));
        if self.is_going() || out == self.place.out {
            return Ok(());
        }
        let data = std::mem::take(&mut self.fields.data);
        self.open(Place { out, ..self.place.clone() })?;
        self.fields.data = data;
        Ok(())
    }

    /// What was seen in its folder.
    pub(crate) fn sighting(&self) -> Option<Arc<Sighting>> {
        self.follower.as_ref().map(Follower::latest)
    }

    /// How it is.
    pub(crate) fn view(&self) -> Arc<View> {
        match (&self.course, &self.follower) {
            (Some(course), _) => course.view(),
            (None, Some(follower)) => Arc::new(follower.latest().view.clone()),
            (None, None) => Arc::default(),
        }
    }

    /// Whether what is shown runs in another program.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.course.is_none() && self.view().state.is_going()
    }

    /// Fills in the fields that are empty, once it is known what belongs there.
    fn fill(&mut self) {
        let Some(seen) = self.sighting().filter(|seen| self.unfilled && seen.view.data.is_some()) else {
            return;
        };
        self.unfilled = false;
        for (field, path) in
            [(&mut self.fields.data, &seen.view.data), (&mut self.fields.out, &seen.view.out)]
        {
            if let Some(path) = path.as_ref().filter(|_| field.is_empty()) {
                *field = path.display().to_string();
            }
        }
    }

    /// What the fields ask for; `None` while the recipe is not known.
    fn plan(&self) -> Option<Plan> {
        let recipe = self.sighting()?.recipe.clone()?;
        let folder = |text: &str| Path::new(text.trim()).to_path_buf();
        Some(Plan {
            recipe,
            data: folder(&self.fields.data),
            out: folder(&self.fields.out),
            resume: false,
            hardware: Hardware::cpu(self.fields.threads.max(1)),
            most_frames: None,
        })
    }

    /// Whether the button that starts it, or goes on with it, does something.
    pub(crate) fn can_start(&self) -> bool {
        let free = !self.is_going() && !self.is_elsewhere();
        let filled = !self.unfilled && !self.fields.out.trim().is_empty();
        // The recipe may have been given more frames since it was finished.
        let wanted = |seen: Arc<Sighting>| seen.recipe.is_some() && seen.view.state != State::Finished;
        free && filled && self.sighting().is_some_and(wanted)
    }

    /// Starts it, or goes on with it.
    ///
    /// # Errors
    /// When no thread can be started.
    fn start(&mut self) -> Result<()> {
        if let Some(plan) = self.plan().filter(|_| self.can_start()) {
            self.course = Some(Course::start(plan, self.wake())?);
            self.untold = true;
        }
        Ok(())
    }

    /// Asks the one that runs here to stop.
    pub(crate) fn stop(&self) {
        if let Some(course) = &self.course {
            course.stop();
        }
        self.ctx.request_repaint();
    }

    /// How the one that ran here ended, once.
    fn take_end(&mut self) -> Option<Arc<View>> {
        if !self.untold || self.is_going() {
            return None;
        }
        self.untold = false;
        self.follower.iter().for_each(Follower::look_now);
        self.course.as_ref().map(Course::view)
    }

    /// Lets the one that runs here stop, with its checkpoint, while the window closes.
    pub(crate) fn leave(&mut self) {
        if let Some(course) = self.course.take() {
            course.stop();
            self.departing.lock().push(course);
        }
    }
}

impl PerceptApp {
    /// Shows a training on its page.
    pub(crate) fn open_training(&mut self, place: Place) {
        self.desk.page = Page::Training;
        if self.training.is_going() {
            self.say("A training is running in this window. Stop it before you open another", true);
        } else if let Err(error) = self.training.open(place) {
            self.say(&error.sentence(), true);
        }
    }

    /// Starts the training that is shown, or goes on with it.
    pub(crate) fn start_training(&mut self) {
        if let Err(error) = self.training.start() {
            self.say(&error.sentence(), true);
        }
    }

    /// Looks into the folder that the page's field names.
    pub(crate) fn look_at_out(&mut self) {
        if let Err(error) = self.training.look_there() {
            self.say(&error.sentence(), true);
        }
    }

    /// Lets the network that is being trained watch, as it was at its last checkpoint.
    pub(crate) fn watch_trained(&mut self, model: &Path) {
        let file = model.display().to_string();
        self.forget_card(&file);
        self.choose_model(&file);
        self.desk.page = Page::Pictures;
    }

    /// Takes in what came of trainings since the last frame.
    pub(crate) fn take_training(&mut self) {
        self.training.fill();
        let Some(end) = self.training.take_end().filter(|_| self.desk.page != Page::Training) else { return };
        match &end.state {
            State::Finished => self.say(&format!("The training of {} is finished", end.title), false),
            State::Failed(error) => self.say(&format!("The training of {} failed: {error}", end.title), true),
            _ => {}
        }
    }

    fn say(&mut self, text: &str, is_error: bool) {
        let now_s = self.training.ctx.input(|input| input.time);
        self.tell(now_s, text.to_owned(), is_error);
    }
}
