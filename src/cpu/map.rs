//! Where a map's values lie: a halo of zeros around, channels last; at the pixels in planes of tiles instead.

use crate::cpu::memory::Buffer;
use crate::cpu::simd::LANES;
use crate::error::Result;
use crate::units::PixelSize;

/// Side of a tile in pixels.
pub const TILE: usize = 4;

/// A map in tiles of 4x4 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Grid {
    /// The grid of a map of `size`.
    #[must_use]
    pub const fn new(size: PixelSize) -> Self {
        Self { width: size.width as usize, height: size.height as usize }
    }

    /// Tiles in a row; the last may reach beyond the map.
    #[must_use]
    pub const fn across(self) -> usize {
        self.width.div_ceil(TILE)
    }

    /// Rows of tiles; the last may reach beyond the map.
    #[must_use]
    pub const fn down(self) -> usize {
        self.height.div_ceil(TILE)
    }
}

/// Channels padded to whole vectors.
#[must_use]
pub const fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// The place of a value in a [`Map`]: every layout of this room is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Channels.
    pub channels: usize,
    /// The map's size.
    pub grid: Grid,
    /// Values before the first.
    pub base: usize,
    /// Values from one row to the next.
    pub row: usize,
    /// Values from one channel to the next.
    pub channel: usize,
    /// Channels in a group; error units come in two groups, each padded by itself.
    pub group: usize,
    /// Values from one group to the next.
    pub group_stride: usize,
    /// Columns that share a run of `2^phase_bits` phases.
    pub phase_bits: u32,
    /// Values from one phase to the next.
    pub phase: usize,
    /// Values from one run of phases to the next.
    pub column: usize,
}

impl Layout {
    /// `groups` times `channels` channels last, each group padded to whole vectors; one pixel of zeros around,
    /// whole tiles.
    #[must_use]
    pub const fn wide(grid: Grid, channels: usize, groups: usize) -> Self {
        let group_stride = padded(channels);
        let column = groups * group_stride;
        let row = (grid.across() * TILE + 2) * column;
        Self {
            channels: groups * channels,
            grid,
            base: row + column,
            row,
            channel: 1,
            group: channels,
            group_stride,
            phase_bits: 0,
            phase: 0,
            column,
        }
    }

    /// Row by row, channel by channel, the columns of a row by their place in a tile of `2^phase_bits`: lanes
    /// of a vector are neighbouring tiles. A row of zeros above and below, a tile of zeros at both ends.
    #[must_use]
    pub const fn planes(grid: Grid, channels: usize, phase_bits: u32) -> Self {
        let tiles = grid.width.div_ceil(1 << phase_bits);
        let phase = tiles.next_multiple_of(LANES) + 2;
        let channel = phase << phase_bits;
        let row = channels * channel;
        Self {
            channels,
            grid,
            base: row + 1,
            row,
            channel,
            group: channels,
            group_stride: row,
            phase_bits,
            phase,
            column: 1,
        }
    }

    /// Plain rows of plain planes, nothing around.
    #[must_use]
    pub const fn plain(grid: Grid, channels: usize) -> Self {
        let (row, channel) = (grid.width, grid.width * grid.height);
        Self {
            channels,
            grid,
            base: 0,
            row,
            channel,
            group: channels,
            group_stride: channels * channel,
            phase_bits: 0,
            phase: 0,
            column: 1,
        }
    }

    /// Values that a map needs, with whole tiles of rows and the halo.
    #[must_use]
    pub const fn len(&self) -> usize {
        if self.base == 0 { self.channel * self.channels } else { (self.grid.down() * TILE + 2) * self.row }
    }

    /// Whether a map has no values.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a value lies.
    #[inline]
    #[must_use]
    pub const fn index(&self, channel: usize, y: usize, x: usize) -> usize {
        let mask = (1 << self.phase_bits) - 1;
        self.base
            + y * self.row
            + channel / self.group * self.group_stride
            + channel % self.group * self.channel
            + (x & mask) * self.phase
            + (x >> self.phase_bits) * self.column
    }
}

/// The values of a probe or state, as the engine lays them out.
#[derive(Debug)]
pub struct Map {
    /// Where they lie.
    pub layout: Layout,
    /// The values with halo and padding.
    pub values: Buffer,
}

impl Map {
    /// A map of zeros.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn zeros(layout: Layout) -> Result<Self> {
        Ok(Self { layout, values: Buffer::zeros(layout.len())? })
    }

    /// Channel by channel, row by row, without halo or padding.
    #[must_use]
    pub fn to_planar(&self) -> Vec<f32> {
        let Layout { channels, grid, .. } = self.layout;
        let mut planar = Vec::with_capacity(channels * grid.width * grid.height);
        for channel in 0..channels {
            for y in 0..grid.height {
                planar.extend((0..grid.width).map(|x| self.values[self.layout.index(channel, y, x)]));
            }
        }
        planar
    }

    /// Takes values in the order of [`Map::to_planar`]; what is missing at the end stays as it was.
    pub fn set_planar(&mut self, planar: &[f32]) {
        let Layout { channels, grid, .. } = self.layout;
        let places = (0..channels).flat_map(|channel| {
            (0..grid.height).flat_map(move |y| (0..grid.width).map(move |x| (channel, y, x)))
        });
        for ((channel, y, x), value) in places.zip(planar) {
            self.values[self.layout.index(channel, y, x)] = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_gives_back_what_it_took_and_keeps_its_halo() {
        // An interpreter that looks for what is undefined takes minutes over the large one.
        let large = if cfg!(miri) { (16, 4) } else { (160, 128) };
        for (width, height) in [(8, 8), (10, 6), large, (5, 3), (1, 1)] {
            let grid = Grid { width, height };
            for channels in [1, 3, 17] {
                let planes = [Layout::planes(grid, channels, 2), Layout::planes(grid, channels, 1)];
                let wide = [Layout::wide(grid, channels, 1), Layout::wide(grid, channels, 2)];
                for layout in [wide[0], wide[1], Layout::plain(grid, channels), planes[0], planes[1]] {
                    let mut map = Map::zeros(layout).unwrap();
                    let values: Vec<f32> = (1..=layout.channels * width * height).map(|i| i as f32).collect();
                    map.set_planar(&values);
                    assert_eq!(map.to_planar(), values, "{layout:?}");
                    let kept: f64 = map.values.iter().map(|&value| f64::from(value)).sum();
                    assert_eq!(kept, values.iter().map(|&value| f64::from(value)).sum::<f64>(), "{layout:?}");
                }
            }
        }
    }
}
