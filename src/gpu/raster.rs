//! Running an illusion's WGSL at any size: on screen, into a network's input tensor, or into host memory.

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::view::TensorView;
use crate::units::{FieldDeg, PixelSize};

/// What of the stimulus is drawn, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Pixels of the target.
    pub size: PixelSize,
    /// Visual field that the target covers.
    pub field: FieldDeg,
    /// Seconds from the start.
    pub time_s: f64,
    /// Whether left and right are exchanged.
    pub mirror: bool,
    /// Shift of the whole picture in degrees, right and up.
    pub jitter_deg: [f32; 2],
    /// Seed of everything random in it.
    pub seed: u32,
    /// Samples per pixel and side (area average); 4 means 16 samples a pixel.
    pub samples: u32,
}

/// A compiled illusion.
#[derive(Debug)]
pub struct Program {}

/// One on-screen drawing made ready.
#[derive(Debug)]
pub struct ScreenDraw {}

impl Program {
    /// Compiles the composed WGSL (prelude, parameters, the user's text, entry points).
    ///
    /// # Errors
    /// [`Kind::Illusion`] when the driver refuses it.
    pub fn new(_gpu: &Gpu, _wgsl: &str) -> Result<Self> {
        Err(Error::new(Kind::Internal, "not built yet"))
    }

    /// Renders sRGB-coded planes `[3, height, width]` in 0..1 and reads them back. Blocking: never on the
    /// window's thread.
    pub fn render_planes(&self, _view: &View, _params: &[f32]) -> Result<Vec<f32>> {
        Err(Error::new(Kind::Internal, "not built yet"))
    }

    /// Renders the same straight into the buffer of a tensor `[1, 3, height, width]`, with no read-back.
    pub fn render_into(&self, _view: &View, _params: &[f32], _target: &TensorView) -> Result<()> {
        Err(Error::new(Kind::Internal, "not built yet"))
    }

    /// Makes an on-screen drawing ready for a target of `format`; call before the render pass.
    pub fn prepare_screen(&self, _format: wgpu::TextureFormat, _view: &View, _params: &[f32]) -> ScreenDraw {
        ScreenDraw {}
    }

    /// Draws it over the whole viewport of `pass`.
    pub fn draw_screen(&self, _pass: &mut wgpu::RenderPass<'_>, _draw: &ScreenDraw) {}
}
