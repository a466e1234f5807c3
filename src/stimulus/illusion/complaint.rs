//! From an error in the whole shader to words for the user: the line of the own file, quoted and marked.

use std::ops::Range;

use crate::error::{Error, Kind};
use crate::stimulus::illusion::compose::without_card;
use crate::stimulus::illusion::parse::line_of;

/// A function that the host asks of an illusion.
pub(super) struct Asked {
    name: &'static str,
    signature: &'static str,
}

/// The function that draws.
pub(super) const STIMULUS: Asked =
    Asked { name: "stimulus", signature: "fn stimulus(at: vec2f, t: f32) -> vec3f" };
/// The function that says what is measured.
pub(super) const REGION: Asked = Asked { name: "region", signature: "fn region(at: vec2f, t: f32) -> vec2f" };

/// Most characters of a line that are quoted, and of those before the place.
const QUOTED: usize = 120;
const QUOTED_BEFORE: usize = 60;

/// Types as the validator names them, and as they are written.
const TYPES: [(&str, &str); 7] = [
    ("Vector { size: Bi, scalar: Scalar { kind: Float, width: 4 } }", "vec2f"),
    ("Vector { size: Tri, scalar: Scalar { kind: Float, width: 4 } }", "vec3f"),
    ("Vector { size: Quad, scalar: Scalar { kind: Float, width: 4 } }", "vec4f"),
    ("Scalar(Scalar { kind: Float, width: 4 })", "f32"),
    ("Scalar(Scalar { kind: Sint, width: 4 })", "i32"),
    ("Scalar(Scalar { kind: Uint, width: 4 })", "u32"),
    ("Scalar(Scalar { kind: Bool, width: 1 })", "bool"),
];

/// The validator's message with types as one writes them and without its inner numbers.
pub(super) fn in_plain_words(message: &str) -> String {
    if message.contains("`return` expression") {
        return "what is returned is not of the type that the function declares".to_owned();
    }
    let mut text = message.to_owned();
    for (named, written) in TYPES {
        text = text.replace(named, written);
    }
    let is_number = |word: &&str| {
        let inside = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        !inside.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.split(' ').filter(is_number).collect::<Vec<_>>().join(" ")
}

/// The error at the first of `spans` that lies in the user's text, which begins at byte `own`. Where none
/// does, the host's own code could not use what the user wrote: the function itself is at fault.
pub(super) fn located(wgsl: &str, own: usize, what: &str, spans: &[Range<usize>], asked: &Asked) -> Error {
    let in_text = |span: &Range<usize>| {
        let start = span.start.checked_sub(own)?;
        (start < wgsl.len()).then(|| start..(span.end - own).clamp(start + 1, wgsl.len()))
    };
    if let Some(place) = spans.iter().find_map(in_text) {
        let advice =
            if what.contains("redefinition") { "Names of the prelude are taken: choose another" } else { "" };
        return Error::new(Kind::Illusion, quoted(wgsl, &place, what)).advise(advice);
    }
    let Asked { name, signature } = asked;
    match function(wgsl, name) {
        Some(place) => {
            // Without any place it is not the function's type that is wrong.
            let what = if spans.is_empty() {
                what.to_owned()
            } else {
                format!("this function must be {signature} ({what})")
            };
            Error::new(Kind::Illusion, quoted(wgsl, &place, &what))
        }
        None => Error::new(
            Kind::Illusion,
            format!("line {}: there is no function {name}", line_of(wgsl, wgsl.len())),
        )
        .advise(format!("Write {signature} {{ ... }}")),
    }
}

/// Where the user's `fn NAME` is, outside line comments.
pub(super) fn function(wgsl: &str, name: &str) -> Option<Range<usize>> {
    let text = without_card(wgsl);
    text.match_indices(name).map(|(at, word)| at..at + word.len()).find(|place| {
        let line = text.get(..place.start).and_then(|head| head.rsplit('\n').next()).unwrap_or_default();
        let whole = text.get(place.end..).is_some_and(|rest| rest.trim_start().starts_with('('));
        let told = text.get(..place.start).is_some_and(|head| head.trim_end().ends_with("fn"));
        whole && told && !line.contains("//")
    })
}

/// "line 7, column 12: what", and under it the line with the place marked.
fn quoted(wgsl: &str, place: &Range<usize>, what: &str) -> String {
    let start = wgsl.get(..place.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let line = wgsl.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let before = wgsl.get(start..place.start).unwrap_or_default().chars().count();
    let marked =
        wgsl.get(place.clone()).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    let number = line_of(wgsl, place.start);
    let margin = number.to_string().len();
    // Of a very long line, what is near the place.
    let skipped = before.saturating_sub(QUOTED_BEFORE);
    let shown: String = line.chars().skip(skipped).take(QUOTED).collect();
    format!(
        "line {number}, column {}: {what}\n{number} | {}\n{:margin$} | {:indent$}{}",
        before + 1,
        // Tabs would put the mark elsewhere than the place.
        shown.replace('\t', " "),
        "",
        "",
        "^".repeat(marked.clamp(1, QUOTED - QUOTED_BEFORE)),
        indent = before - skipped,
    )
}
