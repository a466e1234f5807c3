//! Dense flow: windowed Lucas-Kanade (Lucas & Kanade 1981) from coarse to fine, both pictures moved by half.
//!
//! The field lives half way: at a pixel it says what was half a step before and will be half a step after. Both
//! pictures are read at the same distance from their pixels and so are blurred alike by it, which leaves no bias,
//! and changing their order changes nothing but the sign. Differences of the moved pictures are driven to zero by
//! Gauss-Newton steps, so that the answer does not hang on how well gradients are estimated.

use super::pyramid::Grid;
use super::{Field, Luma, comparable};
use crate::error::Result;

/// How the dense flow is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dense {
    /// Standard deviation of the Gaussian window, px of each level.
    pub window_px: f32,
    /// Blur of both pictures before everything, px.
    pub blur_px: f32,
    /// Most Gauss-Newton steps at each level.
    pub steps: usize,
    /// Most halvings; they stop before a side is shorter than 12 px.
    pub halvings: usize,
    /// Smaller eigenvalue of the structure tensor (mean squared gradient, 1/px², of values in 0..1) at which the
    /// confidence is one half.
    pub half_confidence: f32,
}

impl Default for Dense {
    fn default() -> Self {
        Self { window_px: 2.5, blur_px: 0.7, steps: 5, halvings: 3, half_confidence: 2e-5 }
    }
}

/// Added to the structure tensor: where there is less than this to see, what the coarser level said is kept.
const RIDGE: f32 = 1e-7;
/// Smaller eigenvalue that may be rounding only, 1/px².
const INVISIBLE: f32 = 1e-10;
/// Shortest side of the coarsest level, px.
const COARSEST: usize = 12;
/// Share of the squared difference that motion from a coarser level may leave and be believed altogether, and from
/// which on it is not believed.
const LITTLE_LEFT: f32 = 0.3;
const MUCH_LEFT: f32 = 0.6;
/// Longest single step, px of the level.
const LONGEST_STEP: f32 = 1.0;
/// A step whose believed pixels move less (root mean square) is the last, px.
const SMALL_STEP: f32 = 1e-3;

/// Flow from one picture to the other, px, with [`Dense::default`].
///
/// # Errors
/// [`crate::error::Kind::Mismatch`] for pictures of two sizes or smaller than [`super::SHORTEST_SIDE`],
/// [`crate::error::Kind::NotFinite`] for values that are no numbers.
pub fn dense(from: &Luma, to: &Luma) -> Result<Field> {
    dense_with(from, to, &Dense::default())
}

/// As [`dense`], with settings.
///
/// # Errors
/// As [`dense`].
pub fn dense_with(from: &Luma, to: &Luma, how: &Dense) -> Result<Field> {
    with_edges(from, to, how).map(|(field, _)| field)
}

/// As [`dense_with`], and the part of the motion that is ACROSS the edges around every pixel, with its own confidence: of
/// a grating that is all that can be known (the aperture problem).
///
/// # Errors
/// As [`dense`].
pub fn with_edges(from: &Luma, to: &Luma, how: &Dense) -> Result<(Field, Field)> {
    comparable(from, to)?;
    let levels = [from, to].map(|picture| pyramid(picture, how));
    let window = Grid::gaussian(how.window_px);
    let mut level: Option<Level> = None;
    for (a, b) in levels[0].iter().zip(&levels[1]).rev() {
        let is_coarsest = level.is_none();
        let mut next = level.map_or_else(|| Level::still(a), |coarse| coarse.finer(a, &window));
        if !is_coarsest {
            next.keep_what_matches(a, b, &window);
        }
        for _ in 0..how.steps {
            if next.step(a, b, &window) < SMALL_STEP {
                break;
            }
        }
        level = Some(next);
    }
    let (Some(level), Some(a), Some(b)) = (level, levels[0].first(), levels[1].first()) else {
        return Ok((Field::still(from.size), Field::still(from.size)));
    };
    let alike = level.match_of(a, b, &window);
    let believed = |(seen, alike): (&f32, &f32)| {
        if *seen > INVISIBLE { alike * seen / (seen + how.half_confidence) } else { 0.0 }
    };
    let mut across = Field::still(from.size);
    across.confidence = level.edges.values.iter().zip(&alike.values).map(believed).collect();
    for (at, angle) in level.across.values.iter().enumerate() {
        let (down, right) = angle.sin_cos();
        let length = right * level.x.values[at] + down * level.y.values[at];
        (across.u[at], across.v[at]) = (length * right, -length * down);
    }
    let field = Field {
        size: from.size,
        u: level.x.values,
        v: level.y.values.iter().map(|down| -down).collect(),
        confidence: level.seen.values.iter().zip(&alike.values).map(believed).collect(),
    };
    Ok((field, across))
}

/// Splines through the picture and through ever coarser ones.
fn pyramid(picture: &Luma, how: &Dense) -> Vec<Grid> {
    let (width, height) = (picture.size.width as usize, picture.size.height as usize);
    let mut last = Grid { width, height, values: picture.values.clone() };
    if how.blur_px > 0.0 {
        last = last.blurred(&Grid::gaussian(how.blur_px));
    }
    let mut levels = Vec::new();
    while levels.len() < how.halvings && last.width.min(last.height) >= 2 * COARSEST {
        let next = last.halved();
        levels.push(std::mem::replace(&mut last, next));
    }
    levels.push(last);
    levels.into_iter().map(Grid::spline).collect()
}

/// Motion at one level: right and DOWN, px of the level.
struct Level {
    x: Grid,
    y: Grid,
    /// Smaller eigenvalue of the structure tensor.
    seen: Grid,
    /// Larger eigenvalue.
    edges: Grid,
    /// Direction of its vector, across the edges: radians from the right, clockwise.
    across: Grid,
}

impl Level {
    fn still(like: &Grid) -> Self {
        let zeros = Grid::filled(like.width, like.height, 0.0);
        Self { x: zeros.clone(), y: zeros.clone(), seen: zeros.clone(), edges: zeros.clone(), across: zeros }
    }

    /// The same motion at twice the size. Where little is seen, it is that of the surroundings.
    fn finer(&self, like: &Grid, window: &[f32]) -> Self {
        let weight = |i: usize| self.seen.values[i] + RIDGE;
        let weigh = |grid: &Grid| {
            let each = grid.values.iter().enumerate().map(|(i, value)| value * weight(i));
            Grid { width: grid.width, height: grid.height, values: each.collect() }.blurred(window)
        };
        let total = weigh(&Grid::filled(self.x.width, self.x.height, 1.0));
        let [x, y] = [&self.x, &self.y].map(|grid| {
            let mut mean = weigh(grid);
            mean.values.iter_mut().zip(&total.values).for_each(|(value, total)| *value *= 2.0 / total);
            mean.doubled(like.width, like.height)
        });
        let nothing = Grid::filled(like.width, like.height, 0.0);
        Self { x, y, seen: nothing.clone(), edges: nothing.clone(), across: nothing }
    }

    /// Motion from the coarser level stays where the pictures match much better with it than without; elsewhere it
    /// would be one chance for many pixels. It fades out in between.
    fn keep_what_matches(&mut self, a: &Grid, b: &Grid, window: &[f32]) {
        let energy = |level: &Self| {
            let (_, mut difference, inside) = level.meet(a, b);
            let each = difference.values.iter_mut().zip(&inside.values);
            each.for_each(|(d, inside)| *d = d.powi(2) * inside);
            (difference.blurred(window), inside.blurred(window))
        };
        let (moved, inside) = energy(self);
        let (still, _) = energy(&Self::still(a));
        for (at, (moved, still)) in moved.values.iter().zip(&still.values).enumerate() {
            let left = moved / (still * inside.values[at]).max(f32::MIN_POSITIVE);
            let kept = ((MUCH_LEFT - left) / (MUCH_LEFT - LITTLE_LEFT)).clamp(0.0, 1.0);
            self.x.values[at] *= kept;
            self.y.values[at] *= kept;
        }
    }

    /// How alike the pictures are once they are moved: square of their correlation in the window, 0 where it is
    /// negative. Motion between unrelated pictures is not to be believed.
    fn match_of(&self, a: &Grid, b: &Grid, window: &[f32]) -> Grid {
        let (mean, difference, inside) = self.meet(a, b);
        let weigh = |of: &dyn Fn(f32, f32) -> f32| {
            let each = mean.values.iter().zip(&difference.values).zip(&inside.values);
            let values = each.map(|((m, d), inside)| inside * of(*m, *d)).collect();
            Grid { width: a.width, height: a.height, values }.blurred(window)
        };
        let (weight, m, d) = (weigh(&|_, _| 1.0), weigh(&|m, _| m), weigh(&|_, d| d));
        let (mm, dd) = (weigh(&|m, _| m * m), weigh(&|_, d| d * d));
        let mut alike = weight;
        for (at, value) in alike.values.iter_mut().enumerate() {
            let weight = value.max(f32::MIN_POSITIVE);
            let variance = |square: f32, mean: f32| (square / weight - (mean / weight).powi(2)).max(0.0);
            // first and second are mean +- half the difference
            let (common, apart) =
                (variance(mm.values[at], m.values[at]), 0.25 * variance(dd.values[at], d.values[at]));
            let correlation = (common - apart) / (common + apart).max(f32::MIN_POSITIVE);
            *value = if *value > 0.0 { correlation.max(0.0).powi(2) } else { 0.0 };
        }
        alike
    }

    /// One Gauss-Newton step; its root mean square over believed pixels, px.
    fn step(&mut self, a: &Grid, b: &Grid, window: &[f32]) -> f32 {
        let (width, height) = (a.width, a.height);
        let (mean, difference, inside) = self.meet(a, b);
        let empty = Grid::filled(width, height, 0.0);
        let mut sums: [Grid; 6] = std::array::from_fn(|_| empty.clone());
        for y in 0..height {
            let (above, below) = (mean.row(y.saturating_sub(1)), mean.row((y + 1).min(height - 1)));
            let row = mean.row(y);
            let tall = if y == 0 || y + 1 == height { 1.0 } else { 0.5 };
            for x in 0..width {
                let at = y * width + x;
                let wide = if x == 0 || x + 1 == width { 1.0 } else { 0.5 };
                let gx = wide * (row[(x + 1).min(width - 1)] - row[x.saturating_sub(1)]);
                let gy = tall * (below[x] - above[x]);
                let (d, w) = (difference.values[at], inside.values[at]);
                let products = [gx * gx, gx * gy, gy * gy, gx * d, gy * d, 1.0];
                for (sum, product) in sums.iter_mut().zip(products) {
                    sum.values[at] = w * product;
                }
            }
        }
        let sums = sums.map(|sum| sum.blurred(window));
        let (mut squares, mut count) = (0.0, 0.0_f32);
        for at in 0..width * height {
            let [xx, xy, yy, xd, yd, w] = std::array::from_fn(|i| sums[i].values[at]);
            let half_difference = 0.5 * (xx - yy);
            let (mean, apart) = (0.5 * (xx + yy), (half_difference * half_difference + xy * xy).sqrt());
            let smaller = mean - apart;
            let (xx, yy) = (xx + RIDGE, yy + RIDGE);
            let scale = 1.0 / (xx * yy - xy * xy).max(RIDGE * RIDGE);
            let (dx, dy) = ((yy * xd - xy * yd) * scale, (xx * yd - xy * xd) * scale);
            let length = dx.hypot(dy);
            let cut = if length > LONGEST_STEP { LONGEST_STEP / length } else { 1.0 };
            self.x.values[at] += cut * dx;
            self.y.values[at] += cut * dy;
            self.seen.values[at] = smaller.max(0.0) * w;
            self.edges.values[at] = (mean + apart) * w;
            self.across.values[at] = 0.5 * xy.atan2(half_difference);
            if smaller > 20.0 * RIDGE {
                squares += length * length;
                count += 1.0;
            }
        }
        (squares / count.max(1.0)).sqrt()
    }

    /// Both pictures moved by half: their mean, the first minus the second, and 1 where both have a pixel.
    fn meet(&self, a: &Grid, b: &Grid) -> (Grid, Grid, Grid) {
        let (width, height) = (a.width, a.height);
        let empty = Grid::filled(width, height, 0.0);
        let (mut mean, mut difference, mut inside) = (empty.clone(), empty.clone(), empty);
        let (right, bottom) = ((width - 1) as f32, (height - 1) as f32);
        for y in 0..height {
            for x in 0..width {
                let at = y * width + x;
                let (dx, dy) = (0.5 * self.x.values[at], 0.5 * self.y.values[at]);
                let (px, py) = (x as f32, y as f32);
                let (first, second) = (a.cubic(px - dx, py - dy), b.cubic(px + dx, py + dy));
                mean.values[at] = 0.5 * (first + second);
                difference.values[at] = first - second;
                let within =
                    px >= dx.abs() && px + dx.abs() <= right && py >= dy.abs() && py + dy.abs() <= bottom;
                inside.values[at] = f32::from(u8::from(within));
            }
        }
        (mean, difference, inside)
    }
}
