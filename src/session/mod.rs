//! The running loop: one worker thread owns stimulus and network; commands go down a bounded channel,
//! the latest snapshot comes up. Nothing here knows the window.

pub mod baselines;
pub mod belief;
mod checkpoints;
pub mod describe;
mod filmstrip;
mod guard;
mod looker;
mod networks;
mod obey;
mod pictures;
mod publish;
pub mod reading;
pub mod run;
pub mod second;
pub mod segments;
mod stage;
mod think;
pub mod transport;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Context as _, Kind, Result};
use crate::frame::Image;
use crate::gpu::heat::{Look, Reduced};
use crate::gpu::raster::Program;
use crate::gpu::view::TensorView;
use crate::gpu::{Compute, Gpu};
use crate::model::{Lesion, ModelCard, Probe};
use crate::param::ParamValues;
use crate::provenance::Provenance;
use crate::readout::flow::Method;
use crate::readout::timecourse::Recording;
use crate::readout::{MapRange, ProbeStats, Unit};
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::sampling::Beyond;
use crate::stimulus::illusion::{Illusion, Showing};
use crate::stimulus::{SourceInfo, StimulusSpec};
use crate::threads::Helper;
use crate::units::PixelSize;

pub mod saved;

pub use guard::Safety;
pub use second::{Difference, Second, Whose};

/// How many network steps a stimulus is cut into.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// One step per frame of the video; illusions step at the model's own rate.
    #[default]
    EveryFrame,
    /// One step every `1 / rate` seconds of stimulus time.
    FixedHz(f64),
}

/// What happens at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looping {
    /// Stop on the last frame.
    Off,
    /// Start again.
    #[default]
    Whole,
    /// Between two times in seconds.
    Between(f64, f64),
}

/// What the window (or a script) asks of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Plays or pauses.
    SetPlaying(bool),
    /// One step ahead, then pause.
    StepForward,
    /// One step back, then pause.
    StepBack,
    /// To a time in seconds; the network's state is replayed from the nearest checkpoint.
    Seek(f64),
    /// Speed, 0.1 to 4.
    SetSpeed(f64),
    /// What happens at the end.
    SetLooping(Looping),
    /// Another stimulus.
    Open(StimulusSpec),
    /// One parameter of the illusion.
    SetParam(String, f64),
    /// All parameters at once (preset, reset).
    SetParams(ParamValues),
    /// Control condition.
    SetControl(bool),
    /// Mirror, left to right.
    SetMirror(bool),
    /// Sampling.
    SetSampling(Sampling),
    /// Fit.
    SetFit(Fit),
    /// Another model: a shipped one's name or a file. The stimulus goes on from where it is.
    SetModel(String),
    /// A second network beside the first, by name or file: both start afresh and look at the same frames.
    /// `None` ends the comparison.
    Compare(Option<String>),
    /// The first network becomes the second and the second the first.
    Exchange,
    /// Another size of the network's input.
    SetSize(PixelSize),
    /// A lesion.
    SetLesion(String, bool),
    /// The network's own prediction is fed back for the next n steps (0: stop).
    Extrapolate(u32),
    /// Forgets all that was seen and starts the recording again.
    Reset,
    /// Records a unit from now on.
    Pick(Unit),
    /// Stops recording a unit.
    Unpick(Unit),
    /// The unit under the pointer, whose value is wanted in the next snapshot.
    Hover(Option<Unit>),
    /// The enlarged map, whose percentiles are wanted: probe and channel.
    Inspect(Option<(String, Option<u32>)>),
    /// The maps that are on show; the next snapshots have these and no others.
    Show(Vec<Wanted>),
    /// Writes the given probe as it is now (`None`: actual | prediction) to a PNG file.
    SavePicture(Option<String>, PathBuf),
    /// Whether the motion that the network believes in is wanted also where nobody asks for a number.
    ShowMotion(Option<Method>),
    /// An illusion's text was edited, added or removed: the catalogue as it is now.
    Illusions(Arc<Vec<Illusion>>),
}

/// A map that is on show.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Which network's.
    pub whose: Whose,
    /// Name of its probe.
    pub probe: String,
    /// What is drawn of it.
    pub look: Look,
}

/// A map ready to be drawn.
#[derive(Clone, Debug)]
pub struct ShownMap {
    /// Which network's.
    pub whose: Whose,
    /// Place of its probe.
    pub probe: usize,
    /// What is to be drawn of it.
    pub look: Look,
    /// Its values.
    pub values: MapValues,
}

/// Where the values of a map are.
#[derive(Clone, Debug)]
pub enum MapValues {
    /// In the tensor's own buffer on the graphics device: all of them.
    Device(TensorView),
    /// In host memory: what the look draws of them.
    Host(Arc<Reduced>),
}

/// What is shown to the person.
#[derive(Clone, Debug)]
pub enum OnShow {
    /// Nothing yet.
    Nothing,
    /// A picture of a video, folder or camera, as it is before fitting.
    Picture(Image),
    /// An illusion, drawn by the GPU at the panel's own resolution.
    Illusion {
        /// Which one.
        illusion: Arc<Illusion>,
        /// The same, compiled for the network; `None` where nothing was compiled.
        program: Option<Arc<Program>>,
        /// How it is shown.
        showing: Showing,
        /// Time in seconds.
        time_s: f64,
    },
}

/// Where the run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Seconds from the start of the stimulus.
    pub time_s: f64,
    /// Frame number of the stimulus.
    pub frame: u64,
    /// Network steps since the last reset.
    pub step: u64,
    /// Length in seconds, where there is one.
    pub duration_s: Option<f64>,
    /// Whether it plays.
    pub playing: bool,
    /// Speed.
    pub speed: f64,
    /// Looping.
    pub looping: Looping,
    /// Steps of extrapolation still to go.
    pub extrapolating: u32,
}

/// How the machine keeps up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    /// Median time of a network step, milliseconds; of both networks together where two are compared.
    pub step_ms: f64,
    /// Median time of getting a frame, milliseconds.
    pub frame_ms: f64,
    /// Steps a second reached over the last second.
    pub steps_per_s: f64,
    /// Frames that were skipped to keep time since the stimulus was opened.
    pub dropped: u64,
    /// Shortest time from one drawing of the window to the next that leaves the network its own, seconds.
    pub draw_every_s: f64,
}

/// Everything the window draws. The worker makes one per step; maps only as often as they can be drawn.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Grows with every snapshot.
    pub sequence: u64,
    /// What was asked to be open.
    pub stimulus: StimulusSpec,
    /// What is known of a source; `None` for illusions.
    pub source: Option<SourceInfo>,
    /// What the person sees.
    pub on_show: OnShow,
    /// How the illusion is shown (also for videos: mirror).
    pub showing: Showing,
    /// Model card.
    pub model: Arc<ModelCard>,
    /// The name or file that the model was loaded by.
    pub model_source: String,
    /// Probes of the model.
    pub probes: Arc<Vec<Probe>>,
    /// The maps on show, as they were when `pictures` last grew.
    pub maps: Arc<Vec<ShownMap>>,
    /// Number of the maps: where it is the same, they are.
    pub pictures: u64,
    /// One row per probe.
    pub stats: Vec<ProbeStats>,
    /// Percentiles of the enlarged map.
    pub inspected: Option<MapRange>,
    /// Value under the pointer.
    pub hovered: Option<(Unit, f32)>,
    /// Lesions and their switches.
    pub lesions: Vec<Lesion>,
    /// Where the run is.
    pub place: Place,
    /// How the machine keeps up.
    pub pace: Pace,
    /// Sampling.
    pub sampling: Sampling,
    /// Fit.
    pub fit: Fit,
    /// Mean squared error of the prediction and of copying the last frame, in this step.
    pub squared_error: Option<(f32, f32)>,
    /// The second network, where two are compared.
    pub second: Option<Second>,
    /// Whether it is safe to look at.
    pub safety: Safety,
    /// Parameters of the illusion that the network's frames cannot show.
    pub beyond: Vec<Beyond>,
    /// How the run would be described in a file.
    pub provenance: Provenance,
}

impl Snapshot {
    /// The values of a map, if it is among those on show.
    pub fn map(&self, whose: Whose, probe: usize, look: Look) -> Option<&MapValues> {
        let of_probe = || self.maps.iter().filter(|map| map.whose == whose && map.probe == probe);
        let whole = |map: &&ShownMap| map.look == look || matches!(map.values, MapValues::Device(_));
        of_probe().find(whole).map(|map| &map.values)
    }
}

/// Something to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is an error (stays until closed) or news (goes by itself).
    pub is_error: bool,
    /// What to say.
    pub text: String,
}

/// Where a session starts.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Start {
    /// Stimulus.
    pub stimulus: StimulusSpec,
    /// Its parameters, control, mirror, seed.
    #[serde(default)]
    pub showing: Showing,
    /// A shipped model's name or a file; `None` for the default.
    #[serde(default)]
    pub model: Option<String>,
    /// Network input; `None` for the model's own.
    #[serde(default)]
    pub size: Option<PixelSize>,
    /// Sampling.
    #[serde(default)]
    pub sampling: Sampling,
    /// Fit.
    #[serde(default)]
    pub fit: Fit,
    /// Lesions that are on.
    #[serde(default)]
    pub lesions: Vec<String>,
    /// A second model, which is compared with the first.
    #[serde(default)]
    pub second: Option<String>,
    /// Its lesions that are on.
    #[serde(default)]
    pub second_lesions: Vec<String>,
}

/// The window's handle of a running session. No method waits. Cloning shares it; the worker ends with the
/// last handle.
#[derive(Clone, Debug)]
pub struct Session {
    commands: crossbeam_channel::Sender<Command>,
    shared: Arc<Shared>,
    /// Waited for when the last sender of commands is gone.
    _worker: Option<Arc<Helper>>,
}

/// What worker and window share: one-slot and short-lived locks only.
#[derive(Debug, Default)]
struct Shared {
    latest: parking_lot::Mutex<Option<Arc<Snapshot>>>,
    recording: parking_lot::RwLock<Recording>,
    notices: parking_lot::Mutex<Vec<Notice>>,
    belief: parking_lot::Mutex<Option<Arc<belief::Belief>>>,
}

/// Commands that may wait for the worker before `send` says that it is too far behind.
const QUEUE: usize = 256;

impl Session {
    /// A session with no worker: a snapshot, a recording, and the other end of the commands. For tests of
    /// the window.
    #[doc(hidden)]
    #[must_use]
    pub fn detached(
        snapshot: Option<Snapshot>,
        recording: Recording,
    ) -> (Self, crossbeam_channel::Receiver<Command>) {
        let (commands, sent) = crossbeam_channel::bounded(1024);
        let shared = Arc::new(Shared {
            latest: parking_lot::Mutex::new(snapshot.map(Arc::new)),
            recording: parking_lot::RwLock::new(recording),
            notices: parking_lot::Mutex::default(),
            ..Shared::default()
        });
        (Self { commands, shared, _worker: None }, sent)
    }

    /// Starts the worker. `wake` is called after every snapshot with new maps (to repaint the window).
    ///
    /// # Errors
    /// When the default model cannot be loaded, or the thread cannot be started. A stimulus or model
    /// that cannot be had is no error: a notice says so and the default is shown instead.
    pub fn start(
        gpu: Option<Gpu>,
        compute: Compute,
        start: Start,
        wake: Box<dyn Fn() + Send + Sync>,
    ) -> Result<Self> {
        let wake: Arc<dyn Fn() + Send + Sync> = wake.into();
        let (commands, orders) = crossbeam_channel::bounded(QUEUE);
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let worker = Helper::start("percept-worker", move || {
            let (told, call) = (Arc::clone(&theirs), Arc::clone(&wake));
            match worker::Worker::new(gpu, compute, &start, theirs, wake) {
                Ok(worker) => worker.run(&orders),
                Err(error) => {
                    told.tell(&error);
                    call();
                }
            }
        });
        let worker = worker.context(Kind::Internal, "the worker thread cannot be started")?;
        Ok(Self { commands, shared, _worker: Some(Arc::new(worker)) })
    }

    /// Sends a command; `false` when the worker is so far behind that its queue is full.
    pub fn send(&self, command: Command) -> bool {
        self.commands.try_send(command).is_ok()
    }

    /// The latest snapshot, if there is one yet.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<Snapshot>> {
        self.shared.latest.lock().clone()
    }

    /// What the network believed of the motion at one of the last steps.
    #[must_use]
    pub fn belief(&self) -> Option<Arc<belief::Belief>> {
        self.shared.belief.lock().clone()
    }

    /// Looks at what has been recorded.
    pub fn recording<T>(&self, look: impl FnOnce(&Recording) -> T) -> T {
        look(&self.shared.recording.read())
    }

    /// Leaves a notice for the window from outside the worker.
    pub fn notify(&self, notice: Notice) {
        self.shared.notices.lock().push(notice);
    }

    /// Takes the notices that came since the last call.
    #[must_use]
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut self.shared.notices.lock())
    }
}
