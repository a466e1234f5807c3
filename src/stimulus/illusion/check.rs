//! Whether a card makes sense: names that WGSL takes, ranges in order, references that lead somewhere.

use wgpu::naga::keywords::wgsl::RESERVED;

use crate::param::{Param, ParamValues};
use crate::safety::limits::MAX_CARD_ENTRIES;
use crate::stimulus::illusion::measure::{Measure, Measured};
use crate::stimulus::illusion::{Card, Event, Quantity};

const READOUTS: [&str; 5] = ["flow", "position", "phase", "brightness", "timecourse"];
const FLASH_CLASSES: [&str; 4] = ["", "none", "mild", "strong"];
/// Narrowest and widest visual field in degrees.
const FIELD_DEG: std::ops::RangeInclusive<f64> = 0.1..=180.0;
/// Beyond this an `f32` no longer holds the value well enough to steer anything.
const LARGEST: f64 = 1.0e9;
/// Longest that a measurement watches, in seconds of the stimulus.
const LONGEST_MEASURE_S: f64 = 60.0;

/// What is wrong, and the word in the card by which its line is found.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) what: String,
    pub(super) word: String,
}

type Checked = Result<(), Fault>;

fn fault(word: &str, what: String) -> Checked {
    Err(Fault { what, word: word.to_owned() })
}

/// Whether `name` may be an illusion's name on the command line.
pub(super) fn is_slug(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Checks everything that the types of [`Card`] do not.
pub(super) fn card(card: &Card) -> Checked {
    for (key, text) in [("name", &card.name), ("family", &card.family), ("percept", &card.percept)] {
        if text.trim().is_empty() {
            return fault(key, format!("{key} is empty"));
        }
    }
    one_of("readout", &card.readout, &READOUTS)?;
    one_of("flash", &card.flash, &FLASH_CLASSES)?;
    if !FIELD_DEG.contains(&card.field_deg) {
        return fault(
            "field_deg",
            format!("field_deg must be from {} to {}", FIELD_DEG.start(), FIELD_DEG.end()),
        );
    }
    if card.duration_s.is_some_and(|seconds| !(seconds > 0.0 && seconds <= LARGEST)) {
        return fault("duration_s", "duration_s must be above zero".to_owned());
    }
    for (key, count) in
        [("param", card.params.len()), ("preset", card.presets.len()), ("event", card.events.len())]
    {
        if count > MAX_CARD_ENTRIES {
            return fault(key, format!("there may be {MAX_CARD_ENTRIES} of \"{key}\" at most, not {count}"));
        }
    }
    for (number, one) in card.params.iter().enumerate() {
        param(one)?;
        if card.params.iter().take(number).any(|earlier| earlier.name == one.name) {
            return fault(&one.name, format!("there are two parameters \"{}\"", one.name));
        }
    }
    for preset in &card.presets {
        values(&card.params, &preset.values, &format!("the preset \"{}\"", preset.name))?;
    }
    values(&card.params, &card.control, "the control")?;
    card.measure.iter().try_for_each(|one| measure(&card.params, one))?;
    card.events.iter().try_for_each(|one| event(&card.params, one))
}

fn one_of(key: &str, value: &str, known: &[&str]) -> Checked {
    if known.contains(&value) {
        return Ok(());
    }
    let list: Vec<_> =
        known.iter().filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"")).collect();
    fault(key, format!("{key} is \"{value}\" but must be one of {}", list.join(", ")))
}

fn param(one: &Param) -> Checked {
    let name = &one.name;
    if !is_identifier(name) {
        return fault(name, format!("\"{name}\" cannot be a parameter's name in WGSL"));
    }
    let Param { min, max, default, .. } = *one;
    if [min, max, default].iter().any(|number| !number.is_finite() || number.abs() > LARGEST) {
        return fault(name, format!("min, max and default of \"{name}\" must be numbers up to {LARGEST:e}"));
    }
    if !(min <= default && default <= max) {
        return fault(
            name,
            format!("of \"{name}\", min {min}, default {default} and max {max} must be in this order"),
        );
    }
    if one.step.is_some_and(|step| !(step > 0.0 && step <= LARGEST)) {
        return fault(name, format!("the step of \"{name}\" must be above zero"));
    }
    let choices = one.choices.len() as f64;
    if !one.choices.is_empty() && ((max - min) + 1.0 - choices).abs() > 1e-9 {
        return fault(name, format!("\"{name}\" has {choices} choices for the values {min} to {max}"));
    }
    Ok(())
}

/// Lower-case words only would be style; this is what WGSL takes as a member's name.
fn is_identifier(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first
        && name.len() <= 64
        && name != "_"
        && !name.starts_with("__")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !RESERVED.contains(&name)
}

fn values(params: &[Param], values: &ParamValues, whose: &str) -> Checked {
    for (name, &value) in &values.0 {
        let Some(param) = params.iter().find(|param| &param.name == name) else {
            return fault(name, format!("{whose} sets \"{name}\", but there is no such parameter"));
        };
        if !(param.min..=param.max).contains(&value) {
            return fault(
                name,
                format!("{whose} sets {name} to {value}, out of its range {} to {}", param.min, param.max),
            );
        }
    }
    Ok(())
}

fn event(params: &[Param], event: &Event) -> Checked {
    for quantity in std::iter::once(&event.at).chain(&event.every) {
        match quantity {
            Quantity::Number(seconds) if !seconds.is_finite() => {
                return fault(&event.label, format!("the event \"{}\" has no finite time", event.label));
            }
            Quantity::Param(name) => known(params, name, &event.label)?,
            Quantity::Number(_) => {}
        }
    }
    event.when.iter().try_for_each(|name| known(params, name, &event.label))
}

fn measure(params: &[Param], measure: &Measure) -> Checked {
    let Measure { of, direction_deg, sign, from_s, to_s, .. } = *measure;
    if !(-360.0..=360.0).contains(&direction_deg) {
        return fault("direction_deg", "direction_deg must be from -360 to 360".to_owned());
    }
    if sign != 1.0 && sign != -1.0 {
        return fault("sign", "sign must be 1 or -1".to_owned());
    }
    let last = to_s.unwrap_or(from_s + 1.0);
    if !(from_s >= 0.0 && last > from_s && last <= LONGEST_MEASURE_S) {
        return fault(
            "from_s",
            format!("what is measured must begin at 0 s or later and end by {LONGEST_MEASURE_S} s"),
        );
    }
    match &measure.frequency {
        None if of == Measured::Phase => {
            fault("measure", "phase cannot be measured without a frequency".to_owned())
        }
        Some(Quantity::Number(frequency)) if !(*frequency > 0.0 && *frequency <= LARGEST) => {
            fault("frequency", "the frequency must be above zero".to_owned())
        }
        Some(Quantity::Param(name)) if params.iter().all(|param| param.name != *name) => {
            fault(name, format!("the measure speaks of \"{name}\", but there is no such parameter"))
        }
        _ => Ok(()),
    }
}

fn known(params: &[Param], name: &str, event: &str) -> Checked {
    if params.iter().any(|param| param.name == name) {
        return Ok(());
    }
    fault(name, format!("the event \"{event}\" speaks of \"{name}\", but there is no such parameter"))
}
