//! What the gallery shows and in which order: families, search, favourites. Knows no widgets.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::PerceptApp;
use crate::app::state::Page;
use crate::stimulus::illusion::Illusion;

pub(crate) mod badge;
pub(crate) mod company;
pub(crate) mod search;

use search::{Search, Why};

/// Families in the order in which a newcomer should meet them; others follow by name.
const FAMILIES: [&str; 10] = [
    "motion",
    "motion and position",
    "brightness and contrast",
    "colour",
    "geometry",
    "contour",
    "stillness and fading",
    "surprise",
    "physiology",
    "calibration",
];

/// An illusion that was found.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Which one.
    pub illusion: Arc<Illusion>,
    /// By what it was found.
    pub why: Why,
}

/// A family with those of its illusions that were asked for.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Name as in the cards.
    pub family: String,
    /// Whether its illusions are in sight.
    pub open: bool,
    /// Illusions by name; at least one.
    pub hits: Vec<Hit>,
}

/// Which illusions are asked for; the default asks for all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// What was typed.
    pub search: &'a str,
    /// Names of the favourites, where only these are wanted.
    pub favourites: Option<&'a BTreeSet<String>>,
    /// The one family that is wanted.
    pub family: Option<&'a str>,
    /// Families that are folded.
    pub folded: Option<&'a BTreeSet<String>>,
}

/// The illusions asked for, by family and name.
pub(crate) fn groups(illusions: &[Arc<Illusion>], asked: Asked<'_>) -> Vec<Group> {
    let search = Search::new(asked.search);
    let narrowed = !search.is_empty() || asked.favourites.is_some();
    let wanted = |illusion: &Illusion| {
        asked.family.is_none_or(|family| illusion.card.family == family)
            && asked.favourites.is_none_or(|names| names.contains(&illusion.slug))
    };
    let mut hits: Vec<Hit> = illusions
        .iter()
        .filter(|illusion| wanted(illusion))
        .filter_map(|illusion| {
            Some(Hit { why: search.finds(&illusion.card)?, illusion: Arc::clone(illusion) })
        })
        .collect();
    let rank = |family: &str| FAMILIES.iter().position(|known| *known == family).unwrap_or(FAMILIES.len());
    hits.sort_by(|a, b| {
        let (a, b) = (&a.illusion.card, &b.illusion.card);
        (rank(&a.family), &a.family, &a.name).cmp(&(rank(&b.family), &b.family, &b.name))
    });
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let family = &hit.illusion.card.family;
        if let Some(group) = groups.last_mut().filter(|group| group.family == *family) {
            group.hits.push(hit);
        } else {
            // What was looked for is never hidden in a folded family.
            let open = narrowed || asked.folded.is_none_or(|folded| !folded.contains(family));
            groups.push(Group { family: family.clone(), open, hits: vec![hit] });
        }
    }
    groups
}

/// The illusions from first to last as they are in sight; all where every family is folded.
pub(crate) fn in_sight(groups: &[Group]) -> Vec<Arc<Illusion>> {
    let all_folded = groups.iter().all(|group| !group.open);
    let shown = groups.iter().filter(|group| group.open || all_folded);
    shown.flat_map(|group| group.hits.iter().map(|hit| Arc::clone(&hit.illusion))).collect()
}

/// A family as a title: "Motion and position".
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl PerceptApp {
    /// The illusions of the gallery as it is set now: of the panel, or of the page where that is open.
    pub(crate) fn gallery(&self) -> Vec<Group> {
        let on_page = self.desk.page == Page::Gallery;
        let asked = Asked {
            search: &self.desk.search,
            favourites: self.ui.favourites_only.then_some(&self.ui.favourites),
            family: self.desk.family.as_deref().filter(|_| on_page),
            folded: (!on_page).then_some(&self.ui.families_folded),
        };
        groups(&self.shown_illusions, asked)
    }

    /// The illusions in the order in which they are in sight; all of them where no gallery is.
    pub(crate) fn gallery_order(&self) -> Vec<Arc<Illusion>> {
        if self.desk.gallery_shown {
            in_sight(&self.gallery())
        } else {
            in_sight(&groups(&self.shown_illusions, Asked::default()))
        }
    }

    /// Folds a family or unfolds it; with `all`, every family with it.
    pub(crate) fn fold(&mut self, family: &str, fold: bool, all: bool) {
        let of_all = self.shown_illusions.iter().filter(|_| all).map(|one| one.card.family.clone());
        for family in of_all.chain([family.to_owned()]) {
            if fold {
                self.ui.families_folded.insert(family);
            } else {
                self.ui.families_folded.remove(&family);
            }
        }
    }

    /// Makes an illusion a favourite, or no longer.
    pub(crate) fn toggle_favourite(&mut self, slug: &str) {
        if !self.ui.favourites.remove(slug) {
            self.ui.favourites.insert(slug.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::catalogue;

    fn all() -> Vec<Arc<Illusion>> {
        catalogue::built_in().into_iter().map(Arc::new).collect()
    }

    #[test]
    fn families_stand_in_their_order_and_illusions_by_name() {
        let groups = groups(&all(), Asked::default());
        let families: Vec<_> = groups.iter().map(|group| group.family.as_str()).collect();
        let mut known: Vec<_> = FAMILIES.iter().copied().filter(|f| families.contains(f)).collect();
        known.extend(families.iter().copied().filter(|family| !FAMILIES.contains(family)));
        assert_eq!(families, known);
        for group in &groups {
            let names: Vec<_> = group.hits.iter().map(|hit| &hit.illusion.card.name).collect();
            assert!(names.is_sorted(), "{names:?}");
        }
        let count: usize = groups.iter().map(|group| group.hits.len()).sum();
        assert_eq!(count, all().len());
    }

    #[test]
    fn folded_families_are_passed_over_unless_something_is_looked_for() {
        let folded = BTreeSet::from(["motion".to_owned()]);
        let asked = Asked { folded: Some(&folded), ..Asked::default() };
        let shown = in_sight(&groups(&all(), asked));
        assert!(!shown.is_empty() && shown.iter().all(|one| one.card.family != "motion"));
        let found = in_sight(&groups(&all(), Asked { search: "snakes", ..asked }));
        assert!(found.iter().any(|one| one.slug == "rotating_snakes"));
        let everything: BTreeSet<String> = all().iter().map(|one| one.card.family.clone()).collect();
        let none = groups(&all(), Asked { folded: Some(&everything), ..Asked::default() });
        assert_eq!(in_sight(&none).len(), all().len());
    }
}
