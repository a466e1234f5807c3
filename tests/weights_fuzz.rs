//! Every reader of weights on damaged files: valid ones with flipped bits, edited lengths, cuts and splices.
//! Whatever comes out, there is no panic, and memory and time stay small.
//!
//! The long run is `PERCEPT_FUZZ_CASES=100000 cargo test --test weights_fuzz -- --ignored --nocapture`; a case
//! is made from its number alone, so that one that fails can be repeated.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

use percept::model::weights::{self, Format, HostTensor, NamedTensors, Precision};

/// Most memory that a case may have taken at once, in bytes, beside the file itself.
const MOST_BYTES: usize = 256 * 1024 * 1024;
/// Longest that a case may take in the long run, in seconds, on a machine that does other things too.
const MOST_S: f64 = 10.0;

thread_local! {
    /// Bytes in use by this thread's allocations, and the most since it was set back.
    static IN_USE: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

/// The system's allocator, counting.
struct Counting;

fn count(bytes: isize) {
    // a thread that ends counts no more
    let _ended = IN_USE.try_with(|in_use| {
        let (now, most) = in_use.get();
        in_use.set((now + bytes, most.max(now + bytes)));
    });
}

#[allow(unsafe_code, reason = "memory can only be counted where it is given out")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A small generator (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// A number that lengths, counts and places go wrong with.
fn bad_number(random: &mut Random, length: usize) -> u64 {
    let near = [0, 1, 2, 3, 7, 8, 64, 255, 256, 4096, 65_535, 1 << 20, 1 << 26, 1 << 31, 1 << 40, 1 << 63];
    match random.below(4) {
        0 => u64::MAX - random.below(9) as u64,
        1 => (length + random.below(17)).saturating_sub(8) as u64,
        2 => random.below(length) as u64,
        _ => near[random.below(near.len())],
    }
}

fn overwrite(bytes: &mut [u8], at: usize, new: &[u8]) {
    for (slot, byte) in bytes.iter_mut().skip(at).zip(new) {
        *slot = *byte;
    }
}

fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(5) {
        let length = bytes.len();
        let at = random.below(length);
        match random.below(12) {
            0..=2 => {
                let flipped = bytes.get(at).copied().unwrap_or(0) ^ (1 << random.below(8));
                overwrite(bytes, at, &[flipped]);
            }
            3 | 4 => overwrite(bytes, at, &[random.next() as u8]),
            5..=7 => {
                let width = 1 << random.below(4);
                let at = if random.below(2) == 0 { at / width * width } else { at };
                overwrite(bytes, at, &bad_number(random, length).to_le_bytes()[..width]);
            }
            8 => {
                let from = random.below(length);
                let piece = bytes[from..(from + random.below(64)).min(length)].to_vec();
                overwrite(bytes, at, &piece);
            }
            9 => {
                let from = random.below(other.len());
                let piece = &other[from..(from + random.below(256)).min(other.len())];
                overwrite(bytes, at, piece);
            }
            10 => {
                let to = (at + random.below(32)).min(length);
                let piece = bytes[at..to].to_vec();
                if random.below(2) == 0 {
                    bytes.drain(at..to);
                } else {
                    bytes.splice(at..at, piece);
                }
            }
            _ if random.below(3) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
}

/// One case: a damaged file.
type Make = fn(&[Vec<u8>], &mut Random) -> Vec<u8>;

fn whole_file(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    mutate(&mut bytes, &seeds[random.below(seeds.len())], random);
    bytes
}

/// A sound archive with a damaged pickle of the same length, which a check sum would else keep from being read.
fn pickle_in_archive(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    let place = pickle_of(&bytes);
    let mut pickle = bytes[place.clone()].to_vec();
    let other = &seeds[random.below(seeds.len())];
    mutate(&mut pickle, &other[pickle_of(other)], random);
    pickle.resize(place.len(), 0);
    let mut crc = flate2::Crc::new();
    crc.update(&pickle);
    bytes[place].copy_from_slice(&pickle);
    let directory = directory_of(&bytes);
    overwrite(&mut bytes, directory + 16, &crc.sum().to_le_bytes());
    bytes
}

/// Where an archive's directory begins; the pickle is the first member, at byte 64.
fn directory_of(archive: &[u8]) -> usize {
    u32::from_le_bytes(*archive[archive.len() - 6..].first_chunk().unwrap()) as usize
}

fn pickle_of(archive: &[u8]) -> std::ops::Range<usize> {
    let entry = &archive[directory_of(archive)..];
    64..64 + u32::from_le_bytes(*entry[24..].first_chunk().unwrap()) as usize
}

/// A damaged JSON header of the right length before its numbers.
fn header_only(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let seed = &seeds[random.below(seeds.len())];
    let length = u64::from_le_bytes(*seed.first_chunk().unwrap()) as usize;
    let mut header = seed[8..8 + length].to_vec();
    mutate(&mut header, &seeds[random.below(seeds.len())], random);
    [&(header.len() as u64).to_le_bytes(), header.as_slice(), &seed[8 + length..]].concat()
}

fn tensors() -> NamedTensors {
    let array = |name: &str, shape: &[usize]| {
        let values = (0..shape.iter().product()).map(|n: usize| n as f32 / 64.0).collect();
        (name.to_owned(), HostTensor { shape: shape.to_vec(), values })
    };
    NamedTensors::from([
        array("net.layer_a_0.weight", &[2, 6, 3, 3]),
        array("net.layer_a_0.bias", &[2]),
        array("net.layer_ahat_0.weight", &[3, 3, 3, 3]),
        array("net.layer_ahat_0.bias", &[3]),
    ])
}

fn written(format: Format) -> Vec<Vec<u8>> {
    let both = [Precision::Single, Precision::Half];
    both.iter().map(|precision| weights::to_bytes(format, &tensors(), &[], *precision).unwrap()).collect()
}

fn files(names: &[&str]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/weights");
    names.iter().map(|name| std::fs::read(folder.join(name)).unwrap()).collect()
}

/// Every reader with its seeds.
fn readers() -> Vec<(&'static str, Make, Vec<Vec<u8>>)> {
    let hdf5 = ["keras_model.h5", "keras_new_groups.h5", "keras_packed.h5", "links.h5", "filter.h5"];
    let mut archives = written(Format::PyTorch);
    archives.extend(files(&["torch_checkpoint.pt", "torch_half.pt", "torch_mixed.pt"]));
    vec![
        ("Keras HDF5", whole_file, files(&hdf5)),
        ("PyTorch archive", whole_file, archives.clone()),
        ("PyTorch pickle", pickle_in_archive, archives),
        ("PyTorch before 1.6", whole_file, files(&["torch_legacy.pt"])),
        ("burnpack", whole_file, written(Format::Burnpack)),
        ("safetensors", whole_file, written(Format::Safetensors)),
        ("safetensors header", header_only, written(Format::Safetensors)),
    ]
}

/// What became of the cases of one reader.
#[derive(Debug, Default)]
struct Outcome {
    read: u64,
    refused: u64,
    most_bytes: usize,
    most_s: f64,
    slowest: u64,
}

fn fuzz(name: &str, make: Make, seeds: &[Vec<u8>], cases: std::ops::Range<u64>) -> Outcome {
    let mut outcome = Outcome::default();
    for seed in seeds {
        weights::parse(seed.clone()).ok();
    }
    for case in cases {
        let bytes = make(seeds, &mut Random(case));
        let before = IN_USE.with(|in_use| {
            let now = in_use.get().0;
            in_use.set((now, now));
            now
        });
        let start = Instant::now();
        let result = std::panic::catch_unwind(|| weights::parse(bytes));
        let took_s = start.elapsed().as_secs_f64();
        if took_s > outcome.most_s {
            (outcome.most_s, outcome.slowest) = (took_s, case);
        }
        let most = IN_USE.with(|in_use| (in_use.get().1 - before).max(0) as usize);
        outcome.most_bytes = outcome.most_bytes.max(most);
        assert!(most <= MOST_BYTES, "{name}, case {case}: {most} bytes");
        match result.unwrap_or_else(|_| panic!("{name}, case {case} panicked")) {
            Ok(file) => {
                let finite = file.tensors.values().flat_map(|tensor| &tensor.values).all(|v| v.is_finite());
                assert!(finite, "{name}, case {case}: a number that is none came through");
                outcome.read += 1;
            }
            Err(error) => {
                assert!(!error.what.is_empty() && !error.advice.is_empty(), "{name}, case {case}: {error}");
                outcome.refused += 1;
            }
        }
    }
    outcome
}

#[test]
fn damaged_files_of_every_kind_are_refused_or_read() {
    for (name, make, seeds) in readers() {
        let outcome = fuzz(name, make, &seeds, 0..400);
        assert!(outcome.refused > 40, "{name}: hardly any was damaged: {outcome:?}");
        assert!(outcome.read + outcome.refused == 400);
    }
}

#[test]
#[ignore = "minutes long; PERCEPT_FUZZ_CASES says how many cases per reader"]
fn many_damaged_files_of_every_kind() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("PERCEPT_FUZZ_FIRST").unwrap_or(1_000_000);
    let cases = number("PERCEPT_FUZZ_CASES").unwrap_or(100_000);
    for (name, make, seeds) in readers() {
        let start = Instant::now();
        let Outcome { read, refused, most_bytes, most_s, slowest } =
            fuzz(name, make, &seeds, first..first + cases);
        assert!(most_s < MOST_S, "{name}: case {slowest} took {most_s:.1} s");
        println!(
            "{name:<20} {cases} cases: {read} read, {refused} refused; at most {:.1} MiB and {most_s:.3} s; {:.0} s",
            most_bytes as f64 / 1_048_576.0,
            start.elapsed().as_secs_f64()
        );
    }
}
