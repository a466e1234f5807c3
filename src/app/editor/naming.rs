//! The name of an illusion that is to be made, and the file name that comes of it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::PerceptApp;
use crate::app::state::Dialog;
use crate::stimulus::illusion::Illusion;

/// What a new illusion begins as.
const TEMPLATE: &str = include_str!("../../../assets/template.wgsl");

/// A name that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Naming {
    /// What the dialog is called.
    pub title: String,
    /// The name so far.
    pub name: String,
    /// Why the file could not be made.
    pub refused: Option<String>,
    text: String,
}

impl Naming {
    /// The file's name without ending.
    ///
    /// # Errors
    /// Why the name cannot be had.
    pub(crate) fn slug(&self, known: &[Arc<Illusion>]) -> Result<String, String> {
        let slug = slug_of(&self.name);
        if slug.is_empty() {
            return Err("Give it a name with letters or digits".to_owned());
        }
        match known.iter().find(|one| one.slug == slug) {
            Some(one) => Err(format!("\"{}\" has this name: choose another", one.card.name)),
            None => Ok(slug),
        }
    }

    /// The text with the name in its card.
    pub(super) fn named_text(&self) -> String {
        renamed(&self.text, self.name.trim())
    }
}

impl PerceptApp {
    /// Asks for the name of a copy of what is edited or shown; `of_sheet` for what is edited alone.
    pub(crate) fn ask_for_name(&mut self, of_sheet: bool) {
        let shown = self.shown_illusion();
        let sheet = self
            .editor
            .sheet
            .as_ref()
            .filter(|sheet| of_sheet || shown.as_ref().is_some_and(|shown| shown.slug == sheet.slug));
        let (text, slug) = match (sheet, &shown) {
            (Some(sheet), _) => (sheet.text.clone(), sheet.slug.clone()),
            (None, Some(shown)) => (shown.wgsl.clone(), shown.slug.clone()),
            (None, None) => {
                self.tell(0.0, "Show an illusion first: then there is something to duplicate".into(), false);
                return;
            }
        };
        let known = self.shown_illusions.iter().find(|one| one.slug == slug);
        let old = known.map_or(slug, |one| one.card.name.clone());
        self.name_dialog(
            format!("Duplicate {old}"),
            free_name(&format!("My {old}"), &self.shown_illusions),
            text,
        );
    }

    /// Asks for the name of an illusion that begins as the template.
    pub(crate) fn new_illusion(&mut self) {
        let name = free_name("New illusion", &self.shown_illusions);
        self.name_dialog("New illusion".to_owned(), name, TEMPLATE.to_owned());
    }

    fn name_dialog(&mut self, title: String, name: String, text: String) {
        if self.editor.folder.is_none() {
            self.tell(
                0.0,
                "This system names no folder for illusions. Set PERCEPT_ILLUSIONS to one".into(),
                true,
            );
            return;
        }
        self.editor.naming = Some(Naming { title, name, refused: None, text });
        self.open_dialog(Dialog::Name);
    }

    /// The file that a name would make.
    pub(crate) fn file_of(&self, slug: &str) -> Option<PathBuf> {
        self.editor.folder.as_ref().map(|folder| folder.join(format!("{slug}.wgsl")))
    }
}

/// A name whose file is not among `known`: with a number where it must be.
fn free_name(name: &str, known: &[Arc<Illusion>]) -> String {
    let is_free = |name: &str| known.iter().all(|one| one.slug != slug_of(name));
    let numbered = (2..1000).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}

/// "My Rotating snakes!" gives `my_rotating_snakes`.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.trim().to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'ä' | 'à' | 'á' | 'â' => slug.push('a'),
            'ö' | 'ò' | 'ó' | 'ô' | 'ø' => slug.push('o'),
            'ü' | 'ù' | 'ú' | 'û' => slug.push('u'),
            'é' | 'è' | 'ê' | 'ë' => slug.push('e'),
            _ if slug.is_empty() || slug.ends_with('_') => {}
            _ => slug.push('_'),
        }
    }
    slug.truncate(48);
    slug.trim_end_matches('_').to_owned()
}

/// The text with another name in the first line of the card that gives one.
fn renamed(text: &str, name: &str) -> String {
    let name = name.replace(['"', '\\'], "'");
    let is_name = |line: &&str| line.trim_start().starts_with("name") && line.contains('=');
    match text.lines().find(is_name) {
        Some(line) => {
            let head = line.split('=').next().unwrap_or_default();
            text.replacen(line, &format!("{head}= \"{name}\""), 1)
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::{Origin, catalogue, parse};

    #[test]
    fn a_name_becomes_a_file_name() {
        assert_eq!(slug_of("My Rotating snakes!"), "my_rotating_snakes");
        assert_eq!(slug_of("  Müller–Lyer, 2 "), "muller_lyer_2");
        assert_eq!(slug_of("???"), "");
    }

    #[test]
    fn every_copy_has_the_new_name_and_is_an_illusion() {
        for illusion in catalogue::built_in() {
            let text = renamed(&illusion.wgsl, "A \"new\" name");
            let copy = parse::parse("copy", &text, Origin::BuiltIn).unwrap();
            assert_eq!(copy.card.name, "A 'new' name");
            assert_eq!(copy.card.params, illusion.card.params);
        }
        let text = renamed(TEMPLATE, "Mine");
        assert_eq!(parse::parse("mine", &text, Origin::BuiltIn).unwrap().card.name, "Mine");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let known: Vec<_> = catalogue::built_in().into_iter().map(Arc::new).collect();
        assert_eq!(free_name("My plaid", &known), "My plaid");
        assert_eq!(free_name("Plaid", &known), "Plaid 2");
        let naming =
            Naming { title: String::new(), name: "Plaid".into(), refused: None, text: String::new() };
        assert!(naming.slug(&known).unwrap_err().contains("Plaid"));
    }
}
