//! The network at work: it looks at a frame, and what it answered is kept until the next one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use burn::tensor::Tensor;

use super::checkpoints::Checkpoints;
use super::stage::Kit;
use crate::error::{Error, Kind, Result};
use crate::model::prednet::luma;
use crate::model::{Model, ModelCard, Probe, Response, Role, shipped};
use crate::readout::Unit;
use crate::readout::flow::Method;
use crate::readout::stats::{Summary, host_values, summarize_with};
use crate::units::PixelSize;

/// Steps over which the median step time is taken.
const TIMED_STEPS: usize = 31;

/// A model with what it last saw and answered.
pub(super) struct Looker {
    model: Box<dyn Model>,
    pub(super) card: Arc<ModelCard>,
    pub(super) probes: Arc<Vec<Probe>>,
    /// The name or file it was loaded by.
    pub(super) source: String,
    /// Network steps since the last reset.
    pub(super) step: u64,
    /// Steps of extrapolation still to go.
    pub(super) extrapolating: u32,
    pub(super) checkpoints: Checkpoints,
    response: Option<Response>,
    frame: Option<Tensor<4>>,
    previous_frame: Option<Tensor<4>>,
    step_ms: VecDeque<f64>,
    /// What the preparation of the coming step took.
    prepare_ms: f64,
}

/// What is asked of the small transfer beside the means.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub(super) picks: Vec<Unit>,
    pub(super) hover: Option<Unit>,
    pub(super) inspect: Option<(String, Option<u32>)>,
    /// How the motion is found that the network believes in; `None`: it is not on show.
    pub(super) motion: Option<Method>,
}

/// What one step's small transfer says.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) summary: Summary,
    pub(super) hovered: Option<(Unit, f32)>,
    pub(super) squared_error: Option<(f32, f32)>,
    /// The numbers that were asked for beside these.
    pub(super) extra: Vec<f32>,
}

impl Seen {
    /// The step's row of the recording: means of all probes, squared errors, picked units.
    pub(super) fn row(&self, probes: &[Probe], picks: &[Unit]) -> Vec<(String, f32)> {
        let means =
            probes.iter().zip(&self.summary.stats).map(|(probe, stats)| (probe.name.clone(), stats.mean));
        let errors = self.squared_error.map(|(prediction, copy)| {
            [("mse_prediction".to_owned(), prediction), ("mse_copy".to_owned(), copy)]
        });
        let units = picks.iter().zip(&self.summary.units).map(|(unit, value)| (unit.to_string(), *value));
        means.chain(errors.into_iter().flatten()).chain(units).collect()
    }
}

impl Looker {
    /// Loads a shipped model or a file.
    pub(super) fn load(name: &str, size: Option<PixelSize>, lesions: &[String], kit: &Kit) -> Result<Self> {
        let mut model = shipped::load(name, size, &kit.compute.burn)?;
        for lesion in lesions {
            model.set_lesion(lesion, true)?;
        }
        Ok(Self {
            card: Arc::new(model.card().clone()),
            probes: Arc::new(model.probes().to_vec()),
            model,
            source: name.to_owned(),
            step: 0,
            extrapolating: 0,
            checkpoints: Checkpoints::default(),
            response: None,
            frame: None,
            previous_frame: None,
            step_ms: VecDeque::new(),
            prepare_ms: 0.0,
        })
    }

    pub(super) fn model(&self) -> &dyn Model {
        self.model.as_ref()
    }

    pub(super) fn size(&self) -> PixelSize {
        self.model.size()
    }

    pub(super) fn response(&self) -> Option<&Response> {
        self.response.as_ref()
    }

    /// The picture that was expected in the last step, `[1, channels, rows, columns]`.
    pub(super) fn prediction(&self) -> Option<Tensor<4>> {
        let expected =
            self.probes.iter().position(|probe| probe.role == Role::Prediction && probe.layer == 0);
        self.response.as_ref()?.tensor(expected?)
    }

    /// The frame before, the frame that came and what was expected instead, in host memory, three planes each;
    /// `None` until two frames were seen.
    pub(super) fn last_pictures(&self) -> Result<Option<[Vec<f32>; 3]>> {
        let (Some(before), Some(actual), Some(expected)) =
            (&self.previous_frame, &self.frame, self.prediction())
        else {
            return Ok(None);
        };
        let expected = host_values(expected)?;
        // A grey network expects one plane.
        let expected = if expected.len() == self.size().area() { expected.repeat(3) } else { expected };
        Ok(Some([host_values(before.clone())?, host_values(actual.clone())?, expected]))
    }

    /// Time of the frame of the latest state that was kept before `time_s`.
    pub(super) fn kept_before(&self, time_s: f64) -> Option<f64> {
        self.checkpoints.before(time_s).map(|checkpoint| checkpoint.time_s)
    }

    /// Switches a lesion; states that were saved without it no longer count.
    pub(super) fn set_lesion(&mut self, name: &str, on: bool) -> Result<()> {
        self.checkpoints.clear();
        self.model.set_lesion(name, on)
    }

    /// Forgets everything seen.
    pub(super) fn reset(&mut self) {
        self.model.reset();
        self.step = 0;
        self.extrapolating = 0;
        self.checkpoints.clear();
        self.response = None;
        self.frame = None;
        self.previous_frame = None;
    }

    /// Goes back to the state before `time_s`, if one was kept; gives the time of its frame.
    pub(super) fn rewind(&mut self, time_s: f64) -> Result<Option<f64>> {
        let found = self.checkpoints.before(time_s).cloned();
        let Some(checkpoint) = found else {
            self.reset();
            return Ok(None);
        };
        self.model.restore_state(&checkpoint.state)?;
        self.step = checkpoint.step;
        self.extrapolating = 0;
        self.checkpoints.truncate(checkpoint.time_s + 1e-6);
        self.previous_frame = None;
        self.frame = None;
        Ok(Some(checkpoint.time_s))
    }

    /// Takes a frame as seen, without looking at it again (the state already holds it).
    pub(super) fn remember(&mut self, input: Tensor<4>) {
        self.frame = Some(input);
    }

    /// Looks at one frame.
    pub(super) fn look(&mut self, time_s: f64, input: Tensor<4>) -> Result<()> {
        let begun = Instant::now();
        let shown = (self.extrapolating == 0).then(|| input.clone());
        let response = self.model.step(shown)?;
        self.extrapolating = self.extrapolating.saturating_sub(1);
        self.previous_frame = self.frame.replace(input);
        self.response = Some(response);
        self.step += 1;
        let model = &self.model;
        self.checkpoints.offer(time_s, self.step, || model.save_state());
        self.step_ms.push_back(begun.elapsed().as_secs_f64() * 1e3 + std::mem::take(&mut self.prepare_ms));
        if self.step_ms.len() > TIMED_STEPS {
            self.step_ms.pop_front();
        }
        Ok(())
    }

    /// Lets the network do what it can before the next frame is there: its errors are then out sooner.
    pub(super) fn prepare(&mut self) -> Result<()> {
        let begun = Instant::now();
        self.model.prepare()?;
        self.prepare_ms += begun.elapsed().as_secs_f64() * 1e3;
        Ok(())
    }

    /// Median time of a step in milliseconds, its preparation included.
    pub(super) fn median_step_ms(&self) -> f64 {
        let mut sorted: Vec<f64> = self.step_ms.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }

    /// The per-frame numbers and `more` (one value each), in one small transfer. A number that is not finite is
    /// an error.
    pub(super) fn summary(&self, question: &Question, more: Vec<Tensor<1>>) -> Result<Option<Seen>> {
        let Some(response) = &self.response else { return Ok(None) };
        let at = |name: &str| self.probes.iter().position(|probe| probe.name == name).unwrap_or(usize::MAX);
        let units: Vec<(usize, Unit)> = question
            .picks
            .iter()
            .chain(&question.hover)
            .map(|unit| (at(&unit.probe), unit.clone()))
            .collect();
        let inspect = question.inspect.as_ref().map(|(name, channel)| (at(name), *channel));
        let mut extra = self.squared_errors();
        let errors = extra.len();
        extra.extend(more);
        let mut summary = summarize_with(response, &units, inspect, extra)?;
        summary.check_finite(&self.probes)?;
        let hovered = question.hover.clone().zip(summary.units.get(question.picks.len()).copied());
        summary.units.truncate(question.picks.len());
        let extra = summary.extra.split_off(errors.min(summary.extra.len()));
        let squared_error = match summary.extra.as_slice() {
            [prediction, copy] => Some((*prediction, *copy)),
            _ => None,
        };
        Ok(Some(Seen { summary, hovered, squared_error, extra }))
    }

    /// Mean squared error of the prediction and of copying the last frame, against the frame that came.
    fn squared_errors(&self) -> Vec<Tensor<1>> {
        match (&self.prediction(), &self.frame, &self.previous_frame) {
            (Some(prediction), Some(frame), Some(previous)) => {
                // A grey network saw the luma, and is held to that; so is the copy.
                let grey = prediction.dims().get(1) == Some(&1);
                let seen = |picture: &Tensor<4>| if grey { luma(picture) } else { picture.clone() };
                let frame = seen(frame);
                [prediction.clone(), seen(previous)]
                    .map(|guess| (guess - frame.clone()).square().mean())
                    .into()
            }
            _ => Vec::new(),
        }
    }

    /// The values of a probe in host memory.
    pub(super) fn values(&self, index: usize) -> Result<Vec<f32>> {
        self.response.as_ref().and_then(|response| response.tensor(index)).map_or_else(
            || {
                Err(Error::new(Kind::Missing, "there is no picture yet")
                    .advise("Let the network take a step first"))
            },
            host_values,
        )
    }
}

impl std::fmt::Debug for Looker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Looker")
            .field("card", &self.card.name)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}
