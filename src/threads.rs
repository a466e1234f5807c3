//! Threads that are waited for when what they work for goes: they draw on a graphics device, and a driver that is
//! taken down while somebody is at work in it takes the program with it.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

/// How long whoever goes waits for a thread: a picture at most is under way, but it may have a loop without an end.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same for one that is waited for by a thread that is waited for.
const LESS_PATIENCE: Duration = Duration::from_secs(1);

/// Threads that have begun and not ended.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// One thread at work. Dropped, it is waited for, some seconds at most: whatever tells it to end must be dropped
/// before (fields are dropped in the order in which they are written).
#[derive(Debug)]
pub struct Helper {
    name: &'static str,
    patience: Duration,
    thread: Option<std::thread::JoinHandle<()>>,
    ended: Receiver<()>,
}

/// Counts a thread for as long as it lives, and tells of its end even when it panics.
struct Counted {
    /// Never sent through: it hangs up.
    _ending: Sender<()>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::Release);
    }
}

impl Helper {
    /// Starts a thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(name: &'static str, work: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let (ending, ended) = bounded(0);
        AT_WORK.fetch_add(1, Ordering::Relaxed);
        // Made here, so that it is counted off where the thread cannot be started, too.
        let counted = Counted { _ending: ending };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let _counted = counted;
            work();
        })?;
        Ok(Self { name, patience: PATIENCE, thread: Some(thread), ended })
    }

    /// The same, of a helper whose owner is one itself: who waits for both must not give up first.
    #[must_use]
    pub fn inner(self) -> Self {
        let mut inner = self;
        inner.patience = LESS_PATIENCE;
        inner
    }

    /// Lets it go on by itself; the program still does not take the driver down while it works.
    pub fn leave(mut self) {
        self.thread = None;
    }

    fn end(&mut self, patience: Duration) {
        let Some(thread) = self.thread.take() else { return };
        if thread.thread().id() == std::thread::current().id() {
            return;
        }
        if self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("{} was still at work when it was no longer wanted", self.name);
        } else if thread.join().is_err() {
            tracing::error!("the thread {} failed", self.name);
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.end(self.patience);
    }
}

/// How the program ends: with this status. While a helper is still at work nothing is taken down that it may be
/// using.
#[must_use]
pub fn end(code: u8) -> ExitCode {
    if AT_WORK.load(Ordering::Acquire) > 0 {
        // Nobody is there to hear of a failure any more.
        io::stdout().flush().unwrap_or_default();
        end_now(code);
    }
    ExitCode::from(code)
}

/// Ends the program at once, whoever is at work or in the middle of a word: the system takes everything back.
#[allow(unsafe_code, reason = "the standard library's exit runs handlers that take the driver down")]
pub fn end_now(code: u8) -> ! {
    #[cfg(unix)]
    // SAFETY: it ends the process and touches nothing in it.
    unsafe {
        libc::_exit(i32::from(code))
    }
    #[cfg(not(unix))]
    std::process::exit(i32::from(code))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn whoever_goes_waits_for_the_work_under_way_and_its_panic() {
        let (sender, orders) = bounded::<()>(0);
        let done = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&done);
        let helper = Helper::start("test", move || {
            orders.recv().unwrap_err();
            std::thread::sleep(Duration::from_millis(50));
            mark.store(true, Ordering::Release);
        });
        drop(sender);
        drop(helper.unwrap());
        assert!(done.load(Ordering::Acquire));
        drop(Helper::start("test that fails", || panic!("on purpose")).unwrap());
    }

    #[test]
    fn what_does_not_end_is_left_after_a_while_and_counted() {
        let (sender, orders) = bounded::<()>(0);
        let mut helper =
            Helper::start("test without an end", move || assert!(orders.recv().is_err())).unwrap();
        let before = AT_WORK.load(Ordering::Acquire);
        assert!(before > 0);
        helper.end(Duration::from_millis(20));
        assert!(AT_WORK.load(Ordering::Acquire) > 0, "it is still at work");
        drop(sender);
        Helper::start("test that is left", || ()).unwrap().leave();
    }
}
