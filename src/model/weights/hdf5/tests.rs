//! Readers of hostile HDF5.
