//! An illusion made ready to be drawn and measured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use percept::frame::NetworkFrame;
use percept::gpu::Gpu;
use percept::gpu::raster::{Program, View};
use percept::stimulus::illusion::{Illusion, Origin, Showing, catalogue, compose, parse};
use percept::units::PixelSize;

pub(crate) const NETWORK: PixelSize = PixelSize::new(80, 64);

pub(crate) fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| Gpu::headless().expect("these tests need an adapter; Mesa's software one will do"))
}

/// Compiled once for all tests: compiling takes much longer than drawing.
pub(crate) fn compiled(text: &str) -> Arc<Program> {
    static PROGRAMS: OnceLock<Mutex<HashMap<String, Arc<Program>>>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(Mutex::default);
    if let Some(program) = programs.lock().unwrap().get(text) {
        return Arc::clone(program);
    }
    let program = Arc::new(Program::new(gpu(), text).unwrap());
    Arc::clone(programs.lock().unwrap().entry(text.to_owned()).or_insert(program))
}

/// An illusion with some of its parameters set, at a size.
pub(crate) struct Drawn {
    pub illusion: Illusion,
    pub program: Arc<Program>,
    pub showing: Showing,
    pub size: PixelSize,
    pub samples: u32,
    pub jitter_deg: [f32; 2],
}

impl Drawn {
    pub(crate) fn of(illusion: Illusion) -> Self {
        let program = compiled(&compose::compose(&illusion));
        let showing = Showing { seed: 7, ..Showing::default() };
        Self { illusion, program, showing, size: NETWORK, samples: 4, jitter_deg: [0.0; 2] }
    }

    pub(crate) fn new(slug: &str, set: &[(&str, f64)]) -> Self {
        let mut drawn = Self::of(catalogue::find(&catalogue::built_in(), slug).unwrap().clone());
        drawn.set(set);
        drawn
    }

    /// An illusion that is nothing but this WGSL.
    pub(crate) fn of_code(code: &str) -> Self {
        let text = format!(
            "/*---\nname = \"x\"\nfamily = \"x\"\npercept = \"x\"\nreadout = \"flow\"\n---*/\n{code}"
        );
        let illusion = parse::parse("x", &text, Origin::BuiltIn).unwrap();
        compose::validate(&illusion).unwrap();
        Self::of(illusion)
    }

    pub(crate) fn set(&mut self, values: &[(&str, f64)]) {
        for (name, value) in values {
            self.showing.values.set(&self.illusion.card.params, name, *value).unwrap();
        }
    }

    pub(crate) fn control(mut self) -> Self {
        self.showing.control = true;
        self
    }

    pub(crate) fn view(&self, time_s: f64) -> View {
        let view = self.illusion.view(&self.showing, self.size, time_s, self.samples);
        View { jitter_deg: self.jitter_deg, ..view }
    }

    pub(crate) fn params(&self) -> Vec<f32> {
        self.illusion.uniform_values(&self.showing)
    }

    pub(crate) fn frame(&self, time_s: f64) -> NetworkFrame {
        let planes = self.program.render_planes(&self.view(time_s), &self.params()).unwrap();
        NetworkFrame { size: self.size, planes }
    }

    /// Luminance in linear light of every pixel.
    pub(crate) fn light(&self, time_s: f64) -> Light {
        let frame = self.frame(time_s);
        let area = frame.size.area();
        let of = |channel: usize, pixel: usize| linear(frame.planes[channel * area + pixel]);
        let values = (0..area).map(|i| 0.2126 * of(0, i) + 0.7152 * of(1, i) + 0.0722 * of(2, i)).collect();
        let degrees_per_pixel = self.illusion.card.field_deg / f64::from(self.size.width);
        Light { size: self.size, values, degrees_per_pixel }
    }
}

pub(crate) fn linear(coded: f32) -> f64 {
    let c = f64::from(coded);
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

/// Linear light with places in degrees.
pub(crate) struct Light {
    pub size: PixelSize,
    pub values: Vec<f64>,
    pub degrees_per_pixel: f64,
}

impl Light {
    /// The pixel at a place in degrees.
    pub(crate) fn at(&self, x_deg: f64, y_deg: f64) -> f64 {
        let column = x_deg / self.degrees_per_pixel + f64::from(self.size.width) / 2.0;
        let row = f64::from(self.size.height) / 2.0 - y_deg / self.degrees_per_pixel;
        self.values[row as usize * self.size.width as usize + column as usize]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    pub(crate) fn row(&self, row: u32) -> &[f64] {
        let width = self.size.width as usize;
        &self.values[row as usize * width..(row as usize + 1) * width]
    }

    /// Mean place in degrees of what differs from `ground`, weighted by how much, and the sum of weights.
    pub(crate) fn centroid(&self, ground: f64) -> ([f64; 2], f64) {
        let (mut sum, mut x_sum, mut y_sum) = (0.0, 0.0, 0.0);
        for (index, value) in self.values.iter().enumerate() {
            let weight = (value - ground).abs();
            let (column, row) = (index as u32 % self.size.width, index as u32 / self.size.width);
            sum += weight;
            x_sum += weight * (f64::from(column) + 0.5 - f64::from(self.size.width) / 2.0);
            y_sum += weight * (f64::from(self.size.height) / 2.0 - f64::from(row) - 0.5);
        }
        let scale = self.degrees_per_pixel / f64::max(sum, 1e-12);
        ([x_sum * scale, y_sum * scale], sum)
    }

    /// Values round the centre, `count` of them at `radius_deg`, counter-clockwise from the right.
    pub(crate) fn round(&self, radius_deg: f64, count: usize) -> Vec<f64> {
        (0..count)
            .map(|i| {
                let angle = std::f64::consts::TAU * (i as f64 + 0.5) / count as f64;
                self.at(radius_deg * angle.cos(), radius_deg * angle.sin())
            })
            .collect()
    }
}

/// Amplitude and phase (degrees) of `cycles` over the length of `values`.
pub(crate) fn fourier(values: &[f64], cycles: f64) -> (f64, f64) {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        let angle = std::f64::consts::TAU * cycles * (i as f64 + 0.5) / values.len() as f64;
        real += value * angle.cos();
        imaginary += value * angle.sin();
    }
    let scale = 2.0 / values.len() as f64;
    ((real * scale).hypot(imaginary * scale), imaginary.atan2(real).to_degrees())
}

/// An angle in degrees brought to -180..180.
pub(crate) fn wrapped(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

/// The mean absolute difference.
pub(crate) fn difference(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| (a - b).abs()).sum::<f32>() / one.len() as f32
}

/// The largest absolute difference.
pub(crate) fn farthest(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
