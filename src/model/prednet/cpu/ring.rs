//! A map that is written anew at every step while others still read the last one.

use std::sync::Arc;

use crate::cpu::map::{Layout, Map};
use crate::error::Result;

/// The map as it is, the one that is being written, and some that were given back.
#[derive(Debug)]
pub(super) struct Ring {
    layout: Layout,
    /// As it is.
    pub(super) now: Arc<Map>,
    next: Arc<Map>,
    /// Maps that readers still held when they were to be written.
    lent: Vec<Arc<Map>>,
}

impl Ring {
    pub(super) fn new(layout: Layout) -> Result<Self> {
        let map = || Map::zeros(layout).map(Arc::new);
        Ok(Self { layout, now: map()?, next: map()?, lent: Vec::new() })
    }

    /// A map to be written whole; no reader has it. Memory is asked for only while readers hold old ones.
    pub(super) fn open(&mut self) -> Result<&mut Map> {
        if Arc::get_mut(&mut self.next).is_none() {
            let free = self.lent.iter().position(|map| Arc::strong_count(map) == 1);
            let other = match free {
                Some(index) => self.lent.swap_remove(index),
                None => Arc::new(Map::zeros(self.layout)?),
            };
            self.lent.push(std::mem::replace(&mut self.next, other));
        }
        // Nobody else has it now, so that nothing is copied here.
        Arc::get_mut(&mut self.next).ok_or_else(|| {
            crate::error::Error::new(crate::error::Kind::Internal, "a map of the network is in use")
        })
    }

    /// What was being written.
    pub(super) fn next(&self) -> &Arc<Map> {
        &self.next
    }

    /// What was being written is how it is now.
    pub(super) const fn commit(&mut self) {
        std::mem::swap(&mut self.now, &mut self.next);
    }

    /// These values, row by row of each channel.
    pub(super) fn set(&mut self, planar: &[f32]) -> Result<()> {
        self.open()?.set_planar(planar);
        self.commit();
        Ok(())
    }

    /// All zeros.
    pub(super) fn clear(&mut self) -> Result<()> {
        self.open()?.values.fill(0.0);
        self.commit();
        Ok(())
    }
}
