//! Parameters and numbers as they are typed: what is out of range is refused and not silently made to fit.

use crate::error::{Error, Kind, Result};
use crate::param::{Param, ParamValues};

/// Lays settings `NAME=VALUE` over `values`. The value of a choice may be its name.
///
/// # Errors
/// [`Kind::Usage`] for what is no such setting, an unknown parameter, or a value that the parameter does not take.
pub(super) fn set_all(values: &mut ParamValues, params: &[Param], settings: &[String]) -> Result<()> {
    for setting in settings {
        let (name, value) = setting
            .split_once('=')
            .map(|(name, value)| (name.trim(), value.trim()))
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .ok_or_else(|| no_setting(setting))?;
        // An unknown name is told before its value.
        let unchanged = values.clone();
        values.set(params, name, 0.0)?;
        *values = unchanged;
        let param = params.iter().find(|param| param.name == name).ok_or_else(|| no_setting(setting))?;
        values.set(params, name, value_of(param, value).ok_or_else(|| no_value(param, value))?)?;
    }
    Ok(())
}

/// The value that is meant, if the parameter takes it.
fn value_of(param: &Param, text: &str) -> Option<f64> {
    let named = param.choices.iter().position(|choice| choice.eq_ignore_ascii_case(text));
    if let Some(number) = named {
        return Some(param.min + number as f64);
    }
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let rounding = 1e-9 * (param.max - param.min).abs().max(1.0);
    ((param.clamp(value) - value).abs() <= rounding).then_some(value)
}

fn no_setting(setting: &str) -> Error {
    Error::new(Kind::Usage, format!("\"{setting}\" sets nothing"))
        .advise("Write NAME=VALUE, for example --set speed=4")
}

fn no_value(param: &Param, text: &str) -> Error {
    let name = &param.name;
    let what = format!("{name} cannot be \"{text}\"");
    if !param.choices.is_empty() {
        return Error::new(Kind::Usage, what).advise(format!("It is one of: {}", param.choices.join(", ")));
    }
    let unit = if param.unit.is_empty() { String::new() } else { format!(" {}", param.unit) };
    let steps = match param.step {
        Some(1.0) => ", whole numbers".to_owned(),
        Some(step) if step > 0.0 => format!(", in steps of {step}"),
        _ => String::new(),
    };
    let advice = format!("Give a number from {} to {}{unit}{steps}", param.min, param.max);
    Error::new(Kind::Usage, what).advise(advice)
}

/// A seed as it is typed.
pub(super) fn seed(text: &str) -> std::result::Result<u32, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u32::MAX))
}

/// A time from the start as it is typed, in seconds.
pub(super) fn time_s(text: &str) -> std::result::Result<f64, String> {
    let time_s = text.parse().ok().filter(|time_s: &f64| time_s.is_finite() && *time_s >= 0.0);
    time_s.ok_or_else(|| "a time is a number of seconds from the start, 0 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(name: &str, step: Option<f64>, choices: &[&str]) -> Param {
        Param {
            name: name.into(),
            unit: "deg".into(),
            min: 0.0,
            max: 2.0,
            default: 1.0,
            step,
            choices: choices.iter().map(|&choice| choice.to_owned()).collect(),
            about: String::new(),
        }
    }

    fn set(setting: &str) -> std::result::Result<f64, String> {
        let params = [
            param("width", None, &[]),
            param("count", Some(1.0), &[]),
            param("side", Some(1.0), &["left", "right", "both"]),
        ];
        let mut values = ParamValues::default();
        set_all(&mut values, &params, &[setting.to_owned()]).map_err(|error| error.to_string())?;
        Ok(values.0.values().next().copied().unwrap())
    }

    #[test]
    fn what_a_parameter_takes_is_set_as_it_is() {
        assert_eq!(set("width=0.35"), Ok(0.35));
        assert_eq!(set(" count = 2 "), Ok(2.0));
        assert_eq!(set("side=Both"), Ok(2.0));
        assert_eq!(set("side=1"), Ok(1.0));
    }

    #[test]
    fn what_it_does_not_take_is_refused_with_what_it_does() {
        for (setting, told) in [
            ("width=7", "0 to 2 deg"),
            ("width=-0.1", "0 to 2 deg"),
            ("width=nan", "0 to 2 deg"),
            ("count=1.5", "whole numbers"),
            ("side=up", "left, right, both"),
            ("height=1", "width, count, side"),
            ("width", "NAME=VALUE"),
            ("=1", "NAME=VALUE"),
        ] {
            let told_so = set(setting).unwrap_err();
            assert!(told_so.contains(told), "{setting}: {told_so}");
        }
    }

    #[test]
    fn seeds_and_times_are_not_below_zero() {
        assert!(seed("-1").is_err() && seed("4294967295") == Ok(u32::MAX));
        assert!(time_s("-5").is_err() && time_s("inf").is_err() && time_s("2.5") == Ok(2.5));
    }
}
