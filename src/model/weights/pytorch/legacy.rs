//! `PyTorch` files from before version 1.6: five pickles one after another, then the numbers of each storage.

use std::collections::HashMap;

use super::Storages;
use super::globals::StorageType;
use super::pickle::{self, Pickle, Value};
use crate::error::{Error, Kind, Result};
use crate::model::weights::cursor::{Cursor, cut_short, damaged};
use crate::model::weights::number::ByteOrder;
use crate::safety::limits::MAX_INDEX_BYTES;

/// The first pickle: a number that nothing else begins with.
pub(in crate::model::weights) const SIGNATURE: &[u8] = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";

/// The numbers of the storages, by their keys.
#[derive(Debug)]
pub(super) struct Tail<'a> {
    storages: HashMap<String, &'a [u8]>,
    order: ByteOrder,
}

/// Reads the pickles and finds the storages.
///
/// # Errors
/// [`Kind::Damaged`], and those of the pickles.
pub(super) fn open(bytes: &[u8]) -> Result<(Pickle, Tail<'_>)> {
    let index = bytes.get(..MAX_INDEX_BYTES).unwrap_or(bytes);
    let mut cursor = Cursor::new(index);
    let mut next = || pickle::read(&mut cursor);
    let (_signature, protocol, system) = (next()?, next()?, next()?);
    if *protocol.root() != Value::Int(1001) {
        let what = "a PyTorch file of an unknown version";
        return Err(Error::new(Kind::Unsupported, what).advise("Save it again with a newer PyTorch"));
    }
    let (object, keys) = (next()?, next()?);
    let start = index.len() - cursor.rest().len();
    let storages = storages(Cursor::at(bytes, start as u64)?, &object, &keys)?;
    Ok((object, Tail { storages, order: order(&system)? }))
}

fn order(system: &Pickle) -> Result<ByteOrder> {
    let Value::Dict(entries) = system.root() else { return Err(damaged("the file's head is damaged")) };
    let little = entries.iter().find(|(key, _)| *system.get(*key) == Value::Text("little_endian".to_owned()));
    Ok(match little.map(|(_, value)| system.get(*value)) {
        Some(Value::Int(0)) => ByteOrder::Big,
        _ => ByteOrder::Little,
    })
}

/// For each key, how many numbers there are and then the numbers; how long one is the object's pickle says.
fn storages<'a>(mut cursor: Cursor<'a>, object: &Pickle, keys: &Pickle) -> Result<HashMap<String, &'a [u8]>> {
    let Value::List(keys_in_order) = keys.root() else {
        return Err(damaged("the list of storages is damaged"));
    };
    let types: HashMap<&str, StorageType> =
        object.storages().map(|storage| (storage.key.as_str(), storage.number)).collect();
    let mut storages = HashMap::new();
    for &key in keys_in_order {
        let Value::Text(key) = keys.get(key) else { return Err(damaged("the list of storages is damaged")) };
        let number =
            types.get(key.as_str()).ok_or_else(|| damaged(format!("nothing uses the storage {key}")))?;
        let length = cursor.u64()?.checked_mul(number.bytes() as u64).ok_or_else(cut_short)?;
        if storages.insert(key.clone(), cursor.take_long(length)?).is_some() {
            return Err(damaged(format!("the storage {key} is there twice")));
        }
    }
    Ok(storages)
}

impl Storages for Tail<'_> {
    fn read(&self, key: &str, bytes: usize) -> Result<Vec<u8>> {
        let raw = self.storages.get(key).ok_or_else(|| damaged(format!("the storage {key} is missing")))?;
        if raw.len() != bytes {
            return Err(damaged(format!("the storage {key} has {} bytes and needs {bytes}", raw.len())));
        }
        Ok(raw.to_vec())
    }

    fn order(&self) -> ByteOrder {
        self.order
    }
}
