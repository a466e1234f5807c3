//! The response plot: how the layers of a network, and picked units, answer over time.

use crate::figure::palette;
use crate::figure::ticks::subscript;
use crate::figure::{Axis, Figure, Panel, Series, Style};
use crate::model::{Probe, Role};
use crate::provenance::Provenance;
use crate::readout::Unit;
use crate::readout::timecourse::{E0_SECOND, MSE_COPY, MSE_PREDICTION, MSE_SECOND, Recording};

/// Said of a curve that has one value only and so cannot be stretched to 0–1.
const FLAT: &str = " (flat)";

/// What of a recording is plotted.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Roles whose layer means get a panel; actual and prediction share one.
    pub roles: Vec<Role>,
    /// Layers; `None` for all.
    pub layers: Option<Vec<usize>>,
    /// Whether the error of the prediction is plotted against that of copying the last frame.
    pub prediction_error: bool,
    /// Whether picked units get a panel.
    pub units: bool,
    /// Whether every curve is stretched to 0–1, as papers plot it; else the activity as it is.
    pub normalise: bool,
    /// Only from and to these times in seconds.
    pub window_s: Option<(f64, f64)>,
    /// Names of the first and the second network, where two were compared.
    pub names: Option<[String; 2]>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            roles: vec![Role::Error, Role::Representation],
            layers: None,
            prediction_error: true,
            units: true,
            normalise: false,
            window_s: None,
            names: None,
        }
    }
}

/// The response plot of `recording`; panels for which there are no data are left out.
#[must_use]
pub fn time_course_figure(
    recording: &Recording,
    probes: &[Probe],
    provenance: &Provenance,
    title: &str,
    choose: &Choice,
) -> Figure {
    let cut = choose.window_s.map(|(from, to)| recording.window(from, to));
    let recording = cut.as_ref().unwrap_or(recording);
    let mut panels = Vec::new();
    for group in groups(&choose.roles) {
        panels.push(layer_panel(recording, probes, choose, &group));
    }
    if choose.units {
        panels.push(unit_panel(recording, probes, choose));
    }
    if choose.prediction_error {
        panels.push(prediction_error_panel(recording, choose));
    }
    panels.retain(|panel| !panel.series.is_empty());
    for panel in &mut panels {
        panel.x = Axis { label: "Time".into(), unit: "s".into(), range: None };
        panel.marks.clone_from(&recording.marks);
    }
    Figure {
        title: title.to_owned(),
        notes: notes(&panels, probes, choose),
        panels,
        provenance: provenance.clone(),
    }
}

/// The roles by panel, each once: actual and prediction are compared with each other.
fn groups(roles: &[Role]) -> Vec<Vec<Role>> {
    let pair = |role: Role| matches!(role, Role::Actual | Role::Prediction);
    let mut groups: Vec<Vec<Role>> = Vec::new();
    for &role in roles {
        if groups.iter().flatten().any(|&known| known == role) {
            continue;
        }
        match groups.iter_mut().find(|group| pair(role) && group.iter().all(|&other| pair(other))) {
            Some(group) => group.push(role),
            None => groups.push(vec![role]),
        }
    }
    groups
}

fn layer_panel(recording: &Recording, probes: &[Probe], choose: &Choice, roles: &[Role]) -> Panel {
    let wanted = |probe: &&Probe| {
        let in_layers = choose.layers.as_ref().is_none_or(|layers| layers.contains(&probe.layer));
        roles.contains(&probe.role) && in_layers
    };
    let series = probes.iter().filter(wanted).filter_map(|probe| {
        let style = if probe.role == Role::Prediction { Style::Dashed } else { Style::Line };
        let color = palette::of_layer(probe.role, probe.layer);
        curve(recording, &probe.name, &symbol(probe), color, style, choose.normalise)
    });
    let names: Vec<_> = roles.iter().map(|&role| role_name(role)).collect();
    let title = match names.as_slice() {
        [one] => format!("{one} by layer"),
        _ => "Actual (A) and prediction (Â) by layer".to_owned(),
    };
    let mut series: Vec<Series> = series.collect();
    if roles.contains(&Role::Error) {
        // The error at the pixels of a second network, beside that of the first.
        let color = palette::SECOND;
        series.extend(curve(recording, E0_SECOND, "B E₀", color, Style::Dashed, choose.normalise));
    }
    Panel { title, y: activity_axis("Mean activity", choose.normalise), series, ..Panel::default() }
}

fn unit_panel(recording: &Recording, probes: &[Probe], choose: &Choice) -> Panel {
    let units: Vec<(&str, Unit)> = recording.unit_columns().collect();
    let series = units.iter().enumerate().filter_map(|(i, (column, unit))| {
        let name = probes.iter().find(|probe| probe.name == unit.probe).map_or(unit.probe.clone(), symbol);
        let channel = unit.channel.map_or("mean".to_owned(), |c| format!("channel {c}"));
        let label = format!("{name} {channel}, x {}, y {}", unit.x, unit.y);
        curve(recording, column, &label, palette::of_unit(i), Style::Line, choose.normalise)
    });
    Panel {
        title: "Picked units".into(),
        y: activity_axis("Activity", choose.normalise),
        series: series.collect(),
        ..Panel::default()
    }
}

fn prediction_error_panel(recording: &Recording, choose: &Choice) -> Panel {
    let of = |column, label: &str, color, style| curve(recording, column, label, color, style, false);
    let (first, second) = match &choose.names {
        Some([first, second]) => (format!("A {first}"), format!("B {second}")),
        None => ("Prediction".to_owned(), "Second network".to_owned()),
    };
    let series = [
        of(MSE_PREDICTION, &first, palette::PREDICTION, Style::Line),
        of(MSE_SECOND, &second, palette::SECOND, Style::Dashed),
        of(MSE_COPY, "Copy", palette::BASELINE, Style::Dashed),
    ];
    Panel {
        title: "Prediction error against copying the last frame".into(),
        y: Axis { label: "Mean squared error".into(), unit: String::new(), range: None },
        series: series.into_iter().flatten().collect(),
        ..Panel::default()
    }
}

fn activity_axis(label: &str, normalise: bool) -> Axis {
    if normalise {
        Axis { label: label.into(), unit: "normalised".into(), range: Some((-0.02, 1.02)) }
    } else {
        Axis { label: label.into(), unit: "a.u.".into(), range: None }
    }
}

/// So many steps may be missed, and so many seconds, before a curve is broken off.
const MISSED_STEPS: f64 = 5.0;
const GAP_S: f64 = 0.5;

/// One column as a curve; `None` where it has no finite value.
fn curve(
    recording: &Recording,
    column: &str,
    label: &str,
    color: [u8; 3],
    style: Style,
    normalise: bool,
) -> Option<Series> {
    let values = recording.column(column)?;
    let finite = values.iter().copied().filter(|value| value.is_finite()).map(f64::from);
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return None;
    }
    let flat = high <= low;
    let scaled = |value: f64| match (normalise, flat) {
        (false, _) => value,
        (true, true) => value - low,
        (true, false) => (value - low) / (high - low),
    };
    let label = if normalise && flat { format!("{label}{FLAT}") } else { label.to_owned() };
    let points =
        recording.time_s.iter().zip(values).map(|(&t, &value)| [t, scaled(f64::from(value))]).collect();
    let points = parted(points);
    Some(Series { label, color, points, band: Vec::new(), style, column: column.to_owned() })
}

/// A gap where nothing was recorded for long: a line across it would show what was never measured.
fn parted(points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let mut steps_s: Vec<f64> = points.windows(2).map(|pair| pair[1][0] - pair[0][0]).collect();
    let middle = steps_s.len() / 2;
    if steps_s.is_empty() {
        return points;
    }
    let (_, usual_s, _) = steps_s.select_nth_unstable_by(middle, f64::total_cmp);
    let longest_s = (MISSED_STEPS * *usual_s).max(GAP_S);
    if steps_s.iter().all(|&step_s| step_s <= longest_s) {
        return points;
    }
    let mut whole = Vec::with_capacity(points.len() + 4);
    let mut last_s = f64::INFINITY;
    for point in points {
        if point[0] - last_s > longest_s {
            whole.push([last_s, f64::NAN]);
        }
        last_s = point[0];
        whole.push(point);
    }
    whole
}

/// The paper's symbol with its layer: `E₁`, `Â₀`.
#[must_use]
pub fn symbol(probe: &Probe) -> String {
    let letter = if probe.symbol == "Ahat" { "Â" } else { probe.symbol };
    format!("{letter}{}", subscript(probe.layer))
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Actual => "Actual (A)",
        Role::Prediction => "Prediction (Â)",
        Role::Error => "Error units (E)",
        Role::Representation => "Representation (R)",
        Role::Cell => "Memory cells (C)",
    }
}

fn notes(panels: &[Panel], probes: &[Probe], choose: &Choice) -> Vec<String> {
    let mut notes = Vec::new();
    let drawn = panels.iter().flat_map(|panel| &panel.series).filter_map(|series| {
        let name = series.label.trim_end_matches(FLAT);
        probes.iter().find(|probe| symbol(probe) == name)
    });
    let counts: Vec<String> = drawn
        .map(|probe| format!("{} in {}", thousands(probe.channels * probe.size.area()), symbol(probe)))
        .collect();
    if !counts.is_empty() {
        notes.push(format!(
            "Layer curves: mean over all units of a layer in one run (n = {}).",
            counts.join(", ")
        ));
    }
    if panels.iter().any(|panel| panel.title == "Picked units") {
        notes.push("Picked units: one unit each, at column x and row y; \"mean\" is over channels.".into());
    }
    if choose.normalise {
        notes.push("Every curve is min–max normalised by itself, which hides the size of effects.".into());
    }
    if panels.iter().any(|panel| panel.y.label == "Mean squared error") {
        notes.push(
            "Mean squared error over pixels and colours, values in 0–1; Copy: the last frame as prediction."
                .into(),
        );
    }
    notes
}

/// 15360 is written 15,360.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
