//! Keras, `PyTorch` and burn files that are damaged or hostile: each gives a readable error, none a panic, a call
//! or much memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

use std::io::Write as _;
use std::path::Path;

use percept::error::{Error, Kind};
use percept::model::weights::{self, Format, HostTensor, NamedTensors, Precision};

fn data(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights").join(name)).unwrap()
}

fn refused(what: &str, bytes: Vec<u8>) -> Error {
    let error = weights::parse(bytes).err().unwrap_or_else(|| panic!("{what} was taken"));
    assert!(!error.advice.is_empty(), "{what}: no advice: {error}");
    error
}

#[track_caller]
fn check(what: &str, bytes: Vec<u8>, kind: Kind, says: &str) {
    let error = refused(what, bytes);
    assert_eq!(error.kind, kind, "{what}: {error}");
    assert!(error.to_string().contains(says), "{what}: {error}");
}

fn small() -> NamedTensors {
    let values = (0..6).map(|n| n as f32).collect();
    NamedTensors::from([
        ("layer_a_0.bias".to_owned(), HostTensor { shape: vec![2, 3], values }),
        ("layer_i_0.bias".to_owned(), HostTensor { shape: vec![1], values: vec![0.5] }),
    ])
}

fn written(format: Format) -> Vec<u8> {
    weights::to_bytes(format, &small(), &[], Precision::Single).unwrap()
}

/// The bytes with all (`count`) appearances of `old` replaced by `new` of the same length.
fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8], count: usize) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let places: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    assert_eq!(places.len(), count, "{old:?}");
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    bytes
}

/// An archive with this pickle and one storage of six numbers.
fn pickled(pickle: &[u8]) -> Vec<u8> {
    weights::zip_archive(&[
        ("net/data.pkl".to_owned(), pickle.to_vec()),
        ("net/data/0".to_owned(), vec![0; 24]),
    ])
}

/// The pickle of a state dict with one tensor, of a storage of `numbers`, with these extents and strides.
fn one_tensor(numbers: i32, offset: i32, shape: &[i32], strides: &[i32]) -> Vec<u8> {
    let whole = |number: &i32| [b"J", &number.to_le_bytes()[..]].concat();
    let tuple = |all: &[i32]| [b"(".to_vec(), all.iter().flat_map(whole).collect(), b"t".to_vec()].concat();
    [
        &b"\x80\x02}U\x01wctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu"[..],
        &whole(&numbers),
        b"tQ",
        &whole(&offset),
        &tuple(shape),
        &tuple(strides),
        b"\x89}tRs.",
    ]
    .concat()
}

#[test]
fn a_pickle_that_would_call_code_is_refused_by_the_name_of_what_it_would_call() {
    for (pickle, name) in [
        (&b"\x80\x02cos\nsystem\nU\x04true\x85R."[..], "os.system"),
        (b"\x80\x02cposix\nsystem\nU\x04true\x85R.", "posix.system"),
        (b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.", "builtins.eval"),
        (b"\x80\x02cbuiltins\nexec\nU\x01x\x85R.", "builtins.exec"),
        (b"\x80\x02ctorch\nload\nU\x01x\x85R.", "torch.load"),
        (b"\x80\x02ctorch.storage\n_load_from_bytes\nU\x01x\x85R.", "torch.storage._load_from_bytes"),
        (b"\x80\x02c__torch__.net\nNet\n)\x81.", "__torch__.net.Net"),
        (b"(S'true'\nios\nsystem\n.", ""),
        (b"\x80\x02ccollections\nOrderedDict\n)\x81.", "a class"),
        (b"\x80\x02(ccollections\nOrderedDict\no.", "a class"),
        (b"\x80\x02}}}b.", ""),
        (b"\x80\x02U\x01x)R.", "no function"),
    ] {
        let error = refused(name, pickled(pickle));
        assert!(matches!(error.kind, Kind::Unsupported | Kind::Mismatch), "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn pickles_that_contradict_themselves_are_refused() {
    let deep = [&b"\x80\x02)"[..], &vec![0x85; 200_000], b"."].concat();
    let many = [&b"\x80\x02("[..], &vec![b'N'; 1_000_000], b"t."].concat();
    for (what, pickle, kind) in [
        ("nothing on the stack", b"\x80\x02.".to_vec(), Kind::Damaged),
        ("a mark only", b"\x80\x02(.".to_vec(), Kind::Damaged),
        ("no end", b"\x80\x02N".to_vec(), Kind::Damaged),
        ("no mark", b"\x80\x02Nt.".to_vec(), Kind::Damaged),
        ("below the mark", b"\x80\x02N(0.".to_vec(), Kind::Damaged),
        ("a memo never kept", b"\x80\x02h\x07.".to_vec(), Kind::Damaged),
        ("a long text", b"\x80\x02X\xff\xff\xff\xffx.".to_vec(), Kind::Damaged),
        ("a longer text", [&b"\x80\x02\x8d"[..], &[0xff; 8], b"x."].concat(), Kind::Damaged),
        ("an odd dictionary", b"\x80\x02}(Nu.".to_vec(), Kind::Damaged),
        ("a list in itself", b"\x80\x02]q\x00h\x00a.".to_vec(), Kind::Mismatch),
        ("a dictionary in itself", b"\x80\x02}q\x00U\x05modelh\x00s.".to_vec(), Kind::Mismatch),
        ("a tower", deep, Kind::Mismatch),
        ("too many values", many, Kind::TooLarge),
        ("an unknown instruction", b"\x80\x02\xff.".to_vec(), Kind::Unsupported),
        ("protocol 9", b"\x80\x09N.".to_vec(), Kind::Damaged),
        ("no dictionary", b"\x80\x02N.".to_vec(), Kind::Mismatch),
    ] {
        check(what, pickled(&pickle), kind, "");
    }
}

#[test]
fn tensors_outside_their_numbers_are_refused() {
    let good = weights::parse(pickled(&one_tensor(6, 0, &[2, 3], &[1, 2]))).unwrap();
    assert_eq!(good.tensors["w"].values, [0.0; 6]);
    for (what, pickle, kind) in [
        ("one too far", one_tensor(6, 1, &[2, 3], &[3, 1]), Kind::Damaged),
        ("far", one_tensor(6, 0, &[2, 3], &[i32::MAX, i32::MAX]), Kind::Damaged),
        ("backwards", one_tensor(6, 0, &[2, 3], &[-3, 1]), Kind::Damaged),
        ("before the start", one_tensor(6, -1, &[2], &[1]), Kind::Damaged),
        ("negative extents", one_tensor(6, 0, &[-2, -3], &[3, 1]), Kind::Damaged),
        ("fewer strides", one_tensor(6, 0, &[2, 3], &[1]), Kind::Damaged),
        ("nine axes", one_tensor(6, 0, &[1; 9], &[1; 9]), Kind::Damaged),
        ("one number as billions", one_tensor(6, 0, &[i32::MAX, i32::MAX], &[0, 0]), Kind::TooLarge),
        ("a longer storage", one_tensor(7, 0, &[6], &[1]), Kind::Damaged),
        ("a shorter storage", one_tensor(5, 0, &[5], &[1]), Kind::TooLarge),
        ("a huge storage", one_tensor(i32::MAX, 0, &[6], &[1]), Kind::TooLarge),
        ("a negative storage", one_tensor(-1, 0, &[6], &[1]), Kind::TooLarge),
    ] {
        check(what, pickled(&pickle), kind, "");
    }
}

/// A zip archive of one member `net/data.pkl`, packed by a method, that claims a size and a check sum.
fn zip(packed: &[u8], method: u16, size: u32, flags: u16, name: &str) -> Vec<u8> {
    let head = [
        &20_u16.to_le_bytes()[..],
        &flags.to_le_bytes(),
        &method.to_le_bytes(),
        &[0; 8],
        &(packed.len() as u32).to_le_bytes(),
        &size.to_le_bytes(),
        &(name.len() as u16).to_le_bytes(),
        &[0; 2],
    ]
    .concat();
    let mut bytes = [b"PK\x03\x04", &head[..], name.as_bytes(), packed].concat();
    let start = bytes.len() as u32;
    bytes.extend([b"PK\x01\x02\x14\0", &head[..], &[0; 14], name.as_bytes()].concat());
    let length = bytes.len() as u32 - start;
    bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    bytes.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

fn deflated(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![b'N'; length]).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn archives_that_lie_are_refused() {
    let bomb = deflated(50_000_000);
    assert!(bomb.len() < 400_000);
    let name = "net/data.pkl";
    check("a bomb", zip(&bomb, 8, 50_000_000, 0, name), Kind::TooLarge, "would unpack to");
    check(
        "a bomb that says it is small",
        zip(&bomb, 8, 1000, 0, name),
        Kind::Damaged,
        "not what the archive",
    );
    check("no packed bytes", zip(&[], 8, 1000, 0, name), Kind::Damaged, name);
    check("a wrong check sum", zip(b"N.", 0, 2, 0, name), Kind::Damaged, "not what the archive");
    check("two lengths", zip(b"N.", 0, 3, 0, name), Kind::Damaged, "two lengths");
    check("encrypted", zip(b"N.", 0, 2, 1, name), Kind::Unsupported, "encrypted");
    check("another packing", zip(b"N.", 12, 2, 0, name), Kind::Unsupported, "method 12");
    for bad in ["../data.pkl", "/net/data.pkl", "net\\..\\data.pkl", "net/\u{7}/data.pkl", ""] {
        check(bad, zip(b"N.", 0, 2, 0, bad), Kind::Damaged, "no name");
    }
    check("only a picture", zip(b"N.", 0, 2, 0, "cat.png"), Kind::Unsupported, "without weights");
    check("arrays", zip(b"N.", 0, 2, 0, "w.npy"), Kind::Unsupported, "NumPy");
    check("Keras 3", zip(b"N.", 0, 2, 0, "model.weights.h5"), Kind::Unsupported, "Keras 3");
}

#[test]
fn members_that_share_bytes_are_refused() {
    let good =
        weights::zip_archive(&[("a/data.pkl".to_owned(), vec![0; 8]), ("b/data.pkl".to_owned(), vec![0; 8])]);
    check("two pickles", good.clone(), Kind::Unsupported, "several pickles");
    // the second entry of the directory points at the first member, which is given the same name
    let same = replaced(good, b"b/data.pkl", b"a/data.pkl", 2);
    check("a name twice", same, Kind::Damaged, "twice");
}

#[test]
fn files_of_every_kind_cut_anywhere_are_refused() {
    for (name, step) in [
        ("keras_new_groups.h5", 1),
        ("keras_packed.h5", 37),
        ("keras_model.h5", 11),
        ("torch_checkpoint.pt", 3),
        ("torch_legacy.pt", 1),
    ] {
        let whole = data(name);
        for length in (8..whole.len()).step_by(step).chain([whole.len() - 1]) {
            let error = refused(name, whole[..length].to_vec());
            assert!(matches!(error.kind, Kind::Damaged | Kind::Mismatch), "{name} cut at {length}: {error}");
        }
    }
    for format in [Format::PyTorch, Format::Burnpack, Format::Safetensors] {
        let whole = written(format);
        for length in 0..whole.len() {
            let error = refused("", whole[..length].to_vec());
            assert!(matches!(error.kind, Kind::Damaged | Kind::Empty), "{format} cut at {length}: {error}");
        }
    }
}

#[test]
fn hdf5_that_leads_astray_is_refused() {
    check(
        "a link to another file",
        data("links.h5"),
        Kind::Unsupported,
        "elsewhere is a link to another file",
    );
    check("a group in itself", data("loop.h5"), Kind::Damaged, "contains itself");
    check("numbers in another file", data("outside.h5"), Kind::Unsupported, "in another file");
    check("another filter", data("filter.h5"), Kind::Unsupported, "filter 32000");
    check("whole numbers", data("integers.h5"), Kind::Unsupported, "whole numbers");
    let mut wide = data("keras_model.h5");
    wide[13] = 4;
    check("other widths", wide, Kind::Unsupported, "addresses of 4");
    // the root group's tree of names points to itself: its level never falls
    let mut loops = data("keras_model.h5");
    let tree = loops.windows(4).position(|bytes| bytes == b"TREE").unwrap();
    loops[tree + 5] = 1;
    loops[tree + 32..tree + 40].copy_from_slice(&(tree as u64).to_le_bytes());
    check("a tree in itself", loops, Kind::Damaged, "tree of names");
}

#[test]
fn hdf5_with_giant_parts_and_shapes_is_refused_before_memory_is_asked_for() {
    let packed = data("keras_packed.h5");
    // parts of 2 x 2 x 1 x 1 numbers of 4 bytes, as the layout messages of the five kernels say them
    let extents = |of: [u32; 5]| of.map(u32::to_le_bytes).concat();
    let at = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).filter(|found| *found == what).count();
    for (from, to) in
        [([2, 2, 1, 1, 4], [1 << 30, 2, 1, 1, 4]), ([2, 2, 2, 1, 4], [u32::MAX, u32::MAX, 2, 1, 4])]
    {
        let count = at(&packed, &extents(from));
        if count > 0 {
            check(
                "giant parts",
                replaced(packed.clone(), &extents(from), &extents(to), count),
                Kind::TooLarge,
                "parts",
            );
        }
    }
    assert!(at(&packed, &extents([2, 2, 1, 1, 4])) + at(&packed, &extents([2, 2, 2, 1, 4])) > 0);
    // the extents of a kernel 3 x 3 x 3 x 1
    let shape = |of: [u64; 4]| of.map(u64::to_le_bytes).concat();
    let plain = data("keras_model.h5");
    let count = at(&plain, &shape([3, 3, 3, 1]));
    assert!(count > 0);
    for huge in [[1 << 40, 1 << 40, 3, 1], [3, 3, 1 << 30, 1]] {
        let bytes = replaced(plain.clone(), &shape([3, 3, 3, 1]), &shape(huge), count);
        check("a giant shape", bytes, Kind::TooLarge, "the largest is");
    }
}

#[test]
fn an_axis_of_nothing_beside_an_endless_one_is_not_walked() {
    // found by the fuzzer: no number to turn, and 2^40 places to turn it to
    let shape = |of: [u64; 4]| of.map(u64::to_le_bytes).concat();
    let (file, old) = (data("keras_model.h5"), shape([3, 3, 3, 1]));
    let count = file.windows(old.len()).filter(|found| *found == old).count();
    for of in [[3, 3, 0, 1 << 40], [0, 3, 1 << 40, 1], [3, 0, 1, 1 << 62]] {
        let result = weights::parse(replaced(file.clone(), &old, &shape(of), count));
        assert!(result.is_err() || result.is_ok_and(|file| file.parameters() < 122));
    }
}

#[test]
fn numbers_that_are_none_are_refused_by_name_in_every_kind() {
    let mut tensors = small();
    tensors.get_mut("layer_i_0.bias").unwrap().values[0] = f32::NAN;
    for format in [Format::PyTorch, Format::Burnpack, Format::Safetensors] {
        let bytes = weights::to_bytes(format, &tensors, &[], Precision::Single).unwrap();
        check("NaN", bytes, Kind::NotFinite, "layer_i_0.bias holds NaN at place 0");
    }
    // -0.5 as float64, greatest byte first, somewhere in a Keras file
    let file = data("keras_model.h5");
    let half = (-0.5_f64).to_be_bytes();
    let count = file.windows(8).filter(|found| *found == half).count();
    let bytes = replaced(file, &half, &f64::INFINITY.to_be_bytes(), count);
    check("infinity", bytes, Kind::NotFinite, "holds inf");
}

#[test]
fn burnpacks_that_lie_are_refused() {
    let good = written(Format::Burnpack);
    let mut long = good.clone();
    long[6..10].copy_from_slice(&u32::MAX.to_le_bytes());
    check("a giant index", long, Kind::TooLarge, "index");
    let mut none = good.clone();
    none[6..10].copy_from_slice(&0_u32.to_le_bytes());
    check("no index", none, Kind::Damaged, "");
    // both arrays at the start: the second's place 256..260 becomes 0..4
    let overlap = replaced(good, &[0x82, 0x19, 1, 0, 0x19, 1, 4], &[0x82, 0x19, 0, 0, 0x19, 0, 4], 1);
    check("overlap", overlap, Kind::Damaged, "share bytes");
}
