//! Reading numbers out of bytes that may be damaged: every step is checked, nothing is copied.

use crate::error::{Error, Kind, Result};

/// A place in bytes that only moves forward.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// At the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// At `offset` of `bytes`, which may be its end but not after it.
    pub(super) fn at(bytes: &'a [u8], offset: u64) -> Result<Self> {
        let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
        rest.map(Self::new).ok_or_else(cut_short)
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(taken)
    }

    /// As [`Cursor::take`], for a length read from the file.
    pub(super) fn take_long(&mut self, count: u64) -> Result<&'a [u8]> {
        self.take(usize::try_from(count).map_err(|_| cut_short())?)
    }

    /// The next bytes as an array.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// Refuses bytes other than `wanted`.
    pub(super) fn require(&mut self, wanted: &[u8], what: &str) -> Result<()> {
        if self.take(wanted.len())? == wanted { Ok(()) } else { Err(damaged(format!("{what} is damaged"))) }
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A number of 1 to 8 bytes, least byte first.
    pub(super) fn uint(&mut self, bytes: usize) -> Result<u64> {
        Ok(self.take(bytes.min(8))?.iter().rev().fold(0, |all, &byte| (all << 8) | u64::from(byte)))
    }
}

/// The file ends before what it says it holds.
pub(super) fn cut_short() -> Error {
    damaged("the file ends too early, or a place in it lies outside it".to_owned())
}

/// The file contradicts itself or its format.
pub(super) fn damaged(what: impl Into<String>) -> Error {
    Error::new(Kind::Damaged, what.into()).advise("Fetch or save the weights again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_the_end_is_an_error() {
        let mut cursor = Cursor::new(&[1, 2, 0, 3, 0, 0]);
        assert_eq!((cursor.u8().unwrap(), cursor.u16().unwrap(), cursor.uint(3).unwrap()), (1, 2, 3));
        assert_eq!(cursor.u8().unwrap_err().kind, Kind::Damaged);
        assert!(Cursor::at(&[0; 4], u64::MAX).is_err());
        assert!(Cursor::at(&[0; 4], 4).unwrap().take_long(u64::MAX).is_err());
    }
}
