//! All numbers that training changes, in one flat list: kernels `[output][input][3][3]` and biases, layer by layer.

use std::ops::Range;

/// A named array in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name it has in files, for example `layer_ahat_0.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Where it lies in the list.
    pub range: Range<usize>,
}

/// Where a convolution's kernels and biases lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kernels: Range<usize>,
    pub(super) biases: Range<usize>,
}

/// Where a layer's convolutions lie. The kernels of the four gates follow each other, and so do their biases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerPlaces {
    pub(super) gates: Place,
    pub(super) ahat: Place,
    pub(super) a: Option<Place>,
    /// The readout of `R`, at the pixels and where there is one.
    pub(super) p: Option<Place>,
}

/// The list's table of contents, given by the widths of the layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightList {
    entries: Vec<Entry>,
    pub(super) layers: Vec<LayerPlaces>,
    len: usize,
}

impl WeightList {
    /// For layers of these widths, from the pixels up; `readout`: with a convolution of `R_0` that predicts the frame.
    #[must_use]
    pub fn new(widths: &[usize], readout: bool) -> Self {
        let mut list = Self { entries: Vec::new(), layers: Vec::new(), len: 0 };
        for (layer, &width) in widths.iter().enumerate() {
            let above = widths.get(layer + 1).copied();
            let gates = list.add(&["i", "f", "o", "c"], layer, 3 * width + above.unwrap_or(0), width);
            let ahat = list.add(&["ahat"], layer, width, width);
            let a = above.map(|above| list.add(&["a"], layer, 2 * width, above));
            list.layers.push(LayerPlaces { gates, ahat, a, p: None });
        }
        if let (true, Some(&width)) = (readout, widths.first()) {
            let p = list.add(&["p"], 0, width, width);
            list.layers[0].p = Some(p);
        }
        list
    }

    fn add(&mut self, names: &[&str], layer: usize, from: usize, to: usize) -> Place {
        let mut part = |kind: &str, shape: &[usize]| {
            let begin = self.len;
            for name in names {
                let name = format!("layer_{name}_{layer}.{kind}");
                let range = self.len..self.len + shape.iter().product::<usize>();
                self.len = range.end;
                self.entries.push(Entry { name, shape: shape.to_vec(), range });
            }
            begin..self.len
        };
        Place { kernels: part("weight", &[to, from, 3, 3]), biases: part("bias", &[to]) }
    }

    /// The arrays in their order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many numbers there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}
