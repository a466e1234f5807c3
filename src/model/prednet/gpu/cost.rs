//! What a step asks of the device, counted from how it is cut.

use crate::model::prednet::gpu::layer::{Layer, Placed};
use crate::model::prednet::gpu::tile::CHANNELS;

/// One step, counted. Nothing here depends on the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct StepCost {
    /// Dispatches, all of them in one compute pass and one submission.
    pub dispatches: usize,
    /// Workgroups of 64 threads.
    pub workgroups: u64,
    /// Bytes of all weights, inputs and results, each counted once per dispatch that uses it: what would go
    /// through memory if every dispatch found an empty cache of boundless size.
    pub bytes_used: u64,
    /// Bytes that workgroups load into shared memory: what would be read if nothing were cached.
    pub bytes_loaded: u64,
    /// Multiply-accumulates, those for padding included.
    pub multiply_adds: u64,
}

impl StepCost {
    pub(super) fn of(layers: &[Layer]) -> Self {
        let mut cost = Self::default();
        for layer in layers {
            let size = layer.represent.conv.size;
            let (area, width) = (size.area() as u64, u64::from(layer.represent.conv.outputs));
            let above = u64::from(layer.represent.conv.inputs[2]);
            // R, E, the R above at a quarter of the size, C; new R and C.
            cost.add(&layer.represent, area * (3 * width + above / 4 + width + 2 * width));
            // R, A; Ahat, both halves of E.
            cost.add(&layer.predict, area * 5 * width);
            if let Some(pass_up) = &layer.pass_up {
                cost.add(pass_up, area * (2 * width + above / 4));
            }
        }
        cost
    }

    fn add(&mut self, placed: &Placed, values: u64) {
        let conv = &placed.conv;
        let tile = conv.tile();
        let groups: u64 = placed.groups().iter().map(|&n| u64::from(n)).product();
        let rounds = u64::from(conv.rounds());
        let patch = u64::from(CHANNELS * tile.patch());
        let weights = 9 * u64::from(CHANNELS) * u64::from(tile.columns()) * 4;
        self.dispatches += 1;
        self.workgroups += groups;
        self.bytes_used += placed.weights.size() + 4 * values;
        self.bytes_loaded += groups * rounds * 4 * (patch + weights);
        let [width, height] = tile.pixels();
        self.multiply_adds += groups * rounds * u64::from(width * height) * weights;
    }
}
