//! Weights files that are damaged, hostile or of another network: each gives a readable error, none a panic.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

use std::path::Path;

use burn::tensor::{Device, bf16, f16};
use percept::error::{Error, Kind};
use percept::model::prednet::config::Config;
use percept::model::prednet::init::untrained;
use percept::model::shipped;
use percept::model::weights::{HostTensor, NamedTensors, safetensors};
use proptest::prelude::*;

fn small() -> NamedTensors {
    untrained(&Config::new(vec![3, 2]).unwrap(), 5)
}

fn bytes(tensors: &NamedTensors) -> Vec<u8> {
    safetensors::to_bytes(tensors, &[("made_by", "a test".to_owned())]).unwrap()
}

/// A file with any header and data.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

fn load(path: &Path) -> Error {
    let error = shipped::load(path.to_str().unwrap(), None, &Device::flex()).err().unwrap();
    assert!(!error.advice.is_empty(), "no advice: {error}");
    error
}

fn refuse(tensors: &NamedTensors) -> Error {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("net.safetensors");
    std::fs::write(&path, bytes(tensors)).unwrap();
    let error = load(&path);
    assert_eq!(error.path.as_deref(), Some(path.as_path()), "{error}");
    error
}

#[test]
fn what_is_written_is_read_back() {
    let tensors = small();
    let read = safetensors::parse(&bytes(&tensors)).unwrap();
    assert_eq!(read.tensors, tensors);
    assert_eq!(read.sha256.len(), 64);
}

#[test]
fn half_precision_is_taken() {
    let header = |kind: &str| format!(r#"{{"x":{{"dtype":"{kind}","shape":[3],"data_offsets":[0,6]}}}}"#);
    let some = [0.5_f32, -2.0, 0.000_061_035_156];
    let halves: Vec<u8> = some.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
    assert_eq!(safetensors::parse(&file(&header("F16"), &halves)).unwrap().tensors["x"].values, some);
    let brain: Vec<u8> = some.iter().flat_map(|value| bf16::from_f32(*value).to_le_bytes()).collect();
    assert_eq!(safetensors::parse(&file(&header("BF16"), &brain)).unwrap().tensors["x"].values, some);
    let error = safetensors::parse(&file(&header("I16"), &halves)).unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
    assert!(error.to_string().contains('x'), "{error}");
}

#[test]
fn every_array_that_does_not_fit_is_listed() {
    let mut tensors = small();
    let bias = tensors.remove("layer_f_0.bias").unwrap();
    tensors.insert("layer_g_0.bias".to_owned(), bias);
    tensors.get_mut("layer_ahat_1.weight").unwrap().shape = vec![2, 2, 9];
    tensors.insert("layer_o_1.bias".to_owned(), HostTensor { shape: vec![1], values: vec![0.0] });
    let error = refuse(&tensors);
    assert_eq!(error.kind, Kind::Mismatch);
    let text = error.to_string();
    for part in [
        "missing    layer_f_0.bias [3]",
        "extra      layer_g_0.bias [3]",
        "different  layer_ahat_1.weight [2, 2, 9], needs [2, 2, 3, 3]",
        "different  layer_o_1.bias [1], needs [2]",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn numbers_that_are_none_are_refused_with_their_array() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut tensors = small();
        tensors.get_mut("layer_c_1.weight").unwrap().values[3] = bad;
        let error = refuse(&tensors);
        assert_eq!(error.kind, Kind::NotFinite);
        assert!(error.to_string().contains("layer_c_1.weight"), "{error}");
    }
}

#[test]
fn files_that_are_no_networks() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    std::fs::write(path("empty.safetensors"), b"").unwrap();
    std::fs::create_dir(path("folder.safetensors")).unwrap();
    std::fs::write(path("picture.safetensors"), b"\x89PNG\r\n\x1a\n and so on, and so on").unwrap();
    std::fs::write(path("keras.hdf5"), b"\x89HDF\r\n\x1a\n and so on, and so on").unwrap();
    std::fs::write(
        path("other.safetensors"),
        file(r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, &[0; 4]),
    )
    .unwrap();
    for (name, kind) in [
        ("none.safetensors", Kind::Missing),
        ("empty.safetensors", Kind::Empty),
        ("folder.safetensors", Kind::Unreadable),
        ("picture.safetensors", Kind::Damaged),
        ("keras.hdf5", Kind::Damaged),
        ("other.safetensors", Kind::Mismatch),
    ] {
        let error = load(&path(name));
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_not_opened() {
    let scratch = tempfile::tempdir().unwrap();
    let pipe = scratch.path().join("pipe.safetensors");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/zero"), Path::new("/dev/null")] {
        assert_eq!(load(path).kind, Kind::Unreadable);
    }
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("huge.safetensors");
    // sparse: it takes no room on the disk
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(load(&path).kind, Kind::TooLarge);
    // within the limit, but the header says that 2 GB of numbers of an unknown network follow
    let header = r#"{"w":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}"#;
    std::fs::write(&path, file(header, &[])).unwrap();
    let length = std::fs::metadata(&path).unwrap().len() + 2_000_000_000;
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
    assert_eq!(load(&path).kind, Kind::Mismatch);
}

#[test]
fn hostile_headers_are_refused() {
    let one = |shape: &str, offsets: &str| {
        file(&format!(r#"{{"x":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}}}"#), &[0; 16])
    };
    let two = |first: &str, second: &str| {
        let array = |offsets| format!(r#"{{"dtype":"F32","shape":[2],"data_offsets":{offsets}}}"#);
        file(&format!(r#"{{"x":{},"y":{}}}"#, array(first), array(second)), &[0; 16])
    };
    let most = u64::MAX;
    for (case, bytes) in [
        ("overlap", two("[0,8]", "[4,12]")),
        ("same place", two("[0,8]", "[0,8]")),
        ("hole", two("[0,8]", "[12,20]")),
        ("backwards", one("[4]", "[16,0]")),
        ("past the end", one("[4]", "[0,1600]")),
        ("huge", one("[4]", &format!("[0,{most}]"))),
        ("huge shape", one(&format!("[{most},{most}]"), "[0,16]")),
        ("shape is zero times huge", one(&format!("[0,{most}]"), "[0,16]")),
        ("negative", one("[-4]", "[0,16]")),
        ("less than there is", one("[2]", "[0,8]")),
        ("no json", file("{", &[])),
        ("not an object", file("[1,2]", &[])),
        ("deep", file(&"[".repeat(100_000), &[])),
        ("length is all", most.to_le_bytes().to_vec()),
        ("length wraps", (most - 7).to_le_bytes().to_vec()),
        ("length above the file", 100_u64.to_le_bytes().to_vec()),
        ("half a length", vec![1, 0, 0]),
        ("no text", file("\u{0}\u{0}\u{0}", &[])),
    ] {
        let error = safetensors::parse(&bytes).err().unwrap_or_else(|| panic!("{case} was taken"));
        assert!(matches!(error.kind, Kind::Damaged | Kind::TooLarge), "{case}: {error}");
    }
}

#[test]
fn a_header_above_the_limit_is_refused_before_it_is_read() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("header.safetensors");
    std::fs::write(&path, 1_000_000_000_u64.to_le_bytes()).unwrap();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1_500_000_000).unwrap();
    assert_eq!(load(&path).kind, Kind::TooLarge);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = bytes(&small());
    for length in 0..whole.len() {
        let error = safetensors::parse(&whole[..length]).err().unwrap_or_else(|| panic!("cut at {length}"));
        assert!(matches!(error.kind, Kind::Damaged | Kind::Empty), "{length}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn flipped_bytes_give_an_error_or_other_numbers(places in prop::collection::vec((0_usize..6000, 1_u8..), 1..8)) {
        let mut damaged = bytes(&small());
        for (place, flip) in places {
            let place = place % damaged.len();
            damaged[place] ^= flip;
        }
        if let Ok(read) = safetensors::parse(&damaged) {
            prop_assert!(read.tensors.values().all(|tensor| tensor.values.iter().all(|value| value.is_finite())));
            let shapes = read.tensors.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect();
            // may fit or not; must not panic
            let _fits = Config::from_shapes(&shapes);
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(safetensors::parse(&bytes).is_err());
    }
}
