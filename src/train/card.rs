//! The card of a network that was just trained: what it is, what it saw and for how long.

use super::checkpoint::Progress;
use super::recipe::{Loss, Recipe};
use crate::error::{Context as _, Kind, Result};
use crate::model::weights::sha256_hex;
use crate::model::{ModelCard, prednet};

/// The card as TOML, for a model file of these bytes.
///
/// # Errors
/// [`Kind::Internal`] when it cannot be written as TOML.
pub(super) fn text(recipe: &Recipe, progress: Progress, place: &str, file: &[u8]) -> Result<String> {
    toml::to_string(&card(recipe, progress, place, file))
        .context(Kind::Internal, "the card cannot be written")
}

fn card(recipe: &Recipe, progress: Progress, place: &str, file: &[u8]) -> ModelCard {
    ModelCard {
        name: recipe.name.clone(),
        title: recipe.title.clone(),
        architecture: prednet::ARCHITECTURE.to_owned(),
        widths: recipe.network.widths.clone(),
        trained_size: Some(recipe.network.size),
        frame_rate_hz: Some(recipe.diet.frame_rate_hz),
        about: recipe.about.trim().to_owned(),
        data: data(recipe),
        never_shown: never_shown(recipe),
        recipe: how(recipe, progress, place),
        sha256: sha256_hex(file),
        ..ModelCard::default()
    }
}

fn data(recipe: &Recipe) -> String {
    let diet = &recipe.diet;
    let mut parts = Vec::new();
    let mut add = |weight: f32, kind: &str, credit: &str| {
        if weight > 0.0 {
            parts.push((weight, format!("{kind} ({})", credit.trim())));
        }
    };
    diet.video.iter().for_each(|item| add(item.weight, "video", &item.credit));
    diet.panorama.iter().for_each(|item| add(item.weight, "camera turns in panoramas", &item.credit));
    diet.objects
        .iter()
        .for_each(|item| add(item.weight, "textured objects that move over panoramas", &item.credit));
    diet.still.iter().for_each(|item| add(item.weight, "still views of panoramas", &item.credit));
    diet.photograph.iter().for_each(|item| add(item.weight, "glances at photographs", &item.credit));
    let total: f32 = parts.iter().map(|(weight, _)| weight).sum();
    let shares = parts.iter().map(|(weight, what)| format!("{:.0} % {what}", 100.0 * weight / total));
    let order = if diet.shuffled { " The frames of every sequence in random order." } else { "" };
    format!("{}.{order}", shares.collect::<Vec<_>>().join("; "))
}

fn never_shown(recipe: &Recipe) -> String {
    let held_out = recipe.diet.held_out.join(", ");
    let said = recipe.never_shown.trim();
    if held_out.is_empty() {
        said.to_owned()
    } else {
        format!("{said} Held out: {held_out}.").trim().to_owned()
    }
}

fn how(recipe: &Recipe, progress: Progress, place: &str) -> String {
    let training = &recipe.training;
    let loss = match training.loss {
        Loss::L0 => "L_0 (errors of the pixels alone)",
        Loss::LAll => "L_all (errors of the pixels, and a tenth of the other layers')",
        Loss::Unpenalised => "on a prediction of its own, read off R_0 (error units are not penalised)",
    };
    let planned = if progress.frames < training.frames {
        format!(" of {} planned", training.frames)
    } else {
        String::new()
    };
    let began = match &recipe.start {
        Some(file) => format!("Began with the weights of {file}. "),
        None => String::new(),
    };
    format!(
        "{began}Loss {loss}; Adam at {} for {:.0} % of the frames, then half a cosine to {:.0} % of it; {} sequences of {:?} frames side \
         by side, gradients through {}, states carried on; seed {}; {} frames{planned} in {} updates, {place}.",
        training.learning_rate,
        100.0 * training.hold,
        100.0 * training.last_rate,
        training.batch,
        training.lengths,
        training.window,
        training.seed,
        progress.frames,
        progress.updates,
    )
}
