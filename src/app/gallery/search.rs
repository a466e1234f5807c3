//! Finding an illusion by name, family, paper or what is seen. Case and accents do not matter, and every word
//! that was typed must be found somewhere.

use crate::app::commands::fuzzy;
use crate::stimulus::illusion::Card;

/// Letters of what is seen that are shown before and in all where a word was found in it.
const BEFORE: usize = 12;
const SHOWN: usize = 56;

/// By what an illusion was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// By its name or family, or nothing was looked for.
    Name,
    /// By this paper.
    Paper(String),
    /// By these words of what is seen.
    Effect(String),
}

/// What is looked for.
#[derive(Debug)]
pub(crate) struct Search {
    words: Vec<String>,
    whole: String,
}

impl Search {
    /// The words of what was typed.
    pub(crate) fn new(typed: &str) -> Self {
        let whole = plain(typed);
        Self { words: whole.split_whitespace().map(str::to_owned).collect(), whole }
    }

    /// Whether nothing is looked for.
    pub(crate) const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// By what this illusion is found; `None` where it is not.
    pub(crate) fn finds(&self, card: &Card) -> Option<Why> {
        if self.is_empty() {
            return Some(Why::Name);
        }
        let named = plain(&format!("{} {}", card.name, card.family));
        let mut why = Why::Name;
        for word in &self.words {
            if named.contains(word) {
                continue;
            }
            let paper = card.papers.iter().find(|paper| plain(paper).contains(word));
            let effect = [&card.percept, &card.human].into_iter().find_map(|text| excerpt(text, word));
            let by = paper.cloned().map(Why::Paper).or_else(|| effect.map(Why::Effect));
            match by {
                Some(by) if why == Why::Name => why = by,
                Some(_) => {}
                // A slip of the fingers is forgiven in names alone: in a sentence anything would be found.
                None => return fuzzy(&self.whole, &plain(&card.name)).map(|_| Why::Name),
            }
        }
        Some(why)
    }
}

/// The text about a word of it, or `None` where the word is not in it.
fn excerpt(text: &str, word: &str) -> Option<String> {
    let text: Vec<char> = text.chars().collect();
    let plain: Vec<char> = text.iter().map(|letter| plain_letter(*letter)).collect();
    let word: Vec<char> = word.chars().collect();
    let at = plain.windows(word.len().max(1)).position(|window| window == word)?;
    let mut start = at.saturating_sub(BEFORE);
    while start > 0 && text.get(start - 1).is_some_and(|letter| !letter.is_whitespace()) {
        start -= 1;
    }
    let shown: String = text.iter().skip(start).take(SHOWN).collect();
    Some(if start == 0 { shown } else { format!("…{shown}") })
}

/// In small letters without accents.
fn plain(text: &str) -> String {
    text.chars().map(plain_letter).collect()
}

/// One letter for one letter, so that places in both texts are the same.
fn plain_letter(letter: char) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    match small {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'š' | 'ś' => 's',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        '-' | '–' | '‐' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        let text = r#"
            name = "Fröhlich effect"
            family = "motion and position"
            percept = "A bar that comes in at the edge of a window seems to come in further along its path."
            papers = ["Fröhlich 1923", "Müsseler & Aschersleben 1998"]
            readout = "position""#;
        toml::from_str(text).unwrap()
    }

    #[test]
    fn it_is_found_by_name_family_paper_and_effect_without_accents() {
        let found = |typed: &str| Search::new(typed).finds(&card());
        assert_eq!(found(""), Some(Why::Name));
        assert_eq!(found("frohlich"), Some(Why::Name));
        assert_eq!(found("POSITION effect"), Some(Why::Name));
        assert_eq!(found("musseler 1998"), Some(Why::Paper("Müsseler & Aschersleben 1998".into())));
        assert!(matches!(found("window"), Some(Why::Effect(words)) if words.contains("edge of a window")));
        assert_eq!(found("frhlich"), Some(Why::Name), "a letter may be missing");
        assert_eq!(found("snakes"), None);
        assert_eq!(found("frohlich snakes"), None);
    }

    #[test]
    fn an_excerpt_begins_with_a_whole_word() {
        assert_eq!(excerpt("A bar flashes in line", "bar"), Some("A bar flashes in line".into()));
        let words = excerpt("The outer bars flash exactly in line with it", "line").unwrap();
        assert_eq!(words, "…flash exactly in line with it");
        assert_eq!(excerpt("short", "longer than that"), None);
    }
}
