//! Pictures come out as they were meant: upright, with square pixels, in the right colours.

use percept::stimulus::Want;
use percept::units::PixelSize;

use super::media::{all, decoded, difference, has_ffmpeg, make, middle, open};
use super::{TEST_PICTURE, clip};

#[test]
fn frames_are_those_that_ffmpeg_decodes() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        &folder,
        "a.mp4",
        &format!(
            "{TEST_PICTURE} -c:v libx264 -g 12 -bf 3 -pix_fmt yuv420p -colorspace bt709 -color_range tv"
        ),
    );
    let size = PixelSize::new(160, 120);
    let wanted = decoded(&path, size, ":in_color_matrix=bt709:in_range=tv:out_range=pc");
    let played = all(open(&path).as_mut());
    assert_eq!((played.len(), wanted.len()), (60, 60));
    for (shown, wanted) in played.iter().zip(&wanted) {
        let off = difference(shown.image.picture(), wanted);
        assert!(off < 0.5, "frame {} is off by {off}", shown.number);
        assert!((shown.time_s - shown.number as f64 / 25.0).abs() < 1e-6);
    }
}

#[test]
fn rotation_metadata_turn_the_picture_upright() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let base = clip(
        &folder,
        "base.mp4",
        "-f lavfi -i testsrc2=size=96x64:rate=10:duration=0.5 -c:v libx264 -qp 0 -pix_fmt yuv444p \
         -colorspace smpte170m",
    );
    for degrees in [90, 180, 270] {
        let path = folder.path().join(format!("turned{degrees}.mp4"));
        make(&format!("-i {} -c copy -metadata:s:v rotate={degrees}", base.display()), &path);
        let size = if degrees == 180 { PixelSize::new(96, 64) } else { PixelSize::new(64, 96) };
        let wanted = decoded(&path, size, ":in_color_matrix=bt601");
        let mut source = open(&path);
        assert_eq!(source.info().size, Some(size), "{degrees}");
        let shown = all(source.as_mut());
        assert_eq!(shown.len(), 5);
        let off = difference(shown[2].image.picture(), &wanted[2]);
        assert!(off < 0.5, "turned by {degrees}: off by {off}");
        assert!(source.info().notes.iter().any(|note| note.contains("turned")), "{:?}", source.info().notes);
    }
}

#[test]
fn pixels_are_made_square() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        &folder,
        "wide.mp4",
        "-f lavfi -i color=red:size=72x64:rate=10:duration=0.3 -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p",
    );
    let mut source = open(&path);
    assert_eq!(source.info().size, Some(PixelSize::new(96, 64)));
    let shown = source.read(Want::Next).unwrap().unwrap();
    assert_eq!(shown.image.size, PixelSize::new(96, 64));
    assert!(source.info().notes.iter().any(|note| note.contains("made square")));
}

/// The colour of a uniform clip made of raw `Y'CbCr` values.
fn colour_of(folder: &tempfile::TempDir, yuv: [u16; 3], format: &str, codec: &str) -> [f64; 3] {
    let wide = format.contains("10");
    let mut raw = Vec::new();
    for _ in 0..3 {
        for value in yuv {
            for _ in 0..64 * 64 {
                raw.extend_from_slice(&value.to_le_bytes()[..if wide { 2 } else { 1 }]);
            }
        }
    }
    let input = folder.path().join("values.yuv");
    std::fs::write(&input, raw).unwrap();
    let path = folder.path().join("values.mkv");
    make(
        &format!(
            "-f rawvideo -pix_fmt {format} -s 64x64 -r 10 -i {} -pix_fmt {format} {codec}",
            input.display()
        ),
        &path,
    );
    let shown = open(&path).read(Want::Start).unwrap().unwrap();
    middle(shown.image.picture())
}

fn assert_colour(found: [f64; 3], wanted: [f64; 3], of: &str) {
    let near = found.iter().zip(&wanted).all(|(found, wanted)| (found - wanted).abs() < 0.8);
    assert!(near, "{of}: {found:?}, not {wanted:?}");
}

#[test]
fn grey_levels_follow_the_range() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for level in [16_u16, 60, 126, 200, 235] {
        let limited = [(f64::from(level) - 16.0) * 255.0 / 219.0; 3];
        let found = colour_of(&folder, [level, 128, 128], "yuv444p", "-c:v libx264 -qp 0 -color_range tv");
        assert_colour(found, limited, "limited");
        let found = colour_of(&folder, [level, 128, 128], "yuv444p", "-c:v libx264 -qp 0 -color_range pc");
        assert_colour(found, [f64::from(level); 3], "full");
        let found = colour_of(&folder, [level, 128, 128], "yuv444p", "-c:v libx264 -qp 0");
        assert_colour(found, limited, "unspecified");
        let found =
            colour_of(&folder, [4 * level, 512, 512], "yuv444p10le", "-c:v libx264 -qp 0 -color_range tv");
        assert_colour(found, limited, "10 bits, limited");
        let found = colour_of(&folder, [4 * level, 512, 512], "yuv444p10le", "-c:v ffv1 -color_range pc");
        assert_colour(found, [f64::from(4 * level) * 255.0 / 1023.0; 3], "10 bits, full");
    }
}

#[test]
fn colours_follow_the_matrix() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, kr, kb) in
        [("bt709", 0.2126, 0.0722), ("smpte170m", 0.299, 0.114), ("bt2020nc", 0.2627, 0.0593)]
    {
        // ITU-R BT.709, BT.601, BT.2020: R'G'B' from limited Y'CbCr of 8 bits.
        let yuv = [120_u16, 100, 170];
        let (y, cb, cr) = (104.0 / 219.0, -28.0 / 224.0, 42.0 / 224.0);
        let (r, b) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
        let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
        let codec = format!("-c:v libx264 -qp 0 -color_range tv -colorspace {name}");
        assert_colour(colour_of(&folder, yuv, "yuv444p", &codec), [r, g, b].map(|value| 255.0 * value), name);
    }
}

#[test]
fn transparent_parts_lie_on_mid_grey() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        &folder,
        "clear.mov",
        "-f lavfi -i color=white@0.0:size=64x64:rate=10:duration=0.3,format=rgba -c:v qtrle -pix_fmt argb",
    );
    let shown = open(&path).read(Want::Start).unwrap().unwrap();
    assert_eq!(middle(shown.image.picture()), [128.0; 3]);
}

#[test]
fn odd_sizes_keep_their_size() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.mkv", "-c:v ffv1 -pix_fmt yuv420p"),
        ("a.mp4", "-c:v libx264 -qp 0 -pix_fmt yuv444p"),
        ("a.webm", "-c:v libvpx-vp9 -lossless 1 -pix_fmt yuv420p"),
        ("a.avi", "-c:v rawvideo -pix_fmt bgr24"),
    ] {
        let source = "-f lavfi -i testsrc=size=161x121:rate=10:duration=0.4";
        let path = clip(&folder, name, &format!("{source} {codec}"));
        let size = PixelSize::new(161, 121);
        let shown = all(open(&path).as_mut());
        let wanted = decoded(&path, size, "");
        assert_eq!((shown.len(), shown[0].image.size), (4, size), "{name}");
        let off = difference(shown[3].image.picture(), &wanted[3]);
        assert!(off < 2.5, "{name} is off by {off}");
    }
}

#[test]
fn large_frames_are_scaled_down_and_it_is_said() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(
        &folder,
        "uhd.mkv",
        "-f lavfi -i color=gray:size=3840x2160:rate=5:duration=0.4 -c:v mpeg4 -pix_fmt yuv420p",
    );
    let mut source = open(&path);
    let shown = source.read(Want::Next).unwrap().unwrap();
    assert_eq!(shown.image.size, PixelSize::new(1920, 1080));
    assert!(source.info().notes.iter().any(|note| note.contains("3840x2160") && note.contains("1920")));
}

#[test]
fn a_size_that_changes_on_the_way_is_followed_and_noted() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut joined = Vec::new();
    for size in ["64x48", "96x80"] {
        let path = clip(
            &folder,
            "part.h264",
            &format!(
                "-f lavfi -i testsrc2=size={size}:rate=10:duration=0.5 -c:v libx264 -pix_fmt yuv420p -bf 0"
            ),
        );
        joined.extend(std::fs::read(path).unwrap());
    }
    let path = folder.path().join("joined.h264");
    std::fs::write(&path, joined).unwrap();
    let mut source = open(&path);
    let sizes: Vec<PixelSize> = all(source.as_mut()).iter().map(|shown| shown.image.size).collect();
    assert_eq!(sizes.len(), 10);
    assert_eq!((sizes[0], sizes[9]), (PixelSize::new(64, 48), PixelSize::new(96, 80)));
    assert!(
        source.info().notes.iter().any(|note| note.contains("size changes")),
        "{:?}",
        source.info().notes
    );
}
