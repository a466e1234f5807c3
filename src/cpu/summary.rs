//! A map in four numbers, and single values of it, read where they lie.

use crate::cpu::map::Map;
use crate::cpu::simd::LANES;

/// What is left of a map when only four numbers are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Mean of all values.
    pub mean: f32,
    /// Mean of their squares.
    pub mean_square: f32,
    /// Smallest mean over channels.
    pub min: f32,
    /// Largest mean over channels.
    pub max: f32,
}

/// Sums on the way to a [`Summary`]; a row at a time, so that single precision does not lose small values.
struct Sums {
    sum: f64,
    squares: f64,
    min: f32,
    max: f32,
}

impl Sums {
    fn row(&mut self, channel_sums: impl Iterator<Item = f32>, squares: f32) {
        let mut sum = 0.0;
        for value in channel_sums {
            sum += value;
            // A NaN must not be lost on the way: `min` and `max` of the library would pass it over.
            self.min = if value < self.min || value.is_nan() { value } else { self.min };
            self.max = if value > self.max || value.is_nan() { value } else { self.max };
        }
        self.sum += f64::from(sum);
        self.squares += f64::from(squares);
    }
}

impl Map {
    /// Mean, mean square, smallest and largest mean over channels.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let (channels, grid) = (self.layout.channels, self.layout.grid);
        let mut sums = Sums { sum: 0.0, squares: 0.0, min: f32::INFINITY, max: f32::NEG_INFINITY };
        for y in 0..grid.height {
            if self.layout.channel == 1 { self.wide_row(y, &mut sums) } else { self.plane_row(y, &mut sums) }
        }
        let count = (channels * grid.width * grid.height) as f64;
        Summary {
            mean: (sums.sum / count) as f32,
            mean_square: (sums.squares / count) as f32,
            min: sums.min / channels as f32,
            max: sums.max / channels as f32,
        }
    }

    /// Channels last; the padding is zero and adds nothing.
    fn wide_row(&self, y: usize, sums: &mut Sums) {
        let layout = &self.layout;
        let row = &self.values[layout.index(0, y, 0)..][..layout.grid.width * layout.column];
        let mut squares = [0.0_f32; LANES];
        let pixels = row.chunks_exact(layout.column).map(|pixel| {
            let mut sum = [0.0_f32; LANES];
            for lanes in pixel.as_chunks::<LANES>().0 {
                for lane in 0..LANES {
                    sum[lane] += lanes[lane];
                    squares[lane] += lanes[lane] * lanes[lane];
                }
            }
            sum.iter().sum()
        });
        let pixels: Vec<f32> = pixels.collect();
        sums.row(pixels.into_iter(), squares.iter().sum());
    }

    /// Planes: what lies beyond the map is zero and adds nothing.
    fn plane_row(&self, y: usize, sums: &mut Sums) {
        let layout = &self.layout;
        let width = layout.channel.min(layout.row);
        let mut over_channels = vec![0.0_f32; width];
        let mut squares = 0.0;
        for channel in 0..layout.channels {
            let start = layout.index(channel, y, 0);
            let end = (start + width).min(self.values.len());
            for (sum, value) in over_channels.iter_mut().zip(&self.values[start..end]) {
                *sum += value;
            }
            squares +=
                (0..layout.grid.width).map(|x| self.values[layout.index(channel, y, x)].powi(2)).sum::<f32>();
        }
        let first = layout.index(0, y, 0);
        sums.row((0..layout.grid.width).map(|x| over_channels[layout.index(0, y, x) - first]), squares);
    }

    /// A value, or its mean over channels; `None` where there is none.
    #[must_use]
    pub fn value(&self, channel: Option<usize>, y: usize, x: usize) -> Option<f32> {
        let (channels, grid) = (self.layout.channels, self.layout.grid);
        if x >= grid.width || y >= grid.height || channel.is_some_and(|channel| channel >= channels) {
            return None;
        }
        let at = |channel| self.values[self.layout.index(channel, y, x)];
        Some(match channel {
            Some(channel) => at(channel),
            None => (0..channels).map(at).sum::<f32>() / channels as f32,
        })
    }

    /// A channel, or the mean over channels, row by row; `None` when there is no such channel.
    #[must_use]
    pub fn plane(&self, channel: Option<usize>) -> Option<Vec<f32>> {
        let grid = self.layout.grid;
        let places = (0..grid.height).flat_map(|y| (0..grid.width).map(move |x| (y, x)));
        places.map(|(y, x)| self.value(channel, y, x)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::map::{Grid, Layout};

    #[test]
    fn the_four_numbers_are_those_of_the_plain_values() {
        let grid = Grid { width: 10, height: 6 };
        let layouts = [
            Layout::wide(grid, 5, 2),
            Layout::wide(grid, 20, 1),
            Layout::planes(grid, 3, 2),
            Layout::plain(grid, 3),
        ];
        for layout in layouts {
            let mut map = Map::zeros(layout).unwrap();
            let count = layout.channels * 60;
            let values: Vec<f32> = (0..count).map(|i| ((i * 37 % 101) as f32 - 30.0) / 50.0).collect();
            map.set_planar(&values);
            let mean = |f: &dyn Fn(f32) -> f32| values.iter().map(|&v| f(v)).sum::<f32>() / count as f32;
            let means: Vec<f32> = (0..60)
                .map(|p| {
                    (0..layout.channels).map(|c| values[c * 60 + p]).sum::<f32>() / layout.channels as f32
                })
                .collect();
            let found = map.summary();
            let near = |a: f32, b: f32| (a - b).abs() < 1e-5;
            assert!(
                near(found.mean, mean(&|v| v)) && near(found.mean_square, mean(&|v| v * v)),
                "{layout:?}"
            );
            assert!(near(found.min, means.iter().copied().fold(f32::INFINITY, f32::min)), "{layout:?}");
            assert!(near(found.max, means.iter().copied().fold(f32::NEG_INFINITY, f32::max)), "{layout:?}");
            let plane = map.plane(None).unwrap();
            assert!(plane.iter().zip(&means).all(|(a, b)| near(*a, *b)), "{layout:?}");
            assert_eq!(map.plane(Some(2)).unwrap(), values[120..180]);
            assert_eq!(map.value(Some(1), 2, 3), Some(values[60 + 23]));
            assert!(map.value(Some(layout.channels), 0, 0).is_none() && map.value(None, 6, 0).is_none());
        }
    }

    #[test]
    fn what_is_not_finite_is_not_lost() {
        let mut map = Map::zeros(Layout::wide(Grid { width: 8, height: 8 }, 4, 1)).unwrap();
        let place = map.layout.index(1, 7, 7);
        map.values[place] = f32::NAN;
        assert!(!map.summary().mean_square.is_finite());
    }
}
