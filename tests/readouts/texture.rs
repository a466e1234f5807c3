//! Pictures whose motion is exact: sums of waves, read wherever a pixel comes from.

use percept::readout::flow::{Luma, middle};
use percept::units::PixelSize;

/// Numbers in 0..1 that look random and are the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A smooth random texture over the whole plane.
pub(crate) struct Texture {
    waves: Vec<[f64; 3]>,
    contrast: f64,
}

impl Texture {
    /// Waves of 7 to 40 px in all directions.
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let waves = (0..40).map(|_| {
            let (length, direction) =
                (7.0 * (40.0_f64 / 7.0).powf(dice.roll()), std::f64::consts::TAU * dice.roll());
            let frequency = std::f64::consts::TAU / length;
            [frequency * direction.cos(), frequency * direction.sin(), std::f64::consts::TAU * dice.roll()]
        });
        Self { waves: waves.collect(), contrast: 0.25 }
    }

    /// The value at a place, right and up.
    fn at(&self, x: f64, y: f64) -> f64 {
        let sum: f64 = self.waves.iter().map(|[fx, fy, phase]| (fx * x + fy * y + phase).cos()).sum();
        0.5 + self.contrast * sum * (2.0 / self.waves.len() as f64).sqrt()
    }

    /// The picture in which every pixel shows what `source` says, all from the middle, right and up.
    pub(crate) fn seen(&self, size: PixelSize, source: impl Fn(f64, f64) -> (f64, f64)) -> Luma {
        picture(size, |x, y| {
            let (x, y) = source(x, y);
            self.at(x, y)
        })
    }

    pub(crate) fn shifted(&self, size: PixelSize, right: f64, up: f64) -> Luma {
        self.seen(size, |x, y| (x - right, y - up))
    }

    pub(crate) fn turned(&self, size: PixelSize, deg: f64) -> Luma {
        let (sin, cos) = deg.to_radians().sin_cos();
        self.seen(size, |x, y| (cos * x + sin * y, cos * y - sin * x))
    }

    pub(crate) fn grown(&self, size: PixelSize, log_scale: f64) -> Luma {
        let scale = log_scale.exp();
        self.seen(size, |x, y| (x / scale, y / scale))
    }
}

/// A picture of `value(x, y)`, right and up from the middle.
pub(crate) fn picture(size: PixelSize, value: impl Fn(f64, f64) -> f64) -> Luma {
    let centre = middle(size);
    let width = size.width as usize;
    let each =
        (0..size.area()).map(|at| value((at % width) as f64 - centre[0], centre[1] - (at / width) as f64));
    Luma::new(size, each.map(|value| value as f32).collect()).unwrap()
}

pub(crate) fn noise(size: PixelSize, dice: &mut Dice) -> Luma {
    let values = (0..size.area()).map(|_| dice.roll() as f32).collect();
    Luma::new(size, values).unwrap()
}
