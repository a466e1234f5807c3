//! Cameras, through FFmpeg's devices: `v4l2` on Linux, `avfoundation` on macOS, `dshow` on Windows.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ffmpeg_next as ffmpeg;

use super::video::convert::{Converter, check_size};
use super::video::decode::Decoder;
use super::video::notes::Notes;
use super::video::turn::Turn;
use super::video::{ffi, input};
use super::{Source, SourceInfo, Want};
use crate::error::{Error, Kind, Result};
use crate::frame::Shown;

/// FFmpeg's names of the camera device of this system; the first that is there is taken.
const DEVICES: &[&str] = if cfg!(target_os = "macos") {
    &["avfoundation"]
} else if cfg!(target_os = "windows") {
    &["dshow"]
} else {
    &["v4l2", "video4linux2"]
};

/// An opened camera. Its frames come when they come: only [`Want::Next`] means something.
pub struct Camera {
    name: String,
    decoder: Decoder,
    converter: Converter,
    started: Option<Instant>,
    read: u64,
    notes: Notes,
    info: SourceInfo,
}

/// The cameras of this machine, by the name under which they open. On Linux those of `/dev/video*`;
/// elsewhere the first camera is offered without asking whether it is there.
#[must_use]
pub fn list() -> Vec<String> {
    if cfg!(target_os = "macos") {
        return vec!["0".into()];
    }
    if cfg!(target_os = "windows") {
        return vec![];
    }
    let Ok(entries) = std::fs::read_dir("/dev") else { return vec![] };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let number = name.strip_prefix("video");
            number.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
        })
        .map(|name| format!("/dev/{name}"))
        .collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    names
}

impl Camera {
    /// Opens a camera by its name in [`list`] (on Windows: the device's own name).
    ///
    /// # Errors
    /// No such camera, busy, not permitted, or an FFmpeg without camera support.
    pub fn open(name: &str) -> Result<Self> {
        input::init();
        let refuse = |kind: Kind, what: String, advice: &str| Error::new(kind, what).at(name).advise(advice);
        if cfg!(target_os = "linux") && !list().iter().any(|known| known == name) {
            return Err(match list().as_slice() {
                [] => refuse(
                    Kind::Missing,
                    "there is no camera on this machine".into(),
                    "Plug one in and try again, or open a video instead",
                ),
                known => refuse(
                    Kind::Missing,
                    "there is no such camera".into(),
                    &format!("There are: {}", known.join(", ")),
                ),
            });
        }
        if name.is_empty() || name.contains('\0') {
            return Err(refuse(
                Kind::Usage,
                "this is not the name of a camera".into(),
                "Choose one of the list",
            ));
        }
        let device = DEVICES.iter().find_map(|device| ffi::input_format(device)).ok_or_else(|| {
            let advice = "Install an FFmpeg with libavdevice, or open a video instead";
            refuse(Kind::Unsupported, "this FFmpeg cannot open cameras".into(), advice)
        })?;
        let place = if cfg!(target_os = "windows") { format!("video={name}") } else { name.to_owned() };
        let opened = ffmpeg::format::open(Path::new(&place), &ffmpeg::Format::Input(device));
        let Ok(ffmpeg::format::Context::Input(context)) = opened else {
            let cause = opened.err().map_or_else(String::new, |cause| format!(" ({cause})"));
            let advice = "Close other programs that use it, check its permission, and try again";
            return Err(refuse(Kind::Unreadable, format!("the camera cannot be opened{cause}"), advice));
        };
        Self::start(name, context).map_err(|error| error.at(name))
    }

    fn start(name: &str, context: ffmpeg::format::context::Input) -> Result<Self> {
        let Some(stream) = context.streams().best(ffmpeg::media::Type::Video) else {
            return Err(Error::new(Kind::Unsupported, "the camera gives no pictures"));
        };
        let (width, height) = ffi::claimed_size(&stream.parameters());
        check_size(width, height)?;
        let rate_hz = Some(f64::from(stream.avg_frame_rate())).filter(|rate| rate.is_finite() && *rate > 0.0);
        let index = stream.index();
        let info = SourceInfo {
            name: name.to_owned(),
            kind: "camera".into(),
            size: Some(crate::units::PixelSize::new(width as u32, height as u32)),
            frame_rate_hz: rate_hz,
            ..SourceInfo::default()
        };
        Ok(Self {
            name: name.to_owned(),
            decoder: Decoder::new(input::Opened { input: context, stream: index })?,
            converter: Converter::new(Turn::NONE, true),
            started: None,
            read: 0,
            notes: Notes::default(),
            info,
        })
    }

    /// The next frame; its time is that of its arrival, since the clocks of cameras differ.
    fn next(&mut self) -> Result<Option<Shown>> {
        let Some(raw) = self.decoder.next()? else {
            return Err(Error::new(Kind::Unreadable, "the camera stopped")
                .advise("Plug it in again and open it once more"));
        };
        let started = *self.started.get_or_insert_with(Instant::now);
        let aspect = self.decoder.pixel_aspect(&raw.frame);
        let image = self.converter.image(&Arc::new(raw.frame), aspect, &mut self.notes)?;
        let number = self.read;
        self.read += 1;
        self.info.size = Some(image.size);
        if let Some(notes) = self.notes.take_changed() {
            self.info.notes = notes;
        }
        Ok(Some(Shown { time_s: started.elapsed().as_secs_f64(), number, image }))
    }
}

impl Source for Camera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read(&mut self, want: Want) -> Result<Option<Shown>> {
        let shown = match want {
            Want::Previous => Ok(None),
            Want::Start | Want::Next => self.next(),
            Want::At(time_s) => loop {
                match self.next() {
                    Ok(Some(shown)) if shown.time_s < time_s => {}
                    other => break other,
                }
            },
        };
        shown.map_err(|error| error.at(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_is_not_there_is_told_in_plain_words() {
        let error = Camera::open("/dev/video987").err().unwrap();
        assert_eq!(error.kind, Kind::Missing);
        assert!(error.to_string().starts_with("/dev/video987: there is no"), "{error}");
        assert!(!error.advice.is_empty());
    }
}
