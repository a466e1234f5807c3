//! Light colouring of an illusion's text: the card as TOML, the rest as WGSL.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything else.
    Plain,
    /// A comment.
    Comment,
    /// A word of the language, or a key of the card.
    Keyword,
    /// A type.
    Type,
    /// A number.
    Number,
    /// Text in quotes.
    Text,
    /// The beginning or end of the card.
    Fence,
}

const KEYWORDS: [&str; 22] = [
    "fn",
    "let",
    "var",
    "const",
    "if",
    "else",
    "for",
    "while",
    "loop",
    "return",
    "struct",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "continuing",
    "discard",
    "true",
    "false",
    "alias",
    "override",
];
const TYPES: [&str; 20] = [
    "f32", "i32", "u32", "bool", "vec2", "vec3", "vec4", "vec2f", "vec3f", "vec4f", "vec2i", "vec3i",
    "vec4i", "vec2u", "vec3u", "vec4u", "mat2x2f", "mat3x3f", "mat4x4f", "array",
];

/// What was laid out last, so that a text is coloured once and not in every frame.
#[derive(Default)]
pub(crate) struct Coloured {
    text: String,
    dark: bool,
    job: LayoutJob,
}

impl Coloured {
    /// The text in colours, unwrapped.
    pub(crate) fn job(
        &mut self,
        text: &str,
        dark: bool,
        font: &FontId,
        ink: impl Fn(Kind) -> Color32,
    ) -> LayoutJob {
        if self.text != text || self.dark != dark || self.job.is_empty() {
            let mut job = LayoutJob::default();
            for (range, kind) in stretches(text) {
                let format = TextFormat::simple(font.clone(), ink(kind));
                job.append(text.get(range).unwrap_or_default(), 0.0, format);
            }
            job.wrap.max_width = f32::INFINITY;
            (self.text, self.dark, self.job) = (text.to_owned(), dark, job);
        }
        self.job.clone()
    }
}

/// The text cut into stretches that follow each other without a gap.
fn stretches(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
    let mut in_card = false;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, kind) = next(rest, in_card);
        if kind == Kind::Fence {
            in_card = !in_card;
        }
        let end = at + length.max(1);
        match found.last_mut() {
            Some((range, last)) if *last == kind => range.end = end,
            _ => found.push((at..end, kind)),
        }
        at = end;
    }
    found
}

/// Length in bytes and kind of what a text begins with.
fn next(rest: &str, in_card: bool) -> (usize, Kind) {
    let until = |end: &str| rest.get(2..).and_then(|inner| inner.find(end)).map(|at| at + 2 + end.len());
    let line = rest.find('\n').unwrap_or(rest.len());
    let first = rest.chars().next().unwrap_or(' ');
    if !in_card && rest.starts_with("/*---") {
        return (5, Kind::Fence);
    }
    if in_card && rest.starts_with("---*/") {
        return (5, Kind::Fence);
    }
    if (in_card && first == '#') || (!in_card && rest.starts_with("//")) {
        return (line, Kind::Comment);
    }
    if !in_card && rest.starts_with("/*") {
        return (until("*/").unwrap_or(rest.len()), Kind::Comment);
    }
    if in_card && first == '"' {
        let inner = rest.get(1..line).unwrap_or_default();
        return (inner.find('"').map_or(line, |at| at + 2), Kind::Text);
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let length = rest.find(|c: char| !word(c)).unwrap_or(rest.len());
    if first.is_ascii_digit() {
        let number = |c: char| c.is_ascii_alphanumeric() || c == '.';
        return (rest.find(|c: char| !number(c)).unwrap_or(rest.len()), Kind::Number);
    }
    if length == 0 {
        return (first.len_utf8(), Kind::Plain);
    }
    let name = rest.get(..length).unwrap_or_default();
    let is_key =
        in_card && rest.get(length..).is_some_and(|after| after.trim_start_matches(' ').starts_with('='));
    let kind = match name {
        _ if is_key => Kind::Keyword,
        "true" | "false" => Kind::Keyword,
        _ if !in_card && KEYWORDS.contains(&name) => Kind::Keyword,
        _ if !in_card && TYPES.contains(&name) => Kind::Type,
        _ => Kind::Plain,
    };
    (length, kind)
}

#[cfg(test)]
mod tests {
    use super::Kind::{Comment, Keyword, Number, Plain, Text, Type};
    use super::*;

    #[test]
    fn card_and_code_are_told_apart_and_nothing_is_lost() {
        let text = "/*---\nname = \"Ä # b\" # why\nmin = 0.5\n---*/\n// note\nfn stimulus(at: vec2f) { return 1.5; }\n";
        let found = stretches(text);
        let mut end = 0;
        for (range, _) in &found {
            assert_eq!(range.start, end);
            end = range.end;
        }
        assert_eq!(end, text.len());
        let of = |word: &str| {
            let at = text.find(word).unwrap();
            found.iter().find(|(range, _)| range.contains(&at)).unwrap().1
        };
        let kinds =
            ["name", "\"Ä", "# why", "0.5", "// note", "fn", "stimulus", "vec2f", "return", "1.5"].map(of);
        assert_eq!(kinds, [Keyword, Text, Comment, Number, Comment, Keyword, Plain, Type, Keyword, Number]);
    }

    #[test]
    fn unfinished_text_ends() {
        for text in ["/*---\nname = \"", "/* open", "\"", "//", "é", "1.", "/*---"] {
            assert_eq!(stretches(text).last().map(|(range, _)| range.end), Some(text.len()), "{text}");
        }
    }
}
