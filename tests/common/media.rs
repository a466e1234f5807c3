//! Clips made with the `ffmpeg` program, and what it decodes them to.
#![allow(dead_code, reason = "each test file uses some of these")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percept::frame::{Picture, Shown};
use percept::stimulus::{Source, StimulusSpec, Want};
use percept::units::PixelSize;

/// Whether there is an `ffmpeg` program; prints that the test is skipped where there is none.
pub(crate) fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let has = found.is_ok_and(|status| status.success());
    if !has {
        println!("skipped: there is no ffmpeg program");
    }
    has
}

/// Runs `ffmpeg` with these arguments, split at blanks, and the output file last.
pub(crate) fn make(arguments: &str, output: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
        .args(arguments.split_whitespace())
        .arg(output)
        .status()
        .unwrap();
    assert!(status.success(), "ffmpeg {arguments}");
}

/// All frames of a file as `ffmpeg` decodes them (turned upright), with colours converted accurately and
/// the given options of its scaler.
pub(crate) fn decoded(path: &Path, size: PixelSize, scale: &str) -> Vec<Picture> {
    let filter =
        format!("scale=flags=accurate_rnd+full_chroma_inp+full_chroma_int+bicubic{scale},format=rgb24");
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-i"])
        .arg(path)
        .args(["-vf", &filter, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .stderr(Stdio::null())
        .output()
        .unwrap();
    output.stdout.chunks_exact(3 * size.area()).map(|rgb| Picture { size, rgb: rgb.to_vec() }).collect()
}

/// Opens a file as percept does.
pub(crate) fn open(path: &Path) -> Box<dyn Source> {
    percept::stimulus::open::open(&StimulusSpec::File(path.to_path_buf()))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The error of opening a file or, where that works, of its first frame.
pub(crate) fn refusal(path: &Path) -> percept::error::Error {
    match percept::stimulus::open::open(&StimulusSpec::File(path.to_path_buf())) {
        Err(error) => error,
        Ok(mut source) => source.read(Want::Start).expect_err("it opened and showed a frame"),
    }
}

/// All frames from the start.
pub(crate) fn all(source: &mut dyn Source) -> Vec<Shown> {
    let mut frames: Vec<Shown> = source.read(Want::Start).unwrap().into_iter().collect();
    while let Some(shown) = source.read(Want::Next).unwrap() {
        frames.push(shown);
        assert!(frames.len() < 10_000, "the video never ends");
    }
    frames
}

/// Mean absolute difference of two pictures in steps of 8 bits.
pub(crate) fn difference(a: &Picture, b: &Picture) -> f64 {
    assert_eq!(a.size, b.size);
    let sum: u64 = a.rgb.iter().zip(&b.rgb).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    sum as f64 / a.rgb.len() as f64
}

/// Mean of one channel over the middle of a picture.
pub(crate) fn middle(picture: &Picture) -> [f64; 3] {
    let (width, height) = (picture.size.width, picture.size.height);
    let mut sum = [0.0; 3];
    let mut count = 0.0;
    for y in height / 4..height - height / 4 {
        for x in width / 4..width - width / 4 {
            for (channel, sum) in sum.iter_mut().enumerate() {
                *sum += f64::from(picture.rgb[3 * (y * width + x) as usize + channel]);
            }
            count += 1.0;
        }
    }
    sum.map(|sum| sum / count)
}

/// The folder of shared data, where there is one; prints that the test is skipped otherwise.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("PERCEPT_SHARED").map_or(beside, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {file} is not there");
    None
}
