//! What decides a `PredNet`'s shape: the number of channels per layer. Everything else follows.

use crate::error::{Error, Kind, Result};
use crate::model::weights::NamedShapes;
use crate::model::{Probe, Role};
use crate::safety::limits::NETWORK_SIDE_PX;
use crate::units::PixelSize;

/// Most layers: more than this cannot halve the largest input.
const MAX_LAYERS: usize = 9;

/// Channels per layer; `A`, `Ahat` and `R` of a layer have as many (`E` has twice as many).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Channels from the pixels up: 3 (colour) or 1 (grey) at layer 0.
    pub widths: Vec<usize>,
    /// Whether a convolution of its own (`layer_p_0`) reads the prediction of the frame off `R_0`, in place of `Ahat_0`
    /// (the control of Lotter et al. 2020 whose error units no loss made small).
    pub readout: bool,
}

impl Config {
    /// A network of these widths.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] for no layer, too many, a layer without channels, or pixels that are neither
    /// colour nor grey.
    pub fn new(widths: Vec<usize>) -> Result<Self> {
        let wrong = |what: String| {
            Err(Error::new(Kind::Mismatch, what).advise("A PredNet has for example 3, 16, 32, 64 channels"))
        };
        if widths.is_empty() || widths.len() > MAX_LAYERS {
            return wrong(format!("{} layers; a PredNet here has 1 to {MAX_LAYERS}", widths.len()));
        }
        if !matches!(widths.first(), Some(1 | 3)) {
            return wrong(format!("layer 0 has {} channels; pixels have 3 or 1", widths[0]));
        }
        if let Some(layer) = widths.iter().position(|&width| width == 0 || width > 1 << 16) {
            return wrong(format!("layer {layer} has {} channels", widths[layer]));
        }
        Ok(Self { widths, readout: false })
    }

    /// Reads the widths off the shapes of a weights file and checks every array.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] with every array that is missing, extra or of another shape.
    pub fn from_shapes(shapes: &NamedShapes) -> Result<Self> {
        let width = |layer| shapes.get(&format!("layer_ahat_{layer}.weight")).and_then(|shape| shape.first());
        let widths: Vec<usize> = (0..).map_while(width).copied().take(MAX_LAYERS + 1).collect();
        if widths.is_empty() {
            let names: Vec<_> = shapes.keys().take(6).map(String::as_str).collect();
            let what =
                format!("no layer_ahat_0.weight among its {} arrays: this is no PredNet", shapes.len());
            return Err(Error::new(Kind::Mismatch, what).advise(format!("It has: {} …", names.join(", "))));
        }
        let readout = shapes.contains_key("layer_p_0.weight");
        let config = Self { readout, ..Self::new(widths)? };
        crate::model::weights::compare(shapes, &config.shapes(), &format!("PredNet {:?}", config.widths))?;
        Ok(config)
    }

    /// Names and shapes of all arrays, as in the authors' files but kernels as (out, in, row, column).
    #[must_use]
    pub fn shapes(&self) -> NamedShapes {
        let mut all = NamedShapes::new();
        let mut conv = |name: String, from: usize, to: usize| {
            all.insert(format!("{name}.weight"), vec![to, from, 3, 3]);
            all.insert(format!("{name}.bias"), vec![to]);
        };
        for (layer, &width) in self.widths.iter().enumerate() {
            let above = self.widths.get(layer + 1).copied();
            for gate in ["i", "f", "o", "c"] {
                conv(format!("layer_{gate}_{layer}"), 3 * width + above.unwrap_or(0), width);
            }
            conv(format!("layer_ahat_{layer}"), width, width);
            if let Some(above) = above {
                conv(format!("layer_a_{layer}"), 2 * width, above);
            }
            if self.readout && layer == 0 {
                conv("layer_p_0".to_owned(), width, width);
            }
        }
        all
    }

    /// Both sides of the input must divide by this: 2 to the number of layers but one.
    #[must_use]
    pub fn divisor(&self) -> u32 {
        1 << self.widths.len().saturating_sub(1)
    }

    /// Refuses a size that cannot be halved as often as the network halves it.
    ///
    /// # Errors
    /// [`Kind::Mismatch`] with the nearest sizes that fit.
    pub fn check_size(&self, size: PixelSize) -> Result<()> {
        let divisor = self.divisor();
        let in_range = NETWORK_SIDE_PX.contains(&size.width) && NETWORK_SIDE_PX.contains(&size.height);
        if size.divides_by(divisor) && in_range {
            return Ok(());
        }
        let (below, above) = (self.nearest(size, u32::div_euclid), self.nearest(size, u32::div_ceil));
        let choice = if below == above { below.to_string() } else { format!("{below} or {above}") };
        let (least, most) = (NETWORK_SIDE_PX.start(), NETWORK_SIDE_PX.end());
        let what = format!(
            "a network of {} layers cannot take {size} pixels: both sides must divide by {divisor} and be \
             {least} to {most}",
            self.widths.len()
        );
        Err(Error::new(Kind::Mismatch, what).advise(format!("Use {choice}")))
    }

    /// The valid size nearest to `size`.
    #[must_use]
    pub fn nearest_size(&self, size: PixelSize) -> PixelSize {
        self.nearest(size, |side, divisor| side.saturating_add(divisor / 2) / divisor)
    }

    fn nearest(&self, size: PixelSize, times: impl Fn(u32, u32) -> u32) -> PixelSize {
        let divisor = self.divisor();
        let least = NETWORK_SIDE_PX.start().div_ceil(divisor) * divisor;
        let most = NETWORK_SIDE_PX.end() / divisor * divisor;
        let side = |side: u32| {
            times(side.min(*NETWORK_SIDE_PX.end()), divisor).saturating_mul(divisor).clamp(least, most)
        };
        PixelSize::new(side(size.width), side(size.height))
    }

    /// Size of a layer's maps.
    #[must_use]
    pub fn layer_size(&self, size: PixelSize, layer: usize) -> PixelSize {
        PixelSize::new(size.width >> layer, size.height >> layer)
    }

    /// All probes for inputs of `size`, layer by layer: `a a_hat e r c`, and `p0` before `a_hat0` where there is a
    /// readout.
    #[must_use]
    pub fn probes(&self, size: PixelSize) -> Vec<Probe> {
        let kinds = [
            ("a", "A", Role::Actual, 1, false),
            ("a_hat", "Ahat", Role::Prediction, 1, false),
            ("e", "E", Role::Error, 2, false),
            ("r", "R", Role::Representation, 1, true),
            ("c", "C", Role::Cell, 1, true),
        ];
        let layers = self.widths.iter().enumerate();
        let mut probes: Vec<Probe> = layers
            .flat_map(|(layer, &width)| {
                kinds.map(|(name, symbol, role, times, signed)| Probe {
                    name: format!("{name}{layer}"),
                    symbol,
                    layer,
                    role,
                    channels: times * width,
                    size: self.layer_size(size, layer),
                    signed,
                })
            })
            .collect();
        if let (true, Some(a)) = (self.readout, probes.first().cloned()) {
            let p = Probe { name: "p0".to_owned(), symbol: "P", role: Role::Prediction, ..a };
            probes.insert(super::readout::PLACE, p);
        }
        probes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_read_off_the_shapes() {
        for widths in [vec![3], vec![1, 4], vec![3, 48, 96, 192], vec![3, 2, 2, 2, 2, 2]] {
            let config = Config::new(widths).unwrap();
            assert_eq!(Config::from_shapes(&config.shapes()).unwrap(), config);
        }
    }

    #[test]
    fn the_published_network_has_its_published_number_of_parameters() {
        let config = Config::new(vec![3, 48, 96, 192]).unwrap();
        let count: usize = config.shapes().values().map(|shape| shape.iter().product::<usize>()).sum();
        assert_eq!(count, 6_915_948);
    }

    #[test]
    fn a_wrong_size_is_refused_with_the_nearest_right_ones() {
        let config = Config::new(vec![3, 4, 4, 4]).unwrap();
        assert!(config.check_size(PixelSize::new(80, 64)).is_ok());
        let text = config.check_size(PixelSize::new(81, 60)).unwrap_err().to_string();
        assert!(text.contains("80x56 or 88x64"), "{text}");
        for size in [(0, 0), (1, 64), (u32::MAX, u32::MAX), (4096, 64)] {
            let size = PixelSize::new(size.0, size.1);
            assert!(config.check_size(size).is_err(), "{size}");
            assert!(config.check_size(config.nearest_size(size)).is_ok(), "{size}");
        }
    }

    #[test]
    fn impossible_widths_are_refused() {
        for widths in [vec![], vec![2, 4], vec![3, 0], vec![3; 10]] {
            assert_eq!(Config::new(widths).unwrap_err().kind, Kind::Mismatch);
        }
    }
}
