//! Planes of numbers: blurred, halved, doubled, read between their pixels.

use super::Luma;

/// A plane of numbers, row-major.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

/// A value by index; nothing beyond the end.
pub(super) fn at(values: &[f32], index: usize) -> f32 {
    values.get(index).copied().unwrap_or(0.0)
}

impl Plane {
    pub(super) fn of(luma: &Luma) -> Self {
        Self {
            width: luma.size.width as usize,
            height: luma.size.height as usize,
            values: luma.values.clone(),
        }
    }

    pub(super) fn zeros(&self) -> Self {
        Self { width: self.width, height: self.height, values: vec![0.0; self.values.len()] }
    }

    pub(super) fn mean_with(&self, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| 0.5 * (a + b)).collect();
        Self { values, ..*self }
    }

    /// The value at a pixel; beyond the edges that of the nearest.
    fn pixel(&self, x: isize, y: isize) -> f32 {
        let inside = |place: isize, count: usize| place.clamp(0, count as isize - 1) as usize;
        at(&self.values, inside(y, self.height) * self.width + inside(x, self.width))
    }

    /// Central differences of five points (Farid & Simoncelli 2004 without their blur): right and down.
    pub(super) fn gradient(&self, x: usize, y: usize) -> (f32, f32) {
        let (x, y) = (x as isize, y as isize);
        let along = |dx: isize, dy: isize| {
            let near = self.pixel(x + dx, y + dy) - self.pixel(x - dx, y - dy);
            let far = self.pixel(x + 2 * dx, y + 2 * dy) - self.pixel(x - 2 * dx, y - 2 * dy);
            (8.0 * near - far) / 12.0
        };
        (along(1, 0), along(0, 1))
    }

    /// The value between pixels, by cubic convolution (Keys 1981).
    pub(super) fn sample(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (columns, rows) = (weights(x - left), weights(y - top));
        let (left, top) = (left as isize, top as isize);
        let mut sum = 0.0;
        let inside =
            left >= 1 && top >= 1 && left + 2 < self.width as isize && top + 2 < self.height as isize;
        if inside {
            let start = (top - 1) as usize * self.width + (left - 1) as usize;
            for (line, row) in rows.iter().enumerate() {
                let from = start + line * self.width;
                let four = self.values.get(from..from + 4).unwrap_or_default();
                sum += row * columns.iter().zip(four).map(|(weight, value)| weight * value).sum::<f32>();
            }
            return sum;
        }
        for (row, down) in rows.iter().zip(-1..3) {
            let line: f32 =
                columns.iter().zip(-1..3).map(|(w, across)| w * self.pixel(left + across, top + down)).sum();
            sum += row * line;
        }
        sum
    }

    /// Motion of a coarser level as a first guess of this size: twice as many pixels, twice as far.
    pub(super) fn doubled(&self, width: usize, height: usize) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let [x, y] = [x, y].map(|place| (place as f32 + 0.5) * 0.5 - 0.5);
                let (left, top) = (x.floor(), y.floor());
                let (fx, fy) = (x - left, y - top);
                let (left, top) = (left as isize, top as isize);
                let row = |y| (1.0 - fx) * self.pixel(left, y) + fx * self.pixel(left + 1, y);
                values.push(2.0 * ((1.0 - fy) * row(top) + fy * row(top + 1)));
            }
        }
        Self { width, height, values }
    }
}

/// Weights of the four neighbours at `f` of the way from the second to the third.
fn weights(f: f32) -> [f32; 4] {
    let (f2, f3) = (f * f, f * f * f);
    [-0.5 * f + f2 - 0.5 * f3, 1.0 - 2.5 * f2 + 1.5 * f3, 0.5 * f + 2.0 * f2 - 1.5 * f3, -0.5 * f2 + 0.5 * f3]
}

/// A Gaussian blur of spread `sigma`, edges continued.
pub(super) fn blurred(plane: &Plane, sigma: f32) -> Plane {
    let reach = (2.5 * sigma).ceil() as usize;
    let weight = |d: usize| (-0.5 * (d as f32 / sigma).powi(2)).exp();
    let total: f32 = weight(0) + 2.0 * (1..=reach).map(weight).sum::<f32>();
    let kernel: Vec<f32> = (0..=reach).map(|d| weight(d) / total).collect();
    along_columns(&along_rows(plane, &kernel), &kernel)
}

/// Each row, with its ends continued, under a symmetric kernel whose middle comes first.
fn along_rows(plane: &Plane, kernel: &[f32]) -> Plane {
    let reach = kernel.len() - 1;
    let mut to = plane.zeros();
    let mut long = vec![0.0; plane.width + 2 * reach];
    let rows = plane.values.chunks_exact(plane.width.max(1));
    for (row, out) in rows.zip(to.values.chunks_exact_mut(plane.width.max(1))) {
        let (first, last) = (at(row, 0), at(row, row.len().saturating_sub(1)));
        for (index, value) in long.iter_mut().enumerate() {
            *value = match index.checked_sub(reach) {
                None => first,
                Some(inside) => row.get(inside).copied().unwrap_or(last),
            };
        }
        for (d, weight) in kernel.iter().enumerate() {
            let ends = [reach - d, reach + d];
            let sides = ends.map(|start| long.get(start..start + plane.width).unwrap_or_default());
            let weight = if d == 0 { 0.5 * weight } else { *weight };
            for ((out, left), right) in out.iter_mut().zip(sides[0]).zip(sides[1]) {
                *out += weight * (left + right);
            }
        }
    }
    to
}

/// The same down the columns: whole rows at once.
fn along_columns(plane: &Plane, kernel: &[f32]) -> Plane {
    let width = plane.width.max(1);
    let mut to = plane.zeros();
    for (y, out) in to.values.chunks_exact_mut(width).enumerate() {
        for (d, weight) in kernel.iter().enumerate() {
            let above = y.saturating_sub(d) * width;
            let below = (y + d).min(plane.height - 1) * width;
            let rows = [above, below].map(|start| plane.values.get(start..start + width).unwrap_or_default());
            let weight = if d == 0 { 0.5 * weight } else { *weight };
            for ((out, up), down) in out.iter_mut().zip(rows[0]).zip(rows[1]) {
                *out += weight * (up + down);
            }
        }
    }
    to
}

/// Half as many pixels each way, of a slightly blurred picture.
pub(super) fn halved(plane: &Plane) -> Plane {
    let soft = blurred(plane, 0.8);
    let (width, height) = (plane.width / 2, plane.height / 2);
    let mean = |index: usize| {
        let (x, y) = (2 * (index % width) as isize, 2 * (index / width) as isize);
        let row = |y| soft.pixel(x, y) + soft.pixel(x + 1, y);
        0.25 * (row(y) + row(y + 1))
    };
    Plane { width, height, values: (0..width * height).map(mean).collect() }
}
