//! Arrays: their shape, their number type, where their numbers are, and the numbers.

use super::chunks::{Chunk, Index};
use super::filters::Filter;
use super::object::{Object, message};
use super::{Hdf5, unsupported};
use crate::error::{Error, Kind, Result};
use crate::model::weights::collect::count;
use crate::model::weights::cursor::{Cursor, damaged};
use crate::model::weights::number::{ByteOrder, Number};
use crate::safety::limits::MAX_AXES;

/// An array before its numbers are read.
#[derive(Clone, Debug)]
pub(in crate::model::weights) struct Dataset<'a> {
    /// Extents, slowest first.
    pub(in crate::model::weights) shape: Vec<usize>,
    number: Number,
    order: ByteOrder,
    layout: Layout<'a>,
    filters: Vec<Filter>,
}

/// Where the numbers are.
#[derive(Clone, Debug)]
enum Layout<'a> {
    /// In the header itself.
    Compact(&'a [u8]),
    /// In one piece.
    Contiguous { address: u64, length: u64 },
    /// In boxes of the same shape.
    Chunked { chunk_shape: Vec<usize>, index: Index },
}

impl<'a> Hdf5<'a> {
    /// Reads what an array says of itself.
    ///
    /// # Errors
    /// [`Kind::Damaged`]; [`Kind::Unsupported`] for numbers that are no floating-point numbers, numbers in
    /// other files and unknown filters.
    pub(in crate::model::weights) fn dataset(&self, address: u64) -> Result<Dataset<'a>> {
        let object = self.object(address)?;
        if object.first(message::EXTERNAL_FILES)?.is_some() {
            return Err(unsupported(
                "its numbers are in another file",
                "Copy the arrays into the file itself",
            ));
        }
        let shape = shape(required(&object, message::DATASPACE)?)?;
        let (number, order) = number(required(&object, message::DATATYPE)?)?;
        let layout = layout(required(&object, message::LAYOUT)?, &shape, number)?;
        let filters = object.first(message::FILTERS)?.map(super::filters::parse).transpose()?;
        Ok(Dataset { shape, number, order, layout, filters: filters.unwrap_or_default() })
    }

    /// The numbers of an array, row-major.
    ///
    /// # Errors
    /// [`Kind::Damaged`] when they do not fill the shape or lie outside the file, [`Kind::TooLarge`].
    pub(in crate::model::weights) fn numbers(&self, dataset: &Dataset<'a>) -> Result<Vec<f32>> {
        let wanted = count(&dataset.shape).and_then(|count| count.checked_mul(dataset.number.bytes()));
        let wanted = wanted.ok_or_else(|| damaged("its shape is too large"))?;
        let whole = match &dataset.layout {
            Layout::Compact(bytes) => bytes,
            // an array without elements has no place
            Layout::Contiguous { .. } if wanted == 0 => &[][..],
            Layout::Contiguous { address, length } => self.at(*address)?.take_long(*length)?,
            Layout::Chunked { chunk_shape, index } => {
                let chunk = Chunk {
                    shape: chunk_shape,
                    array: &dataset.shape,
                    element: dataset.number.bytes(),
                    filters: &dataset.filters,
                };
                let bytes = self.chunks(index, &chunk)?;
                return Ok(dataset.number.decode(dataset.order, &bytes));
            }
        };
        if whole.len() != wanted {
            return Err(damaged(format!("it has {} bytes and its shape needs {wanted}", whole.len())));
        }
        Ok(dataset.number.decode(dataset.order, whole))
    }
}

fn required<'a>(object: &Object<'a>, kind: u16) -> Result<Cursor<'a>> {
    object.first(kind)?.ok_or_else(|| damaged("its header is incomplete"))
}

fn shape(mut cursor: Cursor<'_>) -> Result<Vec<usize>> {
    let (version, axes, _flags) = (cursor.u8()?, cursor.u8()?, cursor.u8()?);
    match version {
        1 => cursor.take(5)?,
        // a byte that tells an array from a scalar and from nothing
        2 => cursor.take(1)?,
        _ => return Err(damaged(format!("its shape has the version {version}"))),
    };
    if usize::from(axes) > MAX_AXES {
        return Err(damaged(format!("it has {axes} axes")));
    }
    let axis = |_| usize::try_from(cursor.u64()?).map_err(|_| damaged("its shape is too large"));
    (0..axes).map(axis).collect()
}

/// Reads a floating-point type and refuses all others.
fn number(mut cursor: Cursor<'_>) -> Result<(Number, ByteOrder)> {
    let (class, flags, size) = (cursor.u8()?, cursor.uint(3)?, cursor.u32()?);
    let refuse = |what: &str| {
        let what = format!("its values are {what}");
        Err(Error::new(Kind::Unsupported, what).advise("Save the weights as float32"))
    };
    if class & 0x0F != 1 {
        return refuse(match class & 0x0F {
            0 => "whole numbers",
            3 | 9 => "texts",
            _ => "no numbers",
        });
    }
    let (_offset, bits) = (cursor.u16()?, cursor.u16()?);
    let (exponent_at, exponent_bits, mantissa_at, mantissa_bits) =
        (cursor.u8()?, cursor.u8()?, cursor.u8()?, cursor.u8()?);
    let bias = cursor.u32()?;
    let number = match (size, bits, exponent_at, exponent_bits, mantissa_at, mantissa_bits, bias) {
        (2, 16, 10, 5, 0, 10, 15) => Number::F16,
        (2, 16, 7, 8, 0, 7, 127) => Number::Bf16,
        (4, 32, 23, 8, 0, 23, 127) => Number::F32,
        (8, 64, 52, 11, 0, 52, 1023) => Number::F64,
        _ => return refuse(&format!("floating-point numbers of an unusual kind ({size} bytes)")),
    };
    match flags & 0x41 {
        0 => Ok((number, ByteOrder::Little)),
        1 => Ok((number, ByteOrder::Big)),
        _ => refuse("in VAX byte order"),
    }
}

fn layout<'a>(mut cursor: Cursor<'a>, shape: &[usize], number: Number) -> Result<Layout<'a>> {
    let version = cursor.u8()?;
    if !matches!(version, 3 | 4) {
        return Err(unsupported(
            format!("a layout of version {version}"),
            "Save it with h5py's usual settings, without libver",
        ));
    }
    match cursor.u8()? {
        0 => {
            let length = cursor.u16()?;
            Ok(Layout::Compact(cursor.take(usize::from(length))?))
        }
        1 => Ok(Layout::Contiguous { address: cursor.u64()?, length: cursor.u64()? }),
        2 => {
            let (chunk_shape, index) = if version == 3 {
                super::chunks::old_layout(cursor)?
            } else {
                super::chunks::new_layout(cursor)?
            };
            chunked(chunk_shape, index, shape, number)
        }
        kind => Err(unsupported(format!("a layout of kind {kind}"), "Save it as one piece")),
    }
}

fn chunked<'a>(mut chunk: Vec<usize>, index: Index, shape: &[usize], number: Number) -> Result<Layout<'a>> {
    // the last extent is the size of an element
    if chunk.pop() != Some(number.bytes()) || chunk.len() != shape.len() || chunk.contains(&0) {
        return Err(damaged("its chunks do not fit its shape"));
    }
    Ok(Layout::Chunked { chunk_shape: chunk, index })
}
