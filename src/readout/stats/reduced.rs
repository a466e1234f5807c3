//! The numbers of a step on a graphics device: one pass over all probes where they lie, a dispatch per five
//! of them, one small read-back.

use burn::tensor::Tensor;

use crate::error::Result;
use crate::gpu::Gpu;
use crate::gpu::reduce::{Found, Moments, Reducer, Wanted};
use crate::gpu::view::TensorView;
use crate::readout::stats::{Summary, range_of, sample_stride};
use crate::readout::{ProbeStats, Unit};

/// Values wanted of a tensor: channels (`None`: their mean), first place, distance, number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Places {
    /// Which tensor.
    index: usize,
    /// One channel, or the mean over all.
    channel: Option<u32>,
    /// First place, counted row by row.
    first: u32,
    /// Places from one to the next.
    skip: u32,
    /// How many.
    count: u32,
}

impl Places {
    fn wish(self, view: &TensorView) -> Wanted {
        let Self { channel, first, skip, count, .. } = self;
        Wanted::Values { channels: channels(channel, view), first, skip, count }
    }
}

/// What came of it.
struct Numbers {
    /// Of every probe.
    moments: Vec<Moments>,
    /// The inspected map's, and its sample.
    inspected: Option<(Moments, Vec<f32>)>,
    /// The single values, in the order asked for.
    values: Vec<f32>,
    /// The extra numbers.
    extra: Vec<f32>,
}

/// What [`crate::readout::stats::summarize_with`] says of these probes; `None` where its tensors are not on a
/// graphics device of ours.
///
/// # Errors
/// When the device fails.
pub(super) fn summarize(
    probes: &[Tensor<4>],
    wanted: &[(usize, Unit)],
    inspect: Option<(usize, Option<u32>)>,
    extra: &[Tensor<1>],
) -> Result<Option<Summary>> {
    let places: Vec<_> = wanted.iter().map(|(index, unit)| unit_place(probes, *index, unit)).collect();
    let known: Vec<_> = places.iter().copied().flatten().collect();
    let sampled = inspect.and_then(|(index, channel)| sample_places(probes, index, channel));
    let Some(numbers) = reduce(probes, &known, sampled, extra)? else { return Ok(None) };
    let stats = numbers.moments.iter().map(|&Moments { mean, min, max, .. }| ProbeStats { mean, min, max });
    let mean_square: Vec<f32> = numbers.moments.iter().map(|moments| moments.mean_square).collect();
    let mut values = numbers.values.into_iter();
    let mut unit = |place: &Option<Places>| place.and_then(|_| values.next()).unwrap_or(f32::NAN);
    let inspected = numbers
        .inspected
        .and_then(|(moments, sample)| range_of([vec![moments.min, moments.max], sample].concat()));
    Ok(Some(Summary {
        stats: stats.collect(),
        not_finite: mean_square.iter().position(|square| !square.is_finite()),
        mean_square,
        units: places.iter().map(&mut unit).collect(),
        inspected,
        extra: numbers.extra,
    }))
}

/// Where a unit lies; `None` when there is no such unit.
fn unit_place(probes: &[Tensor<4>], index: usize, unit: &Unit) -> Option<Places> {
    let [_, channels, rows, columns] = probes.get(index)?.dims();
    let inside = (unit.x as usize) < columns
        && (unit.y as usize) < rows
        && unit.channel.is_none_or(|channel| (channel as usize) < channels);
    let first = unit.y * columns as u32 + unit.x;
    inside.then_some(Places { index, channel: unit.channel, first, skip: 1, count: 1 })
}

/// The places of a map's sample; `None` when there is no such map.
fn sample_places(probes: &[Tensor<4>], index: usize, channel: Option<u32>) -> Option<Places> {
    let [_, channels, rows, columns] = probes.get(index)?.dims();
    let count = rows * columns;
    let skip = sample_stride(count, columns);
    let exists = channel.is_none_or(|channel| (channel as usize) < channels);
    let (skip, count) = (skip as u32, count.div_ceil(skip) as u32);
    exists.then_some(Places { index, channel, first: 0, skip, count })
}

/// Reduces them; `None` where the tensors are not on a graphics device of ours.
///
/// # Errors
/// When the device fails.
fn reduce(
    probes: &[Tensor<4>],
    values: &[Places],
    inspected: Option<Places>,
    extra: &[Tensor<1>],
) -> Result<Option<Numbers>> {
    let Some(gpu) = probes.first().and_then(|probe| Gpu::behind(&probe.device())) else { return Ok(None) };
    let extra_maps = extra.iter().map(|number| number.clone().reshape([1, 1, 1, 1]));
    let views = probes.iter().cloned().chain(extra_maps);
    let views = views.map(|tensor| TensorView::new(&gpu, &tensor)).collect::<Result<Vec<_>>>()?;
    let maps: Vec<&TensorView> = views.iter().collect();
    let mut wanted = Vec::new();
    for (index, view) in views.iter().enumerate().take(probes.len()) {
        wanted.push((index, Wanted::Moments(channels(None, view))));
    }
    let inspected = inspected.and_then(|places| Some((places, maps.get(places.index)?)));
    if let Some((places, view)) = &inspected {
        wanted.push((places.index, Wanted::Moments(channels(places.channel, view))));
        wanted.push((places.index, places.wish(view)));
    }
    for places in values {
        wanted.extend(maps.get(places.index).map(|view| (places.index, places.wish(view))));
    }
    for index in probes.len()..views.len() {
        wanted.push((index, Wanted::Values { channels: 0..1, first: 0, skip: 1, count: 1 }));
    }
    let mut found = Reducer::of(&gpu)?.run(&maps, &wanted)?.into_iter();
    let moments = found.by_ref().take(probes.len()).filter_map(|found| as_moments(&found)).collect();
    let inspected = match inspected {
        Some(_) => found.next().as_ref().and_then(as_moments).zip(found.next().and_then(as_values)),
        None => None,
    };
    let values = found.by_ref().take(values.len()).filter_map(as_values).flatten().collect();
    let extra = found.filter_map(as_values).flatten().collect();
    Ok(Some(Numbers { moments, inspected, values, extra }))
}

fn channels(channel: Option<u32>, view: &TensorView) -> std::ops::Range<u32> {
    channel.map_or(0..view.extent[2], |channel| channel..channel.saturating_add(1))
}

fn as_moments(found: &Found) -> Option<Moments> {
    if let Found::Moments(moments) = found { Some(*moments) } else { None }
}

fn as_values(found: Found) -> Option<Vec<f32>> {
    match found {
        Found::Values(values) => Some(values),
        Found::Moments(_) => None,
    }
}
