//! The threads that share a step's work: they spin for some microseconds between two phases, and block when
//! nothing comes.
#![allow(unsafe_code, reason = "a borrowed closure goes to threads that outlive it; `each` waits for them")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};

use crate::error::{Error, Kind, Result};

/// Looks at a flag before a thread goes to sleep: some tens of microseconds.
const SPINS: u32 = 4000;

/// A phase's work: called with the worker's number and the task's.
type Work<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Most threads that are taken unasked: beyond this the phases of a step are too short to share.
const MOST_THREADS: usize = 16;

/// As many threads as the machine has cores, or as the environment's `PERCEPT_THREADS` says.
#[must_use]
pub fn usual_threads() -> usize {
    let asked = std::env::var("PERCEPT_THREADS").ok().and_then(|text| text.parse::<usize>().ok());
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(MOST_THREADS);
    asked.filter(|&threads| threads > 0).unwrap_or_else(cores)
}

/// A team of threads, the calling one included.
#[derive(Debug)]
pub struct Team {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// A phase that is on offer.
#[derive(Clone, Copy)]
struct Job {
    work: *const Work<'static>,
    tasks: usize,
}

// SAFETY: the pointer is followed only while `Team::each`, which holds the borrow, waits for all workers.
unsafe impl Send for Job {}

struct Shared {
    /// Counts phases; a worker that has not seen the current one has work to do.
    phase: AtomicUsize,
    job: Mutex<Option<Job>>,
    next_task: AtomicUsize,
    /// Workers (without the caller) that have not finished the current phase.
    busy: AtomicUsize,
    failed: AtomicBool,
    stop: AtomicBool,
    started: Condvar,
    finished: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Team {
    /// A team of `threads`, the caller included.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the system gives no thread.
    pub fn new(threads: usize) -> Result<Self> {
        let shared = Arc::new(Shared {
            phase: AtomicUsize::new(0),
            job: Mutex::new(None),
            next_task: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            started: Condvar::new(),
            finished: Condvar::new(),
        });
        let mut team = Self { shared, threads: Vec::new() };
        for worker in 1..threads.max(1) {
            let shared = Arc::clone(&team.shared);
            let thread = std::thread::Builder::new()
                .name(format!("percept-cpu-{worker}"))
                .spawn(move || shared.serve(worker))
                .map_err(|cause| Error::new(Kind::Internal, format!("no thread for the network: {cause}")))?;
            team.threads.push(thread);
        }
        Ok(team)
    }

    /// Threads that take part, the caller included.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.len() + 1
    }

    /// Calls `work(worker, task)` for every task below `tasks`, on all threads, and returns when all are done.
    /// Workers are numbered from 0, the caller. `&mut self`: a team does one thing at a time.
    ///
    /// # Errors
    /// [`Kind::Internal`] when a task panicked.
    pub fn each(&mut self, tasks: usize, work: impl Fn(usize, usize) + Sync) -> Result<()> {
        if self.threads.is_empty() || tasks < 2 {
            (0..tasks).for_each(|task| work(0, task));
            return Ok(());
        }
        let shared = &*self.shared;
        let work: &Work<'_> = &work;
        // SAFETY: only the lifetime is changed. Workers follow the pointer only between the increment of `phase`
        // and their decrement of `busy`, and this function does not return, nor unwind, before `busy` is zero:
        // its own part of the work runs under `catch_unwind`.
        let work: *const Work<'static> =
            unsafe { std::mem::transmute::<&Work<'_>, &'static Work<'static>>(work) };
        let job = Job { work, tasks };
        shared.next_task.store(0, Ordering::Relaxed);
        shared.busy.store(self.threads.len(), Ordering::Relaxed);
        {
            // Under the lock, so that no worker falls asleep between its look at `phase` and this.
            let mut slot = shared.job.lock();
            *slot = Some(job);
            shared.phase.fetch_add(1, Ordering::Release);
            shared.started.notify_all();
        }
        shared.share(job, 0);
        shared.wait_until_idle();
        if shared.failed.swap(false, Ordering::Relaxed) {
            return Err(Error::new(Kind::Internal, "a thread of the network failed")
                .advise("Start percept again; with --device gpu it does without these threads"));
        }
        Ok(())
    }
}

impl Shared {
    /// A worker's life.
    fn serve(&self, worker: usize) {
        let mut seen = 0;
        while let Some(job) = self.next_job(&mut seen) {
            self.share(job, worker);
            if self.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
                // The lock makes sure that the caller is either before its look at `busy` or asleep.
                drop(self.job.lock());
                self.finished.notify_one();
            }
        }
    }

    /// Waits for a phase that was not seen yet; `None` at the end of the team.
    fn next_job(&self, seen: &mut usize) -> Option<Job> {
        let mut spins = 0;
        while self.phase.load(Ordering::Acquire) == *seen && spins < SPINS {
            std::hint::spin_loop();
            spins += 1;
        }
        let mut job = self.job.lock();
        while self.phase.load(Ordering::Acquire) == *seen {
            self.started.wait(&mut job);
        }
        *seen = self.phase.load(Ordering::Acquire);
        if self.stop.load(Ordering::Relaxed) { None } else { *job }
    }

    /// Takes tasks until there are none.
    fn share(&self, job: Job, worker: usize) {
        let all = catch_unwind(AssertUnwindSafe(|| {
            loop {
                let task = self.next_task.fetch_add(1, Ordering::Relaxed);
                if task >= job.tasks {
                    return;
                }
                // SAFETY: `each` keeps the closure alive until every worker is done: see there.
                unsafe { (*job.work)(worker, task) };
            }
        }));
        if all.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
    }

    fn wait_until_idle(&self) {
        let mut spins = 0;
        while self.busy.load(Ordering::Acquire) > 0 && spins < SPINS {
            std::hint::spin_loop();
            spins += 1;
        }
        if self.busy.load(Ordering::Acquire) > 0 {
            let mut job = self.job.lock();
            while self.busy.load(Ordering::Acquire) > 0 {
                self.finished.wait(&mut job);
            }
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        {
            let _job = self.shared.job.lock();
            self.shared.phase.fetch_add(1, Ordering::Release);
            self.shared.started.notify_all();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the network ended badly");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_whatever_the_number_of_threads() {
        for threads in [1, 2, 3, 8] {
            let mut team = Team::new(threads).unwrap();
            for tasks in [0, 1, 2, 7, 500] {
                let done: Vec<_> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
                team.each(tasks, |worker, task| {
                    assert!(worker < threads);
                    done[task].fetch_add(1, Ordering::Relaxed);
                })
                .unwrap();
                assert!(done.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            }
        }
    }

    #[test]
    fn a_failing_task_is_an_error_and_the_team_goes_on() {
        let mut team = Team::new(2).unwrap();
        let failing = team.each(50, |_, task| assert!(task != 17, "on purpose"));
        assert_eq!(failing.unwrap_err().kind, Kind::Internal);
        team.each(50, |_, _| {}).unwrap();
    }

    #[test]
    fn sleeping_workers_wake_up() {
        let mut team = Team::new(3).unwrap();
        for _ in 0..5 {
            std::thread::sleep(std::time::Duration::from_millis(5));
            let sum = AtomicUsize::new(0);
            team.each(10, |_, task| {
                sum.fetch_add(task, Ordering::Relaxed);
            })
            .unwrap();
            assert_eq!(sum.into_inner(), 45);
        }
    }
}
