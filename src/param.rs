//! Parameters of a stimulus: name, unit, range, default, and a set of values that stays in range.

use std::collections::BTreeMap;

use crate::error::{Error, Kind, Result};

/// One adjustable quantity.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The field's standard term in snake case, for example `spatial_frequency`.
    pub name: String,
    /// Unit as written beside a number (`cpd`, `deg/s`, `Hz`); empty for pure numbers.
    #[serde(default)]
    pub unit: String,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Value at the start and after a reset.
    pub default: f64,
    /// Smallest sensible change; 1 makes the parameter a whole number.
    #[serde(default)]
    pub step: Option<f64>,
    /// Names of the whole numbers from `min` on, where the parameter is a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// One short sentence for the tooltip.
    #[serde(default)]
    pub about: String,
}

impl Param {
    /// The nearest value in range and on the grid of `step`; the default for NaN.
    #[must_use]
    pub fn clamp(&self, value: f64) -> f64 {
        if value.is_nan() {
            return self.default;
        }
        let clamped = value.clamp(self.min, self.max);
        match self.step {
            Some(step) if step > 0.0 => {
                (self.min + ((clamped - self.min) / step).round() * step).clamp(self.min, self.max)
            }
            _ => clamped,
        }
    }

    /// The name for people: `spatial_frequency` becomes `spatial frequency`, and `flash_s` in seconds `flash`.
    #[must_use]
    pub fn label(&self) -> String {
        let unit = format!("_{}", self.unit);
        let bare = self.name.strip_suffix(&unit).filter(|_| !self.unit.is_empty());
        bare.unwrap_or(&self.name).replace('_', " ")
    }
}

/// Values by parameter name; parameters that are not named have their default.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ParamValues(pub BTreeMap<String, f64>);

impl ParamValues {
    /// The value of `param`, in range.
    #[must_use]
    pub fn get(&self, param: &Param) -> f64 {
        self.0.get(&param.name).map_or(param.default, |&value| param.clamp(value))
    }

    /// Sets one of `params` by name, clamped to its range.
    ///
    /// # Errors
    /// [`Kind::Usage`] when there is no such parameter; the message lists those there are.
    pub fn set(&mut self, params: &[Param], name: &str, value: f64) -> Result<()> {
        let Some(param) = params.iter().find(|param| param.name == name) else {
            let names: Vec<_> = params.iter().map(|param| param.name.as_str()).collect();
            return Err(Error::new(Kind::Usage, format!("there is no parameter \"{name}\""))
                .advise(format!("It has: {}", names.join(", "))));
        };
        self.0.insert(name.to_owned(), param.clamp(value));
        Ok(())
    }

    /// These values with those of `other` laid over them.
    #[must_use]
    pub fn overlaid(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.0.extend(other.0.iter().map(|(name, value)| (name.clone(), *value)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast() -> Param {
        Param {
            name: "contrast".into(),
            unit: String::new(),
            min: 0.0,
            max: 1.0,
            default: 0.5,
            step: Some(0.25),
            choices: vec![],
            about: String::new(),
        }
    }

    #[test]
    fn values_stay_in_range_and_on_the_grid() {
        let param = contrast();
        assert_eq!(param.clamp(7.0), 1.0);
        assert_eq!(param.clamp(-7.0), 0.0);
        assert_eq!(param.clamp(0.3), 0.25);
        assert_eq!(param.clamp(f64::NAN), 0.5);
    }

    #[test]
    fn a_label_does_not_repeat_the_unit() {
        let seconds = Param { name: "flash_s".into(), unit: "s".into(), ..contrast() };
        assert_eq!(seconds.label(), "flash");
        assert_eq!(contrast().label(), "contrast");
    }

    #[test]
    fn an_unknown_name_is_refused_and_the_known_ones_listed() {
        let mut values = ParamValues::default();
        let error = values.set(&[contrast()], "speed", 1.0).unwrap_err();
        assert!(error.to_string().contains("contrast"), "{error}");
    }
}
