//! A batch shared among threads. Images have nothing to do with each other until the gradients of the kernels are
//! summed, so each thread takes its images through all steps alone: nobody waits for anybody in between.

use crate::error::{Context as _, Error, Kind, Result};

/// A thread's work.
pub(super) type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// First image and number of images of every thread.
pub(super) fn shares(batch: usize, threads: usize) -> impl Iterator<Item = (usize, usize)> {
    let threads = threads.clamp(1, batch.max(1));
    (0..threads).map(move |thread| {
        let (first, end) = (batch * thread / threads, batch * (thread + 1) / threads);
        (first, end - first)
    })
}

/// Runs all jobs at once, the first on this thread.
pub(super) fn join(jobs: Vec<Job<'_>>) -> Result<()> {
    let mut jobs = jobs.into_iter();
    let Some(first) = jobs.next() else { return Ok(()) };
    std::thread::scope(|scope| {
        let mut handles = Vec::new();
        for job in jobs {
            let thread = std::thread::Builder::new().name("training".to_owned());
            handles
                .push(thread.spawn_scoped(scope, job).context(Kind::Internal, "no thread could be started")?);
        }
        first();
        let failed = handles.into_iter().filter_map(|handle| handle.join().err()).count();
        if failed == 0 { Ok(()) } else { Err(Error::new(Kind::Internal, "a thread of the training stopped")) }
    })
}
