//! With how many digits the CPU engine multiplies. Anything but single precision must be asked for, is said wherever
//! the device is named, and is refused where the processor cannot do it.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::error::{Error, Kind, Result};

/// How the operands of the products of all layers above the pixels are kept. Sums are always in single precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Precision {
    /// 24 binary digits.
    #[default]
    Single,
    /// 8 binary digits (bfloat16), half as long a step; units differ by some hundredths at most, by some ten-thousandths on average.
    Bfloat16,
}

/// What networks that are made from now on use: [`Precision`] as a number.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

impl Precision {
    /// Whether this processor can.
    #[must_use]
    pub fn is_available(self) -> bool {
        self == Self::Single || super::gemm::has_bfloat16()
    }

    /// Makes it what this process uses.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the processor has no instruction for it.
    pub fn choose(self) -> Result<()> {
        if !self.is_available() {
            return Err(Error::new(Kind::Usage, "this processor has no AVX-512 BF16 instructions")
                .advise("Leave out --precision: networks then run in single precision"));
        }
        CHOSEN.store(u8::from(self == Self::Bfloat16), Ordering::Relaxed);
        Ok(())
    }

    /// What is said of it beside the instruction set: nothing of single precision.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::Single => "",
            Self::Bfloat16 => ", products in bfloat16",
        }
    }

    /// What this process uses: single precision unless something else was asked for.
    #[must_use]
    pub fn chosen() -> Self {
        if CHOSEN.load(Ordering::Relaxed) == 0 { Self::Single } else { Self::Bfloat16 }
    }
}
