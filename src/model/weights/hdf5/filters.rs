//! What HDF5 does to the parts of an array before it writes them, undone: deflate, shuffle, Fletcher-32.

use std::io::Read as _;

use super::unsupported;
use crate::error::Result;
use crate::model::weights::cursor::{Cursor, damaged};

/// Most filters of one array.
const MAX_FILTERS: u8 = 8;

/// A filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// zlib.
    Deflate,
    /// All first bytes of the elements, then all second bytes, and so on.
    Shuffle,
    /// A check sum at the end.
    Fletcher32,
}

/// Reads a filter message, in the order in which the filters were applied.
pub(super) fn parse(mut cursor: Cursor<'_>) -> Result<Vec<Filter>> {
    let (version, count) = (cursor.u8()?, cursor.u8()?);
    if !matches!(version, 1 | 2) || count > MAX_FILTERS {
        return Err(damaged("its list of filters is damaged"));
    }
    if version == 1 {
        cursor.take(6)?;
    }
    (0..count).map(|_| filter(&mut cursor, version)).collect()
}

fn filter(cursor: &mut Cursor<'_>, version: u8) -> Result<Filter> {
    let id = cursor.u16()?;
    // newer files name only filters that are not HDF5's own
    let name = if version == 1 || id >= 256 { usize::from(cursor.u16()?) } else { 0 };
    let (_flags, values) = (cursor.u16()?, usize::from(cursor.u16()?));
    cursor.take(if version == 1 { name.next_multiple_of(8) } else { name })?;
    cursor.take(4 * if version == 1 { values.next_multiple_of(2) } else { values })?;
    match id {
        1 => Ok(Filter::Deflate),
        2 => Ok(Filter::Shuffle),
        3 => Ok(Filter::Fletcher32),
        _ => Err(unsupported(format!("it is packed with the filter {id}"), "Save it with gzip or unpacked")),
    }
}

impl Filter {
    /// What the filter was given, at most `most` bytes of it. `element` is the size of a number.
    pub(super) fn undo(self, packed: &[u8], most: usize, element: usize) -> Result<Vec<u8>> {
        match self {
            Self::Deflate => inflate(packed, most),
            Self::Shuffle => Ok(unshuffle(packed, element)),
            Self::Fletcher32 => check(packed),
        }
    }
}

fn inflate(packed: &[u8], most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let decoder = flate2::read::ZlibDecoder::new(packed);
    decoder
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| damaged(format!("a part of it cannot be unpacked ({cause})")))?;
    if bytes.len() > most {
        return Err(damaged("a part of it unpacks to more than it may hold"));
    }
    Ok(bytes)
}

fn unshuffle(bytes: &[u8], element: usize) -> Vec<u8> {
    let count = bytes.len() / element.max(1);
    let (body, tail) = bytes.split_at_checked(count * element).unwrap_or((bytes, &[]));
    let mut plain = vec![0; body.len()];
    for (place, plane) in body.chunks_exact(count.max(1)).enumerate() {
        for (number, byte) in plain.chunks_exact_mut(element.max(1)).zip(plane) {
            if let Some(slot) = number.get_mut(place) {
                *slot = *byte;
            }
        }
    }
    plain.extend_from_slice(tail);
    plain
}

/// The bytes before the check sum. HDF5 writes it least byte first and sums words greatest byte first.
fn check(bytes: &[u8]) -> Result<Vec<u8>> {
    let (body, said) = bytes.split_last_chunk::<4>().ok_or_else(|| damaged("a part of it is too short"))?;
    if fletcher32(body) != u32::from_le_bytes(*said) {
        return Err(damaged("a part of it does not fit its check sum"));
    }
    Ok(body.to_vec())
}

fn fletcher32(bytes: &[u8]) -> u32 {
    let (words, odd) = bytes.as_chunks::<2>();
    let last = odd.first().map(|&byte| [byte, 0]);
    let (mut low, mut high) = (0_u32, 0_u32);
    for word in words.iter().chain(last.as_ref()) {
        low = (low + u32::from(u16::from_be_bytes(*word))) % 65535;
        high = (high + low) % 65535;
    }
    (high << 16) | low
}
