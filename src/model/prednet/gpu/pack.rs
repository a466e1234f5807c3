//! Weights in the order in which the shader reads them: input channel, tap, column of four outputs; the
//! biases behind them. What fills up a round or a run of columns is zero.

use crate::error::{Error, Kind, Result};
use crate::model::prednet::gpu::tile::{CHANNELS, Conv};
use crate::model::weights::{HostTensor, NamedTensors};

/// The arrays that make up one convolution, and how their outputs share columns.
pub(super) enum Outputs<'a> {
    /// The gates `i, f, o` and the new content of this layer, one channel of each to a column. The gates
    /// carry the 0.2 of the hard sigmoid, their biases also its 0.5.
    Gates(usize),
    /// One array, four channels to a column.
    Channels(&'a str),
}

/// One array as it is put into place.
struct Part<'a> {
    weight: &'a [f32],
    bias: &'a [f32],
    slope: f32,
    offset: f32,
}

/// The packed weights and biases, four values to an element.
///
/// # Errors
/// [`Kind::Mismatch`] when an array is missing or has the wrong number of values.
pub(super) fn pack(tensors: &NamedTensors, outputs: &Outputs<'_>, conv: &Conv) -> Result<Vec<[f32; 4]>> {
    let from = conv.inputs.iter().sum::<u32>() as usize;
    let to = conv.outputs as usize;
    let stride = conv.tile().stride(conv.columns) as usize;
    let rows = 9 * CHANNELS as usize * conv.rounds() as usize;
    let mut packed = vec![[0.0; 4]; (rows + 1) * stride];
    for (index, part) in parts(tensors, outputs, from, to)?.iter().enumerate() {
        let place = |channel: usize| match outputs {
            Outputs::Gates(_) => (channel, index),
            Outputs::Channels(_) => (channel / 4, channel % 4),
        };
        for (channel, (kernel, bias)) in part.weight.chunks(9 * from).zip(part.bias).enumerate() {
            let (column, lane) = place(channel);
            let scaled = kernel.iter().map(|weight| part.slope * weight);
            let biased = part.slope * bias + part.offset;
            let places = packed.iter_mut().skip(column).step_by(stride);
            let (own_rows, padding) = (9 * from, rows - 9 * from);
            let values = scaled.chain(std::iter::repeat_n(0.0, padding)).chain([biased]);
            debug_assert_eq!(kernel.len(), own_rows);
            for (element, value) in places.zip(values) {
                if let Some(slot) = element.get_mut(lane) {
                    *slot = value;
                }
            }
        }
    }
    Ok(packed)
}

fn parts<'a>(
    tensors: &'a NamedTensors,
    outputs: &Outputs<'_>,
    from: usize,
    to: usize,
) -> Result<Vec<Part<'a>>> {
    let part = |name: &str, slope, offset| -> Result<Part<'a>> {
        let weight = find(tensors, &format!("{name}.weight"), to * from * 9)?;
        let bias = find(tensors, &format!("{name}.bias"), to)?;
        Ok(Part { weight: &weight.values, bias: &bias.values, slope, offset })
    };
    match outputs {
        Outputs::Channels(name) => Ok(vec![part(name, 1.0, 0.0)?]),
        Outputs::Gates(layer) => ["i", "f", "o", "c"]
            .into_iter()
            .map(|gate| {
                let (slope, offset) = if gate == "c" { (1.0, 0.0) } else { (0.2, 0.5) };
                part(&format!("layer_{gate}_{layer}"), slope, offset)
            })
            .collect(),
    }
}

fn find<'a>(tensors: &'a NamedTensors, name: &str, count: usize) -> Result<&'a HostTensor> {
    tensors.get(name).filter(|tensor| tensor.values.len() == count).ok_or_else(|| {
        Error::new(Kind::Mismatch, format!("{name} is missing or does not have {count} values"))
    })
}
