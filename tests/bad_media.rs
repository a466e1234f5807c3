//! Bad files: each gets one readable message with what, which file and what to do, and none makes percept
//! crash, hang or read what it should not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/media.rs"]
mod media;

use std::path::{Path, PathBuf};
use std::process::Command;

use media::{all, has_ffmpeg, make, open, refusal};
use percept::error::{Error, Kind};
use percept::frame::Picture;
use percept::stimulus::{StimulusSpec, Want};
use percept::units::PixelSize;

const TEST_PICTURE: &str = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=1.6";

/// Asserts kind, path and advice of the error of opening a file, and that a word of it is said.
fn assert_refused(path: &Path, kind: Kind, says: &str) -> Error {
    let error = refusal(path);
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(error.path.as_deref(), Some(path), "{error}");
    assert!(!error.advice.is_empty(), "no advice: {error}");
    assert!(error.to_string().contains(says), "\"{says}\" is not in: {error}");
    error
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn png(size: PixelSize) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let rgb = (0..3 * size.area()).map(|at| at as u8).collect();
    image::RgbImage::from_raw(size.width, size.height, rgb)
        .unwrap()
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn missing_and_empty_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(&folder.path().join("a.mp4"), Kind::Missing, "no such file");
    assert_refused(&written(&folder, "b.mp4", b""), Kind::Empty, "empty");
}

#[test]
fn a_folder_without_pictures_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(folder.path(), Kind::Empty, "no picture");
    written(&folder, "a.txt", b"words");
    assert_refused(folder.path(), Kind::Empty, "no picture");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.mp4");
    if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert_refused(&pipe, Kind::Unreadable, "no file");
    }
    assert_refused(Path::new("/dev/zero"), Kind::Unreadable, "no file");
    let link = folder.path().join("loop.mp4");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    assert_refused(&link, Kind::Unreadable, "cannot be read");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "secret.mp4", b"\0\0\0\x18ftypmp42");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    assert_refused(&path, Kind::Unreadable, "may not be read");
}

#[test]
fn sound_alone_is_told() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [("a.mp4", "-c:a aac"), ("a.mkv", "-c:a pcm_s16le")] {
        let path = folder.path().join(name);
        make(&format!("-f lavfi -i sine=duration=0.5 {codec}"), &path);
        assert_refused(&path, Kind::Unsupported, "only sound");
    }
}

#[test]
fn words_and_noise_are_no_video() {
    let folder = tempfile::tempdir().unwrap();
    let words = "It was a bright cold day in April.\n".repeat(300);
    assert_refused(&written(&folder, "a.mp4", words.as_bytes()), Kind::Unsupported, "no video or picture");
    let noise: Vec<u8> = (0..50_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert_refused(&written(&folder, "b.mp4", &noise), Kind::Unsupported, "no video or picture");
    assert_refused(&written(&folder, "c.png", b"\x89"), Kind::Unsupported, "no video or picture");
}

#[test]
fn playlists_never_reach_the_files_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let secret = written(&folder, "secret.y4m", &uniform_y4m(PixelSize::new(16, 16)));
    let lists = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n", secret.display()),
        format!("ffconcat version 1.0\nfile '{}'\n", secret.display()),
        format!("file '{}'\n", secret.display()),
        format!("\n\n#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/{}\n", secret.display()),
    ];
    for list in lists {
        assert_refused(
            &written(&folder, "list.mp4", list.as_bytes()),
            Kind::Unsupported,
            "list of other files",
        );
    }
    // Known to FFmpeg as playlists or descriptions, though not to us by their first words.
    for text in
        ["v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n", "<SMIL></SMIL>", ";FFMETADATA1\n"]
    {
        let error = refusal(&written(&folder, "list.mp4", text.as_bytes()));
        assert_eq!(error.kind, Kind::Unsupported, "{error}");
    }
}

fn uniform_y4m(size: PixelSize) -> Vec<u8> {
    let mut bytes = format!("YUV4MPEG2 W{} H{} F10:1 Cmono\n", size.width, size.height).into_bytes();
    for _ in 0..3 {
        bytes.extend(b"FRAME\n");
        bytes.extend(vec![90; size.area()]);
    }
    bytes
}

/// An IVF file with one frame of four bytes.
fn ivf(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"DKIF\0\0\x20\0VP80".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    for number in [25_u32, 1, 1, 0, 4, 0, 0, 7] {
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

#[test]
fn huge_and_empty_sizes_in_a_header_are_refused_before_anything_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let y4m = |width: u32, height: u32| {
        format!("YUV4MPEG2 W{width} H{height} F25:1 C420jpeg\nFRAME\nxxxx").into_bytes()
    };
    let says = "above the limit of 16384 a side and 66 million in all";
    for (name, bytes) in [
        ("huge.ivf", ivf(65_535, 65_535)),
        ("tall.ivf", ivf(16, 30_000)),
        ("wide.y4m", y4m(20_000, 100)),
        ("large.y4m", y4m(12_000, 12_000)),
    ] {
        assert_refused(&written(&folder, name, &bytes), Kind::TooLarge, says);
    }
    for bytes in [y4m(0, 10), y4m(65_535, 65_535), ivf(0, 0)] {
        let error = refusal(&written(&folder, "none", &bytes));
        assert!(matches!(error.kind, Kind::Damaged | Kind::Unsupported), "{error}");
    }
    // A PNG whose header claims 65535 columns and rows, with a right checksum.
    let mut bomb = png(PixelSize::new(4, 4));
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let checksum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_refused(&written(&folder, "bomb.png", &bomb), Kind::TooLarge, "65535x65535");
}

/// The checksum of PNG chunks (ISO/IEC 15948, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[test]
fn content_decides_and_not_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let picture = written(&folder, "picture.mp4", &png(PixelSize::new(12, 9)));
    let mut source = open(&picture);
    assert_eq!((source.info().kind.as_str(), source.info().size), ("picture", Some(PixelSize::new(12, 9))));
    let shown = source.read(Want::Next).unwrap().unwrap();
    assert_eq!(shown.image.picture().rgb[5], 5);
    let video = written(&folder, "video.png", &uniform_y4m(PixelSize::new(16, 16)));
    assert_eq!(open(&video).info().kind, "video");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_open() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let name = |end: &[u8]| folder.path().join(std::ffi::OsStr::from_bytes(&[b"caf\xe9 \xff", end].concat()));
    let video = name(b".y4m");
    std::fs::write(&video, uniform_y4m(PixelSize::new(16, 16))).unwrap();
    assert_eq!(all(open(&video).as_mut()).len(), 3);
    let picture = name(b".png");
    std::fs::write(&picture, png(PixelSize::new(5, 4))).unwrap();
    assert_eq!(open(&picture).info().size, Some(PixelSize::new(5, 4)));
    let film = name(b".mp4");
    let size = PixelSize::new(32, 32);
    let mut writer = percept::export::mp4::Mp4Writer::create(&film, size, 10.0, &[]).unwrap();
    writer.push(&Picture::uniform(size, [9; 3])).unwrap();
    writer.finish().unwrap();
    assert_eq!(all(open(&film).as_mut()).len(), 1);
}

/// Opens and plays what there is, then seeks about; times must increase, and nothing may crash or hang.
/// Returns how many frames there were.
fn play_about(path: &Path) -> usize {
    let mut source = match percept::stimulus::open::open(&StimulusSpec::File(path.to_path_buf())) {
        Ok(source) => source,
        Err(error) => {
            assert!(!error.advice.is_empty(), "no advice: {error}");
            return 0;
        }
    };
    let frames = all(source.as_mut());
    for pair in frames.windows(2) {
        assert!(pair[0].time_s < pair[1].time_s, "time goes back");
        assert!(pair[0].number < pair[1].number, "numbers go back");
    }
    for at in [0.9, 0.1, 1.5, 0.0] {
        if let Some(shown) = source.read(Want::At(at)).unwrap() {
            let same = frames.iter().find(|frame| frame.number == shown.number);
            assert!(same.is_some_and(|same| same.time_s == shown.time_s), "another frame {}", shown.number);
        }
    }
    frames.len()
}

#[test]
fn truncated_files_play_what_is_there() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, codec, plays) in [
        ("index_first.mp4", "-c:v libx264 -g 8 -bf 2 -pix_fmt yuv420p -movflags +faststart", true),
        ("index_last.mp4", "-c:v libx264 -g 8 -pix_fmt yuv420p", false),
        ("a.mkv", "-c:v libx264 -g 8 -bf 2 -pix_fmt yuv420p", true),
        ("a.ts", "-c:v mpeg2video -g 8 -bf 2", true),
        ("a.avi", "-c:v mpeg4 -g 8", true),
        ("a.webm", "-c:v libvpx -g 8 -deadline realtime -cpu-used 8", true),
    ] {
        let whole = folder.path().join(name);
        make(&format!("{TEST_PICTURE} {codec}"), &whole);
        let bytes = std::fs::read(&whole).unwrap();
        for percent in [1, 20, 50, 80, 99] {
            let cut = written(&folder, &format!("cut_{name}"), &bytes[..bytes.len() * percent / 100]);
            let frames = play_about(&cut);
            assert!(frames <= 40);
            if percent >= 50 {
                assert_eq!(frames > 4, plays, "{name} at {percent} %: {frames} frames");
            }
        }
    }
}

#[test]
fn a_cut_file_says_where_it_is_cut_and_an_unindexed_one_that_it_is_damaged() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("a.mp4");
    make(&format!("{TEST_PICTURE} -c:v libx264 -g 8 -pix_fmt yuv420p -movflags +faststart"), &whole);
    let bytes = std::fs::read(&whole).unwrap();
    let cut = written(&folder, "cut.mp4", &bytes[..bytes.len() / 2]);
    let source = open(&cut);
    assert!(
        source.info().notes.iter().any(|note| note.contains("cut off after")),
        "{:?}",
        source.info().notes
    );
    make(&format!("{TEST_PICTURE} -c:v libx264 -g 8 -pix_fmt yuv420p"), &whole);
    let bytes = std::fs::read(&whole).unwrap();
    let cut = written(&folder, "cut.mp4", &bytes[..bytes.len() / 2]);
    assert_refused(&cut, Kind::Damaged, "ends too early");
}

#[test]
fn damaged_bytes_are_skipped_and_counted() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut counted = false;
    for (name, codec) in [
        ("a.mp4", "-c:v libx264 -g 8 -bf 2 -pix_fmt yuv420p -movflags +faststart"),
        ("a.mkv", "-c:v libvpx-vp9 -g 8 -deadline realtime -cpu-used 8"),
        ("a.ts", "-c:v mpeg2video -g 8 -bf 2"),
        ("a.mov", "-c:v mjpeg -pix_fmt yuvj420p"),
        ("a.gif", "-t 0.5"),
    ] {
        let whole = folder.path().join(name);
        make(&format!("{TEST_PICTURE} {codec}"), &whole);
        let bytes = std::fs::read(&whole).unwrap();
        for seed in 1..6_u64 {
            let mut damaged = bytes.clone();
            let mut state = seed;
            for _ in 0..30 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % damaged.len();
                damaged[at] ^= (state >> 20) as u8 | 1;
            }
            let path = written(&folder, &format!("damaged_{name}"), &damaged);
            if play_about(&path) > 0 {
                let mut source = open(&path);
                all(source.as_mut());
                counted |= source.info().notes.iter().any(|note| note.contains("damaged"));
            }
        }
    }
    assert!(counted, "no damage was noted in any file");
}

#[test]
fn damaged_pictures_are_told_or_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let whole = png(PixelSize::new(40, 30));
    for end in [9, 20, 60, whole.len() - 30] {
        let error = refusal(&written(&folder, "cut.png", &whole[..end]));
        assert_eq!(error.kind, Kind::Damaged, "cut at {end}: {error}");
    }
    std::fs::remove_file(folder.path().join("cut.png")).unwrap();
    for number in [0, 1, 2, 9, 10] {
        let bytes = if number == 2 { &whole[..50] } else { &whole[..] };
        written(&folder, &format!("frame{number}.png"), bytes);
    }
    written(&folder, "readme.txt", b"not a picture");
    let mut source = open(folder.path());
    let numbers: Vec<u64> = all(source.as_mut()).iter().map(|shown| shown.number).collect();
    assert_eq!(numbers, [0, 1, 3, 4]);
    assert_eq!(source.read(Want::Previous).unwrap().unwrap().number, 3);
    assert_eq!(source.read(Want::Previous).unwrap().unwrap().number, 1);
    assert_eq!(source.info().duration_s, Some(0.5));
    let notes = source.info().notes.join("\n");
    assert!(notes.contains("frame2.png") && notes.contains("1 other files"), "{notes}");
}

#[test]
fn a_still_is_shown_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "a.png", &png(PixelSize::new(8, 8)));
    let mut source = open(&path);
    for number in 0..25 {
        let shown = source.read(Want::Next).unwrap().unwrap();
        assert_eq!((shown.number, shown.time_s), (number, number as f64 / 10.0));
    }
    assert_eq!(source.read(Want::At(3600.0)).unwrap().unwrap().number, 36_000);
    assert_eq!(source.info().duration_s, None);
}

#[test]
fn an_illusion_is_no_file() {
    let error = percept::stimulus::open::open(&StimulusSpec::Illusion("plaid".into())).err().unwrap();
    assert_eq!(error.kind, Kind::Internal);
}

#[test]
fn a_film_that_cannot_be_written_is_told_and_leaves_nothing() {
    let size = PixelSize::new(32, 32);
    let create =
        |path: &Path, rate_hz: f64| percept::export::mp4::Mp4Writer::create(path, size, rate_hz, &[]);
    assert_eq!(create(Path::new("/dev/full/x.mp4"), 10.0).err().unwrap().kind, Kind::Write);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    assert_eq!(create(&path, f64::NAN).err().unwrap().kind, Kind::Usage);
    let mut writer = create(&path, 10.0).unwrap();
    let wrong = Picture::uniform(PixelSize::new(30, 32), [0; 3]);
    assert_eq!(writer.push(&wrong).unwrap_err().kind, Kind::Mismatch);
    assert_eq!(writer.finish().unwrap_err().kind, Kind::Write);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something is left over");
}
