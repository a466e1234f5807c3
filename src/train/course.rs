//! A training on a thread of its own, told as a [`View`]: started, stopped with a checkpoint, and taken up again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::curve::{Curve, point};
use super::log::{self, Row};
use super::run::{Files, Plan, Standing, run};
use super::view::{State, View};
use crate::error::{Context as _, Error, Kind, Result};

/// Called when there is something new to see.
pub type Wake = Box<dyn Fn() + Send>;

/// Time between two views.
const BETWEEN_VIEWS: Duration = Duration::from_millis(200);
/// Time between two pictures.
const BETWEEN_PICTURES: Duration = Duration::from_millis(700);

/// A training under way. Dropped, it stops, writes its checkpoint, and only then goes.
#[derive(Debug)]
pub struct Course {
    latest: Arc<Mutex<Arc<View>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Course {
    /// Starts a training, or goes on with it where a checkpoint is in its folder.
    ///
    /// # Errors
    /// [`Kind::Internal`] when no thread can be started. What goes wrong later is in its view.
    pub fn start(plan: Plan, wake: Wake) -> Result<Self> {
        let view = View {
            name: plan.recipe.name.clone(),
            title: plan.recipe.title.clone(),
            data: Some(plan.data.clone()),
            out: Some(plan.out.clone()),
            all_frames: Some(plan.recipe.training.frames),
            state: State::Reading,
            ..View::default()
        };
        let latest = Arc::new(Mutex::new(Arc::new(view.clone())));
        let stop = Arc::new(AtomicBool::new(false));
        let (slot, asked) = (Arc::clone(&latest), Arc::clone(&stop));
        let work = move || Teller { view, slot, asked, wake }.teach(plan);
        let thread = std::thread::Builder::new().name("percept-training".to_owned()).spawn(work);
        let thread = thread.context(Kind::Internal, "the training cannot be started")?;
        Ok(Self { latest, stop, thread: Some(thread) })
    }

    /// How it is now; does not wait.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        let view = Arc::clone(&self.latest.lock());
        if !view.state.is_going() {
            return view;
        }
        let state = if self.is_over() {
            State::Failed(Error::new(Kind::Internal, "the training ended without a word"))
        } else if self.stop.load(Ordering::Relaxed) {
            State::Stopping
        } else {
            return view;
        };
        Arc::new(View { state, ..View::clone(&view) })
    }

    /// Asks it to stop after this batch, with a checkpoint.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether its thread has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        self.stop();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the training ended without a checkpoint: its thread failed");
        }
    }
}

/// The end of it that works.
struct Teller {
    view: View,
    slot: Arc<Mutex<Arc<View>>>,
    asked: Arc<AtomicBool>,
    wake: Wake,
}

impl Teller {
    fn teach(mut self, mut plan: Plan) {
        let files = Files::of(&plan.out, &plan.recipe);
        plan.resume = files.checkpoint.exists();
        let done = log::read(&files.log).filter(|_| plan.resume).unwrap_or_default();
        self.begin(&done, plan.resume, &files);
        let mut curve: Option<Curve> = None;
        let mut told = (Instant::now(), None);
        let asked = Arc::clone(&self.asked);
        let outcome = run(&plan, &asked, &mut |standing| {
            // What the log has beyond the checkpoint comes again.
            let curve = curve.get_or_insert_with(|| {
                let known = done.iter().filter(|row| row.frames < standing.frames);
                Curve::new(&known.copied().collect::<Vec<_>>(), standing.all_frames)
            });
            curve.add(standing);
            self.take(standing, curve, &files, &mut told);
        });
        if let Some(curve) = &curve {
            self.view.points = Arc::new(curve.points());
        }
        self.view.state = match outcome {
            Ok(true) => State::Finished,
            Ok(false) => State::Stopped,
            Err(error) => State::Failed(error),
        };
        self.view.resumable = files.checkpoint.exists();
        self.view.model = files.model.exists().then_some(files.model);
        self.publish();
    }

    /// Shows what was done before, while what is to be seen is being read.
    fn begin(&mut self, done: &[Row], resumable: bool, files: &Files) {
        let view = &mut self.view;
        view.frames = done.last().map_or(0, |row| row.frames);
        view.points = Arc::new(done.iter().map(point).collect());
        (view.resumable, view.model) = (resumable, files.model.exists().then(|| files.model.clone()));
        self.publish();
    }

    /// Takes in how it stands, and shows it from time to time.
    fn take(
        &mut self,
        standing: &Standing<'_>,
        curve: &Curve,
        files: &Files,
        (told, pictured): &mut (Instant, Option<Instant>),
    ) {
        let view = &mut self.view;
        let first = view.state == State::Reading;
        view.state = State::Running;
        (view.frames, view.frames_per_s) = (standing.frames, standing.frames_per_s);
        if standing.row.is_some() {
            view.warning = standing.warning;
        }
        if standing.saved {
            (view.resumable, view.model) = (true, Some(files.model.clone()));
        }
        let at_end = standing.frames >= standing.all_frames;
        if pictured.is_none_or(|at| at.elapsed() >= BETWEEN_PICTURES) || at_end {
            view.moment = standing.moment.map(|moment| Arc::new(moment.clone()));
            *pictured = Some(Instant::now());
        }
        if first || at_end || told.elapsed() >= BETWEEN_VIEWS {
            view.points = Arc::new(curve.points());
            *told = Instant::now();
            self.publish();
        }
    }

    fn publish(&self) {
        *self.slot.lock() = Arc::new(self.view.clone());
        (self.wake)();
    }
}
