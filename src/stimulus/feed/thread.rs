//! The decoder's thread: reads ahead, watches for orders, and never keeps the reader waiting.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TryRecvError};

use super::step::Step;
use super::{Item, Shared, Taken};
use crate::error::{Error, Result};
use crate::stimulus::{Source, SourceInfo};

/// The thread's side.
pub(super) struct Thread {
    pub(super) shared: Arc<Shared>,
    pub(super) send: Sender<Item>,
    /// The reader's end of the channel: frames of a camera that nobody took are thrown away through it.
    pub(super) drain: Receiver<Item>,
    pub(super) woken: Receiver<()>,
}

impl Thread {
    /// Opens the source and reads until nobody listens any more.
    pub(super) fn run(self, open: impl FnOnce() -> Result<Box<dyn Source>>) {
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
            if self.woken.try_recv() == Err(TryRecvError::Disconnected) {
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
