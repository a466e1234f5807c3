//! Switches that take a part of the network away while it runs.

use crate::error::{Error, Kind, Result};
use crate::model::Lesion;

/// Which parts are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lesions {
    /// `R_{l+1}` no longer reaches `R_l`.
    pub(super) feedback: bool,
    /// `R_l` no longer gets its own past.
    pub(super) lateral: bool,
    /// `E_l` no longer reaches `R_l`.
    pub(super) error: bool,
    /// Layers whose `R` and `E` are silent.
    pub(super) layers: Vec<bool>,
}

impl Lesions {
    /// None of them, for a network of `layers` layers.
    pub(super) fn none(layers: usize) -> Self {
        Self { layers: vec![false; layers], ..Self::default() }
    }

    /// Whether a layer is silent.
    pub(super) fn silent(&self, layer: usize) -> bool {
        self.layers.get(layer).copied().unwrap_or_default()
    }

    /// All switches with their words.
    pub(super) fn list(&self) -> Vec<Lesion> {
        let lesion = |name: &str, label: &str, about: &str, on| Lesion {
            name: name.to_owned(),
            label: label.to_owned(),
            about: about.to_owned(),
            on,
        };
        let mut all = vec![
            lesion(
                "feedback",
                "Feedback off",
                "No layer's representation hears from the layer above it.",
                self.feedback,
            ),
            lesion(
                "lateral",
                "Lateral off",
                "No layer's representation hears its own past; its memory cells remain.",
                self.lateral,
            ),
            lesion(
                "error",
                "Errors off",
                "No layer's representation hears its error units; they still go up to the next layer.",
                self.error,
            ),
        ];
        all.extend(self.layers.iter().enumerate().map(|(layer, &on)| Lesion {
            name: format!("layer{layer}"),
            label: format!("Layer {layer} off"),
            about: format!("Representation and error units of layer {layer} are silent."),
            on,
        }));
        all
    }

    /// Switches one by name.
    ///
    /// # Errors
    /// [`Kind::Usage`] with the names there are.
    pub(super) fn set(&mut self, name: &str, on: bool) -> Result<()> {
        let layer = name.strip_prefix("layer").and_then(|number| number.parse::<usize>().ok());
        let switch = match name {
            "feedback" => Some(&mut self.feedback),
            "lateral" => Some(&mut self.lateral),
            "error" => Some(&mut self.error),
            _ => layer.and_then(|layer| self.layers.get_mut(layer)),
        };
        if let Some(switch) = switch {
            *switch = on;
            return Ok(());
        }
        let names: Vec<_> = self.list().into_iter().map(|lesion| lesion.name).collect();
        Err(Error::new(Kind::Usage, format!("there is no lesion \"{name}\""))
            .advise(format!("There are: {}", names.join(", "))))
    }
}
