//! Whether a text is an illusion: asked on a thread of its own, for a shader takes its time.

use crossbeam_channel::{Receiver, Sender, bounded};

use super::Sheet;
use crate::error::{Error, Result};
use crate::stimulus::illusion::{Illusion, Origin, compose, parse};

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// The line, from 1, where one is at fault.
    pub line: Option<usize>,
    /// What is wrong, without the line.
    pub what: String,
}

impl Complaint {
    /// Of "line 7, column 3: what" and the quoted line under it, what there is to say in the editor, which shows the
    /// line itself.
    pub(crate) fn of(error: &Error) -> Self {
        let first = error.what.lines().next().unwrap_or_default();
        let located = first.strip_prefix("line ").and_then(|rest| {
            let (place, what) = rest.split_once(": ")?;
            let digits = place.split(|c: char| !c.is_ascii_digit()).next()?;
            Some((digits.parse().ok()?, what))
        });
        let (line, what) = located.map_or((None, first), |(line, what)| (Some(line), what));
        // "Correct the card and save the file" goes without saying where it is being corrected.
        let advice = if error.advice.contains("save the file") { "" } else { error.advice.as_str() };
        let what = if advice.is_empty() { what.to_owned() } else { format!("{what}. {advice}") };
        Self { line, what }
    }
}

/// What came of a check.
pub(super) struct Checked {
    pub(super) slug: String,
    pub(super) version: u64,
    pub(super) outcome: Result<Illusion, Complaint>,
}

struct Order {
    slug: String,
    origin: Origin,
    text: String,
    version: u64,
}

/// The thread that checks.
pub(super) struct Checker {
    orders: Sender<Order>,
    checked: Receiver<Checked>,
}

impl Checker {
    pub(super) fn new(ctx: egui::Context) -> Self {
        let (orders, wanted) = bounded::<Order>(1);
        let (deliver, checked) = bounded(4);
        let work = move || {
            for Order { slug, origin, text, version } in wanted {
                let outcome = illusion(&slug, &text, origin).map_err(|error| Complaint::of(&error));
                if deliver.send(Checked { slug, version, outcome }).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
        };
        if let Err(cause) = std::thread::Builder::new().name("percept-checker".to_owned()).spawn(work) {
            tracing::error!("what is edited is not checked: no thread: {cause}");
        }
        Self { orders, checked }
    }

    /// Has a text checked; `false` while the one before it still is.
    pub(super) fn check(&self, sheet: &Sheet) -> bool {
        let Sheet { slug, origin, text, version, .. } = sheet.clone();
        self.orders.try_send(Order { slug, origin, text, version }).is_ok()
    }

    pub(super) fn take(&self) -> Option<Checked> {
        self.checked.try_recv().ok()
    }
}

/// The illusion of a text that is in order in every way that can be told without a graphics driver.
pub(super) fn illusion(slug: &str, text: &str, origin: Origin) -> Result<Illusion> {
    let illusion = parse::parse(slug, text, origin)?;
    compose::validate(&illusion)?;
    Ok(illusion)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "/*---\nname = \"A\"\nfamily = \"motion\"\npercept = \"B\"\nreadout = \"flow\"\n---*/\n\
                        fn stimulus(at: vec2f, t: f32) -> vec3f {\n    return vec3f(0.5);\n}\n";

    fn complaint(text: &str) -> Complaint {
        Complaint::of(&illusion("mine", text, Origin::BuiltIn).unwrap_err())
    }

    #[test]
    fn a_fault_is_told_with_its_line_once() {
        assert!(illusion("mine", GOOD, Origin::BuiltIn).is_ok());
        let of_card = complaint(&GOOD.replace("readout = \"flow\"", "readout = \"smell\""));
        assert_eq!(of_card.line, Some(5));
        assert!(of_card.what.starts_with("readout is \"smell\""), "{of_card:?}");
        assert!(!of_card.what.contains("save the file"), "{of_card:?}");
        let of_code = complaint(&GOOD.replace("vec3f(0.5)", "vec3f(nothing)"));
        assert_eq!(of_code.line, Some(8));
        assert!(of_code.what.contains("nothing") && !of_code.what.contains('|'), "{of_code:?}");
        assert_eq!(complaint("").line, Some(1));
    }

    #[test]
    fn the_template_is_an_illusion() {
        let template = include_str!("../../../assets/template.wgsl");
        illusion("template", template, Origin::BuiltIn).unwrap();
    }
}
