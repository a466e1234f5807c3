//! How much of a field of 10 degrees does something at once: the fullest of all windows of that size.

/// Width and height of the field in degrees: 341 by 256 of 1024 by 768 pixels that are 30 by 22.5 degrees.
const WINDOW_DEG: [f64; 2] = [10.0, 7.5];

/// Windows over a grid of cells.
#[derive(Debug, Default)]
pub(super) struct Windows {
    columns: usize,
    rows: usize,
    window: [usize; 2],
    /// Cells of a whole window, also where the picture is smaller.
    whole: f64,
    /// Sums of all cells above and to the left.
    sums: Vec<u32>,
}

impl Windows {
    /// For a picture of so many cells that is so many degrees wide.
    pub(super) fn fit(&mut self, columns: usize, rows: usize, width_deg: f64) {
        let per_deg = columns as f64 / width_deg;
        let [width, height] = WINDOW_DEG.map(|deg| deg * per_deg);
        let side = |cells: f64, most: usize| (cells.round() as usize).clamp(1, most.max(1));
        (self.columns, self.rows) = (columns, rows);
        self.window = [side(width, columns), side(height, rows)];
        self.whole = width * height;
        self.sums.clear();
        self.sums.resize((columns + 1) * (rows + 1), 0);
    }

    /// Whether so many cells could be as much of a window as `part`.
    pub(super) fn may_reach(&self, cells: usize, part: f64) -> bool {
        cells as f64 > part * self.whole
    }

    /// The largest part of a window, in 0..1, that is taken up by cells for which `is_in` holds.
    pub(super) fn fullest(&mut self, is_in: impl Fn(usize) -> bool) -> f64 {
        let wide = self.columns + 1;
        for row in 0..self.rows {
            let mut line = 0;
            for column in 0..self.columns {
                line += u32::from(is_in(row * self.columns + column));
                let above = self.sums.get(row * wide + column + 1).copied().unwrap_or(0);
                if let Some(sum) = self.sums.get_mut((row + 1) * wide + column + 1) {
                    *sum = above + line;
                }
            }
        }
        let sum = |row: usize, column: usize| self.sums.get(row * wide + column).copied().unwrap_or(0);
        let [width, height] = self.window;
        let mut most = 0;
        for row in 0..=self.rows.saturating_sub(height) {
            for column in 0..=self.columns.saturating_sub(width) {
                let (bottom, right) = (row + height, column + width);
                let inside = sum(bottom, right) + sum(row, column) - sum(row, right) - sum(bottom, column);
                most = most.max(inside);
            }
        }
        (f64::from(most) / self.whole).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_window_is_found_wherever_it_is() {
        let mut windows = Windows::default();
        windows.fit(120, 90, 30.0);
        assert_eq!(windows.window, [40, 30]);
        let square = |at: usize| (100..112).contains(&(at % 120)) && (60..85).contains(&(at / 120));
        assert!((windows.fullest(square) - 0.25).abs() < 1e-9);
        assert_eq!((windows.fullest(|_| true), windows.fullest(|_| false)), (1.0, 0.0));
        assert!(windows.may_reach(301, 0.25) && !windows.may_reach(300, 0.25));
    }

    #[test]
    fn a_small_picture_is_less_than_a_window() {
        let mut windows = Windows::default();
        windows.fit(60, 45, 5.0);
        assert!((windows.fullest(|_| true) - 0.25).abs() < 1e-9);
    }
}
