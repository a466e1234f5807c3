//! What the network believes of the motion, beside the running picture: arrows, a number, one sentence. Worked out
//! on a thread of its own, of the latest step only; neither network nor window waits for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::baselines::{Baseline, Baselines, STEADY};
use super::reading::{Reading, mean_of_steps};
use crate::error::Result;
use crate::experiment::film::{Regions, frequency_cpd};
use crate::experiment::number::{Glance, Scale, number};
use crate::experiment::verdict::least;
use crate::gpu::Gpu;
use crate::readout::flow::{Field, Luma, Method};
use crate::stimulus::illusion::measure::Measure;
use crate::stimulus::illusion::{Illusion, Showing, compose};
use crate::threads::Helper;
use crate::units::{FieldDeg, PixelSize};

/// Arrows across the picture.
const COLUMNS: u32 = 16;
/// Motion below this is no arrow, in pixels per frame.
const LEAST_PX: f32 = 0.03;
/// Samples per pixel and side of the regions, which have soft edges.
const REGION_SAMPLES: u32 = 2;

/// Motion expected in one part of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrow {
    /// Place, from (0, 0) at the upper left to (1, 1).
    pub at: [f32; 2],
    /// Motion in pixels of the network's picture per step, right and up.
    pub motion_px: [f32; 2],
    /// Whether there are edges of one direction alone, so that only the motion across them is known.
    pub across_edges: bool,
}

/// What the network believes at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// Step that it is of.
    pub step: u64,
    /// Size of the network's picture.
    pub size: PixelSize,
    /// Where what is expected to move where to.
    pub arrows: Vec<Arrow>,
    /// The number that the illusion's card asks for.
    pub reading: Option<Reading>,
}

/// One step to think about.
#[derive(Clone, Debug)]
pub(super) struct Thought {
    pub(super) step: u64,
    pub(super) size: PixelSize,
    pub(super) before: Vec<f32>,
    pub(super) actual: Vec<f32>,
    pub(super) predicted: Vec<f32>,
    pub(super) illusion: Option<(Arc<Illusion>, Showing)>,
    /// Times of the frame before and of the frame that came, in seconds.
    pub(super) times_s: [f64; 2],
    /// Grows when network or stimulus change: what was read before is forgotten.
    pub(super) chapter: u64,
    /// How motion is found.
    pub(super) method: Method,
}

/// Hands steps to the thread; drops them while it is busy.
#[derive(Debug)]
pub(super) struct Thinker {
    thoughts: Sender<Thought>,
    /// Waited for when the sender is gone.
    _thread: Helper,
}

impl Thinker {
    /// Starts the thread. `tell` is given every belief.
    pub(super) fn start(gpu: Option<Gpu>, tell: impl Fn(Belief) + Send + 'static) -> Option<Self> {
        let (thoughts, received) = bounded(1);
        let mind = Mind { gpu, regions: None, read: HashMap::new(), baselines: HashMap::new(), chapter: 0 };
        match Helper::start("percept-belief", move || mind.run(&received, tell)) {
            Ok(thread) => Some(Self { thoughts, _thread: thread.inner() }),
            Err(cause) => {
                tracing::warn!("beliefs are not shown: {cause}");
                None
            }
        }
    }

    /// Whether it would take a step now.
    pub(super) fn is_free(&self) -> bool {
        !self.thoughts.is_full()
    }

    /// Gives it a step, unless it is busy.
    pub(super) fn think(&self, thought: Thought) {
        match self.thoughts.try_send(thought) {
            Ok(()) | Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => tracing::debug!("the thread of beliefs has ended"),
        }
    }
}

/// What has been read under one condition.
type Condition = (bool, bool);

struct Mind {
    gpu: Option<Gpu>,
    /// The regions of the last illusion, and of which text they are.
    regions: Option<(String, Option<Regions>)>,
    /// The last numbers by control and mirror.
    read: HashMap<Condition, Vec<f64>>,
    /// What is no network, by the same.
    baselines: HashMap<Condition, Baselines>,
    chapter: u64,
}

impl Mind {
    fn run(mut self, thoughts: &Receiver<Thought>, tell: impl Fn(Belief)) {
        while let Ok(thought) = thoughts.recv() {
            if thought.chapter != self.chapter {
                self.read.clear();
                self.baselines.clear();
                self.chapter = thought.chapter;
            }
            let luma = |planes: &[f32]| Luma::of_planes(thought.size, planes);
            let field = luma(&thought.before)
                .and_then(|before| thought.method.field_and_edges(&before, &luma(&thought.predicted)?))
                .inspect_err(|error| tracing::warn!("no motion: {error}"))
                .ok();
            let reading = match self.reading(&thought) {
                Ok(reading) => reading,
                Err(error) => {
                    tracing::warn!("no number: {error}");
                    None
                }
            };
            tell(Belief {
                step: thought.step,
                size: thought.size,
                arrows: field
                    .as_ref()
                    .map_or_else(Vec::new, |(field, edges)| arrows(field, edges, thought.method)),
                reading,
            });
        }
    }

    fn reading(&mut self, thought: &Thought) -> Result<Option<Reading>> {
        let Some((illusion, showing)) = &thought.illusion else { return Ok(None) };
        let Some(measure) = &illusion.card.measure else { return Ok(None) };
        let regions = self.regions(thought, illusion, showing, measure)?;
        if measure.of.needs_region() && regions.is_none() {
            return Ok(None);
        }
        let field = FieldDeg::of(thought.size, illusion.card.field_deg);
        let scale = Scale {
            size: thought.size,
            pixel_deg: field.width_deg / f64::from(thought.size.width.max(1)),
            frequency_cpd: frequency_cpd(illusion, showing),
            mirror: showing.mirror,
            method: thought.method,
        };
        let glance = Glance {
            before: &thought.before,
            actual: &thought.actual,
            predicted: &thought.predicted,
            regions: regions.as_ref(),
        };
        let condition = (showing.control, showing.mirror);
        let values = self.read.entry(condition).or_default();
        let counts = illusion.counts(showing, thought.times_s[1]);
        if let Some(value) = number(measure, &scale, &glance).filter(|_| counts) {
            values.push(value);
            let extra = values.len().saturating_sub(STEADY);
            values.drain(..extra);
        }
        let baselines = self.baselines(thought, condition, measure, &scale, &glance);
        let Some((value, interval)) = self.read.get(&condition).and_then(|values| mean_of_steps(values))
        else {
            return Ok(None);
        };
        // Of a mirrored picture the number is told in the picture's own directions again.
        let turned = if measure.of.is_turned_by_mirror(measure.direction_deg) { -1.0 } else { 1.0 };
        let unmirrored = |value: f64, mirror: bool| if mirror { turned * value } else { value };
        let told = |of: Condition| Some(unmirrored(mean_of_steps(self.read.get(&of)?)?.0, of.1));
        let own = |one: Baseline| Baseline { value: unmirrored(one.value, showing.mirror), ..one };
        Ok(Some(Reading {
            slug: illusion.slug.clone(),
            is_control: showing.control,
            is_mirrored: showing.mirror,
            of: measure.of,
            along: (measure.direction_deg, measure.sign),
            is_known: measure.known,
            as_people: unmirrored(1.0, showing.mirror),
            value: unmirrored(value, showing.mirror),
            interval,
            least: least(measure.of, f64::from(thought.size.width)),
            control: told((true, showing.mirror)).or_else(|| told((true, !showing.mirror))),
            mirrored: told((showing.control, !showing.mirror)),
            baselines: baselines.into_iter().map(own).collect(),
        }))
    }

    /// What is no network, on the same frames; without it where it cannot be had.
    fn baselines(
        &mut self,
        thought: &Thought,
        condition: Condition,
        measure: &Measure,
        scale: &Scale,
        glance: &Glance<'_>,
    ) -> Vec<Baseline> {
        let mut see = || -> Result<Vec<Baseline>> {
            let baselines = match self.baselines.entry(condition) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(Baselines::new(thought.size)?),
            };
            baselines.see(thought.step, measure, scale, glance)?;
            Ok(baselines.told(measure.of.unit()))
        };
        see().inspect_err(|error| tracing::warn!("no baselines: {error}")).unwrap_or_default()
    }

    fn regions(
        &mut self,
        thought: &Thought,
        illusion: &Illusion,
        showing: &Showing,
        measure: &Measure,
    ) -> Result<Option<[Vec<f32>; 2]>> {
        let Some(gpu) = &self.gpu else { return Ok(None) };
        if self.regions.as_ref().is_none_or(|(known, _)| *known != illusion.wgsl) {
            // What the driver refuses is not tried again at every step.
            self.regions = Some((illusion.wgsl.clone(), None));
            compose::validate(illusion)?;
            self.regions = Some((illusion.wgsl.clone(), Regions::new(gpu, illusion)?));
        }
        let Some((_, Some(regions))) = &self.regions else { return Ok(None) };
        let [before_s, actual_s] = thought.times_s;
        let time_s = if measure.of.is_motion() { before_s } else { actual_s };
        let view = illusion.view(showing, thought.size, time_s, REGION_SAMPLES);
        regions.planes(&view, &illusion.uniform_values(showing)).map(Some)
    }
}

/// The field in a grid of parts, where there is enough to see and it moves; at corners, each by itself.
fn arrows(field: &Field, edges: &Field, method: Method) -> Vec<Arrow> {
    let PixelSize { width, height } = field.size;
    let side = if method == Method::Corners { 1 } else { (width / COLUMNS).max(1) };
    let mut found = Vec::new();
    for top in (0..height.saturating_sub(side - 1)).step_by(side as usize) {
        for left in (0..width.saturating_sub(side - 1)).step_by(side as usize) {
            let part =
                || (top..top + side).flat_map(|y| (left..left + side).map(move |x| (y * width + x) as usize));
            let middle = 0.5 * side as f32;
            let at = [(left as f32 + middle) / width as f32, (top as f32 + middle) / height as f32];
            let enough = 0.1 * (side * side) as f32;
            let whole = mean_motion(field, part(), enough).map(|motion| (motion, false));
            let across = || mean_motion(edges, part(), enough).map(|motion| (motion, true));
            let moving = whole.or_else(across).filter(|(motion, _)| motion[0].hypot(motion[1]) >= LEAST_PX);
            found.extend(moving.map(|(motion_px, across_edges)| Arrow { at, motion_px, across_edges }));
        }
    }
    found
}

/// Mean motion in a part of the field, if there is enough confidence in it.
fn mean_motion(field: &Field, part: impl Iterator<Item = usize>, enough: f32) -> Option<[f32; 2]> {
    let (mut sum, mut total) = ([0.0_f32; 2], 0.0_f32);
    for at in part {
        if let (Some(u), Some(v), Some(weight)) = (field.u.get(at), field.v.get(at), field.confidence.get(at))
        {
            sum = [sum[0] + weight * u, sum[1] + weight * v];
            total += weight;
        }
    }
    (total > enough).then(|| sum.map(|sum| sum / total))
}
