//! What a claim about the network is held against, beside it as it runs: copying the last frame, going on in a straight
//! line, an array of correlators, motion energy. What can be said without any network is nothing that it has learnt.

use crate::error::Result;
use crate::experiment::number::{Glance, Scale, motion, number};
use crate::readout::correlator::{Correlator, Detectors};
use crate::readout::flow::{Field, Luma};
use crate::readout::jitter::{Jitter, moved};
use crate::readout::motion_energy::{Filters, MotionEnergy};
use crate::stimulus::illusion::measure::Measure;
use crate::units::PixelSize;

/// Steps over which numbers are averaged, so that they can be read.
pub(super) const STEADY: usize = 20;
/// Frames that a detector of motion sees before its answer counts: those of before are forgotten by then.
const WARM: usize = 8;
/// Unit of what detectors answer, which has none by itself.
const OF_ANSWER: &str = "of its mean answer";

/// One of them, as it is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// What it is.
    pub name: &'static str,
    /// Above zero where it errs as people do; mean over the last steps.
    pub value: f64,
    /// Of the number.
    pub unit: &'static str,
}

impl Baseline {
    /// Whether it is an array of motion detectors.
    #[must_use]
    pub fn is_of_detector(&self) -> bool {
        self.unit == OF_ANSWER
    }
}

/// All of them, at work on pictures of one size.
pub(super) struct Baselines {
    copying: Lately,
    line: Lately,
    detectors: Vec<Detector>,
    /// The last step, and the picture before the one before it.
    last: Option<(u64, Vec<f32>)>,
}

/// Answers to the last steps and their sizes.
#[derive(Default)]
struct Lately(Vec<[f64; 2]>);

impl Lately {
    fn push(&mut self, value: f64, size: f64) {
        self.0.push([value, size]);
        let extra = self.0.len().saturating_sub(STEADY);
        self.0.drain(..extra);
    }

    fn mean(&self) -> Option<f64> {
        let sum = |part: usize| self.0.iter().map(|one| one[part]).sum::<f64>();
        (!self.0.is_empty()).then(|| sum(0) / sum(1).max(f64::MIN_POSITIVE))
    }
}

enum Eye {
    Correlator(Correlator),
    Energy(MotionEnergy),
}

struct Detector {
    name: &'static str,
    eye: Eye,
    /// Frames that it has seen since it last forgot everything.
    seen: usize,
    lately: Lately,
    /// What it saw of a picture that stands still, so far.
    still: Option<Field>,
}

impl Baselines {
    pub(super) fn new(size: PixelSize) -> Result<Self> {
        let eyes = [
            ("Correlators", Eye::Correlator(Correlator::new(size, Detectors::SATURATING)?)),
            ("Motion energy", Eye::Energy(MotionEnergy::new(size, Filters::default())?)),
        ];
        let detector = |(name, eye)| Detector { name, eye, seen: 0, lately: Lately::default(), still: None };
        let detectors = eyes.map(detector).into_iter().collect();
        Ok(Self { copying: Lately::default(), line: Lately::default(), detectors, last: None })
    }

    /// Looks at the frame that came. `step` counts frames: where some were left out, detectors begin anew.
    pub(super) fn see(
        &mut self,
        step: u64,
        measure: &Measure,
        scale: &Scale,
        glance: &Glance<'_>,
    ) -> Result<()> {
        let follows = self.last.as_ref().is_some_and(|(last, _)| last + 1 == step);
        let says = |predicted: &[f32]| number(measure, scale, &Glance { predicted, ..*glance });
        if let Some(value) = says(glance.before) {
            self.copying.push(value, 1.0);
        }
        if let Some((_, earlier)) = self.last.as_ref().filter(|_| follows) {
            let on = |(last, earlier): (&f32, &f32)| (2.0 * last - earlier).clamp(0.0, 1.0);
            let predicted: Vec<f32> = glance.before.iter().zip(earlier).map(on).collect();
            if let Some(value) = says(&predicted) {
                self.line.push(value, 1.0);
            }
        }
        self.last = Some((step, glance.before.to_vec()));
        let picture = Luma::of_planes(scale.size, glance.actual)?;
        let is_still = glance.before == glance.actual;
        for detector in &mut self.detectors {
            detector
                .see(&picture, is_still, follows, &|field| motion(measure, scale, field, glance.regions))?;
        }
        Ok(())
    }

    /// What there is to tell, in the unit of what is measured.
    pub(super) fn told(&self, unit: &'static str) -> Vec<Baseline> {
        let simple = [("Copying the last frame", &self.copying), ("Going on in a line", &self.line)];
        let simple = simple.into_iter().filter_map(|(name, lately)| Some((name, lately.mean()?, unit)));
        let detectors = self.detectors.iter();
        let detectors = detectors.filter_map(|one| Some((one.name, one.lately.mean()?, OF_ANSWER)));
        simple.chain(detectors).map(|(name, value, unit)| Baseline { name, value, unit }).collect()
    }
}

impl Detector {
    fn see(
        &mut self,
        picture: &Luma,
        is_still: bool,
        follows: bool,
        say: &dyn Fn(&Field) -> Option<f64>,
    ) -> Result<()> {
        if !follows || is_still != self.still.is_some() {
            self.eye.reset();
            (self.seen, self.still) = (0, is_still.then(|| Field::still(picture.size)));
            self.lately = Lately::default();
        }
        if is_still {
            return self.see_still(picture, say);
        }
        let field = self.eye.step(picture)?;
        self.seen += 1;
        if let Some(value) = say(&field).filter(|_| self.seen > WARM) {
            self.lately.push(value, field.mean_size());
        }
        Ok(())
    }

    /// A picture that stands still is shown under small movements of the eye, one at every step, there and back.
    fn see_still(&mut self, picture: &Luma, say: &dyn Fn(&Field) -> Option<f64>) -> Result<()> {
        let path = Jitter::default().path();
        let Some(by) = path.get(self.seen) else { return Ok(()) };
        let field = self.eye.step(&moved(picture, *by)?)?;
        self.seen += 1;
        let Some(sum) = self.still.as_mut().filter(|_| self.seen > 1) else { return Ok(()) };
        sum.add(&field);
        if self.seen == path.len() {
            let mean = sum.averaged(path.len() - 1);
            if let Some(value) = say(&mean) {
                self.lately.push(value, mean.mean_size());
            }
        }
        Ok(())
    }
}

impl Eye {
    fn step(&mut self, picture: &Luma) -> Result<Field> {
        match self {
            Self::Correlator(eye) => eye.step(picture),
            Self::Energy(eye) => eye.step(picture),
        }
    }

    fn reset(&mut self) {
        match self {
            Self::Correlator(eye) => eye.reset(),
            Self::Energy(eye) => eye.reset(),
        }
    }
}
