//! FFmpeg as it is installed, and cameras.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ffmpeg_next as ffmpeg;

use crate::export::mp4;
use crate::stimulus::camera;

/// FFmpeg and cameras.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Media {
    /// FFmpeg's version as far as its libraries tell ("5").
    pub ffmpeg: String,
    /// Version of every library in use.
    pub libraries: BTreeMap<&'static str, String>,
    /// Licence of the FFmpeg that is installed (not of percept).
    pub licence: &'static str,
    /// Encoders that can write an MP4, best first.
    pub mp4_encoders: Vec<&'static str>,
    /// Cameras.
    pub cameras: Vec<Camera>,
}

/// A camera.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Camera {
    /// The file that stands for it.
    pub device: PathBuf,
    /// Its name.
    pub name: String,
    /// Whether this user may open it.
    pub usable: bool,
}

impl Camera {
    /// A camera of a system that is not asked for names and permissions.
    fn unasked(name: &str) -> Self {
        Self { device: PathBuf::from(name), name: String::new(), usable: true }
    }
}

impl Media {
    pub(super) fn look() -> Self {
        let codec = ffmpeg::codec::version();
        let libraries = [
            ("libavcodec", codec),
            ("libavformat", ffmpeg::format::version()),
            ("libavutil", ffmpeg::util::version()),
            ("libswscale", ffmpeg::software::scaling::version()),
            ("libavdevice", ffmpeg::device::version()),
        ];
        Self {
            ffmpeg: release(codec >> 16),
            libraries: libraries.into_iter().map(|(name, version)| (name, dotted(version))).collect(),
            licence: ffmpeg::codec::license(),
            mp4_encoders: mp4::encoders(),
            cameras: if cfg!(target_os = "linux") {
                cameras(Path::new("/sys/class/video4linux"), Path::new("/dev"))
            } else {
                camera::list().iter().map(|name| Camera::unasked(name)).collect()
            },
        }
    }

    pub(super) fn advice(&self) -> Vec<String> {
        let mut advice = Vec::new();
        if self.mp4_encoders.is_empty() {
            advice.push(
                "This FFmpeg has no encoder for MP4, so videos cannot be exported: install one with libx264 \
                 or libopenh264."
                    .to_owned(),
            );
        }
        for camera in self.cameras.iter().filter(|camera| !camera.usable) {
            advice.push(format!(
                "The camera {} cannot be opened: close other programs that use it, or add yourself to the \
                 group \"video\" (sudo usermod -aG video $USER) and log in again.",
                camera.device.display()
            ));
        }
        advice
    }
}

/// Major, minor and micro number of a packed version.
fn dotted(version: u32) -> String {
    format!("{}.{}.{}", version >> 16, (version >> 8) & 255, version & 255)
}

/// FFmpeg's release by the major version of libavcodec: each has one of its own since 4.
fn release(codec_major: u32) -> String {
    match codec_major {
        58 => "4".to_owned(),
        59.. => (codec_major - 54).to_string(),
        _ => "older than 4".to_owned(),
    }
}

/// Cameras as Linux lists them. A camera often has a second file for its metadata, with index 1.
fn cameras(list: &Path, devices: &Path) -> Vec<Camera> {
    let read = |path: PathBuf| std::fs::read_to_string(path).map(|text| text.trim().to_owned());
    let mut found: Vec<Camera> = std::fs::read_dir(list)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| read(entry.path().join("index")).is_ok_and(|index| index == "0"))
        .map(|entry| {
            let device = devices.join(entry.file_name());
            let name = read(entry.path().join("name")).unwrap_or_default();
            Camera { usable: std::fs::File::open(&device).is_ok(), name, device }
        })
        .collect();
    found.sort_by(|a, b| a.device.cmp(&b.device));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_version_is_taken_apart() {
        assert_eq!(dotted((59 << 16) | (37 << 8) | 0x64), "59.37.100");
        assert_eq!(release(59), "5");
        assert_eq!(release(62), "8");
        assert_eq!(release(40), "older than 4");
    }

    #[test]
    fn every_camera_is_listed_once_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let (list, devices) = (folder.path().join("list"), folder.path().join("dev"));
        std::fs::create_dir_all(&devices).unwrap();
        for (file, index, name) in [("video2", "0", "Desk"), ("video0", "0", "Lid"), ("video1", "1", "Lid")] {
            std::fs::create_dir_all(list.join(file)).unwrap();
            std::fs::write(list.join(file).join("index"), format!("{index}\n")).unwrap();
            std::fs::write(list.join(file).join("name"), format!("{name}\n")).unwrap();
        }
        std::fs::write(devices.join("video0"), "").unwrap();
        let found: Vec<_> =
            cameras(&list, &devices).into_iter().map(|camera| (camera.name, camera.usable)).collect();
        assert_eq!(found, [("Lid".to_owned(), true), ("Desk".to_owned(), false)]);
        assert!(cameras(Path::new("/nowhere"), &devices).is_empty());
    }
}
