//! What is written as MP4 is read back as it was.

use percept::export::mp4::Mp4Writer;
use percept::frame::Picture;
use percept::units::PixelSize;

use super::media::{all, difference, open};

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
        assert_eq!(frames[0].image.size, even);
        let padded = gradient_padded(&pictures[7], even);
        let off = difference(frames[7].image.picture(), &padded);
        assert!(off < 2.0, "{size}: off by {off}");
        let bytes = std::fs::read(&path).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        let place = |text: &[u8]| bytes.windows(4).position(|it| it == text);
        assert!(place(b"moov") < place(b"mdat"), "the index is not first, so the file cannot be streamed");
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

#[test]
fn a_film_that_flashes_says_so_in_its_name_and_metadata_and_another_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let size = PixelSize::new(160, 120);
    // Dark and light by turns at 20 frames a second, changing every second frame or every tenth: 5 Hz and 1 Hz.
    for (name, frames, made) in [("strobe.mp4", 2, "strobe.flashes.mp4"), ("calm.mp4", 10, "calm.mp4")] {
        let mut writer = Mp4Writer::create(&folder.path().join(name), size, 20.0, &[]).unwrap();
        for number in 0..60 {
            let light = if number / frames % 2 == 0 { 20 } else { 220 };
            writer.push(&Picture::uniform(size, [light; 3])).unwrap();
        }
        let path = writer.finish().unwrap();
        assert_eq!(path, folder.path().join(made));
        let bytes = std::fs::read(&path).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        assert!(holds("flashes: fails") == (name == "strobe.mp4") && holds("flashes: "), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "something is left over");
}
