//! Where the answers of a step lie: one set of buffers per step that somebody still holds, used in turn.

use burn::tensor::{Device, Tensor};

use crate::error::Result;
use crate::gpu::resident::Resident;
use crate::model::Probe;

/// Sets that are kept although nobody needs them: one to read, one to write, two that are on show.
const SPARE: usize = 4;

/// The kinds of a layer's probes, in the order of [`crate::model::prednet::config::Config::probes`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    A,
    AHat,
    E,
    R,
    C,
}

/// Probes per layer.
pub(super) const PARTS: usize = 5;

/// All probes of one step.
#[derive(Debug)]
pub(super) struct Slot {
    /// Tells it from every other set of the same network.
    pub(super) number: u64,
    probes: Vec<Resident>,
}

impl Slot {
    fn new(number: u64, probes: &[Probe], device: &Device) -> Result<Self> {
        let dims = |probe: &Probe| [1, probe.channels, probe.size.height as usize, probe.size.width as usize];
        let probes = probes.iter().map(|probe| Resident::new(device, dims(probe))).collect::<Result<_>>()?;
        Ok(Self { number, probes })
    }

    /// A probe's buffer.
    pub(super) fn get(&self, layer: usize, part: Part) -> Option<&Resident> {
        self.probes.get(PARTS * layer + part as usize)
    }

    /// Every probe's tensor.
    pub(super) fn tensors(&self) -> Vec<Tensor<4>> {
        self.probes.iter().map(Resident::tensor).collect()
    }

    /// Hands burn's pending work to the queue.
    pub(super) fn flush(&self) -> Result<()> {
        self.probes.first().map_or(Ok(()), Resident::flush)
    }

    fn is_free(&self) -> bool {
        self.probes.iter().all(Resident::is_free)
    }
}

/// The sets of one network. The current one holds its state.
#[derive(Debug)]
pub(super) struct Slots {
    probes: Vec<Probe>,
    device: Device,
    all: Vec<Slot>,
    current: u64,
    made: u64,
}

impl Slots {
    /// Two sets: one to read, one to write.
    pub(super) fn new(probes: &[Probe], device: &Device) -> Result<Self> {
        let mut slots =
            Self { probes: probes.to_vec(), device: device.clone(), all: Vec::new(), current: 0, made: 0 };
        slots.add()?;
        slots.add()?;
        Ok(slots)
    }

    fn add(&mut self) -> Result<()> {
        self.all.push(Slot::new(self.made, &self.probes, &self.device)?);
        self.made += 1;
        Ok(())
    }

    /// The set that holds the state.
    pub(super) fn current(&self) -> Option<&Slot> {
        self.all.iter().find(|slot| slot.number == self.current)
    }

    /// Makes the set of that number the current one.
    pub(super) fn make_current(&mut self, number: u64) {
        self.current = number;
    }

    /// The number of a set that nobody holds, not the current one; made new where there is none.
    pub(super) fn free(&mut self) -> Result<u64> {
        self.trim();
        let free = |slot: &&Slot| slot.number != self.current && slot.is_free();
        if let Some(slot) = self.all.iter().find(free) {
            return Ok(slot.number);
        }
        self.add()?;
        Ok(self.made - 1)
    }

    /// The set of that number.
    pub(super) fn get(&self, number: u64) -> Option<&Slot> {
        self.all.iter().find(|slot| slot.number == number)
    }

    /// Lets go of sets that were needed for a while (saved states) and are not any more.
    fn trim(&mut self) {
        let (mut kept, current) = (0, self.current);
        if self.all.len() > SPARE {
            self.all.retain(|slot| {
                let keep = slot.number == current || !slot.is_free() || kept < SPARE;
                kept += usize::from(keep && slot.is_free());
                keep
            });
        }
    }

    /// Numbers of the sets there are.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.all.iter().map(|slot| slot.number)
    }
}
