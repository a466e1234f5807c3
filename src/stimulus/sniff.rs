//! What a file is by its first bytes; its name decides nothing.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// As many bytes as are looked at.
pub(crate) const HEAD_BYTES: u64 = 4096;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A still picture that the `image` crate decodes.
    Picture,
    /// A GIF or a PNG that may move.
    Animation,
    /// A list of other files or addresses.
    Playlist,
    /// Anything else: FFmpeg will tell.
    Other,
}

/// The first bytes of a file, at most [`HEAD_BYTES`].
pub(crate) fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Decides by the first bytes.
pub(crate) fn content(head: &[u8]) -> Content {
    use image::ImageFormat as Format;
    if is_playlist(head) {
        return Content::Playlist;
    }
    match image::guess_format(head) {
        Ok(Format::Gif) => Content::Animation,
        Ok(Format::Png) if head.windows(4).any(|tag| tag == b"acTL") => Content::Animation,
        Ok(Format::Png | Format::Jpeg | Format::Bmp | Format::Tiff | Format::WebP) => Content::Picture,
        _ => Content::Other,
    }
}

fn is_playlist(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..256).unwrap_or(head));
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["#EXTM3U", "ffconcat", "[playlist]", "<asx", "<MPD", "[Reference]"]
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start)))
        || (text.starts_with("<?xml") && text.contains("<MPD"))
        || (text.starts_with("file '") || text.starts_with("file \""))
}

/// Whether the first bytes are those of a container, so that a failure to open it means damage.
pub(crate) fn looks_like_video(head: &[u8]) -> bool {
    let boxes: [&[u8]; 5] = [b"ftyp", b"moov", b"mdat", b"wide", b"free"];
    let starts: [&[u8]; 7] =
        [&[0x1a, 0x45, 0xdf, 0xa3], b"OggS", b"FLV", b"GIF8", &[0, 0, 1], &[0, 0, 0, 1], b"\x89PNG"];
    head.get(4..8).is_some_and(|tag| boxes.contains(&tag))
        || starts.iter().any(|start| head.starts_with(start))
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_other_files_are_known_by_their_first_words() {
        for list in ["#EXTM3U\n", "ffconcat version 1.0\n", "\u{feff}#extm3u", "file '/etc/passwd'\n"] {
            assert_eq!(content(list.as_bytes()), Content::Playlist, "{list}");
        }
        assert_eq!(content(b"a letter to a friend"), Content::Other);
        assert_eq!(content(b""), Content::Other);
        assert_eq!(content("\u{e9}\u{e9}\u{e9}\u{e9}".as_bytes()), Content::Other);
    }
}
