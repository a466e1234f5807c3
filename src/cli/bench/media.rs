//! From a file to the network's frame: decoding, and bringing the picture to the network's size.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::scratch::Scratch;
use super::{Bench, Section, network};
use crate::error::{Error, Kind, Result};
use crate::export::mp4::{Mp4Writer, encoders};
use crate::frame::{Picture, Shown};
use crate::stimulus::fit::{Fit, fit_image};
use crate::stimulus::video::Video;
use crate::stimulus::{Source, Want};
use crate::units::PixelSize;

/// Size, length and rate of the clip that is made where none is given.
const MADE_SIZE: PixelSize = PixelSize::new(640, 360);
const MADE_FRAMES: usize = 48;
const MADE_HZ: f64 = 24.0;
/// Network size that pictures are fitted to here: that of the published network.
const FITTED: PixelSize = PixelSize::new(160, 128);

/// Times a clip: opening it, each frame, and fitting a picture.
///
/// # Errors
/// Those of the clip.
pub(super) fn time_decoding(bench: &mut Bench, clip: Option<&Path>) -> Result<()> {
    let scratch = Scratch::new()?;
    let made = match clip {
        Some(_) => None,
        None if encoders().is_empty() => {
            bench.leave_out(
                Section::Decode,
                "this FFmpeg has no encoder to make a clip with; give one: --clip FILE",
            );
            return Ok(());
        }
        None => Some(make_clip(&scratch)?),
    };
    let path = clip.map(Path::to_path_buf).or(made).unwrap_or_default();
    bench
        .time(Section::Decode, "open", "open the clip and read its times", || Video::open(&path).map(drop))?;
    let mut video = Video::open(&path)?;
    let size = first(&mut video)?.image.size;
    let about = format!("one frame of {size}, decoded and handed over as it is coded");
    bench.time(Section::Decode, "decode", &about, || next(&mut video).map(drop))?;
    let about = format!("one frame of {size}, as a picture");
    bench.time(Section::Decode, "frame", &about, || {
        std::hint::black_box(next(&mut video)?.image.picture());
        Ok(())
    })?;
    let about = format!("one frame of {size}, brought to {FITTED} as the network takes it");
    bench.time(Section::Decode, "taken", &about, || {
        std::hint::black_box(fit_image(&next(&mut video)?.image, FITTED, Fit::Crop, false));
        Ok(())
    })?;
    let image = next(&mut video)?.image;
    let about = format!("a frame of {size} brought to {FITTED}");
    bench.time(Section::Decode, "fit", &about, || {
        std::hint::black_box(fit_image(&image, FITTED, Fit::Crop, false));
        Ok(())
    })
}

/// The next frame; after the last one the first again.
fn next(video: &mut Video) -> Result<Shown> {
    match video.read(Want::Next)? {
        Some(shown) => Ok(shown),
        None => first(video),
    }
}

fn first(video: &mut Video) -> Result<Shown> {
    video.read(Want::Start)?.ok_or_else(|| Error::new(Kind::Empty, "the clip has no frame"))
}

/// A drifting grating as a picture.
pub(super) fn picture(size: PixelSize, step: usize) -> Arc<Picture> {
    Arc::new(network::grating(size, step).to_picture())
}

fn make_clip(scratch: &Scratch) -> Result<PathBuf> {
    let path = scratch.file("clip.mp4");
    let mut film = Mp4Writer::create(&path, MADE_SIZE, MADE_HZ, &[])?;
    for step in 0..MADE_FRAMES {
        film.push(&picture(MADE_SIZE, step))?;
    }
    film.finish()?;
    Ok(path)
}
