//! What flashes beyond the limits, or has regular stripes, is held still until the person asks for it; what flashes may
//! be slowed to a few pictures a second instead.

use std::sync::Arc;

use crate::app::PerceptApp;
use crate::readout::{MapRange, ProbeStats};
use crate::safety::Class;
use crate::session::{OnShow, ShownMap, Snapshot};
use crate::stimulus::StimulusSpec;

/// Time from picture to picture where flashing is reduced: three changes a second are at most one and a half flashes.
const SLOW_S: f64 = 1.0 / 3.0;
/// How long a file or an illusion of one's own waits to be looked through before it is shown all the same.
const PATIENCE_S: f64 = 1.5;

/// What there is to be warned of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// More than three flashes within a second.
    pub flashes: bool,
    /// Two or three a second for long.
    pub slow_flashes: bool,
    /// Regular stripes.
    pub stripes: bool,
}

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
    confirmed: bool,
    /// Stimuli with stripes or slow flashing that the person asked to see since the program began.
    known: Vec<StimulusSpec>,
    /// Whether a key or button that shows it is held down.
    pub holding: bool,
    subject: Option<StimulusSpec>,
    since_s: f64,
    held: Option<Held>,
}

/// What the person wants to be spared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spared {
    /// Flashing: it is slowed.
    pub flashing: bool,
    /// Stripes and slow flashing, until they are asked for.
    pub patterns: bool,
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
    pub(crate) fn pass(&mut self, mut snapshot: Snapshot, now_s: f64, spared: Spared) -> Snapshot {
        if self.subject.as_ref() != Some(&snapshot.stimulus) {
            let known = std::mem::take(&mut self.known);
            let subject = Some(snapshot.stimulus.clone());
            *self = Self { subject, since_s: now_s, known, ..Self::default() };
        }
        self.state = self.judge(&snapshot, now_s, spared);
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

    /// The person asks to see what is held back.
    pub(crate) fn confirm(&mut self) {
        if self.state != State::Warned {
            return;
        }
        self.confirmed = true;
        let subject = self.subject.clone().filter(|subject| !self.known.contains(subject));
        self.known.extend(subject);
    }

    /// Whether illusions stand still between two snapshots.
    pub(crate) fn is_still(&self) -> bool {
        self.state != State::Open
    }

    fn judge(&self, snapshot: &Snapshot, now_s: f64, spared: Spared) -> State {
        let safety = &snapshot.safety;
        let card = match &snapshot.on_show {
            OnShow::Illusion { illusion, .. } => Some(&illusion.card),
            _ => None,
        };
        let is_asked_for = self.confirmed || self.holding;
        let found = Found::all(snapshot);
        let is_known = || self.subject.as_ref().is_some_and(|subject| self.known.contains(subject));
        // Slowing helps against flashing, not against stripes.
        let slows = spared.flashing && (found.flashes || found.slow_flashes);
        let asks = (found.flashes && !slows)
            || (spared.patterns && !is_known() && (found.stripes || (found.slow_flashes && !slows)));
        match () {
            () if asks && !is_asked_for => return State::Warned,
            () if slows => return State::Slowed,
            () => {}
        }
        let unknown = safety.looking && card.is_none_or(|card| card.flash.is_empty());
        if unknown && now_s - self.since_s < PATIENCE_S { State::Waiting } else { State::Open }
    }
}

impl Found {
    /// What was found of what is on show; before it has been looked through, what its card says.
    pub(crate) fn all(snapshot: &Snapshot) -> Self {
        let Some(verdict) = &snapshot.safety.verdict else {
            let OnShow::Illusion { illusion, .. } = &snapshot.on_show else { return Self::default() };
            let card = &illusion.card;
            return Self { flashes: card.flash == "strong", slow_flashes: false, stripes: card.stripes };
        };
        let slow = verdict.general.extended.is_some() || verdict.red.extended.is_some();
        Self {
            flashes: verdict.class == Class::Fails,
            // A warning without a pattern is of slow flashes.
            slow_flashes: slow || (verdict.class == Class::Warning && verdict.pattern.is_none()),
            stripes: verdict.pattern.is_some(),
        }
    }

    /// The worst of it, in a few words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self { flashes: true, .. } => "This flashes",
            Self { stripes: true, .. } => "Regular stripes",
            _ => "This flashes slowly, for long",
        }
    }
}

impl PerceptApp {
    /// Holds back what flashes.
    pub(crate) fn shielded(&mut self, ctx: &egui::Context, snapshot: Snapshot) -> Snapshot {
        let now_s = ctx.input(|input| input.time);
        let key = !ctx.text_edit_focused() && ctx.input(|input| input.key_down(egui::Key::V));
        self.shield.holding = std::mem::take(&mut self.desk.veil_held) || key;
        // Whoever asked for a picture or a measurement of the window wants it as it is.
        let patterns = !self.ui.patterns_at_once && !self.is_unattended;
        let shown = self.shield.pass(snapshot, now_s, Spared { flashing: self.ui.reduce_flashing, patterns });
        if matches!(self.shield.state, State::Waiting | State::Slowed) {
            ctx.request_repaint_after_secs(0.1);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::{Pattern, Verdict};
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

    #[test]
    fn stripes_are_asked_for_once_and_flashes_every_time() {
        let pattern = Pattern { from_s: 0.0, to_s: 1.0, area: 0.9, pairs: 9 };
        let of = |slug: &str, class, pattern| {
            let verdict = Verdict { class, pattern, ..Verdict::default() };
            let safety = Safety { verdict: Some(Arc::new(verdict)), looking: false };
            Snapshot { stimulus: StimulusSpec::Illusion(slug.into()), safety, ..flashing(0.0) }
        };
        let stripes = || of("stripes", Class::Warning, Some(pattern.clone()));
        let mut shield = Shield::default();
        let mut state = |snapshot, patterns, asks| {
            if asks {
                shield.confirm();
            }
            shield.pass(snapshot, 0.0, Spared { flashing: false, patterns });
            shield.state
        };
        assert_eq!(state(stripes(), false, false), State::Open, "with the setting");
        assert_eq!(state(stripes(), true, false), State::Warned);
        assert_eq!(state(stripes(), true, true), State::Open, "asked for");
        assert_eq!(state(of("grey", Class::Passes, None), true, false), State::Open);
        assert_eq!(state(stripes(), true, false), State::Open, "asked for before");
        assert_eq!(state(of("slow", Class::Warning, None), true, false), State::Warned);
        assert_eq!(state(flashing(0.0), false, false), State::Warned, "whatever the setting");
        assert_eq!(state(flashing(0.0), true, true), State::Open, "asked for");
        assert_eq!(state(of("grey", Class::Passes, None), true, false), State::Open);
        assert_eq!(state(flashing(0.0), true, false), State::Warned, "again");
    }

    #[test]
    fn slowing_spares_flashes_and_not_stripes() {
        let pattern = Pattern { from_s: 0.0, to_s: 1.0, area: 0.9, pairs: 9 };
        let verdict = Verdict { class: Class::Fails, pattern: Some(pattern), ..Verdict::default() };
        let safety = Safety { verdict: Some(Arc::new(verdict)), looking: false };
        let striped = Snapshot { safety, ..flashing(0.0) };
        let mut shield = Shield::default();
        let spared = Spared { flashing: true, patterns: true };
        shield.pass(flashing(0.0), 0.0, spared);
        assert_eq!(shield.state, State::Slowed);
        shield.pass(striped.clone(), 0.0, spared);
        assert_eq!(shield.state, State::Warned, "stripes that flash");
        shield.confirm();
        shield.pass(striped, 0.0, spared);
        assert_eq!(shield.state, State::Slowed, "asked for");
    }

    /// A map whose range changes is another picture: it would flash although its values are held.
    #[test]
    fn what_maps_are_scaled_by_stands_still_with_them() {
        let mut shield = Shield::default();
        let mut passes = |mean, now_s, reduce, confirmed| {
            shield.confirmed = confirmed;
            let shown = shield.pass(flashing(mean), now_s, Spared { flashing: reduce, patterns: true });
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
