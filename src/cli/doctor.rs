//! `percept doctor`: what this machine has, what percept makes of it, and what to do about what is missing.
//!
//! It never fails for want of anything: an empty machine is a finding, not an error.

mod graphics;
mod machine;
mod media;
mod network;
mod print;

use crate::error::Result;
use crate::gpu::{DeviceChoice, device};

pub use graphics::{Adapter, Graphics};
pub use machine::{Display, Folder, Machine};
pub use media::{Camera, Media};
pub use network::{Network, Timing};

/// Arguments of `percept doctor`.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct DoctorArgs {
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// Where the network would run
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    pub device: DeviceChoice,
}

/// Everything that was found.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Report {
    /// Percept's version.
    pub percept: &'static str,
    /// System, processor, memory.
    pub machine: Machine,
    /// Where a window could open.
    pub display: Display,
    /// Graphics adapters.
    pub graphics: Graphics,
    /// Where the network runs, and how fast.
    pub network: Network,
    /// FFmpeg and cameras.
    pub media: Media,
    /// Folders that percept reads and writes of itself.
    pub folders: Vec<Folder>,
    /// What to do about what is missing, one sentence or two each; empty when nothing is.
    pub advice: Vec<String>,
}

/// Looks at the machine and prints what was found.
///
/// # Errors
/// [`crate::error::Kind::Write`] when standard output cannot be written, other than by a reader that has gone.
pub fn run(args: &DoctorArgs) -> Result<()> {
    let report = gather(args.device, device::backends());
    super::report::print(&report, args.json, print::text)
}

/// What `percept doctor` finds here.
#[must_use]
pub fn report() -> Report {
    gather(DeviceChoice::Auto, device::backends())
}

fn gather(choice: DeviceChoice, backends: wgpu::Backends) -> Report {
    let machine = Machine::look();
    let display = Display::look();
    let (graphics, gpu) = Graphics::look(backends);
    let network = Network::look(choice, gpu.as_ref());
    let media = Media::look();
    let folders = machine::folders();
    let advice = [graphics.advice(), display.advice(), network.advice(), media.advice()].concat();
    let percept = env!("CARGO_PKG_VERSION");
    Report { percept, machine, display, graphics, network, media, folders, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_any_adapter_it_reports_and_says_what_to_install() {
        let report = gather(DeviceChoice::Auto, wgpu::Backends::empty());
        assert!(report.graphics.adapters.is_empty());
        assert!(report.network.device.is_some_and(|device| device.starts_with("CPU (")));
        assert!(report.network.timing.as_ref().is_some_and(|timing| timing.median_ms > 0.0));
        assert!(report.advice.iter().any(|line| line.contains("mesa-vulkan-drivers")), "{:?}", report.advice);
    }

    #[test]
    fn asking_for_a_gpu_that_is_not_there_is_a_finding() {
        let report = gather(DeviceChoice::Gpu, wgpu::Backends::empty());
        assert_eq!(report.network.device, None);
        assert!(report.network.trouble.as_deref().is_some_and(|text| text.contains("no graphics adapter")));
        assert!(print::text(&report).contains("no graphics adapter"));
    }

    #[test]
    fn the_report_is_one_json_object_and_readable_text() {
        let report = report();
        let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert_eq!(json["percept"], env!("CARGO_PKG_VERSION"));
        assert!(json["media"]["libraries"]["libavcodec"].is_string());
        let text = print::text(&report);
        for heading in ["System", "Display", "Graphics", "Network", "FFmpeg", "Cameras", "Folders"] {
            assert!(text.contains(&format!("\n{heading} ")), "{heading} is missing:\n{text}");
        }
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    }
}
