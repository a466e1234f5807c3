//! Actual, prediction and error side by side, frame by frame, as a video; of two networks, both predictions.

use std::path::PathBuf;

use burn::tensor::Tensor;

use crate::error::Result;
use crate::export::caption::{self, Caption};
use crate::export::mp4::Mp4Writer;
use crate::figure::palette;
use crate::frame::{NetworkFrame, Picture};
use crate::gpu::colormap::Colormap;
use crate::gpu::heat::{Drawing, Look, paint_host};
use crate::model::{Probe, Response, Role};
use crate::provenance::Provenance;
use crate::readout::stats::host_values;
use crate::units::PixelSize;

/// Width that a panel should at least have, in pixels.
const PANEL_WIDTH_PX: u32 = 400;
/// Space around and between panels, in pixels.
const GAP_PX: u32 = 16;
/// Room for the line below the panels, in pixels.
const FOOT_PX: u32 = 16;
/// Height of the strip of captions over the panels, in pixels.
const CAPTION_PX: u32 = 40;
/// Error that reaches the ends of the colour map, in units of the 0..1 picture. Fixed, so that frames compare.
const ERROR_REACH: f32 = 0.3;

/// What the panels show, from the left, of one network and of two.
const OF_ONE: [(&str, [u8; 3]); 3] = [
    ("What it gets", palette::ACTUAL),
    ("What it expects", palette::PREDICTION),
    ("Error: too dark, or too bright (blue)", palette::ERROR),
];
const OF_TWO: [(&str, [u8; 3]); 4] = [
    ("What they get", palette::ACTUAL),
    ("What A expects", palette::PREDICTION),
    ("What B expects", palette::SECOND),
    ("Error of A: too dark, or too bright (blue)", palette::ERROR),
];

/// A video of three panels, or of four.
pub(super) struct Filmstrip {
    writer: Mp4Writer,
    background: Picture,
    scale: u32,
    network: PixelSize,
    panels: u32,
}

impl Filmstrip {
    /// Lays out the panels, of two networks where there is one `beside` the first (its name), and opens the file through
    /// `create`.
    pub(super) fn new(
        network: PixelSize,
        beside: Option<&str>,
        provenance: &Provenance,
        create: impl FnOnce(PixelSize) -> Result<Mp4Writer>,
    ) -> Result<Self> {
        let scale = PANEL_WIDTH_PX.div_ceil(network.width).max(1);
        let (panel_width, panel_height) = (network.width * scale, network.height * scale);
        let titles = if beside.is_some() { &OF_TWO[..] } else { &OF_ONE };
        let panels = titles.len() as u32;
        let size = PixelSize::new(
            (panels * panel_width + (panels + 1) * GAP_PX).next_multiple_of(2),
            (panel_height + CAPTION_PX + 2 * GAP_PX + FOOT_PX).next_multiple_of(2),
        );
        let captions: Vec<Caption<'_>> = titles
            .iter()
            .zip(0..)
            .map(|(&(text, color), index)| Caption { left: panel_left(index, panel_width), text, color })
            .collect();
        let first = &provenance.model;
        let model = beside.map_or_else(|| first.clone(), |second| format!("A {first}, B {second}"));
        let foot = format!("{} · {model} · Percept {}", provenance.stimulus, provenance.version);
        let background = caption::page(size, CAPTION_PX, &captions, &foot)?;
        Ok(Self { writer: create(size)?, background, scale, network, panels })
    }

    /// Adds a frame; `second` is the prediction of the network beside the first.
    pub(super) fn push(
        &mut self,
        input: &Tensor<4>,
        probes: &[Probe],
        response: &Response,
        second: Option<&Tensor<4>>,
    ) -> Result<()> {
        let mut picture = self.background.clone();
        let panel = PixelSize::new(self.network.width * self.scale, self.network.height * self.scale);
        let actual = host_values(input.clone())?;
        Self::blit(&mut picture, 0, &self.enlarged(actual));
        if let Some(second) = second {
            Self::blit(&mut picture, 2, &self.enlarged(host_values(second.clone())?));
        }
        for (probe, part) in probes.iter().zip(&response.activities).filter(|(probe, _)| probe.layer == 0) {
            match probe.role {
                Role::Prediction if probe.is_picture() => {
                    let values = host_values(part.tensor())?;
                    Self::blit(&mut picture, 1, &self.enlarged(values));
                }
                Role::Error => {
                    let extent = [probe.size.width, probe.size.height, probe.channels as u32];
                    let drawing = Drawing {
                        look: Look::SignedError,
                        colormap: Colormap::Diverging,
                        range: [-ERROR_REACH, ERROR_REACH],
                        window: [0.0, 0.0, 1.0, 1.0],
                        smooth: false,
                    };
                    let map = paint_host(&host_values(part.tensor())?, extent, &drawing, panel);
                    Self::blit(&mut picture, self.panels - 1, &map);
                }
                _ => {}
            }
        }
        self.writer.push(&picture)
    }

    /// Closes the file and gives its path.
    pub(super) fn finish(self) -> Result<PathBuf> {
        self.writer.finish()
    }

    fn enlarged(&self, planes: Vec<f32>) -> Picture {
        NetworkFrame { size: self.network, planes }.to_picture().enlarged(self.scale)
    }

    fn blit(target: &mut Picture, index: u32, panel: &Picture) {
        let left = panel_left(index, panel.size.width) as usize * 3;
        let top = (CAPTION_PX + GAP_PX) as usize;
        let stride = target.size.width as usize * 3;
        let width = panel.size.width as usize * 3;
        for (row, line) in panel.rgb.chunks_exact(width).enumerate() {
            let start = (top + row) * stride + left;
            if let Some(place) = target.rgb.get_mut(start..start + width) {
                place.copy_from_slice(line);
            }
        }
    }
}

fn panel_left(index: u32, panel_width: u32) -> u32 {
    GAP_PX + index * (panel_width + GAP_PX)
}
