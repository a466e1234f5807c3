//! The first block of an HDF5 file: how wide its numbers are, where it ends and where the root group is.

use std::cell::Cell;

use super::{Hdf5, SIGNATURE, unsupported};
use crate::error::Result;
use crate::model::weights::cursor::{Cursor, damaged};
use crate::safety::limits::{MAX_HDF5_NODES, MAX_UNPACKED_BYTES};

/// Width of addresses and lengths in every file that h5py writes.
const WIDTH: u8 = 8;

impl<'a> Hdf5<'a> {
    /// Reads the superblock.
    ///
    /// # Errors
    /// [`crate::error::Kind::Damaged`] when the file is shorter than it says,
    /// [`crate::error::Kind::Unsupported`] for other versions and widths.
    pub(in crate::model::weights) fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes);
        cursor.require(SIGNATURE, "the signature of the HDF5 file")?;
        let root = match cursor.u8()? {
            version @ (0 | 1) => old(cursor, version, bytes.len())?,
            2 | 3 => new(cursor, bytes.len())?,
            version => return Err(damaged(format!("version {version} of HDF5's first block is unknown"))),
        };
        Ok(Self {
            bytes,
            root,
            nodes_left: Cell::new(MAX_HDF5_NODES),
            unpack_left: Cell::new(MAX_UNPACKED_BYTES),
        })
    }
}

fn old(mut cursor: Cursor<'_>, version: u8, length: usize) -> Result<u64> {
    cursor.take(4)?;
    widths(cursor.u8()?, cursor.u8()?)?;
    // one reserved byte, the sizes of nodes (which say themselves how full they are), flags
    cursor.take(1 + 4 + 4 + if version == 1 { 4 } else { 0 })?;
    let (base, _free_space, end, _driver) = (cursor.u64()?, cursor.u64()?, cursor.u64()?, cursor.u64()?);
    places(base, end, length)?;
    let _root_name = cursor.u64()?;
    cursor.u64()
}

fn new(mut cursor: Cursor<'_>, length: usize) -> Result<u64> {
    widths(cursor.u8()?, cursor.u8()?)?;
    let _flags = cursor.u8()?;
    let (base, _extension, end) = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
    places(base, end, length)?;
    cursor.u64()
}

fn widths(addresses: u8, lengths: u8) -> Result<()> {
    if (addresses, lengths) == (WIDTH, WIDTH) {
        return Ok(());
    }
    let what = format!("an HDF5 file with addresses of {addresses} and lengths of {lengths} bytes");
    Err(unsupported(what, "Save it with h5py, or as .safetensors"))
}

fn places(base: u64, end: u64, length: usize) -> Result<()> {
    if base != 0 {
        return Err(unsupported(
            "an HDF5 file inside another file",
            "Save the weights in a file of their own",
        ));
    }
    if end > length as u64 {
        return Err(damaged(format!("the file ends too early: it should have {end} bytes and has {length}")));
    }
    Ok(())
}
