//! Where the session starts, in TOML: every key by itself, so that one bad value spoils no other.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::notes::Notes;
use super::paths;
use crate::error::{Error, Kind, Result};
use crate::param::ParamValues;
use crate::safety::limits::NETWORK_SIDE_PX;
use crate::session::{Sampling, Start};
use crate::stimulus::StimulusSpec;
use crate::stimulus::fit::Fit;
use crate::stimulus::illusion::{Showing, catalogue};
use crate::units::PixelSize;

/// Fastest sampling that is taken from a file, in steps a second.
const MAX_RATE_HZ: f64 = 1000.0;
/// Most parameters and lesions taken from a file.
const MAX_ENTRIES: usize = 256;

/// A session that has never been saved starts with this.
pub(super) fn default() -> Start {
    Start {
        stimulus: StimulusSpec::Illusion(catalogue::FIRST.to_owned()),
        showing: Showing::default(),
        model: None,
        size: None,
        sampling: Sampling::default(),
        fit: Fit::default(),
        lesions: Vec::new(),
        second: None,
        second_lesions: Vec::new(),
    }
}

/// The start as a table.
pub(super) fn to_table(start: &Start) -> Result<Table> {
    let mut table = Table::new();
    let mut stimulus = Table::new();
    match &start.stimulus {
        StimulusSpec::Illusion(slug) => stimulus.insert("illusion".into(), Value::String(slug.clone())),
        StimulusSpec::File(path) => stimulus.insert("file".into(), paths::to_value(path)),
        StimulusSpec::Camera(name) => stimulus.insert("camera".into(), Value::String(name.clone())),
    };
    table.insert("stimulus".into(), Value::Table(stimulus));
    table.insert("showing".into(), written(&start.showing)?);
    if let Some(model) = &start.model {
        table.insert("model".into(), Value::String(model.clone()));
    }
    if let Some(size) = start.size {
        table.insert("size".into(), Value::String(size.to_string()));
    }
    table.insert("sampling".into(), written(start.sampling)?);
    table.insert("fit".into(), written(start.fit)?);
    table.insert("lesions".into(), written(&start.lesions)?);
    if let Some(second) = &start.second {
        table.insert("second".into(), Value::String(second.clone()));
        table.insert("second_lesions".into(), written(&start.second_lesions)?);
    }
    Ok(table)
}

fn written(value: impl serde::Serialize) -> Result<Value> {
    Value::try_from(value).map_err(|cause| {
        Error::new(Kind::Internal, format!("the session cannot be written as TOML: {cause}"))
    })
}

/// The start from a table; what is missing or bad has its default.
pub(super) fn from_table(mut table: Table, notes: &mut Notes) -> Start {
    let mut start = default();
    if let Some(value) = table.remove("stimulus") {
        match stimulus(&value) {
            Some(spec) => start.stimulus = spec,
            None => {
                notes.bad("start.stimulus", "it is none of { illusion = … }, { file = … }, { camera = … }");
            }
        }
    }
    if let Some(inner) = notes.take_table(&mut table, "showing") {
        start.showing = showing(inner, notes);
    }
    start.model = take(&mut table, "start.", "model", notes);
    start.size = take::<String>(&mut table, "start.", "size", notes).and_then(|text| size(&text, notes));
    let sampling = take(&mut table, "start.", "sampling", notes).unwrap_or_default();
    start.sampling = match sampling {
        Sampling::FixedHz(rate) if !(rate > 0.0 && rate <= MAX_RATE_HZ) => {
            notes.bad("start.sampling", "the rate is not above 0 and up to 1000 a second");
            Sampling::default()
        }
        sampling => sampling,
    };
    start.fit = take(&mut table, "start.", "fit", notes).unwrap_or_default();
    start.lesions = take(&mut table, "start.", "lesions", notes).unwrap_or_default();
    start.lesions.truncate(MAX_ENTRIES);
    start.second = take(&mut table, "start.", "second", notes);
    start.second_lesions = take(&mut table, "start.", "second_lesions", notes).unwrap_or_default();
    start.second_lesions.truncate(MAX_ENTRIES);
    notes.unknown("start.", &table);
    start
}

fn stimulus(value: &Value) -> Option<StimulusSpec> {
    let table = value.as_table().filter(|table| table.len() == 1)?;
    let (kind, value) = table.iter().next()?;
    let name = || value.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    match kind.as_str() {
        "illusion" => name().map(StimulusSpec::Illusion),
        "camera" => name().map(StimulusSpec::Camera),
        "file" => paths::from_value(value).map(StimulusSpec::File),
        _ => None,
    }
}

fn size(text: &str, notes: &mut Notes) -> Option<PixelSize> {
    let allowed =
        |size: &PixelSize| NETWORK_SIDE_PX.contains(&size.width) && NETWORK_SIDE_PX.contains(&size.height);
    let size = text.parse::<PixelSize>().ok().filter(allowed);
    if size.is_none() {
        notes.bad("start.size", "it is not a size such as 160x128 that a network can have");
    }
    size
}

fn showing(mut table: Table, notes: &mut Notes) -> Showing {
    let of = "start.showing.";
    let values = notes.take_table(&mut table, "values").unwrap_or_default();
    let mut kept = ParamValues::default();
    for (name, value) in values.into_iter().take(MAX_ENTRIES) {
        let number = value.as_float().or(value.as_integer().map(|n| n as f64)).filter(|n| n.is_finite());
        match number {
            Some(number) => {
                kept.0.insert(name, number);
            }
            None => notes.bad(&format!("{of}values.{name}"), "it is not a finite number"),
        }
    }
    let showing = Showing {
        values: kept,
        control: take(&mut table, of, "control", notes).unwrap_or_default(),
        mirror: take(&mut table, of, "mirror", notes).unwrap_or_default(),
        seed: take(&mut table, of, "seed", notes).unwrap_or_default(),
    };
    notes.unknown(of, &table);
    showing
}

/// One value of any type; `None`, with a notice, where it does not fit.
fn take<T: DeserializeOwned>(table: &mut Table, of: &str, key: &str, notes: &mut Notes) -> Option<T> {
    match table.remove(key)?.try_into::<T>() {
        Ok(value) => Some(value),
        Err(cause) => {
            let why: String = cause.message().trim().chars().take(120).collect();
            notes.bad(&format!("{of}{key}"), &why);
            None
        }
    }
}
