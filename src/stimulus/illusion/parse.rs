//! From the text of a WGSL file to an [`Illusion`]: the card is the TOML in the leading comment.
//!
//! Every error names the line of the user's own file.

use std::ops::Range;

use crate::error::{Error, Kind, Result};
use crate::safety::limits;
use crate::stimulus::illusion::check::{self, Fault};
use crate::stimulus::illusion::compose;
use crate::stimulus::illusion::{Card, Illusion, Origin};

const OPEN: &str = "/*---";
const CLOSE: &str = "---*/";

/// Reads an illusion from the text of its file. `slug` is the file's name without `.wgsl`.
///
/// # Errors
/// [`Kind::Illusion`] when the card is missing or wrong, [`Kind::TooLarge`] for a text above the limit;
/// both with the user's file.
pub fn parse(slug: &str, wgsl: &str, origin: Origin) -> Result<Illusion> {
    let card = read_card(slug, wgsl).map_err(|error| in_file(error, &origin))?;
    let illusion = Illusion { slug: slug.to_owned(), card, wgsl: wgsl.to_owned(), origin };
    if illusion.card.measure.as_ref().is_some_and(|measure| measure.of.needs_region())
        && !compose::has_region(&illusion)
    {
        let line = wgsl.find("measure").map_or(1, |at| line_of(wgsl, at));
        let error = wrong(line, "what is measured needs a region, but there is no function region")
            .advise("Write fn region(at: vec2f, t: f32) -> vec2f, 1 inside the region that counts (x) and inside the one that it is compared with (y)");
        return Err(in_file(error, &illusion.origin));
    }
    Ok(illusion)
}

/// Names the user's file in an error; a built-in illusion has none.
pub(super) fn in_file(error: Error, origin: &Origin) -> Error {
    match origin {
        Origin::User(path) => error.at(path),
        Origin::BuiltIn => error,
    }
}

/// Bytes of the leading comment, its marks included; `None` where there is no card.
pub(super) fn front_matter(wgsl: &str) -> Option<Range<usize>> {
    let start = wgsl.len() - wgsl.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    let rest = wgsl.get(start..)?.strip_prefix(OPEN)?;
    let end = start + OPEN.len() + rest.find(CLOSE)?;
    Some(start..end + CLOSE.len())
}

/// Line of the byte `at`, counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

fn read_card(slug: &str, wgsl: &str) -> Result<Card> {
    if wgsl.len() as u64 > limits::MAX_ILLUSION_BYTES {
        let most = limits::MAX_ILLUSION_BYTES / 1024;
        return Err(Error::new(Kind::TooLarge, format!("an illusion's file may have {most} KiB at most")));
    }
    if !check::is_slug(slug) {
        return Err(Error::new(Kind::Illusion, format!("\"{slug}\" cannot be the name of an illusion"))
            .advise("Name the file with letters, digits, - and _ alone, for example my_illusion.wgsl"));
    }
    let comment = front_matter(wgsl).ok_or_else(|| {
        Error::new(Kind::Illusion, "line 1: the file does not begin with a card").advise(format!(
            "Begin it with {OPEN}, then name = \"...\" and the rest of the card, then {CLOSE}"
        ))
    })?;
    let inside = comment.start + OPEN.len()..comment.end - CLOSE.len();
    let toml = wgsl.get(inside.clone()).unwrap_or_default();
    let card: Card = toml::from_str(toml).map_err(|error| {
        let at = inside.start + error.span().map_or(0, |span| span.start);
        wrong(line_of(wgsl, at), error.message())
    })?;
    check::card(&card)
        .map_err(|fault| wrong(line_of(wgsl, inside.start + place_of(toml, &fault)), &fault.what))?;
    Ok(card)
}

/// Where in the card a fault is: its word, in quotes or bare, and of several the last (a duplicate).
fn place_of(toml: &str, fault: &Fault) -> usize {
    let quoted = format!("\"{}\"", fault.word);
    toml.rfind(&quoted).or_else(|| toml.find(&fault.word)).unwrap_or(0)
}

fn wrong(line: usize, what: &str) -> Error {
    // TOML's messages may have several lines; the first says it.
    let what = what.lines().next().unwrap_or_default();
    Error::new(Kind::Illusion, format!("line {line}: {what}")).advise("Correct the card and save the file")
}
