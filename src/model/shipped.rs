//! The models that come with the program, and opening any model by name or file.

use std::path::Path;

use burn::tensor::Device;

use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::Gpu;
use crate::model::baseline::{Baseline, Rule};
use crate::model::prednet::config::Config;
use crate::model::prednet::cpu::CpuPredNet;
use crate::model::prednet::gpu::GpuPredNet;
use crate::model::prednet::readout::ReadOut;
use crate::model::prednet::{self, PredNet};
use crate::model::weights::{self, NamedTensors, WeightsFile, safetensors};
use crate::model::{Model, ModelCard};
use crate::safety::limits::MAX_CARD_BYTES;
use crate::units::PixelSize;

/// The model that is used where none is named.
pub const DEFAULT: &str = "family-1";

/// Input of models that do not say what size they were trained on: that of the published network.
const USUAL_SIZE: PixelSize = PixelSize::new(160, 128);

/// Input of the baselines: that of the default model.
const BASELINE_SIZE: PixelSize = PixelSize::new(80, 64);

/// A shipped model: its card, and its weights where it has any.
#[derive(Clone, Copy, Debug)]
struct Shipped {
    name: &'static str,
    card: &'static str,
    weights: Option<&'static [u8]>,
}

/// A network whose weights and card lie in `assets/models`.
macro_rules! trained {
    ($name:literal) => {
        Shipped {
            name: $name,
            card: include_str!(concat!("../../assets/models/", $name, ".toml")),
            weights: Some(include_bytes!(concat!("../../assets/models/", $name, ".safetensors"))),
        }
    };
}

const SHIPPED: &[Shipped] = &[
    trained!("family-1"),
    trained!("family-2"),
    trained!("family-3"),
    trained!("family-4"),
    trained!("family-5"),
    trained!("family-l-all"),
    trained!("family-shuffled"),
    trained!("family-unpenalised"),
    trained!("family-untrained"),
    trained!("flagship"),
    trained!("first-light"),
    trained!("untrained"),
    Shipped {
        name: Rule::CopyLastFrame.name(),
        card: include_str!("../../assets/models/copy-last-frame.toml"),
        weights: None,
    },
    Shipped {
        name: Rule::LinearExtrapolation.name(),
        card: include_str!("../../assets/models/linear-extrapolation.toml"),
        weights: None,
    },
];

/// Names of the shipped models, the default one first.
#[must_use]
pub fn names() -> Vec<&'static str> {
    SHIPPED.iter().map(|shipped| shipped.name).collect()
}

/// Cards of the shipped models, in the order of [`names`].
#[must_use]
pub fn cards() -> Vec<ModelCard> {
    let read = |shipped: &Shipped| read_card(shipped).inspect_err(|error| tracing::error!("{error}")).ok();
    SHIPPED.iter().filter_map(read).collect()
}

/// The card of a shipped model or of a weights file.
///
/// # Errors
/// Those of [`load`].
pub fn card(name_or_path: &str) -> Result<ModelCard> {
    match find(name_or_path) {
        Some(shipped) => read_card(shipped),
        None => Ok(open_file(name_or_path)?.0),
    }
}

/// Opens a shipped model by name, or a weights file, for frames of `size` (`None`: what it was trained on).
///
/// # Errors
/// [`Kind::Missing`] with the names there are; those of [`weights::read`]; [`Kind::Mismatch`] when the
/// weights are of no known architecture or the size does not fit.
pub fn load(name_or_path: &str, size: Option<PixelSize>, device: &Device) -> Result<Box<dyn Model>> {
    let Some(shipped) = find(name_or_path) else {
        let (card, config, file) = open_file(name_or_path)?;
        return prednet(card, config, &file, size, device).map_err(|error| error.at(name_or_path));
    };
    let card = read_card(shipped)?;
    let Some(bytes) = shipped.weights else {
        let rules = [Rule::CopyLastFrame, Rule::LinearExtrapolation];
        let rule = rules.into_iter().find(|rule| rule.name() == shipped.name);
        let rule = rule.ok_or_else(|| Error::new(Kind::Internal, "a shipped model has no weights"))?;
        return Ok(Box::new(Baseline::new(card, rule, size.unwrap_or(BASELINE_SIZE), device)?));
    };
    let file = safetensors::parse(bytes)?;
    let config = Config::from_shapes(&file.shapes())?;
    prednet(card, config, &file, size, device)
}

/// The weights of a shipped model or of a file, with its card and its widths, and no network made of them.
///
/// # Errors
/// Those of [`load`]; [`Kind::Usage`] for a model that has no weights.
pub fn weights(name_or_path: &str) -> Result<(ModelCard, Config, WeightsFile)> {
    let Some(shipped) = find(name_or_path) else { return open_file(name_or_path) };
    let bytes = shipped.weights.ok_or_else(|| {
        Error::new(Kind::Usage, format!("{} is a rule and has no weights", shipped.name))
            .advise("Choose a network: `percept models list`")
    })?;
    let file = safetensors::parse(bytes)?;
    let config = Config::from_shapes(&file.shapes())?;
    Ok((read_card(shipped)?, config, file))
}

fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name)
}

fn read_card(shipped: &Shipped) -> Result<ModelCard> {
    parse_card(shipped.card).context(Kind::Internal, shipped.name)
}

fn prednet(
    mut card: ModelCard,
    config: Config,
    file: &WeightsFile,
    size: Option<PixelSize>,
    device: &Device,
) -> Result<Box<dyn Model>> {
    let usual = card.trained_size.unwrap_or_else(|| config.nearest_size(USUAL_SIZE));
    card.sha256.clone_from(&file.sha256);
    card.widths.clone_from(&config.widths);
    network(card, config, &file.tensors, size.unwrap_or(usual), device)
}

/// A `PredNet` of these weights by what is fastest on `device`: the CPU engine, our own shaders, or burn's
/// operations where those are refused.
///
/// # Errors
/// [`Kind::Mismatch`] when the size or an array does not fit; those of the device.
pub fn network(
    card: ModelCard,
    config: Config,
    tensors: &NamedTensors,
    size: PixelSize,
    device: &Device,
) -> Result<Box<dyn Model>> {
    if config.readout {
        let inner = network(card, Config { readout: false, ..config.clone() }, tensors, size, device)?;
        return Ok(Box::new(ReadOut::new(inner, &config, tensors)?));
    }
    if *device == Device::flex() {
        let threads = crate::cpu::team::usual_threads();
        return Ok(Box::new(CpuPredNet::new(card, config, tensors, size, threads)?));
    }
    if let Some(gpu) = Gpu::behind(device) {
        match GpuPredNet::new(card.clone(), config.clone(), tensors, size, (&gpu, device)) {
            // A driver may refuse the shaders and still take burn's.
            Err(error) if error.kind == Kind::Gpu => tracing::warn!("{error}"),
            made => return Ok(Box::new(made?)),
        }
    }
    Ok(Box::new(PredNet::new(card, config, tensors, size, device)?))
}

fn open_file(name: &str) -> Result<(ModelCard, Config, WeightsFile)> {
    let path = Path::new(name);
    let looks_like_a_file = path.components().count() > 1 || path.extension().is_some() || path.exists();
    if !looks_like_a_file {
        return Err(Error::new(Kind::Missing, format!("there is no model \"{name}\""))
            .advise(format!("There are: {}; or name a weights file", names().join(", "))));
    }
    let mut config = None;
    let file = weights::read_if(path, |shapes| {
        config = Some(Config::from_shapes(shapes)?);
        Ok(())
    })?;
    let config = config.ok_or_else(|| Error::new(Kind::Internal, "the weights were not looked at"))?;
    let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let card = card_beside(path, &file).unwrap_or_else(|| ModelCard {
        title: stem.clone(),
        name: stem,
        architecture: prednet::ARCHITECTURE.to_owned(),
        widths: config.widths.clone(),
        about: about(&file),
        sha256: file.sha256.clone(),
        ..ModelCard::default()
    });
    Ok((card, config, file))
}

/// The card of the same name beside a weights file, if it is of this very file: what does not name its hash may
/// be of another.
fn card_beside(path: &Path, file: &WeightsFile) -> Option<ModelCard> {
    let path = path.with_extension("toml");
    if std::fs::metadata(&path).ok()?.len() > MAX_CARD_BYTES {
        return None;
    }
    let read = std::fs::read_to_string(&path).ok()?;
    let card = parse_card(&read);
    let card =
        card.inspect_err(|cause| tracing::warn!("{}: this is no card: {cause}", path.display())).ok()?;
    if card.sha256 != file.sha256 {
        tracing::warn!("{}: the card is of another file and is not believed", path.display());
        return None;
    }
    Some(card)
}

fn parse_card(text: &str) -> Result<ModelCard, toml::de::Error> {
    let card: ModelCard = toml::from_str(text)?;
    Ok(ModelCard { about: card.about.trim().to_owned(), ..card })
}

/// What is known of a network that came from a file.
fn about(file: &WeightsFile) -> String {
    let read = std::iter::once(format!("Read from a {} file", file.format));
    let all: Vec<String> = read.chain(file.notes.iter().cloned()).collect();
    format!("{}. Nothing is known of how it was trained.", all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_model_opens_and_is_what_its_card_says() {
        for name in names() {
            let model = load(name, None, &Device::flex()).unwrap();
            let said = card(name).unwrap();
            assert_eq!(said.name, name);
            assert_eq!(model.card(), &said, "{name}: hash or widths differ from the card");
            assert!(!said.about.is_empty() && !said.title.is_empty());
        }
        assert_eq!(cards().len(), names().len());
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = load("second-light", None, &Device::flex()).err().unwrap();
        assert_eq!(error.kind, Kind::Missing);
        assert!(error.to_string().contains(&names().join(", ")) && names().contains(&"untrained"), "{error}");
        let error = load("no/such/file.safetensors", None, &Device::flex()).err().unwrap();
        assert_eq!(error.kind, Kind::Missing);
        assert!(error.to_string().contains("no/such/file.safetensors"), "{error}");
    }
}
