//! One thread's share of a rollout: its images, from the first frame to the last, and all the memory they need.

use super::errors::ErrorUnits;
use super::kernels::{Layout, Packed};
use super::layout::Map;
use super::lstm::Cell;
use super::plan::{self, LayerKernels, LayerPlan};
use super::pool::halved;
use super::readout::Readout;
use super::weights::WeightList;
use crate::cpu::memory::Buffer;
use crate::error::Result;

/// What one step leaves of a layer for the way back.
pub(super) struct Kept {
    /// Gates after the step; their gradients after the way back.
    pub(super) gates: Buffer,
    pub(super) c: Buffer,
    pub(super) r: Buffer,
    pub(super) e: Buffer,
    pub(super) ahat: Buffer,
    /// Which pixel went up, as `a` of the layer above.
    pub(super) which: Buffer,
}

/// A layer's state before the first frame.
pub(super) struct Start {
    pub(super) r: Buffer,
    pub(super) c: Buffer,
    pub(super) e: Buffer,
}

/// What a layer needs in every step.
pub(super) struct Desk {
    /// What is predicted, and its gradient.
    pub(super) a: Buffer,
    /// What goes up before it is halved, and its gradient.
    pub(super) up: Buffer,
    /// Inputs of the convolutions in the Winograd domain.
    pub(super) v: Buffer,
    /// Their gradient, in the first slot.
    pub(super) dv: Buffer,
    /// Outputs of the convolutions in the Winograd domain, and their gradients.
    pub(super) m_gates: Buffer,
    pub(super) m_ahat: Buffer,
    pub(super) m_up: Buffer,
    pub(super) dr: Buffer,
    pub(super) de: Buffer,
    pub(super) dc: Buffer,
    pub(super) cell: Cell,
    pub(super) units: ErrorUnits,
}

/// Gradients of one thread: kernels in the Winograd domain, biases as in the list.
pub(super) struct Gradients {
    pub(super) kernels: Vec<LayerKernels<Buffer>>,
    pub(super) list: Vec<f32>,
}

/// What all threads read.
pub(super) struct Shared {
    pub(super) widths: Vec<usize>,
    pub(super) readout: bool,
    pub(super) list: WeightList,
    pub(super) layouts: Vec<LayerKernels<Layout>>,
    pub(super) packed: Vec<LayerKernels<Packed>>,
    pub(super) packed_back: Vec<LayerKernels<Packed>>,
    pub(super) biases: Vec<LayerKernels<Vec<f32>>>,
    pub(super) steps: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) batch: usize,
}

/// A thread's images.
pub(super) struct Worker {
    /// The first image and how many.
    pub(super) first: usize,
    pub(super) images: usize,
    pub(super) plans: Vec<LayerPlan>,
    pub(super) kept: Vec<Vec<Kept>>,
    pub(super) desks: Vec<Desk>,
    /// The state before the first step, and whether there is one: where not, it is zero.
    pub(super) starts: Vec<Start>,
    pub(super) begun: bool,
    pub(super) gradients: Option<Gradients>,
    /// Sums of error units, `[step][layer]`.
    pub(super) sums: Vec<f64>,
    pub(super) readout: Option<Readout>,
}

fn zeros(map: Map) -> Result<Buffer> {
    Buffer::zeros(map.len())
}

impl Kept {
    fn new(plan: &LayerPlan) -> Result<Self> {
        let which = plan.up.map_or(0, |up| halved(up).len());
        Ok(Self {
            gates: zeros(plan.gates)?,
            c: zeros(plan.a)?,
            r: zeros(plan.r)?,
            e: zeros(plan.e)?,
            ahat: zeros(plan.a)?,
            which: Buffer::zeros(which)?,
        })
    }
}

impl Start {
    fn new(plan: &LayerPlan) -> Result<Self> {
        Ok(Self { r: zeros(plan.r)?, c: zeros(plan.a)?, e: zeros(plan.e)? })
    }
}

impl Desk {
    fn new(plan: &LayerPlan, layer: usize) -> Result<Self> {
        Ok(Self {
            a: zeros(plan.a)?,
            up: Buffer::zeros(plan.up.map_or(0, |up| up.len()))?,
            v: Buffer::zeros(plan.v.len())?,
            dv: Buffer::zeros(plan.v.len())?,
            m_gates: Buffer::zeros(plan.m_gates.len())?,
            m_ahat: Buffer::zeros(plan.m_ahat.len())?,
            m_up: Buffer::zeros(plan.m_up.map_or(0, |m| m.len()))?,
            dr: zeros(plan.r)?,
            de: zeros(plan.e)?,
            dc: zeros(plan.a)?,
            cell: Cell::new(plan.r),
            units: ErrorUnits::new(plan.e, if layer == 0 { 1.0 } else { f32::MAX }),
        })
    }
}

impl Gradients {
    pub(super) fn new(shared: &Shared) -> Result<Self> {
        let zeros = |layout: &Layout| Buffer::zeros(layout.forward.len);
        let layer = |layouts: &LayerKernels<Layout>| {
            Ok(LayerKernels {
                gates: zeros(&layouts.gates)?,
                ahat: zeros(&layouts.ahat)?,
                a: layouts.a.as_ref().map(zeros).transpose()?,
                p: layouts.p.as_ref().map(zeros).transpose()?,
            })
        };
        let kernels = shared.layouts.iter().map(layer).collect::<Result<_>>()?;
        Ok(Self { kernels, list: vec![0.0; shared.list.len()] })
    }

    pub(super) fn clear(&mut self) {
        for layer in &mut self.kernels {
            layer.gates.fill(0.0);
            layer.ahat.fill(0.0);
            layer.a.iter_mut().chain(&mut layer.p).for_each(|kernels| kernels.fill(0.0));
        }
        self.list.fill(0.0);
    }
}

impl Worker {
    pub(super) fn new(shared: &Shared, first: usize, images: usize) -> Result<Self> {
        let plans = plan::layers(images, shared.steps, &shared.widths, shared.rows, shared.columns);
        let kept = |_| plans.iter().map(Kept::new).collect::<Result<Vec<_>>>();
        Ok(Self {
            first,
            images,
            kept: (0..shared.steps).map(kept).collect::<Result<_>>()?,
            desks: plans.iter().enumerate().map(|(l, plan)| Desk::new(plan, l)).collect::<Result<_>>()?,
            starts: plans.iter().map(Start::new).collect::<Result<_>>()?,
            begun: false,
            gradients: None,
            sums: vec![0.0; shared.steps * plans.len()],
            readout: shared.readout.then(|| Readout::new(&plans[0], shared.steps)).transpose()?,
            plans,
        })
    }

    /// The state that the last step left becomes the one before the first.
    pub(super) fn carry_on(&mut self) {
        let Some(last) = self.kept.last() else { return };
        for (start, kept) in self.starts.iter_mut().zip(last) {
            start.r.copy_from_slice(&kept.r);
            start.c.copy_from_slice(&kept.c);
            start.e.copy_from_slice(&kept.e);
        }
        self.begun = true;
    }

    /// The state before the first step is zero.
    pub(super) fn start_over(&mut self) {
        // R and E are not read then.
        self.starts.iter_mut().for_each(|start| start.c.fill(0.0));
        self.begun = false;
    }
}
