//! For the eye: one row an illusion with two times, the control, and what a network gets.

use percept::frame::Picture;
use percept::stimulus::illusion::catalogue;
use percept::units::PixelSize;

use crate::drawn::Drawn;

const CELL: PixelSize = PixelSize::new(320, 256);

#[test]
fn a_sheet_for_the_eye_is_written_where_percept_sheet_says() {
    let Some(path) = std::env::var_os("PERCEPT_SHEET") else {
        println!("skipped: PERCEPT_SHEET names no file");
        return;
    };
    let all = catalogue::built_in();
    let mut sheet = Picture::uniform(PixelSize::new(4 * 324, all.len() as u32 * 260), [30; 3]);
    for (row, one) in all.iter().enumerate() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        let small = drawn.frame(0.6).to_picture();
        drawn.size = CELL;
        let mut pictures = vec![drawn.frame(0.6).to_picture(), drawn.frame(1.6).to_picture()];
        pictures.push(drawn.control().frame(0.6).to_picture());
        pictures.push(enlarged(&small, 4));
        for (column, picture) in pictures.iter().enumerate() {
            for (y, line) in picture.rgb.chunks_exact(3 * 320).enumerate() {
                let to = 3 * ((row * 260 + y) * 4 * 324 + column * 324);
                sheet.rgb[to..to + line.len()].copy_from_slice(line);
            }
        }
    }
    image::save_buffer(path, &sheet.rgb, sheet.size.width, sheet.size.height, image::ColorType::Rgb8)
        .unwrap();
}

fn enlarged(picture: &Picture, factor: u32) -> Picture {
    let size = PixelSize::new(picture.size.width * factor, picture.size.height * factor);
    let mut rgb = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            let from = 3 * ((y / factor) * picture.size.width + x / factor) as usize;
            rgb.extend_from_slice(&picture.rgb[from..from + 3]);
        }
    }
    Picture { size, rgb }
}
