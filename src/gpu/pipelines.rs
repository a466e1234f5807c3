//! What the driver made of our shaders, kept in the user's cache folder from one run to the next, so that it is
//! compiled once per graphics card and not once per start. Only Vulkan gives it out; elsewhere, and where the file
//! is damaged, of another version or of another card, everything is compiled as if there were none.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use crate::atomic;
use crate::error::Result;
use crate::gpu::raster::guarded;
use crate::safety::limits::MAX_PIPELINES_BYTES;

/// Begins every file, with the version of the program: another version has other shaders, and a cache never
/// shrinks by itself.
const BEGIN: &str = concat!("percept pipelines ", env!("CARGO_PKG_VERSION"), "\n");
/// Bytes of the sum that follows.
const SUM_BYTES: usize = 32;

/// The pipelines of one device and where they are kept.
#[derive(Debug)]
pub struct Pipelines {
    cache: wgpu::PipelineCache,
    file: PathBuf,
    /// Sum of what the file holds.
    kept: Mutex<Option<[u8; SUM_BYTES]>>,
}

/// The folder for them: the user's cache folder. `None` where the system names none.
#[must_use]
pub fn usual_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "percept").map(|folders| folders.cache_dir().to_path_buf())
}

impl Pipelines {
    /// Opens those of a device; `None` where its driver or interface does not give them out.
    pub(crate) fn open(adapter: &wgpu::Adapter, device: &wgpu::Device, folder: &Path) -> Option<Self> {
        if !device.features().contains(wgpu::Features::PIPELINE_CACHE) {
            return None;
        }
        let file = folder.join(wgpu::util::pipeline_cache_key(&adapter.get_info())?);
        let found = read(&file);
        let (cache, refused) = guarded(device, || create(device, found.as_deref()));
        if let Some(cause) = refused {
            tracing::debug!("pipelines are not kept: {cause}");
            return None;
        }
        let kept = Mutex::new(found.as_deref().map(sum));
        Some(Self { cache, file, kept })
    }

    /// What pipelines are made with.
    pub(crate) const fn cache(&self) -> &wgpu::PipelineCache {
        &self.cache
    }

    /// Writes what is there now, if it is not what was written last. Goes to the disk: never on the window's
    /// thread.
    ///
    /// # Errors
    /// [`crate::error::Kind::Write`] when the file cannot be written.
    pub fn keep(&self) -> Result<()> {
        let Some(data) = self.cache.get_data().filter(|data| data.len() as u64 <= MAX_PIPELINES_BYTES) else {
            return Ok(());
        };
        let now = Some(sum(&data));
        let mut kept = self.kept.lock();
        if *kept != now {
            atomic::write(&self.file, &sealed(&data))?;
            *kept = now;
        }
        Ok(())
    }
}

#[allow(unsafe_code, reason = "the driver trusts what it is given; the sum shows that it is what it gave")]
fn create(device: &wgpu::Device, data: Option<&[u8]>) -> wgpu::PipelineCache {
    let descriptor = wgpu::PipelineCacheDescriptor { label: Some("percept"), data, fallback: true };
    // SAFETY: the data are the bytes that `get_data` gave to this program, unchanged by their sum. Whether they are
    // of this driver and device is checked by wgpu, which starts with nothing where they are not.
    unsafe { device.create_pipeline_cache(&descriptor) }
}

/// The data in a file; `None` where there is none, or none that can be believed.
fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MAX_PIPELINES_BYTES + (BEGIN.len() + SUM_BYTES) as u64;
    std::fs::File::open(file).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    let data = opened(&bytes);
    if data.is_none() {
        tracing::debug!("{}: of another version or damaged: pipelines are compiled anew", file.display());
    }
    data.map(<[u8]>::to_vec)
}

/// Data as they stand in a file.
fn sealed(data: &[u8]) -> Vec<u8> {
    [BEGIN.as_bytes(), &sum(data), data].concat()
}

/// The data of a file of this version whose sum is right.
fn opened(bytes: &[u8]) -> Option<&[u8]> {
    let (told, data) = bytes.strip_prefix(BEGIN.as_bytes())?.split_at_checked(SUM_BYTES)?;
    (told == sum(data)).then_some(data)
}

fn sum(data: &[u8]) -> [u8; SUM_BYTES] {
    Sha256::digest(data).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Gpu;

    #[test]
    fn damaged_files_and_those_of_another_version_are_as_if_there_were_none() {
        let data = b"what the driver made";
        let whole = sealed(data);
        assert_eq!(opened(&whole), Some(&data[..]));
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(opened(&damaged), None, "byte {at}");
            assert_eq!(opened(&whole[..at]), None, "cut at {at}");
        }
        assert_eq!(opened(&sealed(b"")), Some(&b""[..]));
    }

    #[test]
    fn a_device_starts_with_any_file_and_leaves_a_good_one() {
        let Ok(gpu) = Gpu::headless() else {
            println!("skipped: no graphics adapter");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let Some(first) = Pipelines::open(&gpu.adapter, &gpu.device, folder.path()) else {
            println!("skipped: the driver gives no pipelines out");
            return;
        };
        first.keep().unwrap();
        let good = std::fs::read(&first.file).unwrap();
        assert!(opened(&good).is_some());
        let again = Pipelines::open(&gpu.adapter, &gpu.device, folder.path()).unwrap();
        assert_eq!(*again.kept.lock(), opened(&good).map(sum), "it was not taken up");
        // The driver must not see any of these, the device must open all the same.
        for bad in [b"".to_vec(), b"no such thing".to_vec(), good[..good.len() - 1].to_vec()] {
            std::fs::write(&first.file, bad).unwrap();
            let opened_again = Pipelines::open(&gpu.adapter, &gpu.device, folder.path()).unwrap();
            assert_eq!(*opened_again.kept.lock(), None);
            opened_again.keep().unwrap();
            assert!(opened(&std::fs::read(&first.file).unwrap()).is_some(), "a bad file is not replaced");
        }
    }

    #[test]
    fn what_has_not_changed_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let Some(gpu) = Gpu::headless().ok().map(|gpu| gpu.keeping_pipelines(Some(folder.path()))) else {
            println!("skipped: no graphics adapter");
            return;
        };
        let Some(pipelines) = gpu.pipelines() else {
            println!("skipped: the driver gives no pipelines out");
            return;
        };
        pipelines.keep().unwrap();
        std::fs::remove_file(&pipelines.file).unwrap();
        pipelines.keep().unwrap();
        assert!(!pipelines.file.exists());
        assert!(gpu.keeping_pipelines(None).pipelines().is_none(), "no folder, no file");
    }
}
