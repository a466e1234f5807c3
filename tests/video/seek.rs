//! Every frame is reached exactly, by playing, stepping and seeking, in whatever it is packed.

use std::path::Path;

use percept::stimulus::video::Video;
use percept::stimulus::{Source, Want};
use percept::units::PixelSize;

use super::media::{all, decoded, has_ffmpeg, make, open, shared};
use super::{TEST_PICTURE, clip};

/// Plays a file, then reaches frames by seeking in many orders, and compares all with what it played.
fn every_frame_is_reached_exactly(path: &Path, expected: usize) {
    frames_are_reached_exactly(path, expected, &|| open(path));
}

fn frames_are_reached_exactly(path: &Path, expected: usize, open: &dyn Fn() -> Box<dyn Source>) {
    let played = all(open().as_mut());
    assert_eq!(played.len(), expected, "{}", path.display());
    for (number, shown) in played.iter().enumerate() {
        assert_eq!(shown.number, number as u64, "{}", path.display());
        if number > 0 {
            assert!(shown.time_s > played[number - 1].time_s);
        }
    }
    assert_eq!(played[0].time_s, 0.0);
    let mut source = open();
    let mut check = |want: Want, number: usize| {
        let shown = source.read(want).unwrap().unwrap_or_else(|| panic!("no frame for {want:?}"));
        let name = path.display();
        assert_eq!(shown.number, played[number].number, "{want:?} of {name}");
        assert_eq!(shown.time_s, played[number].time_s, "{want:?} of {name}");
        assert!(
            shown.image.picture() == played[number].image.picture(),
            "{want:?} of {name}: the picture differs"
        );
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
fn a_large_file_is_sought_exactly_without_an_index() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, codec) in [
        ("a.mp4", "-c:v libx264 -g 15 -bf 3 -pix_fmt yuv420p"),
        ("a.mkv", "-c:v libx264 -g 15 -bf 3 -x264-params open-gop=1 -pix_fmt yuv420p"),
        ("a.ts", "-c:v mpeg2video -g 12 -bf 2 -b:v 2M"),
    ] {
        let path = clip(&folder, name, &format!("{TEST_PICTURE} {codec}"));
        frames_are_reached_exactly(&path, 60, &|| Box::new(Video::open_indexed_up_to(&path, 0).unwrap()));
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
        assert!(again.image.picture() == there.image.picture(), "{file}");
        let before = source.read(Want::Previous).unwrap().unwrap();
        assert_eq!(before.number + 1, there.number, "{file}");
        let back = source.read(Want::At(first[7].time_s)).unwrap().unwrap();
        assert!(back.image.picture() == first[7].image.picture(), "{file}");
    }
}
