//! The display matrix of a video: quarter turns and flips, applied to the picture.

use crate::frame::Picture;
use crate::units::PixelSize;

/// A turn by quarter circles with or without a flip: where the picture's x and y axes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Step on the screen (right, down) for one column of the picture.
    column: (i8, i8),
    /// Step on the screen (right, down) for one row of the picture.
    row: (i8, i8),
}

impl Turn {
    /// As it is.
    pub(crate) const NONE: Self = Self { column: (1, 0), row: (0, 1) };

    /// Reads the 3x3 matrix of ISO/IEC 14496-12 (nine 32-bit numbers, 16.16 in the first two columns):
    /// `x' = a x + c y`, `y' = b x + d y`. `None` when it is no turn by quarter circles.
    pub(crate) fn of_matrix(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| -> Option<f64> {
            let word = bytes.get(4 * at..4 * at + 4)?.try_into().ok()?;
            Some(f64::from(i32::from_ne_bytes(word)))
        };
        let (a, b, c, d) = (number(0)?, number(1)?, number(3)?, number(4)?);
        let longest = a.abs().max(b.abs()).max(c.abs()).max(d.abs());
        let sign = |value: f64| match value / longest {
            share if share > 0.95 => Some(1),
            share if share < -0.95 => Some(-1),
            share if share.abs() < 0.05 => Some(0),
            _ => None,
        };
        let turn = Self { column: (sign(a)?, sign(b)?), row: (sign(c)?, sign(d)?) };
        let is_right_angle = turn.column.0 * turn.row.0 + turn.column.1 * turn.row.1 == 0;
        let is_whole = |axis: (i8, i8)| axis.0.abs() + axis.1.abs() == 1;
        (is_right_angle && is_whole(turn.column) && is_whole(turn.row)).then_some(turn)
    }

    /// Whether columns become rows.
    pub(crate) fn is_sideways(self) -> bool {
        self.column.0 == 0
    }

    /// The size after the turn.
    pub(crate) fn size(self, size: PixelSize) -> PixelSize {
        if self.is_sideways() { PixelSize::new(size.height, size.width) } else { size }
    }

    /// In words, for a note.
    pub(crate) fn words(self) -> &'static str {
        match (self.column, self.row) {
            ((1, 0), (0, 1)) => "upright",
            ((0, 1), (-1, 0)) => "turned by 90 degrees clockwise",
            ((-1, 0), (0, -1)) => "turned by 180 degrees",
            ((0, -1), (1, 0)) => "turned by 90 degrees counter-clockwise",
            ((-1, 0), (0, 1)) => "flipped left to right",
            ((1, 0), (0, -1)) => "flipped upside down",
            _ => "turned by 90 degrees and flipped",
        }
    }

    /// The turned picture.
    pub(crate) fn apply(self, picture: Picture) -> Picture {
        if self == Self::NONE {
            return picture;
        }
        let (from, to) = (picture.size, self.size(picture.size));
        let last = |steps: i8, count: u32| if steps < 0 { i64::from(count) - 1 } else { 0 };
        let offset_x = last(self.column.0, from.width) + last(self.row.0, from.height);
        let offset_y = last(self.column.1, from.width) + last(self.row.1, from.height);
        let stride = |axis: (i8, i8)| i64::from(axis.0) + i64::from(axis.1) * i64::from(to.width);
        let start = offset_x + offset_y * i64::from(to.width);
        let mut rgb = vec![0; picture.rgb.len()];
        for (y, row) in picture.rgb.chunks_exact(3 * from.width as usize).enumerate() {
            let mut at = start + y as i64 * stride(self.row);
            for pixel in row.chunks_exact(3) {
                let byte = 3 * at as usize;
                if let Some(place) = rgb.get_mut(byte..byte + 3) {
                    place.copy_from_slice(pixel);
                }
                at += stride(self.column);
            }
        }
        Picture { size: to, rgb }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(a: i32, b: i32, c: i32, d: i32) -> Vec<u8> {
        let one = 1 << 16;
        let all = [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30];
        all.iter().flat_map(|number: &i32| number.to_ne_bytes()).collect()
    }

    fn picture(width: u32, height: u32, reds: &[u8]) -> Picture {
        Picture {
            size: PixelSize::new(width, height),
            rgb: reds.iter().flat_map(|&red| [red, 0, 0]).collect(),
        }
    }

    #[test]
    fn a_quarter_turn_clockwise_puts_the_left_column_on_top() {
        let turn = Turn::of_matrix(&matrix(0, 1, -1, 0)).unwrap();
        let turned = turn.apply(picture(3, 2, &[1, 2, 3, 4, 5, 6]));
        assert_eq!(turned, picture(2, 3, &[4, 1, 5, 2, 6, 3]));
    }

    #[test]
    fn four_quarter_turns_are_none_and_two_are_half_a_turn() {
        let turn = Turn::of_matrix(&matrix(0, 1, -1, 0)).unwrap();
        let half = Turn::of_matrix(&matrix(-1, 0, 0, -1)).unwrap();
        let start = picture(3, 2, &[1, 2, 3, 4, 5, 6]);
        let twice = turn.apply(turn.apply(start.clone()));
        assert_eq!(twice, half.apply(start.clone()));
        assert_eq!(turn.apply(turn.apply(twice)), start);
    }

    #[test]
    fn a_slanted_or_short_matrix_is_refused() {
        assert_eq!(Turn::of_matrix(&matrix(1, 1, -1, 1)), None);
        assert_eq!(Turn::of_matrix(&matrix(0, 0, 0, 0)), None);
        assert_eq!(Turn::of_matrix(&[0; 7]), None);
        assert_eq!(Turn::of_matrix(&matrix(1, 0, 0, 1)), Some(Turn::NONE));
    }
}
