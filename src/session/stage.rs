//! What the network is shown, one step after the other, whatever it is: frames of a feed or an illusion.

use std::sync::Arc;
use std::time::Duration;

use burn::tensor::{Tensor, TensorData};

use super::OnShow;
use super::Sampling;
use crate::error::{Error, Kind, Result};
use crate::frame::{Mark, NetworkFrame, Shown};
use crate::gpu::raster::{Program, View};
use crate::gpu::view::TensorView;
use crate::gpu::{Compute, Gpu};
use crate::stimulus::feed::{Feed, Plan, Taken};
use crate::stimulus::fit::{Fit, fit_image};
use crate::stimulus::illusion::sampling::{self, Beyond};
use crate::stimulus::illusion::{Illusion, Showing, compose, own_picture};
use crate::stimulus::{SourceInfo, StimulusSpec, Want, open};
use crate::units::PixelSize;

/// Samples per network pixel and side, so that a stimulus is averaged over the pixel's area.
const SAMPLES_PER_SIDE: u32 = 4;
/// Steps a second for an illusion when the model has no rate of its own.
const USUAL_RATE_HZ: f64 = 10.0;

/// What a stage needs to make the network's input.
#[derive(Clone, Debug)]
pub(super) struct Kit {
    pub(super) gpu: Option<Gpu>,
    pub(super) compute: Compute,
    pub(super) size: PixelSize,
}

/// How the stimulus is to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    pub(super) showing: Showing,
    pub(super) fit: Fit,
    pub(super) sampling: Sampling,
    pub(super) model_rate_hz: Option<f64>,
}

/// One step's worth of stimulus.
#[derive(Debug)]
pub(super) struct StageFrame {
    pub(super) time_s: f64,
    pub(super) number: u64,
    pub(super) on_show: OnShow,
    /// `[1, 3, height, width]` in 0..1.
    pub(super) input: Tensor<4>,
    /// Frames passed over to keep time.
    pub(super) dropped: u64,
}

/// Stimulus times that are due in a live view, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Live {
    /// What is older is late.
    pub(super) from_s: f64,
    /// What is younger is early.
    pub(super) to_s: f64,
}

/// What came of asking for the next step.
#[derive(Debug)]
pub(super) enum Advance {
    Frame(Box<StageFrame>),
    /// The next frame is there but is due only at this time, in seconds of stimulus.
    Early(f64),
    NotYet,
    End,
    Failed(Error),
}

/// The open stimulus.
#[derive(Debug)]
pub(super) enum Stage {
    Feed(Box<FeedStage>),
    Illusion(Box<IllusionStage>),
}

#[derive(Debug)]
pub(super) struct FeedStage {
    feed: Feed,
    /// A frame that came before its time.
    held: Option<Shown>,
}

#[derive(Debug)]
pub(super) struct IllusionStage {
    illusion: Arc<Illusion>,
    program: Arc<Program>,
    rate_hz: f64,
    next: u64,
    /// What was rendered last, and of what: a picture that stands still is rendered once.
    still: Option<(View, Vec<f32>, Tensor<4>)>,
}

impl Setting {
    /// The same with nothing of an earlier stimulus in it: no parameters, no control, no mirror.
    pub(super) fn plain(&self) -> Self {
        let showing = Showing { seed: self.showing.seed, ..Showing::default() };
        Self { showing, ..self.clone() }
    }

    fn plan(&self) -> Plan {
        match self.sampling {
            Sampling::EveryFrame => Plan::EveryFrame,
            Sampling::FixedHz(rate_hz) => Plan::FixedHz(rate_hz),
        }
    }

    pub(super) fn illusion_rate_hz(&self) -> f64 {
        match self.sampling {
            Sampling::FixedHz(rate_hz) if rate_hz > 0.0 => rate_hz,
            _ => self.model_rate_hz.unwrap_or(USUAL_RATE_HZ),
        }
    }
}

impl Stage {
    /// What of the illusion's parameters frames of `size` cannot show.
    pub(super) fn beyond(&self, setting: &Setting, size: PixelSize) -> Vec<Beyond> {
        self.illusion().map_or_else(Vec::new, |illusion| {
            let values = illusion.effective(&setting.showing);
            sampling::beyond(&illusion.card, &values, size, setting.illusion_rate_hz())
        })
    }

    /// Opens a stimulus. Files open on their own thread: their errors come with the first frame.
    pub(super) fn open(
        spec: &StimulusSpec,
        illusions: &[Illusion],
        setting: &Setting,
        kit: &Kit,
    ) -> Result<Self> {
        if let (StimulusSpec::File(path), true) = (spec, kit.gpu.is_some())
            && open::is_still_picture(path)
        {
            return Self::of_illusion(own_picture::of(path)?, setting, kit);
        }
        let StimulusSpec::Illusion(slug) = spec else {
            let feed = Feed::open(spec.clone(), setting.plan());
            return Ok(Self::Feed(Box::new(FeedStage { feed, held: None })));
        };
        let illusion = crate::stimulus::illusion::catalogue::find(illusions, slug)?;
        Self::of_illusion(illusion.clone(), setting, kit)
    }

    fn of_illusion(illusion: Illusion, setting: &Setting, kit: &Kit) -> Result<Self> {
        let gpu = kit.gpu.as_ref().ok_or_else(|| {
            Error::new(Kind::Gpu, "illusions are drawn by the graphics adapter and none was found")
                .advise("Install Mesa's software driver (Debian, Ubuntu: mesa-vulkan-drivers)")
        })?;
        let program = Arc::new(Program::new(gpu, &compose::compose(&illusion))?);
        let rate_hz = setting.illusion_rate_hz();
        let illusion = Arc::new(illusion);
        Ok(Self::Illusion(Box::new(IllusionStage { illusion, program, rate_hz, next: 0, still: None })))
    }

    /// The next step. `live` is the span of stimulus time that is due in a live view: what is older is
    /// passed over and counted, what is younger is held back. Waits at most `wait` for a decoder.
    pub(super) fn advance(
        &mut self,
        live: Option<Live>,
        wait: Duration,
        setting: &Setting,
        kit: &Kit,
    ) -> Advance {
        match self {
            Self::Feed(stage) => stage.advance(live, wait, setting, kit),
            Self::Illusion(stage) => stage.advance(live, setting, kit),
        }
    }

    /// Makes `want` the next frame to come.
    pub(super) fn go_to(&mut self, want: Want) {
        match self {
            Self::Feed(stage) => {
                stage.held = None;
                stage.feed.seek(want);
            }
            Self::Illusion(stage) => {
                stage.next = match want {
                    Want::Start => 0,
                    Want::Next => stage.next,
                    Want::Previous => stage.next.saturating_sub(2),
                    // A grid time that was written as a decimal may fall a hair short of its step.
                    Want::At(time_s) => (time_s.max(0.0) * stage.rate_hz + 1e-6).floor() as u64,
                };
            }
        }
    }

    /// Takes changed sampling to heart.
    pub(super) fn resample(&mut self, setting: &Setting) {
        match self {
            Self::Feed(stage) => stage.feed.set_plan(setting.plan()),
            Self::Illusion(stage) => {
                let time_s = stage.next as f64 / stage.rate_hz;
                stage.rate_hz = setting.illusion_rate_hz();
                // Up, so that time never goes back.
                stage.next = (time_s * stage.rate_hz - 1e-6).ceil().max(0.0) as u64;
            }
        }
    }

    /// What is known of a source; `None` for illusions.
    pub(super) fn info(&self) -> Option<SourceInfo> {
        match self {
            Self::Feed(stage) => stage.feed.info(),
            Self::Illusion(_) => None,
        }
    }

    /// Length in seconds, where there is one.
    pub(super) fn duration_s(&self) -> Option<f64> {
        match self {
            Self::Feed(stage) => stage.feed.info().and_then(|info| info.duration_s),
            Self::Illusion(stage) => stage.illusion.card.duration_s,
        }
    }

    /// Whether it can be gone back in.
    pub(super) fn is_seekable(&self) -> bool {
        match self {
            Self::Feed(stage) => stage.feed.info().is_some_and(|info| info.seekable),
            Self::Illusion(_) => true,
        }
    }

    /// Expected time from one step to the next, in seconds of stimulus.
    pub(super) fn interval_s(&self, setting: &Setting) -> f64 {
        let rate_hz = match (self, setting.sampling) {
            (Self::Illusion(stage), _) => stage.rate_hz,
            (_, Sampling::FixedHz(rate_hz)) => rate_hz,
            (Self::Feed(stage), Sampling::EveryFrame) => {
                stage.feed.info().and_then(|info| info.frame_rate_hz).unwrap_or(USUAL_RATE_HZ)
            }
        };
        1.0 / rate_hz.clamp(0.01, 1000.0)
    }

    /// Events between two times.
    pub(super) fn marks(&self, showing: &Showing, from_s: f64, to_s: f64) -> Vec<Mark> {
        match self {
            Self::Feed(_) => Vec::new(),
            Self::Illusion(stage) => stage.illusion.marks(showing, from_s, to_s),
        }
    }

    /// The illusion on stage, if it is one.
    pub(super) fn illusion(&self) -> Option<&Arc<Illusion>> {
        match self {
            Self::Feed(_) => None,
            Self::Illusion(stage) => Some(&stage.illusion),
        }
    }
}

impl FeedStage {
    fn take(&mut self, wait: Duration) -> Taken {
        self.held.take().map_or_else(|| self.feed.take(wait), Taken::Frame)
    }

    fn advance(&mut self, live: Option<Live>, wait: Duration, setting: &Setting, kit: &Kit) -> Advance {
        let mut dropped = 0;
        let mut chosen: Option<Shown> = None;
        loop {
            // The first frame may be waited for; those that would replace it must be there already.
            let wait = if chosen.is_none() { wait } else { Duration::ZERO };
            match self.take(wait) {
                Taken::Frame(shown) if live.is_some_and(|live| shown.time_s > live.to_s) => {
                    let early = Advance::Early(shown.time_s);
                    self.held = Some(shown);
                    if chosen.is_none() {
                        return early;
                    }
                    break;
                }
                Taken::Frame(shown) => {
                    dropped += u64::from(chosen.is_some());
                    let late = live.is_some_and(|live| shown.time_s < live.from_s);
                    chosen = Some(shown);
                    if !late {
                        break;
                    }
                }
                Taken::NotYet => break,
                // The end (or a fault) is met again with the next call, once the chosen frame was seen.
                Taken::End if chosen.is_some() => break,
                Taken::End => return Advance::End,
                Taken::Failed(error) => return Advance::Failed(error),
            }
        }
        let Some(shown) = chosen else { return Advance::NotYet };
        let frame = fit_image(&shown.image, kit.size, setting.fit, setting.showing.mirror);
        Advance::Frame(Box::new(StageFrame {
            time_s: shown.time_s,
            number: shown.number,
            input: kit.upload(frame),
            on_show: OnShow::Picture(shown.image),
            dropped,
        }))
    }
}

impl IllusionStage {
    fn advance(&mut self, live: Option<Live>, setting: &Setting, kit: &Kit) -> Advance {
        let mut dropped = 0;
        if let Some(live) = live {
            let due = (live.from_s * self.rate_hz).floor().max(0.0) as u64;
            dropped = due.saturating_sub(self.next);
            self.next += dropped;
        }
        let time_s = self.next as f64 / self.rate_hz;
        // Half a step of tolerance: a length that is a whole number of steps must not gain one by rounding.
        if self.illusion.card.duration_s.is_some_and(|end_s| time_s > end_s - 0.5 / self.rate_hz) {
            return Advance::End;
        }
        let input = match self.render(time_s, setting, kit) {
            Ok(input) => input,
            Err(error) => return Advance::Failed(error),
        };
        let number = self.next;
        self.next += 1;
        let on_show = OnShow::Illusion {
            illusion: Arc::clone(&self.illusion),
            program: Some(Arc::clone(&self.program)),
            showing: setting.showing.clone(),
            time_s,
        };
        Advance::Frame(Box::new(StageFrame { time_s, number, on_show, input, dropped }))
    }

    fn render(&mut self, time_s: f64, setting: &Setting, kit: &Kit) -> Result<Tensor<4>> {
        let params = self.illusion.uniform_values(&setting.showing);
        let is_still = self.program.is_still(&params);
        let time_s = if is_still { 0.0 } else { time_s };
        let view = self.illusion.view(&setting.showing, kit.size, time_s, SAMPLES_PER_SIDE);
        if let Some((known, with, input)) = &self.still
            && (known, with) == (&view, &params)
        {
            return Ok(input.clone());
        }
        let input = kit.render(&self.program, &view, &params)?;
        self.still = is_still.then(|| (view, params, input.clone()));
        Ok(input)
    }
}

impl Kit {
    fn upload(&self, frame: NetworkFrame) -> Tensor<4> {
        let shape = [1, 3, frame.size.height as usize, frame.size.width as usize];
        Tensor::from_data(TensorData::new(frame.planes, shape), &self.compute.burn)
    }

    /// On the GPU the shader writes into the tensor's own buffer; nothing passes through the CPU.
    fn render(&self, program: &Program, view: &View, params: &[f32]) -> Result<Tensor<4>> {
        match &self.gpu {
            Some(gpu) if self.compute.on_gpu => {
                let shape = [1, 3, self.size.height as usize, self.size.width as usize];
                let input = Tensor::<4>::zeros(shape, &self.compute.burn);
                program.render_into(view, params, &TensorView::new(gpu, &input)?)?;
                Ok(input)
            }
            _ => {
                let planes = program.render_planes(view, params)?;
                Ok(self.upload(NetworkFrame { size: self.size, planes }))
            }
        }
    }
}
