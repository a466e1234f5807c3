//! A source on its own thread, reading ahead: decoding never holds up the network, and a seek takes effect at
//! the very next frame that is taken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use parking_lot::Mutex;

use super::{Source, SourceInfo, StimulusSpec, Want, open};
use crate::error::{Error, Kind, Result};
use crate::frame::Shown;

mod step;
mod thread;

use thread::Thread;

/// Frames that are read ahead.
const AHEAD: usize = 4;

/// Which frames of the source are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Plan {
    /// Each frame once.
    #[default]
    EveryFrame,
    /// What is on show every `1 / rate` seconds, from 0 on.
    FixedHz(f64),
}

/// What [`Feed::take`] gives.
#[derive(Clone, Debug)]
pub enum Taken {
    /// The next frame.
    Frame(Shown),
    /// There are no more frames; a seek starts again.
    End,
    /// None is ready yet.
    NotYet,
    /// The source failed; a seek may find better places in it, unless it could not be opened at all.
    Failed(Error),
}

/// What the reader asks of the thread.
#[derive(Clone, Copy, Debug)]
struct Order {
    /// Grows with every order; frames carry the generation of the order they answer.
    generation: u64,
    plan: Plan,
    /// The first frame to give.
    want: Want,
    /// The frame last taken, as its time: what `Next` and `Previous` refer to.
    taken_s: Option<f64>,
}

/// What reader and thread share. Both locks are held for an assignment only.
#[derive(Debug)]
struct Shared {
    order: Mutex<Order>,
    info: Mutex<Option<SourceInfo>>,
}

type Item = (u64, Taken);

/// The reader's handle. No method waits longer than it is told to. Dropped, it ends the thread.
#[derive(Debug)]
pub struct Feed {
    shared: Arc<Shared>,
    frames: Receiver<Item>,
    wake: Sender<()>,
    generation: u64,
    taken_s: Option<f64>,
    /// What answered the last order before the channel was cleared for it.
    early: Option<Box<Taken>>,
    /// `End` or `Failed`, given again and again until a seek.
    over: Option<Taken>,
}

impl Feed {
    /// Opens a source on a thread of its own and starts reading at its start. An error of the opening comes
    /// from [`Feed::take`].
    #[must_use]
    pub fn open(spec: StimulusSpec, plan: Plan) -> Self {
        Self::run(plan, move || open::open(&spec))
    }

    /// Runs any source, opened on the thread.
    fn run(plan: Plan, open: impl FnOnce() -> Result<Box<dyn Source>> + Send + 'static) -> Self {
        let order = Order { generation: 0, plan, want: Want::Start, taken_s: None };
        let shared = Arc::new(Shared { order: Mutex::new(order), info: Mutex::new(None) });
        let (send, frames) = bounded(AHEAD);
        let (wake, woken) = bounded(1);
        let thread = Thread { shared: Arc::clone(&shared), send, drain: frames.clone(), woken };
        let started = std::thread::Builder::new().name("decoder".into()).spawn(move || thread.run(open));
        let over = started.err().map(|cause| {
            Taken::Failed(
                Error::new(Kind::Internal, format!("no thread could be started ({cause})"))
                    .advise("Close other programs and try again"),
            )
        });
        Self { shared, frames, wake, generation: 0, taken_s: None, early: None, over }
    }

    /// What is known of the source by now; `None` until it is open.
    #[must_use]
    pub fn info(&self) -> Option<SourceInfo> {
        self.shared.info.lock().clone()
    }

    /// The next frame, waiting no longer than `wait`.
    pub fn take(&mut self, wait: Duration) -> Taken {
        if let Some(over) = &self.over {
            return over.clone();
        }
        if let Some(taken) = self.early.take() {
            return self.note(*taken);
        }
        let deadline = Instant::now() + wait;
        loop {
            match self.frames.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((generation, _)) if generation != self.generation => {}
                Ok((_, taken)) => return self.note(taken),
                Err(RecvTimeoutError::Timeout) => return Taken::NotYet,
                Err(RecvTimeoutError::Disconnected) => {
                    let lost = Taken::Failed(Error::new(Kind::Internal, "the decoder's thread ended"));
                    self.over = Some(lost.clone());
                    return lost;
                }
            }
        }
    }

    /// Remembers what the next order has to know of what is taken.
    fn note(&mut self, taken: Taken) -> Taken {
        match &taken {
            Taken::Frame(shown) => self.taken_s = Some(shown.time_s),
            Taken::End | Taken::Failed(_) => self.over = Some(taken.clone()),
            Taken::NotYet => {}
        }
        taken
    }

    /// Drops what was read ahead; the next [`Feed::take`] gives the wanted frame. `Next` and `Previous` refer
    /// to the frame last taken, not to those read ahead; `Previous` of the first frame is the first frame.
    pub fn seek(&mut self, want: Want) {
        let plan = self.shared.order.lock().plan;
        self.order(plan, want);
    }

    /// Another plan, from the frame after the one last taken.
    pub fn set_plan(&mut self, plan: Plan) {
        self.order(plan, if self.taken_s.is_some() { Want::Next } else { Want::Start });
    }

    fn order(&mut self, plan: Plan, want: Want) {
        self.generation += 1;
        self.over = None;
        let order = Order { generation: self.generation, plan, want, taken_s: self.taken_s };
        *self.shared.order.lock() = order;
        // Room in the channel lets a thread that waits to send go on and see the order. It may have answered it by
        // now: that frame is the one that is wanted.
        self.early = None;
        while let Ok((generation, taken)) = self.frames.try_recv() {
            if generation == self.generation {
                self.early = Some(Box::new(taken));
                break;
            }
        }
        if let Err(TrySendError::Disconnected(())) = self.wake.try_send(()) {
            tracing::debug!("the decoder's thread is gone; the next take will say so");
        }
    }
}
