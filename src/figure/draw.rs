//! The marks that a figure is made of, as SVG: text, straight lines, curves, bands, dots.

use crate::figure::layout::PanelLayout;
use crate::figure::legend::Placed;
use crate::figure::text::escape;
use crate::figure::{Series, Style, curve};

/// Width of curves in points.
const CURVE: f64 = 1.0;
/// Radius of dots in points.
const DOT: f64 = 1.1;
/// Width of the columns that curves are thinned to: a quarter point is under the eye's limit on paper.
const COLUMN: f64 = 0.25;
/// Dashes of [`Style::Dashed`].
const DASHES: &str = "3 1.8";

/// Adds a line of SVG.
pub fn line(svg: &mut String, text: &str) {
    svg.push_str(text);
    svg.push('\n');
}

/// A number in points with at most two decimals.
#[must_use]
pub fn number(value: f64) -> String {
    // Far outside of any sheet there is nothing to see, and renderers lose their precision.
    let value = if value.is_finite() { value.clamp(-1e5, 1e5) } else { 0.0 };
    let text = format!("{value:.2}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Where `value` lies between `start` and `end`, in points.
#[must_use]
pub fn place(value: f64, range: (f64, f64), start: f64, end: f64) -> f64 {
    start + (value - range.0) / (range.1 - range.0) * (end - start)
}

/// A text; `anchor` is "start", "middle" or "end" and `more` holds further attributes.
#[must_use]
pub fn text(text: &str, x: f64, y: f64, anchor: &str, more: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let space = if more.is_empty() { "" } else { " " };
    let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    format!("<text x=\"{}\" y=\"{}\"{anchor}{space}{more}>{}</text>", number(x), number(y), escape(text))
}

/// A straight line.
#[must_use]
pub fn segment(from: (f64, f64), to: (f64, f64), color: &str, width: f64, dashes: &str) -> String {
    let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
    format!(
        "<path d=\"M{} {}L{} {}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dashes}/>",
        number(from.0),
        number(from.1),
        number(to.0),
        number(to.1)
    )
}

/// `#rrggbb`
#[must_use]
pub fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A series with its band, inside its panel.
#[must_use]
pub fn series(series: &Series, panel: &PanelLayout) -> String {
    let color = hex(series.color);
    let plot = panel.plot;
    let x = |value: f64| place(value, panel.x_range, plot.left, plot.right);
    let y = |value: f64| place(value, panel.y_range, plot.bottom, plot.top);
    let points: Vec<[f64; 2]> = series.points.iter().map(|p| [x(p[0]), y(p[1])]).collect();
    let band: Vec<[f64; 2]> = series.band.iter().map(|b| [y(b[0]), y(b[1])]).collect();

    let mut svg = format!("<g class=\"series\"><title>{}</title>\n", escape(&series.label));
    for edges in curve::bands(&points, &band, COLUMN) {
        let there = edges.iter().map(|e| [e[0], e[1]]);
        let back = edges.iter().rev().map(|e| [e[0], e[2]]);
        let outline = path(there.chain(back));
        line(&mut svg, &format!("<path d=\"{outline}Z\" fill=\"{color}\" fill-opacity=\"0.2\"/>"));
    }
    match series.style {
        Style::Dots => {
            svg.push_str(&dots(points.into_iter().filter(|p| p.iter().all(|v| v.is_finite())), &color));
        }
        Style::Line | Style::Dashed => svg.push_str(&lines(&points, series.style, &color)),
    }
    svg.push_str("</g>\n");
    svg
}

fn lines(points: &[[f64; 2]], style: Style, color: &str) -> String {
    // A point between two gaps is no line: a dot, or it would not be seen.
    let (single, long): (Vec<_>, Vec<_>) = curve::runs(points).into_iter().partition(|run| run.len() == 1);
    let mut svg = String::new();
    let drawn: String = long.iter().map(|run| path(curve::thin(run, COLUMN).into_iter())).collect();
    if !drawn.is_empty() {
        let dashes = dashes(style);
        line(
            &mut svg,
            &format!(
                "<path d=\"{drawn}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{CURVE}\" stroke-linejoin=\"round\"{dashes}/>"
            ),
        );
    }
    svg + &dots(single.into_iter().flatten(), color)
}

fn dashes(style: Style) -> String {
    if style == Style::Dashed { format!(" stroke-dasharray=\"{DASHES}\"") } else { String::new() }
}

/// Dots that fall on one place on paper are drawn once.
fn dots(points: impl Iterator<Item = [f64; 2]>, color: &str) -> String {
    let mut places: Vec<(i64, i64)> =
        points.map(|p| ((p[0] / COLUMN).round() as i64, (p[1] / COLUMN).round() as i64)).collect();
    places.sort_unstable();
    places.dedup();
    let mut svg = String::new();
    for (x, y) in places {
        let (x, y) = (number(x as f64 * COLUMN), number(y as f64 * COLUMN));
        line(&mut svg, &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{DOT}\" fill=\"{color}\"/>"));
    }
    svg
}

fn path(points: impl Iterator<Item = [f64; 2]>) -> String {
    let mut d = String::new();
    for (i, [x, y]) in points.enumerate() {
        let letter = if i == 0 { 'M' } else { 'L' };
        d.push(letter);
        d.push_str(&number(x));
        d.push(' ');
        d.push_str(&number(y));
    }
    d
}

/// The short line (or dot) before a name: from the end of the curve to the name where they meet at `right`.
#[must_use]
pub fn sample(series: &Series, name: &Placed, right: f64) -> String {
    let color = hex(series.color);
    let (end, middle) = (name.x - 3.0, name.middle);
    if series.style == Style::Dots {
        return dots(std::iter::once([end - 3.0, middle]), &color).trim_end().to_owned();
    }
    let points = match name.end {
        Some(start) => vec![[right + 1.5, start], [right + 3.5, start], [end - 3.0, middle], [end, middle]],
        None => vec![[end - 9.0, middle], [end, middle]],
    };
    format!(
        "<path d=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{CURVE}\" stroke-linejoin=\"round\"{}/>",
        path(points.into_iter()),
        dashes(series.style)
    )
}
