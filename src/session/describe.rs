//! Saying in words and pictures what a run is: provenance, and maps for files.

use super::Sampling;
use super::looker::Looker;
use super::stage::Setting;
use crate::frame::{NetworkFrame, Picture};
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look, paint_host};
use crate::model::{Probe, Role};
use crate::param::Param;
use crate::provenance::Provenance;
use crate::stimulus::StimulusSpec;
use crate::stimulus::illusion::{Illusion, Showing};
use crate::units::PixelSize;

/// Where a result of this run comes from.
pub(super) fn provenance(
    spec: &StimulusSpec,
    looker: &Looker,
    setting: &Setting,
    mut settings: Vec<String>,
    device: &str,
) -> Provenance {
    let showing = &setting.showing;
    settings.extend(
        [(showing.control, "control"), (showing.mirror, "mirror")]
            .iter()
            .filter(|on| on.0)
            .map(|on| on.1.to_owned()),
    );
    settings.extend(
        looker
            .model()
            .lesions()
            .iter()
            .filter(|lesion| lesion.on)
            .map(|lesion| format!("lesion {}", lesion.name)),
    );
    let is_illusion = matches!(spec, StimulusSpec::Illusion(_));
    settings.push(match setting.sampling {
        _ if is_illusion => format!("{} steps per second", setting.illusion_rate_hz()),
        Sampling::EveryFrame => "one step per frame".to_owned(),
        Sampling::FixedHz(rate_hz) => format!("{rate_hz} steps per second"),
    });
    if !is_illusion {
        settings.push(format!("fit {:?}", setting.fit).to_lowercase());
    }
    Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: looker.card.name.clone(),
        model_sha256: looker.card.sha256.clone(),
        stimulus: name_of(spec),
        settings,
        seed: u64::from(showing.seed),
        device: device.to_owned(),
        size: looker.size().to_string(),
        command: String::new(),
    }
}

/// The second network as it is written down beside the first.
pub(super) fn second(looker: &Looker) -> String {
    let card = &looker.card;
    let mut parts = vec![format!("second network {}", card.name)];
    if !card.sha256.is_empty() {
        parts.push(format!("SHA-256 {}", card.sha256));
    }
    let lesions = looker.model().lesions();
    parts.extend(lesions.iter().filter(|lesion| lesion.on).map(|lesion| format!("lesion {}", lesion.name)));
    parts.join(", ")
}

/// The stimulus as it is written on the command line.
pub fn name_of(spec: &StimulusSpec) -> String {
    match spec {
        StimulusSpec::Illusion(slug) => slug.clone(),
        StimulusSpec::File(path) => path.display().to_string(),
        StimulusSpec::Camera(name) => name.clone(),
    }
}

/// How a probe is drawn when nobody chose otherwise, with the range of its own values.
pub fn usual_drawing(probe: &Probe, range: [f32; 2]) -> Drawing {
    let reach = range[0].abs().max(range[1].abs()).max(1e-6);
    let (look, colormap, range) = match probe.role {
        Role::Error => (Look::SignedError, Colormap::Diverging, [-reach, reach]),
        _ if probe.signed => (Look::Mean, Colormap::Diverging, [-reach, reach]),
        _ => (Look::Mean, Colormap::Viridis, [0.0, reach]),
    };
    Drawing { look, colormap, range, window: [0.0, 0.0, 1.0, 1.0], smooth: false }
}

/// Pixels of a saved picture per unit and side.
const ENLARGED: u32 = 4;

/// A probe as a picture: in its own colours where it is one, else in false colours, four pixels to the unit.
pub(super) fn picture(probe: &Probe, values: Vec<f32>) -> Picture {
    if probe.is_picture() {
        return NetworkFrame { size: probe.size, planes: values }.to_picture().enlarged(ENLARGED);
    }
    let extent = [probe.size.width, probe.size.height, probe.channels as u32];
    let reach = values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let size = PixelSize::new(probe.size.width * ENLARGED, probe.size.height * ENLARGED);
    paint_host(&values, extent, &usual_drawing(probe, [-reach, reach]), size)
}

/// A map of values on both sides of zero: the mean over its channels, four pixels to the unit.
pub(super) fn signed(values: &[f32], extent: [u32; 3]) -> Picture {
    let reach = values.iter().fold(1e-6_f32, |most, value| most.max(value.abs()));
    let drawing = Drawing {
        look: Look::Mean,
        colormap: Colormap::Diverging,
        range: [-reach, reach],
        window: [0.0, 0.0, 1.0, 1.0],
        smooth: false,
    };
    let size = PixelSize::new(extent[0] * ENLARGED, extent[1] * ENLARGED);
    paint_host(values, extent, &drawing, size)
}

/// Two pictures of one height beside each other, with a mid-grey line between them.
pub(super) fn side_by_side(left: &Picture, right: &Picture) -> Picture {
    const GAP_PX: u32 = 8;
    let size =
        PixelSize::new(left.size.width + GAP_PX + right.size.width, left.size.height.min(right.size.height));
    let rows = |picture: &Picture| {
        picture
            .rgb
            .chunks_exact(3 * picture.size.width.max(1) as usize)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
    };
    let gap = [128; 3 * GAP_PX as usize];
    let rgb = rows(left)
        .iter()
        .zip(&rows(right))
        .flat_map(|(left, right)| [left.as_slice(), &gap, right].concat())
        .collect();
    Picture { size, rgb }
}

/// All parameters of an illusion as they are shown, `name=value unit` each.
pub fn values(illusion: &Illusion, showing: &Showing) -> Vec<String> {
    let values = illusion.effective(showing);
    let describe =
        |param: &Param| format!("{}={} {}", param.name, values.get(param), param.unit).trim_end().to_owned();
    illusion.card.params.iter().map(describe).collect()
}
