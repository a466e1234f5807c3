//! PredNet (Lotter, Kreiman & Cox 2017) one product after the other, in double precision.

use crate::model::weights::{HostTensor, NamedTensors};

/// Maps of a layer: channel by channel, row by row.
#[derive(Clone, Default)]
pub struct Layer {
    pub a_hat: Vec<f64>,
    pub e: Vec<f64>,
    pub r: Vec<f64>,
    pub c: Vec<f64>,
}

/// A network and its state.
pub struct Reference {
    weights: NamedTensors,
    widths: Vec<usize>,
    size: (usize, usize),
    pub layers: Vec<Layer>,
}

/// Numbers between -1 and 1 that are always the same.
pub struct Mix(pub u64);

impl Mix {
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

/// Weights of a network by the authors' names.
pub fn weights(widths: &[usize], seed: u64) -> NamedTensors {
    let mut mix = Mix(seed);
    let mut all = NamedTensors::new();
    for (layer, &width) in widths.iter().enumerate() {
        let above = widths.get(layer + 1).copied().unwrap_or(0);
        let gates = ["i", "f", "o", "c"].map(|gate| (gate, width, 3 * width + above));
        for (name, to, from) in gates.into_iter().chain([("ahat", width, width), ("a", above, 2 * width)]) {
            let bound = (3.0 / (from * 9) as f32).sqrt();
            let mut values = |count: usize, bound: f32| (0..count).map(|_| bound * mix.next()).collect();
            let kernels = HostTensor { shape: vec![to, from, 3, 3], values: values(to * from * 9, bound) };
            let bias = HostTensor { shape: vec![to], values: values(to, 0.3) };
            if to > 0 {
                all.insert(format!("layer_{name}_{layer}.weight"), kernels);
                all.insert(format!("layer_{name}_{layer}.bias"), bias);
            }
        }
    }
    all
}

impl Reference {
    pub fn new(weights: NamedTensors, widths: &[usize], size: (usize, usize)) -> Self {
        let layer = |(layer, &width): (usize, &usize)| {
            let values = vec![0.0; width * (size.0 >> layer) * (size.1 >> layer)];
            Layer {
                a_hat: values.clone(),
                e: [values.clone(), values.clone()].concat(),
                r: values.clone(),
                c: values,
            }
        };
        let layers = widths.iter().enumerate().map(layer).collect();
        Self { weights, widths: widths.to_vec(), size, layers }
    }

    /// Width and height of a layer's maps.
    fn size(&self, layer: usize) -> (usize, usize) {
        (self.size.0 >> layer, self.size.1 >> layer)
    }

    fn convolve(&self, name: &str, layer: usize, input: &[f64]) -> Vec<f64> {
        let kernels = &self.weights[&format!("layer_{name}_{layer}.weight")];
        let bias = &self.weights[&format!("layer_{name}_{layer}.bias")].values;
        let ((width, height), from) = (self.size(layer), kernels.shape[1]);
        let mut output = Vec::new();
        for (to, bias) in bias.iter().enumerate() {
            for place in 0..width * height {
                let (y, x) = (place / width, place % width);
                let mut sum = f64::from(*bias);
                for index in 0..from * 9 {
                    let (channel, tap) = (index / 9, index % 9);
                    let (row, column) = (y + tap / 3, x + tap % 3);
                    if (1..=height).contains(&row) && (1..=width).contains(&column) {
                        let value = input[(channel * height + row - 1) * width + column - 1];
                        sum += value * f64::from(kernels.values[to * from * 9 + index]);
                    }
                }
                output.push(sum);
            }
        }
        output
    }

    /// A step: from the top down what is expected, from the bottom up what is wrong with it.
    pub fn step(&mut self, frame: &[f32]) {
        let last = self.widths.len() - 1;
        for l in (0..=last).rev() {
            let mut input = [&self.layers[l].r[..], &self.layers[l].e].concat();
            if l < last {
                input.extend(doubled(&self.layers[l + 1].r, self.size(l + 1)));
            }
            let [i, f, o, g] = ["i", "f", "o", "c"].map(|gate| self.convolve(gate, l, &input));
            let sigmoid = |x: f64| (0.2 * x + 0.5).clamp(0.0, 1.0);
            for at in 0..i.len() {
                let cell = sigmoid(f[at]) * self.layers[l].c[at] + sigmoid(i[at]) * g[at].tanh();
                self.layers[l].c[at] = cell;
                self.layers[l].r[at] = sigmoid(o[at]) * cell.tanh();
            }
            let most = if l == 0 { 1.0 } else { f64::INFINITY };
            let expected = self.convolve("ahat", l, &self.layers[l].r);
            self.layers[l].a_hat = expected.into_iter().map(|x| x.max(0.0).min(most)).collect();
        }
        let mut came: Vec<f64> = frame.iter().copied().map(f64::from).collect();
        for l in 0..=last {
            let pairs = || self.layers[l].a_hat.iter().zip(&came);
            let over = pairs().map(|(expected, came)| (expected - came).max(0.0));
            self.layers[l].e =
                over.chain(pairs().map(|(expected, came)| (came - expected).max(0.0))).collect();
            if l < last {
                came = pooled(&self.convolve("a", l, &self.layers[l].e), self.size(l));
            }
        }
    }
}

/// Every pixel four times.
fn doubled(map: &[f64], (width, height): (usize, usize)) -> Vec<f64> {
    let places = 0..map.len() / (width * height) * 4 * width * height;
    let value = |at: usize| {
        let (channel, y, x) = (at / (4 * width * height), at / (2 * width) % (2 * height), at % (2 * width));
        map[(channel * height + y / 2) * width + x / 2]
    };
    places.map(value).collect()
}

/// The most of every four pixels, at least zero.
fn pooled(map: &[f64], (width, height): (usize, usize)) -> Vec<f64> {
    let (half_width, half_height) = (width / 2, height / 2);
    let value = |at: usize| {
        let (channel, place) = (at / (half_width * half_height), at % (half_width * half_height));
        let first = (channel * height + 2 * (place / half_width)) * width + 2 * (place % half_width);
        [0, 1, width, width + 1].into_iter().fold(0.0, |most: f64, further| most.max(map[first + further]))
    };
    (0..map.len() / 4).map(value).collect()
}
