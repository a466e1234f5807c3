//! The phases of a step: which task writes which rows, and what it reads.

use std::ops::Range;

use parking_lot::Mutex;

use crate::cpu::chunks::Chunks;
use crate::cpu::direct::PixelPassUp;
use crate::cpu::gemm::Product;
use crate::cpu::map::{Grid, Map, TILE};
use crate::cpu::memory::Buffer;
use crate::cpu::pixels::{self, PixelErrors, PixelGates, PixelPrediction, Spread};
use crate::cpu::simd::dispatch;
use crate::cpu::team::Team;
use crate::cpu::wide::{DoubledPatches, Errors, Gates, PassUp, Patches, Predictions, Strip};
use crate::cpu::winograd::{POINTS, is_silent};
use crate::error::Result;
use crate::model::prednet::cpu::layer::{Convolution, PixelLayer, WideLayer, Workspace};
use crate::model::prednet::lesions::Lesions;

/// Which of the inputs `[R, E, doubled R above]` the gates hear, joined where they touch, and how many pieces
/// that makes; without any, an empty one.
pub(super) fn gate_inputs(layer: &WideLayer, lesions: &Lesions) -> ([Range<usize>; 3], usize) {
    let c = layer.channels;
    let parts = [0..c, c..3 * c, 3 * c..3 * c + layer.above];
    let off = [lesions.lateral, lesions.error, lesions.feedback];
    let mut ranges = [0..0, 0..0, 0..0];
    let mut count = 0;
    for (part, _) in parts.into_iter().zip(off).filter(|(_, off)| !off) {
        if count > 0 && ranges[count - 1].end == part.start {
            ranges[count - 1].end = part.end;
        } else {
            ranges[count] = part;
            count += 1;
        }
    }
    (ranges, count.max(1))
}

pub(super) fn patches(
    team: &mut Team,
    grid: Grid,
    strip: Strip,
    points: &mut Buffer,
    source: &Map,
) -> Result<()> {
    let chunks = Chunks::new(points, strip.len());
    team.each(grid.down(), |_, row| {
        if let Some(points) = chunks.take(row) {
            dispatch(Patches { source, row, strip, points });
        }
    })
}

pub(super) fn doubled_patches(team: &mut Team, below: &mut WideLayer, source: &Map) -> Result<()> {
    let strip = below.strip(3 * below.channels);
    let chunks = Chunks::new(&mut below.points, strip.len());
    team.each(below.grid.down(), |_, row| {
        if let Some(points) = chunks.take(row) {
            dispatch(DoubledPatches { source, row, strip, points });
        }
    })
}

pub(super) fn spread(team: &mut Team, source: &Map, planes: &mut Map) -> Result<()> {
    let layout = planes.layout;
    let chunks = Chunks::new(&mut planes.values[layout.row..], layout.row);
    team.each(layout.grid.height, |_, y| {
        if let Some(planes) = chunks.take(y) {
            Spread { source, layout, y, planes }.run();
        }
    })
}

/// What is multiplied: these inputs of the points of all tiles, and a convolution's kernels.
struct Operands<'a> {
    points: &'a [f32],
    strip: Strip,
    inputs: &'a [Range<usize>],
    convolution: &'a Convolution,
}

/// One product per point and part of a band of tiles, the long ones first.
fn multiply(
    team: &mut Team,
    grid: Grid,
    band: usize,
    operands: &Operands<'_>,
    workspace: &mut Workspace,
) -> Result<()> {
    let Operands { points, strip, inputs, convolution } = *operands;
    let (parts, rows, across) = (workspace.parts, workspace.rows, grid.across());
    let band = workspace.band(band, grid);
    let piece = workspace.piece(grid, convolution.weights.outputs);
    let chunks = Chunks::new(&mut workspace.values, piece);
    team.each(POINTS * parts, |_, task| {
        let (point, part) = (in_order(task / parts), task % parts);
        let first = band.start + part * rows;
        // The last band may end before its last part begins.
        let rows = rows.min(band.end.saturating_sub(first));
        if rows > 0
            && let Some(c) = chunks.take(point * parts + part)
        {
            dispatch(Product {
                weights: &convolution.weights,
                point,
                a: points,
                blocks: (first * strip.len() + point * across * strip.inputs + strip.offset, strip.len()),
                tiles: (rows, across),
                stride: strip.inputs,
                inputs,
                c,
            });
        }
    })
}

pub(super) fn gate_products(
    team: &mut Team,
    layer: &mut WideLayer,
    inputs: &[Range<usize>],
    band: usize,
) -> Result<()> {
    let (points, strip, convolution) = (&layer.points[..], layer.strip(0), &layer.gates);
    let operands = Operands { points, strip, inputs, convolution };
    multiply(team, layer.grid, band, &operands, &mut layer.gate_products)
}

pub(super) fn a_hat_products(team: &mut Team, layer: &mut WideLayer, band: usize) -> Result<()> {
    let inputs = &[0..layer.channels];
    let (points, strip, convolution) = (&layer.points[..], layer.strip(0), &layer.a_hat);
    let operands = Operands { points, strip, inputs, convolution };
    multiply(team, layer.grid, band, &operands, &mut layer.a_hat_products)
}

/// The points that a doubled map makes long, then the others.
pub(super) fn in_order(task: usize) -> usize {
    const ORDER: [usize; POINTS] = {
        let (mut order, mut next, mut point) = ([0; POINTS], 0, 0);
        while point < 2 * POINTS {
            if is_silent(point % POINTS) == (point >= POINTS) {
                order[next] = point % POINTS;
                next += 1;
            }
            point += 1;
        }
        order
    };
    ORDER[task]
}

pub(super) fn gates(team: &mut Team, layer: &mut WideLayer, band: usize) -> Result<()> {
    let grid = layer.grid;
    let products = layer.gate_products.products(grid, 4 * layer.channels);
    let (old_cell, bias) = (layer.maps.c.now.clone(), &layer.gates.bias);
    let row_len = old_cell.layout.row;
    let cells = Chunks::new(&mut layer.maps.c.open()?.values[row_len..], TILE * row_len);
    let rs = Chunks::new(&mut layer.maps.r.open()?.values[row_len..], TILE * row_len);
    let band = layer.gate_products.band(band, grid);
    team.each(band.len(), |_, products_row| {
        let row = band.start + products_row;
        if let (Some(cell), Some(r)) = (cells.take(row), rs.take(row)) {
            dispatch(Gates { products, bias, old_cell: &old_cell, row, products_row, cell, r });
        }
    })
}

pub(super) fn predictions(team: &mut Team, layer: &mut WideLayer, band: usize) -> Result<()> {
    let grid = layer.grid;
    let products = layer.a_hat_products.products(grid, layer.channels);
    let bias = &layer.a_hat.bias;
    let map = layer.maps.a_hat.open()?;
    let row_len = map.layout.row;
    let rows = Chunks::new(&mut map.values[row_len..], TILE * row_len);
    let band = layer.a_hat_products.band(band, grid);
    team.each(band.len(), |_, products_row| {
        let row = band.start + products_row;
        if let Some(a_hat) = rows.take(row) {
            dispatch(Predictions { products, bias, grid, row, products_row, a_hat });
        }
    })
}

pub(super) fn pass_up_products(team: &mut Team, layer: &mut WideLayer, band: usize) -> Result<()> {
    let Some(convolution) = &layer.pass_up else { return Ok(()) };
    let inputs = &[0..2 * layer.channels];
    let (points, strip) = (&layer.points[..], layer.strip(layer.channels));
    let operands = Operands { points, strip, inputs, convolution };
    multiply(team, layer.grid, band, &operands, &mut layer.gate_products)
}

pub(super) fn pass_up(team: &mut Team, layer: &WideLayer, above: &mut WideLayer, band: usize) -> Result<()> {
    let Some(convolution) = &layer.pass_up else { return Ok(()) };
    let products = layer.gate_products.products(layer.grid, convolution.weights.outputs);
    let a_hat = above.maps.a_hat.now.clone();
    let row_len = a_hat.layout.row;
    let (a, e) = above.maps.open_errors()?;
    let (a, e) = (
        Chunks::new(&mut a.values[row_len..], 2 * row_len),
        Chunks::new(&mut e.values[2 * row_len..], 4 * row_len),
    );
    let band = layer.gate_products.band(band, layer.grid);
    team.each(band.len(), |_, products_row| {
        let row = band.start + products_row;
        if let (Some(a), Some(e)) = (a.take(row), e.take(row)) {
            let bias = &convolution.bias;
            let errors = Errors::new(&a_hat, row, a, e);
            dispatch(PassUp { products, bias, products_row, errors });
        }
    })
}

pub(super) type Scratch = [Mutex<Buffer>];

pub(super) fn pixel_gates<const C: usize, const O: usize>(
    team: &mut Team,
    pixels: &mut PixelLayer,
    scratch: &Scratch,
    lesions: &Lesions,
) -> Result<()> {
    let maps = &mut pixels.maps;
    let (old_cell, old_r, old_e) = (maps.c.now.clone(), maps.r.now.clone(), maps.e.now.clone());
    let own = [((!lesions.lateral).then_some(&*old_r), C), ((!lesions.error).then_some(&*old_e), 2 * C)];
    let doubled = pixels.above.as_ref().filter(|_| !lesions.feedback);
    let convolution = pixels::Convolution {
        kernels: &pixels.gates,
        bias: &pixels.gate_bias,
        own: &own,
        doubled,
        ahead: team.threads(),
    };
    let row_len = old_cell.layout.row;
    let cells = Chunks::new(&mut maps.c.open()?.values[row_len..], TILE * row_len);
    let rs = Chunks::new(&mut maps.r.open()?.values[row_len..], TILE * row_len);
    let mask = &pixels.mask;
    team.each(pixels.grid.down(), |worker, row| {
        if let (Some(cell), Some(r)) = (cells.take(row), rs.take(row)) {
            let scratch = &mut scratch[worker].lock();
            dispatch(PixelGates::<C, O> { convolution, old_cell: &old_cell, mask, row, cell, r, scratch });
        }
    })
}

pub(super) fn pixel_prediction<const C: usize>(
    team: &mut Team,
    pixels: &mut PixelLayer,
    scratch: &Scratch,
) -> Result<()> {
    let own = [(Some(&**pixels.maps.r.next()), C)];
    let convolution = pixels::Convolution {
        kernels: &pixels.a_hat,
        bias: &pixels.a_hat_bias,
        own: &own,
        doubled: None,
        ahead: 0,
    };
    let map = pixels.maps.a_hat.open()?;
    let layout = map.layout;
    let rows = Chunks::new(&mut map.values[layout.row..], TILE * layout.row);
    let mask = &pixels.mask;
    team.each(pixels.grid.down(), |worker, row| {
        if let Some(a_hat) = rows.take(row) {
            let scratch = &mut scratch[worker].lock();
            dispatch(PixelPrediction::<C> { convolution, mask, layout, row, a_hat, scratch });
        }
    })
}

pub(super) fn pixel_errors(team: &mut Team, pixels: &mut PixelLayer, frame: Option<&[f32]>) -> Result<()> {
    let a_hat = pixels.maps.a_hat.now.clone();
    let row_len = a_hat.layout.row;
    let (a, e) = pixels.maps.open_errors()?;
    let a = Chunks::new(&mut a.values[row_len..], TILE * row_len);
    let e = Chunks::new(&mut e.values[2 * row_len..], 2 * TILE * row_len);
    team.each(pixels.grid.down(), |_, row| {
        if let (Some(a), Some(e)) = (a.take(row), e.take(row)) {
            dispatch(PixelErrors { frame, a_hat: &a_hat, row, a, e });
        }
    })
}

pub(super) fn pixel_pass_up(
    team: &mut Team,
    pixels: &PixelLayer,
    above: &mut WideLayer,
    scratch: &Scratch,
) -> Result<()> {
    let Some(kernels) = &pixels.pass_up else { return Ok(()) };
    let a_hat = above.maps.a_hat.now.clone();
    let row_len = a_hat.layout.row;
    let (a, e) = above.maps.open_errors()?;
    let a = Chunks::new(&mut a.values[row_len..], 2 * row_len);
    let e = Chunks::new(&mut e.values[2 * row_len..], 4 * row_len);
    team.each(pixels.grid.down(), |worker, row| {
        if let (Some(a), Some(e)) = (a.take(row), e.take(row)) {
            let (errors, above) = (&pixels.maps.e.now, Errors::new(&a_hat, row, a, e));
            let scratch = &mut scratch[worker].lock();
            dispatch(PixelPassUp { kernels, errors, row, above, scratch });
        }
    })
}
