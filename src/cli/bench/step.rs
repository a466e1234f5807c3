//! The network's step: opening it, the whole step, and its parts where the model can tell.

use std::collections::BTreeMap;
use std::time::Instant;

use super::network::{Subject, open};
use super::spread::{cpu_time_ms, per_repetition, since_ms};
use super::{Bench, Section};
use crate::error::Result;
use crate::units::PixelSize;

/// Times the step, whole and, where the model can tell, part by part.
///
/// # Errors
/// Those of the model and its device.
pub(super) fn time_steps(bench: &mut Bench, subject: &mut Subject) -> Result<()> {
    let compute = bench.compute.clone();
    let mut parts = BTreeMap::<String, Vec<f64>>::new();
    for _ in 0..bench.effort.warm {
        subject.step(&compute)?;
    }
    let (mut times_ms, mut answers_ms) = (Vec::new(), Vec::new());
    let (start, cpu) = (Instant::now(), cpu_time_ms());
    while bench.effort.goes_on(times_ms.len(), start) {
        let begun = Instant::now();
        subject.model.prepare()?;
        let came = Instant::now();
        subject.step(&compute)?;
        answers_ms.push(since_ms(came));
        times_ms.push(since_ms(begun));
        for (name, part_ms) in subject.model.profile() {
            parts.entry(name).or_default().push(part_ms);
        }
    }
    let cpu_ms = per_repetition(cpu, times_ms.len());
    bench.add(Section::Step, "step", "one frame: all units of all layers", times_ms, cpu_ms);
    let about = "from a frame to all errors; R and Ahat were made ready before it came";
    bench.add(Section::Step, "answer", about, answers_ms, None);
    for (name, times_ms) in parts {
        bench.add(Section::Step, &name, "part of the step", times_ms, None);
    }
    Ok(())
}

/// Times the opening of a model: reading, and bringing its weights into the form that the step wants.
///
/// # Errors
/// Those of [`open`].
pub(super) fn time_opening(bench: &mut Bench, name: &str, size: Option<PixelSize>) -> Result<Subject> {
    let begun = Instant::now();
    let subject = open(name, size, &bench.compute)?;
    let times_ms = vec![since_ms(begun)];
    bench.add(Section::Step, "open", "open the network, its weights made ready", times_ms, None);
    Ok(subject)
}
