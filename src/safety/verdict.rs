//! What was found, as values and in words.

/// Whether a picture in time may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Below all thresholds.
    #[default]
    Passes,
    /// Two or three flashes a second for over five seconds, or a regular pattern.
    Warning,
    /// More than three flashes, general or red, within a second over a quarter of a field of 10 degrees.
    Fails,
}

/// The class of flashes as an illusion's card says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashClass {
    /// No flash over a quarter of a field of 10 degrees.
    #[default]
    None,
    /// Some, but never more than three within a second.
    Mild,
    /// More than three within a second.
    Strong,
}

/// A stretch of time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Span {
    /// Its begin.
    pub from_s: f64,
    /// Its end.
    pub to_s: f64,
}

/// Flashes of one kind.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Finding {
    /// When.
    pub spans: Vec<Span>,
    /// Begin of the worst second, in seconds.
    pub worst_s: f64,
    /// Largest part of a field of 10 degrees that flashed at once, in 0..1.
    pub area: f64,
    /// Most flashes a second.
    pub per_second: f64,
}

/// General flashes, or red ones.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Flashes {
    /// Any over a quarter of the field.
    pub any: Option<Finding>,
    /// Two or three a second that went on for over five seconds.
    pub extended: Option<Finding>,
    /// More than three within a second.
    pub over: Option<Finding>,
}

/// Regular stripes.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Pattern {
    /// When it was first there, in seconds.
    pub from_s: f64,
    /// When it was last there, in seconds.
    pub to_s: f64,
    /// Part of the picture in 0..1.
    pub area: f64,
    /// Light-dark pairs.
    pub pairs: usize,
}

/// What an analysis came to.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// Whether it may be shown.
    pub class: Class,
    /// The class of flashes.
    pub flash: FlashClass,
    /// Flashes of luminance.
    pub general: Flashes,
    /// Flashes of saturated red.
    pub red: Flashes,
    /// Stripes.
    pub pattern: Option<Pattern>,
    /// Time looked at, in seconds.
    pub length_s: f64,
    /// Pictures looked at.
    pub frames: u64,
}

impl Class {
    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Warning => "warning",
            Self::Fails => "fails",
        }
    }
}

impl FlashClass {
    /// As the card has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mild => "mild",
            Self::Strong => "strong",
        }
    }
}

impl Verdict {
    pub(super) fn new(kinds: [Flashes; 2], pattern: Option<Pattern>, length_s: f64, frames: u64) -> Self {
        let [general, red] = kinds;
        let some = |has: fn(&Flashes) -> bool| has(&general) || has(&red);
        let flash = match () {
            () if some(|kind| kind.over.is_some()) => FlashClass::Strong,
            () if some(|kind| kind.any.is_some()) => FlashClass::Mild,
            () => FlashClass::None,
        };
        let class = match flash {
            FlashClass::Strong => Class::Fails,
            _ if pattern.is_some() || some(|kind| kind.extended.is_some()) => Class::Warning,
            _ => Class::Passes,
        };
        Self { class, flash, general, red, pattern, length_s, frames }
    }

    /// What is to be known of it, one sentence each, the worst first; empty where nothing was found.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (kind, name) in [(&self.red, "red flashes"), (&self.general, "flashes")] {
            if let Some(over) = &kind.over {
                found.push(told(over, name, "limit: three within a second"));
            } else if let Some(extended) = &kind.extended {
                found.push(told(extended, name, "limit: five seconds with two or three a second"));
            } else if let Some(any) = &kind.any {
                found.push(told(any, name, "within the limit of three within a second"));
            }
        }
        if let Some(pattern) = &self.pattern {
            let Pattern { from_s, to_s, area, pairs } = pattern;
            found.push(format!(
                "Regular pattern of {pairs} light-dark pairs over {:.0} % of the picture from {from_s:.1} to {to_s:.1} s",
                100.0 * area
            ));
        }
        found
    }

    /// What to say of a warning in one short sentence; `None` of what passes or fails.
    #[must_use]
    pub fn caution(&self) -> Option<&'static str> {
        match (self.class, &self.pattern) {
            (Class::Warning, Some(_)) => {
                Some("Regular stripes, which some people cannot bear: look away if they trouble you")
            }
            (Class::Warning, None) => {
                Some("Flashes twice or three times a second for long: look away if it troubles you")
            }
            _ => None,
        }
    }

    /// All of it in words, on one line.
    #[must_use]
    pub fn words(&self) -> String {
        let class = self.class.name();
        match self.findings() {
            none if none.is_empty() => format!("{class}: no flash over a quarter of a field of 10 degrees"),
            found => format!("{class}: {}", found.join(". ")),
        }
    }

    /// What was found, without its class, as people read it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.findings() {
            none if none.is_empty() => "No flash over a quarter of a field of 10 degrees".to_owned(),
            found => found.join(". "),
        }
    }
}

fn told(finding: &Finding, name: &str, limit: &str) -> String {
    let many = finding.spans.len();
    let when = match (finding.spans.first(), finding.spans.last()) {
        (Some(first), Some(last)) if many > 1 => {
            format!(", {many} times from {:.1} to {:.1} s", first.from_s, last.to_s)
        }
        (Some(span), _) => format!(" from {:.1} to {:.1} s", span.from_s, span.to_s),
        _ => String::new(),
    };
    format!(
        "{:.1} {name} a second over {:.0} % of a field of 10 degrees{when}, worst in the second from {:.1} s ({limit})",
        finding.per_second,
        100.0 * finding.area,
        finding.worst_s
    )
}
