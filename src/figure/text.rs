//! Text on paper: how wide it is in the embedded faces, wrapping, shortening, escaping.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::figure::fonts;

/// One of the two faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// Inter Regular.
    #[default]
    Regular,
    /// Inter Semi Bold.
    SemiBold,
}

/// Advance widths by character, in ems.
static WIDTHS: LazyLock<[HashMap<char, f32>; 2]> =
    LazyLock::new(|| [advances(fonts::REGULAR), advances(fonts::SEMIBOLD)]);

fn advances(font: &[u8]) -> HashMap<char, f32> {
    let Ok(face) = ttf_parser::Face::parse(font, 0) else { return HashMap::new() };
    let em = f32::from(face.units_per_em());
    let mut widths = HashMap::new();
    for c in (0x20..0x2800).filter_map(char::from_u32) {
        if let Some(width) = face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)) {
            widths.insert(c, f32::from(width) / em);
        }
    }
    widths
}

/// Width of `text` at `size`, in the unit of `size`; kerning is not counted.
#[must_use]
pub fn width(text: &str, size: f32, weight: Weight) -> f32 {
    let [regular, semibold] = &*WIDTHS;
    let widths = if weight == Weight::Regular { regular } else { semibold };
    // Characters that the face lacks are drawn from another one, at most one em wide.
    text.chars().map(|c| widths.get(&c).copied().unwrap_or(1.0)).sum::<f32>() * size
}

/// `text` in lines of at most `most`; a word that is longer than a line is cut.
#[must_use]
pub fn wrap(text: &str, most: f32, size: f32, weight: Weight) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&joined, size, weight) <= most || line.is_empty() {
            *line = joined;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| elide(&line, most, size, weight)).filter(|line| !line.is_empty()).collect()
}

/// `text`, cut and ended with "…" where it is wider than `most`.
#[must_use]
pub fn elide(text: &str, most: f32, size: f32, weight: Weight) -> String {
    if width(text, size, weight) <= most {
        return text.to_owned();
    }
    let room = most - width("…", size, weight);
    let mut used = 0.0;
    let kept = text.chars().take_while(|&c| {
        used += width(c.encode_utf8(&mut [0; 4]), size, weight);
        used <= room
    });
    let kept: String = kept.collect();
    if kept.is_empty() { String::new() } else { format!("{}…", kept.trim_end()) }
}

/// `text` made safe between tags and in attributes; characters that XML does not allow become U+FFFD.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_come_from_the_face() {
        assert!(width("WWW", 10.0, Weight::Regular) > 2.5 * width("iii", 10.0, Weight::Regular));
        assert!(width("abc", 10.0, Weight::SemiBold) > width("abc", 10.0, Weight::Regular));
        for c in "−×°·…→←↔±≤≥µÂ₀⁻³²".chars() {
            assert!(WIDTHS.iter().all(|widths| widths.contains_key(&c)), "{c} is in both faces");
        }
    }

    #[test]
    fn lines_are_never_wider_than_asked_and_lose_no_word() {
        let text = "Curves are means over all units of a layer and nothing else";
        let lines = wrap(text, 60.0, 8.0, Weight::Regular);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 8.0, Weight::Regular) <= 60.0));
        assert_eq!(lines.join(" "), text);
        assert!(wrap("", 60.0, 8.0, Weight::Regular).is_empty());
    }

    #[test]
    fn long_text_is_cut_with_dots() {
        let cut = elide("a very long name of a very long file", 50.0, 8.0, Weight::Regular);
        assert!(cut.ends_with('…') && width(&cut, 8.0, Weight::Regular) <= 50.0, "{cut}");
        assert_eq!(elide("short", 50.0, 8.0, Weight::Regular), "short");
        assert_eq!(elide("anything", 1.0, 8.0, Weight::Regular), "");
    }

    #[test]
    fn nothing_breaks_out_of_xml() {
        assert_eq!(escape("<a href=\"x\">&'\u{1}"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u{FFFD}");
    }
}
