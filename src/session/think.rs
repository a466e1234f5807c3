//! Which steps are thought about: those of illusions that are measured, or all while the motion is on show.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::belief::Thought;
use super::worker::Worker;
use crate::error::Result;

impl Worker {
    /// Lets the step be thought about, where anybody wants to know and the last one has been.
    pub(super) fn think(&mut self, before_s: f64) -> Result<()> {
        let Some(thinker) = self.thinker.as_ref().filter(|thinker| thinker.is_free()) else { return Ok(()) };
        let illusion = self.stage.illusion().filter(|illusion| illusion.card.measure.is_some());
        if illusion.is_none() && self.question.motion.is_none() {
            *self.shared.belief.lock() = None;
            return Ok(());
        }
        let Some([before, actual, predicted]) = self.looker.last_pictures()? else { return Ok(()) };
        let mut chapter = DefaultHasher::new();
        let lesions: Vec<_> = self.looker.model().lesions().into_iter().map(|lesion| lesion.on).collect();
        let condition = (
            self.question.motion.unwrap_or_default(),
            &self.spec,
            &self.setting.showing.values,
            self.setting.showing.seed,
            self.setting.sampling,
            lesions,
            &self.looker.source,
            self.looker.size(),
        );
        format!("{condition:?}").hash(&mut chapter);
        illusion.map(|illusion| &illusion.wgsl).hash(&mut chapter);
        thinker.think(Thought {
            step: self.looker.step,
            size: self.looker.size(),
            before,
            actual,
            predicted,
            illusion: illusion.map(|illusion| (Arc::clone(illusion), self.setting.showing.clone())),
            times_s: [before_s, self.time_s],
            chapter: chapter.finish(),
            method: self.question.motion.unwrap_or_default(),
        });
        Ok(())
    }
}
