//! What each command does to the worker.

use super::stage::Stage;
use super::worker::Worker;
use super::{Command, Looping};
use crate::error::Result;
use crate::stimulus::StimulusSpec;

impl Worker {
    /// Carries out a command; true when the window should be told of the change at once.
    pub(super) fn obey(&mut self, command: Command) -> bool {
        // What is only looked at differently is in the next step anyway, where one is to come.
        let looked_at = matches!(command, Command::Hover(_) | Command::Inspect(_) | Command::Show(_));
        let at_once = !looked_at || !self.is_playing() || self.last_look_failed;
        // Of these only numbers come; after all others the maps may be of something else.
        let asked = matches!(command, Command::Pick(_) | Command::Unpick(_));
        if !looked_at && !asked {
            self.pictures.expire();
        }
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
            Command::Show(wanted) => self.pictures.want(wanted),
            Command::ShowMotion(method) => self.question.motion = method,
            Command::Extrapolate(steps) => {
                self.lookers().for_each(|looker| looker.extrapolating = steps);
                self.note(
                    if steps > 0 { "sees its own predictions" } else { "sees the stimulus" }.to_owned(),
                );
            }
            Command::Exchange => self.exchange(),
            Command::Reset => self.start_over(),
            Command::SavePicture(probe, path) => self.save_picture(probe.as_deref(), &path),
            other => {
                if let Err(error) = self.obey_setting(other) {
                    self.shared.tell(&error);
                }
            }
        }
        at_once
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

    /// A recording that holds more than one condition says where each begins.
    pub(super) fn note(&mut self, change: String) {
        if !self.shared.recording.read().is_empty() {
            self.changed = true;
            // A slider that is dragged leaves one mark, not a hundred.
            let name = change.split('=').next().unwrap_or_default().to_owned();
            self.changes.retain(|known| known.split('=').next() != Some(name.as_str()));
            self.changes.push(change);
        }
    }

    fn obey_setting(&mut self, command: Command) -> Result<()> {
        let switch = |name: &str, on: bool| format!("{name} {}", if on { "on" } else { "off" });
        match command {
            Command::Open(spec) => {
                *self.shared.belief.lock() = None;
                self.open(spec)?;
            }
            Command::SetParam(name, value) => {
                if let Some(illusion) = self.stage.illusion() {
                    let params = illusion.card.params.clone();
                    self.setting.showing.values.set(&params, &name, value)?;
                    self.note(format!("{name}={value:.3}"));
                }
            }
            Command::SetParams(values) => {
                self.setting.showing.values = values;
                self.note("parameters".to_owned());
            }
            Command::SetControl(on) => {
                self.setting.showing.control = on;
                self.note(switch("control", on));
            }
            Command::SetMirror(on) => {
                self.setting.showing.mirror = on;
                self.note(switch("mirror", on));
            }
            Command::SetFit(fit) => {
                self.setting.fit = fit;
                self.note(format!("fit {fit:?}").to_lowercase());
            }
            Command::SetSampling(sampling) => {
                self.setting.sampling = sampling;
                self.note("sampling".to_owned());
                self.stage.resample(&self.setting);
                if let Some((_, stage)) = &mut self.pending {
                    stage.resample(&self.setting);
                }
                let (now_s, time_s) = (self.now_s(), self.time_s);
                self.transport.anchor(now_s, time_s);
            }
            Command::SetModel(name) => self.change_model(&name, Some(self.looker.size()))?,
            Command::Compare(name) => self.compare(name.as_deref(), &[])?,
            Command::SetSize(size) => {
                let name = self.looker.source.clone();
                self.change_model(&name, Some(size))?;
            }
            Command::SetLesion(name, on) => {
                self.looker.set_lesion(&name, on)?;
                self.note(switch(&format!("lesion {name}"), on));
            }
            Command::Illusions(illusions) => self.replace_illusions(illusions)?,
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, spec: StimulusSpec) -> Result<()> {
        let is_illusion = matches!(spec, StimulusSpec::Illusion(_));
        let setting = self.setting.plain();
        let stage = Stage::open(&spec, &self.illusions, &setting, &self.kit)?;
        if matches!(self.transport.looping, Looping::Between(..)) {
            // Its times belong to the stimulus that they were set on.
            self.transport.looping = Looping::Whole;
        }
        if is_illusion {
            self.setting = setting;
            self.pending = None;
            self.spec = spec;
            self.stage = stage;
            self.start_over();
        } else {
            self.pending = Some((spec, stage));
        }
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
            self.at_end = false;
            self.recorded_to_s = self.time_s - 1e-6;
            self.note("illusion edited".to_owned());
        }
        Ok(())
    }

    /// All parameters as `name=value unit`.
    pub(super) fn describe_values(&self) -> Vec<String> {
        let showing = &self.setting.showing;
        self.stage.illusion().map_or_else(Vec::new, |illusion| super::describe::values(illusion, showing))
    }
}
