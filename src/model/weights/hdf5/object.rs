//! Object headers: the messages that say what a group or an array is.

use super::{Hdf5, UNDEFINED, unsupported};
use crate::error::Result;
use crate::model::weights::cursor::{Cursor, damaged};

/// Kinds of messages that are read.
pub(super) mod message {
    pub(crate) const DATASPACE: u16 = 0x01;
    pub(crate) const LINK_INFO: u16 = 0x02;
    pub(crate) const DATATYPE: u16 = 0x03;
    pub(crate) const LINK: u16 = 0x06;
    pub(crate) const EXTERNAL_FILES: u16 = 0x07;
    pub(crate) const LAYOUT: u16 = 0x08;
    pub(crate) const GROUP_INFO: u16 = 0x0A;
    pub(crate) const FILTERS: u16 = 0x0B;
    pub(crate) const CONTINUATION: u16 = 0x10;
    pub(crate) const SYMBOL_TABLE: u16 = 0x11;
}

/// Most messages of one object.
const MAX_MESSAGES: usize = 4096;
/// Bit of a message's flags: its content is elsewhere.
const SHARED: u8 = 2;

/// A message: its kind, its flags and its content.
#[derive(Clone, Copy, Debug)]
struct Message<'a> {
    kind: u16,
    flags: u8,
    content: &'a [u8],
}

/// A group or an array.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    messages: Vec<Message<'a>>,
}

impl<'a> Object<'a> {
    fn has(&self, kind: u16) -> bool {
        self.messages.iter().any(|message| message.kind == kind)
    }

    pub(super) fn is_array(&self) -> bool {
        self.has(message::LAYOUT)
    }

    pub(super) fn is_group(&self) -> bool {
        [message::SYMBOL_TABLE, message::LINK_INFO, message::LINK, message::GROUP_INFO]
            .iter()
            .any(|&kind| self.has(kind))
    }

    /// The content of the first message of a kind.
    pub(super) fn first(&self, kind: u16) -> Result<Option<Cursor<'a>>> {
        self.messages.iter().find(|message| message.kind == kind).map(content).transpose()
    }

    /// The contents of all messages of a kind.
    pub(super) fn all(&self, kind: u16) -> impl Iterator<Item = Result<Cursor<'a>>> {
        self.messages.iter().filter(move |message| message.kind == kind).map(content)
    }
}

fn content<'a>(message: &Message<'a>) -> Result<Cursor<'a>> {
    if message.flags & SHARED != 0 {
        return Err(unsupported(
            "its type is kept elsewhere in the file",
            "Save it with h5py's usual settings",
        ));
    }
    Ok(Cursor::new(message.content))
}

impl<'a> Hdf5<'a> {
    /// Reads the object header at an address, with all its continuations.
    pub(super) fn object(&self, address: u64) -> Result<Object<'a>> {
        if address == UNDEFINED {
            return Err(damaged("it points nowhere"));
        }
        self.count_node()?;
        let mut cursor = self.at(address)?;
        if cursor.rest().starts_with(b"OHDR") {
            self.new_object(cursor)
        } else {
            match cursor.u8()? {
                1 => self.old_object(cursor),
                version => Err(damaged(format!("its header has the version {version}"))),
            }
        }
    }

    fn old_object(&self, mut cursor: Cursor<'a>) -> Result<Object<'a>> {
        cursor.take(1 + 2 + 4)?;
        let size = cursor.u32()?;
        cursor.take(4)?;
        self.messages(cursor.take(size as usize)?, |block| {
            let (kind, size, flags) = (block.u16()?, block.u16()?, block.u8()?);
            block.take(3)?;
            Ok((kind, size, flags))
        })
    }

    fn new_object(&self, mut cursor: Cursor<'a>) -> Result<Object<'a>> {
        cursor.take(4)?;
        let (version, flags) = (cursor.u8()?, cursor.u8()?);
        if version != 2 {
            return Err(damaged(format!("its header has the version {version}")));
        }
        cursor.take(if flags & 0x20 != 0 { 16 } else { 0 } + if flags & 0x10 != 0 { 4 } else { 0 })?;
        let size = cursor.uint(1 << (flags & 3))?;
        let numbered = if flags & 4 != 0 { 2 } else { 0 };
        self.messages(cursor.take_long(size)?, |block| {
            let head = (u16::from(block.u8()?), block.u16()?, block.u8()?);
            block.take(numbered)?;
            Ok(head)
        })
    }

    /// All messages of a block and of those it goes on in. `head` reads kind, size and flags.
    fn messages(
        &self,
        first: &'a [u8],
        head: impl Fn(&mut Cursor<'a>) -> Result<(u16, u16, u8)>,
    ) -> Result<Object<'a>> {
        let mut blocks = vec![first];
        let mut messages = Vec::new();
        while let Some(block) = blocks.pop() {
            let mut cursor = Cursor::new(block);
            // what is shorter than a message is filling
            while let Ok((kind, size, flags)) = head(&mut cursor) {
                let content = cursor.take(usize::from(size))?;
                if kind == message::CONTINUATION {
                    blocks.push(self.continuation(content)?);
                } else {
                    messages.push(Message { kind, flags, content });
                }
                if messages.len() > MAX_MESSAGES {
                    return Err(damaged("its header never ends"));
                }
            }
        }
        Ok(Object { messages })
    }

    fn continuation(&self, content: &[u8]) -> Result<&'a [u8]> {
        self.count_node()?;
        let mut cursor = Cursor::new(content);
        let (address, length) = (cursor.u64()?, cursor.u64()?);
        let block = self.at(address)?.take_long(length)?;
        match block.strip_prefix(b"OCHK") {
            // a check sum ends it
            Some(new) => Ok(new.split_last_chunk::<4>().map_or(new, |(messages, _)| messages)),
            None => Ok(block),
        }
    }
}
