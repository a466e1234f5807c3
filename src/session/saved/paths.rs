//! Paths in TOML. A path that is text is written as it is; any other as `{ bytes = "a\xFFb" }`, where every
//! byte that is not printable ASCII, and the backslash, is two hexadecimal digits after `\x`.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Longest path that is taken, in bytes: above what any system opens.
const MAX_PATH_BYTES: usize = 32 * 1024;

/// A path as a TOML value.
pub(super) fn to_value(path: &Path) -> Value {
    match path.to_str() {
        Some(text) => Value::String(text.to_owned()),
        None => Value::Table(Table::from_iter([("bytes".to_owned(), Value::String(escaped(path)))])),
    }
}

/// A path from what [`to_value`] gave; `None` for anything else.
pub(super) fn from_value(value: &Value) -> Option<PathBuf> {
    let path = match value {
        Value::String(text) => PathBuf::from(text),
        Value::Table(table) if table.len() == 1 => {
            let bytes = unescaped(table.get("bytes")?.as_str()?)?;
            from_bytes(bytes)?
        }
        _ => return None,
    };
    let length = path.as_os_str().len();
    let whole = length > 0 && length <= MAX_PATH_BYTES && !path.as_os_str().as_encoded_bytes().contains(&0);
    whole.then_some(path)
}

fn escaped(path: &Path) -> String {
    let plain = |byte: u8| (byte.is_ascii_graphic() && byte != b'\\') || byte == b' ';
    let text = |&byte: &u8| if plain(byte) { char::from(byte).to_string() } else { format!("\\x{byte:02X}") };
    path.as_os_str().as_encoded_bytes().iter().map(text).collect()
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let (mark, high, low) = (rest.next()?, rest.next()?, rest.next()?);
        let digit = |digit: u8| char::from(digit).to_digit(16);
        bytes.push((mark == b'x').then_some((digit(high)? * 16 + digit(low)?) as u8)?);
    }
    Some(bytes)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "on other systems not all bytes are a path")]
fn from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_text_is_written_as_it_is() {
        for text in ["/tmp/a b.mp4", "C:\\videos\\x.mp4", "/tmp/映像.mp4"] {
            let value = to_value(Path::new(text));
            assert_eq!(value.as_str(), Some(text));
            assert_eq!(from_value(&value).unwrap(), Path::new(text));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_comes_back_byte_by_byte() {
        let path = from_bytes(b"/tmp/\xFF\\ \x01.mp4".to_vec()).unwrap();
        let value = to_value(&path);
        assert_eq!(value["bytes"].as_str(), Some("/tmp/\\xFF\\x5C \\x01.mp4"));
        assert_eq!(from_value(&value).unwrap(), path);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        let wrong = [
            "x = 1",
            "x = ''",
            "x = {bytes='\\x4'}",
            "x = {bytes='\\q41'}",
            "x = {bytes=1}",
            "x = {}",
            "x = \"a\\u0000b\"",
        ];
        for text in wrong {
            let table: Table = text.parse().unwrap();
            assert!(from_value(&table["x"]).is_none(), "{text}");
        }
    }
}
