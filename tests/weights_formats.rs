//! Networks come in as Keras, `PyTorch`, burn and safetensors files and go out again: the same numbers, the same
//! activity.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::path::{Path, PathBuf};

use burn::tensor::{Device, f16};
use clap::Parser as _;
use model_support::{frame, npy, npz, part, shared};
use percept::cli::{Cli, run};
use percept::error::{Kind, Result};
use percept::model::prednet::config::Config;
use percept::model::prednet::init::untrained;
use percept::model::shipped;
use percept::model::weights::{self, Format, HostTensor, NamedTensors, Precision};
use percept::units::PixelSize;

const GOLDEN: [(&str, Format); 4] = [
    ("weights.safetensors", Format::Safetensors),
    ("weights.pt", Format::PyTorch),
    ("keras_released_layout.hdf5", Format::Keras),
    ("keras_saved_model_layout.hdf5", Format::Keras),
];

fn percept(args: &[&str]) -> Result<()> {
    let line = Cli::try_parse_from([&["percept", "models"], args].concat()).unwrap();
    run(&line.command.unwrap())
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The arrays that `tests/data/weights/make.py` wrote: value `k` of array `n` (in the order of names, row-major
/// in our layout) is `(7 n + k) % 64 / 64 - 0.5`.
fn fixture(widths: &[usize]) -> NamedTensors {
    let shapes = Config::new(widths.to_vec()).unwrap().shapes();
    let array = |(n, (name, shape)): (usize, (String, Vec<usize>))| {
        let count: usize = shape.iter().product();
        let values = (0..count).map(|k| ((7 * n + k) % 64) as f32 / 64.0 - 0.5).collect();
        (name, HostTensor { shape, values })
    };
    shapes.into_iter().enumerate().map(array).collect()
}

#[test]
fn a_card_goes_with_the_weights_and_nothing_is_written_over_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    percept(&["export", "family-unpenalised", "-o", text(&path("mine.pt"))]).unwrap();
    percept(&["import", text(&path("mine.pt")), "-o", text(&path("again.safetensors"))]).unwrap();
    let shipped = shipped::card("family-unpenalised").unwrap();
    for name in ["mine.pt", "again.safetensors"] {
        let card = shipped::card(text(&path(name))).unwrap();
        assert_eq!((card.trained_size, card.frame_rate_hz), (shipped.trained_size, shipped.frame_rate_hz));
        assert_eq!((&card.data, &card.scores), (&shipped.data, &shipped.scores));
        assert!(path(name).file_stem().is_some_and(|stem| *stem == *card.name), "{}", card.name);
    }
    let error = percept(&["import", text(&path("mine.pt")), "-o", text(&path("mine.pt"))]).unwrap_err();
    assert_eq!(error.kind, Kind::Usage, "{error}");
    // What is no card is left alone.
    std::fs::write(path("notes.toml"), "buy = 'milk'\n").unwrap();
    percept(&["export", "family-1", "-o", text(&path("notes.safetensors"))]).unwrap();
    assert_eq!(std::fs::read_to_string(path("notes.toml")).unwrap(), "buy = 'milk'\n");
    // Of weights that nobody knows anything of there is none.
    percept(&["import", text(&data("torch_legacy.pt")), "-o", text(&path("unknown.safetensors"))]).unwrap();
    assert!(!path("unknown.toml").exists());
}

#[test]
fn the_four_reference_files_give_the_reference_activity() {
    let Some(folder) = shared("reference/prednet_golden") else { return };
    let (frames, expected) = (npy(&folder.join("frames.npy")), npz(&folder.join("expected.npz")));
    let size = PixelSize::new(frames.shape[3] as u32, frames.shape[2] as u32);
    let cpu = Device::flex();
    for (name, format) in GOLDEN {
        let path = folder.join(name);
        assert_eq!(weights::read(&path).unwrap().format, format);
        let mut net = shipped::load(text(&path), Some(size), &cpu).unwrap();
        let (mut worst, mut compared) = (0.0_f32, 0);
        for step in 0..frames.shape[0] {
            let response = net.step(Some(frame(&frames, step, &cpu))).unwrap();
            for (probe, activity) in net.probes().iter().zip(&response.activities) {
                let Some(wanted) = expected.get(&format!("t{step}.{}{}", probe.symbol, probe.layer)) else {
                    continue;
                };
                let got = part(activity);
                assert_eq!(got.len(), wanted.values.len());
                worst = got.iter().zip(&wanted.values).map(|(a, b)| (a - b).abs()).fold(worst, f32::max);
                compared += 1;
            }
        }
        assert!(worst <= 1e-4, "{name}: {worst}");
        assert!(compared > 0);
        println!("{name}: {compared} arrays, largest difference {worst:e}");
    }
}

#[test]
fn the_four_reference_files_hold_the_same_numbers() {
    let Some(folder) = shared("reference/prednet_golden") else { return };
    let read = |name: &str| weights::read(&folder.join(name)).unwrap().tensors;
    let wanted = read("weights.safetensors");
    for (name, _) in GOLDEN {
        assert!(read(name) == wanted, "{name} differs");
    }
}

#[test]
fn files_of_other_programs_are_read() {
    for (name, format, widths, note) in [
        ("keras_weights.h5", Format::Keras, &[1, 2][..], "the network /prednet_1/prednet_1"),
        ("keras_model.h5", Format::Keras, &[1], "left aside: model_weights/dense_1/dense_1/bias:0"),
        ("keras_packed.h5", Format::Keras, &[1], "kernels turned"),
        ("keras_new_groups.h5", Format::Keras, &[1], "kernels turned"),
        ("torch_checkpoint.pt", Format::PyTorch, &[1, 2], "the network under \"state_dict\""),
        ("torch_legacy.pt", Format::PyTorch, &[1], ""),
        ("torch_half.pt", Format::PyTorch, &[1], ""),
        ("torch_mixed.pt", Format::PyTorch, &[1], ""),
    ] {
        let file = weights::read(&data(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(file.format, format, "{name}");
        assert_eq!(Config::from_shapes(&file.shapes()).unwrap().widths, widths, "{name}");
        assert!(file.tensors == fixture(widths), "{name}: other numbers");
        assert!(file.notes.join("; ").contains(note), "{name}: {:?}", file.notes);
        assert!(shipped::load(text(&data(name)), None, &Device::flex()).is_ok(), "{name}");
    }
}

#[test]
fn what_goes_out_comes_back_bit_for_bit() {
    let scratch = tempfile::tempdir().unwrap();
    let wanted = shipped::weights("first-light").unwrap().2;
    for name in ["net.safetensors", "net.pt", "net.pth", "net.bpk"] {
        let path = scratch.path().join(name);
        percept(&["export", "first-light", "-o", text(&path)]).unwrap();
        let back = weights::read(&path).unwrap();
        assert!(back.tensors == wanted.tensors, "{name}");
        let again = scratch.path().join("again.safetensors");
        percept(&["import", text(&path), "-o", text(&again)]).unwrap();
        assert!(weights::read(&again).unwrap().tensors == wanted.tensors, "{name} by way of import");
    }
}

#[test]
fn half_precision_halves_the_file_and_rounds_to_nearest() {
    let scratch = tempfile::tempdir().unwrap();
    let whole = shipped::weights("first-light").unwrap().2;
    for name in ["net.safetensors", "net.pt", "net.bpk"] {
        let path = scratch.path().join(name);
        percept(&["export", "first-light", "-o", text(&path), "--half"]).unwrap();
        let length = std::fs::metadata(&path).unwrap().len() as usize;
        assert!(
            length > 2 * whole.parameters() && length < 2 * whole.parameters() + 20_000,
            "{name}: {length}"
        );
        let back = weights::read(&path).unwrap().tensors;
        for (array, tensor) in &whole.tensors {
            let rounded: Vec<f32> = tensor.values.iter().map(|v| f16::from_f32(*v).to_f32()).collect();
            assert_eq!(back[array].values, rounded, "{name}: {array}");
        }
        assert!(shipped::load(text(&path), None, &Device::flex()).is_ok());
    }
}

#[test]
fn the_name_of_a_file_does_not_decide_what_it_is() {
    let scratch = tempfile::tempdir().unwrap();
    let tensors = untrained(&Config::new(vec![3, 2]).unwrap(), 3);
    let path = scratch.path().join("misnamed.safetensors");
    for format in [Format::PyTorch, Format::Burnpack, Format::Safetensors] {
        let bytes = weights::to_bytes(format, &tensors, &[], Precision::Single).unwrap();
        std::fs::write(&path, bytes).unwrap();
        let (card, config, file) = shipped::weights(text(&path)).unwrap();
        assert_eq!((file.format, config.widths.as_slice()), (format, &[3, 2][..]));
        assert!(card.about.contains(&format.to_string()), "{}", card.about);
    }
}

#[test]
fn a_wrapper_before_all_names_is_taken_off() {
    let tensors = untrained(&Config::new(vec![1, 2]).unwrap(), 3);
    let wrapped =
        tensors.iter().map(|(name, tensor)| (format!("module.net.{name}"), tensor.clone())).collect();
    for format in [Format::PyTorch, Format::Burnpack, Format::Safetensors] {
        let file =
            weights::parse(weights::to_bytes(format, &wrapped, &[], Precision::Single).unwrap()).unwrap();
        assert!(file.tensors == tensors, "{format}");
        assert!(file.notes.join("").contains("\"module.net.\" taken off"), "{:?}", file.notes);
    }
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_left() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("net.h5");
    let error = percept(&["export", "first-light", "-o", text(&out)]).unwrap_err();
    assert_eq!(error.kind, Kind::Usage);
    let out = scratch.path().join("net.pt");
    let error = percept(&["export", "copy-last-frame", "-o", text(&out)]).unwrap_err();
    assert!(error.to_string().contains("no weights"), "{error}");
    let error = percept(&["import", text(&scratch.path().join("none.h5")), "-o", text(&out)]).unwrap_err();
    assert_eq!(error.kind, Kind::Missing);
    // a shipped network's name is no file to import
    assert_eq!(percept(&["import", "first-light", "-o", text(&out)]).unwrap_err().kind, Kind::Missing);
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
}
