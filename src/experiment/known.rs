//! What is known already of the networks that come with the program: the table of `percept illusions measure all`, by
//! network and illusion. It holds for these weights and these texts alone.

use std::collections::BTreeMap;

use super::verdict::Verdict;
use crate::error::{Context as _, Kind, Result};
use crate::model::weights::sha256_hex;
use crate::stimulus::illusion::Illusion;
use crate::stimulus::illusion::measure::Measured;

const TABLE: &str = include_str!("../../assets/verdicts.csv");
/// Digits of a SHA-256 that the table holds.
pub const DIGITS: usize = 12;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Known {
    /// The illusion's file name without ending.
    pub illusion: String,
    /// First digits of the SHA-256 of its text.
    pub text: String,
    /// First digits of the SHA-256 of the network's weights; empty for rules and detectors.
    pub weights: String,
    /// What was measured.
    pub of: Measured,
    /// The number of the illusion minus that of its control.
    pub effect: Option<f64>,
    /// What followed.
    pub verdict: Option<Verdict>,
}

/// First digits of the SHA-256 of an illusion's text.
#[must_use]
pub fn fingerprint(illusion: &Illusion) -> String {
    sha256_hex(illusion.wgsl.as_bytes()).chars().take(DIGITS).collect()
}

/// What is known of the network with these weights and these illusions, by the illusion's name.
///
/// # Errors
/// [`Kind::Internal`] for a table that cannot be read.
pub fn of_network(sha256: &str, illusions: &[impl AsRef<Illusion>]) -> Result<BTreeMap<String, Known>> {
    let mut found = BTreeMap::new();
    if sha256.len() < DIGITS {
        return Ok(found);
    }
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(TABLE.as_bytes());
    for line in reader.deserialize() {
        let known: Known = line.context(Kind::Internal, "the table of verdicts is damaged")?;
        let one = illusions.iter().map(AsRef::as_ref).find(|one| one.slug == known.illusion);
        let same_text = one.is_some_and(|one| fingerprint(one) == known.text);
        if same_text && sha256.starts_with(&known.weights) && !known.weights.is_empty() {
            found.insert(known.illusion.clone(), known);
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
        assert!(of_network("", &all).unwrap().is_empty());
    }
}
