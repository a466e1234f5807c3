//! What the tests of networks share: the shared folder, array files, and one graphics device per process.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use percept::gpu::{Compute, DeviceChoice, Gpu};
use percept::model::Activity;
use percept::model::weights::HostTensor;

/// The folder of references beside the project; `None` (with a printed line) where there is none.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn shared(what: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("PERCEPT_SHARED").map_or(beside, PathBuf::from);
    let path = folder.join(what);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// A graphics device that burn has adopted, made once; `None` (with a printed line) where there is none.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn gpu() -> Option<&'static (Gpu, Device)> {
    static GPU: OnceLock<Option<(Gpu, Device)>> = OnceLock::new();
    let made = GPU.get_or_init(|| {
        let gpu = Gpu::headless().ok()?;
        let compute = Compute::choose(DeviceChoice::Gpu, Some(&gpu)).unwrap();
        Some((gpu, compute.burn))
    });
    if made.is_none() {
        println!("skipped: no graphics adapter");
    }
    made.as_ref()
}

/// All arrays of numbers of an `.npz` file.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn npz(path: &Path) -> BTreeMap<String, HostTensor> {
    let mut archive = npyz::npz::NpzArchive::open(path).unwrap();
    let names: Vec<String> = archive.array_names().map(str::to_owned).collect();
    let mut arrays = BTreeMap::new();
    for name in names {
        let array = archive.by_name(&name).unwrap().unwrap();
        if !is_text(&array.dtype()) {
            arrays.insert(name, host(array));
        }
    }
    arrays
}

fn is_text(dtype: &npyz::DType) -> bool {
    dtype.descr().contains('U')
}

/// All texts of an `.npz` file.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn npz_texts(path: &Path) -> BTreeMap<String, String> {
    let mut archive = npyz::npz::NpzArchive::open(path).unwrap();
    let names: Vec<String> = archive.array_names().map(str::to_owned).collect();
    let mut texts = BTreeMap::new();
    for name in names {
        let array = archive.by_name(&name).unwrap().unwrap();
        if is_text(&array.dtype()) {
            texts.insert(name, array.into_vec::<String>().unwrap().concat());
        }
    }
    texts
}

/// The array of an `.npy` file.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn npy(path: &Path) -> HostTensor {
    host(npyz::NpyFile::new(std::io::BufReader::new(std::fs::File::open(path).unwrap())).unwrap())
}

fn host<R: std::io::Read>(array: npyz::NpyFile<R>) -> HostTensor {
    let shape = array.shape().iter().map(|&n| n as usize).collect();
    HostTensor { shape, values: array.into_vec::<f32>().unwrap() }
}

/// Frame `index` of frames (time, channel, row, column), `[1, channel, row, column]`.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn frame(frames: &HostTensor, index: usize, device: &Device) -> Tensor<4> {
    let &[_, channels, rows, columns] = frames.shape.as_slice() else { panic!("{:?}", frames.shape) };
    let count = channels * rows * columns;
    let values = frames.values[index * count..(index + 1) * count].to_vec();
    Tensor::from_data(TensorData::new(values, [1, channels, rows, columns]), device)
}

/// A tensor's values, row-major.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn values(tensor: &Tensor<4>) -> Vec<f32> {
    tensor.to_data().try_to_vec::<f32>().unwrap()
}

/// The values of a probe or a part of a state, row-major.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn part(activity: &Activity) -> Vec<f32> {
    values(&activity.tensor())
}

/// The whole of a file.
#[allow(dead_code, reason = "not every test binary needs it")]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    std::fs::File::open(path).unwrap().read_to_end(&mut all).unwrap();
    all
}
