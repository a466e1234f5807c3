//! Every switch and slider whose answer comes from the worker, with what the user last asked of it.

use std::collections::BTreeMap;

use crate::app::wish::Wish;
use crate::session::{Looping, OnShow, Sampling, Snapshot};
use crate::stimulus::StimulusSpec;
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::Showing;

/// What was asked and is not yet shown.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// Plays.
    pub playing: Wish<bool>,
    /// Speed.
    pub speed: Wish<f64>,
    /// Looping.
    pub looping: Wish<Looping>,
    /// Parameters, control, mirror.
    pub showing: Wish<Showing>,
    /// Sampling.
    pub sampling: Wish<Sampling>,
    /// Fit.
    pub fit: Wish<Fit>,
    /// Time.
    pub time_s: Wish<f64>,
    /// Lesions by name.
    pub lesions: BTreeMap<String, Wish<bool>>,
    stimulus: Option<StimulusSpec>,
}

impl Wishes {
    /// The snapshot with the wishes laid over it.
    pub(crate) fn overlay(&mut self, latest: &Snapshot) -> Snapshot {
        let mut shown = latest.clone();
        let now = latest.sequence;
        if self.stimulus.as_ref() != Some(&latest.stimulus) {
            self.showing = Wish::default();
            self.time_s = Wish::default();
            self.stimulus = Some(latest.stimulus.clone());
        }
        shown.place.playing = self.playing.resolve(&latest.place.playing, now);
        shown.place.speed = self.speed.resolve(&latest.place.speed, now);
        shown.place.looping = self.looping.resolve(&latest.place.looping, now);
        shown.place.time_s = self.time_s.resolve(&latest.place.time_s, now);
        shown.sampling = self.sampling.resolve(&latest.sampling, now);
        shown.fit = self.fit.resolve(&latest.fit, now);
        shown.showing = self.showing.resolve(&latest.showing, now);
        if let OnShow::Illusion { showing, .. } = &mut shown.on_show {
            showing.clone_from(&shown.showing);
        }
        for lesion in &mut shown.lesions {
            if let Some(wish) = self.lesions.get_mut(&lesion.name) {
                lesion.on = wish.resolve(&lesion.on, now);
            }
        }
        shown
    }
}
