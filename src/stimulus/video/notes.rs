//! What was assumed, repaired or skipped: one sentence per subject, in the order in which they came up.

/// Sentences by subject; a later sentence on the same subject replaces the earlier one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    entries: Vec<(&'static str, String)>,
    changed: bool,
}

impl Notes {
    /// Says something about a subject.
    pub(crate) fn set(&mut self, subject: &'static str, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match self.entries.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, old)) if *old == sentence => return,
            Some((_, old)) => *old = sentence,
            None => self.entries.push((subject, sentence)),
        }
        self.changed = true;
    }

    /// All sentences, if anything was said since the last call.
    pub(crate) fn take_changed(&mut self) -> Option<Vec<String>> {
        std::mem::take(&mut self.changed)
            .then(|| self.entries.iter().map(|(_, sentence)| sentence.clone()).collect())
    }
}
