//! Who may write where: a slice cut into pieces, each of which is handed out at most once, to any thread.
#![allow(unsafe_code, reason = "pieces of one slice go to several threads; the claims below make that sound")]

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

/// Words of claims; 64 pieces each.
const WORDS: usize = 64;

/// A slice in pieces of equal length (the last may be shorter), to be taken one by one.
///
/// ```
/// # use percept::cpu::chunks::Chunks;
/// let mut values = [0.0; 10];
/// let chunks = Chunks::new(&mut values, 4);
/// assert_eq!(chunks.take(2).map(|piece| piece.len()), Some(2));
/// assert!(chunks.take(2).is_none(), "taken already");
/// assert!(chunks.take(3).is_none(), "there is none");
/// ```
#[derive(Debug)]
pub struct Chunks<'a> {
    start: *mut f32,
    len: usize,
    piece: usize,
    taken: [AtomicU64; WORDS],
    _values: PhantomData<&'a mut [f32]>,
}

// SAFETY: a piece is handed out once only (see `take`), so no two threads ever hold the same values.
unsafe impl Sync for Chunks<'_> {}
// SAFETY: it is an exclusive borrow of `f32`, which may go to another thread.
unsafe impl Send for Chunks<'_> {}

impl<'a> Chunks<'a> {
    /// Cuts `values` into pieces of `piece` values; at most 4096 of them can be taken.
    pub fn new(values: &'a mut [f32], piece: usize) -> Self {
        Self {
            start: values.as_mut_ptr(),
            len: values.len(),
            piece,
            taken: [const { AtomicU64::new(0) }; WORDS],
            _values: PhantomData,
        }
    }

    /// The piece of this index; `None` when there is none or it was taken before.
    #[allow(clippy::mut_from_ref, reason = "every piece is given once: see the claims")]
    pub fn take(&self, index: usize) -> Option<&'a mut [f32]> {
        let begin = index.checked_mul(self.piece)?;
        let word = self.taken.get(index / 64)?;
        if begin >= self.len {
            return None;
        }
        let claim = 1_u64 << (index % 64);
        if word.fetch_or(claim, Ordering::Relaxed) & claim != 0 {
            return None;
        }
        let len = self.piece.min(self.len - begin);
        // SAFETY: `begin + len <= self.len`, within the slice that is borrowed for `'a`. Pieces of different
        // index do not overlap, and the claim above lets each index through once in the life of `self`, which
        // holds the only borrow.
        Some(unsafe { std::slice::from_raw_parts_mut(self.start.add(begin), len) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_the_pieces_and_each_is_written_once() {
        let mut values = vec![0.0; 1001];
        let chunks = Chunks::new(&mut values, 7);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for index in 0..200 {
                        for value in chunks.take(index).into_iter().flatten() {
                            *value += 1.0;
                        }
                    }
                });
            }
        });
        assert!(values.iter().all(|&value| value == 1.0));
    }

    #[test]
    fn impossible_pieces_are_refused() {
        let mut values = [0.0; 8];
        let chunks = Chunks::new(&mut values, 8);
        assert!(chunks.take(usize::MAX).is_none() && chunks.take(1).is_none() && chunks.take(0).is_some());
        assert!(Chunks::new(&mut [], 4).take(0).is_none());
    }
}
