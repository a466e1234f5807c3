//! The members of a group: by symbol table (what Keras and h5py write) or by link messages (newer files).

use super::object::{Object, message};
use super::{Hdf5, UNDEFINED, unsupported};
use crate::error::Result;
use crate::model::weights::cursor::{Cursor, damaged};

/// Most levels of a group's tree of names: with 2 entries a node this is a million names.
const MAX_LEVELS: u8 = 20;
/// Longest name in bytes.
const MAX_NAME: usize = 255;
/// What a link to elsewhere gets as advice.
const COPY: &str = "Copy the arrays into the file itself";

/// Names and addresses of object headers.
type Members = Vec<(String, u64)>;

impl<'a> Hdf5<'a> {
    /// The names in a group and where the objects are.
    pub(super) fn members(&self, group: &Object<'a>) -> Result<Members> {
        let mut members = Vec::new();
        if let Some(mut table) = group.first(message::SYMBOL_TABLE)? {
            let (tree, heap) = (table.u64()?, table.u64()?);
            let names = self.local_heap(heap)?;
            self.tree(tree, names, &mut members)?;
        }
        if let Some(mut info) = group.first(message::LINK_INFO)? {
            let (_version, flags) = (info.u8()?, info.u8()?);
            info.take(if flags & 1 != 0 { 8 } else { 0 })?;
            if info.u64()? != UNDEFINED {
                let advice = "Save it without libver=\"latest\", or as .safetensors";
                return Err(unsupported("a group in HDF5's dense form", advice));
            }
        }
        for content in group.all(message::LINK) {
            self.count_node()?;
            members.push(link(content?)?);
        }
        Ok(members)
    }

    /// The names of a group with a symbol table.
    fn local_heap(&self, address: u64) -> Result<&'a [u8]> {
        let mut cursor = self.at(address)?;
        cursor.require(b"HEAP\0\0\0\0", "a group's list of names")?;
        let (size, _free, data) = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
        self.at(data)?.take_long(size)
    }

    fn tree(&self, root: u64, names: &[u8], members: &mut Members) -> Result<()> {
        let mut open = vec![(root, None)];
        while let Some((address, wanted_level)) = open.pop() {
            let mut node = self.at(address)?;
            if wanted_level == Some(0) {
                self.table_node(node, names, members)?;
                continue;
            }
            node.require(b"TREE\0", "a group's tree of names")?;
            let level = node.u8()?;
            if level > MAX_LEVELS || wanted_level.is_some_and(|wanted| wanted != level + 1) {
                return Err(damaged("a group's tree of names is damaged"));
            }
            let entries = node.u16()?;
            node.take(8 + 8)?;
            let from = open.len();
            for _ in 0..entries {
                self.count_node()?;
                let _key = node.u64()?;
                // a child's level plus one, so that 0 means a leaf's table
                open.push((node.u64()?, Some(level)));
            }
            if let Some(children) = open.get_mut(from..) {
                children.reverse();
            }
        }
        Ok(())
    }

    fn table_node(&self, mut node: Cursor<'_>, names: &[u8], members: &mut Members) -> Result<()> {
        node.require(b"SNOD\x01\0", "a group's table")?;
        for _ in 0..node.u16()? {
            self.count_node()?;
            let (name, address, kind) = (node.u64()?, node.u64()?, node.u32()?);
            node.take(4 + 16)?;
            let name = name_at(names, name)?;
            if kind == 2 {
                return Err(unsupported(format!("{name} is a link to another place"), COPY));
            }
            members.push((name, address));
        }
        Ok(())
    }
}

fn name_at(names: &[u8], offset: u64) -> Result<String> {
    let rest = Cursor::at(names, offset)?.rest();
    let end = rest
        .iter()
        .take(MAX_NAME + 1)
        .position(|&byte| byte == 0)
        .ok_or_else(|| damaged("a name has no end"))?;
    checked_name(rest.get(..end).unwrap_or_default())
}

fn checked_name(bytes: &[u8]) -> Result<String> {
    let name = str::from_utf8(bytes).map_err(|_| damaged("a name is no text"))?;
    if name.is_empty()
        || name.len() > MAX_NAME
        || name == "."
        || name.contains('/')
        || name.chars().any(char::is_control)
    {
        return Err(damaged(format!("{name:?} is no name")));
    }
    Ok(name.to_owned())
}

fn link(mut cursor: Cursor<'_>) -> Result<(String, u64)> {
    let (version, flags) = (cursor.u8()?, cursor.u8()?);
    if version != 1 {
        return Err(damaged("a link is damaged"));
    }
    let kind = if flags & 8 != 0 { cursor.u8()? } else { 0 };
    cursor.take(if flags & 4 != 0 { 8 } else { 0 } + usize::from(flags & 0x10 != 0))?;
    let length = cursor.uint(1 << (flags & 3))?;
    let name = checked_name(cursor.take_long(length)?)?;
    match kind {
        0 => Ok((name, cursor.u64()?)),
        64 => Err(unsupported(format!("{name} is a link to another file"), COPY)),
        _ => Err(unsupported(format!("{name} is a link to another place"), COPY)),
    }
}
