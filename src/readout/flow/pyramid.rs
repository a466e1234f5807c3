//! Planes of numbers: blurring, halving, reading between the pixels.

/// Numbers at the pixels of a picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Grid {
    pub(crate) fn filled(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    /// Half of a Gaussian kernel, from its middle outwards, of sum 1.
    pub(crate) fn gaussian(sigma: f32) -> Vec<f32> {
        let reach = (2.5 * sigma).ceil().max(1.0) as usize;
        let half: Vec<f32> = (0..=reach).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
        let sum = 2.0 * half.iter().sum::<f32>() - half.first().copied().unwrap_or_default();
        half.iter().map(|weight| weight / sum).collect()
    }

    /// Convolved along rows and columns with a symmetric kernel; the picture goes on as its outermost pixels.
    pub(crate) fn blurred(&self, half: &[f32]) -> Self {
        let (width, height, reach) = (self.width, self.height, half.len().saturating_sub(1));
        let mut rows = Self::filled(width, height, 0.0);
        let mut padded = vec![0.0; width + 2 * reach];
        for (to, from) in rows.values.chunks_exact_mut(width).zip(self.values.chunks_exact(width)) {
            let (first, last) = (from.first().copied(), from.last().copied());
            padded[..reach].fill(first.unwrap_or_default());
            padded[reach..reach + width].copy_from_slice(from);
            padded[reach + width..].fill(last.unwrap_or_default());
            for (k, weight) in half.iter().enumerate() {
                let (left, right) = (&padded[reach - k..], &padded[reach + k..]);
                let weight = if k == 0 { 0.5 * weight } else { *weight };
                for ((to, left), right) in to.iter_mut().zip(left).zip(right) {
                    *to += weight * (left + right);
                }
            }
        }
        let mut done = Self::filled(width, height, 0.0);
        for (y, to) in done.values.chunks_exact_mut(width).enumerate() {
            for (k, weight) in half.iter().enumerate() {
                let weight = if k == 0 { 0.5 * weight } else { *weight };
                let (above, below) = (rows.row(y.saturating_sub(k)), rows.row((y + k).min(height - 1)));
                for ((to, above), below) in to.iter_mut().zip(above).zip(below) {
                    *to += weight * (above + below);
                }
            }
        }
        done
    }

    pub(crate) fn row(&self, y: usize) -> &[f32] {
        self.values.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// Every second column and row, after a blur that leaves little to alias.
    pub(crate) fn halved(&self) -> Self {
        self.halved_with(&Self::gaussian(1.0))
    }

    /// The same with another blur.
    pub(crate) fn halved_with(&self, half: &[f32]) -> Self {
        let smooth = self.blurred(half);
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let rows = smooth.values.chunks_exact(self.width).step_by(2);
        Self { width, height, values: rows.flat_map(|row| row.iter().step_by(2).copied()).collect() }
    }

    /// What [`Grid::halved`] left, at the pixels of before, linearly in between.
    pub(crate) fn doubled(&self, width: usize, height: usize) -> Self {
        let mut done = Self::filled(width, height, 0.0);
        for (y, row) in done.values.chunks_exact_mut(width).enumerate() {
            let (above, below) = (self.row(y / 2), self.row((y / 2 + y % 2).min(self.height - 1)));
            for (x, value) in row.iter_mut().enumerate() {
                let (left, right) = (x / 2, (x / 2 + x % 2).min(self.width - 1));
                *value = 0.25 * (above[left] + above[right] + below[left] + below[right]);
            }
        }
        done
    }

    /// The coefficients of the cubic spline through all values, going on as in a mirror (Unser, Aldroubi & Eden 1993).
    pub(crate) fn spline(mut self) -> Self {
        let width = self.width;
        self.values.chunks_exact_mut(width).for_each(|row| prefilter(row, 1));
        // all columns at once: lines of whole rows
        prefilter(&mut self.values, width);
        self
    }

    /// The value at column `x` and row `y` of the spline with these coefficients; places outside read the edge.
    pub(crate) fn cubic(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, (self.width - 1) as f32), y.clamp(0.0, (self.height - 1) as f32));
        let (column, row) = (x as usize, y as usize);
        let (wx, wy) = (spline_weights(x - column as f32), spline_weights(y - row as f32));
        let mut sum = 0.0;
        if column >= 1 && row >= 1 && column + 3 <= self.width && row + 3 <= self.height {
            let [a, b, c, d] = wx;
            let rows = self.values[(row - 1) * self.width + column - 1..].chunks(self.width);
            for (weight, row) in wy.iter().zip(rows) {
                if let [p, q, r, s, ..] = row {
                    sum += weight * (a * p + b * q + c * r + d * s);
                }
            }
            return sum;
        }
        for (j, weight) in wy.iter().enumerate() {
            let from = reflected(row + j, self.height) * self.width;
            for (i, along) in wx.iter().enumerate() {
                sum += weight * along * self.values[from + reflected(column + i, self.width)];
            }
        }
        sum
    }

    /// The value at column `x` and row `y`, linearly between pixels, the outermost pixels going on.
    pub(crate) fn linear(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, (self.width - 1) as f32), y.clamp(0.0, (self.height - 1) as f32));
        let (column, row) = (x as usize, y as usize);
        let (dx, dy) = (x - column as f32, y - row as f32);
        let right = (column + 1).min(self.width - 1);
        let (above, below) = (self.row(row), self.row((row + 1).min(self.height - 1)));
        let upper = above[column] + dx * (above[right] - above[column]);
        let lower = below[column] + dx * (below[right] - below[column]);
        upper + dy * (lower - upper)
    }
}

/// `place` - 1, seen in mirrors at the outermost pixels.
fn reflected(place: usize, count: usize) -> usize {
    let place = place.abs_diff(1);
    if place < count { place } else { (2 * (count - 1)).saturating_sub(place) }
}

/// Weights of the four coefficients around a place `t` (0..1) after the second of them.
fn spline_weights(t: f32) -> [f32; 4] {
    let (s, t2) = (1.0 - t, t * t);
    let sixth = 1.0 / 6.0;
    [
        sixth * s * s * s,
        sixth * (4.0 + 3.0 * t2 * (t - 2.0)),
        sixth * (4.0 + 3.0 * s * s * (s - 2.0)),
        sixth * t2 * t,
    ]
}

/// The recursive filter from values to coefficients, along lines whose neighbours are `stride` apart; `stride`
/// lines lie side by side.
fn prefilter(values: &mut [f32], stride: usize) {
    const POLE: f32 = -0.267_949_2;
    let count = values.len() / stride.max(1);
    if count < 2 {
        return;
    }
    for line in 0..stride {
        // the sum of the mirrored past; what is 14 pixels away is forgotten
        let (mut sum, mut power) = (values[line], POLE);
        for i in 1..count.min(14) {
            sum += power * values[i * stride + line];
            power *= POLE;
        }
        values[line] = sum;
    }
    for i in stride..count * stride {
        values[i] += POLE * values[i - stride];
    }
    let (last, before) = ((count - 1) * stride, (count - 2) * stride);
    for line in 0..stride {
        let end = POLE / (POLE * POLE - 1.0) * (values[last + line] + POLE * values[before + line]);
        values[last + line] = end;
    }
    for i in (0..last).rev() {
        values[i] = POLE * (values[i + stride] - values[i]);
    }
    for value in values {
        *value *= 6.0;
    }
}
