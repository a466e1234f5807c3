//! Who looks: networks and baselines behind one trait. Everything above works on probes and never on a
//! particular network.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use crate::cpu::map::Map;
use crate::error::{Error, Kind, Result};
use crate::units::PixelSize;

pub mod baseline;
pub mod prednet;
pub mod shipped;
pub mod weights;

/// What a probe stands for; decides its colour and how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What arrives from below (`A`).
    Actual,
    /// What was expected (`Ahat`).
    Prediction,
    /// Error units (`E`): first half `relu(Ahat - A)` (too bright predicted), second half `relu(A - Ahat)`
    /// (too dark predicted).
    Error,
    /// Representation (`R`).
    Representation,
    /// Memory cell (`C`).
    Cell,
}

/// A place in a network where its activity can be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Probe {
    /// Short name, for example `a_hat0`, `e2`.
    pub name: String,
    /// The paper's symbol as used in files: `A`, `Ahat`, `E`, `R` or `C`.
    pub symbol: &'static str,
    /// Layer, 0 at the pixels.
    pub layer: usize,
    /// What it stands for.
    pub role: Role,
    /// Number of channels.
    pub channels: usize,
    /// Columns and rows.
    pub size: PixelSize,
    /// Whether values below zero occur.
    pub signed: bool,
}

impl Probe {
    /// Whether its channels are those of a picture: red, green and blue, or grey alone.
    pub fn is_picture(&self) -> bool {
        self.layer == 0
            && matches!(self.channels, 1 | 3)
            && matches!(self.role, Role::Actual | Role::Prediction)
    }
}

/// The values of a probe or of a part of the state, where the network left them.
#[derive(Clone, Debug)]
pub enum Activity {
    /// On burn's device, `[1, channels, height, width]`.
    Device(Box<Tensor<4>>),
    /// In the CPU engine's own layout.
    Host(Arc<Map>),
}

impl Activity {
    /// `[1, channels, height, width]`.
    pub fn dims(&self) -> [usize; 4] {
        match self {
            Self::Device(tensor) => tensor.dims(),
            Self::Host(map) => [1, map.layout.channels, map.layout.grid.height, map.layout.grid.width],
        }
    }

    /// As a tensor `[1, channels, height, width]`: the same memory on a device, a copy of the engine's.
    pub fn tensor(&self) -> Tensor<4> {
        match self {
            Self::Device(tensor) => (**tensor).clone(),
            Self::Host(map) => {
                Tensor::from_data(TensorData::new(map.to_planar(), self.dims()), &Device::flex())
            }
        }
    }
}

impl From<Tensor<4>> for Activity {
    fn from(tensor: Tensor<4>) -> Self {
        Self::Device(Box::new(tensor))
    }
}

/// What a network answered to one frame: an activity per probe, in the order of [`Model::probes`].
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The activities.
    pub activities: Vec<Activity>,
}

impl Response {
    /// Of tensors on burn's device.
    pub fn of_tensors(tensors: impl IntoIterator<Item = Tensor<4>>) -> Self {
        Self { activities: tensors.into_iter().map(Activity::from).collect() }
    }

    /// A probe's values as a tensor `[1, channels, height, width]`.
    pub fn tensor(&self, index: usize) -> Option<Tensor<4>> {
        self.activities.get(index).map(Activity::tensor)
    }
}

/// The recurrent state of a network, to be given back to the same network.
#[derive(Clone, Debug, Default)]
pub struct SavedState {
    /// The state's parts, in the network's own order.
    pub activities: Vec<Activity>,
}

impl SavedState {
    /// Of tensors on burn's device.
    pub fn of_tensors(tensors: impl IntoIterator<Item = Tensor<4>>) -> Self {
        Self { activities: tensors.into_iter().map(Activity::from).collect() }
    }
}

impl SavedState {
    /// Refuses a state whose parts are not of the shapes of `own`.
    ///
    /// # Errors
    /// [`Kind::Mismatch`].
    fn check_like(&self, own: &Self) -> Result<()> {
        if self.activities.iter().map(Activity::dims).eq(own.activities.iter().map(Activity::dims)) {
            return Ok(());
        }
        Err(Error::new(Kind::Mismatch, "the saved state is of another network or size")
            .advise("Start from the beginning of the stimulus"))
    }
}

/// Refuses a frame that is not `[1, 3, height, width]` of `size`.
///
/// # Errors
/// [`Kind::Mismatch`].
fn check_frame(frame: &Tensor<4>, size: PixelSize) -> Result<()> {
    let wanted = [1, 3, size.height as usize, size.width as usize];
    if frame.dims() == wanted {
        return Ok(());
    }
    let what = format!("the network was given a frame {:?} and takes {wanted:?}", frame.dims());
    Err(Error::new(Kind::Mismatch, what))
}

/// A lesion that can be switched on while the network runs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lesion {
    /// Name on the command line and in files, for example `feedback`, `layer2`.
    pub name: String,
    /// Label for people, for example "Feedback off".
    pub label: String,
    /// What it does, in one sentence.
    pub about: String,
    /// Whether it is on.
    pub on: bool,
}

/// What a model says of itself.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ModelCard {
    /// Name on the command line, for example `first-light`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Architecture: "prednet", "copy-last-frame", "linear-extrapolation".
    pub architecture: String,
    /// Channels per layer, where the architecture has them.
    #[serde(default)]
    pub widths: Vec<usize>,
    /// Width and height of the frames it was trained on.
    #[serde(default)]
    pub trained_size: Option<PixelSize>,
    /// Frames a second it was trained on.
    #[serde(default)]
    pub frame_rate_hz: Option<f64>,
    /// What it is and what to know before believing it, in a few sentences.
    #[serde(default)]
    pub about: String,
    /// What it was trained on, with licences.
    #[serde(default)]
    pub data: String,
    /// What it has never been shown.
    #[serde(default)]
    pub never_shown: String,
    /// How it was trained (recipe file, loss, optimiser, frames seen, seed).
    #[serde(default)]
    pub recipe: String,
    /// Scores on clips it was not trained on.
    #[serde(default)]
    pub scores: Vec<Score>,
    /// SHA-256 of the weights file in hexadecimal; empty for models without weights.
    #[serde(default)]
    pub sha256: String,
}

/// Prediction error on a clip, beside that of copying the last frame.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// What was shown.
    pub clip: String,
    /// Mean squared error of the prediction.
    pub mse: f64,
    /// Mean squared error of copying the last frame.
    pub copy_mse: f64,
    /// Mean squared error of going on in a line from the last two frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear_mse: Option<f64>,
    /// Structural similarity of the prediction (Wang et al. 2004).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssim: Option<f64>,
    /// That of copying the last frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_ssim: Option<f64>,
    /// That of going on in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear_ssim: Option<f64>,
}

/// A network or baseline that watches a stream one frame at a time.
pub trait Model: Send {
    /// What it says of itself.
    fn card(&self) -> &ModelCard;

    /// Its probes; the first of role [`Role::Prediction`] at layer 0 is the expected picture (three channels, or one of grey).
    fn probes(&self) -> &[Probe];

    /// Size of the frames it takes.
    fn size(&self) -> PixelSize;

    /// Looks at a frame `[1, 3, height, width]` in 0..1; `None` feeds its own prediction back instead.
    ///
    /// # Errors
    /// When the frame has the wrong shape or the device fails.
    fn step(&mut self, frame: Option<Tensor<4>>) -> Result<Response>;

    /// Does what can be done before the next frame is there, so that its step is short. A step that finds it
    /// not done does it itself.
    ///
    /// # Errors
    /// When the device fails.
    fn prepare(&mut self) -> Result<()> {
        Ok(())
    }

    /// Milliseconds that the parts of the last step took, where the model keeps them.
    fn profile(&self) -> Vec<(String, f64)> {
        Vec::new()
    }

    /// Forgets everything seen.
    fn reset(&mut self);

    /// A copy of the recurrent state.
    fn save_state(&self) -> SavedState;

    /// Takes a state that [`Model::save_state`] gave.
    ///
    /// # Errors
    /// When the state is of another network or size.
    fn restore_state(&mut self, state: &SavedState) -> Result<()>;

    /// The lesions it knows, with their switches.
    fn lesions(&self) -> Vec<Lesion> {
        Vec::new()
    }

    /// Switches a lesion.
    ///
    /// # Errors
    /// When there is no such lesion.
    fn set_lesion(&mut self, name: &str, on: bool) -> Result<()>;
}
