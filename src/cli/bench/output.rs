//! What becomes of a step's tensors besides the window: numbers, and what a run writes per frame.

use crate::error::Result;
use crate::export::csv;
use crate::export::mp4::{Mp4Writer, encoders};
use crate::export::npz::NpzWriter;
use crate::model::{Model, Response};
use crate::provenance::Provenance;
use crate::readout::Unit;
use crate::readout::stats::{host_values, summarize};
use crate::readout::timecourse::Recording;
use crate::units::PixelSize;

use super::media::picture;
use super::scratch::Scratch;
use super::{Bench, Section};

/// Size of a frame of the film that `percept run` makes of a network that looks at 80x64.
const FILM: PixelSize = PixelSize::new(1264, 408);
/// Rows of the recording that is written as CSV.
const ROWS: u64 = 100;
/// Tensors that `percept run` writes per frame.
const WRITTEN: [&str; 3] = ["a0", "a_hat0", "e0"];

/// Times the numbers of a step: all probes, two units, the range of one map.
///
/// # Errors
/// Those of the device.
pub(super) fn time_readouts(bench: &mut Bench, model: &dyn Model, response: &Response) -> Result<()> {
    let unit = |x| Unit { probe: "e0".to_owned(), channel: Some(0), x, y: x };
    let units: Vec<_> = [1, 2].into_iter().filter_map(|x| Some((index(model, "e0")?, unit(x)))).collect();
    let inspect = Some((0, None));
    bench.time(Section::Readouts, "summary", "numbers of all probes, two units and one map's range", || {
        summarize(response, &units, inspect).map(drop)
    })
}

fn index(model: &dyn Model, name: &str) -> Option<usize> {
    model.probes().iter().position(|probe| probe.name == name)
}

/// Times what is kept and written per frame of a run.
///
/// # Errors
/// When a file cannot be written or the device fails.
pub(super) fn time_recording(bench: &mut Bench, model: &dyn Model, response: &Response) -> Result<()> {
    let summary = summarize(response, &[], None)?;
    let row: Vec<(String, f32)> =
        model.probes().iter().zip(&summary.stats).map(|(probe, it)| (probe.name.clone(), it.mean)).collect();
    let mut recording = Recording::default();
    let mut frame = 0;
    bench.time(Section::Record, "row", "the step's numbers added to the recording", || {
        recording.append(frame as f64 / 10.0, frame, &row);
        frame += 1;
        Ok(())
    })?;
    time_csv(bench, model, &row)?;
    let scratch = Scratch::new()?;
    time_tensors(bench, model, response, &scratch)?;
    time_film(bench, &scratch)
}

fn time_csv(bench: &mut Bench, model: &dyn Model, row: &[(String, f32)]) -> Result<()> {
    let mut recording = Recording::default();
    for frame in 0..ROWS {
        recording.append(frame as f64 / 10.0, frame, row);
    }
    let about = format!("{ROWS} recorded rows as CSV, in memory");
    bench.time(Section::Record, "csv", &about, || {
        csv::write_to(std::io::sink(), &recording, model.probes(), &Provenance::default())
            .map_err(|cause| crate::atomic::cannot_write("CSV".as_ref(), &cause))
    })
}

fn time_tensors(bench: &mut Bench, model: &dyn Model, response: &Response, scratch: &Scratch) -> Result<()> {
    let mut npz = NpzWriter::create(&scratch.file("tensors.npz"))?;
    let mut frame = 0;
    let about = format!("tensors {} of one frame into an NPZ file", WRITTEN.join(", "));
    bench.time(Section::Record, "npz", &about, || {
        for (probe, part) in model.probes().iter().zip(&response.activities) {
            if WRITTEN.contains(&probe.name.as_str()) {
                let shape =
                    [probe.channels as u64, u64::from(probe.size.height), u64::from(probe.size.width)];
                npz.add(&format!("t{frame}.{}", probe.name), &shape, &host_values(part.tensor())?)?;
            }
        }
        frame += 1;
        Ok(())
    })
}

fn time_film(bench: &mut Bench, scratch: &Scratch) -> Result<()> {
    if encoders().is_empty() {
        bench.leave_out(Section::Record, "this FFmpeg has no encoder for a film");
        return Ok(());
    }
    let pictures: Vec<_> = (0..4).map(|step| picture(FILM, step)).collect();
    let mut film = Mp4Writer::create(&scratch.file("film.mp4"), FILM, 10.0, &[])?;
    let mut pictures = pictures.iter().cycle();
    let about = format!("one frame of {FILM} encoded into a film");
    bench.time(Section::Record, "film", &about, || {
        pictures.next().map_or(Ok(()), |picture| film.push(picture))
    })
}
