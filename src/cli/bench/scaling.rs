//! How the cost of a step grows with size, width and number of layers, beside the arithmetic on paper.

use super::Bench;
use super::arithmetic::multiply_accumulates;
use super::network::{FRAMES, Subject, grating, random, upload};
use super::spread::{Spread, measure};
use crate::error::Result;
use crate::units::PixelSize;

/// How the cost of a step grows: one of size, width and number of layers at a time.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Scaled {
    /// What is varied: "size", "width" or "layers".
    pub over: &'static str,
    /// Channels per layer.
    pub widths: Vec<usize>,
    /// Size of the frames.
    pub size: PixelSize,
    /// Multiply-accumulates of a step if every convolution were made directly.
    pub multiply_accumulates: u64,
    /// How long a step took.
    #[serde(flatten)]
    pub spread: Spread,
    /// Thousand millions of those multiply-accumulates a second, at the median.
    pub giga_per_s: f64,
}

/// The networks of `--scaling`: what is varied, widths, columns and rows.
fn scaled_networks(quick: bool) -> Vec<(&'static str, Vec<usize>, PixelSize)> {
    let small = [3, 16, 32, 64];
    let size = PixelSize::new(80, 64);
    let sizes = [(40, 32), (80, 64), (160, 128), (320, 256), (640, 512)];
    let factors = [1, 2, 4, 8, 16];
    let take = if quick { 2 } else { 5 };
    let by_size = sizes
        .into_iter()
        .take(take)
        .map(|(width, height)| ("size", small.to_vec(), PixelSize::new(width, height)));
    let wide = |factor: usize| vec![3, 4 * factor, 8 * factor, 16 * factor];
    let by_width = factors.into_iter().take(take).map(|factor| ("width", wide(factor), size));
    let deep = |layers: usize| [3, 16, 32, 64, 64].into_iter().take(layers).collect::<Vec<_>>();
    let by_layers = (1..=5).take(take).map(|layers| ("layers", deep(layers), size));
    by_size.chain(by_width).chain(by_layers).collect()
}

/// Times steps of networks of different sizes, widths and numbers of layers.
///
/// # Errors
/// Those of the models and their device.
pub(super) fn time_scaling(bench: &Bench, quick: bool) -> Result<Vec<Scaled>> {
    let of = |(over, widths, size): (&'static str, Vec<usize>, PixelSize)| {
        let model = random("random", widths.clone(), Some(size), &bench.compute)?;
        let inputs = vec![upload(grating(size, 0), &bench.compute); FRAMES];
        let mut subject = Subject { model, inputs, shown: 0 };
        let (times_ms, _) = measure(bench.effort, || subject.step(&bench.compute).map(|_| ()))?;
        let spread = Spread::of(&times_ms);
        let multiply_accumulates = multiply_accumulates(&widths, size);
        let giga_per_s = multiply_accumulates as f64 / spread.median_ms.max(1e-6) / 1e6;
        Ok(Scaled { over, widths, size, multiply_accumulates, spread, giga_per_s })
    };
    scaled_networks(quick).into_iter().map(of).collect()
}
