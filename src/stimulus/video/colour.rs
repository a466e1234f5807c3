//! Which matrix and range the values of a video have, and what is assumed where it does not say.

use ffmpeg_next as ffmpeg;

use ffmpeg::color::{Range, Space, TransferCharacteristic};
use ffmpeg::format::Pixel;
use ffmpeg::frame;

use super::ffi::{self, Coding};
use super::notes::Notes;

/// The coding of a frame; what had to be assumed is noted.
///
/// Unspecified matrix: BT.709 from 1280 columns or 577 rows on, else BT.601, as players do. Unspecified
/// range: limited, except for the `yuvj` formats, which are full by definition, and for grey pictures of
/// codecs that are not film codecs (`film_codec`), as PNG. RGB and palettes are always full.
pub(super) fn coding(frame: &frame::Video, film_codec: bool, notes: &mut Notes) -> Coding {
    let format = frame.format();
    let is_rgb = ffi::is_rgb(format);
    let matrix = match frame.color_space() {
        Space::BT709 => 1,
        Space::FCC => 4,
        Space::BT470BG | Space::SMPTE170M => 5,
        Space::SMPTE240M => 7,
        Space::BT2020NCL | Space::BT2020CL => 9,
        _ if frame.width() >= 1280 || frame.height() > 576 => {
            if !is_rgb {
                notes.set("matrix", "colour matrix unspecified: BT.709 assumed, as the picture is large");
            }
            1
        }
        _ => {
            if !is_rgb {
                notes.set("matrix", "colour matrix unspecified: BT.601 assumed, as the picture is small");
            }
            5
        }
    };
    let full_range = match frame.color_range() {
        _ if is_rgb || is_full_by_definition(format) => true,
        Range::JPEG => true,
        Range::MPEG => false,
        Range::Unspecified if !film_codec && is_grey(format) => {
            notes.set("range", "grey with its range unspecified: full (0 to 255) assumed");
            true
        }
        Range::Unspecified => {
            notes.set("range", "colour range unspecified: limited (16 to 235) assumed");
            false
        }
    };
    match frame.color_transfer_characteristic() {
        TransferCharacteristic::SMPTE2084 => {
            notes.set("transfer", "high dynamic range (PQ): shown without tone mapping, so it looks flat");
        }
        TransferCharacteristic::ARIB_STD_B67 => {
            notes.set("transfer", "high dynamic range (HLG): shown without tone mapping");
        }
        _ => {}
    }
    Coding { matrix, full_range }
}

fn is_grey(format: Pixel) -> bool {
    format.descriptor().is_some_and(|it| it.nb_components() <= 2)
}

fn is_full_by_definition(format: Pixel) -> bool {
    matches!(
        format,
        Pixel::YUVJ420P
            | Pixel::YUVJ422P
            | Pixel::YUVJ444P
            | Pixel::YUVJ440P
            | Pixel::YUVJ411P
            | Pixel::MonoBlack
            | Pixel::MonoWhite
    )
}
