//! `percept models forward`: frames from a `.npy` file in, every probe of every step in a `.npz` file out.

use std::path::{Path, PathBuf};

use super::npy::{self, Array};
use super::{compute, tensor, values};
use crate::error::{Error, Kind, Result};
use crate::export::npz::NpzWriter;
use crate::frame::NetworkFrame;
use crate::gpu::DeviceChoice;
use crate::model::{ModelCard, Probe, shipped};
use crate::provenance::Provenance;
use crate::safety::limits::NETWORK_SIDE_PX;
use crate::units::PixelSize;

/// What frames must look like, in every error about them.
const WANTED: &str = "Save float32 values in 0..1, shaped (time, 3, height, width), with numpy.save";

/// Arguments of `percept models forward`.
#[derive(Debug, clap::Args)]
pub struct ForwardArgs {
    /// A shipped network's name or a weights file.
    pub model: String,
    /// Frames: float32 in 0..1, shaped (time, 3, height, width), as numpy.save writes them.
    #[arg(long)]
    pub frames: PathBuf,
    /// File for the arrays t{step}.{A|Ahat|E|R|C}{layer}, each (channels, height, width).
    #[arg(short, long)]
    pub output: PathBuf,
    /// Where the network runs.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// Runs the network and writes the file.
pub(super) fn run(args: &ForwardArgs) -> Result<()> {
    let frames = Frames::read(&args.frames)?;
    let compute = compute(args.device)?;
    let mut model = shipped::load(&args.model, Some(frames.size), &compute.burn)?;
    let mut file = NpzWriter::create(&args.output)?;
    for step in 0..frames.count {
        let frame = tensor(frames.get(step), &compute);
        let response = model.step(Some(frame))?;
        for (probe, part) in model.probes().iter().zip(response.activities) {
            file.add(&array_name(step, probe), &shape(probe), &values(part.tensor())?)?;
        }
    }
    for (key, value) in provenance(args, model.card(), frames.size, &compute.name).pairs() {
        file.add_text(key, &value)?;
    }
    file.finish()?;
    let probes = model.probes().len();
    println!("{}: {} steps of {probes} probes on {}", args.output.display(), frames.count, compute.name);
    Ok(())
}

/// How the file was made; the names of its texts have no dot, those of its arrays do.
fn provenance(args: &ForwardArgs, card: &ModelCard, size: PixelSize, device: &str) -> Provenance {
    Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: card.name.clone(),
        model_sha256: card.sha256.clone(),
        stimulus: args.frames.display().to_string(),
        device: device.to_owned(),
        size: size.to_string(),
        command: crate::cli::line::given(),
        ..Provenance::default()
    }
}

fn array_name(step: usize, probe: &Probe) -> String {
    format!("t{step}.{}{}", probe.symbol, probe.layer)
}

fn shape(probe: &Probe) -> [u64; 3] {
    [probe.channels as u64, u64::from(probe.size.height), u64::from(probe.size.width)]
}

/// Frames in memory: (time, channel, row, column).
struct Frames {
    count: usize,
    size: PixelSize,
    values: Vec<f32>,
}

impl Frames {
    fn read(path: &Path) -> Result<Self> {
        npy::read(path).and_then(Self::check).map_err(|error| error.advise(WANTED).at(path))
    }

    fn check(array: Array) -> Result<Self> {
        let wrong = |what: String| Err(Error::new(Kind::Mismatch, what));
        let side = |n: u64| u32::try_from(n).ok().filter(|n| NETWORK_SIDE_PX.contains(n));
        let [count, channels, height, width] = array.shape;
        let (Some(width), Some(height)) = (side(width), side(height)) else {
            return wrong(format!("the frames are {width}x{height} pixels"));
        };
        if count == 0 || channels != 3 {
            return wrong(format!("the array holds {count} frames of {channels} channels"));
        }
        if let Some(value) = array.values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
            return wrong(format!("the array holds {value}"));
        }
        Ok(Self { count: count as usize, size: PixelSize::new(width, height), values: array.values })
    }

    fn get(&self, index: usize) -> NetworkFrame {
        let length = 3 * self.size.area();
        let planes = self.values.chunks_exact(length).nth(index).unwrap_or_default().to_vec();
        NetworkFrame { size: self.size, planes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(shape: &str, kind: &str, values: &[f32]) -> Vec<u8> {
        let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
        while (header.len() + 11) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    fn parse(bytes: &[u8]) -> Result<Frames> {
        npy::parse(bytes, bytes.len() as u64).and_then(Frames::check)
    }

    #[test]
    fn frames_are_read_in_their_order() {
        let mut all = vec![0.25; 2 * 3 * 64];
        all[3 * 64] = 0.75;
        let frames = parse(&npy("(2, 3, 8, 8)", "<f4", &all)).unwrap();
        assert_eq!((frames.count, frames.size), (2, PixelSize::new(8, 8)));
        assert_eq!(frames.get(1).planes[..2], [0.75, 0.25]);
    }

    #[test]
    fn what_is_not_frames_is_refused() {
        let all = vec![0.5; 3 * 64];
        let mut nan = all.clone();
        nan[5] = f32::NAN;
        let cases = [
            npy("(1, 3, 64)", "<f4", &all),
            npy("(1, 1, 8, 24)", "<f4", &all),
            npy("(9999999999, 3, 8, 8)", "<f4", &all),
            npy("(18446744073709551615, 3, 8, 8)", "<f4", &all),
            npy("(0, 3, 8, 8)", "<f4", &[]),
            npy("(1, 3, 8, 8)", "<f8", &all),
            npy("(1, 3, 8, 8)", "|u1", &all),
            npy("(1, 3, 8, 8)", "<f4", &nan),
            npy("(1, 3, 8, 8)", "<f4", &vec![255.0; 3 * 64]),
            npy("(1, 3, 8, 8)", "<f4", &all[..100]),
            b"not an array".to_vec(),
            b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(),
        ];
        for (case, bytes) in cases.iter().enumerate() {
            let error = parse(bytes).err().unwrap();
            assert!(matches!(error.kind, Kind::Mismatch | Kind::Damaged), "{case}: {error}");
        }
    }

    #[test]
    fn a_file_cut_at_any_byte_is_refused() {
        let whole = npy("(1, 3, 8, 8)", "<f4", &[0.5; 192]);
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).is_err(), "{length}");
        }
    }
}
