//! The illusion's number while it runs, with what there is to hold it against, and one sentence that says it all.

use super::baselines::Baseline;
use crate::stimulus::illusion::measure::Measured;

/// A number with what there is to hold it against.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The illusion that it is of, by its file name without ending.
    pub slug: String,
    /// Whether the control was on show.
    pub is_control: bool,
    /// Whether left and right were exchanged.
    pub is_mirrored: bool,
    /// What is measured.
    pub of: Measured,
    /// The direction of positive numbers, counter-clockwise from rightward, and 1 or -1, as on the card.
    pub along: (f64, f64),
    /// Whether it is known which way people see it.
    pub is_known: bool,
    /// -1 where people see what is told below zero: of a mirrored picture; else 1.
    pub as_people: f64,
    /// Mean over the last steps that count, in the directions of the picture that is not mirrored.
    pub value: f64,
    /// Half the width of the 95 % interval of that mean.
    pub interval: f64,
    /// The smallest value that counts.
    pub least: f64,
    /// The same of the control, where it has been shown since the stimulus or the network last changed.
    pub control: Option<f64>,
    /// The same of the mirrored picture.
    pub mirrored: Option<f64>,
    /// The same of what is no network.
    pub baselines: Vec<Baseline>,
}

impl Reading {
    /// One sentence, for eyes and for screen readers. Control and mirrored picture are told along the direction that
    /// is named.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = format!("The network expects {}", self.what());
        let way = if self.value < 0.0 && self.names_direction() { -1.0 } else { 1.0 };
        let said = |value: f64| fixed(way * value, 3);
        match self.control {
            Some(control) => text += &["; control ", &said(control)].concat(),
            None => text += "; control not shown yet",
        }
        if let Some(mirrored) = self.mirrored {
            text += &["; mirrored ", &said(mirrored)].concat();
        }
        text
    }

    fn what(&self) -> String {
        let (size, unit) = (self.value.abs(), self.of.unit());
        let number = format!("{} ± {} {unit}", fixed(size, 3), fixed(self.interval, 3));
        match self.of {
            Measured::Surprise => format!("it less well than it could: {} {unit}", fixed(size, 4)),
            _ if size < self.least => format!("next to nothing: {number}"),
            _ => format!("{number} {}{}", self.way(), self.sense()),
        }
    }

    /// Whether that is more than in the control, and the way that people see it. What moves by itself moves in the
    /// control, too: without the control nothing can be said.
    fn sense(&self) -> &'static str {
        let effect =
            self.control.filter(|_| !self.is_control && self.is_known).map(|control| self.value - control);
        match effect.map(|effect| self.as_people * effect) {
            None => "",
            Some(effect) if effect.abs() < self.least => ", no more than in the control",
            Some(effect) if effect < 0.0 => ", against what people see",
            Some(_) => ", as people see it",
        }
    }

    fn names_direction(&self) -> bool {
        self.of != Measured::Surprise && self.value.abs() >= self.least
    }

    /// Which way the number goes on the screen.
    fn way(&self) -> &'static str {
        let (direction_deg, sign) = self.along;
        let is_positive = sign * self.value >= 0.0;
        let either = |positive, negative| if is_positive { positive } else { negative };
        match self.of {
            Measured::Rotation => either("counter-clockwise", "clockwise"),
            Measured::Expansion => either("outwards", "inwards"),
            Measured::Brightness => either("brighter", "darker"),
            Measured::Surprise => "",
            Measured::Translation | Measured::Position | Measured::Phase => {
                let along = if self.is_mirrored { 180.0 - direction_deg } else { direction_deg };
                let back = sign * self.as_people * self.value < 0.0;
                towards(along + if back { 180.0 } else { 0.0 })
            }
        }
    }
}

/// The nearest of eight directions in words.
fn towards(direction_deg: f64) -> &'static str {
    const WORDS: [&str; 8] = [
        "to the right",
        "up and to the right",
        "upwards",
        "up and to the left",
        "to the left",
        "down and to the left",
        "downwards",
        "down and to the right",
    ];
    let eighth = (direction_deg.rem_euclid(360.0) / 45.0).round() as usize % WORDS.len();
    WORDS.get(eighth).copied().unwrap_or_default()
}

/// A number with so many decimals, and no minus before a zero.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(bare) if bare.chars().all(|digit| matches!(digit, '0' | '.')) => bare.to_owned(),
        _ => text,
    }
}

/// Fewer steps have no interval that would mean anything.
const FEWEST: usize = 3;

/// Mean and half the width of its 95 % interval; `None` of too few. Steps that follow each other are alike: they count for fewer, by the
/// correlation of each with the next (as of a first-order process).
pub(super) fn mean_of_steps(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    if values.len() < FEWEST {
        return None;
    }
    let mean = values.iter().sum::<f64>() / count;
    let square = |value: f64| (value - mean).powi(2);
    let spread: f64 = values.iter().map(|&value| square(value)).sum();
    if spread <= 0.0 {
        return Some((mean, 0.0));
    }
    let next: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let alike = (next / spread).clamp(0.0, 0.95);
    let worth = (count * (1.0 - alike) / (1.0 + alike)).max(1.0);
    let variance = spread / (count - 1.0).max(1.0);
    Some((mean, 1.96 * (variance / worth).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(of: Measured, value: f64, along: (f64, f64)) -> Reading {
        Reading {
            slug: "spinner".into(),
            is_control: false,
            is_mirrored: false,
            of,
            along,
            is_known: true,
            as_people: 1.0,
            value,
            interval: 0.02,
            least: 0.05,
            control: Some(-0.01),
            mirrored: Some(-value),
            baselines: Vec::new(),
        }
    }

    #[test]
    fn the_sentence_names_the_direction_in_the_picture() {
        let clockwise = reading(Measured::Rotation, 0.12, (0.0, -1.0));
        assert_eq!(
            clockwise.sentence(),
            "The network expects 0.120 ± 0.020 deg/frame clockwise, as people see it; control -0.010; mirrored -0.120"
        );
        let against = reading(Measured::Translation, -0.3, (90.0, 1.0));
        assert_eq!(
            against.sentence(),
            "The network expects 0.300 ± 0.020 px/frame downwards, against what people see; control 0.010; mirrored \
             -0.300"
        );
        let nothing = Reading { control: None, ..reading(Measured::Position, -0.0001, (0.0, 1.0)) };
        assert_eq!(
            nothing.sentence(),
            "The network expects next to nothing: 0.000 ± 0.020 px; control not shown yet; mirrored 0.000"
        );
        let mirrored = Reading { as_people: -1.0, is_mirrored: true, ..clockwise.clone() }.sentence();
        assert!(mirrored.contains("clockwise, against what people see"), "{mirrored}");
        for silent in [
            Reading { control: None, ..clockwise.clone() },
            Reading { is_known: false, ..clockwise.clone() },
            Reading { is_control: true, ..clockwise.clone() },
        ] {
            assert!(silent.sentence().contains("clockwise; control"), "{}", silent.sentence());
        }
        let real = Reading { control: Some(0.11), ..clockwise };
        assert!(real.sentence().contains("clockwise, no more than in the control"), "{}", real.sentence());
        // Up and to the left becomes up and to the right; numbers of oblique directions change their sign with it.
        let oblique = reading(Measured::Translation, -0.2, (135.0, 1.0));
        let mirrored = Reading { as_people: -1.0, is_mirrored: true, control: Some(0.0), ..oblique };
        assert!(
            mirrored.sentence().contains("up and to the right, as people see it"),
            "{}",
            mirrored.sentence()
        );
        assert!(reading(Measured::Brightness, -0.2, (0.0, -1.0)).sentence().contains("% of range brighter,"));
    }

    #[test]
    fn directions_have_words() {
        assert_eq!(towards(-90.0), "downwards");
        assert_eq!(towards(359.0), "to the right");
        assert_eq!(towards(130.0), "up and to the left");
    }

    #[test]
    fn nothing_is_not_less_than_nothing() {
        assert_eq!(fixed(-0.0004, 3), "0.000");
        assert_eq!(fixed(-0.0006, 3), "-0.001");
    }

    #[test]
    fn steps_that_are_alike_count_for_fewer() {
        let apart: Vec<f64> = (0..20).map(|at| f64::from(at % 2)).collect();
        let alike: Vec<f64> = (0..20).map(|at| f64::from(at / 10)).collect();
        let [(one, narrow), (other, wide)] = [&apart, &alike].map(|values| mean_of_steps(values).unwrap());
        assert_eq!((one, other), (0.5, 0.5));
        assert!((narrow - 1.96 * (0.25 / 19.0_f64).sqrt()).abs() < 1e-12, "{narrow}");
        assert!(wide > 3.0 * narrow, "{wide} beside {narrow}");
        assert!(mean_of_steps(&[0.1; 20]).unwrap().1 < 1e-12);
        assert_eq!(mean_of_steps(&[0.5; 2]), None);
    }
}
