//! Arrows at corners, after the published protocol: the corners of Shi & Tomasi (1994), pyramidal Lucas-Kanade as
//! Bouguet (2000) has it and `OpenCV`'s `calcOpticalFlowPyrLK` computes it, and what the illusions' authors set
//! (`LanaSina/evolutionary_illusion_generator` and `LanaSina/Optical_Flow_Analyzer`).

use super::pyramid::Grid;
use super::{Luma, comparable};
use crate::error::Result;

/// Settings, named as in `OpenCV`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sparse {
    /// Most corners.
    pub max_corners: usize,
    /// Smallest eigenvalue of a corner, as a share of the best one's.
    pub quality: f32,
    /// Shortest distance between two corners, px.
    pub min_distance_px: f32,
    /// Side of the block over which a corner is rated, px.
    pub block_px: usize,
    /// Side of the window in which its motion is found, px.
    pub window_px: usize,
    /// Halvings of the picture.
    pub max_level: usize,
    /// Most steps at each level.
    pub iterations: usize,
    /// A step shorter than this is the last, px.
    pub epsilon_px: f32,
    /// Longer vectors are discarded as implausible, px.
    pub longest_px: f32,
}

impl Sparse {
    /// The protocol for pictures of bands, in which vectors above 0.15 px are discarded.
    pub const BANDS: Self = Self {
        max_corners: 100,
        quality: 0.3,
        min_distance_px: 7.0,
        block_px: 7,
        window_px: 50,
        max_level: 2,
        iterations: 10,
        epsilon_px: 0.03,
        longest_px: 0.15,
    };
    /// The same for circles: up to 0.3 px.
    pub const CIRCLES: Self = Self { longest_px: 0.3, ..Self::BANDS };
    /// The same for any picture: up to 0.4 px.
    pub const FREE: Self = Self { longest_px: 0.4, ..Self::BANDS };
}

/// Motion of one corner.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Arrow {
    /// Column of the corner in the first picture, px.
    pub column: f32,
    /// Row, px.
    pub row: f32,
    /// Motion to the right, px.
    pub u: f32,
    /// Motion UP, px.
    pub v: f32,
}

/// Smallest eigenvalue, per pixel of the window, with which `OpenCV` still follows a corner. Its derivatives are of
/// bytes, by Scharr's kernel over 32.
const FOLLOWED: f32 = 1e-4;

/// The arrows of the corners of the first picture that could be followed into the second, best corner first.
///
/// # Errors
/// [`crate::error::Kind::Mismatch`] for pictures of two sizes or smaller than [`super::SHORTEST_SIDE`],
/// [`crate::error::Kind::NotFinite`] for values that are no numbers.
pub fn sparse(from: &Luma, to: &Luma, how: &Sparse) -> Result<Vec<Arrow>> {
    comparable(from, to)?;
    let levels = [from, to].map(|picture| pyramid(picture, how.max_level));
    let [from, to] = &levels;
    let gradients: Vec<[Grid; 2]> = from.iter().map(|grid| derivatives(grid, 3.0, 10.0)).collect();
    let Some(first) = from.first() else { return Ok(Vec::new()) };
    let follow = |&(column, row): &(usize, usize)| {
        let place = [column as f32, row as f32];
        let mut motion = [0.0; 2];
        for level in (0..from.len()).rev() {
            let scale = 1.0 / (1 << level) as f32;
            let start = motion.map(|d| 2.0 * d);
            motion =
                step_to(&from[level], &to[level], &gradients[level], place.map(|p| p * scale), start, how)?;
        }
        let [u, down] = motion;
        Some(Arrow { column: place[0], row: place[1], u, v: -down })
    };
    let arrows = corners(first, how).iter().filter_map(follow).collect::<Vec<_>>();
    Ok(arrows.into_iter().filter(|arrow| arrow.u.hypot(arrow.v) <= how.longest_px).collect())
}

/// The picture in bytes' range and its halvings (`pyrDown`: 1 4 6 4 1 over 16).
fn pyramid(picture: &Luma, halvings: usize) -> Vec<Grid> {
    let values = picture.values.iter().map(|value| (255.0 * value.clamp(0.0, 1.0)).round()).collect();
    let mut levels =
        vec![Grid { width: picture.size.width as usize, height: picture.size.height as usize, values }];
    while let Some(last) = levels.last()
        && levels.len() <= halvings
        && last.width.min(last.height) >= 8
    {
        let half = last.halved_with(&[6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0]);
        levels.push(half);
    }
    levels
}

/// Derivatives along columns and rows, px⁻¹, each smoothed across by `side middle side`.
fn derivatives(grid: &Grid, side: f32, middle: f32) -> [Grid; 2] {
    let (width, height) = (grid.width, grid.height);
    let mut done = [Grid::filled(width, height, 0.0), Grid::filled(width, height, 0.0)];
    let scale = 0.5 / (2.0 * side + middle);
    for y in 0..height {
        let rows = [grid.row(y.saturating_sub(1)), grid.row(y), grid.row((y + 1).min(height - 1))];
        for x in 0..width {
            let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
            let weigh = |values: [f32; 3]| side * (values[0] + values[2]) + middle * values[1];
            let column = |i: usize| weigh(rows.map(|row| row[columns[i]]));
            let row = |j: usize| weigh(columns.map(|column| rows[j][column]));
            done[0].values[y * width + x] = scale * (column(2) - column(0));
            done[1].values[y * width + x] = scale * (row(2) - row(0));
        }
    }
    done
}

/// Columns and rows of the corners, best first.
fn corners(picture: &Grid, how: &Sparse) -> Vec<(usize, usize)> {
    let (width, height) = (picture.width, picture.height);
    let [gx, gy] = derivatives(picture, 1.0, 2.0);
    let block = vec![1.0 / how.block_px.max(1) as f32; how.block_px / 2 + 1];
    let product = |a: &Grid, b: &Grid| {
        let values = a.values.iter().zip(&b.values).map(|(a, b)| a * b).collect();
        Grid { width, height, values }.blurred(&block)
    };
    let (xx, xy, yy) = (product(&gx, &gx), product(&gx, &gy), product(&gy, &gy));
    let quality = |at: usize| {
        let (xx, xy, yy) = (xx.values[at], xy.values[at], yy.values[at]);
        0.5 * (xx + yy) - (0.25 * (xx - yy) * (xx - yy) + xy * xy).sqrt()
    };
    let quality: Vec<f32> = (0..width * height).map(quality).collect();
    let best = quality.iter().copied().fold(0.0, f32::max);
    let is_corner = |x: usize, y: usize| {
        let own = quality[y * width + x];
        let around = (y - 1..=y + 1).flat_map(|y| &quality[y * width + x - 1..=y * width + x + 1]);
        own > 0.0 && own >= how.quality * best && around.into_iter().all(|other| *other <= own)
    };
    let inner = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y)));
    let mut candidates: Vec<(usize, usize)> = inner.filter(|&(x, y)| is_corner(x, y)).collect();
    candidates.sort_by(|a, b| quality[b.1 * width + b.0].total_cmp(&quality[a.1 * width + a.0]));
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (x, y) in candidates {
        let near = |&(kx, ky): &(usize, usize)| {
            (kx as f32 - x as f32).hypot(ky as f32 - y as f32) < how.min_distance_px
        };
        if kept.len() < how.max_corners && !kept.iter().any(near) {
            kept.push((x, y));
        }
    }
    kept
}

/// The motion (right and down) at one level, from `start`; `None` where the window shows too little or leaves the
/// second picture altogether.
fn step_to(
    from: &Grid,
    to: &Grid,
    gradients: &[Grid; 2],
    place: [f32; 2],
    start: [f32; 2],
    how: &Sparse,
) -> Option<[f32; 2]> {
    let side = how.window_px.max(1);
    let half = 0.5 * (side - 1) as f32;
    let within = |x: f32, y: f32| {
        x >= 0.0 && y >= 0.0 && x <= (from.width - 1) as f32 && y <= (from.height - 1) as f32
    };
    let corner = place.map(|p| p - half);
    let places = (0..side * side).map(|i| [corner[0] + (i % side) as f32, corner[1] + (i / side) as f32]);
    // OpenCV's derivatives are zero outside the picture
    let patch: Vec<([f32; 2], [f32; 3])> = places
        .filter(|[x, y]| within(*x, *y))
        .map(|[x, y]| ([x, y], [from.linear(x, y), gradients[0].linear(x, y), gradients[1].linear(x, y)]))
        .collect();
    let sum = |of: fn(f32, f32) -> f32| patch.iter().map(|(_, [_, gx, gy])| of(*gx, *gy)).sum::<f32>();
    let (xx, xy, yy) = (sum(|x, _| x * x), sum(|x, y| x * y), sum(|_, y| y * y));
    let smaller = 0.5 * (xx + yy) - (0.25 * (xx - yy) * (xx - yy) + xy * xy).sqrt();
    let scale = xx * yy - xy * xy;
    if smaller / (side * side) as f32 <= FOLLOWED || scale <= f32::EPSILON {
        return None;
    }
    let mut motion = start;
    let mut last = [0.0_f32; 2];
    for iteration in 0..how.iterations {
        if !within(place[0] + motion[0], place[1] + motion[1]) {
            return None;
        }
        let (mut xd, mut yd) = (0.0, 0.0);
        for ([x, y], [value, gx, gy]) in &patch {
            let difference = value - to.linear(x + motion[0], y + motion[1]);
            xd += gx * difference;
            yd += gy * difference;
        }
        let step = [(yy * xd - xy * yd) / scale, (xx * yd - xy * xd) / scale];
        motion = [motion[0] + step[0], motion[1] + step[1]];
        if step[0].hypot(step[1]) <= how.epsilon_px {
            break;
        }
        // to and fro about the same place: the middle of it
        if iteration > 0 && (step[0] + last[0]).abs() < 0.01 && (step[1] + last[1]).abs() < 0.01 {
            motion = [motion[0] - 0.5 * step[0], motion[1] - 0.5 * step[1]];
            break;
        }
        last = step;
    }
    Some(motion)
}
