//! A step of the network on the CPU, in phases that all threads share.
//!
//! Representation and prediction do not depend on the coming frame ([`Engine::prepare`]), errors do
//! ([`Engine::observe`]): a seventh of the work is left when the frame arrives.

use std::fmt;
use std::time::Instant;

use parking_lot::Mutex;

use super::layer::{Arrays, Maps, PixelLayer, WideLayer};
use super::phases;
use crate::cpu::map::Grid;
use crate::cpu::memory::Buffer;
use crate::cpu::precision::Precision;
use crate::cpu::team::Team;
use crate::error::Result;
use crate::model::prednet::lesions::Lesions;
use crate::model::weights::NamedTensors;
use crate::units::PixelSize;

/// The network on the CPU.
#[derive(Debug)]
pub(super) struct Engine {
    pixels: PixelLayer,
    /// The layers above the pixels, from the bottom.
    wide: Vec<WideLayer>,
    team: Team,
    scratch: Vec<Mutex<Buffer>>,
    /// Whether representation and prediction of the next step are there.
    prepared: bool,
    /// Whether the points of the top layer's errors are out of date.
    top_errors_are_new: bool,
    profile: Vec<Part>,
}

impl Engine {
    /// Packs the weights of a network with so many channels per layer for frames of `size`.
    pub(super) fn new(
        tensors: &NamedTensors,
        widths: &[usize],
        size: PixelSize,
        threads: usize,
        precision: Precision,
    ) -> Result<Self> {
        let grid = |layer: usize| Grid::new(PixelSize::new(size.width >> layer, size.height >> layer));
        let arrays = |layer| Arrays { tensors, layer, widths, precision };
        let above = (widths.len() > 1).then(|| grid(1));
        let pixels = PixelLayer::new(arrays(0), grid(0), above)?;
        let wide = (1..widths.len()).map(|l| WideLayer::new(arrays(l), grid(l), threads));
        let scratch = (0..threads).map(|_| Buffer::zeros(pixels.scratch()).map(Mutex::new));
        Ok(Self {
            wide: wide.collect::<Result<_>>()?,
            scratch: scratch.collect::<Result<_>>()?,
            team: Team::new(threads)?,
            pixels,
            prepared: false,
            top_errors_are_new: false,
            profile: Vec::new(),
        })
    }

    /// Milliseconds of the last step, part by part.
    pub(super) fn profile(&self) -> &[Part] {
        &self.profile
    }

    /// All layers' maps, from the pixels up.
    pub(super) fn maps(&self) -> impl Iterator<Item = &Maps> {
        std::iter::once(&self.pixels.maps).chain(self.wide.iter().map(|layer| &layer.maps))
    }

    /// The same, to be set: [`Engine::state_was_set`] must follow.
    pub(super) fn maps_mut(&mut self) -> impl Iterator<Item = &mut Maps> {
        std::iter::once(&mut self.pixels.maps).chain(self.wide.iter_mut().map(|layer| &mut layer.maps))
    }

    /// Lets so many threads take part, at most as many as it was made for.
    pub(super) fn set_threads(&mut self, threads: usize) -> Result<()> {
        let threads = threads.clamp(1, self.scratch.len());
        if threads != self.team.threads() {
            self.team = Team::new(threads)?;
        }
        Ok(())
    }

    /// Forgets everything seen.
    pub(super) fn reset(&mut self) -> Result<()> {
        for maps in self.maps_mut() {
            for ring in maps.all() {
                ring.clear()?;
            }
        }
        self.state_was_set()
    }

    /// Whether [`Engine::prepare`] has nothing to do.
    pub(super) const fn is_prepared(&self) -> bool {
        self.prepared
    }

    /// Takes the state in `maps` as it is: their points are made anew.
    pub(super) fn state_was_set(&mut self) -> Result<()> {
        self.prepared = false;
        for layer in &mut self.wide {
            let (channels, r, e) = (layer.channels, layer.maps.r.now.clone(), layer.maps.e.now.clone());
            phases::patches(&mut self.team, layer.grid, layer.strip(0), &mut layer.points, &r)?;
            phases::patches(&mut self.team, layer.grid, layer.strip(channels), &mut layer.points, &e)?;
        }
        self.top_errors_are_new = false;
        Ok(())
    }

    /// Representation and prediction of the next step, from the top down.
    pub(super) fn prepare(&mut self, lesions: &Lesions) -> Result<()> {
        if self.prepared {
            return Ok(());
        }
        self.profile.clear();
        let layer = self.wide.len();
        if self.top_errors_are_new
            && let Some(top) = self.wide.last_mut()
        {
            let strip = top.strip(top.channels);
            timed(&mut self.profile, layer, "points of E", || {
                phases::patches(&mut self.team, top.grid, strip, &mut top.points, &top.maps.e.now)
            })?;
            self.top_errors_are_new = false;
        }
        for index in (0..self.wide.len()).rev() {
            self.represent(index, lesions)?;
        }
        self.represent_pixels(lesions)?;
        self.predict_pixels()?;
        self.prepared = true;
        Ok(())
    }

    /// `R` and `C` of a wide layer, its prediction, and the points that the layer below needs.
    fn represent(&mut self, index: usize, lesions: &Lesions) -> Result<()> {
        let (below, rest) = self.wide.split_at_mut(index);
        let Some(layer) = rest.first_mut() else { return Ok(()) };
        let (team, profile, l) = (&mut self.team, &mut self.profile, index + 1);
        let (ranges, count) = phases::gate_inputs(layer, lesions);
        let ranges = &ranges[..count];
        let strip = layer.strip(0);
        for band in 0..layer.gate_products.bands {
            timed(profile, l, "products of the gates", || phases::gate_products(team, layer, ranges, band))?;
            timed(profile, l, "R and C", || phases::gates(team, layer, band))?;
        }
        if lesions.silent(l) {
            layer.maps.r.open()?.values.fill(0.0);
        }
        let r = layer.maps.r.next();
        timed(profile, l, "points of R", || {
            phases::patches(team, layer.grid, strip, &mut layer.points, r)?;
            match (below.last_mut(), &mut self.pixels.above) {
                (Some(below), _) => phases::doubled_patches(team, below, r),
                (None, Some(planes)) => phases::spread(team, r, planes),
                (None, None) => Ok(()),
            }
        })?;
        for band in 0..layer.a_hat_products.bands {
            timed(profile, l, "products of Ahat", || phases::a_hat_products(team, layer, band))?;
            timed(profile, l, "Ahat", || phases::predictions(team, layer, band))?;
        }
        Ok(())
    }

    fn represent_pixels(&mut self, lesions: &Lesions) -> Result<()> {
        let Self { pixels, team, scratch, profile, .. } = self;
        timed(profile, 0, "R and C", || match pixels.gates.outputs {
            12 => phases::pixel_gates::<3, 12>(team, pixels, scratch, lesions),
            _ => phases::pixel_gates::<1, 4>(team, pixels, scratch, lesions),
        })?;
        if lesions.silent(0) {
            self.pixels.maps.r.open()?.values.fill(0.0);
        }
        Ok(())
    }

    fn predict_pixels(&mut self) -> Result<()> {
        let Self { pixels, team, scratch, profile, .. } = self;
        timed(profile, 0, "Ahat", || match pixels.a_hat.outputs {
            3 => phases::pixel_prediction::<3>(team, pixels, scratch),
            _ => phases::pixel_prediction::<1>(team, pixels, scratch),
        })
    }

    /// Errors of all layers, from the pixels up. `frame` is planar, 0..1; `None`: the prediction itself.
    pub(super) fn observe(&mut self, frame: Option<&[f32]>, lesions: &Lesions) -> Result<()> {
        self.prepare(lesions)?;
        for maps in self.maps_mut() {
            maps.a_hat.commit();
            maps.r.commit();
            maps.c.commit();
        }
        let Self { pixels, team, scratch, profile, wide, .. } = self;
        timed(profile, 0, "E", || phases::pixel_errors(team, pixels, frame))?;
        if lesions.silent(0) {
            pixels.maps.e.open()?.values.fill(0.0);
        }
        pixels.maps.commit_errors();
        if let Some(first) = wide.first_mut() {
            timed(profile, 1, "A and E", || phases::pixel_pass_up(team, pixels, first, scratch))?;
        }
        for index in 0..wide.len() {
            let (layers, above) = wide.split_at_mut(index + 1);
            let Some(layer) = layers.last_mut() else { continue };
            let l = index + 1;
            if lesions.silent(l) {
                layer.maps.e.open()?.values.fill(0.0);
            }
            layer.maps.commit_errors();
            let Some(above) = above.first_mut() else { continue };
            let strip = layer.strip(layer.channels);
            timed(profile, l, "points of E", || {
                phases::patches(team, layer.grid, strip, &mut layer.points, &layer.maps.e.now)
            })?;
            for band in 0..layer.gate_products.bands {
                timed(profile, l + 1, "products of A", || phases::pass_up_products(team, layer, band))?;
                timed(profile, l + 1, "A and E", || phases::pass_up(team, layer, above, band))?;
            }
        }
        self.top_errors_are_new = true;
        self.prepared = false;
        Ok(())
    }
}

/// A part of a step and what it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    layer: usize,
    what: &'static str,
    pub(super) took_ms: f64,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}: {}", self.layer, self.what)
    }
}

/// Does a part of the step and adds what it took; bands add up.
fn timed<T>(profile: &mut Vec<Part>, layer: usize, what: &'static str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    let took_ms = begun.elapsed().as_secs_f64() * 1e3;
    match profile.iter_mut().find(|part| part.layer == layer && part.what == what) {
        Some(part) => part.took_ms += took_ms,
        None => profile.push(Part { layer, what, took_ms }),
    }
    done
}
