//! Planes, as files and other libraries have them, to the blocks of a map and back.

use super::layout::{BLOCK, Map};

/// Planes `[channel][row][column]` to an image of a map.
pub(super) fn put_planes(map: Map, image: usize, planes: &[f32], x: &mut [f32]) {
    for (index, row) in planes.chunks_exact(map.columns).enumerate() {
        let (channel, row_index) = (index / map.rows, index % map.rows);
        let begin = map.at(channel / BLOCK, image, row_index, 0) + channel % BLOCK;
        for (target, value) in x[begin..].iter_mut().step_by(BLOCK).zip(row) {
            *target = *value;
        }
    }
}

/// The reverse of [`put_planes`].
pub(super) fn take_planes(map: Map, image: usize, x: &[f32], planes: &mut [f32]) {
    for (index, row) in planes.chunks_exact_mut(map.columns).enumerate() {
        let (channel, row_index) = (index / map.rows, index % map.rows);
        let begin = map.at(channel / BLOCK, image, row_index, 0) + channel % BLOCK;
        for (target, value) in row.iter_mut().zip(x[begin..].iter().step_by(BLOCK)) {
            *target = *value;
        }
    }
}
