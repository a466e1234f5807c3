//! The worker thread: takes commands, steps the network when a frame is due, publishes what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::belief::Thinker;
use super::looker::{Looker, Question};
use super::pictures::Pictures;
use super::stage::{Advance, Kit, Live, Setting, Stage, StageFrame};
use super::transport::Transport;
use super::{Command, Notice, OnShow, Shared, Start};
use crate::error::{Error, Result};
use crate::gpu::{Compute, Gpu};
use crate::stimulus::illusion::{Illusion, catalogue};
use crate::stimulus::{StimulusSpec, Want};

/// Longest wait for a command while nothing is due.
const IDLE: Duration = Duration::from_millis(250);
/// How long a step may wait for the decoder before commands are looked at again.
const PATIENCE: Duration = Duration::from_millis(20);
/// Most steps that are replayed to bring the network's state to a frame that was jumped to.
const MAX_REPLAY: usize = 20;

/// Everything the worker thread owns.
pub(super) struct Worker {
    pub(super) kit: Kit,
    pub(super) shared: Arc<Shared>,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
    pub(super) spec: StimulusSpec,
    pub(super) setting: Setting,
    pub(super) stage: Stage,
    /// A stimulus that was asked for and has not shown its first frame; the old one goes on until then.
    pub(super) pending: Option<(StimulusSpec, Stage)>,
    pub(super) looker: Looker,
    /// A second network, which looks at the same frames.
    pub(super) second: Option<Looker>,
    pub(super) transport: Transport,
    pub(super) question: Question,
    pub(super) pictures: Pictures,
    pub(super) illusions: Arc<Vec<Illusion>>,
    pub(super) thinker: Option<Thinker>,
    pub(super) on_show: OnShow,
    pub(super) time_s: f64,
    pub(super) frame: u64,
    pub(super) dropped: u64,
    pub(super) frame_ms: f64,
    pub(super) steps_seen: std::collections::VecDeque<Instant>,
    pub(super) sequence: u64,
    pub(super) at_end: bool,
    /// Frames still to be shown although paused (single steps, the first frame of a stimulus).
    pub(super) owed: u32,
    /// Frames up to this time are looked at without waiting (after a jump).
    pub(super) replay_to_s: Option<f64>,
    pub(super) replayed: usize,
    pub(super) last_look_failed: bool,
    /// When the next frame is due, where it came before its time.
    pub(super) early_s: Option<f64>,
    /// Time of the row that was recorded last.
    pub(super) recorded_to_s: f64,
    /// What was switched since then, to be marked in the recording.
    pub(super) changes: Vec<String>,
    /// Whether the recording holds more than one condition.
    pub(super) changed: bool,
    /// From when on the recording is of the networks that watch now, and what the mark there says; `None` where
    /// all of it is.
    pub(super) network_since: Option<(f64, String)>,
    pub(super) epoch: Instant,
}

impl Worker {
    /// Loads the model and opens the stimulus; what cannot be had is replaced and told.
    pub(super) fn new(
        gpu: Option<Gpu>,
        compute: Compute,
        start: &Start,
        shared: Arc<Shared>,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self> {
        let pictures = Pictures::new(gpu.as_ref().is_some_and(Gpu::is_software));
        let mut kit = Kit { gpu, compute, size: crate::units::PixelSize::new(80, 64) };
        let name = start.model.clone().unwrap_or_else(|| crate::model::shipped::DEFAULT.to_owned());
        let looker = Looker::load(&name, start.size, &start.lesions, &kit).or_else(|error| {
            shared.tell(&error);
            Looker::load(crate::model::shipped::DEFAULT, None, &[], &kit)
        })?;
        kit.size = looker.size();
        let setting = Setting {
            showing: start.showing.clone(),
            fit: start.fit,
            sampling: start.sampling,
            model_rate_hz: looker.card.frame_rate_hz,
        };
        let (illusions, faults) = catalogue::load();
        for fault in &faults {
            shared.tell(fault);
        }
        let (spec, stage) = open_or_fall_back(&start.stimulus, &illusions, &setting, &kit, &shared)?;
        let thinker = {
            let (shared, wake) = (Arc::clone(&shared), Arc::clone(&wake));
            Thinker::start(kit.gpu.clone(), move |belief| {
                *shared.belief.lock() = Some(Arc::new(belief));
                wake();
            })
        };
        let mut worker = Self {
            kit,
            shared,
            wake,
            spec,
            setting,
            stage,
            pending: None,
            looker,
            second: None,
            transport: Transport::default(),
            question: Question::default(),
            pictures,
            illusions: Arc::new(illusions),
            thinker,
            on_show: OnShow::Nothing,
            time_s: 0.0,
            frame: 0,
            dropped: 0,
            frame_ms: 0.0,
            steps_seen: std::collections::VecDeque::new(),
            sequence: 0,
            at_end: false,
            owed: 1,
            replay_to_s: None,
            replayed: 0,
            last_look_failed: false,
            early_s: None,
            recorded_to_s: f64::NEG_INFINITY,
            changes: Vec::new(),
            changed: false,
            network_since: None,
            epoch: Instant::now(),
        };
        if let Some(name) = &start.second {
            worker.begin_second(name, &start.second_lesions);
        }
        Ok(worker)
    }

    /// Runs until the window lets go of its end of the channel.
    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        self.transport.anchor(self.now_s(), 0.0);
        loop {
            match commands.recv_timeout(self.time_to_next()) {
                Ok(command) => {
                    let mut dirty = self.obey(command);
                    while let Ok(command) = commands.try_recv() {
                        dirty |= self.obey(command);
                    }
                    if dirty {
                        self.publish();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.report_faults();
            self.poll_pending();
            if self.is_due() {
                self.advance();
            }
        }
    }

    /// The device's own complaints stop the run; what was recorded stays.
    fn report_faults(&mut self) {
        let faults = self.kit.gpu.as_ref().map_or_else(Vec::new, Gpu::take_faults);
        for fault in faults {
            self.fail(&fault);
        }
    }

    pub(super) fn now_s(&self) -> f64 {
        self.epoch.elapsed().as_secs_f64()
    }

    /// Whether steps follow one another by themselves.
    pub(super) fn is_playing(&self) -> bool {
        self.transport.is_playing() && !self.at_end
    }

    fn next_time_s(&self) -> f64 {
        self.early_s.unwrap_or_else(|| self.time_s + self.stage.interval_s(&self.setting))
    }

    fn time_to_next(&self) -> Duration {
        if self.owed > 0 || self.replay_to_s.is_some() {
            return Duration::ZERO;
        }
        if self.pending.is_some() {
            return PATIENCE;
        }
        if !self.transport.is_playing() || self.at_end {
            return IDLE;
        }
        Duration::from_secs_f64(
            self.transport.wait_s(self.now_s(), self.next_time_s()).min(IDLE.as_secs_f64()),
        )
    }

    fn is_due(&self) -> bool {
        let plays = self.transport.is_playing() && !self.at_end && !self.last_look_failed;
        self.owed > 0
            || self.replay_to_s.is_some()
            || (plays && self.transport.wait_s(self.now_s(), self.next_time_s()) <= 0.0)
    }

    /// Takes the next frame that is due and lets the network look at it.
    fn advance(&mut self) {
        let asked = Instant::now();
        let live = self.owed == 0 && self.replay_to_s.is_none() && self.transport.is_playing();
        // A frame is late only when the one after it is due as well; half a frame early is in time.
        let interval_s = self.stage.interval_s(&self.setting);
        let clock_s = self.transport.stimulus_s(self.now_s());
        let live = (live && self.stage.is_seekable()).then_some(Live {
            from_s: (clock_s - interval_s).max(self.time_s),
            to_s: clock_s + 0.5 * interval_s,
        });
        self.early_s = None;
        match self.stage.advance(live, PATIENCE, &self.setting, &self.kit) {
            Advance::Frame(frame) => {
                self.frame_ms = 0.9 * self.frame_ms + 0.1 * asked.elapsed().as_secs_f64() * 1e3;
                self.take(*frame);
            }
            Advance::Early(time_s) => self.early_s = Some(time_s),
            Advance::NotYet => {
                // The decoder is behind: time stands still rather than running away from it.
                let now_s = self.now_s();
                self.transport.anchor(now_s, self.time_s);
            }
            Advance::End => self.end(),
            Advance::Failed(error) => {
                self.shared.tell(&error);
                self.at_end = true;
                self.owed = 0;
                self.replay_to_s = None;
                if matches!(self.on_show, OnShow::Nothing) {
                    self.fall_back();
                }
                self.publish();
            }
        }
    }

    /// Shows the first illusion where what was asked for at the start cannot be had: never an empty window.
    fn fall_back(&mut self) {
        let first = StimulusSpec::Illusion(catalogue::FIRST.to_owned());
        if self.spec != first {
            self.obey(Command::Open(first));
        }
    }

    fn take(&mut self, frame: StageFrame) {
        self.dropped += frame.dropped;
        let before_s = self.time_s;
        self.time_s = frame.time_s;
        if !self.stage.is_seekable() {
            // A camera keeps its own clock.
            let now_s = self.now_s();
            self.transport.anchor(now_s, self.time_s);
        }
        self.frame = frame.number;
        self.on_show = frame.on_show;
        if let Err(error) = self.look(frame.time_s, &frame.input) {
            self.fail(&error);
            return;
        }
        self.steps_seen.push_back(Instant::now());
        let replaying = self.replay_to_s.is_some_and(|to_s| frame.time_s < to_s - 1e-6);
        self.replayed += 1;
        if !replaying || self.replayed >= 4 * MAX_REPLAY {
            if self.replay_to_s.take().is_some() {
                self.transport.anchor(self.now_s(), self.time_s);
            }
            self.replayed = 0;
            self.owed = self.owed.saturating_sub(1);
        }
        if self.replay_to_s.is_none() {
            self.record_and_publish();
            let prepared = self.lookers().try_for_each(Looker::prepare);
            if let Err(error) = prepared.and_then(|()| self.think(before_s)) {
                return self.fail(&error);
            }
        }
        if let Some(to_s) = self.transport.wraps_to(self.time_s)
            && self.replay_to_s.is_none()
            && self.transport.is_playing()
            && self.stage.is_seekable()
        {
            self.restart(to_s);
        }
    }

    /// All networks that watch.
    pub(super) fn lookers(&mut self) -> impl Iterator<Item = &mut Looker> {
        std::iter::once(&mut self.looker).chain(&mut self.second)
    }

    /// All networks look at the same frame.
    fn look(&mut self, time_s: f64, input: &burn::tensor::Tensor<4>) -> Result<()> {
        self.pictures.expire();
        self.lookers().try_for_each(|looker| looker.look(time_s, input.clone()))
    }

    /// Puts all networks back to the same earlier state, if there is one that all of them kept.
    fn rewind(&mut self, to_s: f64) -> Result<Option<f64>> {
        let kept = self.looker.kept_before(to_s);
        if self.second.as_ref().is_some_and(|second| second.kept_before(to_s) != kept) {
            self.lookers().for_each(Looker::reset);
            return Ok(None);
        }
        self.lookers().try_for_each(|looker| looker.rewind(to_s).map(|_| ()))?;
        Ok(kept)
    }

    /// Stops with a message; the last good values stay on screen.
    pub(super) fn fail(&mut self, error: &Error) {
        self.shared.tell(error);
        self.last_look_failed = true;
        self.owed = 0;
        self.replay_to_s = None;
        self.transport.set_playing(false, self.now_s(), self.time_s);
        (self.wake)();
    }

    fn end(&mut self) {
        self.replay_to_s = None;
        match self.transport.restarts_at() {
            Some(to_s) if self.transport.is_playing() && self.stage.is_seekable() && self.time_s > to_s => {
                self.restart(to_s);
            }
            _ => {
                self.at_end = true;
                self.owed = 0;
                self.transport.set_playing(false, self.now_s(), self.time_s);
                self.publish();
            }
        }
    }

    /// Goes round a loop: the stimulus starts again and is recorded over the last pass; the network remembers.
    fn restart(&mut self, to_s: f64) {
        self.stage.go_to(if to_s <= 0.0 { Want::Start } else { Want::At(to_s) });
        self.lookers().for_each(|looker| looker.checkpoints.clear());
        self.went_back(to_s);
        self.recorded_to_s = to_s - 1e-6;
        // One interval early, so that the first frame is due at once.
        self.time_s = to_s - self.stage.interval_s(&self.setting);
        let now_s = self.now_s();
        self.transport.anchor(now_s, self.time_s);
        self.at_end = false;
    }

    /// Jumps to a frame: the network's state is put back to the nearest checkpoint and replayed from there.
    pub(super) fn jump(&mut self, to_s: f64) {
        if !self.stage.is_seekable() {
            self.shared.say("This source cannot be wound");
            return;
        }
        let to_s = to_s.clamp(0.0, self.stage.duration_s().unwrap_or(f64::MAX));
        let to_s = self.frame_time_at(to_s);
        let warm_up_s = self.stage.interval_s(&self.setting) * MAX_REPLAY as f64;
        let from = match self.rewind(to_s) {
            Ok(from) => from.filter(|&from_s| to_s - from_s <= warm_up_s),
            Err(error) => return self.fail(&error),
        };
        self.went_back(to_s);
        if let Some(from_s) = from {
            self.stage.go_to(Want::At(from_s));
            // The checkpoint's own frame has been seen already: it is read and passed over.
            match self.stage.advance(None, Duration::from_secs(2), &self.setting, &self.kit) {
                Advance::Frame(frame) => {
                    self.lookers().for_each(|looker| looker.remember(frame.input.clone()));
                }
                Advance::Failed(error) => return self.fail(&error),
                Advance::Early(_) | Advance::NotYet | Advance::End => {}
            }
        } else {
            self.lookers().for_each(Looker::reset);
            self.stage.go_to(if to_s > warm_up_s { Want::At(to_s - warm_up_s) } else { Want::Start });
        }
        self.recorded_to_s = to_s - 1e-6;
        self.replay_to_s = Some(to_s);
        self.replayed = 0;
        self.early_s = None;
        self.at_end = false;
        self.last_look_failed = false;
    }

    /// The time of the frame that is on show at `time_s`: places between two frames belong to the first.
    fn frame_time_at(&mut self, time_s: f64) -> f64 {
        self.stage.go_to(Want::At(time_s));
        match self.stage.advance(None, Duration::from_secs(2), &self.setting, &self.kit) {
            Advance::Frame(frame) => frame.time_s,
            _ => time_s,
        }
    }

    /// Shows the first frame of a stimulus that was asked for, once it is there.
    fn poll_pending(&mut self) {
        let Some((_, stage)) = &mut self.pending else { return };
        // It starts plain: control, mirror and parameters belong to the stimulus that had them.
        let setting = self.setting.plain();
        match stage.advance(None, Duration::ZERO, &setting, &self.kit) {
            Advance::NotYet | Advance::Early(_) => {}
            Advance::Failed(error) => {
                self.pending = None;
                self.shared.tell(&error);
                self.publish();
            }
            Advance::End => {
                self.pending = None;
                self.shared.say("There is nothing to see in this file");
                self.publish();
            }
            Advance::Frame(frame) => {
                if let Some((spec, stage)) = self.pending.take() {
                    self.spec = spec;
                    self.stage = stage;
                    self.setting = setting;
                    self.begin_again();
                    self.owed = 0;
                    self.transport.anchor(self.now_s(), frame.time_s);
                    self.take(*frame);
                }
            }
        }
    }

    /// Forgets what was seen and recorded; the stimulus stays where it is.
    pub(super) fn begin_again(&mut self) {
        self.lookers().for_each(Looker::reset);
        self.network_since = None;
        self.early_s = None;
        self.shared.recording.write().clear();
        self.recorded_to_s = f64::NEG_INFINITY;
        self.changes.clear();
        self.changed = false;
        self.dropped = 0;
        self.at_end = false;
        self.last_look_failed = false;
        self.replay_to_s = None;
        self.time_s = 0.0;
        self.frame = 0;
        self.question.hover = None;
    }

    /// Starts the stimulus from its first frame with a network that has seen nothing.
    pub(super) fn start_over(&mut self) {
        self.begin_again();
        self.stage.go_to(Want::Start);
        self.owed = 1;
        let now_s = self.now_s();
        self.transport.anchor(now_s, 0.0);
    }
}

/// The stimulus asked for or, where it cannot be had, the first illusion, with a message.
fn open_or_fall_back(
    spec: &StimulusSpec,
    illusions: &[Illusion],
    setting: &Setting,
    kit: &Kit,
    shared: &Shared,
) -> Result<(StimulusSpec, Stage)> {
    match Stage::open(spec, illusions, setting, kit) {
        Ok(stage) => Ok((spec.clone(), stage)),
        Err(error) => {
            let other = StimulusSpec::Illusion(catalogue::FIRST.to_owned());
            if *spec == other {
                return Err(error);
            }
            shared.tell(&error);
            Stage::open(&other, illusions, setting, kit).map(|stage| (other, stage))
        }
    }
}

impl Shared {
    /// Leaves an error for the window.
    pub(super) fn tell(&self, error: &Error) {
        tracing::error!("{error}");
        self.notices.lock().push(Notice { is_error: true, text: error.to_string() });
    }

    /// Leaves news for the window.
    pub(super) fn say(&self, text: &str) {
        tracing::info!("{text}");
        self.notices.lock().push(Notice { is_error: false, text: text.to_owned() });
    }
}
