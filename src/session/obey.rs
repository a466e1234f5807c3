//! What each command does to the worker.

use super::stage::{Setting, Stage};
use super::worker::Worker;
use super::{Command, looker::Looker};
use crate::error::Result;
use crate::stimulus::StimulusSpec;
use crate::units::PixelSize;

impl Worker {
    /// Carries out a command; true when the window should be told of the change at once.
    pub(super) fn obey(&mut self, command: Command) -> bool {
        match command {
            Command::SetPlaying(_)
            | Command::StepForward
            | Command::StepBack
            | Command::Seek(_)
            | Command::SetSpeed(_)
            | Command::SetLooping(_) => self.obey_transport(&command),
            Command::Pick(unit) => {
                if !self.question.picks.contains(&unit) {
                    self.question.picks.push(unit);
                }
            }
            Command::Unpick(unit) => self.question.picks.retain(|picked| *picked != unit),
            Command::Hover(unit) => self.question.hover = unit,
            Command::Inspect(map) => self.question.inspect = map,
            Command::Extrapolate(steps) => self.looker.extrapolating = steps,
            Command::Reset => self.start_over(),
            Command::SavePicture(probe, path) => self.save_picture(probe.as_deref(), &path),
            other => {
                if let Err(error) = self.obey_setting(other) {
                    self.shared.tell(&error);
                }
            }
        }
        true
    }

    fn obey_transport(&mut self, command: &Command) {
        let (now_s, time_s) = (self.now_s(), self.time_s);
        match command {
            Command::SetPlaying(playing) => {
                self.last_look_failed = false;
                self.transport.set_playing(*playing, now_s, time_s);
                if *playing && self.at_end {
                    self.jump(0.0);
                }
            }
            Command::StepForward => {
                self.transport.set_playing(false, now_s, time_s);
                self.owed += u32::from(!self.at_end);
            }
            Command::StepBack => {
                self.transport.set_playing(false, now_s, time_s);
                let earlier = self.shared.recording.read().time_before(time_s);
                self.jump(earlier.unwrap_or(time_s - self.stage.interval_s(&self.setting)));
            }
            Command::Seek(to_s) => self.jump(*to_s),
            Command::SetSpeed(speed) => self.transport.set_speed(*speed, now_s, time_s),
            Command::SetLooping(looping) => self.transport.looping = *looping,
            _ => {}
        }
    }

    fn obey_setting(&mut self, command: Command) -> Result<()> {
        match command {
            Command::Open(spec) => self.open(spec)?,
            Command::SetParam(name, value) => {
                if let Some(illusion) = self.stage.illusion() {
                    let params = illusion.card.params.clone();
                    self.setting.showing.values.set(&params, &name, value)?;
                }
            }
            Command::SetParams(values) => self.setting.showing.values = values,
            Command::SetControl(on) => self.setting.showing.control = on,
            Command::SetMirror(on) => self.setting.showing.mirror = on,
            Command::SetFit(fit) => self.setting.fit = fit,
            Command::SetSampling(sampling) => {
                self.setting.sampling = sampling;
                self.stage.resample(&self.setting);
                let (now_s, time_s) = (self.now_s(), self.time_s);
                self.transport.anchor(now_s, time_s);
            }
            Command::SetModel(name) => self.change_model(&name, Some(self.looker.size()))?,
            Command::SetSize(size) => {
                let name = self.looker.source.clone();
                self.change_model(&name, Some(size))?;
            }
            Command::SetLesion(name, on) => self.looker.set_lesion(&name, on)?,
            Command::Illusions(illusions) => self.replace_illusions(illusions)?,
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, spec: StimulusSpec) -> Result<()> {
        let is_illusion = matches!(spec, StimulusSpec::Illusion(_));
        // Parameters belong to the illusion that had them; control and mirror start off.
        let showing =
            crate::stimulus::illusion::Showing { seed: self.setting.showing.seed, ..Default::default() };
        let setting = Setting { showing, ..self.setting.clone() };
        let stage = Stage::open(&spec, &self.illusions, &setting, &self.kit)?;
        self.setting = setting;
        if is_illusion {
            self.pending = None;
            self.spec = spec;
            self.stage = stage;
            self.start_over();
        } else {
            self.pending = Some((spec, stage));
        }
        Ok(())
    }

    /// The old model goes on when the new one cannot be had.
    fn change_model(&mut self, name: &str, size: Option<PixelSize>) -> Result<()> {
        let on: Vec<String> = self
            .looker
            .model()
            .lesions()
            .into_iter()
            .filter(|lesion| lesion.on)
            .map(|lesion| lesion.name)
            .collect();
        let looker = Looker::load(name, size, &[], &self.kit).or_else(|error| match size {
            // The new network may not take the old one's size.
            Some(_) => Looker::load(name, None, &[], &self.kit).map_err(|_| error),
            None => Err(error),
        })?;
        self.looker = looker;
        for lesion in on {
            // A lesion that the new network does not know is simply off.
            if let Err(error) = self.looker.set_lesion(&lesion, true) {
                self.shared.say(&error.to_string());
            }
        }
        self.kit.size = self.looker.size();
        self.setting.model_rate_hz = self.looker.card.frame_rate_hz;
        self.stage.resample(&self.setting);
        self.start_over();
        Ok(())
    }

    /// An edited illusion is shown at once; a broken one leaves the old picture and says why.
    fn replace_illusions(
        &mut self,
        illusions: std::sync::Arc<Vec<crate::stimulus::illusion::Illusion>>,
    ) -> Result<()> {
        self.illusions = illusions;
        let Some(old) = self.stage.illusion().cloned() else { return Ok(()) };
        let changed =
            self.illusions.iter().find(|new| new.slug == old.slug).is_some_and(|new| new.wgsl != old.wgsl);
        if changed {
            let mut stage = Stage::open(&self.spec, &self.illusions, &self.setting, &self.kit)?;
            stage.go_to(crate::stimulus::Want::At(self.time_s));
            self.stage = stage;
            self.owed = 1;
        }
        Ok(())
    }

    /// All parameters as `name=value unit`.
    pub(super) fn describe_values(&self) -> Vec<String> {
        let showing = &self.setting.showing;
        self.stage.illusion().map_or_else(Vec::new, |illusion| super::describe::values(illusion, showing))
    }
}
