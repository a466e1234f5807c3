//! Finding the network's arrays in what `torch.save` was given: a state dict, or a checkpoint with one in it.

use super::pickle::{Pickle, Ref, Tensor, Value};
use crate::error::{Error, Kind, Result};

/// Under what names checkpoints keep a network.
const USUAL_KEYS: [&str; 8] =
    ["state_dict", "model_state_dict", "model", "net", "network", "module", "weights", "prednet"];
/// How deep it is looked for.
const DEPTH: usize = 3;
/// How many names are listed where nothing is found, and of what was left aside.
const LISTED: usize = 8;

/// A state dict and what was noted on the way to it.
#[derive(Debug)]
pub(super) struct State<'p> {
    pub(super) tensors: Vec<(String, &'p Tensor)>,
    pub(super) notes: Vec<String>,
}

/// The first dictionary with tensors: the outermost, or under the usual keys.
///
/// # Errors
/// [`Kind::Mismatch`] with the names that there are.
pub(super) fn find(pickle: &Pickle) -> Result<State<'_>> {
    let mut dict = pickle.root();
    let mut path = Vec::new();
    for _ in 0..=DEPTH {
        let entries = named(dict, pickle);
        let (tensors, others): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(_, value)| matches!(value, Value::Tensor(_)));
        if !tensors.is_empty() {
            return Ok(state(&tensors, &others, &path));
        }
        let usual = |key: &str| others.iter().find(|(name, value)| *name == key && is_dict(value));
        let Some((name, next)) = USUAL_KEYS.iter().find_map(|key| usual(key)) else {
            return Err(nothing(&others));
        };
        path.push((*name).to_owned());
        dict = next;
    }
    Err(nothing(&[]))
}

/// The entries of a dictionary whose keys are texts.
fn named<'p>(value: &'p Value, pickle: &'p Pickle) -> Vec<(&'p str, &'p Value)> {
    let Value::Dict(entries) = value else { return Vec::new() };
    let entry = |&(key, value): &(Ref, Ref)| match pickle.get(key) {
        Value::Text(name) => Some((name.as_str(), pickle.get(value))),
        _ => None,
    };
    entries.iter().filter_map(entry).collect()
}

fn is_dict(value: &Value) -> bool {
    matches!(value, Value::Dict(_))
}

fn state<'p>(tensors: &[(&'p str, &'p Value)], others: &[(&str, &Value)], path: &[String]) -> State<'p> {
    let mut notes = Vec::new();
    if !path.is_empty() {
        notes.push(format!("the network under \"{}\"", path.join("\", \"")));
    }
    if !others.is_empty() {
        notes.push(format!("left aside: {}", list(others)));
    }
    let tensor = |(name, value): &(&str, &'p Value)| match value {
        Value::Tensor(tensor) => Some(((*name).to_owned(), tensor)),
        _ => None,
    };
    State { tensors: tensors.iter().filter_map(tensor).collect(), notes }
}

fn nothing(entries: &[(&str, &Value)]) -> Error {
    let advice = "Save it with torch.save(net.state_dict(), \"net.pt\")";
    let has = if entries.is_empty() { String::new() } else { format!("; it has: {}", list(entries)) };
    Error::new(Kind::Mismatch, format!("there are no tensors by name in it{has}")).advise(advice)
}

fn list(entries: &[(&str, &Value)]) -> String {
    let names: Vec<String> =
        entries.iter().take(LISTED).map(|(name, _)| name.chars().take(40).collect()).collect();
    let more = if entries.len() > LISTED { " …" } else { "" };
    format!("{}{more}", names.join(", "))
}
