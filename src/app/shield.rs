//! What flashes beyond the limits is held still until the person asks for it, or slowed to a few pictures a second.

use std::sync::Arc;

use crate::app::PerceptApp;
use crate::readout::{MapRange, ProbeStats};
use crate::session::{OnShow, ShownMap, Snapshot};
use crate::stimulus::StimulusSpec;

/// Time from picture to picture where flashing is reduced: three changes a second are at most one and a half flashes.
const SLOW_S: f64 = 1.0 / 3.0;
/// How long a file or an illusion of one's own waits to be looked through before it is shown all the same.
const PATIENCE_S: f64 = 1.5;

/// What is done about what is on show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// It is shown as it is.
    #[default]
    Open,
    /// It stands still until it has been looked through.
    Waiting,
    /// It stands still under a warning.
    Warned,
    /// It is shown three times a second.
    Slowed,
}

/// Between the session and the screen.
#[derive(Debug, Default)]
pub(crate) struct Shield {
    /// What is done.
    pub state: State,
    /// Whether the person asked to see this stimulus.
    pub confirmed: bool,
    /// Whether a key or button that shows it is held down.
    pub holding: bool,
    subject: Option<StimulusSpec>,
    since_s: f64,
    held: Option<Held>,
}

/// The pictures that stand still.
#[derive(Debug)]
struct Held {
    on_show: OnShow,
    maps: Arc<Vec<ShownMap>>,
    pictures: u64,
    /// What the maps are scaled by: with other ranges the same maps would flash.
    stats: Vec<ProbeStats>,
    inspected: Option<MapRange>,
    second_stats: Option<Vec<ProbeStats>>,
    at_s: f64,
}

impl Held {
    fn of(snapshot: &Snapshot, at_s: f64) -> Self {
        Self {
            on_show: snapshot.on_show.clone(),
            maps: Arc::clone(&snapshot.maps),
            pictures: snapshot.pictures,
            stats: snapshot.stats.clone(),
            inspected: snapshot.inspected,
            second_stats: snapshot.second.as_ref().map(|second| second.stats.clone()),
            at_s,
        }
    }

    fn put(&self, snapshot: &mut Snapshot) {
        snapshot.on_show = self.on_show.clone();
        snapshot.maps = Arc::clone(&self.maps);
        snapshot.pictures = self.pictures;
        snapshot.stats.clone_from(&self.stats);
        snapshot.inspected = self.inspected;
        if let (Some(second), Some(stats)) = (&mut snapshot.second, &self.second_stats) {
            second.stats.clone_from(stats);
        }
    }
}

impl Shield {
    /// The snapshot as it may be drawn.
    pub(crate) fn pass(&mut self, mut snapshot: Snapshot, now_s: f64, reduce: bool) -> Snapshot {
        if self.subject.as_ref() != Some(&snapshot.stimulus) {
            *self = Self { subject: Some(snapshot.stimulus.clone()), since_s: now_s, ..Self::default() };
        }
        self.state = self.judge(&snapshot, now_s, reduce);
        if self.state == State::Open {
            self.held = None;
            return snapshot;
        }
        // Maps that were asked for meanwhile join what stands still, no faster than what is slowed.
        let more = |held: &Held| snapshot.maps.len() > held.maps.len();
        let is_old = |held: &Held| (self.state == State::Slowed || more(held)) && now_s - held.at_s >= SLOW_S;
        if self.held.as_ref().is_none_or(is_old) {
            self.held = Some(Held::of(&snapshot, now_s));
        }
        if let Some(held) = &self.held {
            held.put(&mut snapshot);
        }
        snapshot
    }

    /// Whether illusions stand still between two snapshots.
    pub(crate) fn is_still(&self) -> bool {
        self.state != State::Open
    }

    fn judge(&self, snapshot: &Snapshot, now_s: f64, reduce: bool) -> State {
        let safety = &snapshot.safety;
        let card = match &snapshot.on_show {
            OnShow::Illusion { illusion, .. } => Some(illusion.card.flash.as_str()),
            _ => None,
        };
        // Before it has been looked through, an illusion is what its card says.
        if safety.fails() || (safety.verdict.is_none() && card == Some("strong")) {
            return match () {
                () if reduce => State::Slowed,
                () if self.confirmed || self.holding => State::Open,
                () => State::Warned,
            };
        }
        let unknown = safety.looking && card.is_none_or(str::is_empty);
        if unknown && now_s - self.since_s < PATIENCE_S { State::Waiting } else { State::Open }
    }
}

impl PerceptApp {
    /// Holds back what flashes.
    pub(crate) fn shielded(&mut self, ctx: &egui::Context, snapshot: Snapshot) -> Snapshot {
        let now_s = ctx.input(|input| input.time);
        let key = !ctx.text_edit_focused() && ctx.input(|input| input.key_down(egui::Key::V));
        self.shield.holding = std::mem::take(&mut self.desk.veil_held) || key;
        let shown = self.shield.pass(snapshot, now_s, self.ui.reduce_flashing);
        if matches!(self.shield.state, State::Waiting | State::Slowed) {
            ctx.request_repaint_after_secs(0.1);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::{Class, Verdict};
    use crate::session::{Pace, Place, Safety, Sampling};
    use crate::stimulus::fit::Fit;
    use crate::stimulus::illusion::Showing;

    /// Something that flashes; its only map has this mean now.
    fn flashing(mean: f32) -> Snapshot {
        let verdict = Verdict { class: Class::Fails, ..Verdict::default() };
        Snapshot {
            sequence: 0,
            stimulus: StimulusSpec::Illusion("flash".into()),
            source: None,
            on_show: OnShow::Nothing,
            showing: Showing::default(),
            model: Arc::default(),
            model_source: String::new(),
            probes: Arc::default(),
            maps: Arc::default(),
            pictures: 0,
            stats: vec![ProbeStats { mean, ..ProbeStats::default() }],
            inspected: Some(MapRange { max: mean, ..MapRange::default() }),
            hovered: None,
            lesions: Vec::new(),
            place: Place::default(),
            pace: Pace::default(),
            sampling: Sampling::default(),
            fit: Fit::default(),
            squared_error: None,
            second: None,
            safety: Safety { verdict: Some(Arc::new(verdict)), looking: false },
            beyond: Vec::new(),
            provenance: crate::provenance::Provenance::default(),
        }
    }

    /// A map whose range changes is another picture: it would flash although its values are held.
    #[test]
    fn what_maps_are_scaled_by_stands_still_with_them() {
        let mut shield = Shield::default();
        let mut passes = |mean, now_s, reduce, confirmed| {
            shield.confirmed = confirmed;
            let shown = shield.pass(flashing(mean), now_s, reduce);
            (shown.stats[0].mean, shown.inspected.unwrap().max)
        };
        assert_eq!(passes(0.1, 0.0, false, false), (0.1, 0.1));
        assert_eq!(passes(0.9, 0.1, false, false), (0.1, 0.1), "under the veil");
        assert_eq!(passes(0.9, 9.0, false, false), (0.1, 0.1), "however long");
        assert_eq!(passes(0.5, 9.1, false, true), (0.5, 0.5), "asked for");
        assert_eq!(passes(0.2, 9.2, true, true), (0.2, 0.2), "slowed");
        assert_eq!(passes(0.9, 9.3, true, true), (0.2, 0.2), "slowed");
        assert_eq!(passes(0.9, 9.6, true, true), (0.9, 0.9), "slowed");
    }
}
