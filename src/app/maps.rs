//! How a probe is drawn: which number of it, in which colours, between which values.

use egui::{Painter, Rect};

use crate::app::PerceptApp;
use crate::app::paint::{self, Slot, Values};
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look};
use crate::model::{Probe, Role};
use crate::readout::{MapRange, ProbeStats};
use crate::session::{Snapshot, Wanted, Whose};
use crate::units::PixelSize;

/// How the two ends of the colour bar are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeMode {
    /// The same ends all the time, so that frames can be compared.
    #[default]
    Fixed,
    /// Smallest and largest value of this frame.
    PerFrame,
    /// 1st and 99th percentile of this frame.
    Percentile,
}

impl RangeMode {
    /// In menu order.
    pub const ALL: [Self; 3] = [Self::Fixed, Self::PerFrame, Self::Percentile];

    /// Name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fixed => "Fixed",
            Self::PerFrame => "Per frame",
            Self::Percentile => "1 to 99 %",
        }
    }
}

/// Which number of a probe is drawn, as the user chose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Channel {
    /// What suits the probe.
    #[default]
    Auto,
    /// Mean over channels.
    Mean,
    /// One channel.
    One(u32),
}

/// What is drawn of `probe`.
pub(crate) fn look_of(probe: &Probe, channel: Channel) -> Look {
    match channel {
        Channel::One(channel) => Look::Channel(channel.min(probe.channels.saturating_sub(1) as u32)),
        Channel::Auto if is_picture(probe) => Look::Picture,
        Channel::Auto if probe.role == Role::Error => Look::SignedError,
        Channel::Auto | Channel::Mean => Look::Mean,
    }
}

/// The channel that numbers (hover, percentiles, picked units) refer to.
pub(crate) const fn channel_of(channel: Channel) -> Option<u32> {
    match channel {
        Channel::One(channel) => Some(channel),
        Channel::Auto | Channel::Mean => None,
    }
}

/// Whether a probe is a picture: three channels at the pixels.
pub(crate) fn is_picture(probe: &Probe) -> bool {
    probe.is_picture()
}

/// Whether values on both sides of zero are drawn.
pub(crate) fn is_signed(probe: &Probe, look: Look) -> bool {
    look == Look::SignedError || (probe.signed && look != Look::Picture)
}

/// The colours that suit a map on a dark or light ground.
pub(crate) fn colormap_of(probe: &Probe, look: Look, dark: bool) -> Colormap {
    if is_signed(probe, look) {
        if dark { Colormap::DivergingDark } else { Colormap::Diverging }
    } else if probe.role == Role::Error {
        Colormap::Magma
    } else {
        Colormap::Viridis
    }
}

/// The ends of the colour bar before anything is measured.
pub(crate) fn fixed_range(probe: &Probe, look: Look) -> [f32; 2] {
    match (probe.role, look) {
        (_, Look::SignedError) => [-0.25, 0.25],
        (Role::Error, _) => [0.0, 0.5],
        (Role::Representation | Role::Cell, _) if probe.signed => [-1.0, 1.0],
        _ => [0.0, 1.0],
    }
}

/// The ends of the colour bar. Signed maps are symmetric, so that zero keeps its colour.
pub(crate) fn range_of(
    mode: RangeMode,
    probe: &Probe,
    look: Look,
    stats: Option<&ProbeStats>,
    measured: Option<&MapRange>,
    by_hand: Option<[f32; 2]>,
) -> [f32; 2] {
    let fixed = || by_hand.unwrap_or_else(|| fixed_range(probe, look));
    let ends = match (mode, measured, stats) {
        (RangeMode::Fixed, _, _) | (_, None, None) => return fixed(),
        (RangeMode::PerFrame, Some(range), _) => [range.min, range.max],
        (RangeMode::Percentile, Some(range), _) => [range.p01, range.p99],
        (_, None, Some(stats)) => [stats.min, stats.max],
    };
    let range = if is_signed(probe, look) {
        let reach = ends[0].abs().max(ends[1].abs());
        [-reach, reach]
    } else {
        ends
    };
    let usable = range.iter().all(|end| end.is_finite()) && range[1] - range[0] > f32::EPSILON;
    if usable { range } else { [range[0].min(0.0), range[0].max(0.0) + 1e-3] }
}

/// Draws a probe in a place of the window, and notes that it is on show; `false` while its values are still on
/// their way.
pub(crate) fn show(
    app: &mut PerceptApp,
    painter: &Painter,
    snapshot: &Snapshot,
    rect: Rect,
    slot: Slot,
    what: Option<(usize, Drawing)>,
) -> bool {
    show_of(app, painter, snapshot, rect, slot, Whose::First, what)
}

/// The same of either network, or of the difference of their predictions.
pub(crate) fn show_of(
    app: &mut PerceptApp,
    painter: &Painter,
    snapshot: &Snapshot,
    rect: Rect,
    slot: Slot,
    whose: Whose,
    what: Option<(usize, Drawing)>,
) -> bool {
    let Some((at, drawing)) = what.filter(|_| app.has_gpu) else { return false };
    let probes = match (whose, &snapshot.second) {
        (Whose::Second, Some(second)) => &second.probes,
        (Whose::First, _) | (Whose::Difference, Some(_)) => &snapshot.probes,
        (Whose::Second | Whose::Difference, None) => return false,
    };
    let Some(probe) = probes.get(at) else { return false };
    let wanted = Wanted { whose, probe: probe.name.clone(), look: drawing.look };
    if !app.desk.shown.contains(&wanted) {
        app.desk.shown.push(wanted);
    }
    let values = snapshot
        .map(whose, at, drawing.look)
        .map(|values| Values { at: (snapshot.pictures, whose, at), values: values.clone() });
    let scale = painter.ctx().pixels_per_point();
    let pixels = |points: f32| (points * scale).round().max(1.0) as u32;
    let size = PixelSize::new(pixels(rect.width()), pixels(rect.height()));
    let is_there = values.is_some();
    painter.add(paint::map(rect, slot, values, drawing, size));
    is_there
}

/// A number as written at a colour bar: three digits that matter, no exponent in the usual range.
pub(crate) fn short(value: f32) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "–".to_owned()
    } else if size == 0.0 {
        "0".to_owned()
    } else if size >= 100.0 {
        format!("{value:.0}")
    } else if size >= 1.0 {
        format!("{value:.2}")
    } else if size >= 0.001 {
        format!("{value:.3}")
    } else {
        format!("{value:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::PixelSize;

    fn probe(role: Role, layer: usize, channels: usize, signed: bool) -> Probe {
        Probe { name: "p".into(), symbol: "E", layer, role, channels, size: PixelSize::new(8, 8), signed }
    }

    #[test]
    fn pixels_are_pictures_and_errors_are_signed() {
        assert_eq!(look_of(&probe(Role::Prediction, 0, 3, false), Channel::Auto), Look::Picture);
        assert_eq!(look_of(&probe(Role::Error, 0, 6, false), Channel::Auto), Look::SignedError);
        assert_eq!(look_of(&probe(Role::Representation, 1, 16, true), Channel::Auto), Look::Mean);
        assert_eq!(look_of(&probe(Role::Cell, 1, 4, true), Channel::One(9)), Look::Channel(3));
    }

    #[test]
    fn signed_ranges_keep_zero_in_the_middle() {
        let error = probe(Role::Error, 0, 6, false);
        let measured = MapRange { min: -0.1, p01: -0.05, p99: 0.02, max: 0.4 };
        let range = |mode| range_of(mode, &error, Look::SignedError, None, Some(&measured), None);
        assert_eq!(range(RangeMode::PerFrame), [-0.4, 0.4]);
        assert_eq!(range(RangeMode::Percentile), [-0.05, 0.05]);
        assert_eq!(range(RangeMode::Fixed), [-0.25, 0.25]);
    }

    #[test]
    fn a_flat_or_broken_map_still_has_a_range() {
        let map = probe(Role::Actual, 1, 4, false);
        for value in [0.0, 0.7, -3.0, f32::NAN] {
            let stats = ProbeStats { mean: value, min: value, max: value };
            let [low, high] = range_of(RangeMode::PerFrame, &map, Look::Mean, Some(&stats), None, None);
            assert!(low < high && low.is_finite() && high.is_finite(), "{value}: {low} {high}");
        }
    }

    #[test]
    fn numbers_are_short() {
        let pairs = [(0.0, "0"), (0.25, "0.250"), (-1.5, "-1.50"), (123.4, "123"), (0.00002, "2e-5")];
        for (value, text) in pairs {
            assert_eq!(short(value), text);
        }
    }
}
