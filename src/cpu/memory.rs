//! Memory for weights and maps: whole pages of zeros, in large pages where the system has them.

use std::fmt;
use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

use crate::error::{Context as _, Error, Kind, Result};

/// A fixed number of `f32`, zero at the start, on a page boundary.
pub struct Buffer {
    pages: MmapMut,
    len: usize,
}

impl Buffer {
    /// `len` zeros.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] when the system does not give the memory.
    pub fn zeros(len: usize) -> Result<Self> {
        let bytes = len.max(1).checked_mul(size_of::<f32>());
        let bytes =
            bytes.ok_or_else(|| Error::new(Kind::TooLarge, "a network of more bytes than there are"))?;
        let pages =
            MmapMut::map_anon(bytes).context(Kind::TooLarge, "the network does not fit into memory")?;
        large_pages(&pages);
        Ok(Self { pages, len })
    }
}

impl Buffer {
    /// The same memory as words.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        &bytemuck::cast_slice(&self.pages)[..self.len]
    }

    /// The same memory as words, to be written.
    pub fn words_mut(&mut self) -> &mut [u32] {
        &mut bytemuck::cast_slice_mut(&mut self.pages)[..self.len]
    }
}

/// A wish only: without large pages everything works, a little slower.
#[cfg(all(target_os = "linux", not(miri)))]
fn large_pages(pages: &MmapMut) {
    if let Err(cause) = pages.advise(memmap2::Advice::HugePage) {
        tracing::debug!("no large pages: {cause}");
    }
}

#[cfg(not(all(target_os = "linux", not(miri))))]
const fn large_pages(_: &MmapMut) {}

impl Deref for Buffer {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &bytemuck::cast_slice(&self.pages)[..self.len]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut bytemuck::cast_slice_mut(&mut self.pages)[..self.len]
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({})", self.len)
    }
}
