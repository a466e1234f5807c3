//! Pictures in time that can be worked out on paper.

use percept::safety::{Analyser, Field, Pixels, Verdict};
use percept::units::PixelSize;

/// Three pixels a cell: a field of 10 degrees is 80 by 60 pixels, a quarter of it 1200.
pub(crate) const SIZE: PixelSize = PixelSize::new(240, 180);
pub(crate) const RATE_HZ: f64 = 60.0;

pub(crate) type Light = [f64; 3];

pub(crate) const fn grey(luminance: f64) -> Light {
    [luminance; 3]
}

/// sRGB coding of linear light.
pub(crate) fn coded(linear: f64) -> f32 {
    let value = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    value as f32
}

/// A clip: linear light at a place (pixels) and a time.
pub(crate) struct Clip<F: Fn(u32, u32, f64) -> Light> {
    pub light: F,
    pub seconds: f64,
    pub rate_hz: f64,
    pub size: PixelSize,
}

impl<F: Fn(u32, u32, f64) -> Light> Clip<F> {
    pub(crate) fn new(seconds: f64, light: F) -> Self {
        Self { light, seconds, rate_hz: RATE_HZ, size: SIZE }
    }

    pub(crate) fn planes(&self, time_s: f64) -> Vec<f32> {
        let area = self.size.area();
        let mut planes = vec![0.0; 3 * area];
        let mut last = (grey(0.0), [0.0; 3]);
        for at in 0..area {
            let (x, y) = (at as u32 % self.size.width, at as u32 / self.size.width);
            let light = (self.light)(x, y, time_s);
            if light != last.0 {
                last = (light, light.map(coded));
            }
            (0..3).for_each(|plane| planes[plane * area + at] = last.1[plane]);
        }
        planes
    }

    pub(crate) fn times(&self) -> Vec<f64> {
        (0..=(self.seconds * self.rate_hz) as u32).map(|i| f64::from(i) / self.rate_hz).collect()
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let mut analyser = Analyser::new(Field::FullScreen);
        for time_s in self.times() {
            analyser.push(self.size, Pixels::Planes(&self.planes(time_s)), time_s);
        }
        analyser.verdict()
    }
}

/// Whether the second of two states is on, at so many cycles a second. A whisker after the turn, so that frames do
/// not fall on it.
pub(crate) fn is_on(time_s: f64, hz: f64) -> bool {
    ((time_s + 1e-4) * hz).fract() >= 0.5
}

/// A flicker between two states over a rectangle in the middle, mid-grey around it.
pub(crate) fn flicker(hz: f64, seconds: f64, states: [Light; 2], [w, h]: [u32; 2]) -> Verdict {
    let (left, top) = ((SIZE.width - w) / 2, (SIZE.height - h) / 2);
    Clip::new(seconds, |x, y, t| {
        if (left..left + w).contains(&x) && (top..top + h).contains(&y) {
            states[usize::from(is_on(t, hz))]
        } else {
            grey(0.2)
        }
    })
    .verdict()
}

/// The whole picture between two states.
pub(crate) fn whole(hz: f64, seconds: f64, states: [Light; 2]) -> Verdict {
    flicker(hz, seconds, states, [SIZE.width, SIZE.height])
}

pub(crate) const BLACK_WHITE: [Light; 2] = [grey(0.0), grey(1.0)];
