//! The archive around a `PyTorch` file: a zip whose members lie one after another, mostly unpacked.
//!
//! Nothing in it is believed: places are checked, members must not overlap, what is unpacked is counted as it
//! comes out, and the check sums must fit.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Read as _;

use crate::error::{Error, Kind, Result};
use crate::model::weights::cursor::{Cursor, cut_short, damaged};
use crate::safety::limits::{MAX_ARCHIVE_MEMBERS, MAX_UNPACKED_BYTES};

/// Start of a member, of its entry in the directory, and of the ends of the directory.
const MEMBER: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const LONG_END: &[u8] = b"PK\x06\x06";
const LONG_END_PLACE: &[u8] = b"PK\x06\x07";
/// Length of the end without its comment, and of the longest comment.
const END_BYTES: usize = 22;
const MAX_COMMENT: usize = 65_535;
/// Length of what says where the long end is.
const LONG_END_PLACE_BYTES: usize = 20;
/// A number that did not fit and stands in the extra field.
const ELSEWHERE: u64 = u32::MAX as u64;

/// An archive in memory.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    members: BTreeMap<String, Member<'a>>,
    unpack_left: Cell<usize>,
}

/// A member as it lies in the file.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    packed: &'a [u8],
    method: u16,
    size: u64,
    crc: u32,
    start: u64,
    end: u64,
}

/// What the directory says of a member.
#[derive(Debug)]
struct Entry {
    name: String,
    method: u16,
    packed: u64,
    size: u64,
    crc: u32,
    start: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`Kind::Damaged`], [`Kind::TooLarge`], [`Kind::Unsupported`] for encrypted members and other packing.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        let (count, start, end) = directory(bytes)?;
        if count > MAX_ARCHIVE_MEMBERS as u64 {
            let what = format!("the archive has {count} members; at most {MAX_ARCHIVE_MEMBERS} are read");
            return Err(Error::new(Kind::TooLarge, what).advise("Save the state_dict alone"));
        }
        let entries = bytes.get(..end).ok_or_else(cut_short)?;
        let mut cursor = Cursor::at(entries, start)?;
        let mut members = BTreeMap::new();
        for _ in 0..count {
            let entry = entry(&mut cursor)?;
            let member = member(bytes, &entry, start)?;
            if members.insert(entry.name.clone(), member).is_some() {
                return Err(damaged(format!("the archive has {} twice", entry.name)));
            }
        }
        if !cursor.rest().is_empty() {
            return Err(damaged("the archive's directory has more than it counts"));
        }
        check_overlaps(&members)?;
        Ok(Self { members, unpack_left: Cell::new(MAX_UNPACKED_BYTES) })
    }

    /// The names of all members.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// The length that a member says it has.
    pub(super) fn size(&self, name: &str) -> Option<u64> {
        self.members.get(name).map(|member| member.size)
    }

    /// A member's bytes, at most `most` of them.
    ///
    /// # Errors
    /// [`Kind::Damaged`] when there is none, or its length or check sum is not what the directory says;
    /// [`Kind::TooLarge`].
    pub(super) fn read(&self, name: &str, most: usize) -> Result<Vec<u8>> {
        let member = self.members.get(name).ok_or_else(|| damaged(format!("the archive has no {name}")))?;
        let size = usize::try_from(member.size).ok().filter(|&size| size <= most);
        let left = size.and_then(|size| self.unpack_left.get().checked_sub(size));
        let (Some(size), Some(left)) = (size, left) else {
            let what = format!("{name} would unpack to {} bytes", member.size);
            return Err(Error::new(Kind::TooLarge, what).advise("Choose a smaller network"));
        };
        self.unpack_left.set(left);
        let bytes =
            member.unpack(size).map_err(|cause| damaged(format!("{name} cannot be unpacked ({cause})")))?;
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        if bytes.len() != size || crc.sum() != member.crc {
            return Err(damaged(format!("{name} is not what the archive's directory says")));
        }
        Ok(bytes)
    }
}

impl Member<'_> {
    /// At most one byte more than `size`.
    fn unpack(&self, size: usize) -> std::io::Result<Vec<u8>> {
        if self.method == 0 {
            return Ok(self.packed.to_vec());
        }
        let mut bytes = Vec::new();
        flate2::read::DeflateDecoder::new(self.packed).take(size as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// How many entries the directory has, where it starts and where it ends.
fn directory(bytes: &[u8]) -> Result<(u64, u64, usize)> {
    let from = bytes.len().saturating_sub(END_BYTES + MAX_COMMENT);
    let tail = bytes.get(from..).unwrap_or_default();
    let is_end = |at: &usize| {
        let mut end = Cursor::new(tail.get(*at..).unwrap_or_default());
        end.take(END_BYTES - 2).is_ok()
            && end.u16().is_ok_and(|length| usize::from(length) == end.rest().len())
    };
    let ends = tail.windows(END.len()).enumerate().rev().filter(|(_, found)| *found == END);
    let at = ends.map(|(at, _)| at).find(is_end).ok_or_else(|| damaged("the archive ends too early"))?;
    let mut end = Cursor::new(tail.get(at + END.len() + 6..).unwrap_or_default());
    let (count, size, start) = (u64::from(end.u16()?), u64::from(end.u32()?), u64::from(end.u32()?));
    let end_at = from + at;
    let place = end_at.checked_sub(LONG_END_PLACE_BYTES).and_then(|at| bytes.get(at..end_at));
    if let Some(place) = place.and_then(|place| place.strip_prefix(LONG_END_PLACE)) {
        return long_directory(bytes, place, end_at);
    }
    checked_directory(count, start, size, end_at)
}

fn long_directory(bytes: &[u8], place: &[u8], end_at: usize) -> Result<(u64, u64, usize)> {
    let mut place = Cursor::new(place);
    let (_disk, at) = (place.u32()?, place.u64()?);
    let mut end = Cursor::at(bytes, at)?;
    end.require(LONG_END, "the end of the archive's directory")?;
    end.take(8 + 2 + 2 + 4 + 4 + 8)?;
    let (count, size, start) = (end.u64()?, end.u64()?, end.u64()?);
    checked_directory(count, start, size, end_at.min(at as usize))
}

fn checked_directory(count: u64, start: u64, size: u64, before: usize) -> Result<(u64, u64, usize)> {
    let end = start.checked_add(size).and_then(|end| usize::try_from(end).ok());
    let end = end.filter(|&end| end <= before).ok_or_else(cut_short)?;
    Ok((count, start, end))
}

fn entry(cursor: &mut Cursor<'_>) -> Result<Entry> {
    cursor.require(ENTRY, "the archive's directory")?;
    cursor.take(2 + 2)?;
    let (flags, method) = (cursor.u16()?, cursor.u16()?);
    cursor.take(2 + 2)?;
    let (crc, mut packed, mut size) = (cursor.u32()?, u64::from(cursor.u32()?), u64::from(cursor.u32()?));
    let [name, extra, comment] = [cursor.u16()?, cursor.u16()?, cursor.u16()?].map(usize::from);
    cursor.take(2 + 2 + 4)?;
    let mut start = u64::from(cursor.u32()?);
    let name = checked_name(cursor.take(name)?)?;
    let mut extra = Cursor::new(cursor.take(extra)?);
    cursor.take(comment)?;
    // what follows is less than a field: filling
    while let (Ok(kind), Ok(length)) = (extra.u16(), extra.u16()) {
        let mut field = Cursor::new(extra.take(usize::from(length))?);
        if kind == 1 {
            for number in [&mut size, &mut packed, &mut start] {
                if *number == ELSEWHERE {
                    *number = field.u64()?;
                }
            }
        }
    }
    if flags & 1 != 0 {
        let what = format!("{name} in the archive is encrypted");
        return Err(Error::new(Kind::Unsupported, what).advise("Save it without a password"));
    }
    if !matches!(method, 0 | 8) {
        let what = format!("{name} in the archive is packed by method {method}");
        return Err(Error::new(Kind::Unsupported, what).advise("Save it again with torch.save"));
    }
    Ok(Entry { name, method, packed, size, crc, start })
}

fn checked_name(bytes: &[u8]) -> Result<String> {
    let name = str::from_utf8(bytes).map_err(|_| damaged("a name in the archive is no text"))?;
    let leaves = name.split(['/', '\\']).any(|part| part == "..") || name.starts_with(['/', '\\']);
    if leaves || name.is_empty() || name.chars().any(char::is_control) {
        return Err(damaged(format!("{name:?} is no name for a member of an archive")));
    }
    Ok(name.to_owned())
}

/// Where a member's bytes are, after its own header; all before the directory.
fn member<'a>(bytes: &'a [u8], entry: &Entry, directory: u64) -> Result<Member<'a>> {
    let before = usize::try_from(directory).ok().and_then(|end| bytes.get(..end)).ok_or_else(cut_short)?;
    let mut cursor = Cursor::at(before, entry.start)?;
    cursor.require(MEMBER, &format!("{} in the archive", entry.name))?;
    cursor.take(2 + 2 + 2 + 2 + 2 + 4 + 4 + 4)?;
    let (name, extra) = (usize::from(cursor.u16()?), usize::from(cursor.u16()?));
    if cursor.take(name)? != entry.name.as_bytes() {
        return Err(damaged(format!("{} has another name at its place", entry.name)));
    }
    cursor.take(extra)?;
    if entry.method == 0 && entry.packed != entry.size {
        return Err(damaged(format!("{} in the archive has two lengths", entry.name)));
    }
    let packed = cursor.take_long(entry.packed)?;
    let &Entry { method, size, crc, start, .. } = entry;
    let end = (before.len() - cursor.rest().len()) as u64;
    Ok(Member { packed, method, size, crc, start, end })
}

/// Refuses members that share bytes, by which a small archive can unpack to a huge one.
fn check_overlaps(members: &BTreeMap<String, Member<'_>>) -> Result<()> {
    let mut places: Vec<_> = members.values().map(|member| (member.start, member.end)).collect();
    places.sort_unstable();
    if places.array_windows().all(|[first, second]| first.1 <= second.0) {
        return Ok(());
    }
    Err(damaged("members of the archive share bytes"))
}
