//! `PyTorch` files as `torch.save` writes a state dict: `torch.load(file, weights_only=True)` reads them.

use crate::error::Result;
use crate::model::weights::NamedTensors;
use crate::model::weights::number::Precision;

/// `PyTorch` maps storages from the file into memory where they lie at such multiples.
const ALIGNMENT: usize = 64;
/// The folder of all members.
const FOLDER: &str = "archive";
/// Version of the format and of the zip standard.
const VERSION: &[u8] = b"3\n";
const ZIP_VERSION: u16 = 20;

/// The bytes of a state dict with these arrays.
///
/// # Errors
/// [`crate::error::Kind::NotFinite`] for a value that `precision` cannot hold.
pub(in crate::model::weights) fn to_bytes(tensors: &NamedTensors, precision: Precision) -> Result<Vec<u8>> {
    let mut members = vec![(format!("{FOLDER}/data.pkl"), pickle(tensors, precision))];
    members.push((format!("{FOLDER}/byteorder"), b"little".to_vec()));
    for (number, (name, tensor)) in tensors.iter().enumerate() {
        members.push((format!("{FOLDER}/data/{number}"), precision.encode(name, &tensor.values)?));
    }
    members.push((format!("{FOLDER}/version"), VERSION.to_vec()));
    Ok(archive(&members))
}

/// A pickle (protocol 2) of `OrderedDict` from names to tensors.
fn pickle(tensors: &NamedTensors, precision: Precision) -> Vec<u8> {
    let storage: &[u8] = match precision {
        Precision::Single => b"ctorch\nFloatStorage\n",
        Precision::Half => b"ctorch\nHalfStorage\n",
    };
    let mut out = b"\x80\x02ccollections\nOrderedDict\n)R(".to_vec();
    for (number, (name, tensor)) in tensors.iter().enumerate() {
        text(&mut out, name);
        out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        text(&mut out, "storage");
        out.extend(storage);
        text(&mut out, &number.to_string());
        text(&mut out, "cpu");
        whole(&mut out, tensor.values.len());
        // the storage, its first number, extents, strides, no gradient, no hooks
        out.extend(b"tQK\x00");
        tuple(&mut out, tensor.shape.iter().copied());
        tuple(&mut out, strides(&tensor.shape).into_iter());
        out.extend(b"\x89ccollections\nOrderedDict\n)RtR");
    }
    out.extend(b"u.");
    out
}

/// Numbers from one place to the next along each axis, row-major.
fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides: Vec<usize> = shape
        .iter()
        .rev()
        .scan(1, |all, &axis| {
            let stride = *all;
            *all *= axis.max(1);
            Some(stride)
        })
        .collect();
    strides.reverse();
    strides
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'X');
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn whole(out: &mut Vec<u8>, number: usize) {
    out.extend(b"\x8a\x08");
    out.extend((number as u64).to_le_bytes());
}

fn tuple(out: &mut Vec<u8>, numbers: impl Iterator<Item = usize>) {
    out.push(b'(');
    numbers.for_each(|number| whole(out, number));
    out.push(b't');
}

/// A zip archive of these members, unpacked, each beginning at a multiple of 64 bytes.
#[must_use]
pub fn archive(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let start = out.len() as u32;
        let head = head(name, bytes);
        let filling = filling(out.len() + 4 + head.len() + 2 + name.len());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend((filling.len() as u16).to_le_bytes());
        out.extend(name.as_bytes());
        out.extend(filling);
        out.extend(bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(ZIP_VERSION.to_le_bytes());
        directory.extend(&head);
        // no extra field, no comment, one disk, no attributes
        directory.extend([0; 2 + 2 + 2 + 2 + 4]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = (members.len() as u16).to_le_bytes();
    let (size, start) = (directory.len() as u32, out.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

/// What a member's own header and the directory have in common, up to the name's length.
fn head(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let length = (bytes.len() as u32).to_le_bytes();
    let mut head = ZIP_VERSION.to_le_bytes().to_vec();
    // names are UTF-8, nothing is packed, and files of the same numbers have the same bytes: no date but the first
    head.extend([0, 8, 0, 0, 0, 0, 0x21, 0]);
    head.extend(crc.sum().to_le_bytes());
    head.extend([length, length].concat());
    head.extend((name.len() as u16).to_le_bytes());
    head
}

/// An extra field as `PyTorch`'s own that brings what follows it to a multiple of [`ALIGNMENT`].
fn filling(at: usize) -> Vec<u8> {
    let length = (ALIGNMENT - (at + 4) % ALIGNMENT) % ALIGNMENT;
    let mut field = b"FB".to_vec();
    field.extend((length as u16).to_le_bytes());
    field.resize(4 + length, b'Z');
    field
}
