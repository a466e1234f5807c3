//! Who else sees an illusion: the networks that differ in their first weights alone, one that has learnt nothing, and
//! what is no network.

use crate::experiment::known::SEEDS;
use crate::experiment::table::Line;
use crate::experiment::verdict::Verdict;
use crate::session::reading::fixed;

/// Those beside the seeds, by their name in the table and in words.
const OTHERS: [(&str, &str); 5] = [
    ("family-untrained", "untrained"),
    ("copy-last-frame", "copying the last frame"),
    ("linear-extrapolation", "going on in a line"),
    ("correlator", "correlators"),
    ("motion-energy", "motion energy"),
];

/// What the table says of one illusion, in some sentences; empty where it says nothing.
pub(crate) fn words(lines: &[Line]) -> String {
    let mut sentences: Vec<String> = seeds(lines).into_iter().collect();
    let mut by_verdict: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, told) in OTHERS {
        let line = lines.iter().find(|line| line.network == name);
        let Some((line, verdict)) = line.and_then(|line| Some((line, line.verdict?))) else { continue };
        let verdict = verdict.words(line.of);
        match by_verdict.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, names)) => names.push(told),
            None => by_verdict.push((verdict, vec![told])),
        }
    }
    let others: Vec<_> =
        by_verdict.iter().map(|(verdict, names)| format!("{verdict}: {}", names.join(", "))).collect();
    if !others.is_empty() {
        sentences.push(format!("Without training or network, {}.", others.join("; ")));
    }
    sentences.join(" ")
}

/// How many of the seeds come to what, and the mean and range of their numbers.
fn seeds(lines: &[Line]) -> Option<String> {
    let seeds: Vec<_> = lines.iter().filter(|line| SEEDS.contains(&line.network.as_str())).collect();
    let effects: Vec<f64> = seeds.iter().filter_map(|line| line.effect).collect();
    let of = seeds.first()?.of;
    let least = effects.iter().copied().reduce(f64::min)?;
    let most = effects.iter().copied().reduce(f64::max)?;
    let mean = effects.iter().sum::<f64>() / effects.len() as f64;
    let verdicts =
        [Verdict::Seen, Verdict::Opposite, Verdict::NotSeen, Verdict::Artefact, Verdict::Undecided];
    let counts = verdicts.into_iter().filter_map(|verdict| {
        let count = seeds.iter().filter(|line| line.verdict == Some(verdict)).count();
        (count > 0).then(|| format!("{} {count}", verdict.words(of)))
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    let [mean, least, most] = [mean, least, most].map(|value| fixed(value, 3));
    Some(format!("Of {} seeds: {counts}; mean {mean} ({least} to {most}) {}.", seeds.len(), of.unit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::measure::Measured;

    fn line(network: &str, effect: f64, verdict: Verdict) -> Line {
        Line {
            illusion: "flash_lag".into(),
            text: String::new(),
            network: network.into(),
            weights: String::new(),
            of: Measured::Rotation,
            shown: None,
            mirrored: None,
            control: None,
            effect: Some(effect),
            interval95: None,
            least: None,
            verdict: Some(verdict),
        }
    }

    #[test]
    fn seeds_are_summed_up_and_the_rest_is_named() {
        let lines = [
            line("family-1", 0.3, Verdict::Seen),
            line("family-2", 0.5, Verdict::Seen),
            line("family-3", -0.2, Verdict::Opposite),
            line("flagship", 9.0, Verdict::Seen),
            line("family-untrained", 0.0, Verdict::NotSeen),
            line("correlator", 0.0, Verdict::NotSeen),
            line("motion-energy", 1.0, Verdict::Seen),
        ];
        assert_eq!(
            words(&lines),
            "Of 3 seeds: seen 2, opposite 1; mean 0.200 (-0.200 to 0.500) deg/frame. Without training or network, \
             not seen: untrained, correlators; seen: motion energy."
        );
        assert_eq!(words(&[]), "");
    }
}
