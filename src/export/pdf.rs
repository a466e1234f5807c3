//! A figure as PDF: vector, with real text in the embedded faces and the provenance in its document information.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, TextStr};
use svg2pdf::ConversionOptions;

use crate::error::{Context as _, Kind, Result};
use crate::export::png;
use crate::figure::Figure;
use crate::figure::paper::PaperSize;

/// The file's bytes.
///
/// # Errors
/// [`Kind::Internal`] when the drawing cannot be turned into PDF.
pub fn bytes(figure: &Figure, size: PaperSize, _dpi: f64) -> Result<Vec<u8>> {
    let tree = png::tree(figure, size)?;
    let (drawing, drawing_ref) = svg2pdf::to_chunk(&tree, ConversionOptions::default())
        .context(Kind::Internal, "the figure cannot be turned into PDF")?;

    let mut next = Ref::new(1);
    let [catalog, pages, page, content, info] = std::array::from_fn(|_| next.bump());
    let mut numbers = std::collections::HashMap::new();
    let mut drawing_id = drawing_ref;
    let drawing = drawing.renumber(|old| {
        let new = *numbers.entry(old).or_insert_with(|| next.bump());
        if old == drawing_ref {
            drawing_id = new;
        }
        new
    });

    let (width, height) = size.clamped().points();
    let (width, height) = (width as f32, height as f32);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, width, height)).parent(pages).contents(content);
    sheet.resources().x_objects().pair(Name(b"Figure"), drawing_id);
    sheet.finish();
    let mut draw = Content::new();
    // The drawing is one unit wide and high.
    draw.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"Figure"));
    pdf.stream(content, &draw.finish());
    pdf.extend(&drawing);
    information(&mut pdf, info, figure);
    Ok(pdf.finish())
}

/// Title, notes as subject, and every pair of the provenance under its own key.
fn information(pdf: &mut Pdf, id: Ref, figure: &Figure) {
    let pairs = figure.provenance.pairs();
    let listed: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let creator = format!("Percept {}", figure.provenance.version);
    let mut info = pdf.document_info(id);
    info.title(TextStr(&figure.title)).creator(TextStr(creator.trim())).producer(TextStr("svg2pdf"));
    info.subject(TextStr(&figure.notes.join(" "))).keywords(TextStr(&listed.join("; ")));
    for (key, value) in &pairs {
        info.pair(Name(format!("percept.{key}").as_bytes()), TextStr(value));
    }
}
