//! What is known already of the networks that come with the program: the table of `percept illusions measure all`, by
//! network and illusion. It holds for these weights, and these pictures and measures alone.

use std::collections::BTreeMap;

use super::table::{DIGITS, Line, fingerprint, lines};
use crate::error::{Context as _, Kind, Result};
use crate::stimulus::illusion::Illusion;

/// The networks that differ in nothing but their first weights and the order of what they were shown.
pub const SEEDS: [&str; 5] = ["family-1", "family-2", "family-3", "family-4", "family-5"];

const TABLE: &str = include_str!("../../assets/verdicts.csv");

/// What is known of the network with these weights and these illusions, by the illusion's name.
///
/// # Errors
/// [`Kind::Internal`] for a table that cannot be read.
pub fn of_network(sha256: &str, illusions: &[impl AsRef<Illusion>]) -> Result<BTreeMap<String, Line>> {
    let mut found = BTreeMap::new();
    if sha256.len() < DIGITS {
        return Ok(found);
    }
    for known in lines(TABLE).context(Kind::Internal, "the table of verdicts is damaged")? {
        let one = illusions.iter().map(AsRef::as_ref).find(|one| one.slug == known.illusion);
        let same_text = one.is_some_and(|one| fingerprint(one) == known.text);
        if same_text && sha256.starts_with(&known.weights) && !known.weights.is_empty() {
            found.insert(known.illusion.clone(), known);
        }
    }
    Ok(found)
}

/// What is known of everybody, networks or not, and these illusions, by the illusion's name.
///
/// # Errors
/// [`Kind::Internal`] for a table that cannot be read.
pub fn of_all(illusions: &[impl AsRef<Illusion>]) -> Result<BTreeMap<String, Vec<Line>>> {
    let texts: BTreeMap<&str, String> =
        illusions.iter().map(AsRef::as_ref).map(|one| (one.slug.as_str(), fingerprint(one))).collect();
    let mut found = BTreeMap::<String, Vec<Line>>::new();
    for known in lines(TABLE).context(Kind::Internal, "the table of verdicts is damaged")? {
        if texts.get(known.illusion.as_str()) == Some(&known.text) {
            found.entry(known.illusion.clone()).or_default().push(known);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::shipped;
    use crate::stimulus::illusion::catalogue;

    #[test]
    fn the_table_holds_for_the_networks_and_texts_that_come_with_the_program() {
        let all: Vec<_> = catalogue::built_in().into_iter().map(Arc::new).collect();
        let sha256 = shipped::weights(shipped::DEFAULT).unwrap().2.sha256;
        let known = of_network(&sha256, &all).unwrap();
        // Texts that were mended since have to be measured again; most are as they were.
        assert!(known.len() * 10 > all.len() * 9, "{} of {}", known.len(), all.len());
        assert!(known.values().filter(|one| one.verdict.is_some()).count() > all.len() / 2);
        let mut changed = Illusion::clone(&all[0]);
        changed.wgsl.push('\n');
        assert!(!of_network(&sha256, &[Arc::new(changed)]).unwrap().contains_key(&all[0].slug));
        let mut reworded = Illusion::clone(&all[0]);
        reworded.wgsl = reworded.wgsl.replacen("---*/", "# A remark.\n---*/", 1);
        reworded.card.human.push_str(" Or so.");
        assert_ne!(reworded.wgsl, all[0].wgsl);
        assert!(of_network(&sha256, &[Arc::new(reworded)]).unwrap().contains_key(&all[0].slug));
        assert!(of_network("", &all).unwrap().is_empty());
        let everybody = &of_all(&all).unwrap()["flash_lag"];
        let names: Vec<_> = everybody.iter().map(|line| line.network.as_str()).collect();
        assert!(
            SEEDS.iter().chain(&["untrained", "correlator"]).all(|name| names.contains(name)),
            "{names:?}"
        );
    }
}
