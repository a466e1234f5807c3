//! Where a training runs.

use burn::tensor::Device;

/// The processor or a graphics device.
#[derive(Clone, Debug)]
pub struct Hardware {
    /// Threads of the CPU engine.
    pub threads: usize,
    /// A device of burn in place of the CPU engine.
    pub device: Option<Device>,
}

impl Hardware {
    /// The CPU engine with so many threads.
    #[must_use]
    pub const fn cpu(threads: usize) -> Self {
        Self { threads, device: None }
    }

    /// For the card of what is trained there.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        if self.device.is_some() { "on a graphics device" } else { "on the CPU" }
    }
}
