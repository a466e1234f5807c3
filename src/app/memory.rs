//! Memory that is given back to the system and asked for again at every frame costs a tenth of a frame where the processor
//! draws: the window keeps it.
#![allow(unsafe_code, reason = "the C library's setting has no safe wrapper")]

/// Free memory that is kept before any is given back, in bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 256 << 20;
/// Pieces smaller than this come from what is kept, in bytes: the most that older C libraries take.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SMALL: libc::c_int = 32 << 20;

/// Lets this process keep the memory that it frees. Where the environment says otherwise
/// (`MALLOC_TRIM_THRESHOLD_`), or the system has another C library, nothing is changed.
pub(super) fn keep_what_is_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if std::env::var_os("MALLOC_TRIM_THRESHOLD_").is_none() {
        // SAFETY: two settings of the allocator, which takes its own lock; no memory of ours is touched.
        let taken = unsafe {
            [libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT), libc::mallopt(libc::M_MMAP_THRESHOLD, SMALL)]
        };
        if taken != [1, 1] {
            tracing::debug!("the C library does not keep freed memory: {taken:?}");
        }
    }
}
