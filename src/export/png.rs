//! A figure as PNG, drawn from its SVG, with resolution and provenance in the file.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::error::{Context as _, Error, Kind, Result};
use crate::figure::paper::PaperSize;
use crate::figure::{Figure, fonts, svg};
use crate::provenance::Provenance;
use crate::safety::limits::{MAX_PIXELS, MAX_SIDE_PX};

const METRES_PER_INCH: f64 = 0.0254;
/// Resolution that SVG lengths are read with (CSS).
const CSS_DPI: f64 = 96.0;

pub(super) static FACES: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut faces = fontdb::Database::new();
    faces.load_font_data(fonts::REGULAR.to_vec());
    faces.load_font_data(fonts::SEMIBOLD.to_vec());
    faces.set_sans_serif_family(fonts::FAMILY);
    Arc::new(faces)
});

/// The figure as a tree of shapes and text in the embedded faces.
///
/// # Errors
/// [`Kind::Internal`] when our own SVG cannot be read.
pub fn tree(figure: &Figure, size: PaperSize) -> Result<Tree> {
    tree_of(&svg::to_bare_svg(figure, size))
}

/// Any SVG as a tree, with the embedded faces alone.
///
/// # Errors
/// [`Kind::Internal`] when it cannot be read.
pub fn tree_of(svg: &str) -> Result<Tree> {
    let font_family = fonts::FAMILY.to_owned();
    let options = Options { fontdb: Arc::clone(&FACES), font_family, ..Options::default() };
    Tree::from_str(svg, &options).context(Kind::Internal, "the figure cannot be drawn")
}

/// The file's bytes at `dpi` dots per inch.
///
/// # Errors
/// [`Kind::TooLarge`] when that is more pixels than `safety::limits` allows.
pub fn bytes(figure: &Figure, size: PaperSize, dpi: f64) -> Result<Vec<u8>> {
    let dpi = if dpi.is_finite() { dpi.clamp(10.0, 4800.0) } else { super::DEFAULT_DPI };
    let tree = tree(figure, size)?;
    let scale = dpi / CSS_DPI;
    let side = |css: f32| (f64::from(css) * scale).round().max(1.0);
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    if width.max(height) > f64::from(MAX_SIDE_PX) || width * height > MAX_PIXELS as f64 {
        return Err(Error::new(
            Kind::TooLarge,
            format!("{width} by {height} pixels are too many for a picture"),
        )
        .advise("Choose a smaller size or fewer dots per inch, or write SVG or PDF"));
    }
    let mut pixmap = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| Error::new(Kind::Internal, "there is no memory for the picture"))?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixmap.as_mut());
    let rgb: Vec<u8> =
        pixmap.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
    encode(&rgb, width as u32, height as u32, Some(dpi), &figure.provenance)
}

/// 8-bit sRGB pixels as a PNG file; provenance goes into text chunks.
///
/// # Errors
/// [`Kind::Internal`] when the pixels do not fill the size.
pub fn encode(
    rgb: &[u8],
    width: u32,
    height: u32,
    dpi: Option<f64>,
    provenance: &Provenance,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(&mut bytes, rgb, (width, height), dpi, provenance)
        .context(Kind::Internal, "the picture cannot be encoded")?;
    Ok(bytes)
}

fn write(
    bytes: &mut Vec<u8>,
    rgb: &[u8],
    (width, height): (u32, u32),
    dpi: Option<f64>,
    provenance: &Provenance,
) -> Result<(), ::png::EncodingError> {
    let mut encoder = ::png::Encoder::new(bytes, width, height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_source_srgb(::png::SrgbRenderingIntent::Perceptual);
    if let Some(dpi) = dpi {
        let per_metre = (dpi / METRES_PER_INCH).round() as u32;
        let unit = ::png::Unit::Meter;
        encoder.set_pixel_dims(Some(::png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    }
    encoder.add_itxt_chunk("Software".to_owned(), format!("Percept {}", provenance.version))?;
    for (key, value) in provenance.pairs() {
        // A text chunk ends its keyword with a zero byte; the text itself may not hold one.
        encoder.add_itxt_chunk(format!("percept:{key}"), value.replace('\0', "\u{FFFD}"))?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()
}
