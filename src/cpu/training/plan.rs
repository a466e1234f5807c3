//! What a rollout of given widths and sizes needs: maps, spectra and kernel layouts of every layer.

use pulp::Simd;

use super::kernels::{Layout, Packed, Shape};
use super::layout::{Map, Spectrum, blocks, group_lanes};
use super::weights::WeightList;
use crate::error::{Error, Kind, Result};

/// A layer of the network for some images.
#[derive(Clone, Debug)]
pub(super) struct LayerPlan {
    /// Representation, as the convolutions read it.
    pub(super) r: Map,
    /// Error units, as the convolutions read them.
    pub(super) e: Map,
    /// The four gates.
    pub(super) gates: Map,
    /// What is predicted, the prediction, the memory cells.
    pub(super) a: Map,
    /// What goes up, before it is halved.
    pub(super) up: Option<Map>,
    /// The inputs of this layer's convolutions: `[R, E, R above]`.
    pub(super) v: Spectrum,
    /// Blocks of `R`, and of `R` and `E`, in `v`.
    pub(super) r_blocks: usize,
    pub(super) re_blocks: usize,
    /// Outputs of the convolutions.
    pub(super) m_gates: Spectrum,
    pub(super) m_ahat: Spectrum,
    pub(super) m_up: Option<Spectrum>,
    /// Steps whose gradients by the kernels are summed in one product.
    pub(super) slots: usize,
    pub(super) tiles: usize,
}

/// Tiles that are worth a product of their own: with fewer, the sums would go to memory and back too often.
const WORTHWHILE_TILES: usize = 128;

impl LayerPlan {
    fn new(
        images: usize,
        steps: usize,
        (width, above): (usize, Option<usize>),
        (rows, columns): (usize, usize),
    ) -> Self {
        let lanes = group_lanes(width);
        let (r, e) = (Map::input(images, width, rows, columns), Map::input(images, 2 * lanes, rows, columns));
        let out = |channels| Map::output(images, channels, rows, columns);
        let tiles = r.tiles();
        let slots = WORTHWHILE_TILES.div_ceil(tiles).min(steps);
        let spectrum = |blocks| Spectrum::new(blocks, slots, tiles);
        let (gates, up) = (out(4 * lanes), above.map(out));
        Self {
            r,
            e,
            gates,
            a: out(width),
            up,
            v: spectrum(r.blocks() + e.blocks() + above.map_or(0, blocks)),
            r_blocks: r.blocks(),
            re_blocks: r.blocks() + e.blocks(),
            m_gates: spectrum(gates.blocks()),
            m_ahat: spectrum(r.blocks()),
            m_up: up.map(|up| spectrum(up.blocks())),
            slots,
            tiles,
        }
    }

    /// The inputs of the convolutions of the slot that holds a step.
    pub(super) fn v_at(&self, step: usize) -> Spectrum {
        self.slot(self.v, step)
    }

    /// One of the spectra, with the slot in view that holds a step.
    pub(super) fn slot(&self, spectrum: Spectrum, step: usize) -> Spectrum {
        spectrum.slots(step % self.slots, 1, self.tiles)
    }
}

/// The layers for some images.
pub(super) fn layers(
    images: usize,
    steps: usize,
    widths: &[usize],
    rows: usize,
    columns: usize,
) -> Vec<LayerPlan> {
    let layer = |(l, &width): (usize, &usize)| {
        LayerPlan::new(images, steps, (width, widths.get(l + 1).copied()), (rows >> l, columns >> l))
    };
    widths.iter().enumerate().map(layer).collect()
}

/// The kernels of a layer's convolutions in the Winograd domain.
#[derive(Clone, Debug)]
pub(super) struct LayerKernels<T> {
    pub(super) gates: T,
    pub(super) ahat: T,
    pub(super) a: Option<T>,
    pub(super) p: Option<T>,
}

/// Layouts of the kernels of all layers.
pub(super) fn kernels(widths: &[usize], readout: bool) -> Vec<LayerKernels<Layout>> {
    let layer = |(l, &width): (usize, &usize)| {
        let above = widths.get(l + 1).copied();
        let layout = |inputs, doubled, outputs| Layout::new(&Shape { inputs, doubled, outputs });
        let (one, two) = (vec![width], vec![width; 2]);
        LayerKernels {
            gates: layout(vec![one.clone(), two.clone()], above.unwrap_or(0), vec![width; 4]),
            ahat: layout(vec![one.clone()], 0, one.clone()),
            p: (readout && l == 0).then(|| layout(vec![one.clone()], 0, one)),
            a: above.map(|above| layout(vec![two], 0, vec![above])),
        }
    };
    widths.iter().enumerate().map(layer).collect()
}

/// Transforms all kernels, for the forward pass or for the backward pass.
pub(super) fn pack<S: Simd>(
    s: S,
    layouts: &[LayerKernels<Layout>],
    list: &WeightList,
    weights: &[f32],
    back: bool,
    packed: &mut [LayerKernels<Packed>],
) {
    for ((layout, packed), place) in layouts.iter().zip(packed).zip(&list.layers) {
        let one = |layout: &Layout, kernels: &[f32], packed: &mut Packed| {
            if back {
                layout.pack_back(s, kernels, packed);
            } else {
                layout.pack_forward(s, kernels, packed);
            }
        };
        one(&layout.gates, &weights[place.gates.kernels.clone()], &mut packed.gates);
        one(&layout.ahat, &weights[place.ahat.kernels.clone()], &mut packed.ahat);
        if let (Some(layout), Some(packed), Some(place)) = (&layout.a, &mut packed.a, &place.a) {
            one(layout, &weights[place.kernels.clone()], packed);
        }
        if let (Some(layout), Some(packed), Some(place)) = (&layout.p, &mut packed.p, &place.p) {
            one(layout, &weights[place.kernels.clone()], packed);
        }
    }
}

/// Refuses what cannot be computed.
pub(super) fn check(widths: &[usize], rows: usize, columns: usize, batch: usize, steps: usize) -> Result<()> {
    let wrong = |what: String| Err(Error::new(Kind::Mismatch, what));
    if widths.is_empty() || widths.len() > 16 || widths.contains(&0) {
        return wrong(format!("layers of {widths:?} channels cannot be trained"));
    }
    let divisor = 1 << (widths.len() - 1);
    if rows == 0 || columns == 0 || !rows.is_multiple_of(divisor) || !columns.is_multiple_of(divisor) {
        return wrong(format!("{columns}x{rows} pixels do not divide by {divisor}"));
    }
    if batch == 0 || steps == 0 {
        return wrong(format!("{batch} sequences of {steps} frames"));
    }
    Ok(())
}
