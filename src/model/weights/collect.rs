//! From the arrays that a file declares to arrays in memory: names first, then shapes, then numbers.

use std::collections::BTreeSet;

use crate::error::{Error, Kind, Result};
use crate::model::weights::cursor::damaged;
use crate::model::weights::number::check_finite;
use crate::model::weights::{HostTensor, NamedShapes, NamedTensors};
use crate::safety::limits::MAX_NETWORK_VALUES;

/// An array that a file declares and that has not been read yet.
#[derive(Clone, Debug)]
pub(super) struct Declared<P> {
    /// Name, ours where it was recognised.
    pub(super) name: String,
    /// Extents, ours where they were turned.
    pub(super) shape: Vec<usize>,
    /// Where its numbers are, in the terms of the file's format.
    pub(super) place: P,
}

/// Reads the numbers of all declared arrays after `fits` has agreed to their names and shapes.
///
/// # Errors
/// [`Kind::Damaged`] for a name that is there twice, [`Kind::TooLarge`], [`Kind::NotFinite`], and those of
/// `fits` and `read`.
pub(super) fn collect<P>(
    declared: &[Declared<P>],
    fits: impl FnOnce(&NamedShapes) -> Result<()>,
    mut read: impl FnMut(&Declared<P>) -> Result<Vec<f32>>,
) -> Result<NamedTensors> {
    let mut shapes = NamedShapes::new();
    for array in declared {
        if shapes.insert(array.name.clone(), array.shape.clone()).is_some() {
            return Err(damaged(format!("{} is there twice", array.name)));
        }
    }
    check_size(declared)?;
    fits(&shapes)?;
    let mut tensors = NamedTensors::new();
    for array in declared {
        let values = read(array)?;
        if Some(values.len()) != count(&array.shape) {
            let what = format!("{} has {} numbers and the shape {:?}", array.name, values.len(), array.shape);
            return Err(damaged(what));
        }
        check_finite(&array.name, &values)?;
        tensors.insert(array.name.clone(), HostTensor { shape: array.shape.clone(), values });
    }
    Ok(tensors)
}

/// Numbers in an array of this shape, if that is a number.
pub(super) fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |all, &axis| all.checked_mul(axis))
}

fn check_size<P>(declared: &[Declared<P>]) -> Result<()> {
    let add = |all: usize, array: &Declared<P>| all.checked_add(count(&array.shape)?);
    let all = declared.iter().try_fold(0, add).filter(|&all| all <= MAX_NETWORK_VALUES);
    if all.is_some() {
        return Ok(());
    }
    let largest = declared.iter().max_by_key(|array| count(&array.shape).unwrap_or(usize::MAX));
    let largest = largest.map(|array| format!("{} {:?}", array.name, array.shape)).unwrap_or_default();
    let what = format!("its arrays have more than {MAX_NETWORK_VALUES} numbers; the largest is {largest}");
    Err(Error::new(Kind::TooLarge, what).advise("Choose a smaller network"))
}

/// What stands before the names of all layers, such as `module.` or `net.`.
pub(super) fn common_prefix<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let prefixes: BTreeSet<&str> =
        names.filter_map(|name| name.find("layer_").and_then(|at| name.get(..at))).collect();
    let [prefix] = Vec::from_iter(prefixes)[..] else { return None };
    prefix.ends_with('.').then(|| prefix.to_owned())
}

/// Takes the common prefix off all names that have it, and gives a note of it.
pub(super) fn strip_prefix<P>(declared: &mut [Declared<P>]) -> Option<String> {
    let prefix = common_prefix(declared.iter().map(|array| array.name.as_str()))?;
    for array in declared {
        if let Some(rest) = array.name.strip_prefix(&prefix) {
            array.name = rest.to_owned();
        }
    }
    Some(prefix_note(&prefix))
}

/// The note of a prefix that was taken off.
pub(super) fn prefix_note(prefix: &str) -> String {
    format!("\"{prefix}\" taken off the names")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(name: &str, shape: &[usize]) -> Declared<()> {
        Declared { name: name.to_owned(), shape: shape.to_vec(), place: () }
    }

    #[test]
    fn a_common_prefix_goes_and_a_mixed_one_stays() {
        let mut wrapped =
            [array("module.net.layer_a_0.bias", &[1]), array("module.net.layer_i_0.bias", &[1])];
        assert!(strip_prefix(&mut wrapped).unwrap().contains("module.net."));
        assert_eq!(wrapped[0].name, "layer_a_0.bias");
        let mut mixed = [array("a.layer_a_0.bias", &[1]), array("b.layer_a_0.bias", &[1])];
        assert_eq!(strip_prefix(&mut mixed), None);
        assert_eq!(mixed[1].name, "b.layer_a_0.bias");
    }

    #[test]
    fn too_many_numbers_are_refused_before_any_is_read() {
        for shape in [&[usize::MAX, 2][..], &[1 << 14, 1 << 14]] {
            let error = collect(&[array("w", shape)], |_| Ok(()), |_| panic!("read")).unwrap_err();
            assert_eq!(error.kind, Kind::TooLarge);
        }
    }

    #[test]
    fn a_name_twice_is_refused() {
        let twice = [array("w", &[1]), array("w", &[1])];
        let error = collect(&twice, |_| Ok(()), |_| Ok(vec![0.0])).unwrap_err();
        assert_eq!(error.kind, Kind::Damaged);
    }
}
