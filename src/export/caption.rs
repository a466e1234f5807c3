//! An empty page for a film: dark ground, captions over the panels, a small line below.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::error::{Context as _, Error, Kind, Result};
use crate::figure::fonts;
use crate::frame::Picture;
use crate::units::PixelSize;

/// Ground, as the window's own.
const GROUND: [u8; 3] = [0x12, 0x14, 0x18];

/// A caption: its left edge in pixels, its text and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption<'a> {
    /// Left edge in pixels.
    pub left: u32,
    /// One line of text.
    pub text: &'a str,
    /// sRGB.
    pub color: [u8; 3],
}

/// A page of `size` with captions in a strip of `strip` pixels at the top and `foot` at the bottom.
///
/// # Errors
/// [`Kind::Internal`] when there is no memory for it.
pub fn page(size: PixelSize, strip: u32, captions: &[Caption<'_>], foot: &str) -> Result<Picture> {
    let svg = svg(size, strip, captions, foot);
    let options = Options {
        fontdb: Arc::clone(&super::png::FACES),
        font_family: fonts::FAMILY.to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(&svg, &options).context(Kind::Internal, "the captions cannot be drawn")?;
    let mut pixmap = Pixmap::new(size.width, size.height)
        .ok_or_else(|| Error::new(Kind::Internal, "there is no memory for the film's page"))?;
    pixmap.fill(Color::from_rgba8(GROUND[0], GROUND[1], GROUND[2], 255));
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let rgb = pixmap.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
    Ok(Picture { size, rgb })
}

fn svg(size: PixelSize, strip: u32, captions: &[Caption<'_>], foot: &str) -> String {
    let PixelSize { width, height } = size;
    let line = |left: u32, y: u32, style: &str, text: &str| {
        format!(r#"<text x="{left}" y="{y}" {style}>{}</text>"#, escape(text))
    };
    let titles = captions.iter().map(|caption| {
        let [r, g, b] = caption.color;
        let style = format!(r#"font-size="18" font-weight="600" fill="rgb({r},{g},{b})""#);
        line(caption.left, strip - strip / 8, &style, caption.text)
    });
    let left = captions.first().map_or(0, |caption| caption.left);
    let foot = line(left, height.saturating_sub(10), r##"font-size="13" fill="#8a919c""##, foot);
    let body: String = titles.chain([foot]).collect();
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{body}</svg>"#)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_drawn_where_they_belong_and_in_their_colour() {
        let size = PixelSize::new(400, 100);
        let caption = Caption { left: 200, text: "a < b & c", color: [255, 0, 0] };
        let page = page(size, 40, &[caption], "below").unwrap();
        let red = |x0: usize, x1: usize| {
            (0..40)
                .flat_map(|y| (x0..x1).map(move |x| 3 * (y * 400 + x)))
                .filter(|&at| page.rgb[at] > 200 && page.rgb[at + 1] < 80)
                .count()
        };
        assert_eq!(red(0, 199), 0);
        assert!(red(200, 400) > 20);
    }
}
