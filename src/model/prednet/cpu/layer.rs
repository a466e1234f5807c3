//! A layer's packed weights, its maps and its working memory.

use std::ops::Range;

use crate::cpu::direct::{DirectKernels, PixelPassUp};
use crate::cpu::gemm::Packed;
use crate::cpu::map::{Grid, Layout, Map, TILE, padded};
use crate::cpu::memory::Buffer;
use crate::cpu::pixels::PixelKernels;
use crate::cpu::precision::Precision;
use crate::cpu::simd::LANES;
use crate::cpu::wide::{Products, Strip};
use crate::cpu::winograd::POINTS;
use crate::error::{Error, Kind, Result};
use crate::model::prednet::cpu::ring::Ring;
use crate::model::prednet::gates::GATES;
use crate::model::weights::NamedTensors;

/// Products that a workspace holds at most, if a row of tiles is not more: they should still be in the caches when they
/// are read.
const MOST_PRODUCTS: usize = 1_150_000;

/// Values between two parts of a workspace.
const APART: usize = 3 * LANES;

/// An array of each gate.
type Four<'a> = [&'a [f32]; 4];

/// The maps that every layer has.
#[derive(Debug)]
pub(super) struct Maps {
    pub(super) a: Ring,
    pub(super) a_hat: Ring,
    pub(super) e: Ring,
    pub(super) r: Ring,
    pub(super) c: Ring,
}

impl Maps {
    fn new(one: Layout, errors: Layout) -> Result<Self> {
        let ring = || Ring::new(one);
        Ok(Self { a: ring()?, a_hat: ring()?, e: Ring::new(errors)?, r: ring()?, c: ring()? })
    }

    /// What came and the errors, to be written.
    pub(super) fn open_errors(&mut self) -> Result<(&mut Map, &mut Map)> {
        Ok((self.a.open()?, self.e.open()?))
    }

    /// What came and the errors are as they were written.
    pub(super) const fn commit_errors(&mut self) {
        self.a.commit();
        self.e.commit();
    }

    pub(super) fn all(&mut self) -> [&mut Ring; 5] {
        [&mut self.a, &mut self.a_hat, &mut self.e, &mut self.r, &mut self.c]
    }
}

/// A convolution of a wide layer.
#[derive(Debug)]
pub(super) struct Convolution {
    pub(super) weights: Packed,
    pub(super) bias: Vec<f32>,
}

/// The products of a convolution at all points of a band of tiles.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) values: Buffer,
    /// Parts into which a point's tiles are split, so that there are enough tasks for all threads.
    pub(super) parts: usize,
    /// Rows of tiles in a part.
    pub(super) rows: usize,
    /// Bands, worked through one after the other.
    pub(super) bands: usize,
}

impl Workspace {
    /// Values from one part to the next. The few that nobody uses keep the points of a tile from falling on the
    /// same few lines of the cache.
    pub(super) fn piece(&self, grid: Grid, outputs: usize) -> usize {
        self.rows * grid.across() * outputs + APART
    }

    /// The rows of tiles in a band.
    pub(super) fn band(&self, band: usize, grid: Grid) -> Range<usize> {
        let each = self.parts * self.rows;
        band * each..grid.down().min((band + 1) * each)
    }

    /// The products of a convolution with so many outputs.
    pub(super) fn products(&self, grid: Grid, outputs: usize) -> Products<'_> {
        let piece = self.piece(grid, outputs);
        let (point, part) = (self.parts * piece, (self.rows, piece));
        Products { values: &self.values, point, part, across: grid.across(), outputs }
    }
}

/// A layer above the pixels.
#[derive(Debug)]
pub(super) struct WideLayer {
    pub(super) grid: Grid,
    /// Channels, padded.
    pub(super) channels: usize,
    /// Channels of the layer above, padded; 0 at the top.
    pub(super) above: usize,
    pub(super) gates: Convolution,
    pub(super) a_hat: Convolution,
    /// From the errors to what the layer above gets.
    pub(super) pass_up: Option<Convolution>,
    /// The points of `R`, `E` and the doubled `R` above, row of tiles by row of tiles.
    pub(super) points: Buffer,
    pub(super) gate_products: Workspace,
    pub(super) a_hat_products: Workspace,
    pub(super) maps: Maps,
}

/// The layer at the pixels.
#[derive(Debug)]
pub(super) struct PixelLayer {
    pub(super) grid: Grid,
    pub(super) gates: PixelKernels,
    pub(super) gate_bias: Vec<f32>,
    pub(super) a_hat: PixelKernels,
    pub(super) a_hat_bias: Vec<f32>,
    pub(super) pass_up: Option<DirectKernels>,
    /// `R` of the layer above in planes.
    pub(super) above: Option<Map>,
    pub(super) mask: Vec<f32>,
    pub(super) maps: Maps,
}

/// Arrays by name, as in the authors' files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrays<'a> {
    pub(super) tensors: &'a NamedTensors,
    pub(super) layer: usize,
    pub(super) widths: &'a [usize],
    pub(super) precision: Precision,
}

impl<'a> Arrays<'a> {
    fn width(&self) -> usize {
        self.widths[self.layer]
    }

    fn above(&self) -> usize {
        self.widths.get(self.layer + 1).copied().unwrap_or(0)
    }

    fn find(&self, name: &str, part: &str, count: usize) -> Result<&'a [f32]> {
        let name = format!("layer_{name}_{}.{part}", self.layer);
        let found = self.tensors.get(&name).map(|tensor| tensor.values.as_slice());
        found.filter(|values| values.len() == count).ok_or_else(|| {
            Error::new(Kind::Mismatch, format!("{name} is missing or does not have {count} values"))
        })
    }

    /// The gates' kernels and biases, `from` inputs each.
    fn gates(&self) -> Result<(Four<'a>, Four<'a>)> {
        let (width, from) = (self.width(), 3 * self.width() + self.above());
        let (mut kernels, mut biases) = ([&[][..]; 4], [&[][..]; 4]);
        for (gate, (name, ..)) in GATES.iter().enumerate() {
            kernels[gate] = self.find(name, "weight", width * from * 9)?;
            biases[gate] = self.find(name, "bias", width)?;
        }
        Ok((kernels, biases))
    }

    /// A convolution of inputs in `groups` of `from` channels, each padded to `each`, to `to` outputs.
    fn convolution(
        &self,
        name: &str,
        groups: usize,
        from: usize,
        to: usize,
        each: usize,
    ) -> Result<Convolution> {
        let kernels = self.find(name, "weight", to * groups * from * 9)?;
        let bias = self.find(name, "bias", to)?;
        let weights = Packed::new(groups * each, 0, padded(to), self.precision, |output, input| {
            let (group, channel) = (input / each, input % each);
            let inside = output < to && channel < from;
            inside.then(|| taps(kernels, output * groups * from + group * from + channel, 1.0))
        })?;
        let mut padded_bias = vec![0.0; padded(to)];
        padded_bias[..to].copy_from_slice(bias);
        Ok(Convolution { weights, bias: padded_bias })
    }

    /// As [`Arrays::pass_up`], for the few channels at the pixels.
    fn direct_pass_up(&self) -> Result<Option<DirectKernels>> {
        let (inputs, above) = (2 * self.width(), self.above());
        if above == 0 {
            return Ok(None);
        }
        let kernels = self.find("a", "weight", above * inputs * 9)?;
        let bias = self.find("a", "bias", above)?;
        DirectKernels::new(inputs, bias, |output, input| taps(kernels, output * inputs + input, 1.0))
            .map(Some)
    }

    fn pass_up(&self, each: usize) -> Result<Option<Convolution>> {
        let above = self.above();
        (above > 0).then(|| self.convolution("a", 2, self.width(), above, each)).transpose()
    }
}

fn taps(kernels: &[f32], index: usize, slope: f32) -> [f32; 9] {
    std::array::from_fn(|tap| slope * kernels.get(9 * index + tap).copied().unwrap_or(0.0))
}

impl WideLayer {
    /// A layer of a network whose products are shared by `threads` threads.
    pub(super) fn new(arrays: Arrays<'_>, grid: Grid, threads: usize) -> Result<Self> {
        let (width, above) = (arrays.width(), arrays.above());
        let channels = padded(width);
        let above_padded = if above > 0 { padded(above) } else { 0 };
        let inputs = 3 * channels + above_padded;
        let gates = pack_gates(&arrays, inputs, above_padded)?;
        let pass_up = arrays.pass_up(channels)?;
        let strip = Strip { tiles: grid.across(), inputs, offset: 0 };
        let outputs = (4 * channels).max(above_padded);
        let layout = Layout::wide(grid, width, 1);
        Ok(Self {
            grid,
            channels,
            above: above_padded,
            gates,
            a_hat: arrays.convolution("ahat", 1, width, width, channels)?,
            pass_up,
            points: Buffer::zeros(strip.len() * grid.down())?,
            gate_products: Workspace::new(grid, outputs, threads)?,
            a_hat_products: Workspace::new(grid, channels, threads)?,
            maps: Maps::new(layout, Layout::wide(grid, width, 2))?,
        })
    }

    /// Where the inputs from `offset` on have their points.
    pub(super) fn strip(&self, offset: usize) -> Strip {
        Strip { tiles: self.grid.across(), inputs: 3 * self.channels + self.above, offset }
    }
}

impl Workspace {
    fn new(grid: Grid, outputs: usize, threads: usize) -> Result<Self> {
        let row = POINTS * grid.across() * outputs;
        let bands = grid.down().div_ceil((MOST_PRODUCTS / row).max(1));
        let band = grid.down().div_ceil(bands);
        let rows = band.div_ceil(threads.div_ceil(4).max(1));
        let parts = band.div_ceil(rows);
        let bands = grid.down().div_ceil(parts * rows);
        Ok(Self {
            values: Buffer::zeros(POINTS * parts * (rows * grid.across() * outputs + APART))?,
            parts,
            rows,
            bands,
        })
    }
}

fn pack_gates(arrays: &Arrays<'_>, inputs: usize, doubled: usize) -> Result<Convolution> {
    let (width, above) = (arrays.width(), arrays.above());
    let (channels, from) = (padded(width), 3 * width + above);
    let (kernels, biases) = arrays.gates()?;
    let weights = Packed::new(inputs, doubled, 4 * channels, arrays.precision, |output, input| {
        let (gate, to) = (output / channels, output % channels);
        let (group, channel) = ((input / channels).min(3), input - (input / channels).min(3) * channels);
        let inside = to < width && channel < if group == 3 { above } else { width };
        inside.then(|| taps(kernels[gate], to * from + group * width + channel, GATES[gate].1))
    })?;
    let mut bias = vec![0.0; 4 * channels];
    for (gate, values) in biases.into_iter().enumerate() {
        for (to, value) in values.iter().enumerate() {
            bias[gate * channels + to] = GATES[gate].1 * value + GATES[gate].2;
        }
    }
    Ok(Convolution { weights, bias })
}

impl PixelLayer {
    /// The layer at the pixels; `above` is the grid of the layer above.
    pub(super) fn new(arrays: Arrays<'_>, grid: Grid, above: Option<Grid>) -> Result<Self> {
        let (width, from) = (arrays.width(), 3 * arrays.width() + arrays.above());
        let (kernels, biases) = arrays.gates()?;
        let gates = PixelKernels::new(3 * width, arrays.above(), 4 * width, |output, input| {
            let (gate, to) = (output / width, output % width);
            taps(kernels[gate], to * from + input, GATES[gate].1)
        });
        let bias = |gate: usize| biases[gate].iter().map(move |b| GATES[gate].1 * b + GATES[gate].2);
        let a_hat = arrays.find("ahat", "weight", width * width * 9)?;
        let layout = Layout::planes(grid, width, 2);
        let planes = |grid| Map::zeros(Layout::planes(grid, arrays.above(), 1));
        Ok(Self {
            grid,
            gates,
            gate_bias: (0..GATES.len()).flat_map(bias).collect(),
            a_hat: PixelKernels::new(width, 0, width, |to, from| taps(a_hat, to * width + from, 1.0)),
            a_hat_bias: arrays.find("ahat", "bias", width)?.to_vec(),
            pass_up: arrays.direct_pass_up()?,
            above: above.map(planes).transpose()?,
            mask: mask(&layout),
            maps: Maps::new(layout, Layout::planes(grid, 2 * width, 2))?,
        })
    }

    /// Values of scratch that its convolutions need.
    pub(super) fn scratch(&self) -> usize {
        let errors = self.maps.e.now.layout.channels;
        let up = PixelPassUp::scratch_len(errors, self.grid.across());
        self.gates.scratch().max(self.a_hat.scratch()).max(up)
    }
}

/// 1 where a tile's column is on the map, phase by phase.
fn mask(layout: &Layout) -> Vec<f32> {
    let mut mask = vec![0.0; TILE * layout.phase + LANES];
    for x in 0..layout.grid.width {
        mask[x % TILE * layout.phase + x / TILE] = 1.0;
    }
    mask
}
