//! A reader for the part of HDF5 that Keras and h5py write weights with: superblocks 0 to 3, groups with
//! symbol tables or compact links, floating-point arrays in one piece or in chunks with deflate, shuffle and
//! Fletcher-32.
//!
//! After the *HDF5 File Format Specification*, version 3 (The HDF Group). Made for hostile files: every place is checked, every
//! group is entered once, and every node looked at is counted against `safety::limits`. What it does not know
//! (links to other files, committed types, dense groups, other filters) it refuses by name.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::error::{Error, Kind, Result};
use crate::model::weights::cursor::{Cursor, cut_short, damaged};
use crate::safety::limits::{MAX_HDF5_DEPTH, MAX_HDF5_NODES};

mod chunks;
mod dataset;
mod filters;
mod group;
mod object;
mod superblock;

pub(super) use dataset::Dataset;

/// The first bytes of every HDF5 file.
pub(super) const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";
/// An address that points nowhere.
const UNDEFINED: u64 = u64::MAX;

/// An HDF5 file in memory.
#[derive(Debug)]
pub(super) struct Hdf5<'a> {
    bytes: &'a [u8],
    root: u64,
    nodes_left: Cell<u32>,
    unpack_left: Cell<usize>,
}

/// An array's path from the root, without the first `/`, and its object header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// For example `prednet_1/prednet_1/layer_a_0/kernel:0`.
    pub(super) path: String,
    /// Where its header is.
    pub(super) address: u64,
}

impl<'a> Hdf5<'a> {
    /// The paths of all arrays, in the order of the file.
    ///
    /// # Errors
    /// [`Kind::Damaged`] for groups that contain themselves and places outside the file,
    /// [`Kind::TooLarge`], and [`Kind::Unsupported`] for links to elsewhere and dense groups.
    pub(super) fn arrays(&self) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let mut entered = BTreeSet::new();
        let mut open = vec![(String::new(), self.root, 0)];
        while let Some((path, address, depth)) = open.pop() {
            let object = self.object(address).map_err(|error| inside(error, &path))?;
            if !object.is_group() {
                if object.is_array() {
                    found.push(Found { path, address });
                }
                continue;
            }
            if !entered.insert(address) {
                return Err(damaged(format!("the group /{path} contains itself or is there twice")));
            }
            if depth > MAX_HDF5_DEPTH {
                let what = format!("there are more than {MAX_HDF5_DEPTH} groups inside one another");
                return Err(Error::new(Kind::TooLarge, what).advise("Choose a Keras weights file"));
            }
            let members = self.members(&object).map_err(|error| inside(error, &path))?;
            for (name, member) in members.into_iter().rev() {
                let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                open.push((path, member, depth + 1));
            }
        }
        Ok(found)
    }

    /// The bytes at an address.
    fn at(&self, address: u64) -> Result<Cursor<'a>> {
        if address == UNDEFINED {
            return Err(cut_short());
        }
        Cursor::at(self.bytes, address)
    }

    /// Counts a node looked at.
    fn count_node(&self) -> Result<()> {
        let left = self.nodes_left.get().checked_sub(1).ok_or_else(|| {
            Error::new(Kind::TooLarge, format!("it has more than {MAX_HDF5_NODES} groups, arrays and nodes"))
                .advise("Choose a Keras weights file")
        })?;
        self.nodes_left.set(left);
        Ok(())
    }
}

/// Says in which group or array it happened.
fn inside(mut error: Error, path: &str) -> Error {
    error.what = format!("/{path}: {}", error.what);
    error
}

fn unsupported(what: impl Into<String>, advice: &str) -> Error {
    Error::new(Kind::Unsupported, what.into()).advise(advice)
}

#[cfg(test)]
mod tests;
