//! A source on its own thread, reading ahead: decoding never holds up the network, and a seek takes effect at
//! the very next frame that is taken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use parking_lot::Mutex;

use super::{Source, SourceInfo, StimulusSpec, Want, open};
use crate::error::{Error, Kind, Result};
use crate::frame::Shown;

/// Frames that are read ahead.
const AHEAD: usize = 4;
/// Slowest and fastest grid.
const GRID_HZ: std::ops::RangeInclusive<f64> = 0.001..=100_000.0;

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
        Self { shared, frames, wake, generation: 0, taken_s: None, over }
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
        let deadline = Instant::now() + wait;
        loop {
            match self.frames.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok((generation, _)) if generation != self.generation => {}
                Ok((_, taken)) => {
                    match &taken {
                        Taken::Frame(shown) => self.taken_s = Some(shown.time_s),
                        Taken::End | Taken::Failed(_) => self.over = Some(taken.clone()),
                        Taken::NotYet => {}
                    }
                    return taken;
                }
                Err(RecvTimeoutError::Timeout) => return Taken::NotYet,
                Err(RecvTimeoutError::Disconnected) => {
                    let lost = Taken::Failed(Error::new(Kind::Internal, "the decoder's thread ended"));
                    self.over = Some(lost.clone());
                    return lost;
                }
            }
        }
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
        // Room in the channel lets a thread that waits to send go on and see the order.
        while self.frames.try_recv().is_ok() {}
        if let Err(TrySendError::Disconnected(())) = self.wake.try_send(()) {
            tracing::debug!("the decoder's thread is gone; the next take will say so");
        }
    }
}

/// The thread's side.
struct Thread {
    shared: Arc<Shared>,
    send: Sender<Item>,
    /// The reader's end of the channel: frames of a camera that nobody took are thrown away through it.
    drain: Receiver<Item>,
    woken: Receiver<()>,
}

impl Thread {
    fn run(self, open: impl FnOnce() -> Result<Box<dyn Source>>) {
        let mut source = match open() {
            Ok(source) => source,
            Err(error) => return self.refuse(&error),
        };
        let mut order = *self.shared.order.lock();
        let mut next = Some(Step::first(&order));
        let mut told = None;
        loop {
            self.tell(source.info(), &mut told);
            let latest = *self.shared.order.lock();
            if latest.generation != order.generation {
                order = latest;
                next = Some(Step::first(&order));
            }
            let Some(step) = next else {
                if self.woken.recv().is_err() {
                    return;
                }
                continue;
            };
            let (taken, after) = step.take(source.as_mut(), order.plan);
            next = after;
            self.tell(source.info(), &mut told);
            if !self.give((order.generation, taken), source.info().seekable) {
                return;
            }
        }
    }

    /// Says again and again that the source could not be opened.
    fn refuse(&self, error: &Error) {
        loop {
            let generation = self.shared.order.lock().generation;
            if !self.give((generation, Taken::Failed(error.clone())), true) {
                return;
            }
            let answered = self.shared.order.lock().generation == generation;
            if answered && self.woken.recv().is_err() {
                return;
            }
        }
    }

    fn tell(&self, info: &SourceInfo, told: &mut Option<SourceInfo>) {
        if told.as_ref() != Some(info) {
            *told = Some(info.clone());
            self.shared.info.lock().clone_from(told);
        }
    }

    /// Hands a frame over; `false` when nobody listens any more.
    ///
    /// The reader's drop closes `woken`, so that is what is watched while waiting for room.
    fn give(&self, item: Item, can_wait: bool) -> bool {
        let mut item = item;
        loop {
            let wait = if can_wait { Duration::from_millis(50) } else { Duration::ZERO };
            item = match self.send.send_timeout(item, wait) {
                Ok(()) => return true,
                Err(back) => back.into_inner(),
            };
            if self.woken.try_recv() == Err(crossbeam_channel::TryRecvError::Disconnected) {
                return false;
            }
            if self.shared.order.lock().generation != item.0 {
                return true;
            }
            if !can_wait && self.drain.try_recv().is_err() {
                return true;
            }
        }
    }
}

/// What is to be read next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// By the source's own frames; first to the frame last taken, where one is given.
    Frame { from_s: Option<f64>, want: Want },
    /// The k-th place of the grid.
    Grid(u64),
}

impl Step {
    fn first(order: &Order) -> Self {
        let Plan::FixedHz(rate_hz) = order.plan else {
            let relative = matches!(order.want, Want::Next | Want::Previous);
            return match order.taken_s.filter(|_| relative) {
                None if relative => Self::Frame { from_s: None, want: Want::Start },
                from_s => Self::Frame { from_s, want: order.want },
            };
        };
        let rate_hz = on_grid(rate_hz);
        let place = |time_s: f64| (time_s.max(0.0) * rate_hz + 1e-6).floor() as u64;
        let taken = order.taken_s.map(place);
        Self::Grid(match (order.want, taken) {
            (Want::At(time_s), _) => place(time_s),
            (Want::Next, Some(taken)) => taken + 1,
            (Want::Previous, Some(taken)) => taken.saturating_sub(1),
            (Want::Start, _) | (Want::Next | Want::Previous, None) => 0,
        })
    }

    /// Reads; returns also the step after this one, `None` at the end.
    fn take(self, source: &mut dyn Source, plan: Plan) -> (Taken, Option<Self>) {
        let read = match self {
            Self::Frame { from_s, want } => frame(source, from_s, want),
            Self::Grid(place) => {
                let time_s = place as f64 / rate(plan);
                let shown = source.read(Want::At(time_s));
                shown.map(|shown| shown.map(|shown| Shown { time_s, ..shown }))
            }
        };
        match read {
            Ok(Some(shown)) => {
                let after = match self {
                    Self::Frame { .. } => Self::Frame { from_s: None, want: Want::Next },
                    Self::Grid(place) => Self::Grid(place + 1),
                };
                (Taken::Frame(shown), Some(after))
            }
            Ok(None) => (Taken::End, None),
            Err(error) => (Taken::Failed(error), None),
        }
    }
}

fn frame(source: &mut dyn Source, from_s: Option<f64>, want: Want) -> Result<Option<Shown>> {
    if let Some(time_s) = from_s
        && source.info().seekable
    {
        source.read(Want::At(time_s))?;
    }
    let shown = source.read(want)?;
    match want {
        Want::Previous if shown.is_none() && source.info().seekable => source.read(Want::Start),
        _ => Ok(shown),
    }
}

fn rate(plan: Plan) -> f64 {
    match plan {
        Plan::FixedHz(rate_hz) => on_grid(rate_hz),
        Plan::EveryFrame => 1.0,
    }
}

/// A rate that makes sense: in range, and 10 Hz for NaN.
fn on_grid(rate_hz: f64) -> f64 {
    if rate_hz.is_nan() {
        super::images::PICTURES_HZ
    } else {
        rate_hz.clamp(*GRID_HZ.start(), *GRID_HZ.end())
    }
}
