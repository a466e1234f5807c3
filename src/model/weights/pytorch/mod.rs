//! `PyTorch` files (`torch.save`): a pickle that names tensors, and their numbers beside it, in a zip archive or,
//! before `PyTorch` 1.6, one after another. Read without Python and without carrying anything out.

use std::collections::HashMap;

use crate::error::{Error, Kind, Result};
use crate::model::weights::collect::{Declared, collect, count, strip_prefix};
use crate::model::weights::cursor::{Cursor, damaged};
use crate::model::weights::number::{ByteOrder, Number};
use crate::model::weights::{Format, NamedShapes, WeightsFile, sha256_hex};
use crate::safety::limits::{MAX_INDEX_BYTES, MAX_UNPACKED_BYTES};
use globals::StorageType;
use pickle::{Pickle, Tensor};

mod globals;
mod legacy;
mod pickle;
mod state;
mod write;
mod zip;

pub(super) use legacy::SIGNATURE as LEGACY_SIGNATURE;
pub use write::archive;
pub(super) use write::to_bytes;

/// The first bytes of a zip archive.
pub(super) const SIGNATURE: &[u8] = b"PK\x03\x04";

/// Where the numbers of storages come from.
trait Storages {
    /// All bytes of a storage.
    fn read(&self, key: &str, bytes: usize) -> Result<Vec<u8>>;
    /// Which byte comes first.
    fn order(&self) -> ByteOrder;
}

/// Reads a `PyTorch` file after `fits` has agreed to the shapes it declares.
///
/// # Errors
/// [`Kind::Damaged`], [`Kind::TooLarge`], [`Kind::NotFinite`], [`Kind::Unsupported`] for a pickle that would
/// call code and for other archives, [`Kind::Mismatch`] when there are no tensors by name, and those of `fits`.
pub(super) fn parse(bytes: &[u8], fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    let archive = zip::Archive::open(bytes)?;
    let folder = folder(&archive)?;
    let index = archive.read(&format!("{folder}data.pkl"), MAX_INDEX_BYTES)?;
    let pickle = pickle::read(&mut Cursor::new(&index))?;
    let order = byte_order(&archive, &format!("{folder}byteorder"))?;
    load(bytes, &pickle, &Members { archive, folder, order }, fits)
}

/// As [`parse`], for files from before `PyTorch` 1.6.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_legacy(
    bytes: &[u8],
    fits: impl FnOnce(&NamedShapes) -> Result<()>,
) -> Result<WeightsFile> {
    let (pickle, storages) = legacy::open(bytes)?;
    load(bytes, &pickle, &storages, fits)
}

fn load(
    bytes: &[u8],
    pickle: &Pickle,
    storages: &impl Storages,
    fits: impl FnOnce(&NamedShapes) -> Result<()>,
) -> Result<WeightsFile> {
    let state = state::find(pickle)?;
    let mut notes = state.notes;
    let mut declared = Vec::new();
    for (name, tensor) in state.tensors {
        let shape = extents(&tensor.shape).ok_or_else(|| damaged(format!("{name} has no shape")))?;
        declared.push(Declared { name, shape, place: tensor });
    }
    notes.extend(strip_prefix(&mut declared));
    check_types(&declared)?;
    let mut kept = HashMap::new();
    let tensors = collect(&declared, fits, |array| view(array, storages, &mut kept))?;
    Ok(WeightsFile { tensors, sha256: sha256_hex(bytes), format: Format::PyTorch, notes })
}

/// Refuses tensors that take one storage for different things.
fn check_types(declared: &[Declared<&Tensor>]) -> Result<()> {
    let mut known = HashMap::new();
    for Declared { name, place: tensor, .. } in declared {
        let said = (tensor.storage.number, tensor.storage.count);
        if *known.entry(&tensor.storage.key).or_insert(said) != said {
            return Err(damaged(format!("{name} and another tensor disagree about what they share")));
        }
    }
    Ok(())
}

/// The numbers of a tensor, row-major, whatever its strides. `kept` are storages that are shared.
fn view(
    array: &Declared<&Tensor>,
    storages: &impl Storages,
    kept: &mut HashMap<String, Vec<f32>>,
) -> Result<Vec<f32>> {
    let Declared { name, shape, place: tensor } = array;
    let wrong = || damaged(format!("{name} lies outside its numbers"));
    let StorageType::Number(number) = tensor.storage.number else {
        let StorageType::Other(kind, _) = tensor.storage.number else { return Err(wrong()) };
        return Err(Error::new(Kind::Unsupported, format!("{name} holds {kind} numbers"))
            .advise("Save the weights as float32, float16, bfloat16 or float64"));
    };
    let strides =
        extents(&tensor.strides).filter(|strides| strides.len() == shape.len()).ok_or_else(wrong)?;
    let offset = usize::try_from(tensor.offset).map_err(|_| wrong())?;
    if !kept.contains_key(&tensor.storage.key) {
        kept.insert(tensor.storage.key.clone(), storage(tensor, number, storages)?);
    }
    let numbers = kept.get(&tensor.storage.key).ok_or_else(wrong)?;
    let reach = shape.iter().zip(&strides).try_fold(offset, |all, (&axis, stride)| {
        all.checked_add(axis.saturating_sub(1).checked_mul(*stride)?)
    });
    let (Some(reach), Some(count)) = (reach, count(shape)) else { return Err(wrong()) };
    if count > 0 && reach >= numbers.len() {
        return Err(wrong());
    }
    let mut values = Vec::new();
    values.try_reserve_exact(count).map_err(|_| wrong())?;
    values
        .extend((0..count).filter_map(|index| numbers.get(offset + place(index, shape, &strides)).copied()));
    Ok(values)
}

/// Where the number `index` (row-major) of a shape lies.
fn place(mut index: usize, shape: &[usize], strides: &[usize]) -> usize {
    let mut at = 0;
    for (axis, stride) in shape.iter().zip(strides).rev() {
        at += index % axis * stride;
        index /= axis;
    }
    at
}

fn storage(tensor: &Tensor, number: Number, storages: &impl Storages) -> Result<Vec<f32>> {
    let storage = &tensor.storage;
    let bytes = usize::try_from(storage.count).ok().and_then(|count| count.checked_mul(number.bytes()));
    let bytes = bytes.filter(|&bytes| bytes <= MAX_UNPACKED_BYTES).ok_or_else(|| {
        let what = format!("the storage {} says it has {} numbers", storage.key, storage.count);
        Error::new(Kind::TooLarge, what).advise("Choose a smaller network")
    })?;
    let raw = storages.read(&storage.key, bytes)?;
    Ok(number.decode(storages.order(), &raw))
}

fn extents(numbers: &[i64]) -> Option<Vec<usize>> {
    numbers.iter().map(|&number| usize::try_from(number).ok()).collect()
}

/// The storages of a zip archive.
#[derive(Debug)]
struct Members<'a> {
    archive: zip::Archive<'a>,
    folder: String,
    order: ByteOrder,
}

impl Storages for Members<'_> {
    fn read(&self, key: &str, bytes: usize) -> Result<Vec<u8>> {
        let name = format!("{}data/{key}", self.folder);
        let raw = self.archive.read(&name, bytes)?;
        if raw.len() != bytes {
            return Err(damaged(format!("{name} has {} bytes and needs {bytes}", raw.len())));
        }
        Ok(raw)
    }

    fn order(&self) -> ByteOrder {
        self.order
    }
}

/// The folder, with `/`, of the archive's pickle; refuses archives of other programs by what they are.
fn folder(archive: &zip::Archive<'_>) -> Result<String> {
    let pickles: Vec<&str> = archive.names().filter_map(|name| name.strip_suffix("data.pkl")).collect();
    if let [folder] = pickles[..] {
        return Ok(folder.to_owned());
    }
    let has = |ending: &str| archive.names().any(|name| name.ends_with(ending));
    let (what, advice) = if !pickles.is_empty() {
        ("an archive with several pickles", "Save the state_dict alone")
    } else if has("model.weights.h5") {
        ("a Keras 3 archive", "Save it with model.save_weights(\"net.weights.h5\") in the older layout")
    } else if has(".npy") {
        ("a NumPy archive", "Save it as .safetensors")
    } else {
        ("an archive without weights", "Choose a file that torch.save wrote")
    };
    Err(Error::new(Kind::Unsupported, format!("this is {what}")).advise(advice))
}

fn byte_order(archive: &zip::Archive<'_>, name: &str) -> Result<ByteOrder> {
    if archive.size(name).is_none() {
        return Ok(ByteOrder::Little);
    }
    match archive.read(name, 16)?.as_slice() {
        b"little" => Ok(ByteOrder::Little),
        b"big" => Ok(ByteOrder::Big),
        _ => Err(damaged("the archive's byte order is neither little nor big")),
    }
}

#[cfg(test)]
mod tests;
