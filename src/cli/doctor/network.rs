//! Where the network would run, and how long one step of it takes there.

use std::time::Instant;

use burn::tensor::Tensor;

use crate::error::{Context as _, Error, Kind, Result};
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::model::shipped;

/// Steps that are timed after the first.
const STEPS: usize = 7;

/// Where the network runs, and how fast.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Network {
    /// Where it runs, in words; `None` where it cannot.
    pub device: Option<String>,
    /// Why it runs there, where there is something to say.
    pub note: Option<String>,
    /// Time of one step of the default model.
    pub timing: Option<Timing>,
    /// What went wrong.
    pub trouble: Option<String>,
}

/// Time of one step, with the prediction read back.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Timing {
    /// The model.
    pub model: String,
    /// Columns of its frames.
    pub width: u32,
    /// Rows of its frames.
    pub height: u32,
    /// First step: shaders are compiled, memory is claimed.
    pub first_ms: f64,
    /// Median of the steps after it.
    pub median_ms: f64,
}

impl Network {
    pub(super) fn look(choice: DeviceChoice, gpu: Option<&Gpu>) -> Self {
        let compute = match Compute::choose(choice, gpu) {
            Ok(compute) => compute,
            Err(error) => {
                return Self { device: None, note: None, timing: None, trouble: Some(error.to_string()) };
            }
        };
        let (device, note) = (Some(compute.name.clone()), compute.banner.clone());
        match time_apart(compute) {
            Ok(timing) => Self { device, note, timing: Some(timing), trouble: None },
            Err(error) => Self { device, note, timing: None, trouble: Some(error.to_string()) },
        }
    }

    pub(super) fn advice(&self) -> Vec<String> {
        if self.trouble.is_none() {
            return Vec::new();
        }
        vec!["The network does not run on this device: run percept with --device cpu.".to_owned()]
    }
}

/// Times the steps on a thread of their own, so that a driver that panics is a finding too.
fn time_apart(compute: Compute) -> Result<Timing> {
    let apart = std::thread::Builder::new().name("percept-doctor".to_owned()).spawn(move || time(&compute));
    let apart = apart.context(Kind::Internal, "no thread could be started")?;
    apart.join().unwrap_or_else(|_| Err(Error::new(Kind::Gpu, "the network's step crashed on this device")))
}

fn time(compute: &Compute) -> Result<Timing> {
    let mut model = shipped::load(shipped::DEFAULT, None, &compute.burn)?;
    let size = model.size();
    let shape = [1, 3, size.height as usize, size.width as usize];
    let frame = Tensor::<4>::full(shape, 0.5, &compute.burn);
    let mut times_ms = Vec::with_capacity(STEPS + 1);
    for _ in 0..=STEPS {
        let start = Instant::now();
        let response = model.step(Some(frame.clone()))?;
        if let Some(last) = response.activities.last() {
            last.tensor().try_into_data().context(Kind::Gpu, "the network's answer cannot be read")?;
        }
        times_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let first_ms = times_ms.remove(0);
    Ok(Timing {
        model: model.card().name.clone(),
        width: size.width,
        height: size.height,
        first_ms,
        median_ms: median(times_ms),
    })
}

/// The middle value; 0 for none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_not_moved_by_one_slow_step() {
        assert_eq!(median(vec![3.0, 900.0, 1.0]), 3.0);
        assert_eq!(median(Vec::new()), 0.0);
    }
}
