//! From the numbers of an illusion, its control and their mirrors to one word. The rule stands here, before any
//! network has been asked:
//!
//! - The effect is the number of the illusion minus that of its control, each the mean of the picture and its
//!   mirror (the mirror measured in mirrored directions, so that what is true of the picture is the same in both).
//! - Its interval is Student's, over the places (or, of what is random, the seeds) at which all was shown.
//! - Seen: the interval lies above the smallest effect that counts. Opposite: below minus that.
//! - Artefact: picture and mirror differ by more than the effect: it hangs on the side, not on the picture.
//! - Not seen: the whole interval is nearer to zero than the smallest effect that counts. Undecided: all else.

use crate::stimulus::illusion::measure::Measured;

/// Quantile 0.975 of Student's distribution for 1 to 9 degrees of freedom.
const STUDENT: [f64; 9] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/// One place at which all four were shown; numbers in the unit of what is measured, those of mirrors measured in
/// mirrored directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Sample {
    /// The illusion.
    pub shown: f64,
    /// The illusion, mirrored.
    pub mirrored: f64,
    /// The control.
    pub control: f64,
    /// The control, mirrored.
    pub control_mirrored: f64,
}

impl Sample {
    fn effect(&self) -> f64 {
        0.5 * (self.shown + self.mirrored) - 0.5 * (self.control + self.control_mirrored)
    }

    fn lopsided(&self) -> f64 {
        0.5 * (self.shown - self.mirrored)
    }
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It errs as people do.
    Seen,
    /// It errs the other way.
    Opposite,
    /// There is no effect that would count.
    NotSeen,
    /// What there is belongs to the side of the picture, not to the picture.
    Artefact,
    /// The numbers do not tell.
    Undecided,
}

impl Verdict {
    /// As it is written in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Opposite => "opposite",
            Self::NotSeen => "not_seen",
            Self::Artefact => "artefact",
            Self::Undecided => "undecided",
        }
    }

    /// In words. Of mean error nothing is right or wrong: it is more or less than in the control.
    #[must_use]
    pub fn words(self, of: Measured) -> &'static str {
        match (self, of) {
            (Self::Seen, Measured::Surprise) => "more",
            (Self::Opposite, Measured::Surprise) => "less",
            (Self::NotSeen, Measured::Surprise) => "the same",
            (Self::Seen, _) => "seen",
            (Self::Opposite, _) => "opposite",
            (Self::NotSeen, _) => "not seen",
            (Self::Artefact, _) => "artefact",
            (Self::Undecided, _) => "undecided",
        }
    }
}

/// The numbers of one illusion for one network.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Means over the places.
    pub mean: Sample,
    /// Illusion minus control.
    pub effect: f64,
    /// Half the width of its 95 % interval.
    pub interval: f64,
    /// The smallest effect that counts.
    pub least: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// The smallest effect that counts: a fiftieth of a pixel at a quarter of the picture's width from the centre, half
/// a percent of the range of light, a two-hundredth of a cycle.
#[must_use]
pub fn least(of: Measured, width_px: f64) -> f64 {
    const PIXELS: f64 = 0.02;
    let radius = (0.25 * width_px).max(1.0);
    match of {
        Measured::Translation | Measured::Position => PIXELS,
        Measured::Rotation => (PIXELS / radius).to_degrees(),
        Measured::Expansion => 100.0 * PIXELS / radius,
        Measured::Phase => 0.005,
        Measured::Brightness => 0.5,
        Measured::Surprise => 0.002,
    }
}

/// Weighs the samples; `None` for fewer than two or where one is no number.
#[must_use]
pub fn weigh(samples: &[Sample], least: f64) -> Option<Finding> {
    let count = samples.len() as f64;
    let quantile = STUDENT.get(samples.len().checked_sub(2)?).copied().unwrap_or(1.96);
    let mean_of = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let effect = mean_of(&Sample::effect);
    let spread = samples.iter().map(|one| (one.effect() - effect).powi(2)).sum::<f64>() / (count - 1.0);
    let interval = quantile * (spread / count).sqrt();
    if !(effect.is_finite() && interval.is_finite()) {
        return None;
    }
    let lopsided = mean_of(&Sample::lopsided).abs();
    let verdict = if lopsided > effect.abs() && lopsided > least {
        Verdict::Artefact
    } else if effect - interval > least {
        Verdict::Seen
    } else if effect + interval < -least {
        Verdict::Opposite
    } else if effect.abs() + interval < least {
        Verdict::NotSeen
    } else {
        Verdict::Undecided
    };
    let mean = Sample {
        shown: mean_of(&|one| one.shown),
        mirrored: mean_of(&|one| one.mirrored),
        control: mean_of(&|one| one.control),
        control_mirrored: mean_of(&|one| one.control_mirrored),
    };
    Some(Finding { mean, effect, interval, least, verdict })
}

#[cfg(test)]
mod tests {
    use super::{Sample, Verdict, weigh};

    fn samples(shown: f64, mirrored: f64, control: f64, spread: f64) -> Vec<Sample> {
        let at = |n: i32| spread * f64::from(n - 2);
        let one = |n| Sample {
            shown: shown + at(n),
            mirrored: mirrored + at(n),
            control,
            control_mirrored: control,
        };
        (0..5).map(one).collect()
    }

    fn verdict(samples: &[Sample]) -> Verdict {
        weigh(samples, 0.02).unwrap().verdict
    }

    #[test]
    fn each_word_has_its_case() {
        assert_eq!(verdict(&samples(0.2, 0.2, 0.0, 0.01)), Verdict::Seen);
        assert_eq!(verdict(&samples(-0.2, -0.2, 0.0, 0.01)), Verdict::Opposite);
        assert_eq!(verdict(&samples(0.2, 0.2, 0.2, 0.0)), Verdict::NotSeen);
        assert_eq!(verdict(&samples(0.2, -0.18, 0.0, 0.0)), Verdict::Artefact);
        assert_eq!(verdict(&samples(0.1, 0.1, 0.0, 0.2)), Verdict::Undecided);
    }

    #[test]
    fn the_interval_is_students() {
        // Five numbers with standard deviation 0.1 * sqrt(2.5): 2.776 times that over sqrt(5).
        let found = weigh(&samples(1.0, 1.0, 0.0, 0.1), 0.02).unwrap();
        assert!((found.interval - 2.776 * 0.1 * 2.5_f64.sqrt() / 5.0_f64.sqrt()).abs() < 1e-9);
        assert!((found.effect - 1.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_and_no_numbers_are_no_finding() {
        assert_eq!(weigh(&samples(1.0, 1.0, 0.0, 0.0)[..1], 0.02), None);
        assert_eq!(weigh(&[], 0.02), None);
        assert_eq!(weigh(&samples(f64::NAN, 1.0, 0.0, 0.0), 0.02), None);
    }
}
