//! Videos: every frame, exactly, both ways, in its own time and its own colours.

mod common;

use std::path::{Path, PathBuf};
use std::time::Duration;

use common::media::{all, decoded, difference, has_ffmpeg, make, middle, open, shared};
use percept::export::mp4::Mp4Writer;
use percept::frame::Picture;
use percept::stimulus::feed::{Feed, Plan, Taken};
use percept::stimulus::{StimulusSpec, Want};
use percept::units::PixelSize;

const TEST_PICTURE: &str = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=2.4";

fn clip(folder: &tempfile::TempDir, name: &str, arguments: &str) -> PathBuf {
    let path = folder.path().join(name);
    make(arguments, &path);
    path
}

/// Plays a file, then reaches frames by seeking in many orders, and compares all with what it played.
fn every_frame_is_reached_exactly(path: &Path, expected: usize) {
    let played = all(open(path).as_mut());
    assert_eq!(played.len(), expected, "{}", path.display());
    for (number, shown) in played.iter().enumerate() {
        assert_eq!(shown.number, number as u64, "{}", path.display());
        if number > 0 {
            assert!(shown.time_s > played[number - 1].time_s);
        }
    }
    assert_eq!(played[0].time_s, 0.0);
    let mut source = open(path);
    let mut check = |want: Want, number: usize| {
        let shown = source.read(want).unwrap().unwrap_or_else(|| panic!("no frame for {want:?}"));
        let name = path.display();
        assert_eq!(shown.number, played[number].number, "{want:?} of {name}");
        assert_eq!(shown.time_s, played[number].time_s, "{want:?} of {name}");
        assert!(shown.picture == played[number].picture, "{want:?} of {name}: the picture differs");
    };
    let last = expected - 1;
    for number in [last, 0, expected / 2, 3, last - 1, expected / 3, 1] {
        check(Want::At(played[number].time_s), number);
        if number + 1 < expected {
            check(Want::Next, number + 1);
            check(Want::Previous, number);
        }
        if number > 0 {
            check(Want::Previous, number - 1);
            let (before, here) = (played[number - 1].time_s, played[number].time_s);
            // Nearer than a millisecond tick's rounding, a time means the frame that follows.
            if here - before > 0.003 {
                check(Want::At(f64::midpoint(before, here)), number - 1);
            }
        }
    }
    check(Want::Start, 0);
    check(Want::At(played[last].time_s), last);
    for number in (0..last).rev() {
        check(Want::Previous, number);
    }
    assert!(source.read(Want::Previous).unwrap().is_none(), "there is a frame before the first");
    let past = source.info().duration_s.unwrap() + 5.0;
    assert!(source.read(Want::At(past)).unwrap().is_none(), "there is a frame past the end");
}

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
        let off = difference(&shown.picture, wanted);
        assert!(off < 0.5, "frame {} is off by {off}", shown.number);
        assert!((shown.time_s - shown.number as f64 / 25.0).abs() < 1e-6);
    }
}

#[test]
fn seeks_are_exact_in_every_container_and_codec() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("bframes.mp4", "-c:v libx264 -g 15 -bf 3 -pix_fmt yuv420p"),
        ("opengop.mp4", "-c:v libx264 -g 15 -bf 3 -x264-params open-gop=1 -pix_fmt yuv420p"),
        ("long.mkv", "-c:v libx264 -g 600 -bf 2 -pix_fmt yuv420p"),
        ("a.webm", "-c:v libvpx-vp9 -g 20 -deadline realtime -cpu-used 8"),
        ("vp8.webm", "-c:v libvpx -g 20 -deadline realtime -cpu-used 8"),
        ("a.ts", "-c:v mpeg2video -g 12 -bf 2 -b:v 2M"),
        ("h264.ts", "-c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"),
        ("mpeg4.avi", "-c:v mpeg4 -g 12 -bf 2 -b:v 2M"),
        ("plain.avi", "-c:v mpeg4 -g 12 -b:v 2M"),
        ("a.mov", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p"),
        ("raw.h264", "-c:v libx264 -g 15 -bf 2 -pix_fmt yuv420p"),
        ("a.mpg", "-c:v mpeg1video -g 12 -bf 2 -b:v 2M"),
        ("lossless.mkv", "-c:v ffv1 -pix_fmt yuv444p"),
        ("a.y4m", "-pix_fmt yuv420p"),
    ] {
        let path = clip(&folder, name, &format!("{TEST_PICTURE} {codec}"));
        every_frame_is_reached_exactly(&path, 60);
    }
}

#[test]
fn variable_frame_rate_keeps_each_frames_own_time() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // Frame n stands at 3 n + (n mod 3) frames of 25 Hz, half a second late: uneven steps, no start at zero.
    let path = clip(
        &folder,
        "vfr.mkv",
        &format!(
            "{TEST_PICTURE} -vf setpts=3*N+mod(N\\,3)+12 -vsync passthrough -enc_time_base 1/1000 \
             -c:v libx264 -g 10 -bf 2 -pix_fmt yuv420p -frames:v 30"
        ),
    );
    every_frame_is_reached_exactly(&path, 30);
    let mut source = open(&path);
    for shown in all(source.as_mut()) {
        let n = shown.number as f64;
        let wanted = (3.0 * n + n % 3.0) / 25.0;
        assert!((shown.time_s - wanted).abs() < 0.0011, "frame {n} at {} s, not {wanted} s", shown.time_s);
    }
    assert!(source.info().notes.iter().any(|note| note.contains("variable frame rate")));
}

#[test]
fn an_edit_list_and_a_late_start_begin_at_zero() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let whole = clip(&folder, "a.mp4", &format!("{TEST_PICTURE} -c:v libx264 -g 10 -bf 2 -pix_fmt yuv420p"));
    let cut = folder.path().join("cut.mp4");
    make(&format!("-ss 0.6 -i {} -c copy", whole.display()), &cut);
    let frames = decoded(&cut, PixelSize::new(160, 120), "").len();
    every_frame_is_reached_exactly(&cut, frames);
    let late = folder.path().join("late.ts");
    make(&format!("-i {} -c copy -output_ts_offset 100", whole.display()), &late);
    every_frame_is_reached_exactly(&late, 60);
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
        let off = difference(&shown[2].picture, &wanted[2]);
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
    assert_eq!(shown.picture.size, PixelSize::new(96, 64));
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
    middle(&shown.picture)
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
    assert_eq!(middle(&shown.picture), [128.0; 3]);
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
        assert_eq!((shown.len(), shown[0].picture.size), (4, size), "{name}");
        let off = difference(&shown[3].picture, &wanted[3]);
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
    assert_eq!(shown.picture.size, PixelSize::new(1920, 1080));
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
    let sizes: Vec<PixelSize> = all(source.as_mut()).iter().map(|shown| shown.picture.size).collect();
    assert_eq!(sizes.len(), 10);
    assert_eq!((sizes[0], sizes[9]), (PixelSize::new(64, 48), PixelSize::new(96, 80)));
    assert!(
        source.info().notes.iter().any(|note| note.contains("size changes")),
        "{:?}",
        source.info().notes
    );
}

#[test]
fn an_animated_gif_plays() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.gif", "-f lavfi -i testsrc2=size=64x48:rate=10:duration=1");
    let mut source = open(&path);
    assert_eq!(source.info().kind, "video");
    assert_eq!(all(source.as_mut()).len(), 10);
    let still =
        clip(&folder, "still.gif", "-f lavfi -i testsrc2=size=64x48:rate=10:duration=0.1 -frames:v 1");
    assert_eq!(open(&still).info().kind, "picture");
}

fn gradient(number: u32, size: PixelSize) -> Picture {
    let mut picture = Picture::uniform(size, [0; 3]);
    for y in 0..size.height {
        for x in 0..size.width {
            let at = 3 * (y * size.width + x) as usize;
            let value = |part: u32| (40 + part * 150 / size.width.max(size.height)) as u8;
            picture.rgb[at..at + 3].copy_from_slice(&[value(x), value(y), (number * 8) as u8]);
        }
    }
    picture
}

#[test]
fn a_written_mp4_is_read_back_as_it_was_with_its_metadata() {
    let folder = tempfile::tempdir().unwrap();
    for (width, height) in [(160, 120), (161, 121)] {
        let size = PixelSize::new(width, height);
        let path = folder.path().join("out.mp4");
        let metadata = [("percept", "0.1.0".to_owned()), ("model_sha256", "ab".repeat(32))];
        let mut writer = Mp4Writer::create(&path, size, 12.5, &metadata).unwrap();
        let pictures: Vec<Picture> = (0..20).map(|number| gradient(number, size)).collect();
        for picture in &pictures {
            writer.push(picture).unwrap();
        }
        assert!(!path.exists() || width == 161, "the file appears before it is whole");
        writer.finish().unwrap();
        let mut source = open(&path);
        let frames = all(source.as_mut());
        assert_eq!(frames.len(), 20);
        assert!((source.info().frame_rate_hz.unwrap() - 12.5).abs() < 1e-3);
        assert!((source.info().duration_s.unwrap() - 1.6).abs() < 1e-3);
        let even = PixelSize::new(width.next_multiple_of(2), height.next_multiple_of(2));
        assert_eq!(frames[0].picture.size, even);
        let padded = gradient_padded(&pictures[7], even);
        let off = difference(&frames[7].picture, &padded);
        assert!(off < 2.0, "{size}: off by {off}");
        let bytes = std::fs::read(&path).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        assert!(holds("model_sha256") && holds(&"ab".repeat(32)) && holds("percept: 0.1.0"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something is left over");
    }
}

fn gradient_padded(picture: &Picture, size: PixelSize) -> Picture {
    let mut padded = Picture::uniform(size, [0; 3]);
    for y in 0..size.height {
        for x in 0..size.width {
            let from = 3
                * (y.min(picture.size.height - 1) * picture.size.width + x.min(picture.size.width - 1))
                    as usize;
            let at = 3 * (y * size.width + x) as usize;
            padded.rgb[at..at + 3].copy_from_slice(&picture.rgb[from..from + 3]);
        }
    }
    padded
}

fn take(feed: &mut Feed) -> Taken {
    feed.take(Duration::from_secs(20))
}

fn number(taken: &Taken) -> u64 {
    match taken {
        Taken::Frame(shown) => shown.number,
        other => panic!("no frame but {other:?}"),
    }
}

#[test]
fn a_feed_gives_all_frames_in_order_and_then_the_end() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mp4", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::EveryFrame);
    for wanted in 0..60 {
        assert_eq!(number(&take(&mut feed)), wanted);
    }
    assert!(matches!(take(&mut feed), Taken::End));
    assert!(matches!(take(&mut feed), Taken::End));
    assert_eq!(feed.info().unwrap().kind, "video");
    for _ in 0..3 {
        feed.seek(Want::Start);
        assert_eq!(number(&take(&mut feed)), 0, "a loop starts again at the first frame");
        assert_eq!(number(&take(&mut feed)), 1);
    }
}

#[test]
fn a_seek_gives_exactly_the_wanted_frame_whatever_was_read_ahead() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mp4", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let played = all(open(&path).as_mut());
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::EveryFrame);
    let mut state = 7_u64;
    for round in 0..60 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let target = (state >> 33) % 59;
        if round % 3 == 0 {
            std::thread::sleep(Duration::from_millis((state >> 40) % 12));
        }
        feed.seek(Want::At(played[target as usize].time_s));
        let Taken::Frame(shown) = take(&mut feed) else { panic!("no frame") };
        assert_eq!(shown.number, target);
        assert!(shown.picture == played[target as usize].picture);
        assert_eq!(number(&take(&mut feed)), target + 1);
        feed.seek(Want::Previous);
        assert_eq!(number(&take(&mut feed)), target, "one step back from the frame last taken");
        feed.seek(Want::Next);
        assert_eq!(number(&take(&mut feed)), target + 1);
    }
    feed.seek(Want::Start);
    assert_eq!(number(&take(&mut feed)), 0);
    feed.seek(Want::Previous);
    assert_eq!(number(&take(&mut feed)), 0, "before the first frame there is the first frame");
}

#[test]
fn a_fixed_rate_shows_what_is_on_show_at_each_grid_time() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = clip(&folder, "a.mkv", &format!("{TEST_PICTURE} -c:v libx264 -g 12 -bf 2 -pix_fmt yuv420p"));
    let mut feed = Feed::open(StimulusSpec::File(path), Plan::FixedHz(10.0));
    for k in 0..24 {
        let Taken::Frame(shown) = take(&mut feed) else { panic!("no frame") };
        assert_eq!(shown.time_s, f64::from(k) / 10.0);
        assert_eq!(shown.number, u64::try_from(k * 5 / 2).unwrap());
    }
    assert!(matches!(take(&mut feed), Taken::End));
    feed.seek(Want::At(1.0));
    assert_eq!(number(&take(&mut feed)), 25);
    feed.seek(Want::Previous);
    assert_eq!(number(&take(&mut feed)), 22);
    feed.set_plan(Plan::FixedHz(25.0));
    assert_eq!(number(&take(&mut feed)), 23, "another rate goes on from the frame last taken");
    feed.set_plan(Plan::EveryFrame);
    assert_eq!(number(&take(&mut feed)), 24);
}

#[test]
fn a_feed_of_a_missing_file_fails_and_never_hangs() {
    let mut feed = Feed::open(StimulusSpec::File("/nowhere/a.mp4".into()), Plan::EveryFrame);
    for _ in 0..3 {
        match take(&mut feed) {
            Taken::Failed(error) => assert_eq!(error.kind, percept::error::Kind::Missing),
            other => panic!("{other:?}"),
        }
        feed.seek(Want::Start);
    }
    assert!(feed.info().is_none());
}

#[test]
fn real_videos_are_played_and_sought() {
    for (file, size) in
        [("data/video/london_ride_h265.mp4", (1376, 1840)), ("data/video/walk_hero7.mp4", (848, 480))]
    {
        let Some(path) = shared(file) else { continue };
        let mut source = open(&path);
        assert_eq!(source.info().size, Some(PixelSize::new(size.0, size.1)));
        let first: Vec<_> = (0..12).map_while(|_| source.read(Want::Next).unwrap()).collect();
        assert_eq!(first.len(), 12, "{file}");
        let middle_s = source.info().duration_s.unwrap() / 2.0;
        let there = source.read(Want::At(middle_s)).unwrap().unwrap();
        assert!((there.time_s - middle_s).abs() < 0.1, "{file}");
        let after = source.read(Want::Next).unwrap().unwrap();
        assert_eq!(after.number, there.number + 1, "{file}");
        let again = source.read(Want::Previous).unwrap().unwrap();
        assert!(again.picture == there.picture, "{file}");
        let before = source.read(Want::Previous).unwrap().unwrap();
        assert_eq!(before.number + 1, there.number, "{file}");
        let back = source.read(Want::At(first[7].time_s)).unwrap().unwrap();
        assert!(back.picture == first[7].picture, "{file}");
    }
}
