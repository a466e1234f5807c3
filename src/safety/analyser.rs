//! The analysis itself: pictures in, a verdict out, picture by picture and without allocating once the first is in.

use super::area::Windows;
use super::grid::{Detail, Field, Grid, Pixels};
use super::light::{Decoder, Hue, luminance};
use super::stripes::Stripes;
use super::swing::{RedSwing, Swing};
use super::turns::{Level, SECOND, Ticks, Turns};
use super::verdict::{Finding, Flashes, Span, Verdict};
use crate::units::PixelSize;

/// Most cells across for flashes, three eighths of a degree each on a full screen, and for stripes.
const COLUMNS: usize = 80;
const STRIPE_COLUMNS: usize = 320;
/// Most pixels of a cell along each side that are looked at, in full and in haste.
const SAMPLES: [usize; 2] = [12, 4];
const STRIPE_SAMPLES: [usize; 2] = [4, 2];
/// Part of the field that may flash.
const PART: f64 = 0.25;
/// Turns of cells that are so close in time happen at once: a frame of 60 Hz. A grating that drifts turns cell after
/// cell, and is no flash until it drifts by a quarter of its cells within a frame.
const AT_ONCE: Ticks = SECOND / 100;
/// Most moments that are told apart within one frame.
const MOMENTS: usize = 6;
/// Most stretches of time that are kept; those that come later lengthen the last.
const MOST_SPANS: usize = 64;
/// Stretches with less time than this between them are one.
const GAP_S: f64 = 1.0;

/// Finds flashes and patterns in pictures that are shown one after the other.
#[derive(Debug)]
pub struct Analyser {
    field: Field,
    /// 1 in haste.
    haste: usize,
    decoder: Decoder,
    grid: Grid,
    fine: Grid,
    windows: Windows,
    stripes: Stripes,
    swings: Vec<Swing>,
    red_swings: Vec<RedSwing>,
    kinds: [Kind; 2],
    last: Option<Ticks>,
    /// Seconds of all stretches before the last cut.
    past_s: f64,
    first: Ticks,
    frames: u64,
}

/// What is known of general flashes, or of red ones.
#[derive(Debug, Default)]
struct Kind {
    turns: Vec<Turns>,
    /// Distinct times of turns that were found in this frame, with a cell of each.
    moments: [(Ticks, usize); MOMENTS],
    count: usize,
    flashes: Flashes,
}

impl Analyser {
    /// An analyser of pictures that take up `field`.
    #[must_use]
    pub fn new(field: Field) -> Self {
        Self {
            field,
            haste: 0,
            decoder: Decoder::new(),
            grid: Grid::default(),
            fine: Grid::default(),
            windows: Windows::default(),
            stripes: Stripes::default(),
            swings: Vec::new(),
            red_swings: Vec::new(),
            kinds: Default::default(),
            last: None,
            past_s: 0.0,
            first: 0,
            frames: 0,
        }
    }

    /// The same, which looks at some pixels of a large picture only: a millisecond at most, whatever its size.
    #[must_use]
    pub fn hasty(field: Field) -> Self {
        Self { haste: 1, ..Self::new(field) }
    }

    /// Looks at the picture that is shown from `time_s` on. A time that is not later than the last, or another size
    /// of the picture, begins a new stretch: what was found stays.
    pub fn push(&mut self, size: PixelSize, pixels: Pixels<'_>, time_s: f64) {
        self.push_coarse(size, pixels, time_s);
        self.push_fine(size, pixels, time_s);
    }

    /// Looks for flashes only: for pictures of a hundred pixels or so, which are too coarse to show stripes.
    pub fn push_coarse(&mut self, size: PixelSize, pixels: Pixels<'_>, time_s: f64) {
        let now = ticks(time_s);
        let detail = Detail { columns: COLUMNS, samples: SAMPLES.get(self.haste).copied().unwrap_or(1) };
        let is_new = self.grid.take(size, detail, pixels, &self.decoder);
        self.frames += 1;
        if is_new || self.last.is_none_or(|last| now <= last) {
            return self.begin(now);
        }
        self.last = Some(now);
        let Self { grid, swings, red_swings, kinds: [general, red], .. } = self;
        general.count = 0;
        red.count = 0;
        for (cell, light) in grid.light.iter().enumerate() {
            if let Some(at) = swings.get_mut(cell).and_then(|swing| swing.take(luminance(*light), now)) {
                general.turned(cell, at);
            }
            if let Some(at) = red_swings.get_mut(cell).and_then(|swing| swing.take(Hue::of(*light), now)) {
                red.turned(cell, at);
            }
        }
        for kind in &mut self.kinds {
            kind.judge(&mut self.windows, now);
        }
    }

    /// Looks for stripes only, where it is time to.
    pub fn push_fine(&mut self, size: PixelSize, pixels: Pixels<'_>, time_s: f64) {
        let now = ticks(time_s);
        if self.stripes.is_due(now) {
            let samples = STRIPE_SAMPLES.get(self.haste).copied().unwrap_or(1);
            let detail = Detail { columns: STRIPE_COLUMNS, samples };
            if self.fine.take(size, detail, pixels, &self.decoder) {
                self.stripes.cut();
            }
            let light = self.fine.light.iter().map(|light| luminance(*light));
            self.stripes.look(light, self.fine.columns, now);
        }
    }

    /// Whether pictures for [`Self::push_fine`] are wanted at this time.
    #[must_use]
    pub fn wants_fine(&self, time_s: f64) -> bool {
        self.stripes.is_due(ticks(time_s))
    }

    /// What has been found so far.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let kinds = self.kinds.each_ref().map(|kind| kind.flashes.clone());
        let length_s = self.past_s + self.last.map_or(0.0, |last| seconds(last - self.first));
        Verdict::new(kinds, self.stripes.found.clone(), length_s, self.frames)
    }

    /// Whether flashes are beyond the limit so far. Cheaper than the verdict.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.kinds.iter().any(|kind| kind.flashes.over.is_some())
    }

    fn begin(&mut self, now: Ticks) {
        self.past_s += self.last.map_or(0.0, |last| seconds(last - self.first));
        (self.first, self.last) = (now, Some(now));
        let Grid { columns, rows, light, .. } = &self.grid;
        let aspect = *columns as f64 / *rows as f64;
        // The grid has square cells, so its sides tell the picture's aspect well enough.
        let size = PixelSize::new((1000.0 * aspect) as u32, 1000);
        self.windows.fit(*columns, *rows, self.field.width_deg(size));
        self.swings.clear();
        self.swings.extend(light.iter().map(|light| Swing::start(luminance(*light), now)));
        self.red_swings.clear();
        self.red_swings.extend(light.iter().map(|light| RedSwing::start(Hue::of(*light), now)));
        for kind in &mut self.kinds {
            kind.turns.clear();
            kind.turns.resize(light.len(), Turns::default());
        }
        self.stripes.cut();
    }
}

impl Kind {
    fn turned(&mut self, cell: usize, at: Ticks) {
        let Some(turns) = self.turns.get_mut(cell) else { return };
        turns.add(at);
        let known = self.moments.get(..self.count).unwrap_or_default();
        if known.iter().all(|(moment, _)| moment.abs_diff(at) > AT_ONCE)
            && let Some(place) = self.moments.get_mut(self.count)
        {
            *place = (at, cell);
            self.count += 1;
        }
    }

    /// Measures the area of what turned at once, for every level of flashing.
    fn judge(&mut self, windows: &mut Windows, now: Ticks) {
        for place in 0..self.count {
            let Some(&(at, _)) = self.moments.get(place) else { continue };
            for level in [Level::OVER, Level::LONG, Level::FLASH] {
                let turns = &self.turns;
                let is_in = |turns: &Turns| turns.level.has(level) && turns.last().abs_diff(at) <= AT_ONCE;
                let cells = turns.iter().filter(|turns| is_in(turns)).count();
                if !windows.may_reach(cells, PART) {
                    continue;
                }
                let area = windows.fullest(|cell| turns.get(cell).is_some_and(is_in));
                if area > PART
                    && let Some(cell) = turns.iter().find(|turns| is_in(turns))
                {
                    let span = Span { from_s: seconds(cell.begun(level)), to_s: seconds(now) };
                    let per_second = cell.per_second();
                    let found = match level {
                        Level::OVER => &mut self.flashes.over,
                        Level::LONG => &mut self.flashes.extended,
                        _ => &mut self.flashes.any,
                    };
                    found.get_or_insert_with(Finding::default).add(span, area, per_second);
                }
            }
        }
    }
}

impl Finding {
    fn add(&mut self, span: Span, area: f64, per_second: f64) {
        // The worst is what is largest and fastest, where it is first met.
        if area * per_second > self.area * self.per_second * 1.001 {
            self.worst_s = (span.to_s - 1.0).max(span.from_s).max(0.0);
        }
        self.area = self.area.max(area);
        self.per_second = self.per_second.max(per_second);
        if self.spans.capacity() == 0 {
            self.spans.reserve(MOST_SPANS);
        }
        let is_full = self.spans.len() >= MOST_SPANS;
        match self.spans.last_mut() {
            Some(last) if is_full || (span.from_s <= last.to_s + GAP_S && span.to_s >= last.from_s) => {
                last.to_s = last.to_s.max(span.to_s);
            }
            _ => self.spans.push(span),
        }
    }
}

/// A time before the start, or no number, is the start.
fn ticks(time_s: f64) -> Ticks {
    (time_s * f64::from(SECOND)).round() as Ticks
}

fn seconds(ticks: Ticks) -> f64 {
    f64::from(ticks) / f64::from(SECOND)
}
