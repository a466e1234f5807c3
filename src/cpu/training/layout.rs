//! Where a value lies: maps of pixels in blocks of eight channels, and the same in the Winograd domain.

/// Channels that lie side by side; a map's channels are padded to a multiple of this with zeros.
pub const BLOCK: usize = 8;

/// Output pixels along a tile's side.
pub const TILE: usize = 4;

/// Points of a tile in the Winograd domain, 6 by 6.
pub const POINTS: usize = 36;

/// How many blocks hold this many channels.
#[must_use]
pub const fn blocks(channels: usize) -> usize {
    channels.div_ceil(BLOCK)
}

/// Lanes of a group of channels that the pointwise operations take side by side: half a block for the few channels
/// of pixels, otherwise whole blocks.
#[must_use]
pub const fn group_lanes(channels: usize) -> usize {
    if channels <= BLOCK / 2 { BLOCK / 2 } else { blocks(channels) * BLOCK }
}

/// Which channel each lane holds, for groups of channels in one map.
#[must_use]
pub fn lanes(groups: &[usize]) -> Vec<Option<usize>> {
    let (mut lanes, mut first) = (Vec::new(), 0);
    for &group in groups {
        lanes.extend((0..group_lanes(group)).map(|lane| (lane < group).then_some(first + lane)));
        first += group;
    }
    lanes.resize(lanes.len().next_multiple_of(BLOCK), None);
    lanes
}

/// Maps of some images: `[block][image][row][column][channel in block]`, rows and columns padded to whole tiles,
/// around them a border of zeros where a convolution reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Map {
    /// Images of the batch.
    pub images: usize,
    /// Channels with the padding of their groups.
    pub channels: usize,
    /// Rows without padding.
    pub rows: usize,
    /// Columns without padding.
    pub columns: usize,
    /// Pixels around the image: 1 for what is convolved, 0 for what comes out.
    pub border: usize,
}

impl Map {
    /// Maps that a convolution reads.
    #[must_use]
    pub const fn input(images: usize, channels: usize, rows: usize, columns: usize) -> Self {
        Self { images, channels, rows, columns, border: 1 }
    }

    /// Maps that a convolution writes.
    #[must_use]
    pub const fn output(images: usize, channels: usize, rows: usize, columns: usize) -> Self {
        Self { images, channels, rows, columns, border: 0 }
    }

    /// Blocks of channels.
    #[must_use]
    pub const fn blocks(&self) -> usize {
        blocks(self.channels)
    }

    /// Rows of tiles per image.
    #[must_use]
    pub const fn tile_rows(&self) -> usize {
        self.rows.div_ceil(TILE)
    }

    /// Columns of tiles per image.
    #[must_use]
    pub const fn tile_columns(&self) -> usize {
        self.columns.div_ceil(TILE)
    }

    /// Tiles of all images.
    #[must_use]
    pub const fn tiles(&self) -> usize {
        self.images * self.tile_rows() * self.tile_columns()
    }

    /// From one row to the next, in values.
    #[must_use]
    pub const fn pitch(&self) -> usize {
        (self.tile_columns() * TILE + 2 * self.border) * BLOCK
    }

    /// Values of one block of one image.
    const fn plane(&self) -> usize {
        (self.tile_rows() * TILE + 2 * self.border) * self.pitch()
    }

    /// Values of all maps with their padding.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.blocks() * self.images * self.plane()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a pixel's block begins; the border's pixels lie one row above and one column to the left of 0, 0.
    #[must_use]
    pub const fn at(&self, block: usize, image: usize, row: usize, column: usize) -> usize {
        self.corner(block, image, row, column) + self.border * (self.pitch() + BLOCK)
    }

    /// As [`Map::at`], but counted from the border's corner.
    #[must_use]
    pub const fn corner(&self, block: usize, image: usize, row: usize, column: usize) -> usize {
        (block * self.images + image) * self.plane() + row * self.pitch() + column * BLOCK
    }

    /// Values of one channel without padding.
    #[must_use]
    pub const fn pixels(&self) -> usize {
        self.images * self.rows * self.columns
    }
}

/// Tiles in the Winograd domain: `[point][block][slot][tile][channel in block]`. There may be several slots, for
/// several steps, so that one product can take them together; a spectrum is a view of some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spectrum {
    /// Blocks of channels.
    pub blocks: usize,
    /// Tiles in view.
    pub tiles: usize,
    /// Tiles of all slots: from one block to the next.
    pub pitch: usize,
    /// Tiles before those in view.
    before: usize,
    /// From one point to the next, in values.
    pub stride: usize,
}

impl Spectrum {
    /// Room for so many blocks, slots, and tiles in each slot; the first slot is in view.
    #[must_use]
    pub const fn new(blocks: usize, slots: usize, tiles: usize) -> Self {
        // The 36 streams that a transform writes must not fall on the same lines of the cache: a stride of
        // 3 lines modulo 64 spreads them.
        let lines = (blocks * slots * tiles * BLOCK).div_ceil(16);
        let stride = 16 * (lines + (64 + 3 - lines % 64) % 64);
        Self { blocks, tiles, pitch: slots * tiles, before: 0, stride }
    }

    /// The view of other slots.
    #[must_use]
    pub const fn slots(self, first: usize, count: usize, tiles: usize) -> Self {
        Self { before: first * tiles, tiles: count * tiles, ..self }
    }

    /// All values.
    #[must_use]
    pub const fn len(&self) -> usize {
        POINTS * self.stride
    }

    /// Whether there is nothing in view.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.blocks * self.tiles == 0
    }

    /// Where a tile's block begins.
    #[must_use]
    pub const fn at(&self, point: usize, block: usize, tile: usize) -> usize {
        point * self.stride + (block * self.pitch + self.before + tile) * BLOCK
    }
}

/// Whether a point vanishes where the input was doubled in size: the third row and the third column of 6.
#[must_use]
pub const fn vanishes(point: usize) -> bool {
    point / 6 == 2 || point % 6 == 2
}
