//! Illusions as files: a picture, an array for other programs, a film, a contact sheet.

use std::io::BufWriter;
use std::path::Path;

use npyz::WriterBuilder as _;

use crate::atomic::{self, Pending};
use crate::cli::illusions::{Easel, RenderArgs, showing};
use crate::error::{Error, Kind, Result};
use crate::export::gif::write_gif;
use crate::export::mp4::Mp4Writer;
use crate::export::picture::write_picture;
use crate::frame::{NetworkFrame, Picture};
use crate::gpu::Gpu;
use crate::provenance::Provenance;
use crate::safety::limits;
use crate::session::describe;
use crate::stimulus::illusion::{Illusion, Showing, sampling};
use crate::units::PixelSize;

/// Grey between the pictures of a contact sheet, in pixels.
const GUTTER_PX: u32 = 12;
const SHEET_COLUMNS: u32 = 4;
/// Seconds of film where the number of frames is not given.
const FILM_S: f64 = 3.0;

/// Renders one illusion into the file that its ending asks for.
pub(super) fn render(illusion: &Illusion, args: &RenderArgs) -> Result<()> {
    let ending = args.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_array = ending == "npy";
    let small = if is_array { PixelSize::new(80, 64) } else { PixelSize::new(640, 512) };
    let size = args.size.unwrap_or(small);
    let rate_hz = args.fps.unwrap_or(if is_array { 10.0 } else { 30.0 });
    if !(rate_hz > 0.0 && rate_hz <= 1000.0) {
        return Err(Error::new(Kind::Usage, "the frame rate must be above 0 and up to 1000"));
    }
    let film = (FILM_S * rate_hz).ceil() as u32;
    let count = args.frames.unwrap_or(match ending.as_str() {
        "png" => 1,
        "npy" => 20,
        _ => film,
    });
    let showing = showing(illusion, args)?;
    if !["png", "npy", "mp4", "gif"].contains(&ending.as_str()) {
        return Err(Error::new(Kind::Unsupported, "an illusion cannot be written as this kind of file")
            .at(&args.output)
            .advise("Use .png, .npy, .mp4 or .gif"));
    }
    let gpu = Gpu::headless()?;
    let make = if args.regions { Easel::of_region } else { Easel::new };
    let easel = make(&gpu, illusion, &showing, size)?;
    let mut settings = describe::values(illusion, &showing);
    settings.extend(switches(args));
    if ending != "png" {
        settings.push(format!("{rate_hz} frames per second"));
    }
    let made = provenance(&illusion.slug, settings, args, size, &gpu);
    let from_s = args.time.unwrap_or_default();
    let frames = (0..count).map(|number| easel.planes(from_s + f64::from(number) / rate_hz));
    warn_beyond(illusion, &showing, size, if count > 1 { rate_hz } else { f64::INFINITY });
    match ending.as_str() {
        "png" if count > 1 => Err(Error::new(Kind::Usage, "a .png holds one frame")
            .at(&args.output)
            .advise("Leave out --frames, or use .npy, .mp4 or .gif")),
        "png" => write_picture(&args.output, &picture(size, easel.planes(from_s)?), &made),
        "npy" => {
            write_npy(&args.output, size, count, frames)?;
            write_beside(&args.output, &made)
        }
        _ => write_film(&args.output, size, rate_hz, &made.pairs(), frames),
    }
}

/// Says on stderr what frames of this size and rate cannot show of it.
#[allow(clippy::print_stderr, reason = "a warning is told where the command was given")]
fn warn_beyond(illusion: &Illusion, showing: &Showing, size: PixelSize, rate_hz: f64) {
    for one in sampling::beyond(&illusion.card, &illusion.effective(showing), size, rate_hz) {
        eprintln!("percept: {}: {}: {}", illusion.slug, one.param, one.what);
    }
}

/// Renders all illusions side by side into one picture, and prints their names in its order.
pub(super) fn contact_sheet(all: &[Illusion], args: &RenderArgs) -> Result<()> {
    if !args.set.is_empty() || args.preset.is_some() {
        return Err(Error::new(Kind::Usage, "a contact sheet of all illusions has no common parameters")
            .advise("Leave out --set and --preset"));
    }
    if args.output.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("png")) {
        return Err(Error::new(Kind::Unsupported, "a contact sheet is a .png").at(&args.output));
    }
    let cell = args.size.unwrap_or(PixelSize::new(320, 256));
    let columns = SHEET_COLUMNS.min(all.len() as u32).max(1);
    let rows = (all.len() as u32).div_ceil(columns).max(1);
    let side = |count: u32, pixels: u32| count.saturating_mul(pixels.saturating_add(GUTTER_PX)) + GUTTER_PX;
    let size = PixelSize::new(side(columns, cell.width), side(rows, cell.height));
    if size.area() as u64 > limits::MAX_PIXELS {
        return Err(Error::new(Kind::TooLarge, format!("the contact sheet would have {size} pixels"))
            .advise("Choose a smaller --size"));
    }
    let gpu = Gpu::headless()?;
    let mut sheet = Picture::uniform(size, [24; 3]);
    for (number, illusion) in all.iter().enumerate() {
        let shown = showing(illusion, args)?;
        let easel = Easel::new(&gpu, illusion, &shown, cell)?;
        let planes = match args.time {
            Some(time_s) => easel.planes(time_s)?,
            None => easel.telling(illusion, &shown)?,
        };
        warn_beyond(illusion, &shown, cell, f64::INFINITY);
        let (column, row) = (number as u32 % columns, number as u32 / columns);
        paste(&mut sheet, &picture(cell, planes), side(column, cell.width), side(row, cell.height));
        println!("row {}, column {}: {}", row + 1, column + 1, illusion.slug);
    }
    let names: Vec<_> = all.iter().map(|illusion| illusion.slug.as_str()).collect();
    let made = provenance(&names.join(", "), switches(args), args, cell, &gpu);
    write_picture(&args.output, &sheet, &made)
}

/// Copies `part` into `whole`; what would stick out is left away.
fn paste(whole: &mut Picture, part: &Picture, left: u32, top: u32) {
    let line = part.size.width as usize * 3;
    for (row, pixels) in part.rgb.chunks_exact(line.max(1)).enumerate() {
        let start = 3 * ((top as usize + row) * whole.size.width as usize + left as usize);
        if let Some(place) = whole.rgb.get_mut(start..start + line) {
            place.copy_from_slice(pixels);
        }
    }
}

fn picture(size: PixelSize, planes: Vec<f32>) -> Picture {
    NetworkFrame { size, planes }.to_picture()
}

/// What else decides how it looks.
fn switches(args: &RenderArgs) -> Vec<String> {
    let on = [(args.control, "control"), (args.mirror, "mirror"), (args.regions, "regions measured")];
    let on = on.iter().filter(|switch| switch.0).map(|switch| switch.1.to_owned());
    let from = args.time.map(|time_s| format!("from {time_s} s"));
    on.chain([from.unwrap_or_else(|| "from the start, or the moment that shows most".to_owned())]).collect()
}

/// How a file was made; no network had a part in it.
fn provenance(
    stimulus: &str,
    settings: Vec<String>,
    args: &RenderArgs,
    size: PixelSize,
    gpu: &Gpu,
) -> Provenance {
    Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        stimulus: stimulus.to_owned(),
        settings,
        seed: u64::from(args.seed),
        device: gpu.name(),
        size: size.to_string(),
        command: super::line::given(),
        ..Provenance::default()
    }
}

/// `NAME.npy.json`: an array has no room for how it was made.
fn write_beside(path: &Path, made: &Provenance) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    let pairs: serde_json::Map<_, _> =
        made.pairs().into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    atomic::write(Path::new(&name), format!("{:#}\n", serde_json::Value::Object(pairs)).as_bytes())
}

/// Writes frame by frame, so that memory does not grow with their number.
fn write_npy(
    path: &Path,
    size: PixelSize,
    count: u32,
    frames: impl Iterator<Item = Result<Vec<f32>>>,
) -> Result<()> {
    let pending = Pending::new(path)?;
    let cannot = |cause: std::io::Error| atomic::cannot_write(path, &cause);
    let file = std::fs::File::create(pending.path()).map_err(cannot)?;
    let shape = [u64::from(count), 3, u64::from(size.height), u64::from(size.width)];
    let mut writer = npyz::WriteOptions::<f32>::new()
        .default_dtype()
        .shape(&shape)
        .writer(BufWriter::new(file))
        .begin_nd()
        .map_err(cannot)?;
    for frame in frames {
        writer.extend(frame?).map_err(cannot)?;
    }
    writer.finish().map_err(cannot)?;
    pending.commit()
}

/// Most frames of an animated GIF: it is made in memory.
const MAX_GIF_FRAMES: usize = 1000;

/// A film, by the ending of its name: MP4 frame by frame, or an animated GIF.
fn write_film(
    path: &Path,
    size: PixelSize,
    rate_hz: f64,
    metadata: &[(&'static str, String)],
    frames: impl Iterator<Item = Result<Vec<f32>>>,
) -> Result<()> {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gif")) {
        let pictures: Result<Vec<Picture>> =
            frames.take(MAX_GIF_FRAMES).map(|planes| Ok(picture(size, planes?))).collect();
        say_name(path, &write_gif(path, &pictures?, rate_hz, metadata)?);
        return Ok(());
    }
    let mut writer = Mp4Writer::create(path, size, rate_hz, metadata)?;
    for planes in frames {
        writer.push(&picture(size, planes?))?;
    }
    say_name(path, &writer.finish()?);
    Ok(())
}

/// Says where a film is that did not get the name asked for.
fn say_name(asked: &Path, made: &Path) {
    if made != asked {
        eprintln!(
            "percept: the film flashes beyond what is safe for everyone, and is named {}",
            made.display()
        );
    }
}
