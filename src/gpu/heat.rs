//! Drawing tensors: a map in false colours, or three channels as a picture, from the tensor's own buffer.

use crate::gpu::colormap::Colormap;
use crate::gpu::view::TensorView;

/// Which number of a tensor is drawn at each place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// Channels 0, 1, 2 as sRGB-coded red, green, blue.
    Picture,
    /// One channel.
    Channel(u32),
    /// Mean over all channels.
    Mean,
    /// For error units `[relu(Ahat - A), relu(A - Ahat)]`: mean of the second half minus mean of the first,
    /// so that positive is "too dark predicted".
    SignedError,
}

/// How a tensor is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// Which number.
    pub look: Look,
    /// Colours (unused for [`Look::Picture`]).
    pub colormap: Colormap,
    /// Values at the two ends of the colour map.
    pub range: [f32; 2],
    /// Part of the map that fills the target: left, top, right, bottom in 0..1 (for zoom and pan).
    pub window: [f32; 4],
    /// Whether neighbouring values are blended (else every unit is a crisp square).
    pub smooth: bool,
}

/// The render pipeline for one target format.
#[derive(Debug)]
pub struct HeatPipeline {}

/// One drawing made ready: bind group and uniforms.
#[derive(Debug)]
pub struct HeatDraw {}

impl HeatPipeline {
    /// Compiles the shaders for targets of `format`.
    pub fn new(_device: &wgpu::Device, _format: wgpu::TextureFormat) -> Self {
        Self {}
    }

    /// Makes a drawing ready; call before the render pass (in `prepare`).
    pub fn prepare(&self, _device: &wgpu::Device, _view: &TensorView, _drawing: &Drawing) -> HeatDraw {
        HeatDraw {}
    }

    /// Draws it over the whole viewport of `pass`.
    pub fn draw(&self, _pass: &mut wgpu::RenderPass<'_>, _draw: &HeatDraw) {}
}
