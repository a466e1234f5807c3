//! The number types of weights files, read as `f32`.

use burn::tensor::{bf16, f16};

use crate::error::{Error, Kind, Result};

/// A floating-point type that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// IEEE half precision.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// IEEE single precision.
    F32,
    /// IEEE double precision, rounded to single.
    F64,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// The least.
    Little,
    /// The greatest.
    Big,
}

impl Number {
    /// Bytes of one number.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// All whole numbers in `raw`.
    pub(super) fn decode(self, order: ByteOrder, raw: &[u8]) -> Vec<f32> {
        match self {
            Self::F16 => numbers(raw, order, |bytes| f16::from_le_bytes(bytes).to_f32()),
            Self::Bf16 => numbers(raw, order, |bytes| bf16::from_le_bytes(bytes).to_f32()),
            Self::F32 => numbers(raw, order, f32::from_le_bytes),
            Self::F64 => numbers(raw, order, |bytes| f64::from_le_bytes(bytes) as f32),
        }
    }
}

fn numbers<const N: usize>(raw: &[u8], order: ByteOrder, convert: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    let turn = |mut bytes: [u8; N]| {
        if order == ByteOrder::Big {
            bytes.reverse();
        }
        convert(bytes)
    };
    raw.as_chunks::<N>().0.iter().map(|bytes| turn(*bytes)).collect()
}

/// How exactly numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// `f32`: what is read back is bit for bit the same.
    #[default]
    Single,
    /// `f16`: half the size, eleven significant bits.
    Half,
}

impl Precision {
    /// The bytes of `values`, least byte first.
    ///
    /// # Errors
    /// [`Kind::NotFinite`] for a value that half precision cannot hold.
    pub(super) fn encode(self, name: &str, values: &[f32]) -> Result<Vec<u8>> {
        match self {
            Self::Single => Ok(values.iter().flat_map(|value| value.to_le_bytes()).collect()),
            Self::Half => {
                let halves: Vec<f16> = values.iter().map(|value| f16::from_f32(*value)).collect();
                check_finite(name, &halves.iter().map(|half| half.to_f32()).collect::<Vec<_>>())
                    .map_err(|error| error.advise("Half precision ends at 65504: write single precision"))?;
                Ok(halves.iter().flat_map(|half| half.to_le_bytes()).collect())
            }
        }
    }
}

/// Refuses NaN and infinity.
///
/// # Errors
/// [`Kind::NotFinite`] with the array and the place of the first.
pub(super) fn check_finite(name: &str, values: &[f32]) -> Result<()> {
    let Some(place) = values.iter().position(|value| !value.is_finite()) else { return Ok(()) };
    let what = format!("{name} holds {} at place {place}", values.get(place).unwrap_or(&f32::NAN));
    Err(Error::new(Kind::NotFinite, what)
        .advise("The training went wrong or the file is damaged: choose an earlier checkpoint"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_and_order_gives_the_number() {
        for number in [Number::F16, Number::Bf16, Number::F32, Number::F64] {
            let little = match number {
                Number::F16 => f16::from_f32(-1.5).to_le_bytes().to_vec(),
                Number::Bf16 => bf16::from_f32(-1.5).to_le_bytes().to_vec(),
                Number::F32 => (-1.5_f32).to_le_bytes().to_vec(),
                Number::F64 => (-1.5_f64).to_le_bytes().to_vec(),
            };
            assert_eq!(little.len(), number.bytes());
            let big: Vec<u8> = little.iter().rev().copied().collect();
            assert_eq!(number.decode(ByteOrder::Little, &little), [-1.5]);
            assert_eq!(number.decode(ByteOrder::Big, &big), [-1.5]);
        }
    }

    #[test]
    fn a_number_too_large_for_half_precision_is_refused_by_name() {
        let error = Precision::Half.encode("layer_a_0.bias", &[1.0, 70_000.0]).unwrap_err();
        assert_eq!(error.kind, Kind::NotFinite);
        assert!(error.to_string().contains("layer_a_0.bias"), "{error}");
        assert_eq!(Precision::Half.encode("x", &[1.0]).unwrap(), [0x00, 0x3c]);
    }
}
