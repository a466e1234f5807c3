//! Looks through a stimulus before it is shown: its first seconds, small and as fast as they can be had, for flashes
//! and stripes.

use super::illusion::{Illusion, Showing};
use super::{Source, Want};
use crate::error::Result;
use crate::gpu::raster::Program;
use crate::safety::{Analyser, Field, Pixels, Verdict};
use crate::units::PixelSize;

/// Pictures a second at which an illusion is looked at: as screens show it.
const SCREEN_HZ: f64 = 60.0;
/// Size at which flashes, and stripes, are looked for.
const COARSE: PixelSize = PixelSize::new(80, 64);
const FINE: PixelSize = PixelSize::new(320, 256);
/// Samples per pixel and side of the coarse picture.
const SAMPLES: u32 = 2;
/// How long a picture that stands still is taken to be there.
const STILL_S: f64 = 1.0;

/// What of an illusion is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Seconds of time on the screen.
    pub seconds: f64,
    /// How much faster than real time it is played.
    pub speed: f64,
    /// Whether stripes are looked for as well.
    pub stripes: bool,
}

/// Looks through the first seconds of an illusion, as if it filled a screen. `None` when `go_on` says no.
///
/// # Errors
/// When the device fails.
pub fn illusion(
    program: &Program,
    illusion: &Illusion,
    showing: &Showing,
    look: Look,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Verdict>> {
    let params = illusion.uniform_values(showing);
    let is_still = program.is_still(&params);
    let seconds = if is_still { look.seconds.min(STILL_S) } else { look.seconds };
    let mut analyser = Analyser::new(Field::FullScreen);
    let (mut coarse, mut fine) = (Vec::new(), Vec::new());
    for frame in 0..=(seconds * SCREEN_HZ).round() as u32 {
        if !go_on() {
            return Ok(None);
        }
        let time_s = f64::from(frame) / SCREEN_HZ;
        let shown_s = time_s * look.speed;
        if illusion.card.duration_s.is_some_and(|length_s| shown_s > length_s) {
            break;
        }
        if !is_still || frame == 0 {
            coarse = program.render_planes(&illusion.view(showing, COARSE, shown_s, SAMPLES), &params)?;
        }
        analyser.push_coarse(COARSE, Pixels::Planes(&coarse), time_s);
        if look.stripes && analyser.wants_fine(time_s) {
            if !is_still || frame == 0 {
                fine = program.render_planes(&illusion.view(showing, FINE, shown_s, 1), &params)?;
            }
            analyser.push_fine(FINE, Pixels::Planes(&fine), time_s);
        }
    }
    Ok(Some(analyser.verdict()))
}

/// Looks through a source from its start, for at most so many seconds (`None`: all of it), as if it filled a screen.
/// `go_on` is told the time that has been reached; when it says no, what was found by then is given.
///
/// # Errors
/// When a frame cannot be had.
pub fn source(
    source: &mut dyn Source,
    seconds: Option<f64>,
    go_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Verdict> {
    // A picture that stays comes again and again: there is no flash in it, but there may be stripes.
    let seconds = if source.info().kind == "picture" { Some(STILL_S) } else { seconds };
    let mut analyser = Analyser::new(Field::FullScreen);
    let mut want = Want::Start;
    while let Some(shown) = source.read(want)? {
        if seconds.is_some_and(|most_s| shown.time_s > most_s) || !go_on(shown.time_s) {
            break;
        }
        let picture = shown.image.picture();
        analyser.push(picture.size, Pixels::Rgb8(&picture.rgb), shown.time_s);
        want = Want::Next;
    }
    Ok(analyser.verdict())
}
