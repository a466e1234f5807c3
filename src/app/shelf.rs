//! The models that can be chosen: those that come with the program and the user's own files, with their cards.

use std::collections::BTreeMap;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::app::PerceptApp;
use crate::app::state::Page;
use crate::model::prednet::config::Config;
use crate::model::{ModelCard, Score, shipped};
use crate::session::{Command, Snapshot};

/// What came of reading a file's card.
type Read = (String, Result<ModelCard, String>);

/// The cards of the user's files; the disk is read on a thread of its own.
#[derive(Debug)]
pub(crate) struct Shelf {
    ctx: egui::Context,
    /// By file; `None` while it is being read.
    cards: BTreeMap<String, Option<Result<ModelCard, String>>>,
    read: Receiver<Read>,
    reader: Sender<Read>,
}

/// A model in the list.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The name or file that it is loaded by.
    pub source: String,
    /// What it says of itself; of a file that was not read yet, its name only.
    pub card: ModelCard,
    /// Whether it is a file of the user's.
    pub is_file: bool,
    /// Why it cannot be had.
    pub fault: Option<String>,
}

impl Shelf {
    /// Nothing has been read.
    pub(crate) fn new(ctx: egui::Context) -> Self {
        let (reader, read) = bounded(64);
        Self { ctx, cards: BTreeMap::new(), read, reader }
    }

    /// Reads the cards of these files, where they are not known.
    fn read(&mut self, files: &[String]) {
        let new: Vec<String> = files.iter().filter(|file| !self.cards.contains_key(*file)).cloned().collect();
        if new.is_empty() {
            return;
        }
        self.cards.extend(new.iter().map(|file| (file.clone(), None)));
        let (reader, ctx) = (self.reader.clone(), self.ctx.clone());
        let work = move || {
            for file in new {
                let card = shipped::card(&file).map_err(|error| error.to_string());
                if reader.try_send((file, card)).is_err() {
                    tracing::warn!("the card of a model was read and not taken");
                }
                ctx.request_repaint();
            }
        };
        if let Err(cause) = std::thread::Builder::new().name("percept-cards".to_owned()).spawn(work) {
            tracing::warn!("the cards of models cannot be read: {cause}");
        }
    }

    /// Takes in what was read.
    fn collect(&mut self) {
        while let Ok((file, card)) = self.read.try_recv() {
            self.cards.insert(file, Some(card));
        }
    }
}

impl PerceptApp {
    /// Opens a page, or the pictures again.
    pub(crate) fn open_page(&mut self, page: Page) {
        self.desk.page = page;
        self.desk.model_shown = None;
        // Files may have changed since they were read last.
        self.shelf.cards.retain(|_, card| matches!(card, None | Some(Ok(_))));
    }

    /// All models in the order of the list.
    pub(crate) fn models(&mut self) -> Vec<Entry> {
        self.shelf.collect();
        self.shelf.read(&self.ui.models);
        let shipped = self.models.iter().map(|card| Entry {
            source: card.name.clone(),
            card: card.clone(),
            is_file: false,
            fault: None,
        });
        let own = self.ui.models.iter().map(|file| {
            let (card, fault) = match self.shelf.cards.get(file) {
                Some(Some(Ok(card))) => (card.clone(), None),
                Some(Some(Err(fault))) => (named(file), Some(fault.clone())),
                _ => (named(file), None),
            };
            Entry { source: file.clone(), card, is_file: true, fault }
        });
        shipped.chain(own).collect()
    }

    /// A file that a network was loaded from joins the list.
    pub(crate) fn keep_models(&mut self, snapshot: &Snapshot) {
        let second = snapshot.second.as_ref().map(|second| (&second.model_source, &second.model));
        for (source, card) in std::iter::once((&snapshot.model_source, &snapshot.model)).chain(second) {
            let is_shipped = source.is_empty() || self.models.iter().any(|known| known.name == *source);
            if !is_shipped && !self.ui.models.contains(source) {
                self.ui.remember_model(source);
                self.shelf.cards.insert(source.clone(), Some(Ok(ModelCard::clone(card))));
            }
        }
    }

    /// Has the card of a file read again: the file is another one now.
    pub(crate) fn forget_card(&mut self, file: &str) {
        self.shelf.cards.remove(file);
    }

    /// Lets another network watch.
    pub(crate) fn choose_model(&mut self, source: &str) {
        self.send(Command::SetModel(source.to_owned()));
    }

    /// Puts another network beside the one that watches.
    pub(crate) fn compare_with(&mut self, source: &str) {
        self.send(Command::Compare(Some(source.to_owned())));
    }
}

fn named(file: &str) -> ModelCard {
    let name = std::path::Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned());
    ModelCard { name: name.unwrap_or_else(|| file.to_owned()), ..ModelCard::default() }
}

/// Name of a model for people.
pub(crate) fn title(card: &ModelCard) -> &str {
    if card.title.is_empty() { &card.name } else { &card.title }
}

/// Number of weights, for example "0.77 M parameters"; `None` for those without.
pub(crate) fn parameters(card: &ModelCard) -> Option<String> {
    let config = Config::new(card.widths.clone()).ok().filter(|_| card.architecture == "prednet")?;
    let count: usize = config.shapes().values().map(|shape| shape.iter().product::<usize>()).sum();
    Some(if count >= 100_000 {
        format!("{:.2} M parameters", count as f64 / 1e6)
    } else {
        format!("{count} parameters")
    })
}

/// Architecture for people.
pub(crate) fn architecture(card: &ModelCard) -> &str {
    match card.architecture.as_str() {
        "prednet" => "PredNet",
        "copy-last-frame" | "linear-extrapolation" => "Baseline",
        other => other,
    }
}

/// The seed that a recipe names.
pub(crate) fn seed(card: &ModelCard) -> Option<&str> {
    let rest = card.recipe.split("seed ").nth(1)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    (!digits.is_empty()).then_some(digits)
}

/// The squared error as a part of that of copying the last frame; below 1 it is better.
pub(crate) fn ratio(score: &Score) -> Option<f64> {
    let ratio = score.mse / score.copy_mse;
    (ratio.is_finite() && score.copy_mse > 0.0).then_some(ratio)
}

/// Geometric mean of the ratios of all clips.
pub(crate) fn mean_ratio(card: &ModelCard) -> Option<f64> {
    let ratios: Vec<f64> = card.scores.iter().filter_map(ratio).filter(|ratio| *ratio > 0.0).collect();
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| (sum / ratios.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_put_into_few_words() {
        let score = |mse, copy_mse| Score { clip: "walk".into(), mse, copy_mse, ..Score::default() };
        let card = ModelCard {
            name: "family-3".into(),
            architecture: "prednet".into(),
            widths: vec![3, 16, 32, 64],
            recipe: "family.toml, seed 13: loss L_0".into(),
            scores: vec![score(1.0, 4.0), score(1.0, 1.0), score(1.0, 0.0)],
            ..ModelCard::default()
        };
        assert_eq!(title(&card), "family-3");
        assert_eq!(parameters(&card).as_deref(), Some("0.77 M parameters"));
        assert_eq!(seed(&card), Some("13"));
        assert_eq!(mean_ratio(&card), Some(0.5));
        let bare = ModelCard { recipe: "no seed".into(), ..ModelCard::default() };
        assert_eq!((seed(&bare), mean_ratio(&bare), parameters(&bare)), (None, None, None));
    }
}
