//! From an illusion to a whole shader: prelude, parameters, the user's own text, entry points; and from
//! an error in that shader back to the user's own line.

use std::fmt::Write as _;
use std::ops::Range;

use wgpu::naga::front::wgsl;
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};

use crate::error::Result;
use crate::gpu::raster::{ENTRY_POINTS, PRELUDE};
use crate::stimulus::illusion::parse::{front_matter, in_file};
use crate::stimulus::illusion::{Illusion, complaint, depth};

/// The whole shader of an illusion. The card is blanked, the rest of the user's text is as written.
#[must_use]
pub fn compose(illusion: &Illusion) -> String {
    let mut whole = before(illusion);
    whole.push_str(&without_card(&illusion.wgsl));
    whole.push('\n');
    whole.push_str(ENTRY_POINTS);
    whole
}

/// The whole shader that draws the regions measured, red what `region` calls x and green what it calls y, as
/// linear as they are; `None` for an illusion without that function.
#[must_use]
pub fn compose_region(illusion: &Illusion) -> Option<String> {
    if !has_region(illusion) {
        return None;
    }
    let entry = ENTRY_POINTS
        .replace("return stimulus(at, view.time_s);", "return vec3f(region(at, view.time_s), 0.0);")
        .replace("return linear_to_srgb(light);", "return light;");
    Some(before(illusion) + &without_card(&illusion.wgsl) + "\n" + &entry)
}

/// Whether it has a function `region`.
#[must_use]
pub fn has_region(illusion: &Illusion) -> bool {
    complaint::function(&illusion.wgsl, "region").is_some()
}

/// Parses and validates the whole shader without a graphics device. To be asked before a driver is given
/// the shader: a text that is too deep would overflow the stack of any compiler.
///
/// # Errors
/// [`crate::error::Kind::Illusion`] with line and column in the user's own file and that line quoted.
pub fn validate(illusion: &Illusion) -> Result<()> {
    check(illusion, &compose(illusion), &complaint::STIMULUS)?;
    match compose_region(illusion) {
        Some(whole) => check(illusion, &whole, &complaint::REGION),
        None => Ok(()),
    }
}

/// Whether `whole`, an illusion's shader, is one; `asked` is the function of the illusion's that the host calls.
fn check(illusion: &Illusion, whole: &str, asked: &complaint::Asked) -> Result<()> {
    let own = before(illusion).len();
    let fail = |what: &str, spans: Vec<Range<usize>>| {
        Err(in_file(complaint::located(&illusion.wgsl, own, what, &spans, asked), &illusion.origin))
    };
    if let Some((at, what)) = depth::too_deep(&without_card(&illusion.wgsl)) {
        return fail(what, std::iter::once(own + at..own + at + 1).collect());
    }
    let module = match wgsl::parse_str(whole) {
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
            // From the whole function down to the expression: the shortest says it best.
            let mut spans: Vec<_> = error.spans().filter_map(|(span, _)| span.to_range()).collect();
            spans.sort_by_key(Range::len);
            // And so does the innermost cause, without "function 19 is invalid" before it.
            let mut cause: &dyn std::error::Error = error.as_inner();
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            fail(&complaint::in_plain_words(&cause.to_string()), spans)
        }
    }
}

/// Everything that stands before the user's text.
fn before(illusion: &Illusion) -> String {
    let mut text = String::from(PRELUDE);
    text.push_str("\nstruct Params {\n");
    for param in &illusion.card.params {
        // Writing to a string cannot fail.
        writeln!(text, "    {}: f32,", param.name).ok();
    }
    if illusion.card.params.is_empty() {
        // WGSL has no empty struct.
        text.push_str("    none: f32,\n");
    }
    text.push_str("}\n@group(0) @binding(1) var<storage, read> p: Params;\n");
    text
}

/// The text with every character of the card but its line ends made blank: byte for byte as long.
pub(super) fn without_card(wgsl: &str) -> String {
    let Some(card) = front_matter(wgsl) else { return wgsl.to_owned() };
    let blank = wgsl.get(..card.end).unwrap_or_default().bytes();
    let mut text: String = blank.map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.push_str(wgsl.get(card.end..).unwrap_or_default());
    text
}
