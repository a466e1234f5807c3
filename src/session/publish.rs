//! What the worker tells: a snapshot for drawing, a row for the recording.

use std::path::Path;
use std::sync::Arc;

use super::looker::Looker;
use super::second::{Both, DIFFERENCE, PREFIX, Second, difference};
use super::worker::Worker;
use super::{Notice, Pace, Place, Shared, Snapshot, describe};
use crate::error::{Error, Kind, Result};
use crate::frame::{Mark, Picture};
use crate::model::{Probe, Role};
use crate::provenance::Provenance;
use crate::readout::stats::host_values;

impl Worker {
    /// Records the step's numbers and publishes a snapshot.
    pub(super) fn record_and_publish(&mut self) {
        match Both::ask(&self.looker, self.second.as_ref(), &self.question) {
            Ok(seen) => {
                // Steps on the way to a frame that was jumped to only bring the network's state there.
                if self.replay_to_s.is_none() {
                    self.record(&seen);
                }
                // Steps of a running stimulus may come faster than the window can draw.
                let at_rest = !self.is_playing() || self.owed > 0 || self.replay_to_s.is_some();
                let due = self.pictures.are_due(self.dropped);
                self.publish_with(seen, due || at_rest);
            }
            Err(error) => self.fail(&error),
        }
    }

    /// Publishes what is on show without recording it again.
    pub(super) fn publish(&mut self) {
        match Both::ask(&self.looker, self.second.as_ref(), &self.question) {
            Ok(seen) => self.publish_with(seen, true),
            Err(error) => self.fail(&error),
        }
    }

    fn record(&mut self, seen: &Both) {
        let row = seen.row(&self.looker, self.second.as_ref(), &self.question.picks);
        let Some(row) = row else { return };
        let since_s = self.recorded_to_s;
        let mut recording = self.shared.recording.write();
        recording.overwrite(since_s, self.time_s, self.frame, &row);
        let marks = self.stage.marks(&self.setting.showing, since_s.max(-1e-9) + 1e-9, self.time_s + 1e-9);
        recording.marks.extend(marks);
        let changes = self.changes.drain(..).map(|label| Mark { time_s: self.time_s, label });
        recording.marks.extend(changes);
        self.recorded_to_s = self.time_s;
    }

    /// `draw`: with new maps, for which the window is woken.
    fn publish_with(&mut self, seen: Both, draw: bool) {
        if draw && let Err(error) = self.pictures.make(&self.looker, self.second.as_ref(), &self.kit) {
            return self.fail(&error);
        }
        let (maps, pictures) = self.pictures.last();
        let second = self.second_shown(&seen);
        let seen = seen.first.unwrap_or_default();
        self.sequence += 1;
        self.guard.attend(&self.spec, &self.on_show, self.transport.speed());
        let snapshot = Snapshot {
            sequence: self.sequence,
            stimulus: self.spec.clone(),
            source: self.stage.info(),
            on_show: self.on_show.clone(),
            showing: self.setting.showing.clone(),
            model: Arc::clone(&self.looker.card),
            model_source: self.looker.source.clone(),
            probes: Arc::clone(&self.looker.probes),
            maps,
            pictures,
            stats: seen.summary.stats,
            inspected: seen.summary.inspected,
            hovered: seen.hovered,
            lesions: self.looker.model().lesions(),
            place: self.place(),
            pace: self.pace(),
            sampling: self.setting.sampling,
            fit: self.setting.fit,
            squared_error: seen.squared_error,
            second,
            safety: self.guard.safety.clone(),
            beyond: self.stage.beyond(&self.setting, self.kit.size),
            provenance: self.provenance(),
        };
        *self.shared.latest.lock() = Some(Arc::new(snapshot));
        if draw {
            (self.wake)();
        }
    }

    fn second_shown(&self, seen: &Both) -> Option<Second> {
        let second = self.second.as_ref()?;
        let theirs = seen.second.as_ref();
        Some(Second {
            model: Arc::clone(&second.card),
            model_source: second.source.clone(),
            probes: Arc::clone(&second.probes),
            stats: theirs.map_or_else(Vec::new, |seen| seen.summary.stats.clone()),
            squared_error: theirs.and_then(|seen| seen.squared_error),
            lesions: second.model().lesions(),
            step_ms: second.median_step_ms(),
            difference: seen.difference,
        })
    }

    fn place(&self) -> Place {
        Place {
            time_s: self.time_s,
            frame: self.frame,
            step: self.looker.step,
            duration_s: self.stage.duration_s(),
            playing: self.is_playing(),
            speed: self.transport.speed(),
            looping: self.transport.looping,
            extrapolating: self.looker.extrapolating,
        }
    }

    fn pace(&mut self) -> Pace {
        while self.steps_seen.front().is_some_and(|seen| seen.elapsed().as_secs_f64() > 1.0) {
            self.steps_seen.pop_front();
        }
        Pace {
            step_ms: self.looker.median_step_ms() + self.second.as_ref().map_or(0.0, Looker::median_step_ms),
            frame_ms: self.frame_ms,
            steps_per_s: self.steps_seen.len() as f64,
            dropped: self.dropped,
            draw_every_s: self.pictures.interval().as_secs_f64(),
        }
    }

    /// How the run would be described in a file.
    fn provenance(&self) -> Provenance {
        let mut values = self.describe_values();
        if self.changed || self.network_since.is_some() {
            values.push("changed while recording: see the events".to_owned());
        }
        if let Some(second) = &self.second {
            values.push(describe::second(second));
        }
        describe::provenance(&self.spec, &self.looker, &self.setting, values, &self.kit.compute.name)
    }

    /// Writes a picture of a probe (`None`: actual and prediction side by side) as it is now.
    pub(super) fn save_picture(&self, probe: Option<&str>, path: &Path) {
        match self.try_save_picture(probe, path) {
            Ok(()) => self.shared.say(&format!("Saved {}", path.display())),
            Err(error) => self.shared.tell(&error),
        }
        (self.wake)();
    }

    fn try_save_picture(&self, name: Option<&str>, path: &Path) -> Result<()> {
        let first = &self.looker;
        let picture = match name {
            Some(DIFFERENCE) => self.picture_of_difference()?,
            Some(name) => match (name.strip_prefix(PREFIX), &self.second) {
                (Some(name), Some(second)) => picture_of(second, |probe| probe.name == name, name)?,
                _ => picture_of(&self.looker, |probe| probe.name == name, name)?,
            },
            None => describe::side_by_side(
                &picture_of(first, |probe| probe.is_picture() && probe.role == Role::Actual, "actual")?,
                &picture_of(
                    first,
                    |probe| probe.is_picture() && probe.role == Role::Prediction,
                    "prediction",
                )?,
            ),
        };
        crate::export::picture::write_picture(path, &picture, &self.provenance())
    }

    fn picture_of_difference(&self) -> Result<Picture> {
        let apart = self.second.as_ref().and_then(|second| difference(&self.looker, second));
        let apart = apart.ok_or_else(|| Error::new(Kind::Usage, "no two predictions are compared yet"))?;
        let [_, channels, rows, columns] = apart.dims().map(|side| side as u32);
        Ok(describe::signed(&host_values(apart)?, [columns, rows, channels]))
    }
}

fn picture_of(looker: &Looker, wanted: impl Fn(&Probe) -> bool, name: &str) -> Result<Picture> {
    let found = looker.probes.iter().enumerate().find(|(_, probe)| wanted(probe));
    let (index, probe) =
        found.ok_or_else(|| Error::new(Kind::Usage, format!("this network has no probe \"{name}\"")))?;
    Ok(describe::picture(probe, looker.values(index)?))
}

impl Shared {
    /// Leaves an error for the window.
    pub(super) fn tell(&self, error: &Error) {
        tracing::error!("{error}");
        self.notices.lock().push(Notice { is_error: true, text: error.sentence() });
    }

    /// Leaves news for the window.
    pub(super) fn say(&self, text: &str) {
        tracing::info!("{text}");
        self.notices.lock().push(Notice { is_error: false, text: text.to_owned() });
    }
}
