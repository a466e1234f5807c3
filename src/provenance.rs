//! Where a result comes from: written into every exported file.

/// Everything needed to say how a file was made.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Provenance {
    /// Percept's version.
    pub version: String,
    /// Model name and architecture.
    pub model: String,
    /// SHA-256 of the weights, in hexadecimal; empty for models without weights.
    pub model_sha256: String,
    /// Stimulus name or file.
    pub stimulus: String,
    /// `name=value unit` of every parameter, and control, mirror, lesions and sampling where they apply.
    pub settings: Vec<String>,
    /// Seed of everything random in the stimulus.
    pub seed: u64,
    /// Where the network ran, in words.
    pub device: String,
    /// Network input, `WxH`.
    pub size: String,
    /// The command line that makes the file again, where there is one.
    pub command: String,
}

impl Provenance {
    /// `(key, value)` pairs in a fixed order, for headers and metadata; empty values are left out.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("percept", self.version.clone()),
            ("model", self.model.clone()),
            ("model_sha256", self.model_sha256.clone()),
            ("stimulus", self.stimulus.clone()),
            ("settings", self.settings.join("; ")),
            ("seed", self.seed.to_string()),
            ("device", self.device.clone()),
            ("size", self.size.clone()),
            ("command", self.command.clone()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}
