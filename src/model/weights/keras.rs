//! Keras weights: HDF5 with one group per layer, kernels as (row, column, in, out).
//!
//! The authors' own file has `/prednet_1/prednet_1/layer_{c}_{l}/{kernel:0,bias:0}`; a whole saved model has
//! the same below `/model_weights`. `c` is `a`, `ahat`, `i`, `f`, `c` or `o`, and `l` the layer.

use crate::error::{Error, Kind, Result};
use crate::model::weights::collect::{Declared, collect, count};

use crate::model::weights::hdf5::{Dataset, Hdf5};
use crate::model::weights::{Format, NamedShapes, WeightsFile, sha256_hex};

/// How many paths are listed where nothing was recognised.
const LISTED: usize = 6;

/// Reads a Keras file after `fits` has agreed to the shapes it declares.
///
/// # Errors
/// [`Kind::Damaged`], [`Kind::TooLarge`], [`Kind::Unsupported`], [`Kind::NotFinite`], [`Kind::Mismatch`] when
/// it has no layers of a `PredNet`, and those of `fits`.
pub(super) fn parse(bytes: &[u8], fits: impl FnOnce(&NamedShapes) -> Result<()>) -> Result<WeightsFile> {
    let file = Hdf5::open(bytes)?;
    let arrays = file.arrays()?;
    let (layers, others): (Vec<_>, Vec<_>) = arrays
        .into_iter()
        .map(|array| (layer_of(&array.path), array))
        .partition(|(layer, _)| layer.is_some());
    let others: Vec<String> = others.into_iter().map(|(_, array)| array.path).collect();
    let mut networks: Vec<&str> =
        layers.iter().filter_map(|(layer, _)| layer.as_ref().map(|layer| layer.network.as_str())).collect();
    networks.dedup();
    check_networks(&networks, &others)?;
    let network = networks.first().map(|&network| network.to_owned()).unwrap_or_default();
    let mut declared = Vec::new();
    for (layer, array) in layers.iter().filter_map(|(layer, array)| Some((layer.as_ref()?, array))) {
        let place = file.dataset(array.address).map_err(|error| at(error, &array.path))?;
        let shape = if layer.kernel { turned(&place.shape) } else { place.shape.clone() };
        declared.push(Declared { name: layer.name.clone(), shape, place });
    }
    let tensors = collect(&declared, fits, |array| {
        let values = file.numbers(&array.place).map_err(|error| at(error, &array.name))?;
        Ok(if is_kernel(&array.place) { turn(&values, &array.place.shape) } else { values })
    })?;
    let kernels = declared.iter().filter(|array| is_kernel(&array.place)).count();
    let mut notes = vec![
        format!("the network /{network}"),
        format!("{kernels} kernels turned from (row, column, in, out) to (out, in, row, column)"),
    ];
    if !others.is_empty() {
        notes.push(format!("left aside: {}", others.join(", ")));
    }
    Ok(WeightsFile { tensors, sha256: sha256_hex(bytes), format: Format::Keras, notes })
}

/// What a path says.
#[derive(Debug, PartialEq, Eq)]
struct Layer {
    /// The group that holds all layers.
    network: String,
    /// Our name of the array.
    name: String,
    /// Whether it is a kernel.
    kernel: bool,
}

/// `prednet_1/prednet_1/layer_a_0/kernel:0` is `layer_a_0.weight` of `prednet_1/prednet_1`.
fn layer_of(path: &str) -> Option<Layer> {
    let mut parts = path.rsplitn(3, '/');
    let (array, layer) = (parts.next()?, parts.next()?);
    let network = parts.next().unwrap_or_default().to_owned();
    if !layer.starts_with("layer_") {
        return None;
    }
    let (what, kernel) = match array {
        "kernel:0" | "kernel" => ("weight", true),
        "bias:0" | "bias" => ("bias", false),
        _ => return None,
    };
    Some(Layer { network, name: format!("{layer}.{what}"), kernel })
}

fn check_networks(networks: &[&str], others: &[String]) -> Result<()> {
    match networks {
        [_] => Ok(()),
        [] => {
            let what = format!("none of its {} arrays is of a PredNet's layer", others.len());
            let listed: Vec<&str> = others.iter().take(LISTED).map(String::as_str).collect();
            let advice = format!("Choose a file with …/layer_a_0/kernel:0; it has: {}", listed.join(", "));
            Err(Error::new(Kind::Mismatch, what).advise(advice))
        }
        several => {
            let what = format!("there are {} networks in it: {}", several.len(), several.join(", "));
            Err(Error::new(Kind::Mismatch, what).advise("Save each network in a file of its own"))
        }
    }
}

fn at(mut error: Error, path: &str) -> Error {
    error.what = format!("{path}: {}", error.what);
    error
}

fn is_kernel(place: &Dataset<'_>) -> bool {
    place.shape.len() == 4
}

/// (row, column, in, out) as (out, in, row, column); other shapes as they are, to be refused with the rest.
fn turned(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [rows, columns, from, to] => vec![to, from, rows, columns],
        _ => shape.to_vec(),
    }
}

/// Values of `shape` (row, column, in, out) in the order (out, in, row, column).
fn turn(values: &[f32], shape: &[usize]) -> Vec<f32> {
    let &[rows, columns, from, to] = shape else { return values.to_vec() };
    // an axis of nothing beside an endless one would be walked for ever
    if count(shape) != Some(values.len()) || values.is_empty() {
        return values.to_vec();
    }
    let taps = rows * columns;
    let outputs = (0..to).flat_map(|out| (0..from).map(move |input| input * to + out));
    outputs
        .flat_map(|place| (0..taps).map(move |tap| tap * from * to + place))
        .filter_map(|place| values.get(place).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts_give_our_names() {
        for network in ["prednet_1/prednet_1", "model_weights/pred_net_1/pred_net_1"] {
            let layer = layer_of(&format!("{network}/layer_ahat_2/kernel:0")).unwrap();
            assert_eq!((layer.network.as_str(), layer.name.as_str()), (network, "layer_ahat_2.weight"));
            assert_eq!(layer_of(&format!("{network}/layer_c_0/bias:0")).unwrap().name, "layer_c_0.bias");
        }
        assert_eq!(layer_of("dense_1/dense_1/kernel:0"), None);
        assert_eq!(layer_of("layer_a_0"), None);
    }

    #[test]
    fn a_kernel_is_turned_and_not_mirrored() {
        // the value says its own place: row, column, in, out
        let shape = [2, 3, 4, 5];
        let value = |[row, column, from, to]: [usize; 4]| (1000 * row + 100 * column + 10 * from + to) as f32;
        let mut values = Vec::new();
        for row in 0..2 {
            for column in 0..3 {
                for from in 0..4 {
                    values.extend((0..5).map(|to| value([row, column, from, to])));
                }
            }
        }
        let turned_values = turn(&values, &shape);
        assert_eq!(turned(&shape), [5, 4, 2, 3]);
        let mut places = turned_values.iter();
        for to in 0..5 {
            for from in 0..4 {
                for row in 0..2 {
                    for column in 0..3 {
                        assert_eq!(places.next(), Some(&value([row, column, from, to])));
                    }
                }
            }
        }
    }

    #[test]
    fn no_network_and_two_networks_are_refused() {
        let none = check_networks(&[], &["dense_1/kernel:0".to_owned()]).unwrap_err();
        assert!(none.to_string().contains("dense_1/kernel:0"), "{none}");
        assert!(check_networks(&["a", "b"], &[]).unwrap_err().to_string().contains("a, b"));
    }
}
