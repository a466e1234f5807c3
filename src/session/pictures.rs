//! The maps that the window shows: only those, made only as often as the window can draw them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::looker::Looker;
use super::second::difference;
use super::stage::Kit;
use super::{MapValues, ShownMap, Wanted, Whose};
use crate::error::Result;
use crate::gpu::heat::{Look, Reduced};
use crate::gpu::view::TensorView;
use crate::model::{Activity, Probe, Role};
use crate::readout::stats::host_values;
use crate::units::PixelSize;

impl MapValues {
    /// Columns and rows.
    pub fn size(&self) -> PixelSize {
        match self {
            Self::Device(view) => PixelSize::new(view.extent[0], view.extent[1]),
            Self::Host(reduced) => reduced.size,
        }
    }
}

/// What is on show, what was made of it last, and when it is to be made again.
pub(super) struct Pictures {
    /// What the window asked for; the pictures of the first layer before it did.
    wanted: Option<Vec<Wanted>>,
    made: Arc<Vec<ShownMap>>,
    /// What was made before that: by now nobody looks at it, and its memory is used again.
    older: Arc<Vec<ShownMap>>,
    sequence: u64,
    /// Whether what they show has changed since they were made.
    stale: bool,
    pace: Pace,
}

impl Pictures {
    /// `software`: the window is drawn by the processor, which the network needs as well.
    pub(super) fn new(software: bool) -> Self {
        Self {
            wanted: None,
            made: Arc::default(),
            older: Arc::default(),
            sequence: 0,
            stale: true,
            pace: Pace::new(software, Instant::now()),
        }
    }

    /// Takes what the window shows from now on; the next step has it.
    pub(super) fn want(&mut self, wanted: Vec<Wanted>) {
        self.wanted = Some(wanted);
        self.stale = true;
        self.pace.next = Instant::now();
    }

    /// Whether the window is to draw again. `dropped`: frames that the network has missed so far.
    pub(super) fn are_due(&mut self, dropped: u64) -> bool {
        self.pace.is_due(dropped, Instant::now())
    }

    /// Time from one drawing of the window to the next that leaves the network its own.
    pub(super) const fn interval(&self) -> Duration {
        self.pace.interval
    }

    /// The maps as they were made last, and their number.
    pub(super) fn last(&self) -> (Arc<Vec<ShownMap>>, u64) {
        (Arc::clone(&self.made), self.sequence)
    }

    /// There is, or may be, another response: the next maps are made of it.
    pub(super) const fn expire(&mut self) {
        self.stale = true;
    }

    /// Makes the maps on show from the latest response, if they are not of it already.
    pub(super) fn make(&mut self, looker: &Looker, second: Option<&Looker>, kit: &Kit) -> Result<()> {
        if !std::mem::take(&mut self.stale) {
            return Ok(());
        }
        let usual = || usual(&looker.probes);
        let wanted = self.wanted.clone().unwrap_or_else(usual);
        let spent = Arc::try_unwrap(std::mem::take(&mut self.older)).unwrap_or_default();
        let mut memory = spent.into_iter().filter_map(|map| match map.values {
            MapValues::Host(reduced) => Arc::try_unwrap(reduced).ok().map(|reduced| reduced.values),
            MapValues::Device(_) => None,
        });
        let mut maps = Vec::with_capacity(wanted.len());
        for Wanted { whose, probe: name, look } in wanted {
            let of = if whose == Whose::Second { second } else { Some(looker) };
            let Some(of) = of else { continue };
            let Some(probe) = of.probes.iter().position(|probe| probe.name == name) else { continue };
            let part = match (whose, second) {
                (Whose::Difference, second) => {
                    second.and_then(|second| difference(looker, second)).map(Activity::from)
                }
                _ => of.response().and_then(|response| response.activities.get(probe).cloned()),
            };
            let Some(part) = part else { continue };
            if let Some(values) = map(&part, look, kit, memory.next())? {
                maps.push(ShownMap { whose, probe, look, values });
            }
        }
        self.older = std::mem::replace(&mut self.made, Arc::new(maps));
        self.sequence += 1;
        Ok(())
    }
}

/// The pictures and the error of the first layer, which every window shows.
fn usual(probes: &[Probe]) -> Vec<Wanted> {
    let first = probes.iter().filter(|probe| probe.layer == 0);
    first
        .filter_map(|probe| {
            let look = match probe.role {
                Role::Error => Look::SignedError,
                _ if probe.is_picture() => Look::Picture,
                _ => return None,
            };
            Some(Wanted { whose: Whose::First, probe: probe.name.clone(), look })
        })
        .collect()
}

/// What `look` draws of a probe: its own buffer on a graphics device, its reduced values otherwise.
fn map(part: &Activity, look: Look, kit: &Kit, memory: Option<Vec<f32>>) -> Result<Option<MapValues>> {
    let Some(gpu) = &kit.gpu else { return Ok(None) };
    if kit.compute.on_gpu {
        return TensorView::new(gpu, &part.tensor()).map(|view| Some(MapValues::Device(view)));
    }
    let values = host_values(part.tensor())?;
    let [_, channels, rows, columns] = part.dims().map(|side| side as u32);
    let reduced = Reduced::new(&values, [columns, rows, channels], look, memory.unwrap_or_default());
    Ok(Some(MapValues::Host(Arc::new(reduced))))
}

/// Shortest time from one drawing of the window to the next: no eye asks for more.
const SHORTEST: Duration = Duration::from_millis(16);
/// The same where the processor draws, before it is known what the network leaves it.
const FIRST_SOFTWARE: Duration = Duration::from_millis(40);
/// Longest time, when the processor draws and the network falls behind.
const LONGEST: Duration = Duration::from_millis(200);
/// What a missed frame makes of the time, and what a drawing without one does: in big steps before the first miss, in
/// small ones after it.
const GIVE_WAY: f64 = 1.4;
const COME_ON: f64 = 0.9;
const COME_BACK: f64 = 0.98;

/// How often pictures are made. Where the processor draws them they give way to the network: every frame that
/// it misses makes them rarer, and time without a miss brings them back.
struct Pace {
    software: bool,
    interval: Duration,
    next: Instant,
    dropped: u64,
    /// Whether the network ever missed a frame.
    has_missed: bool,
}

impl Pace {
    const fn new(software: bool, now: Instant) -> Self {
        let interval = if software { FIRST_SOFTWARE } else { SHORTEST };
        Self { software, interval, next: now, dropped: 0, has_missed: false }
    }

    fn is_due(&mut self, dropped: u64, now: Instant) -> bool {
        if now < self.next {
            return false;
        }
        if self.software {
            // Counted anew with every stimulus.
            let missed = dropped > self.dropped;
            self.dropped = dropped;
            self.has_missed |= missed;
            let next = self.interval.mul_f64(match (missed, self.has_missed) {
                (true, _) => GIVE_WAY,
                (false, true) => COME_BACK,
                (false, false) => COME_ON,
            });
            self.interval = next.clamp(SHORTEST, LONGEST);
        }
        // On a grid of its own, so that steps that come a little late do not make it drift.
        self.next = (self.next + self.interval).max(now + self.interval / 2);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures made in so many seconds of 100 steps a second, when every step in `missing` misses a frame.
    fn made(software: bool, seconds: u64, missing: bool) -> u64 {
        let begun = Instant::now();
        let mut pace = Pace::new(software, begun);
        (0..seconds * 100)
            .filter(|step| {
                let dropped = if missing { *step } else { 0 };
                pace.is_due(dropped, begun + Duration::from_millis(10 * step))
            })
            .count() as u64
    }

    #[test]
    fn a_graphics_card_draws_sixty_a_second_and_the_processor_comes_to_it() {
        assert!((55..=63).contains(&(made(false, 4, false) / 4)));
        assert!((35..=60).contains(&made(true, 1, false)), "{} in the first second", made(true, 1, false));
        let later = made(true, 6, false) - made(true, 2, false);
        assert!((55..=63).contains(&(later / 4)), "{later} in four seconds");
    }

    #[test]
    fn on_the_processor_pictures_give_way_to_a_network_that_falls_behind_and_come_back() {
        let few = made(true, 10, true) / 10;
        assert!((5..=8).contains(&few), "{few} a second");
        assert!((55..=63).contains(&(made(false, 4, true) / 4)), "a card takes nothing from the network");
        let begun = Instant::now();
        let mut pace = Pace::new(true, begun);
        for step in 0..40_u64 {
            pace.is_due(step, begun + Duration::from_millis(200 * step));
        }
        assert_eq!(pace.interval, LONGEST);
        for step in 40..200_u64 {
            pace.is_due(40, begun + Duration::from_millis(200 * step));
        }
        assert_eq!(pace.interval, SHORTEST);
    }

    #[test]
    fn before_the_window_asks_the_first_layer_is_on_show() {
        let probe = |name: &str, role, layer, channels| Probe {
            name: name.into(),
            symbol: "A",
            layer,
            role,
            channels,
            size: PixelSize::new(8, 8),
            signed: false,
        };
        let probes = [
            probe("a0", Role::Actual, 0, 3),
            probe("e0", Role::Error, 0, 6),
            probe("r0", Role::Representation, 0, 3),
            probe("a1", Role::Actual, 1, 3),
        ];
        let names: Vec<_> = usual(&probes).into_iter().map(|wanted| (wanted.probe, wanted.look)).collect();
        assert_eq!(names, [("a0".into(), Look::Picture), ("e0".into(), Look::SignedError)]);
    }
}
