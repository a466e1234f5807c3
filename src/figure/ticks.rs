//! Round tick values (1, 2, 5 times a power of ten) and how they are written. The window and paper share them.

/// Ticks of one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticks {
    /// Values at the ticks, rising.
    pub values: Vec<f64>,
    /// Distance between ticks.
    pub step: f64,
    /// Labels are given in units of ten to this power; 0 for plain numbers, else a multiple of three.
    pub exponent: i32,
}

impl Ticks {
    /// About `target` ticks inside `low..=high`; none for a range that is empty or not finite.
    #[must_use]
    pub fn new(low: f64, high: f64, target: usize) -> Self {
        let span = high - low;
        // Below this the ticks of f64 would fall together.
        let resolvable = low.abs().max(high.abs()) * 1e-12;
        if !span.is_finite() || span <= resolvable || span <= f64::MIN_POSITIVE * 1e3 {
            return Self::default();
        }
        let step = nice_step(span / target.max(1) as f64);
        let slack = step * 1e-6;
        let first = ((low - slack) / step).ceil();
        let count = ((high + slack) / step).floor() - first;
        if !(first.is_finite() && count.is_finite()) {
            return Self::default();
        }
        // A whole number times the step: no sum of rounding errors, and zero is exactly zero.
        let values = (0..=(count.max(0.0) as usize).min(1000))
            .map(|i| (first + i as f64) * step)
            .map(|value| if value == 0.0 { 0.0 } else { value })
            .collect();
        Self { values, step, exponent: exponent(low.abs().max(high.abs())) }
    }

    /// The text at a tick, in units of `10^exponent`, with a real minus sign.
    #[must_use]
    pub fn label(&self, value: f64) -> String {
        let scale = 10f64.powi(self.exponent);
        let (value, step) = (value / scale, self.step / scale);
        let decimals = (0..12).find(|&d| {
            let shifted = step * 10f64.powi(d);
            (shifted - shifted.round()).abs() < 1e-6 * shifted.abs().max(1.0) && shifted.round() != 0.0
        });
        let text = format!("{value:.*}", decimals.unwrap_or(12) as usize);
        let is_zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
        if is_zero { text.replace('-', "") } else { text.replace('-', "\u{2212}") }
    }

    /// The factor to put in the axis title, for example "×10⁻³"; empty for plain numbers.
    #[must_use]
    pub fn factor(&self) -> String {
        if self.exponent == 0 { String::new() } else { format!("×10{}", superscript(self.exponent)) }
    }
}

/// The nearest to `rough`, by ratio, of 1, 2 and 5 times a power of ten.
#[must_use]
pub fn nice_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let mantissa = rough / power;
    // The limits are the geometric means of neighbours.
    let limits = [(1.0, 2f64.sqrt()), (2.0, 10f64.sqrt()), (5.0, 50f64.sqrt())];
    let nice = limits.into_iter().find(|(_, limit)| mantissa <= *limit).map_or(10.0, |(nice, _)| nice);
    // Through text, so that 0.1 is the nearest number to 0.1 and not a product of roundings.
    format!("{:e}", nice * power)
        .parse()
        .ok()
        .filter(|step: &f64| *step > 0.0)
        .map_or(rough, |step| round_to_two_digits(step).unwrap_or(step))
}

fn round_to_two_digits(value: f64) -> Option<f64> {
    format!("{value:.1e}").parse().ok()
}

/// 0 where numbers of this size are short when written plainly.
fn exponent(largest: f64) -> i32 {
    if !largest.is_finite() || largest == 0.0 || (0.01..100_000.0).contains(&largest) {
        return 0;
    }
    (largest.log10().floor() / 3.0).floor() as i32 * 3
}

fn superscript(number: i32) -> String {
    number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            c => c.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(c),
        })
        .collect()
}

/// The digits as subscripts: layer 2 of `E` is written `E₂`.
#[must_use]
pub fn subscript(number: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x2080 + d)).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, target: usize) -> Vec<String> {
        let ticks = Ticks::new(low, high, target);
        ticks.values.iter().map(|&value| ticks.label(value)).collect()
    }

    #[test]
    fn ticks_are_round_and_written_without_noise() {
        assert_eq!(labels(0.0, 1.0, 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(0.0, 0.3, 3), ["0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(-1.0, 1.0, 4), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(3.0, 47.0, 5), ["10", "20", "30", "40"]);
        assert_eq!(labels(0.0, 10.0, 2), ["0", "5", "10"]);
        assert_eq!(labels(0.013, 0.021, 4), ["0.014", "0.016", "0.018", "0.020"]);
    }

    #[test]
    fn very_small_and_very_large_numbers_move_their_power_to_the_title() {
        let small = Ticks::new(0.0, 0.004, 4);
        assert_eq!(small.factor(), "×10⁻³");
        assert_eq!(
            small.values.iter().map(|&v| small.label(v)).collect::<Vec<_>>(),
            ["0", "1", "2", "3", "4"]
        );
        let large = Ticks::new(0.0, 2.5e6, 5);
        assert_eq!((large.factor().as_str(), large.label(2.5e6).as_str()), ("×10⁶", "2.5"));
        assert_eq!(Ticks::new(0.0, 60.0, 5).factor(), "");
    }

    #[test]
    fn a_range_that_is_empty_or_not_finite_has_no_ticks() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (low, high) in
            [(1.0, 1.0), (2.0, 1.0), (nan, 1.0), (0.0, nan), (0.0, inf), (-inf, inf), (1e16, 1e16 + 2.0)]
        {
            assert!(Ticks::new(low, high, 5).values.is_empty(), "{low}..{high}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ticks_lie_inside_evenly_and_are_few(low in -1e9f64..1e9, span in 1e-3f64..1e9, target in 2usize..12) {
            let ticks = Ticks::new(low, low + span, target);
            let slack = ticks.step * 1e-3;
            assert!(ticks.values.iter().all(|v| *v >= low - slack && *v <= low + span + slack));
            assert!(ticks.values.len() <= target * 3 / 2 + 2);
            assert!(ticks.values.windows(2).all(|w| (w[1] - w[0] - ticks.step).abs() < slack));
            let first_digit = ticks.step / 10f64.powf(ticks.step.log10().floor() + 1e-9);
            assert!([1.0, 2.0, 5.0, 10.0].iter().any(|d| (first_digit - d).abs() < 1e-3), "{}", ticks.step);
        }
    }
}
