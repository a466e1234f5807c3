//! The numbers of one step: mean and range of every probe, the picked units, the enlarged map's range.
//! On a GPU they are reduced there and come back together, in one small transfer.

use burn::tensor::{Tensor, s};

use crate::error::{Context as _, Error, Kind, Result};
use crate::model::{Activity, Probe, Response, Role};
use crate::readout::{MapRange, ProbeStats, Unit};

mod host;

/// Most values of the enlarged map that are looked at for its percentiles.
const MAX_SAMPLE: usize = 1024;

/// Numbers per probe in the transfer: mean, mean square, smallest and largest channel mean.
const PER_PROBE: usize = 4;

/// The numbers of one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Per probe, in the order of the response.
    pub stats: Vec<ProbeStats>,
    /// Mean of the squared values, per probe.
    pub mean_square: Vec<f32>,
    /// The wanted units' values, in the order asked for; NaN where there is no such unit.
    pub units: Vec<f32>,
    /// Range of the enlarged map; `None` when none was asked for or it has no finite value.
    pub inspected: Option<MapRange>,
    /// The first probe with a value that is NaN, infinite or so large that its square is.
    pub not_finite: Option<usize>,
    /// The extra numbers, in the order given.
    pub extra: Vec<f32>,
}

impl Summary {
    /// Mean squared error of the predicted picture, from the error units of layer 0: of each pair one is the
    /// absolute error and the other zero.
    #[must_use]
    pub fn squared_error(&self, probes: &[Probe]) -> Option<f32> {
        let index = probes.iter().position(|probe| probe.role == Role::Error && probe.layer == 0)?;
        self.mean_square.get(index).map(|square| 2.0 * square)
    }

    /// An error that names the probe whose values are not finite.
    ///
    /// # Errors
    /// [`Kind::NotFinite`] when there is one.
    pub fn check_finite(&self, probes: &[Probe]) -> Result<()> {
        let Some(probe) = self.not_finite.and_then(|index| probes.get(index)) else { return Ok(()) };
        Err(Error::new(Kind::NotFinite, format!("{} holds values that are not finite", probe.name))
            .advise("Reset the network; if it happens again its weights are not usable"))
    }
}

/// Reduces a response to numbers. `wanted` are units with the index of their probe; `inspect` is the probe
/// (and channel; `None`: mean over channels) whose range is wanted. The percentiles are of at most 1024
/// values taken evenly over the map.
///
/// # Errors
/// [`Kind::Gpu`] when the numbers cannot be read back.
pub fn summarize(
    response: &Response,
    wanted: &[(usize, Unit)],
    inspect: Option<(usize, Option<u32>)>,
) -> Result<Summary> {
    summarize_with(response, wanted, inspect, Vec::new())
}

/// The same with `extra` numbers (tensors of one value each) that come back in the same transfer.
///
/// # Errors
/// [`Kind::Gpu`] when the numbers cannot be read back.
pub fn summarize_with(
    response: &Response,
    wanted: &[(usize, Unit)],
    inspect: Option<(usize, Option<u32>)>,
    extra: Vec<Tensor<1>>,
) -> Result<Summary> {
    let extras = extra.len();
    if let Some(maps) = host::maps(response) {
        let extra = if extra.is_empty() { Vec::new() } else { host_values(Tensor::cat(extra, 0))? };
        return Ok(Summary { extra, ..host::summarize(&maps, wanted, inspect) });
    }
    let tensors: Vec<Tensor<4>> = response.activities.iter().map(Activity::tensor).collect();
    let mut parts = extra;
    for tensor in &tensors {
        parts.extend(reduce(tensor));
    }
    let known: Vec<bool> =
        wanted.iter().map(|(index, unit)| push_unit(tensors.get(*index), unit, &mut parts)).collect();
    let sampled = inspect.and_then(|(index, channel)| sample(tensors.get(index)?, channel));
    parts.extend(sampled);
    if parts.is_empty() {
        return Ok(Summary::default());
    }
    let values = host_values(Tensor::cat(parts, 0))?;
    let (extra, rest) = values.split_at(extras.min(values.len()));
    let summary = unpack(rest, tensors.len(), &known, inspect.is_some());
    Ok(Summary { extra: extra.to_vec(), ..summary })
}

/// All values of a tensor, row-major, in host memory. Waits for the device.
///
/// # Errors
/// [`Kind::Gpu`] when they cannot be read back.
pub fn host_values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.try_into_data().context(Kind::Gpu, "the network's numbers cannot be read")?;
    data.try_to_vec::<f32>().context(Kind::Internal, "the network's numbers are not f32")
}

/// Mean, mean square, smallest and largest channel mean, one number each.
fn reduce(tensor: &Tensor<4>) -> [Tensor<1>; PER_PROBE] {
    let over_channels = tensor.clone().mean_dim(1);
    [
        over_channels.clone().mean(),
        tensor.clone().square().mean(),
        over_channels.clone().min(),
        over_channels.max(),
    ]
}

/// Adds a unit's value; `false` when there is no such unit.
fn push_unit(tensor: Option<&Tensor<4>>, unit: &Unit, parts: &mut Vec<Tensor<1>>) -> bool {
    let Some(tensor) = tensor else { return false };
    let [_, channels, rows, columns] = tensor.dims();
    let (x, y) = (unit.x as usize, unit.y as usize);
    let channel = unit.channel.map(|channel| channel as usize);
    if x >= columns || y >= rows || channel.is_some_and(|channel| channel >= channels) {
        return false;
    }
    let column = tensor.clone().narrow(2, y, 1).narrow(3, x, 1);
    let value = match channel {
        Some(channel) => column.narrow(1, channel, 1),
        None => column.mean_dim(1),
    };
    parts.push(value.reshape([1]));
    true
}

/// The exact smallest and largest value of a map, then up to 1024 of its values, evenly taken.
fn sample(tensor: &Tensor<4>, channel: Option<u32>) -> Option<Tensor<1>> {
    let [_, channels, rows, columns] = tensor.dims();
    let map = match channel {
        Some(channel) if channel as usize >= channels => return None,
        Some(channel) => tensor.clone().narrow(1, channel as usize, 1),
        None => tensor.clone().mean_dim(1),
    };
    let count = rows * columns;
    let flat = map.reshape([count]);
    let stride = sample_stride(count, columns);
    let some = flat.clone().slice(s![0..count; stride as isize]);
    Some(Tensor::cat(vec![flat.clone().min(), flat.max(), some], 0))
}

/// The least stride that takes at most [`MAX_SAMPLE`] values and does not stay in few columns.
fn sample_stride(count: usize, columns: usize) -> usize {
    let mut stride = count.div_ceil(MAX_SAMPLE).max(1);
    while stride > 1 && greatest_common_divisor(stride, columns) > 1 {
        stride += 1;
    }
    stride
}

const fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn unpack(values: &[f32], probes: usize, known: &[bool], inspect: bool) -> Summary {
    let (head, rest) = values.split_at(values.len().min(PER_PROBE * probes));
    let (quads, _) = head.as_chunks::<PER_PROBE>();
    let stats = quads.iter().map(|&[mean, _, min, max]| ProbeStats { mean, min, max }).collect();
    let mean_square: Vec<f32> = quads.iter().map(|&[_, square, _, _]| square).collect();
    let not_finite = mean_square.iter().position(|square| !square.is_finite());
    let mut rest = rest.iter().copied();
    let units = known.iter().map(|&known| if known { rest.next().unwrap_or(f32::NAN) } else { f32::NAN });
    let units = units.collect();
    let inspected = if inspect { range_of(rest.collect()) } else { None };
    Summary { stats, mean_square, units, inspected, not_finite, extra: Vec::new() }
}

/// Range from the exact smallest and largest value followed by the sample.
fn range_of(mut values: Vec<f32>) -> Option<MapRange> {
    let (&min, &max) = (values.first()?, values.get(1)?);
    let mut sample = values.split_off(2);
    sample.retain(|value| value.is_finite());
    sample.sort_by(f32::total_cmp);
    let last = sample.len().checked_sub(1)?;
    let at = |fraction: f32| sample.get((fraction * last as f32).round() as usize).copied().unwrap_or(min);
    let finite = |value: f32, instead: f32| if value.is_finite() { value } else { instead };
    Some(MapRange { min: finite(min, at(0.0)), p01: at(0.01), p99: at(0.99), max: finite(max, at(1.0)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_small_and_touch_every_column() {
        for (rows, columns) in [(1, 1), (8, 8), (64, 80), (128, 160), (2048, 2048), (7, 1024)] {
            let (count, stride) = (rows * columns, sample_stride(rows * columns, columns));
            let taken: Vec<usize> = (0..count).step_by(stride).collect();
            assert!(taken.len() <= MAX_SAMPLE, "{rows}x{columns}");
            let mut seen: Vec<usize> = taken.iter().map(|place| place % columns).collect();
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() >= columns.min(taken.len()) / 2, "{rows}x{columns}: {}", seen.len());
        }
    }

    #[test]
    fn percentiles_are_of_the_finite_values() {
        let mut values = vec![0.0, 100.0];
        values.extend((0..=100).map(|value| value as f32));
        values.push(f32::NAN);
        let range = range_of(values).unwrap();
        assert_eq!(range, MapRange { min: 0.0, p01: 1.0, p99: 99.0, max: 100.0 });
        assert_eq!(range_of(vec![f32::NAN, f32::NAN, f32::NAN]), None);
    }
}
