//! Tells when the folder of the user's illusions changes. A folder that is missing, or goes and comes
//! back, is waited for.

use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::{Context as _, Kind, Result};

/// Editors write a file in several strokes; they are over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(150);
/// After so long a change is told even if the folder does not come to rest.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How often a missing folder is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

enum Signal {
    Changed,
    Stop,
}

/// Watches a folder until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    signals: Sender<Signal>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Calls `on_change` on a thread of its own after files in `folder` were written, renamed or removed,
    /// or the folder came or went.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the system gives no thread or no watch at all.
    pub fn new(folder: PathBuf, on_change: impl Fn() + Send + 'static) -> Result<Self> {
        let (signals, received) = bounded(1);
        let changed = signals.clone();
        let eyes = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading a file is an event too, and would make the reader watch itself.
            if event.is_ok_and(|event| !event.kind.is_access())
                && let Err(TrySendError::Disconnected(_)) = changed.try_send(Signal::Changed)
            {
                tracing::debug!("a change of the illusions' folder came after its watcher ended");
            }
        })
        .context(Kind::Internal, "the folder of illusions cannot be watched")?;
        let mut watch = Watch { eyes, seen: false, folder };
        watch.look();
        let thread = std::thread::Builder::new()
            .name("illusion folder".to_owned())
            .spawn(move || watch.run(&received, &on_change))
            .context(Kind::Internal, "no thread for watching the folder of illusions")?;
        Ok(Self { signals, thread: Some(thread) })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Waits at most until the thread has taken the signal before.
        if self.signals.send(Signal::Stop).is_ok()
            && let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the watcher of the illusions' folder ended with a fault");
        }
    }
}

struct Watch {
    eyes: RecommendedWatcher,
    /// Whether the folder was there, and watched, when last looked for.
    seen: bool,
    folder: PathBuf,
}

impl Watch {
    fn run(&mut self, signals: &Receiver<Signal>, on_change: &dyn Fn()) {
        loop {
            match signals.recv_timeout(LOOK_EVERY) {
                Ok(Signal::Changed) => {
                    if !calm(signals) {
                        return;
                    }
                    // The watch may be on a folder that was removed and made anew.
                    self.forget();
                    self.look();
                    on_change();
                }
                Err(RecvTimeoutError::Timeout) => {
                    let before = self.seen;
                    if self.seen && !self.folder.is_dir() {
                        self.forget();
                    }
                    self.look();
                    if self.seen != before {
                        on_change();
                    }
                }
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn look(&mut self) {
        if self.seen || !self.folder.is_dir() {
            return;
        }
        match self.eyes.watch(&self.folder, RecursiveMode::NonRecursive) {
            Ok(()) => self.seen = true,
            Err(cause) => tracing::debug!("{}: not watched: {cause}", shown(&self.folder)),
        }
    }

    fn forget(&mut self) {
        if let Err(cause) = self.eyes.unwatch(&self.folder) {
            tracing::debug!("{}: was not watched any more: {cause}", shown(&self.folder));
        }
        self.seen = false;
    }
}

fn shown(folder: &Path) -> impl std::fmt::Display + '_ {
    folder.display()
}

/// Waits until no change came for a while; `false` when it is time to stop.
fn calm(signals: &Receiver<Signal>) -> bool {
    let began = Instant::now();
    while began.elapsed() < LONGEST_WAIT {
        match signals.recv_timeout(QUIET) {
            Ok(Signal::Changed) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}
