//! The whole way: from a decoded frame to its answer drawn.

use std::time::Instant;

use super::media::picture;
use super::network::{FRAMES, Subject, settle, upload};
use super::scene::{Canvas, views};
use super::spread::{cpu_time_ms, per_repetition, since_ms};
use super::{Bench, Section};
use crate::error::Result;
use crate::frame::Picture;
use crate::readout::stats::summarize;
use crate::stimulus::fit::{Fit, fit};
use crate::units::PixelSize;

/// Size of the decoded pictures.
const DECODED: PixelSize = PixelSize::new(640, 360);
/// The stretches of the way.
const PARTS: [(&str, &str); 6] = [
    ("whole", "from a decoded picture of 640x360 to the answer drawn off screen"),
    ("fit", "of it: the picture brought to the network's size and device"),
    ("step", "of it: the network's step"),
    ("summary", "of it: the numbers of all probes"),
    ("views", "of it: the tensors made ready to be drawn"),
    ("draw", "of it: all maps drawn"),
];

/// Times the way of frames through everything, one after the other, nothing overlapping.
///
/// # Errors
/// Those of model and device.
pub(super) fn time_latency(bench: &mut Bench, subject: &mut Subject) -> Result<()> {
    let Some(gpu) = bench.gpu(Section::Latency) else { return Ok(()) };
    let canvas = Canvas::new(&gpu);
    let pictures: Vec<_> = (0..FRAMES).map(|step| picture(DECODED, step)).collect();
    let compute = bench.compute.clone();
    let mut go = |picture: &Picture| -> Result<[f64; PARTS.len()]> {
        let begun = Instant::now();
        let mut at = [0.0; PARTS.len()];
        let input = upload(fit(picture, subject.model.size(), Fit::Crop, false), &compute);
        settle(&compute)?;
        at[1] = since_ms(begun);
        let response = subject.model.step(Some(input))?;
        settle(&compute)?;
        at[2] = since_ms(begun);
        summarize(&response, &[], None)?;
        at[3] = since_ms(begun);
        let views = views(&gpu, &response)?;
        at[4] = since_ms(begun);
        canvas.draw_all(subject.model.probes(), &views)?;
        at[5] = since_ms(begun);
        let mut took = [at[5]; PARTS.len()];
        for part in 1..PARTS.len() {
            took[part] = at[part] - at[part - 1];
        }
        Ok(took)
    };
    for picture in pictures.iter().cycle().take(bench.effort.warm) {
        go(picture)?;
    }
    let (mut all, start, cpu) = (Vec::new(), Instant::now(), cpu_time_ms());
    for picture in pictures.iter().cycle() {
        if !bench.effort.goes_on(all.len(), start) {
            break;
        }
        all.push(go(picture)?);
    }
    let cpu_ms = per_repetition(cpu, all.len());
    for (part, (name, about)) in PARTS.into_iter().enumerate() {
        let times_ms = all.iter().filter_map(|took| took.get(part).copied()).collect();
        bench.add(Section::Latency, name, about, times_ms, cpu_ms.filter(|_| part == 0));
    }
    Ok(())
}
