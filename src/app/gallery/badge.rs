//! Whether the network sees an illusion as people do: a verdict with its number, shown beside each.

/// Whether the network sees an illusion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It was not measured.
    #[default]
    Untested,
    /// It errs as people do.
    Sees,
    /// It does not.
    DoesNot,
}

/// What is said of one illusion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badge {
    /// Whether the network sees it.
    pub verdict: Verdict,
    /// The number behind the verdict, as it is to be read: "+0.42 deg/s"; may be empty.
    pub number: String,
}

impl Badge {
    /// In words, for tooltips and screen readers.
    pub(crate) fn words(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Untested => "not tested yet",
            Verdict::Sees => "the network sees it",
            Verdict::DoesNot => "the network does not see it",
        };
        if self.number.is_empty() { verdict.to_owned() } else { format!("{verdict}, {}", self.number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_put_into_words() {
        assert_eq!(Badge::default().words(), "not tested yet");
        let seen = Badge { verdict: Verdict::Sees, number: "+0.42 deg/s".into() };
        assert_eq!(seen.words(), "the network sees it, +0.42 deg/s");
    }
}
