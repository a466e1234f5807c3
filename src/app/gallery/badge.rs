//! Whether the network sees an illusion as people do: a verdict with its number, shown beside each.

use std::collections::BTreeMap;

use super::company;
use crate::app::PerceptApp;
use crate::experiment::known;
use crate::experiment::table::Line;
use crate::experiment::verdict::Verdict;
use crate::session::Snapshot;
use crate::session::reading::fixed;
use crate::stimulus::illusion::measure::Measured;

/// What is said of one illusion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badge {
    /// Whether the network sees it; `None` where it was not measured.
    pub verdict: Option<Verdict>,
    /// What was measured, where that is known: of mean error there is nothing to see.
    pub of: Option<Measured>,
    /// The number behind the verdict, as it is to be read: "+0.42 deg/s"; may be empty.
    pub number: String,
}

impl Badge {
    /// In words, for tooltips and screen readers.
    pub(crate) fn words(&self) -> String {
        let verdict = match self.verdict {
            None => "not tested yet",
            Some(_) if self.of == Some(Measured::Surprise) => "beside its control",
            Some(Verdict::Seen) => "the network sees it",
            Some(Verdict::NotSeen) => "the network does not see it",
            Some(Verdict::Opposite) => "the network sees the opposite",
            Some(Verdict::Artefact) => "what the network sees hangs on the side, not on the picture",
            Some(Verdict::Undecided) => "whether the network sees it is undecided",
        };
        if self.number.is_empty() { verdict.to_owned() } else { format!("{verdict}, {}", self.number) }
    }
}

impl PerceptApp {
    /// Takes the badges of the network that watches, where it is another one than before.
    pub(crate) fn keep_badges(&mut self, snapshot: &Snapshot) {
        let network = &snapshot.model.sha256;
        if self.desk.badges_of.as_ref() == Some(network) {
            return;
        }
        let known = known::of_network(network, &self.shown_illusions)
            .inspect_err(|error| tracing::error!("{error}"))
            .unwrap_or_default();
        let badge = |one: Line| {
            let number = one.effect.map_or_else(String::new, |effect| {
                let interval =
                    one.interval95.map_or_else(String::new, |half| format!(" ± {}", fixed(half, 2)));
                let sign = if effect >= 0.005 { "+" } else { "" };
                format!("{sign}{}{interval} {}", fixed(effect, 2), one.of.unit())
            });
            (one.illusion, Badge { verdict: one.verdict, of: Some(one.of), number })
        };
        let badges: BTreeMap<_, _> = known.into_values().map(badge).collect();
        self.set_badges(badges);
        let all = known::of_all(&self.shown_illusions)
            .inspect_err(|error| tracing::error!("{error}"))
            .unwrap_or_default();
        self.desk.company = all.into_iter().map(|(slug, lines)| (slug, company::words(&lines))).collect();
        self.desk.badges_of = Some(network.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_put_into_words() {
        assert_eq!(Badge::default().words(), "not tested yet");
        let seen = Badge { verdict: Some(Verdict::Seen), of: None, number: "+0.42 deg/s".into() };
        assert_eq!(seen.words(), "the network sees it, +0.42 deg/s");
    }
}
