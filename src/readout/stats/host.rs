//! The same numbers where the CPU engine made the response: read where they lie, without tensors.

use std::sync::Arc;

use super::{MAX_SAMPLE, Summary, range_of, sample_stride};
use crate::cpu::map::Map;
use crate::model::{Activity, Response};
use crate::readout::{MapRange, ProbeStats, Unit};

/// The maps of a response that lies in the engine's own memory.
pub(super) fn maps(response: &Response) -> Option<Vec<&Arc<Map>>> {
    let mut maps = Vec::with_capacity(response.activities.len());
    for part in &response.activities {
        let Activity::Host(map) = part else { return None };
        maps.push(map);
    }
    (!maps.is_empty()).then_some(maps)
}

/// All but the extra numbers.
pub(super) fn summarize(
    maps: &[&Arc<Map>],
    wanted: &[(usize, Unit)],
    inspect: Option<(usize, Option<u32>)>,
) -> Summary {
    let numbers: Vec<_> = maps.iter().map(|map| map.summary()).collect();
    let value = |(index, unit): &(usize, Unit)| {
        let channel = unit.channel.map(|channel| channel as usize);
        maps.get(*index).and_then(|map| map.value(channel, unit.y as usize, unit.x as usize))
    };
    Summary {
        stats: numbers.iter().map(|n| ProbeStats { mean: n.mean, min: n.min, max: n.max }).collect(),
        mean_square: numbers.iter().map(|n| n.mean_square).collect(),
        units: wanted.iter().map(|wanted| value(wanted).unwrap_or(f32::NAN)).collect(),
        inspected: inspect.and_then(|(index, channel)| range(maps.get(index)?, channel)),
        not_finite: numbers.iter().position(|n| !n.mean_square.is_finite()),
        extra: Vec::new(),
    }
}

fn range(map: &Map, channel: Option<u32>) -> Option<MapRange> {
    let plane = map.plane(channel.map(|channel| channel as usize))?;
    let min = plane.iter().copied().fold(f32::INFINITY, f32::min);
    let max = plane.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let stride = sample_stride(plane.len(), map.layout.grid.width);
    let sample = plane.iter().copied().step_by(stride).take(MAX_SAMPLE);
    range_of([min, max].into_iter().chain(sample).collect())
}
