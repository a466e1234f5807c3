//! Illusions that are shown as they are typed, or were just written and not yet read back from their folder.

use std::collections::BTreeMap;

use crate::stimulus::illusion::Illusion;

/// Drafts by file name without ending.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    kept: BTreeMap<String, Illusion>,
    changed: bool,
}

impl Drafts {
    /// Lays an illusion over that of its name.
    pub(super) fn put(&mut self, illusion: Illusion) {
        self.changed |= self.kept.get(&illusion.slug) != Some(&illusion);
        self.kept.insert(illusion.slug.clone(), illusion);
    }

    /// Shows again what is in the file.
    pub(super) fn remove(&mut self, slug: &str) {
        self.changed |= self.kept.remove(slug).is_some();
    }

    /// Whether there is something new since the last call.
    pub(super) const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    /// Forgets the drafts that are among the files now.
    pub(super) fn forget_those_in(&mut self, base: &[Illusion]) {
        self.kept
            .retain(|slug, draft| !base.iter().any(|known| known.slug == *slug && known.wgsl == draft.wgsl));
        self.changed = false;
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Illusion> {
        self.kept.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::catalogue;

    #[test]
    fn a_draft_goes_when_its_text_is_in_the_file() {
        let base = catalogue::built_in();
        let mut drafts = Drafts::default();
        drafts.put(base[0].clone());
        assert!(drafts.take_changed() && !drafts.take_changed());
        let edited = Illusion { wgsl: format!("{}\n", base[1].wgsl), ..base[1].clone() };
        drafts.put(edited.clone());
        drafts.forget_those_in(&base);
        assert_eq!(drafts.all(), [edited]);
        drafts.remove(&base[1].slug);
        assert!(drafts.take_changed() && drafts.all().is_empty());
    }
}
