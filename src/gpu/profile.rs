//! Counting what burn launches on the device.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use burn::cubecl::logging::{LaunchObservation, LaunchObserver};
use parking_lot::Mutex;

/// How often each kernel was launched, by the name that it gives itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Launches(pub BTreeMap<String, usize>);

impl Launches {
    /// All together.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }
}

impl fmt::Display for Launches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kernel, count) in &self.0 {
            writeln!(f, "{count:6}  {kernel}")?;
        }
        write!(f, "{:6}  together", self.count())
    }
}

/// Does `work` and counts the kernels that burn launches meanwhile, on any thread of this process.
pub fn launches<T>(work: impl FnOnce() -> T) -> (T, Launches) {
    let counter = Arc::new(Counter::default());
    let observer: Arc<dyn LaunchObserver> = Arc::<Counter>::clone(&counter);
    let observation = LaunchObservation::new(observer);
    let done = work();
    drop(observation);
    let counted = std::mem::take(&mut *counter.0.lock());
    (done, Launches(counted.into_iter().map(|(kernel, count)| (short(kernel), count)).collect()))
}

#[derive(Debug, Default)]
struct Counter(Mutex<BTreeMap<&'static str, usize>>);

impl LaunchObserver for Counter {
    fn launched(&self, kernel: &'static str) {
        *self.0.lock().entry(kernel).or_default() += 1;
    }
}

/// The kernel's own name without the modules it lies in and without what it is generic over.
fn short(kernel: &str) -> String {
    let plain = kernel.split('<').next().unwrap_or(kernel);
    let mut names: Vec<&str> = plain.rsplit("::").take(2).collect();
    names.reverse();
    names.join("::")
}
