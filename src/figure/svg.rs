//! A figure on paper: scalable vector graphics with real text in the embedded faces.

use base64::Engine as _;

use crate::figure::draw::line;
use crate::figure::layout::{LINE, Layout, MARGIN, PanelLayout, TICK, axis_title};
use crate::figure::paper::{AXIS, FAINT, GREY, INK, PaperSize};
use crate::figure::text::escape;
use crate::figure::{Figure, Panel, draw, fonts};

/// Draws `figure` as a whole SVG file that looks the same everywhere: the faces are part of it, and so is
/// the provenance.
#[must_use]
pub fn to_svg(figure: &Figure, size: PaperSize) -> String {
    document(figure, size, &font_faces())
}

/// The same without the faces, for renderers that are given them.
#[must_use]
pub fn to_bare_svg(figure: &Figure, size: PaperSize) -> String {
    document(figure, size, "")
}

fn document(figure: &Figure, size: PaperSize, style: &str) -> String {
    let layout = Layout::new(figure, size);
    let (width, height) = layout.size;
    let PaperSize { width_mm, height_mm, .. } = size.clamped();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width_mm}mm\" height=\"{height_mm}mm\" \
         viewBox=\"0 0 {} {}\" font-family=\"{}, sans-serif\" font-size=\"{}\" fill=\"{INK}\" role=\"img\">\n",
        draw::number(width),
        draw::number(height),
        fonts::FAMILY,
        draw::number(layout.font),
    );
    svg.push_str(&head(figure));
    svg.push_str(style);
    line(&mut svg, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
    for (i, text) in layout.title.iter().enumerate() {
        let y = MARGIN + layout.font * (1.15 + i as f64 * 1.25 * LINE);
        let text = draw::text(
            text,
            MARGIN,
            y,
            "start",
            &format!("font-size=\"{}\" font-weight=\"600\"", draw::number(layout.font * 1.25)),
        );
        line(&mut svg, &text);
    }
    for (index, (panel, placed)) in figure.panels.iter().zip(&layout.panels).enumerate() {
        svg.push_str(&panel_svg(panel, placed, &layout, index, figure.panels.len()));
    }
    let small = format!("font-size=\"{}\" fill=\"{GREY}\"", draw::number(layout.small));
    for (i, text) in layout.footer.iter().enumerate() {
        let y = layout.footer_y + i as f64 * layout.small * LINE;
        line(&mut svg, &draw::text(text, MARGIN, y, "start", &small));
    }
    svg.push_str("</svg>\n");
    svg
}

/// Title, description and metadata: for screen readers, search and whoever asks where a figure is from.
fn head(figure: &Figure) -> String {
    let mut svg = format!("<title>{}</title>\n", escape(&figure.title));
    line(&mut svg, &format!("<desc>{}</desc>", escape(&figure.notes.join(" "))));
    line(&mut svg, "<metadata><provenance xmlns=\"urn:percept:provenance\">");
    for (key, value) in figure.provenance.pairs() {
        line(&mut svg, &format!("<entry key=\"{}\">{}</entry>", escape(key), escape(&value)));
    }
    line(&mut svg, "</provenance></metadata>");
    svg
}

fn font_faces() -> String {
    let face = |weight: u32, bytes: &[u8]| {
        let data = base64::engine::general_purpose::STANDARD.encode(bytes);
        format!(
            "@font-face{{font-family:\"{}\";font-weight:{weight};src:url(data:font/otf;base64,{data}) format(\"opentype\")}}\n",
            fonts::FAMILY
        )
    };
    format!("<style>\n{}{}</style>\n", face(400, fonts::REGULAR), face(600, fonts::SEMIBOLD))
}

fn panel_svg(panel: &Panel, placed: &PanelLayout, layout: &Layout, index: usize, count: usize) -> String {
    let plot = placed.plot;
    let mut svg = format!("<g class=\"panel\" id=\"panel{index}\">\n");
    line(&mut svg, &heading(panel, placed, index, count));
    let clip = format!(
        "<clipPath id=\"clip{index}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
        draw::number(plot.left - 0.5),
        draw::number(plot.top - 1.0),
        draw::number(plot.width() + 1.0),
        draw::number(plot.height() + 2.0),
    );
    line(&mut svg, &clip);
    svg.push_str(&marks(panel, placed, layout.font));
    line(&mut svg, &format!("<g clip-path=\"url(#clip{index})\">"));
    let (low, high) = placed.y_range;
    if low < -0.05 * (high - low) && high > 0.0 {
        let y = draw::place(0.0, placed.y_range, plot.bottom, plot.top);
        line(&mut svg, &draw::segment((plot.left, y), (plot.right, y), FAINT, 0.5, ""));
    }
    for series in &panel.series {
        svg.push_str(&draw::series(series, placed));
    }
    line(&mut svg, "</g>");
    svg.push_str(&names(panel, placed));
    svg.push_str(&axes(panel, placed, layout.font));
    line(&mut svg, "</g>");
    svg
}

fn heading(panel: &Panel, placed: &PanelLayout, index: usize, count: usize) -> String {
    let bold = "font-weight=\"600\"";
    let letter = char::from(b'a' + (index % 26) as u8).to_string();
    let letter =
        if count > 1 { draw::text(&letter, MARGIN, placed.heading_y, "start", bold) } else { String::new() };
    letter + &draw::text(&panel.title, placed.plot.left, placed.heading_y, "start", bold)
}

fn marks(panel: &Panel, placed: &PanelLayout, font: f64) -> String {
    let mut svg = String::new();
    let plot = placed.plot;
    for mark in &panel.marks {
        let x = draw::place(mark.time_s, placed.x_range, plot.left, plot.right);
        if x >= plot.left - 0.01 && x <= plot.right + 0.01 {
            line(&mut svg, &draw::segment((x, plot.top), (x, plot.bottom), GREY, 0.5, "1.6 1.6"));
        }
    }
    let style = format!("font-size=\"{}\" fill=\"{GREY}\"", draw::number(font * 0.9));
    for label in &placed.marks {
        line(&mut svg, &draw::text(&label.text, label.x, label.y, "middle", &style));
    }
    svg
}

fn names(panel: &Panel, placed: &PanelLayout) -> String {
    let mut svg = String::new();
    for name in &placed.names {
        let Some(series) = panel.series.get(name.index) else { continue };
        line(&mut svg, &draw::sample(series, name, placed.plot.right));
        line(&mut svg, &draw::text(&name.text, name.x, name.y, "start", ""));
    }
    svg
}

fn axes(panel: &Panel, placed: &PanelLayout, font: f64) -> String {
    let plot = placed.plot;
    let mut svg = String::new();
    let corner = (plot.left, plot.bottom);
    line(&mut svg, &draw::segment((plot.left, plot.top), corner, AXIS, 0.7, ""));
    line(&mut svg, &draw::segment(corner, (plot.right, plot.bottom), AXIS, 0.7, ""));
    for &value in &placed.y_ticks.values {
        let y = draw::place(value, placed.y_range, plot.bottom, plot.top);
        line(&mut svg, &draw::segment((plot.left - TICK, y), (plot.left, y), AXIS, 0.7, ""));
        let label = placed.y_ticks.label(value);
        line(&mut svg, &draw::text(&label, plot.left - TICK - 2.0, y + font * 0.36, "end", ""));
    }
    for &value in &placed.x_ticks.values {
        let x = draw::place(value, placed.x_range, plot.left, plot.right);
        line(&mut svg, &draw::segment((x, plot.bottom), (x, plot.bottom + TICK), AXIS, 0.7, ""));
        if placed.shows_x {
            let y = plot.bottom + TICK + font * 1.1;
            line(&mut svg, &draw::text(&placed.x_ticks.label(value), x, y, "middle", ""));
        }
    }
    if placed.shows_x {
        let middle = f64::midpoint(plot.left, plot.right);
        let title = axis_title(&panel.x, &placed.x_ticks);
        line(&mut svg, &draw::text(&title, middle, plot.bottom + TICK + font * 2.45, "middle", ""));
    }
    let middle = f64::midpoint(plot.top, plot.bottom);
    let lines = placed.y_title.len();
    for (i, text) in placed.y_title.iter().enumerate() {
        let x = placed.y_title_x - (lines - 1 - i) as f64 * font * LINE;
        let turn = format!("transform=\"rotate(-90 {} {})\"", draw::number(x), draw::number(middle));
        line(&mut svg, &draw::text(text, x, middle, "middle", &turn));
    }
    svg
}
