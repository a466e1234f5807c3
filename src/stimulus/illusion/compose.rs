//! From an illusion to a whole shader: prelude, parameters, the user's own text, entry points; and from
//! an error in that shader back to the user's own line.

use std::error::Error as _;
use std::ops::Range;

use wgpu::naga::front::wgsl;
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};

use crate::error::{Error, Kind, Result};
use crate::gpu::raster::{ENTRY_POINTS, PRELUDE};
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::parse::{front_matter, in_file, line_of};

const SIGNATURE: &str = "fn stimulus(at: vec2f, t: f32) -> vec3f";

/// The whole shader of an illusion. The card is blanked, the rest of the user's text is as written.
#[must_use]
pub fn compose(illusion: &Illusion) -> String {
    let mut whole = before(illusion);
    whole.push_str(&without_card(&illusion.wgsl));
    whole.push('\n');
    whole.push_str(ENTRY_POINTS);
    whole
}

/// Parses and validates the whole shader without a graphics device.
///
/// # Errors
/// [`Kind::Illusion`] with line and column in the user's own file and that line quoted.
pub fn validate(illusion: &Illusion) -> Result<()> {
    let whole = compose(illusion);
    let own = before(illusion).len();
    let fail = |what: &str, spans: Vec<Range<usize>>| {
        Err(in_file(located(&illusion.wgsl, own, what, &spans), &illusion.origin))
    };
    let module = match wgsl::parse_str(&whole) {
        Ok(module) => module,
        Err(error) => {
            let spans = error.labels().filter_map(|(span, _)| span.to_range()).collect();
            let notes: Vec<_> = error.notes().take(2).collect();
            let message = [&[error.message()], notes.as_slice()].concat().join("; ");
            return fail(&message, spans);
        }
    };
    match Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module) {
        Ok(_) => Ok(()),
        Err(error) => {
            let spans = error.spans().filter_map(|(span, _)| span.to_range()).collect();
            let mut message = error.as_inner().to_string();
            let mut cause = error.as_inner().source();
            while let Some(deeper) = cause {
                message = format!("{message}: {deeper}");
                cause = deeper.source();
            }
            fail(&message, spans)
        }
    }
}

/// Everything that stands before the user's text.
fn before(illusion: &Illusion) -> String {
    let mut text = String::from(PRELUDE);
    text.push_str("\nstruct Params {\n");
    for param in &illusion.card.params {
        text.push_str(&format!("    {}: f32,\n", param.name));
    }
    if illusion.card.params.is_empty() {
        // WGSL has no empty struct.
        text.push_str("    none: f32,\n");
    }
    text.push_str("}\n@group(0) @binding(1) var<uniform> p: Params;\n");
    text
}

/// The text with every character of the card but its line ends made blank: byte for byte as long.
fn without_card(wgsl: &str) -> String {
    let Some(card) = front_matter(wgsl) else { return wgsl.to_owned() };
    let blank = wgsl.get(..card.end).unwrap_or_default().bytes();
    let mut text: String = blank.map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.push_str(wgsl.get(card.end..).unwrap_or_default());
    text
}

/// The error at the first of `spans` that lies in the user's text, which begins at byte `own`. Where none
/// does, the host's own code could not use what the user wrote: the function itself is at fault.
fn located(wgsl: &str, own: usize, what: &str, spans: &[Range<usize>]) -> Error {
    let in_text = |span: &Range<usize>| {
        let start = span.start.checked_sub(own)?;
        (start < wgsl.len()).then(|| start..(span.end - own).clamp(start + 1, wgsl.len()))
    };
    if let Some(place) = spans.iter().find_map(in_text) {
        let advice = if what.contains("redefinition") { "Names of the prelude are taken: choose another" } else { "" };
        return Error::new(Kind::Illusion, quoted(wgsl, &place, what)).advise(advice);
    }
    match function(wgsl) {
        Some(place) => {
            let what = format!("this function must be {SIGNATURE} ({what})");
            Error::new(Kind::Illusion, quoted(wgsl, &place, &what))
        }
        None => Error::new(Kind::Illusion, format!("line {}: there is no function stimulus", line_of(wgsl, wgsl.len())))
            .advise(format!("Write {SIGNATURE} {{ ... }}")),
    }
}

/// Where the user's `fn stimulus` is, outside line comments.
fn function(wgsl: &str) -> Option<Range<usize>> {
    let text = without_card(wgsl);
    text.match_indices("stimulus").map(|(at, word)| at..at + word.len()).find(|place| {
        let line = text.get(..place.start).and_then(|head| head.rsplit('\n').next()).unwrap_or_default();
        !line.contains("//") && text.get(..place.start).is_some_and(|head| head.trim_end().ends_with("fn"))
    })
}

/// "line 7, column 12: what", and under it the line with the place marked.
fn quoted(wgsl: &str, place: &Range<usize>, what: &str) -> String {
    let start = wgsl.get(..place.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let line = wgsl.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let before = wgsl.get(start..place.start).unwrap_or_default().chars().count();
    let marked = wgsl.get(place.clone()).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    let number = line_of(wgsl, place.start);
    let margin = number.to_string().len();
    // Tabs would put the mark elsewhere than the place.
    let shown = line.replace('\t', " ");
    format!(
        "line {number}, column {}: {what}\n{number} | {shown}\n{:margin$} | {:before$}{}",
        before + 1,
        "",
        "",
        "^".repeat(marked.max(1)),
    )
}
