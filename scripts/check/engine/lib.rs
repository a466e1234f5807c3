//! The CPU engine without the rest of the program, and a network in plain double precision to hold it against.
#![allow(dead_code, reason = "only a part of the program is here")]

#[path = "../../../src/cpu/mod.rs"]
pub mod cpu;
#[path = "../../../src/error.rs"]
pub mod error;
#[path = "../../../src/units.rs"]
pub mod units;

#[cfg(test)]
mod reference;

/// As much of the room of models as the engine knows.
#[path = "."]
pub mod model {
    /// A switch of a network.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Lesion {
        /// Its name.
        pub name: String,
        /// For people.
        pub label: String,
        /// What it does.
        pub about: String,
        /// Whether it is on.
        pub on: bool,
    }

    /// Arrays by name.
    pub mod weights {
        /// An array.
        #[derive(Debug)]
        pub struct HostTensor {
            /// Its shape.
            pub shape: Vec<usize>,
            /// Its values.
            pub values: Vec<f32>,
        }

        /// Arrays by name.
        pub type NamedTensors = std::collections::BTreeMap<String, HostTensor>;
    }

    /// The network.
    #[path = "."]
    pub mod prednet {
        #[path = "../../../src/model/prednet/gates.rs"]
        pub(crate) mod gates;
        #[path = "../../../src/model/prednet/lesions.rs"]
        pub mod lesions;

        /// On the CPU.
        #[path = "."]
        pub mod cpu {
            #[path = "../../../src/model/prednet/cpu/engine.rs"]
            mod engine;
            #[path = "../../../src/model/prednet/cpu/layer.rs"]
            mod layer;
            #[path = "../../../src/model/prednet/cpu/phases.rs"]
            mod phases;
            #[path = "../../../src/model/prednet/cpu/ring.rs"]
            mod ring;

            #[cfg(test)]
            #[path = "steps.rs"]
            mod steps;
        }
    }
}
