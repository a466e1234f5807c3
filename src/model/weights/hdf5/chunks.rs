//! Arrays in parts of equal shape, each packed on its own.

use std::collections::BTreeSet;

use super::filters::Filter;
use super::{Hdf5, UNDEFINED, unsupported};
use crate::error::{Error, Kind, Result};
use crate::model::weights::collect::count;
use crate::model::weights::cursor::{Cursor, damaged};
use crate::safety::limits::{MAX_AXES, MAX_CHUNK_BYTES};

/// Most levels of the tree of parts.
const MAX_LEVELS: u8 = 20;

/// How the parts of an array are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    /// By a tree.
    Tree {
        /// Its root.
        address: u64,
    },
    /// There is one part only; its length where it is packed.
    Single {
        /// Where it is.
        address: u64,
        /// Its length and the filters left out, where it is packed.
        packed: Option<(u64, u32)>,
    },
}

/// What is the same for all parts of an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'c> {
    /// Extents of a part.
    pub(super) shape: &'c [usize],
    /// Extents of the array.
    pub(super) array: &'c [usize],
    /// Bytes of a number.
    pub(super) element: usize,
    /// What was done to each part, in this order.
    pub(super) filters: &'c [Filter],
}

/// One part: where its first element belongs, where it is in the file, and which filters it was spared.
#[derive(Clone, Debug)]
struct Part {
    corner: Vec<usize>,
    address: u64,
    length: u64,
    spared: u32,
}

/// The extents (with the size of an element last) and the index of a chunked layout of version 3.
pub(super) fn old_layout(mut cursor: Cursor<'_>) -> Result<(Vec<usize>, Index)> {
    let axes = cursor.u8()?;
    let address = cursor.u64()?;
    Ok((extents(&mut cursor, axes, 4)?, Index::Tree { address }))
}

/// The extents and the index of a chunked layout of version 4.
pub(super) fn new_layout(mut cursor: Cursor<'_>) -> Result<(Vec<usize>, Index)> {
    let (flags, axes, width) = (cursor.u8()?, cursor.u8()?, cursor.u8()?);
    let extents = extents(&mut cursor, axes, usize::from(width))?;
    match cursor.u8()? {
        1 => {
            let packed = if flags & 2 != 0 { Some((cursor.u64()?, cursor.u32()?)) } else { None };
            Ok((extents, Index::Single { address: cursor.u64()?, packed }))
        }
        kind => {
            let advice = "Save it without libver=\"latest\", or as .safetensors";
            Err(unsupported(format!("it is in parts with an index of kind {kind}"), advice))
        }
    }
}

fn extents(cursor: &mut Cursor<'_>, axes: u8, width: usize) -> Result<Vec<usize>> {
    if usize::from(axes) > MAX_AXES + 1 {
        return Err(damaged(format!("its parts have {axes} axes")));
    }
    (0..axes).map(|_| Ok(cursor.uint(width)? as usize)).collect()
}

impl Hdf5<'_> {
    /// The bytes of an array in parts, row-major.
    pub(super) fn chunks(&self, index: &Index, chunk: &Chunk<'_>) -> Result<Vec<u8>> {
        let bytes_of = |shape: &[usize]| count(shape).and_then(|count| count.checked_mul(chunk.element));
        let part = bytes_of(chunk.shape).filter(|&bytes| bytes <= MAX_CHUNK_BYTES);
        let part = part.ok_or_else(|| {
            let what = format!("its parts {:?} have more than {MAX_CHUNK_BYTES} bytes each", chunk.shape);
            Error::new(Kind::TooLarge, what).advise("Save it as one piece")
        })?;
        let length = bytes_of(chunk.array).ok_or_else(|| damaged("its shape is too large"))?;
        let parts = match index {
            Index::Tree { address } => self.parts(*address, chunk)?,
            Index::Single { address, packed } => {
                let (length, spared) = packed.unwrap_or((part as u64, 0));
                vec![Part { corner: vec![0; chunk.array.len()], address: *address, length, spared }]
            }
        };
        let needed = chunk.array.iter().zip(chunk.shape).map(|(all, part)| all.div_ceil(*part)).product();
        check_parts(&parts, needed)?;
        let mut array = Vec::new();
        self.reserve(&mut array, length)?;
        for place in &parts {
            let bytes = self.unpack(place, part, chunk)?;
            paste(&bytes, &place.corner, chunk, &mut array);
        }
        Ok(array)
    }

    /// Asks for memory within what one file may unpack to.
    fn reserve(&self, array: &mut Vec<u8>, length: usize) -> Result<()> {
        self.count_unpacked(length)?;
        array.try_reserve_exact(length).map_err(|_| too_much())?;
        array.resize(length, 0);
        Ok(())
    }

    fn count_unpacked(&self, bytes: usize) -> Result<()> {
        self.unpack_left.set(self.unpack_left.get().checked_sub(bytes).ok_or_else(too_much)?);
        Ok(())
    }

    fn unpack(&self, place: &Part, wanted: usize, chunk: &Chunk<'_>) -> Result<Vec<u8>> {
        self.count_unpacked(wanted)?;
        if place.length > 2 * wanted as u64 + 1024 {
            return Err(damaged(format!("a part of it has {} bytes for {wanted}", place.length)));
        }
        let mut bytes = self.at(place.address)?.take_long(place.length)?.to_vec();
        for (number, filter) in chunk.filters.iter().enumerate().rev() {
            if place.spared & (1 << number) == 0 {
                // a check sum may still follow the numbers
                bytes = filter.undo(&bytes, wanted + 4, chunk.element)?;
            }
        }
        if bytes.len() != wanted {
            return Err(damaged(format!("a part of it has {} bytes and needs {wanted}", bytes.len())));
        }
        Ok(bytes)
    }

    fn parts(&self, root: u64, chunk: &Chunk<'_>) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        if root == UNDEFINED {
            return Ok(parts);
        }
        let mut open = vec![(root, None)];
        while let Some((address, wanted_level)) = open.pop() {
            self.count_node()?;
            let mut node = self.at(address)?;
            node.require(b"TREE\x01", "its tree of parts")?;
            let level = node.u8()?;
            if level > MAX_LEVELS || wanted_level.is_some_and(|wanted| wanted != level) {
                return Err(damaged("its tree of parts is damaged"));
            }
            let entries = node.u16()?;
            node.take(8 + 8)?;
            for _ in 0..entries {
                self.count_node()?;
                let part = part(&mut node, chunk)?;
                match level.checked_sub(1) {
                    Some(below) => open.push((part.address, Some(below))),
                    None => parts.push(part),
                }
            }
        }
        Ok(parts)
    }
}

fn part(node: &mut Cursor<'_>, chunk: &Chunk<'_>) -> Result<Part> {
    let (length, spared) = (u64::from(node.u32()?), node.u32()?);
    let corner = chunk.array.iter().map(|_| Ok(node.u64()? as usize)).collect::<Result<Vec<_>>>()?;
    // the place inside an element, always 0
    let _element = node.u64()?;
    let address = node.u64()?;
    let mut axes = corner.iter().zip(chunk.shape).zip(chunk.array);
    if axes.any(|((corner, part), all)| corner % part != 0 || corner >= all) {
        return Err(damaged(format!("a part of it lies at {corner:?}, outside it")));
    }
    Ok(Part { corner, address, length, spared })
}

fn check_parts(parts: &[Part], needed: usize) -> Result<()> {
    let corners: BTreeSet<&[usize]> = parts.iter().map(|part| part.corner.as_slice()).collect();
    if corners.len() == parts.len() && parts.len() == needed {
        return Ok(());
    }
    let (different, all) = (corners.len(), parts.len());
    Err(damaged(format!("it has {all} parts in {different} places and needs {needed}")))
}

/// Copies a part into the array, without what hangs over the array's edges.
fn paste(bytes: &[u8], corner: &[usize], chunk: &Chunk<'_>, array: &mut [u8]) {
    let (Some(&row), Some(&all)) = (chunk.shape.last(), chunk.array.last()) else {
        array.copy_from_slice(bytes.get(..array.len()).unwrap_or_default());
        return;
    };
    let start = corner.last().copied().unwrap_or(0);
    let length = row.min(all.saturating_sub(start)) * chunk.element;
    for (index, row) in bytes.chunks_exact(row * chunk.element).enumerate() {
        let Some(line) = line_of(index, corner, chunk) else { continue };
        let from = (line * all + start) * chunk.element;
        if let (Some(slot), Some(row)) = (array.get_mut(from..from + length), row.get(..length)) {
            slot.copy_from_slice(row);
        }
    }
}

/// Which row of the array the part's row `index` is; `None` where it hangs over an edge.
fn line_of(mut index: usize, corner: &[usize], chunk: &Chunk<'_>) -> Option<usize> {
    let (mut line, mut stride) = (0, 1);
    let axes = corner.iter().zip(chunk.shape).zip(chunk.array);
    for ((corner, part), all) in axes.rev().skip(1) {
        let at = corner + index % part;
        index /= part;
        if at >= *all {
            return None;
        }
        line += at * stride;
        stride *= all;
    }
    Some(line)
}

fn too_much() -> Error {
    let what = "its packed arrays would unpack to more memory than one network may have";
    Error::new(Kind::TooLarge, what).advise("Choose a smaller network")
}
