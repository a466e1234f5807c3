//! One condition of an illusion as frames for a network, with the regions that are measured.

use super::number::Scale;
use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::raster::{Program, View};
use crate::param::ParamValues;
use crate::readout::flow::Method;
use crate::stimulus::illusion::measure::{Measure, Measured};
use crate::stimulus::illusion::{Illusion, Quantity, Showing, compose};
use crate::units::{FieldDeg, PixelSize};

/// Samples per pixel and side, as in the window.
const SAMPLES: u32 = 4;
/// How long is measured after the start, where the card does not say, in seconds.
const MEASURED_S: f64 = 2.0;
/// How often a picture that stands still is shown before the network goes on by itself (Kobayashi, Kitaoka, Kosaka,
/// Tanaka & Watanabe 2022 show it 20 times).
pub(super) const STILL_FRAMES: usize = 20;

/// What is measured and what it is compared with, drawn.
#[derive(Debug)]
pub struct Regions {
    program: Program,
}

impl Regions {
    /// Those of an illusion that has been validated; `None` where the whole picture counts.
    ///
    /// # Errors
    /// [`Kind::Illusion`] when the driver refuses the shader.
    pub fn new(gpu: &Gpu, illusion: &Illusion) -> Result<Option<Self>> {
        let text = compose::compose_region(illusion);
        text.map(|text| Ok(Self { program: Program::new(gpu, &text)? })).transpose()
    }

    /// The weights of both, one per pixel, row-major.
    ///
    /// # Errors
    /// [`Kind::Gpu`] when the device fails.
    pub fn planes(&self, view: &View, params: &[f32]) -> Result<[Vec<f32>; 2]> {
        let area = view.size.area();
        let mut inside = self.program.render_planes(view, params)?;
        let mut beside = inside.split_off(area.min(inside.len()));
        beside.truncate(area);
        Ok([inside, beside])
    }
}

/// An illusion compiled, picture and regions.
pub(super) struct Lens<'a> {
    pub(super) illusion: &'a Illusion,
    pub(super) measure: Measure,
    /// Values of parameters that are not their defaults.
    pub(super) values: ParamValues,
    picture: Program,
    regions: Option<Regions>,
    method: Method,
}

/// What is shown to a network under one condition.
pub struct Film {
    /// What the numbers are measured on.
    pub scale: Scale,
    /// sRGB-coded planes, one after the other; a single one where nothing moves.
    pub frames: Vec<Vec<f32>>,
    /// Weight of what is measured and of what it is compared with, per frame; empty: the whole picture counts.
    pub regions: Vec<[Vec<f32>; 2]>,
    /// The frames that count.
    pub counted: std::ops::Range<usize>,
}

impl Film {
    /// Whether one picture stands all the time.
    #[must_use]
    pub fn is_still(&self) -> bool {
        self.frames.len() == 1
    }
}

/// How one condition is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    pub(super) control: bool,
    pub(super) mirror: bool,
    pub(super) seed: u32,
    /// Shift of the whole picture, in pixels.
    pub(super) shift_px: [f32; 2],
}

impl<'a> Lens<'a> {
    pub(super) fn new(gpu: &Gpu, illusion: &'a Illusion, method: Method) -> Result<Self> {
        let measure = illusion.card.measure.clone().ok_or_else(|| {
            Error::new(Kind::Usage, format!("the card of {} does not say what is measured", illusion.slug))
                .advise("Add measure = { of = \"...\" } to it")
        })?;
        compose::validate(illusion)?;
        let picture = Program::new(gpu, &compose::compose(illusion))?;
        let values = ParamValues::default();
        Ok(Self { illusion, measure, values, picture, regions: Regions::new(gpu, illusion)?, method })
    }

    /// Whether anything in it is random, so that seeds stand for places.
    pub(super) fn is_random(&self) -> bool {
        ["hash(", "noise(", "view.seed"].iter().any(|word| self.illusion.wgsl.contains(word))
    }

    pub(super) fn film(&self, condition: Condition, size: PixelSize, rate_hz: f64) -> Result<Film> {
        let Condition { control, mirror, seed, .. } = condition;
        let showing = Showing { values: self.values.clone(), control, mirror, seed };
        let params = self.illusion.uniform_values(&showing);
        let field = FieldDeg::of(size, self.illusion.card.field_deg);
        let pixel_deg = field.width_deg / f64::from(size.width.max(1));
        let view = |time_s| View {
            jitter_deg: condition.shift_px.map(|shift| shift * pixel_deg as f32),
            ..self.illusion.view(&showing, size, time_s, SAMPLES)
        };
        let is_still = self.picture.is_still(&params);
        let from_s = self.measure.from_s;
        let to_s = self.measure.to_s.unwrap_or(from_s + MEASURED_S);
        let last = ((to_s * rate_hz).ceil() as usize).max(2);
        // The first frame has nothing before it.
        let first = ((from_s * rate_hz - 1e-6).ceil() as usize).clamp(1, last - 1);
        let count = if is_still { 1 } else { last };
        let mut frames = Vec::with_capacity(count);
        let mut regions = Vec::new();
        for number in 0..count {
            let view = view(number as f64 / rate_hz);
            frames.push(self.picture.render_planes(&view, &params)?);
            if let Some(drawn) = &self.regions {
                regions.push(drawn.planes(&view, &params)?);
            }
        }
        // What moves only when it is told to stands still as well.
        let is_still = is_still || frames.iter().skip(1).all(|frame| Some(frame) == frames.first());
        if is_still {
            frames.truncate(1);
            regions.truncate(1);
        }
        let counted = if is_still { 0..1 } else { first..last };
        let frequency_cpd = frequency_cpd(self.illusion, &showing);
        let scale = Scale { size, pixel_deg, frequency_cpd, mirror: condition.mirror, method: self.method };
        Ok(Film { scale, frames, regions, counted })
    }
}

/// Spatial frequency of the grating whose phase the card asks for, as it is shown, in cycles per degree.
#[must_use]
pub fn frequency_cpd(illusion: &Illusion, showing: &Showing) -> Option<f64> {
    let measure = illusion.card.measure.as_ref().filter(|measure| measure.of == Measured::Phase)?;
    match measure.frequency.as_ref()? {
        Quantity::Number(cpd) => Some(*cpd),
        Quantity::Param(name) => {
            let param = illusion.card.params.iter().find(|param| param.name == *name)?;
            Some(illusion.effective(showing).get(param))
        }
    }
}
