//! How one layer's convolution is cut into workgroups, and what its shader is told.

use crate::units::PixelSize;

/// Threads of a workgroup.
const THREADS: u32 = 64;
/// Input channels that a workgroup takes at a time.
pub(super) const CHANNELS: u32 = 4;
/// Most pixels, with the border, that the shader has shared memory for.
const MOST_PATCH: u32 = 340;

/// A workgroup's share: a rectangle of pixels times a run of columns of four outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    column_shift: u32,
    across_shift: u32,
}

impl Tile {
    /// The share that leaves the fewest threads without work; of those the one with the smallest border.
    pub(super) fn choose(size: PixelSize, columns: u32) -> Self {
        let shapes = (1..=3).flat_map(|column_shift| {
            (0..=6 - column_shift).map(move |across_shift| Self { column_shift, across_shift })
        });
        let cost = |tile: &Self| (tile.groups(size, columns).iter().product::<u32>(), tile.patch());
        let fits = shapes.filter(|tile| tile.patch() <= MOST_PATCH);
        fits.min_by_key(cost).unwrap_or(Self { column_shift: 3, across_shift: 1 })
    }

    /// Pixels: columns, rows.
    pub(super) fn pixels(self) -> [u32; 2] {
        let cells = THREADS >> self.column_shift;
        [4 << self.across_shift, 2 * (cells >> self.across_shift)]
    }

    /// Pixels with the border of one.
    pub(super) fn patch(self) -> u32 {
        let [width, height] = self.pixels();
        (width + 2) * (height + 2)
    }

    /// Columns of outputs.
    pub(super) fn columns(self) -> u32 {
        2 << self.column_shift
    }

    /// Workgroups along x, y and the columns.
    pub(super) fn groups(self, size: PixelSize, columns: u32) -> [u32; 3] {
        let [width, height] = self.pixels();
        [size.width.div_ceil(width), size.height.div_ceil(height), columns.div_ceil(self.columns())]
    }

    /// Columns in a row of weights, those without output included.
    pub(super) fn stride(self, columns: u32) -> u32 {
        columns.next_multiple_of(self.columns())
    }
}

/// One convolution: its maps, its channels, what is switched off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Conv {
    /// Columns and rows of the maps.
    pub(super) size: PixelSize,
    /// Channels of the inputs that stand one after the other; 0 for those it does not have.
    pub(super) inputs: [u32; 3],
    /// Channels of the result.
    pub(super) outputs: u32,
    /// Columns of four outputs.
    pub(super) columns: u32,
    /// The result is at most this.
    pub(super) ceiling: f32,
    /// Whether the result is compared with the frame.
    pub(super) layer0: bool,
}

/// `struct Shape` of the shader, byte for byte.
#[repr(C)]
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct Shape {
    size: [u32; 2],
    gap: [u32; 2],
    inputs: [u32; 3],
    outputs: u32,
    silent: [u32; 3],
    muted: u32,
    stride: u32,
    column_shift: u32,
    across_shift: u32,
    rounds: u32,
    ceiling: f32,
    layer0: u32,
    pad: [u32; 2],
}

impl Conv {
    /// Rounds of input channels.
    pub(super) fn rounds(&self) -> u32 {
        self.inputs.iter().sum::<u32>().div_ceil(CHANNELS)
    }

    /// How it is cut.
    pub(super) fn tile(&self) -> Tile {
        Tile::choose(self.size, self.columns)
    }

    /// What the shader is told.
    pub(super) fn shape(&self, silent: [bool; 3], muted: bool) -> Shape {
        let tile = self.tile();
        Shape {
            size: [self.size.width, self.size.height],
            gap: [0; 2],
            inputs: self.inputs,
            outputs: self.outputs,
            silent: silent.map(u32::from),
            muted: muted.into(),
            stride: tile.stride(self.columns),
            column_shift: tile.column_shift,
            across_shift: tile.across_shift,
            rounds: self.rounds(),
            ceiling: self.ceiling,
            layer0: self.layer0.into(),
            pad: [0; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_fits_into_shared_memory_and_takes_all_threads() {
        for (width, height) in [(1, 1), (10, 8), (20, 16), (80, 64), (160, 128), (2048, 3)] {
            for columns in [1, 3, 4, 8, 12, 16, 48, 192] {
                let tile = Tile::choose(PixelSize::new(width, height), columns);
                let [across, down] = tile.pixels();
                assert!(tile.patch() <= MOST_PATCH, "{tile:?}");
                assert!(9 * CHANNELS * tile.columns() <= 576, "{tile:?}");
                assert_eq!(across * down / 8 * tile.columns() / 2, THREADS, "{tile:?}");
                assert_eq!(tile.stride(columns) % tile.columns(), 0);
            }
        }
    }

    #[test]
    fn a_layer_of_few_outputs_takes_more_pixels_instead() {
        let narrow = Tile::choose(PixelSize::new(160, 128), 3);
        let wide = Tile::choose(PixelSize::new(80, 64), 48);
        assert_eq!((narrow.columns(), wide.columns()), (4, 16));
    }
}
