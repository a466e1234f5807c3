//! Every illusion as the window draws it, in large.

use std::time::Duration;

use super::scene::{draw_on, off_screen};
use super::spread::{Effort, measure};
use super::{Bench, Figure, Section, Spread};
use crate::error::Result;
use crate::gpu::canvas::FORMAT;
use crate::gpu::raster::Program;
use crate::stimulus::illusion::{Showing, catalogue, compose};
use crate::units::PixelSize;

/// How large they are drawn.
const SIZE: PixelSize = PixelSize::new(1024, 1024);
/// Samples per pixel and side, as in the window: on graphics cards, and where the processor draws.
const SAMPLES: [u32; 2] = [2, 1];
/// Half a second for each is enough to rank them.
const EFFORT: Effort = Effort { warm: 2, count: 30, limit: Duration::from_millis(500) };

/// Times all illusions that come with the program.
///
/// # Errors
/// Those of the device.
pub(super) fn time_all(bench: &mut Bench, quick: bool) -> Result<Vec<Figure>> {
    let Some(gpu) = bench.gpu(Section::Stimulus) else { return Ok(Vec::new()) };
    let target = off_screen(&gpu, SIZE);
    let illusions = catalogue::built_in();
    let some = if quick { 2 } else { illusions.len() };
    let mut figures = Vec::new();
    for illusion in illusions.iter().take(some) {
        let program = Program::new(&gpu, &compose::compose(illusion))?;
        let showing = Showing::default();
        let params = illusion.uniform_values(&showing);
        let mut view = illusion.view(&showing, SIZE, 0.0, SAMPLES[usize::from(gpu.is_software())]);
        let (times_ms, cpu_ms) = measure(EFFORT, || {
            view.time_s += 1.0 / 60.0;
            let prepared = program.prepare_screen(FORMAT, &view, &params);
            draw_on(&gpu, &target, |pass| program.draw_screen(pass, &prepared))
        })?;
        figures.push(Figure {
            section: Section::Stimulus,
            name: illusion.slug.clone(),
            about: format!("drawn at {SIZE}, as in the window"),
            spread: Spread::of(&times_ms),
            cpu_ms,
            times_ms: Vec::new(),
        });
    }
    figures.sort_by(|one, other| other.spread.median_ms.total_cmp(&one.spread.median_ms));
    Ok(figures)
}
