//! Whether what is shown is safe to look at: looked through ahead on a thread of its own, and as it is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;

use super::OnShow;
use crate::error::Result;
use crate::gpu::raster::Program;
use crate::safety::{Analyser, Class, Field, Pixels, Verdict};
use crate::stimulus::examine::{self, Look};
use crate::stimulus::illusion::{Illusion, Showing};
use crate::stimulus::{StimulusSpec, open};
use crate::threads::Helper;

/// Seconds of an illusion that are looked through at once, and then once more with what follows.
const ILLUSION_S: [f64; 2] = [3.0, 15.0];
/// Seconds of a file that are looked through ahead; what follows is looked at as it is shown.
const FILE_S: [f64; 2] = [4.0, 30.0];

/// What is known of the safety of what is on show.
#[derive(Clone, Debug, Default)]
pub struct Safety {
    /// What was found; `None` before that, and for cameras while nothing was.
    pub verdict: Option<Arc<Verdict>>,
    /// Whether its first seconds are being looked through.
    pub looking: bool,
}

impl Safety {
    /// Whether it flashes beyond the limits.
    pub fn fails(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.class == Class::Fails)
    }
}

/// What decides how it looks, place and zoom aside.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Illusion(String, Vec<f32>, u32, f64),
    Other(StimulusSpec),
}

#[derive(Debug)]
enum Order {
    Illusion(Arc<Illusion>, Arc<Program>, Showing, f64),
    File(StimulusSpec),
}

#[derive(Debug, Default)]
struct Shared {
    order: Mutex<Option<(u64, Order)>>,
    found: Mutex<Option<(u64, Option<Arc<Verdict>>)>>,
    newest: AtomicU64,
}

/// The worker's end.
#[derive(Debug)]
pub(super) struct Guard {
    shared: Arc<Shared>,
    ring: Option<Sender<()>>,
    thread: Option<Helper>,
    subject: Option<Subject>,
    generation: u64,
    live: Analyser,
    /// Whether the verdict is of other parameters than those on show.
    is_old: bool,
    pub(super) safety: Safety,
}

impl Guard {
    pub(super) fn new() -> Self {
        let shared = Arc::<Shared>::default();
        let (ring, rung) = bounded(1);
        let theirs = Arc::clone(&shared);
        let thread = Helper::start("percept-safety", move || serve(&theirs, &rung));
        let thread = thread
            .inspect_err(|cause| tracing::error!("nothing is looked through: {cause}"))
            .ok()
            .map(Helper::inner);
        let live = Analyser::hasty(Field::FullScreen);
        let (subject, safety) = (None, Safety::default());
        Self { shared, ring: Some(ring), thread, subject, generation: 0, live, is_old: false, safety }
    }

    /// Has what is on show looked through where it is another than before, and takes what has been found. `true`
    /// where something is new.
    pub(super) fn attend(&mut self, spec: &StimulusSpec, on_show: &OnShow, speed: f64) -> bool {
        let (subject, order) = match on_show {
            OnShow::Illusion { illusion, program: Some(program), showing, .. } => {
                let params = illusion.uniform_values(showing);
                let subject = Subject::Illusion(illusion.slug.clone(), params, showing.seed, speed);
                let (illusion, program) = (Arc::clone(illusion), Arc::clone(program));
                (subject, Some(Order::Illusion(illusion, program, showing.clone(), speed)))
            }
            OnShow::Picture(_) => {
                let file = matches!(spec, StimulusSpec::File(_)).then(|| Order::File(spec.clone()));
                (Subject::Other(spec.clone()), file)
            }
            OnShow::Illusion { .. } | OnShow::Nothing => return false,
        };
        if self.subject.as_ref() != Some(&subject) {
            // Of the same illusion the old verdict holds until there is a new one.
            let same = match (&self.subject, &subject) {
                (Some(Subject::Illusion(old, ..)), Subject::Illusion(new, ..)) => old == new,
                _ => false,
            };
            self.is_old = same;
            let verdict = self.safety.verdict.take().filter(|_| same);
            self.subject = Some(subject);
            self.generation += 1;
            self.live = Analyser::hasty(Field::FullScreen);
            self.safety = Safety { verdict, looking: order.is_some() && self.thread.is_some() };
            self.shared.newest.store(self.generation, Ordering::Relaxed);
            *self.shared.order.lock() = order.map(|order| (self.generation, order));
            if let Some(ring) = &self.ring {
                // A full channel has rung already.
                ring.try_send(()).unwrap_or_default();
            }
            return true;
        }
        self.has_news()
    }

    /// Takes what has been found since; `true` where something has.
    pub(super) fn has_news(&mut self) -> bool {
        let Some((generation, found)) = self.shared.found.lock().take() else { return false };
        if generation != self.generation {
            return false;
        }
        self.safety.looking = false;
        // What was looked at as it was shown may have missed frames: the look ahead knows better where it fails too.
        let fails = found.as_ref().is_some_and(|found| found.class == Class::Fails);
        if std::mem::take(&mut self.is_old) || fails || !self.safety.fails() {
            self.safety.verdict = found.or_else(|| self.safety.verdict.take());
        }
        true
    }

    /// Looks at a picture of a video, a folder or a camera as it is shown.
    pub(super) fn see(&mut self, on_show: &OnShow, time_s: f64, speed: f64) {
        let OnShow::Picture(image) = on_show else { return };
        let picture = image.picture();
        self.live.push(picture.size, Pixels::Rgb8(&picture.rgb), time_s / speed);
        if self.live.fails() && !self.safety.fails() {
            self.safety.verdict = Some(Arc::new(self.live.verdict()));
        }
    }
}

impl Drop for Guard {
    /// The thread ends with the picture that it is at.
    fn drop(&mut self) {
        self.shared.newest.store(u64::MAX, Ordering::Relaxed);
        self.ring = None;
    }
}

fn serve(shared: &Shared, rung: &Receiver<()>) {
    for () in rung {
        let Some((generation, order)) = shared.order.lock().take() else { continue };
        let is_wanted = || shared.newest.load(Ordering::Relaxed) == generation;
        let tell = |verdict: Option<Verdict>| {
            *shared.found.lock() = Some((generation, verdict.map(Arc::new)));
        };
        for part in 0..2 {
            match look(&order, part, &is_wanted) {
                _ if !is_wanted() => break,
                Ok(verdict) => tell(verdict),
                Err(error) => {
                    // Whoever shows it meets the same fault and tells of it.
                    tracing::debug!("nothing is known of its safety: {error}");
                    tell(None);
                    break;
                }
            }
        }
    }
}

fn look(order: &Order, part: usize, is_wanted: &dyn Fn() -> bool) -> Result<Option<Verdict>> {
    match order {
        Order::Illusion(illusion, program, showing, speed) => {
            let seconds = ILLUSION_S.get(part).copied().unwrap_or(1.0);
            let look = Look { seconds, speed: *speed, stripes: true };
            examine::illusion(program, illusion, showing, look, &mut || is_wanted())
        }
        Order::File(spec) => {
            let seconds = FILE_S.get(part).copied();
            if !is_wanted() {
                return Ok(None);
            }
            let mut source = open::open(spec)?;
            examine::source(source.as_mut(), seconds, &mut |_| is_wanted()).map(Some)
        }
    }
}
