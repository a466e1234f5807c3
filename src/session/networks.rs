//! Which networks watch: another one, a second beside the first, another size. The stimulus goes on from where
//! it is; whoever watches from then on has seen nothing before, so that two networks have always seen the same.

use super::looker::Looker;
use super::second::{load_pair, say_size};
use super::segments::{self, NETWORK_MARK};
use super::worker::Worker;
use crate::error::Result;
use crate::units::PixelSize;

impl Worker {
    /// Another first network. The old one goes on when the new one cannot be had.
    pub(super) fn change_model(&mut self, name: &str, size: Option<PixelSize>) -> Result<()> {
        let (mut looker, second) = match &self.second {
            Some(second) => {
                let lesions = lesions_on(second);
                let names = [name, second.source.as_str()];
                let (first, second) = load_pair(names, [&[], &lesions], size, &self.kit)?;
                (first, Some(second))
            }
            None => (self.load_alone(name, size)?, None),
        };
        for lesion in lesions_on(&self.looker) {
            // A lesion that the new network does not know is simply off.
            if let Err(error) = looker.set_lesion(&lesion, true) {
                self.shared.say(&error.sentence());
            }
        }
        if let (Some(asked), true) = (size, second.is_some()) {
            self.say_if(say_size(looker.size(), asked));
        }
        self.looker = looker;
        self.second = second;
        self.go_on_anew();
        Ok(())
    }

    fn load_alone(&self, name: &str, size: Option<PixelSize>) -> Result<Looker> {
        Looker::load(name, size, &[], &self.kit).or_else(|error| match size {
            // The new network may not take the old one's size.
            Some(_) => Looker::load(name, None, &[], &self.kit).map_err(|_| error),
            None => Err(error),
        })
    }

    /// A second network beside the first, with these lesions; `None` ends the comparison.
    pub(super) fn compare(&mut self, name: Option<&str>, lesions: &[String]) -> Result<()> {
        let Some(name) = name else {
            if self.second.take().is_some() {
                self.note("comparison ended".to_owned());
            }
            return Ok(());
        };
        let before = self.looker.size();
        if let Ok(second) = Looker::load(name, Some(before), lesions, &self.kit) {
            // The first is kept, weights and lesions, and forgets what it saw alone.
            self.second = Some(second);
        } else {
            let names = [self.looker.source.as_str(), name];
            let lesions = [&lesions_on(&self.looker)[..], lesions];
            let (first, second) = load_pair(names, lesions, Some(before), &self.kit)?;
            self.say_if(say_size(first.size(), before));
            (self.looker, self.second) = (first, Some(second));
        }
        self.go_on_anew();
        Ok(())
    }

    /// Exchanges the two networks, with what they have seen and what was recorded of them.
    pub(super) fn exchange(&mut self) {
        let Some(second) = &mut self.second else { return };
        std::mem::swap(&mut self.looker, second);
        segments::exchange(&mut self.shared.recording.write());
        self.setting.model_rate_hz = self.looker.card.frame_rate_hz;
        self.stage.resample(&self.setting);
        self.question.hover = None;
    }

    /// The second network that a session starts with; one that cannot be had is told and left out.
    pub(super) fn begin_second(&mut self, name: &str, lesions: &[String]) {
        if let Err(error) = self.compare(Some(name), lesions) {
            self.shared.tell(&error);
        }
    }

    /// Both networks start afresh at the frame where the stimulus is.
    fn go_on_anew(&mut self) {
        let playing = self.is_playing();
        self.lookers().for_each(Looker::reset);
        self.kit.size = self.looker.size();
        self.setting.model_rate_hz = self.looker.card.frame_rate_hz;
        self.stage.resample(&self.setting);
        self.last_look_failed = false;
        self.question.hover = None;
        self.replay_to_s = None;
        self.mark_network();
        let now_s = self.now_s();
        // Loading took time, which the stimulus has not missed.
        self.transport.anchor(now_s, self.time_s);
        if !playing && self.sequence > 0 && self.stage.is_seekable() {
            // What the new network makes of the frame on show, after those that led to it.
            self.jump(self.time_s);
        } else if !playing {
            self.owed = 1;
        }
    }

    /// From here on the recording is another network's; what lies ahead is of an earlier pass of a loop.
    fn mark_network(&mut self) {
        let name = self.looker.card.name.as_str();
        let beside = self.second.as_ref().map_or_else(String::new, |b| format!(" beside {}", b.card.name));
        let mark = format!("{NETWORK_MARK}{name}{beside} at {}", self.looker.size());
        let here_s = if self.is_playing() { self.time_s + 1e-6 } else { self.time_s };
        let mut recording = self.shared.recording.write();
        if recording.is_empty() {
            return;
        }
        segments::drop_between(&mut recording, here_s, f64::INFINITY);
        let is_left = !recording.is_empty();
        drop(recording);
        self.changes.retain(|known| !known.starts_with(NETWORK_MARK));
        self.network_since = None;
        if is_left {
            self.changes.push(mark.clone());
            self.network_since = Some((here_s, mark));
        }
    }

    /// The stimulus goes back to `to_s`: what an earlier network answered from there on is forgotten.
    pub(super) fn went_back(&mut self, to_s: f64) {
        let Some((since_s, mark)) = self.network_since.take() else { return };
        if to_s >= since_s {
            self.network_since = Some((since_s, mark));
            return;
        }
        let mut recording = self.shared.recording.write();
        // The mark stands at the first row after the change.
        let first = recording.marks.iter().find(|known| known.label == mark).map(|known| known.time_s);
        segments::drop_between(&mut recording, to_s, first.unwrap_or(f64::INFINITY));
        recording.marks.retain(|known| known.label != mark);
        let is_left = recording.time_s.iter().any(|&row_s| row_s < to_s - 1e-6);
        drop(recording);
        self.changes.retain(|known| *known != mark);
        if is_left {
            self.changes.push(mark.clone());
            self.network_since = Some((to_s, mark));
        }
    }

    fn say_if(&self, text: Option<String>) {
        if let Some(text) = text {
            self.shared.say(&text);
        }
    }
}

fn lesions_on(looker: &Looker) -> Vec<String> {
    let lesions = looker.model().lesions().into_iter();
    lesions.filter(|lesion| lesion.on).map(|lesion| lesion.name).collect()
}
